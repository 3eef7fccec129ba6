//! Whether a lesson's rows catch wrong answers: every small change of the solution has to fail one of them.

use playground::{Decider, Options, Scenario};
use serde_json::{Value, json};

use crate::glob;
use crate::lesson::Lesson;
use crate::mutate::{Mutant, mutants};
use crate::read::Source;
use crate::{Finding, scenario};

/// How many changes were tried, and those that no row catches and the lesson does not name.
pub(crate) fn check(source: &Source, options: Options) -> (usize, Vec<Finding>) {
    let lesson = &source.lesson;
    let Some(solution) = &source.solution else {
        return (0, Vec::new());
    };
    let mut tried = 0;
    let mut findings = Vec::new();
    let mut used = vec![false; source.survivors.len()];
    for (at, (name, policy)) in scenario::policies(&solution.value).enumerate() {
        let kind = policy.get("kind").and_then(Value::as_str).unwrap_or_default();
        let is_editable = lesson.editable.iter().any(|editable| editable == name);
        let Some(document) = policy.get("document").filter(|_| is_editable).and_then(scenario::parsed) else {
            continue;
        };
        for mutant in mutants(name, kind, &document) {
            tried += 1;
            if is_caught(lesson, &changed(&solution.value, name, &mutant), options) {
                continue;
            }
            let mut listed = false;
            for (survivor, used) in source.survivors.iter().zip(&mut used) {
                if glob::covers(&survivor.mutation, &mutant.name, false) {
                    *used = true;
                    listed = true;
                }
            }
            if !listed {
                let pointer = format!("/policies/{at}/document/Statement/{}", mutant.statement);
                let message = format!("no row of `tests.json` catches this change of the solution: `{}`", mutant.name);
                findings.push(solution.finding(&pointer, message).help(
                    "add a row (mostly a hidden one) whose answer it changes; or, where it is just as right, list it under `survivors` in lesson.md with the reason",
                ));
            }
        }
    }
    for (survivor, _) in source.survivors.iter().zip(used).filter(|(_, used)| !used) {
        let message = format!("no surviving change is called `{}`", survivor.mutation);
        let finding = Finding::new(&source.file("lesson.md"), Some((survivor.line, 1)), message);
        findings.push(finding.help("the rows catch it, or it is written differently: remove the entry, or mend it"));
    }
    (tried, findings)
}

/// The solution with one policy changed.
fn changed(solution: &Value, name: &str, mutant: &Mutant) -> Value {
    match &mutant.document {
        Some(document) => scenario::with_documents(solution, |own| (own == name).then(|| document.clone())),
        None => scenario::with_policies(solution, |own| own != name),
    }
}

/// Whether some row fails; also where the policies are refused, since nobody can save them.
fn is_caught(lesson: &Lesson, scenario: &Value, options: Options) -> bool {
    // Which statement decides is told only by a whole report.
    if lesson.rows.iter().any(|row| row.expect_statements.is_some()) {
        let report = playground::evaluate_value(&scenario::with_rows(scenario.clone(), lesson), options);
        return report.tests.iter().any(|test| !test.pass);
    }
    let tested = scenario::with_rows(scenario.clone(), lesson);
    let (tested, problems) = Scenario::from_value(&tested);
    let Ok(decider) = Decider::new(&tested, &problems, options) else {
        return true;
    };
    tested
        .tests
        .iter()
        .zip(&lesson.rows)
        .any(|(test, row)| decider.decide(&tested.request.merged(&test.request)) != Some(row.expect.decision()))
}

/// The solution with every editable policy as wide as can be.
pub(crate) fn widest(lesson: &Lesson, solution: &Value) -> Value {
    let kinds: Vec<(String, String)> = scenario::policies(solution)
        .map(|(name, policy)| {
            (name.to_owned(), policy.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned())
        })
        .collect();
    let action = |name: &str| {
        // Only an assumption action fits a role's trust policy; any fits elsewhere.
        let trust = solution.pointer("/request/action").and_then(Value::as_str).unwrap_or_default();
        let is_trust = trust.to_ascii_lowercase().starts_with("sts:")
            && scenario::document(solution, name)
                .and_then(scenario::parsed)
                .is_some_and(|document| !document.to_string().contains("\"Resource\""));
        if is_trust { "sts:*" } else { "*" }
    };
    scenario::with_documents(solution, |name| {
        if !lesson.editable.iter().any(|editable| editable == name) {
            return None;
        }
        let kind = kinds.iter().find(|(own, _)| own == name).map_or("", |(_, kind)| kind.as_str());
        let action = action(name);
        let statement = match kind {
            "resource" | "vpcEndpoint" if action == "*" => {
                json!({ "Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*" })
            }
            "resource" => json!({ "Effect": "Allow", "Principal": "*", "Action": action }),
            // An RCP can only deny, and never does so where the key it asks to be absent is in every request.
            "rcp" => json!({
                "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
                "Condition": { "Null": { "aws:CurrentTime": "true" } }
            }),
            _ => json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }),
        };
        Some(json!({ "Version": "2012-10-17", "Statement": [statement] }))
    })
}

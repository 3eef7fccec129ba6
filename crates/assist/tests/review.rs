//! What `review` adds to a report: nothing twice, nothing that stops a decision, and in bounded time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use assist::{Knowledge, Part, check, fixes, review};
use playground::{Diagnostic, Options, Severity};
use policy::{PolicyKind, ResourceType};
use serde_json::{Value, json};

fn knowledge() -> Knowledge {
    let mut knowledge = Knowledge::default();
    for part in [Part::Services, Part::ManagedPolicies] {
        let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), part.name());
        knowledge.load(part, fs::read_to_string(path).unwrap()).unwrap();
    }
    knowledge
}

/// Every scenario of the project's cases and examples.
fn scenarios() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut scenarios = Vec::new();
    for folder in ["tests/cases", "web/examples"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            match file.get("scenarios").unwrap_or(&file) {
                Value::Array(several) => scenarios.extend(several.iter().cloned()),
                one => scenarios.push(one.clone()),
            }
        }
    }
    scenarios
}

type Place = (Option<usize>, String, Option<u32>, Option<u32>);

fn place(finding: &Diagnostic) -> Place {
    let offset = |position: Option<playground::Position>| position.map(|position| position.offset);
    (finding.policy_index, finding.code.clone(), offset(finding.start), offset(finding.end))
}

#[test]
fn nothing_is_said_twice_and_nothing_is_an_error() {
    let knowledge = knowledge();
    let scenarios = scenarios();
    assert!(scenarios.len() > 600);
    let mut added = 0;
    for scenario in &scenarios {
        let report = assist::evaluate(scenario, &knowledge, Options::default());
        let reported: BTreeSet<_> = report.diagnostics.iter().map(place).collect();
        for finding in review(scenario, &knowledge) {
            assert_ne!(finding.severity, Severity::Error, "{}", finding.message);
            assert!(finding.policy_index.is_some() && finding.start.is_some());
            assert!(!reported.contains(&place(&finding)), "{}: {}\n{scenario}", finding.code, finding.message);
            assert!(finding.help.is_some(), "{}", finding.code);
            for text in [&finding.message, finding.help.as_ref().unwrap()] {
                assert!(!text.ends_with('.') && !text.is_empty(), "{text}");
            }
            added += 1;
        }
    }
    assert!(added > 50, "{added}");
}

#[test]
fn without_the_service_data_the_scenario_is_still_looked_at() {
    let scenario = json!({
        "request": {"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObjct", "resource": "arn:aws:s3:::b/k"},
        "policies": [{"kind": "scp", "document": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}
        ]}}]
    });
    let codes = |knowledge: &Knowledge| -> Vec<String> {
        review(&scenario, knowledge).into_iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(&Knowledge::default()), ["limit-without-grant"]);
    assert_eq!(codes(&knowledge()), ["limit-without-grant", "unknown-action"]);
}

#[test]
fn fixes_are_those_at_the_place_and_none_for_what_aws_wrote() {
    let knowledge = knowledge();
    // `é` is two bytes and one UTF-16 code unit.
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "é", "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}]}"#;
    let scenario = json!({"request": {}, "policies": [
        {"kind": "resource", "document": "{}"},
        {"kind": "identity", "document": text},
        {"kind": "identity", "managedPolicy": "AWSSupportServiceRolePolicy"}
    ]});
    let at = text.find("GetObjct").unwrap() as u32 - 1;
    let found = fixes(&scenario, 1, at, &knowledge);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fix.as_ref().unwrap().label, "replace with `s3:GetObject`");
    let start = found[0].fix.as_ref().unwrap().edits[0].start.offset as usize;
    let units: Vec<u16> = text.encode_utf16().collect();
    assert!(String::from_utf16(&units[start..]).unwrap().starts_with("\"s3:GetObjct\""));
    assert!(fixes(&scenario, 1, 0, &knowledge).is_empty());
    assert!((0..200).all(|offset| fixes(&scenario, 2, offset * 50, &knowledge).is_empty()));
    assert!(fixes(&scenario, 7, 0, &knowledge).is_empty());
}

#[test]
fn case_is_no_finding() {
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "S3:getobject",
        "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"S3:existingobjecttag/team": "red"}}}]}"#;
    assert_eq!(check(text, PolicyKind::Identity, &knowledge()), []);
}

#[test]
fn large_documents_are_checked_in_bounded_time() {
    let knowledge = knowledge();
    let many = |unit: &dyn Fn(usize) -> String, count: usize| (0..count).map(unit).collect::<Vec<_>>().join(",");
    let documents = [
        many(
            &|n| format!(r#"{{"Effect": "Allow", "Action": "s3:GetObjct{n}", "Resource": "arn:aws:s4:::b{n}"}}"#),
            20_000,
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": [{}], "Resource": "arn:aws:s3:::b"}}"#,
            many(&|n| format!("\"s3:GetObject{n}\""), 50_000)
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": "*", "Resource": [{}]}}"#,
            many(&|n| format!("\"arn:aws:s3:eu-wset-1:1:b{n}\""), 50_000)
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": [{}], "Resource": "*", "Condition": {{"StringEquals": {{{}}}}}}}"#,
            many(&|_| "\"s3:GetObject\"".to_owned(), 5_000),
            many(&|n| format!("\"aws:ResourceTag/{n}\": \"b\""), 5_000)
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{"StringEquals": {{"aws:RequestedRegion": [{}]}}}}}}"#,
            many(&|n| format!("\"eu-wset-{n}\""), 50_000)
        ),
    ];
    for statements in &documents {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        for kind in [PolicyKind::Identity, PolicyKind::Resource(ResourceType::Role)] {
            let start = Instant::now();
            check(&text, kind, &knowledge);
            let took = start.elapsed();
            // Generous: the machine may be busy, and tests are hardly optimised.
            assert!(took.as_secs() < 20, "{took:?}: {}", &text[..120]);
        }
    }
}

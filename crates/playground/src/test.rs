//! The tests of a scenario.

use crate::engine::{Answer, Engine, PolicySets, invalid_request};
use crate::{Decision, Diagnostic, Expect, Reason, TestInput, TestResult, describe, explain};

/// Runs one test.
pub(crate) fn run(
    engine: &Engine<'_>,
    sets: &PolicySets<'_>,
    at: usize,
    test: &TestInput,
    findings: &[Diagnostic],
) -> TestResult {
    let input = engine.scenario.request.merged(&test.request);
    let mut problems = Vec::new();
    let request = engine.build(&input, &format!("/tests/{at}/request"), &mut problems);
    let answer = match engine.refused() {
        Some(reason) => Err(reason),
        None => request.map(|request| engine.answer(sets, request)).ok_or_else(|| invalid_request(&problems)),
    };
    let outcome = match &answer {
        Ok(answer) => Outcome::of(engine, answer),
        Err(reason) => Outcome { reason: reason.clone(), ..Outcome::default() },
    };
    let wrong = mismatch(test, &outcome, findings);
    TestResult {
        name: test.name.clone(),
        expect: match test.expect {
            Expect::Decision(decision) => Some(decision),
            Expect::Nothing | Expect::NoDecision => None,
        },
        decision: outcome.decision,
        pass: wrong.is_none(),
        reason: outcome.reason,
        expect_statements: test.expect_statements.clone(),
        statements: outcome.deciding,
        message: wrong,
    }
}

/// What a test's request came to.
struct Outcome {
    decision: Option<Decision>,
    reason: Reason,
    error_message: Option<String>,
    /// The statements that decided.
    deciding: Vec<String>,
    /// All statements that match.
    matched: Vec<String>,
}

impl Default for Outcome {
    fn default() -> Self {
        let reason = Reason { code: String::new(), message: String::new() };
        Self { decision: None, reason, error_message: None, deciding: Vec::new(), matched: Vec::new() }
    }
}

impl Outcome {
    fn of(engine: &Engine<'_>, answer: &Answer) -> Self {
        let policies = engine.policy_words();
        let words = engine.words(&answer.request, &policies);
        let ids = |ids: &[evaluator::StatementId]| ids.iter().map(|id| words.id(*id)).collect();
        Self {
            decision: Some(answer.decision()),
            reason: describe::reason(engine, &words, &answer.evaluation),
            error_message: explain::error_message(&answer.request, &answer.evaluation),
            deciding: ids(&describe::deciding(engine, answer)),
            matched: ids(&answer.evaluation.matched),
        }
    }
}

/// What was expected and did not come, in a sentence; `None` where the test passes.
fn mismatch(test: &TestInput, outcome: &Outcome, findings: &[Diagnostic]) -> Option<String> {
    let got = outcome.decision.map_or("no decision", Decision::name);
    match test.expect {
        Expect::Decision(wanted) if outcome.decision != Some(wanted) => {
            return Some(format!("expected {}, got {got}: {}", wanted.name(), outcome.reason.message));
        }
        Expect::NoDecision if outcome.decision.is_some() => {
            return Some(format!("expected no decision, got {got}: {}", outcome.reason.message));
        }
        Expect::Nothing if says_nothing(test) => return Some("the test does not say what to expect".to_owned()),
        _ => {}
    }
    if let Some(wanted) = &test.expect_statements {
        let candidates = match outcome.decision {
            Some(Decision::ImplicitDeny) | None => &outcome.matched,
            _ => &outcome.deciding,
        };
        let missing = wanted.iter().find(|wanted| !candidates.contains(wanted));
        if let Some(missing) = missing {
            return Some(format!("expected `{missing}` to decide, but {}", listed(&outcome.deciding)));
        }
        if wanted.is_empty() && !outcome.deciding.is_empty() {
            return Some(format!("expected no statement to decide, but {}", listed(&outcome.deciding)));
        }
    }
    if let Some(wanted) = &test.expect_reason
        && *wanted != outcome.reason.code
    {
        return Some(format!(
            "expected the reason `{wanted}`, got `{}`: {}",
            outcome.reason.code, outcome.reason.message
        ));
    }
    if let Some(wanted) = &test.expect_error_message {
        let message = outcome.error_message.as_deref().unwrap_or_default();
        if !message.ends_with(wanted.as_str()) {
            return Some(format!("expected AWS's message to end in `{wanted}`, got `{message}`"));
        }
    }
    let wanted = test.expect_diagnostics.as_deref().unwrap_or_default();
    let missing = wanted.iter().find(|code| !findings.iter().any(|finding| finding.code == **code))?;
    let codes: Vec<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
    Some(format!(
        "expected the finding `{missing}`, found {}",
        if codes.is_empty() { "none".to_owned() } else { codes.join(", ") }
    ))
}

fn says_nothing(test: &TestInput) -> bool {
    test.expect_statements.is_none()
        && test.expect_reason.is_none()
        && test.expect_error_message.is_none()
        && test.expect_diagnostics.is_none()
}

fn listed(statements: &[String]) -> String {
    if statements.is_empty() { "none did".to_owned() } else { format!("`{}` did", statements.join("`, `")) }
}

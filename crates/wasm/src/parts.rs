//! A report in parts, for a page that asks again at every keystroke: what is said of a policy, or of a statement, that
//! has not changed crosses the boundary once.

use std::cell::RefCell;
use std::sync::Arc;

use assist::{Knowledge, Reviews};
use js_sys::Array;
use playground::{Diagnostic, Memory, Options, PolicyReport, SharedReport, StatementReport};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::{assistance, decode, now_or_clock};

#[derive(Default)]
struct Before {
    memory: Memory,
    /// As they were handed over.
    policies: Vec<Arc<PolicyReport>>,
    reviews: Reviews,
    scenario: Value,
}

thread_local! {
    static BEFORE: RefCell<Before> = RefCell::default();
}

/// Evaluates a scenario, given as what `JSON.stringify` makes of it, as [`crate::evaluate`] does: for a small scenario the
/// way over the boundary takes most of the time, and text goes over it in one piece. The first part of the answer is the
/// report as JSON text, its `policies` left out; each further one is a policy as JSON text, or `null` where it is as it was
/// in the answer before. In the place of a statement that only moved, see [`StatementReport::is_moved`], it has
/// `[line, column, offset]`: where that starts now.
#[wasm_bindgen(js_name = "evaluateParts", unchecked_return_type = "ReportParts")]
pub fn evaluate_parts(scenario: &str, now: Option<f64>) -> Result<Array, JsError> {
    let scenario = serde_json::from_str(scenario).unwrap_or_else(|_| as_javascript_reads(scenario));
    let options = Options { now: Some(now_or_clock(now)) };
    BEFORE.with_borrow_mut(|before| {
        let SharedReport { beside, policies } = assistance::evaluate_with(&scenario, options, &mut before.memory);
        let parts = Array::of1(&serde_json::to_string(&beside)?.into());
        for (at, policy) in policies.iter().enumerate() {
            let part = match before.policies.get(at) {
                Some(known) if Arc::ptr_eq(known, policy) => JsValue::NULL,
                Some(known) => serde_json::to_string(&changed(policy, known))?.into(),
                None => serde_json::to_string(&**policy)?.into(),
            };
            parts.push(&part);
        }
        before.policies = policies;
        before.scenario = scenario;
        Ok(parts)
    })
}

/// What crosses of a statement.
#[derive(Serialize)]
#[serde(untagged)]
enum Part<'r> {
    Moved(u32, u32, u32),
    Whole(&'r StatementReport),
}

/// What a policy says beside what was said of it before.
fn changed<'r>(policy: &'r PolicyReport, before: &PolicyReport) -> PolicyReport<Part<'r>> {
    let statements = policy.statements.iter().enumerate().map(|(index, now)| {
        let is_moved = before.statements.get(index).is_some_and(|before| now.is_moved(before));
        if is_moved { Part::Moved(now.start.line, now.start.column, now.start.offset) } else { Part::Whole(now) }
    });
    policy.with_statements(statements.collect())
}

/// JavaScript's strings hold halves of characters, which Rust's do not: `JSON.parse` and [`decode`] make the best of them.
/// What is no JSON at all is `null`, which the report says is no scenario.
fn as_javascript_reads(text: &str) -> Value {
    js_sys::JSON::parse(text).map(|value| decode::value(&value)).unwrap_or_default()
}

/// What is found beside the report: usually asked of the scenario that was evaluated last.
pub(crate) fn review(scenario: &Value, knowledge: &Knowledge) -> Vec<Diagnostic> {
    BEFORE.with_borrow_mut(|Before { memory, reviews, .. }| assist::review_with(scenario, knowledge, memory, reviews))
}

/// The same for the scenario that [`evaluate_parts`] was given last.
pub(crate) fn review_last(knowledge: &Knowledge) -> Vec<Diagnostic> {
    BEFORE.with_borrow_mut(|Before { memory, reviews, scenario, .. }| {
        assist::review_with(scenario, knowledge, memory, reviews)
    })
}

//! What one evaluation takes. The bounds are far above anything that AWS takes, and keep any scenario from using up
//! time and memory; `docs/limits.md` tells what they are and what was measured below them.

use evaluator::{ContextEntry, Request};
use policy::template::has_variable;
use policy::{Clause, Condition, Document, Spanned};

use crate::{Problem, Severity};

/// Keys of a request's context.
pub(crate) const CONTEXT_KEYS: usize = 10_000;

/// Bytes of patterns and values in policies × bytes of what each is held against.
const WORK: u64 = 4_000_000_000;

/// Counted for each condition and each value besides their bytes.
const CONDITION: u64 = 64;
const VALUE: u64 = 16;

/// Where values are looked up rather than held against each other: what each byte counts.
const LOOKUP: u64 = 32;

/// A variable becomes as long as its value, and the trace shows what it became.
const VARIABLE: u64 = 4;

/// What is wrong where policies and request together are too large.
pub(crate) fn too_much<'d>(
    documents: impl Iterator<Item = (&'d str, &'d Document)> + Clone,
    request: &Request,
) -> Option<Problem> {
    let context = request.context.iter().map(values);
    let longest_value = context.max().unwrap_or_default();
    let longest = longest_value.max(request.action.len() as u64).max(request.resource.len() as u64);
    // Most requests are far below: the lengths of the documents tell. Written out, an entry has a quarter at least of
    // what it counts.
    let all: u64 = documents.clone().map(|(text, _)| text.len() as u64).sum();
    if all.saturating_mul(4 * (1 + VARIABLE)).saturating_mul(longest) <= WORK {
        return None;
    }
    let work = documents.map(|(_, document)| work(document, request, longest_value)).fold(0, u64::saturating_add);
    (work > WORK).then(|| Problem {
        path: "/request".to_owned(),
        severity: Severity::Error,
        code: "too-much-to-compare",
        message: "policies and request are too large to be held against each other".to_owned(),
        help: Some("give shorter texts and fewer values; what AWS takes is far smaller".to_owned()),
    })
}

fn work(document: &Document, request: &Request, longest: u64) -> u64 {
    let entry = |text: &str, against: u64| {
        let filled = if has_variable(text) { VARIABLE.saturating_mul(longest) } else { 0 };
        (VALUE + text.len() as u64).saturating_mul(against.saturating_add(filled))
    };
    let element = |clause: &Option<Clause<Spanned<String>>>, against: &str| {
        let entries = clause.iter().flat_map(|clause| &clause.entries);
        let work = entries.map(|text| entry(&text.value, against.len() as u64));
        work.fold(0, u64::saturating_add)
    };
    let condition = |condition: &Condition| {
        let against = request.context.get(&condition.key.value).map_or(0, values);
        let looked_up = condition.operator.is_some_and(|operator| operator.base.is_equality());
        let work = condition.values.iter().map(|value| {
            let against = if looked_up && !has_variable(&value.text) { against.min(LOOKUP) } else { against };
            entry(&value.text, against)
        });
        work.fold((CONDITION + LOOKUP).saturating_mul(against), u64::saturating_add)
    };
    let statements = document.statements.iter().map(|statement| {
        let conditions = statement.conditions.iter().map(condition).fold(0, u64::saturating_add);
        conditions
            .saturating_add(element(&statement.action, &request.action))
            .saturating_add(element(&statement.resource, &request.resource))
    });
    statements.fold(0, u64::saturating_add)
}

/// What the values of a context key count.
fn values(entry: &ContextEntry) -> u64 {
    entry.values.iter().map(|value| VALUE + value.len() as u64).sum()
}

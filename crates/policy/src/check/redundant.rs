//! What can be left out.

use super::Context;
use super::glob::covers;
use crate::parse::Findings;
use crate::seen::Seen;
use crate::{Base, Clause, Condition, Diagnostic, Span, Spanned, Statement, literal};

/// Lists with more entries or bytes than this are only searched for exact repetitions, and so is every list of a
/// document longer than AWS's API takes: pairs of patterns take time that grows with the square.
const PAIRS: usize = 200;
const BYTES: usize = 8_000;
const DOCUMENT: usize = 131_072;

pub(super) fn sid(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if let Some(sid) = statement.sid.as_ref().filter(|sid| sid.value.is_empty()) {
        findings.push(
            Diagnostic::info("empty-sid", sid.span, "an empty `Sid` names nothing")
                .help("name the statement, or remove the `Sid`"),
        );
    }
}

pub(super) fn entries(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let pairs = context.text.len() <= DOCUMENT;
    if let Some(clause) = &statement.action {
        // `s3:Get*` covers `s3:GetObject*` as it covers any text; a `?` would take a `*` for one character
        let wider =
            |wide: &str, narrow: &str| wide == "*" || wide.contains(':') && !wide.contains('?') && covers(wide, narrow);
        covered(clause, true, pairs, &wider, findings);
    }
    if let Some(clause) = &statement.resource {
        let wider = |wide: &str, narrow: &str| {
            let open =
                wide.strip_suffix('*').filter(|start| !start.contains(['*', '?', '$']) && start.split(':').count() > 5);
            wide == "*" || open.is_some_and(|start| narrow.starts_with(start))
        };
        covered(clause, false, pairs, &wider, findings);
    }
}

/// Entries that an equal or a wider one makes superfluous.
fn covered(
    clause: &Clause<Spanned<String>>,
    ignore_case: bool,
    pairs: bool,
    wider: &dyn Fn(&str, &str) -> bool,
    findings: &mut Findings,
) {
    let mut seen = Seen::default();
    let bytes: usize = clause.entries.iter().map(|entry| entry.value.len()).sum();
    let pairs = pairs && clause.entries.len() <= PAIRS && bytes <= BYTES;
    for (number, entry) in clause.entries.iter().enumerate() {
        let key = if ignore_case { entry.value.to_ascii_lowercase() } else { entry.value.clone() };
        if let Some(first) = seen.before(&key, number).and_then(|first| clause.entries.get(first)) {
            repeated(entry.span, &entry.value, first.span, findings);
            continue;
        }
        if !pairs {
            continue;
        }
        let same = |other: &Spanned<String>| {
            other.span == entry.span
                || other.value == entry.value
                || ignore_case && other.value.eq_ignore_ascii_case(&entry.value)
        };
        let wide = clause.entries.iter().find(|other| !same(other) && wider(&other.value, &entry.value));
        if let Some(wide) = wide {
            findings.push(
                Diagnostic::info(
                    "redundant-entry",
                    entry.span,
                    format!("`{}` is part of `{}`", entry.value, wide.value),
                )
                .help("one of both is enough")
                .related(wide.span, "the wider entry"),
            );
        }
    }
}

fn repeated(span: Span, text: &str, first: Span, findings: &mut Findings) {
    findings.push(
        Diagnostic::info("repeated-entry", span, format!("`{text}` is listed twice"))
            .help("remove it")
            .related(first, "first listed here"),
    );
}

pub(super) fn values(_: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in &statement.conditions {
        let mut seen = Seen::default();
        for (number, value) in condition.values.iter().enumerate() {
            if let Some(first) = seen.before(&value.text, number).and_then(|first| condition.values.get(first)) {
                repeated(value.span, &value.text, first.span, findings);
            }
        }
        bounds(condition, findings);
    }
}

/// Of several bounds only the loosest counts: the values of one operator are alternatives.
fn bounds(condition: &Condition, findings: &mut Findings) {
    let Some(operator) = condition.operator else {
        return;
    };
    let numbers = || condition.values.iter().filter_map(|value| Some((literal::number(&value.text)?, value)));
    let loosest = match operator.base {
        Base::NumericLessThan | Base::NumericLessThanEquals => numbers().max_by(|a, b| a.0.cmp(&b.0)),
        Base::NumericGreaterThan | Base::NumericGreaterThanEquals => numbers().min_by(|a, b| a.0.cmp(&b.0)),
        _ => return,
    };
    if let (Some((_, loosest)), true) = (loosest, condition.values.len() > 1) {
        findings.push(
            Diagnostic::info(
                "redundant-bound",
                condition.span,
                format!("of these bounds only `{}` counts: one is enough to pass", loosest.text),
            )
            .help("keep that one"),
        );
    }
}

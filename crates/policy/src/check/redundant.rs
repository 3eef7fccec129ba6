//! What can be left out.

use super::Context;
use crate::edit::{remove_element, remove_entry};
use crate::glob::covers;
use crate::parse::Findings;
use crate::seen::Seen;
use crate::{Base, Clause, Condition, Diagnostic, Polarity, PrincipalEntry, Span, Spanned, Statement, literal};

/// Lists with more entries or bytes than this are only searched for exact repetitions, and so is every list of a
/// document longer than AWS's API takes: pairs of patterns take time that grows with the square.
pub(super) const PAIRS: usize = 200;
const BYTES: usize = 8_000;

pub(super) fn sid(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    if let Some(sid) = statement.sid.as_ref().filter(|sid| sid.value.is_empty()) {
        let diagnostic = Diagnostic::info("empty-sid", sid.span, "an empty `Sid` names nothing")
            .help("name the statement, or remove the `Sid`");
        findings.push(match remove_element(context.text, sid.span, "Sid") {
            Some(edits) => diagnostic.fix("remove the `Sid`", edits),
            None => diagnostic,
        });
    }
}

pub(super) fn entries(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let pairs = context.is_usual();
    if let Some(clause) = &statement.action {
        covered(context.text, clause, true, pairs, wider_action, findings);
    }
    if let Some(clause) = &statement.resource {
        covered(context.text, clause, false, pairs, wider_resource, findings);
    }
}

fn wider_action(wide: &str, narrow: &str) -> bool {
    // `s3:Get*` covers `s3:GetObject*` as it covers any text; a `?` would take a `*` for one character
    wide == "*" || wide.contains(':') && !wide.contains('?') && covers(wide, narrow)
}

fn wider_resource(wide: &str, narrow: &str) -> bool {
    let open = wide.strip_suffix('*').filter(|start| !start.contains(['*', '?', '$']) && start.split(':').count() > 5);
    wide == "*" || open.is_some_and(|start| narrow.starts_with(start))
}

/// Entries that an equal or a wider one makes superfluous.
fn covered(
    text: &str,
    clause: &Clause<Spanned<String>>,
    ignore_case: bool,
    pairs: bool,
    wider: fn(&str, &str) -> bool,
    findings: &mut Findings,
) {
    let mut seen = Seen::default();
    let bytes: usize = clause.entries.iter().map(|entry| entry.value.len()).sum();
    let pairs = pairs && clause.entries.len() <= PAIRS && bytes <= BYTES;
    let repeats = may_repeat(clause.entries.iter().map(|entry| entry.value.as_str()));
    if !pairs && !repeats {
        return;
    }
    // Without a `*` an entry covers only what is the same.
    let wild: Vec<_> = clause.entries.iter().filter(|_| pairs).filter(|entry| entry.value.contains('*')).collect();
    if wild.is_empty() && !repeats {
        return;
    }
    for (number, entry) in clause.entries.iter().enumerate() {
        if repeats {
            let key = if ignore_case { entry.value.to_ascii_lowercase() } else { entry.value.clone() };
            if let Some(first) = seen.before(&key, number).and_then(|first| clause.entries.get(first)) {
                repeated(text, entry.span, &entry.value, first.span, findings);
                continue;
            }
        }
        let same = |other: &Spanned<String>| {
            other.span == entry.span
                || other.value == entry.value
                || ignore_case && other.value.eq_ignore_ascii_case(&entry.value)
        };
        let wide = wild.iter().find(|other| !same(other) && wider(&other.value, &entry.value));
        if let Some(wide) = wide {
            let message = format!("`{}` is part of `{}`", entry.value, wide.value);
            let diagnostic = Diagnostic::info("redundant-entry", entry.span, message)
                .help("one of both is enough")
                .related(wide.span, "the wider entry");
            findings.push(removing(text, diagnostic));
        }
    }
}

/// Whether two of the texts may be the same, case aside: their hashes are. Most lists repeat nothing, and their texts
/// need not be kept to see that.
fn may_repeat<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    // FNV-1a
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    let mut hashes: Vec<u64> = texts.map(|text| text.bytes().fold(0xcbf2_9ce4_8422_2325, hash)).collect();
    hashes.sort_unstable();
    !hashes.is_sorted_by(|a, b| a < b)
}

fn repeated(text: &str, span: Span, entry: &str, first: Span, findings: &mut Findings) {
    let diagnostic = Diagnostic::info("repeated-entry", span, format!("`{entry}` is listed twice"))
        .help("remove it")
        .related(first, "first listed here");
    findings.push(removing(text, diagnostic));
}

/// The finding with the entry that it stands on taken out.
fn removing(text: &str, diagnostic: Diagnostic) -> Diagnostic {
    match remove_entry(text, diagnostic.span) {
        Some(edits) => diagnostic.fix("remove it", edits),
        None => diagnostic,
    }
}

/// Statements that do nothing beside an earlier or a wider one.
pub(super) fn statements(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    let all = &context.document.statements;
    if all.len() > PAIRS || !context.is_usual() || statement.effect.is_none() {
        return;
    }
    let behind = |other: &Statement| other.span.start > statement.span.start;
    let wide = all.iter().find(|other| {
        other.span != statement.span && part_of(statement, other) && !(behind(other) && part_of(other, statement))
    });
    if let Some(wide) = wide {
        let brace = Span { start: statement.span.start, end: statement.span.start.saturating_add(1) };
        let diagnostic =
            Diagnostic::info("redundant-statement", brace, "another statement says all that this one says")
                .help("one of both is enough")
                .related(
                    Span { start: wide.span.start, end: wide.span.start.saturating_add(1) },
                    "the other statement",
                );
        findings.push(match remove_entry(context.text, statement.span) {
            Some(edits) => diagnostic.fix("remove the statement", edits),
            None => diagnostic,
        });
    }
}

/// Whether every request that `narrow` matches is matched by `wide`, as far as that is seen at a glance.
fn part_of(narrow: &Statement, wide: &Statement) -> bool {
    let effect = |statement: &Statement| statement.effect.as_ref().map(|effect| effect.value);
    let same_principals = || match (&narrow.principal, &wide.principal) {
        (Some(narrow), Some(wide)) => {
            let same = |one: &PrincipalEntry, other: &PrincipalEntry| {
                (one.principal_type, &one.value) == (other.principal_type, &other.value)
            };
            narrow.polarity == wide.polarity && alike(&narrow.entries, &wide.entries, same)
        }
        (narrow, wide) => narrow.is_none() && wide.is_none(),
    };
    let same_condition = |one: &Condition, other: &Condition| {
        one.operator == other.operator
            && one.key.value.eq_ignore_ascii_case(&other.key.value)
            && alike(&one.values, &other.values, |one, other| one.text == other.text)
    };
    effect(narrow) == effect(wide)
        && within(narrow.resource.as_ref(), wide.resource.as_ref(), wider_resource)
        && (wide.condition_span.is_none() || alike(&narrow.conditions, &wide.conditions, same_condition))
        && narrow.conditions.iter().all(|condition| condition.operator.is_some())
        && same_principals()
        // What takes longest comes last.
        && within(narrow.action.as_ref(), wide.action.as_ref(), wider_action)
}

/// Whether there are as many, and each is the same as the other in its place.
fn alike<T>(these: &[T], those: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    these.len() == those.len() && these.iter().zip(those).all(|(this, that)| same(this, that))
}

fn within(
    narrow: Option<&Clause<Spanned<String>>>,
    wide: Option<&Clause<Spanned<String>>>,
    wider: fn(&str, &str) -> bool,
) -> bool {
    let (Some(narrow), Some(wide)) = (narrow, wide) else {
        return narrow.is_none() && wide.is_none();
    };
    narrow.polarity == Polarity::Is
        && wide.polarity == Polarity::Is
        && !narrow.entries.is_empty()
        && narrow.entries.len().saturating_mul(wide.entries.len()) <= PAIRS * PAIRS
        && narrow.entries.iter().all(|entry| {
            wide.entries.iter().any(|other| other.value == entry.value || wider(&other.value, &entry.value))
        })
}

pub(super) fn values(context: Context<'_>, statement: &Statement, findings: &mut Findings) {
    for condition in &statement.conditions {
        let mut seen = Seen::default();
        let repeats = may_repeat(condition.values.iter().map(|value| value.text.as_str()));
        for (number, value) in condition.values.iter().enumerate().filter(|_| repeats) {
            if let Some(first) = seen.before(&value.text, number).and_then(|first| condition.values.get(first)) {
                repeated(context.text, value.span, &value.text, first.span, findings);
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

//! A report as people read it.

use std::collections::HashMap;
use std::fmt::Write as _;

use annotate_snippets::Level;
use playground::{Decision, Outcome, PolicyReport, Report, Severity, StatementReport, Step, TestResult, ValueReport};
use serde_json::Value;

use crate::findings::diagnostic_in_full;
use crate::quote::{Extent, Mark, clean, indent, quote};
use crate::scenario::View;
use crate::style::{self, BAD, BOLD, DIM, DOUBTFUL, GOOD, REMARK, paint};

/// How many statements are quoted before the rest is only counted.
const QUOTES: usize = 12;

/// How many near misses are quoted.
const NEAR_MISSES: usize = 3;

/// A scenario's answer with everything that explains it.
pub(crate) fn text(view: &View<'_>) -> String {
    let report = view.report;
    let mut out = String::new();
    heading(&mut out, view);
    sentences(&mut out, report);
    findings(&mut out, view, |severity| severity == Severity::Error);
    stages(&mut out, report);
    let statements = deciding(report);
    for (policy, statement) in statements.iter().take(QUOTES) {
        block(&mut out, &matched(view, *policy, statement));
    }
    more(&mut out, statements.len(), QUOTES, "deciding statements");
    let misses = near_misses(report);
    for (policy, statement) in misses.iter().take(NEAR_MISSES) {
        block(&mut out, &near_miss(view, *policy, statement));
    }
    more(&mut out, misses.len(), NEAR_MISSES, "near misses");
    findings(&mut out, view, |severity| severity != Severity::Error);
    remarks(&mut out, report);
    tests(&mut out, &report.tests);
    out
}

fn findings(out: &mut String, view: &View<'_>, wanted: impl Fn(Severity) -> bool) {
    for diagnostic in &view.report.diagnostics {
        if wanted(diagnostic.severity) {
            let spot = view.spot(diagnostic);
            block(out, &diagnostic_in_full(&spot, diagnostic));
        }
    }
}

fn heading(out: &mut String, view: &View<'_>) {
    let verdict = style::verdict(view.report.decision);
    let place = paint(DIM, view.place(""));
    let _ = match view.title() {
        Some(title) => writeln!(out, "{verdict}  {}  {place}", paint(BOLD, title)),
        None => writeln!(out, "{verdict}  {place}"),
    };
    if let Some(request @ Value::Object(_)) = view.found.value.get("request") {
        let _ = writeln!(
            out,
            "  {} {} {} {} {}",
            field(request, "principal"),
            paint(DIM, "asks for"),
            paint(BOLD, field(request, "action")),
            paint(DIM, "on"),
            field(request, "resource"),
        );
    }
}

fn field(request: &Value, name: &str) -> String {
    match request.get(name) {
        None | Some(Value::Null) => "?".to_owned(),
        Some(Value::String(text)) => clean(text),
        Some(value) => clean(&value.to_string()),
    }
}

fn sentences(out: &mut String, report: &Report) {
    let _ = writeln!(out, "\n  {}", clean(&report.reason.message));
    if let Some(sentence) = &report.error_message {
        let _ = writeln!(out, "  {} {}", paint(DIM, "AWS says:"), clean(sentence));
    }
}

fn stages(out: &mut String, report: &Report) {
    if report.steps.is_empty() {
        return;
    }
    let width = report.steps.iter().map(|step| step.title.chars().count()).max().unwrap_or(0);
    let _ = writeln!(out, "\n  {}", paint(BOLD, "Stages"));
    for step in &report.steps {
        let (style, mark, word) = style::outcome(step.outcome);
        let arrow = if step.decisive { "→" } else { " " };
        let mark = paint(style, format_args!("{mark} {word:<14}"));
        let mut rest = format!("{:width$}  {}", clean(&step.title), clean(&step.message));
        if step.outcome == Outcome::NotApplicable {
            rest = paint(DIM, rest);
        }
        let _ = writeln!(out, "  {} {mark}  {rest}", paint(BOLD, arrow));
    }
}

/// The statements of the decisive stages, with their policy's index.
fn deciding(report: &Report) -> Vec<(usize, &StatementReport)> {
    let mut ids = HashMap::new();
    for step in decisive_stages(report) {
        for id in &step.statements {
            ids.entry(id.as_str()).or_insert_with(Vec::new).push(step.stage);
        }
    }
    statements(report, |policy, statement| {
        statement.matches
            && ids
                .get(format!("{}#{}", policy.name, statement.index).as_str())
                .is_some_and(|stages| stages.contains(&"explicitDeny") || stages.contains(&policy.kind))
    })
}

/// The `Allow` statements that would have settled it and fail by one element.
fn near_misses(report: &Report) -> Vec<(usize, &StatementReport)> {
    if report.decision != Some(Decision::ImplicitDeny) {
        return Vec::new();
    }
    statements(report, |policy, statement| {
        statement.near_miss.is_some()
            && statement.effect == Some("Allow")
            && policy.not_applicable.is_none()
            && decisive_stages(report).any(|step| step.stage == policy.kind)
    })
}

fn decisive_stages(report: &Report) -> impl Iterator<Item = &Step> {
    report.steps.iter().filter(|step| step.decisive)
}

fn statements(
    report: &Report,
    wanted: impl Fn(&PolicyReport, &StatementReport) -> bool,
) -> Vec<(usize, &StatementReport)> {
    let mut found = Vec::new();
    for (index, policy) in report.policies.iter().enumerate() {
        for statement in &policy.statements {
            if wanted(policy, statement) {
                found.push((index, statement));
            }
        }
    }
    found
}

/// A statement that matches: the whole of it, with the entries underlined that cover the request.
fn matched(view: &View<'_>, policy: usize, statement: &StatementReport) -> String {
    let mut marks = Vec::new();
    for element in &statement.elements {
        if element.element.starts_with("Not") {
            marks.push(mark(view, policy, element.start, element.end, &element.message));
            continue;
        }
        for value in element.values.iter().flatten().filter(|value| value.matches) {
            marks.push(entry(view, policy, value));
        }
        for pair in element.conditions.iter().flatten() {
            marks.push(mark(view, policy, pair.start, pair.end, &pair.message));
        }
    }
    let (style, level, verb) = match statement.effect {
        Some("Deny") => (BAD, Level::ERROR, "denies"),
        _ => (GOOD, Level::NOTE, "allows"),
    };
    quoted(view, policy, statement, style, verb, level, marks)
}

/// A statement that fails by one element: with that element underlined.
fn near_miss(view: &View<'_>, policy: usize, statement: &StatementReport) -> String {
    let mut marks = Vec::new();
    for element in statement.elements.iter().filter(|element| !element.matches) {
        match &element.conditions {
            Some(pairs) => marks.extend(
                pairs
                    .iter()
                    .filter(|pair| !pair.matches)
                    .map(|pair| mark(view, policy, pair.start, pair.end, &pair.message)),
            ),
            None => marks.push(mark(view, policy, element.start, element.end, &element.message)),
        }
    }
    let verb = "nearly allows";
    quoted(view, policy, statement, DOUBTFUL, verb, Level::WARNING, marks)
}

fn quoted(
    view: &View<'_>,
    index: usize,
    statement: &StatementReport,
    style: anstyle::Style,
    verb: &str,
    level: Level<'static>,
    mut marks: Vec<Mark>,
) -> String {
    let policy = &view.report.policies[index];
    let via = policy.via.as_ref().map(|via| format!(", via {}", clean(via))).unwrap_or_default();
    let id = format!("{}#{}", policy.name, statement.index);
    let mut out = format!("{} {} ({}{via})", paint(BOLD, clean(&id)), paint(style, verb), policy.kind_name,);
    let Some(text) = view.policy(index) else {
        return out + "\n";
    };
    let whole = text.bytes(statement.start, statement.end);
    let spot = text.empty_spot();
    let _ = writeln!(out, "  {}", paint(DIM, spot.place_of(whole.start)));
    if marks.is_empty() {
        marks.push(Mark::primary(whole.clone()));
    }
    out.push_str(&quote(spot.text, level, &marks, &Extent::Part(whole)));
    out
}

fn entry(view: &View<'_>, policy: usize, value: &ValueReport) -> Mark {
    let mark = unlabelled(view, policy, value.start, value.end);
    match (&value.message, &value.resolved) {
        (Some(message), _) => mark.label(message.as_str()),
        (None, Some(resolved)) => mark.label(format!("becomes `{resolved}`")),
        (None, None) => mark,
    }
}

fn mark(view: &View<'_>, policy: usize, start: playground::Position, end: playground::Position, label: &str) -> Mark {
    unlabelled(view, policy, start, end).label(label)
}

fn unlabelled(view: &View<'_>, policy: usize, start: playground::Position, end: playground::Position) -> Mark {
    let text = view.policy(policy);
    Mark::primary(text.map_or(0..0, |text| text.bytes(start, end)))
}

fn remarks(out: &mut String, report: &Report) {
    let mut lines = String::new();
    if !report.missing_context_keys.is_empty() {
        let keys = report.missing_context_keys.iter().map(|key| format!("`{}`", clean(key)));
        let _ = writeln!(
            lines,
            "{} the request lacks {}, which could change the answer",
            paint(REMARK, "missing:"),
            keys.collect::<Vec<_>>().join(", ")
        );
    }
    for note in &report.notes {
        let _ = writeln!(lines, "{} {}", paint(REMARK, "note:"), clean(&note.message));
    }
    if !lines.is_empty() {
        block(out, &lines);
    }
}

fn tests(out: &mut String, tests: &[TestResult]) {
    if tests.is_empty() {
        return;
    }
    let failed = tests.iter().filter(|test| !test.pass).count();
    let passed = tests.len() - failed;
    let _ = writeln!(out, "\n  {} {}", paint(BOLD, "Tests"), counts(passed, failed));
    let width = tests.iter().map(|test| test.name.chars().count()).max().unwrap_or(0).min(72);
    for test in tests {
        let (style, mark) = if test.pass { (GOOD, "✓") } else { (BAD, "✗") };
        let _ = writeln!(
            out,
            "    {}  {:width$}  {}",
            paint(style, mark),
            clean(&test.name),
            decision_name(test.decision),
        );
        if let Some(message) = &test.message {
            let _ = writeln!(out, "       {}", clean(message));
        }
    }
}

/// A decision's name as in reports; `null` for none.
pub(crate) fn decision_name(decision: Option<Decision>) -> &'static str {
    decision.map_or("null", Decision::name)
}

/// `3 passed, 1 failed`.
pub(crate) fn counts(passed: usize, failed: usize) -> String {
    let style = if failed > 0 { BAD } else { GOOD };
    paint(style, format_args!("{passed} passed, {failed} failed"))
}

fn more(out: &mut String, all: usize, shown: usize, what: &str) {
    if all > shown {
        let rest = all - shown;
        let _ = writeln!(out, "\n  … and {rest} more {what}");
    }
}

/// A paragraph of its own, two columns to the right.
fn block(out: &mut String, text: &str) {
    out.push('\n');
    out.push_str(&indent(text, 2));
}

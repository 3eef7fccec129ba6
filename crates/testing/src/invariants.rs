//! What holds of every document and every report, whatever was put in.

use playground::{Decision, Diagnostic, Outcome, Position, Report, Scenario, Severity};
use policy::{Parsed, Span};
use serde_json::Value;

/// Holds the findings and places of a parsed document against its text.
pub fn document_is_sound(text: &str, parsed: &Parsed) {
    let inside = |span: Span, what: &str| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && end <= text.len(), "{what}: {span:?} leaves the text of {} bytes", text.len());
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{what}: {span:?} cuts a character");
    };
    for finding in &parsed.diagnostics {
        inside(finding.span, finding.code);
        assert!(!finding.message.is_empty(), "{} says nothing", finding.code);
        for (span, _) in &finding.related {
            inside(*span, finding.code);
        }
        let mut behind = 0;
        for (span, _) in finding.fix.iter().flat_map(|fix| &fix.edits) {
            inside(*span, finding.code);
            assert!(behind <= span.start, "{}: edits overlap or stand out of order", finding.code);
            behind = span.end;
        }
    }
    let document = &parsed.document;
    let valid = !parsed.has_errors();
    for statement in &document.statements {
        inside(statement.span, "statement");
        if valid {
            let written = statement.span.of(text);
            assert!(written.starts_with('{') && written.ends_with('}'), "a statement stands at {written:?}");
            assert!(statement.effect.is_some() && statement.action.is_some(), "valid without effect or action");
        }
        let within = |span: Span, what: &str| {
            inside(span, what);
            assert!(
                statement.span.start <= span.start && span.end <= statement.span.end,
                "{what} leaves its statement"
            );
        };
        let texts = statement.action.iter().chain(&statement.resource);
        for clause in texts {
            within(clause.span, "clause");
            clause.entries.iter().for_each(|entry| within(entry.span, "entry"));
        }
        if let Some(clause) = &statement.principal {
            within(clause.span, "principal");
            clause.entries.iter().for_each(|entry| within(entry.span, "principal's entry"));
        }
        for condition in &statement.conditions {
            within(condition.span, "condition");
            within(condition.key.span, "condition key");
            within(condition.operator_name.span, "operator");
            condition.values.iter().for_each(|value| within(value.span, "condition value"));
        }
    }
}

/// A text as editors count it.
struct Text {
    units: Vec<u16>,
    lines: Vec<usize>,
}

impl Text {
    fn new(text: &str) -> Self {
        let units: Vec<u16> = text.encode_utf16().collect();
        let breaks = units.iter().enumerate().filter(|(_, unit)| **unit == u16::from(b'\n')).map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Self { units, lines }
    }

    fn holds(&self, position: Position) {
        let offset = position.offset as usize;
        assert!(offset <= self.units.len(), "{position:?} leaves a text of {}", self.units.len());
        let line = self.lines.partition_point(|start| *start <= offset);
        assert_eq!(position.line as usize, line, "{position:?}");
        assert_eq!(position.column as usize, offset - self.lines[line - 1] + 1, "{position:?}");
    }

    fn range(&self, start: Position, end: Position) {
        self.holds(start);
        self.holds(end);
        assert!(start.offset <= end.offset, "{start:?} behind {end:?}");
    }

    fn at(&self, offset: u32) -> Option<u16> {
        self.units.get(offset as usize).copied()
    }
}

const STAGES: [&str; 8] =
    ["explicitDeny", "rcp", "scp", "vpcEndpoint", "resource", "identity", "permissionsBoundary", "session"];

/// Holds a report against the scenario it answers, and against itself.
pub fn report_is_sound(scenario: &Value, report: &Report) {
    let read = Scenario::from_value(scenario).0;
    assert_eq!(read.policies.len(), report.policies.len(), "every policy is in the report");
    let texts: Vec<Text> = read
        .policies
        .iter()
        .zip(&report.policies)
        .map(|(input, policy)| match (&input.document, &policy.text) {
            (Value::String(text), None) => Text::new(text),
            (Value::Object(_), Some(text)) => {
                let laid_out: Value = serde_json::from_str(text).expect("laid out as JSON");
                assert_eq!(laid_out, input.document);
                Text::new(text)
            }
            other => panic!("a text for objects only: {other:?}"),
        })
        .collect();

    verdict_is_sound(report);
    for (policy, text) in report.policies.iter().zip(&texts) {
        let evaluated = report.decision.is_some();
        for (at, statement) in policy.statements.iter().enumerate() {
            assert_eq!(statement.index, at);
            text.range(statement.start, statement.end);
            if policy.valid {
                assert_eq!(text.at(statement.start.offset), Some(u16::from(b'{')));
                assert_eq!(text.at(statement.end.offset - 1), Some(u16::from(b'}')));
            }
            let failing = statement.elements.iter().filter(|element| !element.matches).count();
            assert!(!statement.matches || failing == 0, "matches although an element does not");
            assert!(statement.near_miss.is_none() || failing == 1, "a near miss by {failing} elements");
            if policy.valid && evaluated {
                assert_eq!(statement.matches, failing == 0, "{statement:?}");
            }
            assert!(!statement.message.is_empty());
            for element in &statement.elements {
                text.range(element.start, element.end);
                assert!(!element.message.is_empty());
                let values = element.values.iter().flatten();
                let conditions = element.conditions.iter().flatten();
                for condition in conditions.clone() {
                    text.range(condition.start, condition.end);
                    assert!(!condition.message.is_empty());
                }
                for value in values.chain(conditions.flat_map(|condition| &condition.values)) {
                    text.range(value.start, value.end);
                    assert!(statement.start.offset <= value.start.offset && value.end.offset <= statement.end.offset);
                }
            }
        }
    }
    statements_are_sound(report);
    // Findings count the scenario's entries, of which those that are no policies are not in the report.
    let text_at = |index: usize| {
        let place = read.policies.iter().position(|policy| policy.index == index).expect("a policy of the report");
        assert_eq!(policy_of(scenario, index), Some(&read.policies[place].document));
        &texts[place]
    };
    for finding in &report.diagnostics {
        finding_is_sound(finding, text_at);
    }
    for (input, policy) in read.policies.iter().zip(&report.policies) {
        let errors = report
            .diagnostics
            .iter()
            .any(|finding| finding.policy_index == Some(input.index) && finding.severity == Severity::Error);
        assert_eq!(policy.valid, !errors, "valid means without errors");
    }
    let about_tests = |finding: &Diagnostic| finding.path.as_deref().is_some_and(|path| path.starts_with("/tests"));
    let errors = report.diagnostics.iter().any(|finding| finding.severity == Severity::Error && !about_tests(finding));
    assert_eq!(report.decision.is_none(), errors, "no decision exactly where there is an error");
    assert_eq!(report.tests.len(), read.tests.len());
    for test in &report.tests {
        assert_eq!(test.pass, test.message.is_none());
    }
    serde_json::to_string(report).expect("a report is JSON");
}

fn verdict_is_sound(report: &Report) {
    let code = report.reason.code.as_str();
    assert!(!report.reason.message.is_empty(), "{code} says nothing");
    let Some(decision) = report.decision else {
        assert!(["invalid-request", "invalid-policy"].contains(&code), "no decision because of {code}");
        assert!(report.steps.is_empty() && report.error_message.is_none());
        return;
    };
    let start = match decision {
        Decision::Allowed => "allowed-",
        Decision::ImplicitDeny => "implicit-deny-",
        Decision::ExplicitDeny => "explicit-deny-",
    };
    assert!(code.starts_with(start), "{decision:?} because of {code}");
    assert_eq!(report.error_message.is_some(), decision != Decision::Allowed, "AWS answers denials only");
    let stages: Vec<&str> = report.steps.iter().map(|step| step.stage).collect();
    assert_eq!(stages, STAGES);
    let decisive: Vec<_> = report.steps.iter().filter(|step| step.decisive).collect();
    let wanted = if code == "allowed-by-identity-and-resource" { 2 } else { 1 };
    assert_eq!(decisive.len(), wanted, "{code} was settled at {decisive:?}");
    let outcome = if decision == Decision::Allowed { Outcome::Allow } else { Outcome::Deny };
    for step in decisive {
        assert_eq!(step.outcome, outcome, "{code}: {step:?}");
    }
    if decision == Decision::Allowed {
        let against = report.steps.iter().find(|step| step.outcome == Outcome::Deny);
        assert!(against.is_none(), "{code} although {against:?}");
    }
    assert!(report.steps.iter().all(|step| !step.message.is_empty()));
}

fn statements_are_sound(report: &Report) {
    let listed: Vec<String> =
        report.matched_statements.iter().map(|found| format!("{}#{}", found.policy, found.index)).collect();
    let applicable = report.policies.iter().filter(|policy| policy.not_applicable.is_none());
    let traced: Vec<String> = applicable
        .flat_map(|policy| {
            let matching = policy.statements.iter().filter(|found| found.matches && found.effect.is_some());
            matching.map(|found| format!("{}#{}", policy.name, found.index))
        })
        .collect();
    if report.decision.is_some() {
        assert_eq!(listed, traced, "the list of matching statements is that of the trace");
    }
    let denied = report.matched_statements.iter().any(|found| found.effect == "Deny");
    if report.decision == Some(Decision::ExplicitDeny) {
        assert!(denied, "an explicit deny without a Deny that matches");
    }
}

fn policy_of(scenario: &Value, index: usize) -> Option<&Value> {
    scenario.get("policies")?.get(index)?.get("document")
}

fn finding_is_sound<'t>(finding: &Diagnostic, text_at: impl Fn(usize) -> &'t Text) {
    let slug = finding.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    assert!(slug && !finding.code.is_empty(), "{:?} is no slug", finding.code);
    assert!(!finding.message.is_empty());
    let Some(at) = finding.policy_index else {
        assert!(finding.start.is_none() && finding.end.is_none() && finding.path.is_some());
        return;
    };
    let text = text_at(at);
    text.range(finding.start.expect("a place"), finding.end.expect("a place"));
    for related in &finding.related {
        text.range(related.start, related.end);
    }
    let mut behind = 0;
    for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
        text.range(edit.start, edit.end);
        assert!(behind <= edit.start.offset, "edits overlap or stand out of order");
        behind = edit.end.offset;
    }
}

//! Findings in a policy's text, in the report's shape.

use policy::PolicyKind;

use crate::position::Positions;
use crate::{Diagnostic, Edit, Fix, Related, Severity};

/// The findings in a policy document given as text.
///
/// ```
/// use policy::PolicyKind;
/// let text = r#"{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}"#;
/// let found = playground::check(text, PolicyKind::Identity);
/// assert!(found.iter().any(|finding| finding.severity == playground::Severity::Error));
/// ```
pub fn check(text: &str, kind: PolicyKind) -> Vec<Diagnostic> {
    let positions = Positions::new(text);
    policy::parse(text, kind).diagnostics.iter().map(|finding| diagnostic(finding, &positions)).collect()
}

/// A finding of the crate `policy` in the report's shape; `positions` are those of the text it was found in.
pub fn diagnostic(finding: &policy::Diagnostic, positions: &Positions) -> Diagnostic {
    let (start, end) = positions.of(finding.span);
    Diagnostic {
        policy: None,
        policy_index: None,
        path: None,
        severity: match finding.severity {
            policy::Severity::Error => Severity::Error,
            policy::Severity::Warning => Severity::Warning,
            policy::Severity::Info => Severity::Info,
        },
        code: finding.code.to_owned(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        aws_message: finding.aws_message.clone(),
        start: Some(start),
        end: Some(end),
        related: finding
            .related
            .iter()
            .map(|(span, message)| {
                let (start, end) = positions.of(*span);
                Related { message: message.clone(), start, end }
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| Fix {
            label: fix.label.clone(),
            edits: fix
                .edits
                .iter()
                .map(|(span, text)| {
                    let (start, end) = positions.of(*span);
                    Edit { start, end, text: text.clone() }
                })
                .collect(),
        }),
    }
}

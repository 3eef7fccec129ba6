//! The colours. Everything is written with them; the stream takes them out where they are not wanted.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use playground::{Decision, Outcome, Severity};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const REMARK: Style = AnsiColor::Cyan.on_default().bold();

/// A text in a style.
pub(crate) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A decision in capital letters.
pub(crate) fn verdict(decision: Option<Decision>) -> String {
    match decision {
        Some(Decision::Allowed) => paint(GOOD, "ALLOWED"),
        Some(Decision::ImplicitDeny) => paint(BAD, "DENIED (implicit)"),
        Some(Decision::ExplicitDeny) => paint(BAD, "DENIED (explicit)"),
        None => paint(DOUBTFUL, "NO DECISION"),
    }
}

/// An outcome: a mark and a word.
pub(crate) fn outcome(outcome: Outcome) -> (Style, &'static str, &'static str) {
    match outcome {
        Outcome::Pass => (GOOD, "✓", "pass"),
        Outcome::Allow => (GOOD, "✓", "allow"),
        Outcome::Deny => (BAD, "✗", "deny"),
        Outcome::NotApplicable => (DIM, "·", "not applicable"),
    }
}

/// A severity: its style and its word.
pub(crate) fn severity(severity: Severity) -> (Style, &'static str) {
    match severity {
        Severity::Error => (BAD, "error"),
        Severity::Warning => (DOUBTFUL, "warning"),
        Severity::Info => (REMARK, "info"),
    }
}

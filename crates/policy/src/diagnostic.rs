//! What is wrong, or doubtful, in a document, as data: a stable slug, a place, a sentence and a remedy.

use crate::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// IAM would refuse to save the document; no decision is given.
    Error,
    /// It is saved, and very probably does not do what its author wants.
    Warning,
    /// It works and could be written better.
    Info,
}

/// An edit that mends a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the button says, such as "replace with `StringLike`".
    pub label: String,
    /// Replacements, in the order of the text, not overlapping.
    pub edits: Vec<(Span, String)>,
}

/// One finding in a document.
///
/// Prose is lower case and without a final stop, user text stands in backticks, the remedy is in `help`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable slug, such as `unknown-operator`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The sentence IAM itself answers with when the document is saved, where known.
    pub aws_message: Option<String>,
    /// Other places that belong to the finding, each with a remark ("first written here").
    pub related: Vec<(Span, String)>,
    /// A mend, only where it is unambiguous.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with just a sentence; the builder methods add the rest.
    pub fn new(code: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self::build(code, severity, span, message.into())
    }

    // The bodies of the builder are kept out of line: there are hundreds of calls, and a module to be downloaded.
    #[inline(never)]
    fn build(code: &'static str, severity: Severity, span: Span, message: String) -> Self {
        Self { code, severity, span, message, help: None, aws_message: None, related: Vec::new(), fix: None }
    }

    /// An error: IAM would not save this.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message)
    }

    /// A warning: it is saved and surprises.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message)
    }

    /// A suggestion.
    pub fn info(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Info, span, message)
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        self.with_help(help.into())
    }

    #[inline(never)]
    fn with_help(mut self, help: String) -> Self {
        self.help = Some(help);
        self
    }

    /// Adds IAM's own sentence.
    #[must_use]
    pub fn aws(self, message: impl Into<String>) -> Self {
        self.with_aws_message(message.into())
    }

    #[inline(never)]
    fn with_aws_message(mut self, message: String) -> Self {
        self.aws_message = Some(message);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(self, span: Span, remark: impl Into<String>) -> Self {
        self.with_related(span, remark.into())
    }

    #[inline(never)]
    fn with_related(mut self, span: Span, remark: String) -> Self {
        self.related.push((span, remark));
        self
    }

    /// Adds a mend.
    #[must_use]
    pub fn fix(self, label: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.with_fix(label.into(), edits)
    }

    #[inline(never)]
    fn with_fix(mut self, label: String, edits: Vec<(Span, String)>) -> Self {
        self.fix = Some(Fix { label, edits });
        self
    }
}

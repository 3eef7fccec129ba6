//! Text to [`Document`].

use crate::{Diagnostic, Document, PolicyKind, Severity};

/// What [`parse`] gives: the document as far as it was understood, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// The document; empty where the text is no JSON object.
    pub document: Document,
    /// The findings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether IAM would refuse to save the document.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads a policy document of the given kind.
pub fn parse(text: &str, kind: PolicyKind) -> Parsed {
    let _ = (text, kind);
    Parsed::default()
}

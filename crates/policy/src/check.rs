//! What IAM saves and its author probably did not mean.

use crate::parse::Findings;
use crate::{Document, PolicyKind};

/// Adds the findings for a document that was read.
pub(crate) fn run(_text: &str, _kind: PolicyKind, _document: &Document, _findings: &mut Findings) {}

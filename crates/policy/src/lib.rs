//! AWS IAM policy documents: text in, a positioned [`Document`] and [`Diagnostic`]s out.
//!
//! This crate knows the *language* (elements, types, literals, what IAM refuses to save) and nothing of
//! evaluation. [`parse`] never fails as a whole: it returns what it understood together with what is wrong.
//!
//! ```
//! use policy::{parse, PolicyKind};
//!
//! let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
//! let parsed = parse(text, PolicyKind::Identity);
//! assert_eq!(parsed.document.statements.len(), 1);
//! assert!(!parsed.has_errors());
//! ```

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

pub mod arn;
#[cfg(feature = "lints")]
mod check;
mod codes;
mod diagnostic;
mod document;
#[cfg(feature = "lints")]
pub mod edit;
#[cfg(feature = "lints")]
pub mod glob;
pub mod json;
mod kind;
pub mod literal;
mod nearest;
mod operator;
mod parse;
mod seen;
mod span;
pub mod template;

pub use codes::CODES;
pub use diagnostic::{Diagnostic, Fix, Severity};
pub use document::{
    Clause, Condition, ConditionValue, Document, Effect, JsonType, Polarity, PrincipalEntry, PrincipalType, Statement,
    Version,
};
pub use kind::{PolicyKind, ResourceType};
pub use nearest::{called, edits, nearest};
pub use operator::{Base, Family, Operator, SetOperator, UnknownOperator};
pub use parse::{Parsed, parse};
pub use seen::Seen;
pub use span::{Span, Spanned};

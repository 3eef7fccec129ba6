//! The codes of these findings, for documentation and tests.

/// Every code that [`crate::review`] can give beside those that a report can have.
pub const CODES: &[&str] = &[
    "action-needs-star",
    "action-resource-mismatch",
    "arn-compared-as-text",
    "invalid-arn-account",
    "key-of-some-resources",
    "kms-alias-as-resource",
    "partial-condition-key",
    "pattern-without-action",
    "rcp-service",
    "unknown-action",
    "unknown-arn-format",
    "unknown-region",
    "unknown-service",
    "unsupported-condition-key",
    "useless-resource",
    "write-on-everything",
];

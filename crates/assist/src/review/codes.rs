//! The codes of these findings, for documentation and tests.

/// Every code that [`crate::review`] can give beside those that a report can have.
pub const CODES: &[&str] = &[
    "action-needs-star",
    "action-resource-mismatch",
    "arn-compared-as-text",
    "invalid-arn-account",
    "key-of-some-resources",
    "kms-alias-as-resource",
    "limit-without-grant",
    "one-side-only",
    "other-bucket",
    "partial-condition-key",
    "path-left-out",
    "pattern-without-action",
    "rcp-service",
    "unknown-action",
    "unknown-arn-format",
    "unknown-region",
    "unknown-service",
    "unsupported-condition-key",
    "useless-resource",
    "user-name-of-session",
    "write-on-everything",
];

//! The codes of the findings made in this crate, for documentation and tests.

/// Every code that [`crate::review`] and [`crate::attach`] can give beside those that a report has by itself.
pub const CODES: &[&str] = &[
    "action-needs-star",
    "action-resource-mismatch",
    "arn-compared-as-text",
    "invalid-arn-account",
    "key-of-some-resources",
    "kms-alias-as-resource",
    "limit-without-grant",
    "managed-policy-kind",
    "one-side-only",
    "other-bucket",
    "partial-condition-key",
    "path-left-out",
    "pattern-without-action",
    "rcp-service",
    "unknown-action",
    "unknown-arn-format",
    "unknown-managed-policy",
    "unknown-region",
    "unknown-service",
    "unsupported-condition-key",
    "useless-resource",
    "user-name-of-session",
    "write-on-everything",
];

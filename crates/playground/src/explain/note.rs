//! Remarks on an answer that hangs on a reading of our own, because AWS's documentation is silent or at odds with
//! itself. The numbers are the rows of the table in docs/semantics.md.

use evaluator::Choice;

/// The slug and the remark for a reading that decided the answer.
pub(crate) fn contested(choice: Choice) -> (&'static str, &'static str) {
    match choice {
        Choice::StarCrossesColon => (
            "contested-star-crosses-colon",
            "this hangs on whether a `*` at the end of an ARN field runs on over colons; we follow the current text, which says it does (older text: it stays inside the field)",
        ),
        Choice::AwsStarIsEveryone => (
            "contested-aws-star",
            "this hangs on whether `{\"AWS\": \"*\"}` covers service principals; we read it as the same as `\"*\"`",
        ),
        Choice::NotPrincipalLevels => (
            "contested-not-principal",
            "this hangs on how Deny with NotPrincipal treats a caller that is listed at some levels only; we ask for every level (account, role, session), as the documentation's example does",
        ),
        Choice::ForAnyValueIfExists => (
            "contested-for-any-value-if-exists",
            "this hangs on `ForAnyValue:…IfExists` with an absent key; we let IfExists hold, as its definition says, while field reports say AWS ignores it there",
        ),
        Choice::MultivaluedWithoutSet => (
            "contested-multivalued-without-set-operator",
            "this hangs on a multivalued key tested without ForAllValues or ForAnyValue; we say it never matches, since the set operator is documented as required",
        ),
        Choice::UnreadableNegated => (
            "contested-unreadable-value",
            "this hangs on a negated operator whose value cannot be read as what it compares; we take it as \"not equal\", the complement of the positive operator",
        ),
        Choice::DigitsAreEpoch => (
            "contested-bare-year",
            "this hangs on whether bare digits in a date are seconds since 1970 or a year; we read seconds",
        ),
        Choice::EmptyStringIsPresent => (
            "contested-empty-string",
            "this hangs on whether a single-valued key that holds the empty string counts as present for Null; we say it does",
        ),
        Choice::SubstitutedWildcards => (
            "contested-substituted-wildcards",
            "this hangs on a `*` or `?` that came out of a variable's value; we take it literally",
        ),
        Choice::EmptyVariable => (
            "contested-empty-variable",
            "this hangs on a variable whose value is the empty string; we say it has no value",
        ),
        Choice::UnresolvedNotResource => (
            "contested-unresolved-not-resource",
            "this hangs on a NotResource entry whose variable has no value; we follow the text literally: the entry leaves nothing out, so the statement applies",
        ),
        Choice::MfaInRoleSession => (
            "contested-mfa-in-role-session",
            "this hangs on whether a role session carries aws:MultiFactorAuthPresent; the pages disagree, and we give it with the value false unless the context says otherwise",
        ),
        Choice::CrossAccountSession => (
            "contested-cross-account-session",
            "this hangs on whether a session named by its own ARN in another account's policy escapes its session policy; we say only within one account",
        ),
        Choice::RootNeedsKeyPolicy => (
            "contested-root-and-key-policy",
            "this hangs on whether the root user may use a KMS key whose policy does not name the account; we say no, as the KMS guide does",
        ),
    }
}

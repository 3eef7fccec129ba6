//! Remarks on an answer that hangs on a reading of our own, because AWS's documentation is silent or at odds with
//! itself. The numbers are the rows of the table in docs/semantics.md.

use evaluator::{ALL_BUCKETS, Allow, Caller, Choice, ImplicitDeny, Kind, Strength, Verdict};

use crate::Note;
use crate::engine::Answer;

/// What a reader should know about the answer: readings of our own that decided it, and limits of the model.
pub(crate) fn notes(answer: &Answer) -> Vec<Note> {
    let mut notes: Vec<(&str, String)> = Vec::new();
    notes.extend(answer.evaluation.contested.iter().map(|choice| {
        let (code, message) = contested(*choice);
        (code, message.to_owned())
    }));
    let resource = &answer.request.resource;
    if resource.len() > 1 && resource.contains(['*', '?']) && resource != ALL_BUCKETS {
        notes.push((
            "wildcard-in-request",
            format!(
                "the request's resource `{resource}` is taken literally: a wildcard in a request stands for itself"
            ),
        ));
    }
    notes.extend(limits(answer).into_iter().map(|(code, message)| (code, message.to_owned())));
    if answer.evaluation.verdict == Verdict::Allow(Allow::RootOfOwner) {
        notes.push((
            "root-user",
            "use the root user only for the few tasks that need it; nothing but the guardrails holds it back"
                .to_owned(),
        ));
    }
    notes.into_iter().map(|(code, message)| Note { code: code.to_owned(), message }).collect()
}

/// What is not modelled and touches this answer.
fn limits(answer: &Answer) -> Vec<(&'static str, &'static str)> {
    let request = &answer.request;
    let verdict = answer.evaluation.verdict;
    let (service, resource) = (request.service(), request.resource.as_str());
    let mut limits = Vec::new();
    let by_silence = match verdict {
        Verdict::ImplicitDeny(ImplicitDeny::Kind(kind)) => Some(kind),
        _ => None,
    };
    if service == "s3" && verdict == Verdict::Allow(Allow::Resource(Strength::Wildcard)) {
        limits.push((
            "limit-block-public-access",
            "S3 Block Public Access is not modelled; it is on by default and refuses what only a public policy grants",
        ));
    }
    if service == "s3" && by_silence == Some(Kind::Resource) {
        limits.push((
            "limit-access-control-lists",
            "S3 access control lists are not modelled; where a bucket still uses them, one could allow it",
        ));
    }
    if resource.starts_with("arn:aws") && resource.contains(":accesspoint/") {
        limits.push((
            "limit-access-points",
            "through an access point both its own policy and the bucket's must allow; only one resource is asked about here",
        ));
    }
    let is_key = service == "kms" && resource.contains(":key/");
    let grantable = [Kind::KeyPolicy, Kind::Identity, Kind::PermissionsBoundary, Kind::Session];
    if is_key && by_silence.is_some_and(|kind| grantable.contains(&kind)) {
        limits.push(("limit-kms-grants", "KMS grants are not modelled; a grant on the key could still allow it"));
    }
    if is_key && matches!(verdict, Verdict::ExplicitDeny(deny) if deny.kind == Kind::Rcp) {
        limits.push((
            "limit-managed-keys",
            "whose a key is cannot be seen from its ARN: a resource control policy does not bind keys that AWS manages",
        ));
    }
    if request.action.eq_ignore_ascii_case("ec2:RunInstances") {
        limits.push((
            "limit-several-resources",
            "AWS asks about every resource of this call (instance, image, subnet, network interface, …), and about \
             `iam:PassRole` where an instance profile is given; each must be allowed, and the answer here is about the one \
             given",
        ));
    }
    let assumed_root = request.context.get("aws:AssumedRoot").and_then(|entry| entry.values.first());
    if matches!(request.caller, Caller::Root { .. }) && assumed_root.is_some_and(|assumed| assumed == "true") {
        limits.push((
            "limit-task-policy",
            "a session from sts:AssumeRoot may do only what its task policy allows, which is not modelled",
        ));
    }
    limits
}

/// The slug and the remark for a reading that decided the answer.
fn contested(choice: Choice) -> (&'static str, &'static str) {
    match choice {
        Choice::VersionAbsent => (
            "contested-version-absent",
            "this hangs on a policy without `Version`; we read `${…}` in it as plain text, as the rules of 2008-10-17 have it, while the policy checks call 2012-10-17 the default",
        ),
        Choice::ScpActionCase => (
            "contested-scp-action-case",
            "this hangs on the case of an action in a service or resource control policy; we say it does not count, while an old page said it does",
        ),
        Choice::ArnFieldCase => (
            "contested-arn-case",
            "this hangs on capitals in the first five fields of an ARN; we say that case counts there as well, which AWS does not say",
        ),
        Choice::ListAllMyBuckets => (
            "contested-list-all-my-buckets",
            "this hangs on what `s3:ListAllMyBuckets` is asked about; we say `arn:aws:s3:::*`, so that this and `*` both cover it, while one page of AWS says only `*` does",
        ),
        Choice::BoolVariable => (
            "contested-bool-variable",
            "this hangs on whether variables work under Bool; we read them as plain text, as the page of variables does, while the page of operators lists them once",
        ),
        Choice::Ipv6WithoutPrefix => (
            "contested-ipv6-without-prefix",
            "this hangs on an IPv6 address without a prefix; we read it as that one address, while AWS states /32 for any address",
        ),
        Choice::BucketNamesAccount => (
            "contested-bucket-names-account",
            "this hangs on a bucket policy that names the bucket's own account; we say it leaves the answer to the account's own policies, as for any other resource",
        ),
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
        Choice::FoldsBeyondAscii => (
            "contested-case-beyond-ascii",
            "this hangs on whether operators that ignore case do so for letters beyond a to z, such as Ä and ä; we say they do, which AWS does not say",
        ),
        Choice::RootNeedsKeyPolicy => (
            "contested-root-and-key-policy",
            "this hangs on whether the root user may use a KMS key whose policy does not name the account; we say no, as the KMS guide does",
        ),
    }
}

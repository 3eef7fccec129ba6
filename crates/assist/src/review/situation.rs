//! Findings that need the scenario: who asks, for what, and which other policies there are.

use evaluator::{Caller, Request};
use playground::{InputKind, PreparedPolicy};
use policy::arn::Arn;
use policy::edit::replace;
use policy::template::{Part, split};
use policy::{Diagnostic, Effect, Polarity, PolicyKind, ResourceType, Span, Statement};

/// The findings in the policy at `at` that its document alone does not show.
pub(super) fn findings(policies: &[PreparedPolicy], at: usize, request: Option<&Request>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(policy) = policies.get(at) else {
        return found;
    };
    found.extend(limit_without_grant(policies, policy));
    found.extend(too_many(policies, policy));
    if let Some(request) = request {
        found.extend(one_side(policies, policy, request));
        for statement in &policy.parsed.document.statements {
            user_name(policy, statement, request, &mut found);
            path_left_out(statement, request, &mut found);
        }
        found.extend(other_bucket(policy, request));
    }
    found
}

fn grants(policy: &PreparedPolicy) -> bool {
    matches!(policy.input_kind, InputKind::Identity | InputKind::Resource)
}

fn first_allow(policy: &PreparedPolicy) -> Option<Span> {
    let effects = policy.parsed.document.statements.iter().filter_map(|statement| statement.effect.as_ref());
    effects.filter(|effect| effect.value == Effect::Allow).map(|effect| effect.span).next()
}

/// Boundaries, session policies and those of an organization allow nothing by themselves.
fn limit_without_grant(policies: &[PreparedPolicy], policy: &PreparedPolicy) -> Option<Diagnostic> {
    let limits = !grants(policy) && policy.input_kind != InputKind::VpcEndpoint && policy.kind != PolicyKind::Rcp;
    if !limits || policies.iter().any(grants) {
        return None;
    }
    let message = format!("{} grants nothing, and no policy here does", policy.kind.name_with_article());
    Some(Diagnostic::warning("limit-without-grant", first_allow(policy)?, message).help(
        "it only says how far other policies may go: add an identity-based or a resource-based policy that allows it",
    ))
}

/// How many policies AWS attaches. <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const MOST_BOUNDARIES: usize = 1;
const MOST_ON_LEVEL: usize = 10;
/// The root, five levels of organizational units, and the account.
const MOST_LEVELS: usize = 7;

/// More policies of a kind than AWS attaches: said of the first one too many.
fn too_many(policies: &[PreparedPolicy], policy: &PreparedPolicy) -> Option<Diagnostic> {
    let alike = policies.iter().filter(|other| other.input_kind == policy.input_kind && other.index < policy.index);
    let before: Vec<_> = alike.collect();
    let place = |text: &PreparedPolicy| text.parsed.document.statements.first().map(|statement| statement.span);
    let warn = |message: String, help: &str| {
        Some(Diagnostic::warning("too-many-policies", place(policy)?, message).help(help))
    };
    match policy.input_kind {
        InputKind::PermissionsBoundary if before.len() == MOST_BOUNDARIES => warn(
            "a user or role has one permissions boundary, and this is another".to_owned(),
            "put both into one policy",
        ),
        InputKind::Scp => {
            let mut levels: Vec<_> = before.iter().map(|other| other.target.as_deref()).collect();
            let on_level = levels.iter().filter(|level| **level == policy.target.as_deref()).count();
            levels.sort_unstable();
            levels.dedup();
            if on_level == MOST_ON_LEVEL {
                return warn(
                    format!(
                        "AWS attaches {MOST_ON_LEVEL} service control policies to a root, unit or account, and this is one more"
                    ),
                    "put several into one policy",
                );
            }
            if on_level == 0 && levels.len() == MOST_LEVELS {
                return warn(
                    format!("an organization has {MOST_LEVELS} levels at most, and this policy is on one more"),
                    "the root, up to five levels of organizational units, and the account",
                );
            }
            None
        }
        _ => None,
    }
}

/// Across accounts both sides must allow.
fn one_side(policies: &[PreparedPolicy], policy: &PreparedPolicy, request: &Request) -> Option<Diagnostic> {
    let (own, other) = (request.caller.account()?, request.resource_account.as_deref()?);
    if own == other || !grants(policy) {
        return None;
    }
    let (absent, sentence, help) = match policy.input_kind {
        InputKind::Identity => (
            InputKind::Resource,
            format!("the resource belongs to another account, `{other}`, whose side says nothing here"),
            "add the resource's own policy, which must allow the caller too",
        ),
        _ => (
            InputKind::Identity,
            format!("the caller belongs to another account, `{own}`, whose side says nothing here"),
            "add an identity-based policy of the caller, which must allow it too",
        ),
    };
    let same_kind = |other: &&PreparedPolicy| other.input_kind == policy.input_kind;
    let first = policies.iter().find(same_kind).is_some_and(|first| first.index == policy.index);
    if !first || policies.iter().any(|policy| policy.input_kind == absent) {
        return None;
    }
    Some(Diagnostic::info("one-side-only", first_allow(policy)?, sentence).help(help))
}

/// Only users have a name.
fn user_name(policy: &PreparedPolicy, statement: &Statement, request: &Request, found: &mut Vec<Diagnostic>) {
    let of_caller = matches!(policy.kind, PolicyKind::Identity | PolicyKind::PermissionsBoundary | PolicyKind::Session);
    let who = match &request.caller {
        Caller::RoleSession { .. } => "a role's session",
        Caller::FederatedUser { .. } => "a federated user",
        _ => return,
    };
    // Whoever gives the key by hand has reasons.
    if !of_caller || request.context.get("aws:username").is_some() {
        return;
    }
    let resources = statement.resource.iter().flat_map(|clause| &clause.entries);
    let texts = resources.map(|entry| (entry.value.as_str(), entry.span));
    let supported = statement
        .conditions
        .iter()
        .filter(|condition| condition.operator.is_some_and(|operator| operator.base.variables()))
        .flat_map(|condition| &condition.values)
        .map(|value| (value.text.as_str(), value.span));
    let named = |text: &str| {
        split(text).any(|part| {
            matches!(part, Part::Variable { key, default: None, .. } if key.eq_ignore_ascii_case("aws:username"))
        })
    };
    for (text, span) in texts.chain(supported).filter(|(text, _)| named(text)) {
        found.push(
            Diagnostic::warning(
                "user-name-of-session",
                span,
                format!("{who} has no `aws:username`: `{text}` matches nothing for this caller"),
            )
            .help("use a tag of the caller, such as `${aws:PrincipalTag/name}`, or `${aws:userid}`"),
        );
    }
}

/// `role/Deploy` is another role than `role/app/Deploy`.
fn path_left_out(statement: &Statement, request: &Request, found: &mut Vec<Diagnostic>) {
    let Some(whole) = request.caller.principal_arn() else {
        return;
    };
    let Some(without) = without_path(whole) else {
        return;
    };
    let principals = statement.principal.iter().flat_map(|clause| &clause.entries);
    let principals = principals.map(|entry| (entry.value.as_str(), entry.span));
    let compared = statement
        .conditions
        .iter()
        .filter(|condition| condition.key.value.eq_ignore_ascii_case("aws:PrincipalArn"))
        .flat_map(|condition| &condition.values)
        .map(|value| (value.text.as_str(), value.span));
    for (_, span) in principals.chain(compared).filter(|(text, _)| *text == without) {
        found.push(
            Diagnostic::warning("path-left-out", span, format!("the caller is `{whole}`: a path is part of the ARN"))
                .help("write the ARN with the path")
                .fix(format!("replace with `{whole}`"), replace(span, whole)),
        );
    }
}

/// The ARN of a user or role without its path; `None` where it has none.
fn without_path(arn: &str) -> Option<String> {
    let split = Arn::split(arn).filter(|arn| arn.service == "iam")?;
    let (sort, rest) = split.resource.split_once('/')?;
    let (_, name) = rest.rsplit_once('/')?;
    Some(format!("arn:{}:iam::{}:{sort}/{name}", split.partition, split.account))
}

/// A bucket's policy is about that bucket.
fn other_bucket(policy: &PreparedPolicy, request: &Request) -> Option<Diagnostic> {
    if policy.kind != PolicyKind::Resource(ResourceType::Bucket) {
        return None;
    }
    let own = bucket(&request.resource)?;
    let statements = &policy.parsed.document.statements;
    let plain = statements.iter().filter_map(|statement| statement.resource.as_ref());
    let entries: Vec<_> =
        plain.filter(|clause| clause.polarity == Polarity::Is).flat_map(|clause| &clause.entries).collect();
    let other = entries.iter().find(|entry| bucket(&entry.value).is_some_and(|named| named != own))?;
    let about_own = |text: &str| bucket(text).is_none_or(|named| named == own);
    if entries.iter().any(|entry| about_own(&entry.value)) {
        return None;
    }
    let named = bucket(&other.value).unwrap_or("");
    let finding = Diagnostic::warning(
        "other-bucket",
        other.span,
        format!("this policy is attached to the bucket `{own}`, and speaks of `{named}` only"),
    )
    .help(format!("name `{own}`: AWS refuses a bucket policy about another bucket"));
    let meant = other.value.replacen(&format!(":::{named}"), &format!(":::{own}"), 1);
    Some(match entries.as_slice() {
        [_] => finding.fix(format!("replace with `{meant}`"), replace(other.span, &meant)),
        _ => finding,
    })
}

/// The bucket that an ARN names, where it names one without wildcards.
fn bucket(arn: &str) -> Option<&str> {
    let arn = Arn::split(arn).filter(|arn| arn.service == "s3" && arn.region.is_empty())?;
    let name = arn.resource.split('/').next()?;
    (!name.is_empty() && !name.contains(['*', '?', '$'])).then_some(name)
}

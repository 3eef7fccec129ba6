//! The one sentence that says why, and its slug.

use evaluator::{Allow, Caller, Evaluation, ImplicitDeny, Kind, ServiceRule, StatementId, Strength, Verdict, Why};

use super::{Words, either};

/// The stable slug of a verdict.
pub(crate) fn code(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Allow(allow) => match allow {
            Allow::Always => "allowed-always",
            Allow::RootOfOwner => "allowed-root-of-owner",
            Allow::Identity { .. } => "allowed-by-identity",
            Allow::Resource(Strength::Wildcard) => "allowed-by-resource-wildcard",
            Allow::Resource(Strength::Entity) => "allowed-by-resource-entity",
            Allow::Resource(_) => "allowed-by-resource-direct",
            Allow::Service => "allowed-by-resource-service",
            Allow::IdentityAndResource => "allowed-by-identity-and-resource",
        }
        .to_owned(),
        Verdict::ExplicitDeny(deny) => format!("explicit-deny-{}", kind_slug(deny.kind)),
        Verdict::ImplicitDeny(deny) => match deny {
            ImplicitDeny::Kind(kind) => format!("implicit-deny-{}", kind_slug(*kind)),
            ImplicitDeny::Scp { .. } => "implicit-deny-scp".to_owned(),
            ImplicitDeny::Partition => "implicit-deny-partition".to_owned(),
            ImplicitDeny::ServiceRule(_) => "implicit-deny-service-rule".to_owned(),
        },
    }
}

fn kind_slug(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "identity",
        Kind::Resource => "resource",
        Kind::Trust => "trust",
        Kind::KeyPolicy => "key-policy",
        Kind::PermissionsBoundary => "permissions-boundary",
        Kind::Session => "session",
        Kind::Scp => "scp",
        Kind::Rcp => "rcp",
        Kind::VpcEndpoint => "vpc-endpoint",
    }
}

/// The sentence. `allows` are the matching `Allow` statements, `near` a statement of the kind that fails whose other
/// elements all match, with the element that does not.
pub(crate) fn message(
    words: &Words<'_>,
    evaluation: &Evaluation,
    allows: &[StatementId],
    near: Option<(StatementId, &'static str)>,
) -> String {
    match &evaluation.verdict {
        Verdict::Allow(allow) => allowed(words, *allow, allows, evaluation),
        Verdict::ExplicitDeny(deny) => {
            let statement = words.statement(deny.statement);
            let kind = kind_name(words, deny.kind);
            let but = if allows.is_empty() { "" } else { ", whatever other policies allow" };
            format!("{statement}, {kind}, denies `{}`; an explicit deny always wins{but}", words.action())
        }
        Verdict::ImplicitDeny(deny) => {
            let mut sentence = implicit(words, *deny, allows);
            if let Some((id, element)) = near {
                let statement = words.statement(id);
                sentence.push_str(&format!("; {statement} comes close: only its `{element}` does not match"));
            }
            sentence
        }
    }
}

/// A kind with its article.
fn kind_name(words: &Words<'_>, kind: Kind) -> String {
    match kind {
        Kind::Identity => "an identity-based policy".to_owned(),
        Kind::Resource => format!("the {}", words.resource_policy()),
        Kind::Trust => "the role trust policy".to_owned(),
        Kind::KeyPolicy => "the key policy".to_owned(),
        Kind::PermissionsBoundary => "the permissions boundary".to_owned(),
        Kind::Session => "a session policy".to_owned(),
        Kind::Scp => "a service control policy".to_owned(),
        Kind::Rcp => "a resource control policy".to_owned(),
        Kind::VpcEndpoint => "the VPC endpoint policy".to_owned(),
    }
}

fn allowed(words: &Words<'_>, allow: Allow, allows: &[StatementId], evaluation: &Evaluation) -> String {
    let action = words.action();
    let of_kind = |kind: fn(Kind) -> bool| -> Vec<StatementId> {
        let is = |id: &&StatementId| words.policies.get(id.policy).is_some_and(|policy| kind(policy.kind));
        allows.iter().filter(is).copied().collect()
    };
    let (identity, resource) = (of_kind(|kind| kind == Kind::Identity), of_kind(Kind::is_resource_based));
    let verb = |ids: &[StatementId]| either(ids.len(), "allows", "allow");
    let names = either(resource.len(), "names", "name");
    let (identity_allows, resource_allows) = (verb(&identity), verb(&resource));
    let made_by_root = identity.is_empty() && words.request.caller.is_made_by_root();
    let identity =
        if made_by_root { "the root user, who made this session,".to_owned() } else { words.statements(&identity) };
    let resource = words.statements(&resource);
    let kind = words.resource_policy();
    match allow {
        Allow::Always => {
            format!(
                "{} cannot be refused `{action}`: it needs no permission, and no policy can deny it",
                words.caller()
            )
        }
        Allow::RootOfOwner => {
            let spared = evaluation.stages.iter().any(|stage| stage.why == Why::DenyDoesNotBindRoot);
            let but = if spared {
                "the deny of the bucket policy does not bind it here, so that nobody locks themselves out"
            } else {
                "only a service control policy, a resource control policy or a deny in the resource's own policy could \
                 stop it"
            };
            format!("{} may do everything in its own account; {but}", words.caller())
        }
        Allow::Identity { delegated: false } => {
            format!("{identity} {identity_allows} `{action}`, and nothing denies it")
        }
        Allow::Identity { delegated: true } => format!(
            "{identity} {identity_allows} `{action}`, and nothing denies it; the {kind} names the whole account, which leaves the \
             answer to the account's own policies"
        ),
        Allow::Resource(Strength::Wildcard) if matches!(words.request.caller, Caller::Anonymous) => {
            format!(
                "{resource}, the {kind}, {resource_allows} `{action}` for everyone, so even for a request that nobody signed"
            )
        }
        Allow::Resource(Strength::Wildcard) => {
            let within = if words.request.is_same_account() { "within the account " } else { "" };
            format!(
                "{resource}, the {kind}, {resource_allows} `{action}` for everyone; {within}that is enough, no \
                 identity-based policy is needed"
            )
        }
        Allow::Resource(Strength::Entity) => format!(
            "{resource}, the {kind}, {resource_allows} `{action}` for {}; that is enough without an identity-based policy, while a \
             permissions boundary or session policy would still limit it",
            entity(words)
        ),
        Allow::Resource(Strength::Direct) if matches!(words.request.caller, Caller::Federated { .. }) => format!(
            "{resource}, the {kind}, {resource_allows} `{action}` for {}; who comes with a token needs nothing else",
            words.caller()
        ),
        Allow::Resource(Strength::Direct) => format!(
            "{resource}, the {kind}, {names} {} itself and {resource_allows} `{action}`; within the account that is \
             enough, no identity-based policy is needed",
            words.caller()
        ),
        Allow::Resource(_) => format!("{resource}, the {kind}, {resource_allows} `{action}` for the caller's account"),
        Allow::Service => {
            format!(
                "{resource}, the {kind}, {names} {} and {resource_allows} `{action}`; a service needs nothing else",
                words.caller()
            )
        }
        Allow::IdentityAndResource => {
            let (from, to) = words.accounts();
            format!(
                "both sides allow `{action}`: {identity} in {from}, and {resource} in {to}; across accounts both are \
                 needed"
            )
        }
    }
}

fn entity(words: &Words<'_>) -> &'static str {
    match words.request.caller {
        Caller::FederatedUser { .. } => "the user who made this federated session",
        _ => "the role of this session",
    }
}

fn implicit(words: &Words<'_>, deny: ImplicitDeny, allows: &[StatementId]) -> String {
    let action = words.action();
    let of_identity =
        |id: &StatementId| words.policies.get(id.policy).is_some_and(|policy| policy.kind == Kind::Identity);
    // What boundary and session policy stand over: else it is a grant to the role or user behind the session.
    let would_allow = if allows.iter().any(of_identity) || words.request.caller.is_made_by_root() {
        format!("{}'s policies would", words.holder())
    } else {
        format!("the {} would", words.resource_policy())
    };
    let caller = words.caller();
    let kind = words.resource_policy();
    let (from, to) = words.accounts();
    let across = !words.request.is_same_account() && words.request.caller.account().is_some();
    match deny {
        ImplicitDeny::Scp { level } => format!(
            "no service control policy on {} allows `{action}`; every level from the root down to the account must \
             allow it, and a service control policy never grants anything by itself",
            words.level(level)
        ),
        ImplicitDeny::Partition => {
            "caller and resource are in different partitions of AWS, and no policy reaches across those".to_owned()
        }
        ImplicitDeny::ServiceRule(rule) => service_rule(words, rule),
        ImplicitDeny::Kind(Kind::Identity) if across => format!(
            "{caller} is in {from}, the resource in {to}; across accounts both sides must allow, and no identity-based \
             policy of the caller allows `{action}`"
        ),
        ImplicitDeny::Kind(Kind::Identity) => {
            let none = if words.has(|kind| kind == Kind::Identity) {
                format!("no identity-based policy of {caller} allows `{action}` on this resource")
            } else {
                format!("{caller} has no identity-based policies")
            };
            format!("{none}, and nothing else grants it; what is not allowed is denied")
        }
        ImplicitDeny::Kind(Kind::PermissionsBoundary) => format!(
            "{would_allow} allow `{action}`, but the {}; a boundary is a ceiling, only what both allow gets through",
            words.do_not(Kind::PermissionsBoundary, "permissions boundary", "permissions boundaries")
        ),
        ImplicitDeny::Kind(Kind::Session) if words.has(|kind| kind == Kind::Session) => format!(
            "{would_allow} allow `{action}`, but the {}; a session policy can only narrow what the session may do",
            words.do_not(Kind::Session, "session policy", "session policies")
        ),
        ImplicitDeny::Kind(Kind::Session) => format!(
            "{caller} was given no session policy; a federated-user session may do only what a session policy and the \
             user's own policies both allow"
        ),
        ImplicitDeny::Kind(Kind::Trust) => format!(
            "no statement of the role's trust policy lets {caller} use `{action}`; a role's trust policy must always say \
             who may assume it"
        ),
        ImplicitDeny::Kind(Kind::KeyPolicy) => format!(
            "no statement of the key policy allows `{action}` for {caller}; a KMS key can be used only if its own key \
             policy says yes, if only by naming the account"
        ),
        ImplicitDeny::Kind(Kind::VpcEndpoint) => format!(
            "the request goes through a VPC endpoint whose {} allow `{action}` on this resource; an endpoint policy is a \
             gate, it must allow what passes",
            words.do_not(Kind::VpcEndpoint, "policy", "policies")
        ),
        ImplicitDeny::Kind(Kind::Resource) if across => format!(
            "{caller} is in {from}, the resource in {to}; across accounts both sides must allow, and no {kind} on the \
             resource's side allows `{action}` for this caller"
        ),
        ImplicitDeny::Kind(Kind::Resource) => {
            let none = if words.has(Kind::is_resource_based) {
                format!("no statement of the {kind} allows `{action}` for {caller}")
            } else {
                format!("the resource has no {kind}")
            };
            format!("{none}, and {caller} has no identity-based policies that could")
        }
        ImplicitDeny::Kind(Kind::Scp | Kind::Rcp) => format!("no policy of the organization allows `{action}`"),
    }
}

pub(super) fn service_rule(words: &Words<'_>, rule: ServiceRule) -> String {
    let action = words.action();
    match rule {
        ServiceRule::SessionMakesNoSession => {
            format!("temporary credentials cannot call `{action}`; the token service refuses, whatever policies say")
        }
        ServiceRule::FederatedUserCallsIam => {
            "credentials from GetFederationToken cannot call IAM, whatever policies say".to_owned()
        }
        ServiceRule::FederatedUserCallsSts => {
            "credentials from GetFederationToken can call nothing of the token service but GetCallerIdentity, whatever \
             policies say"
                .to_owned()
        }
        ServiceRule::RootAssumesNoRole => {
            "the root user cannot assume a role; only users and roles can, whatever the trust policy says".to_owned()
        }
    }
}

//! The stages in words.

use evaluator::{Caller, NotApplicable, Stage, StageResult, Strength, Why};

use super::{Words, verdict};

/// The stage's name in reports.
pub(crate) fn stage_id(stage: Stage) -> &'static str {
    match stage {
        Stage::ExplicitDeny => "explicitDeny",
        Stage::Rcp => "rcp",
        Stage::Scp => "scp",
        Stage::VpcEndpoint => "vpcEndpoint",
        Stage::Resource => "resource",
        Stage::Identity => "identity",
        Stage::PermissionsBoundary => "permissionsBoundary",
        Stage::Session => "session",
    }
}

/// The stage's heading.
pub(crate) fn stage_title(words: &Words<'_>, stage: Stage) -> String {
    match stage {
        Stage::ExplicitDeny => "Explicit deny in any policy".to_owned(),
        Stage::Rcp => "Resource control policies".to_owned(),
        Stage::Scp => "Service control policies".to_owned(),
        Stage::VpcEndpoint => "VPC endpoint policy".to_owned(),
        Stage::Resource => {
            let name = words.resource_policy();
            let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
            format!("{}{rest}", first.to_ascii_uppercase())
        }
        Stage::Identity => "Identity-based policies".to_owned(),
        Stage::PermissionsBoundary => "Permissions boundary".to_owned(),
        Stage::Session => "Session policies".to_owned(),
    }
}

/// What happened at a stage.
pub(crate) fn stage_message(words: &Words<'_>, result: &StageResult) -> String {
    let statements = || words.statements(&result.statements);
    let allow = || words.statements_do(&result.statements, "allows it", "allow it");
    let action = words.action();
    let kind = words.resource_policy();
    match result.why {
        Why::NoPolicy => match result.stage {
            Stage::Rcp => "the scenario has no resource control policies".to_owned(),
            Stage::Scp => "the scenario has no service control policies".to_owned(),
            Stage::VpcEndpoint => "the request does not go through a VPC endpoint with a policy".to_owned(),
            Stage::Resource => format!("the resource has no {kind}"),
            Stage::PermissionsBoundary => format!("{} has no permissions boundary", words.holder()),
            Stage::Session => "no session policy was passed".to_owned(),
            Stage::Identity | Stage::ExplicitDeny => "no policies are attached".to_owned(),
        },
        Why::NotApplicable(reason) => not_applicable(reason).to_owned(),
        Why::NoDeny => "no Deny statement of any policy matches the request".to_owned(),
        Why::Denies if result.stage == Stage::ExplicitDeny => {
            words.statements_do(&result.statements, "denies it", "deny it")
        },
        Why::Denies => "a Deny statement here matches; it was found at the first stage".to_owned(),
        Why::DenyDoesNotBindRoot => {
            "a Deny of the bucket policy matches, but the owner's root user may always read, replace and delete a bucket \
             policy"
                .to_owned()
        }
        Why::Passes => match result.stage {
            Stage::Rcp => "no resource control policy stands in the way".to_owned(),
            Stage::Scp => format!("every level allows `{action}`: {}", statements()),
            Stage::VpcEndpoint => format!("the endpoint lets it pass: {}", statements()),
            _ => format!("lets it pass: {}", statements()),
        },
        Why::LevelWithoutAllow(level) => format!("no service control policy on {} allows `{action}`", words.level(level)),
        Why::NothingAllows => match result.stage {
            Stage::Resource if words.has(evaluator::Kind::is_resource_based) => {
                format!("no statement of the {kind} allows `{action}` for {}", words.caller())
            }
            Stage::Resource => format!("the resource has no {kind}, and one that allows this is needed"),
            Stage::Identity => format!("no identity-based policy allows `{action}` on this resource"),
            Stage::PermissionsBoundary => {
                format!("the permissions boundary does not allow `{action}`; a boundary is a ceiling")
            }
            Stage::Session => format!("no session policy allows `{action}`; a session policy can only narrow"),
            _ => format!("nothing here allows `{action}`"),
        },
        Why::TokenCannotAsk => format!(
            "{} can only exchange it for a session of a role; `{action}` wants a request signed with credentials of AWS",
            words.caller()
        ),
        Why::NothingAllowsNotNeeded => match result.stage {
            Stage::Identity => format!("nothing here allows `{action}`, and nothing needs to: the {kind} grants it"),
            _ => format!("does not allow `{action}`, but does not limit what the {kind} grants the caller itself"),
        },
        Why::NothingAllowsIdentityMay if matches!(words.request.caller, Caller::Root { .. }) => {
            format!("the {kind} does not allow it, and the root user of the account needs no grant")
        }
        Why::NothingAllowsIdentityMay => {
            format!("the {kind} does not allow it for this caller; the caller's own policies still may")
        }
        Why::Grants(strength) => {
            let whom = match strength {
                Strength::Wildcard => "everyone".to_owned(),
                Strength::Entity => "the role or user behind this session".to_owned(),
                Strength::Account => "the caller's account".to_owned(),
                Strength::Direct | Strength::None => words.caller(),
            };
            format!("{} for {whom}", allow())
        }
        Why::Delegates => format!(
            "{} for the whole account, which only hands the question to the account's own policies",
            allow()
        ),
        Why::OneSide => {
            let (from, to) = words.accounts();
            let side = if result.stage == Stage::Resource { to } else { from };
            format!("{} on the side of {side}; across accounts both sides must", allow())
        }
        Why::Allows | Why::AllowsToo => allow(),
        Why::RootOfOwner => "the root user needs no grant in its own account".to_owned(),
        Why::AlwaysAllowed => match result.stage {
            Stage::Identity => format!("`{action}` needs no permission and cannot be denied"),
            _ => "not asked".to_owned(),
        },
        Why::ServiceRule(rule) => verdict::service_rule(words, rule),
        Why::Partition => "caller and resource are in different partitions of AWS".to_owned(),
        Why::FederatedWithoutSessionPolicy => {
            "a federated-user session without a session policy may do nothing by itself".to_owned()
        }
    }
}

/// Why a policy has no part in the request.
pub(crate) fn not_applicable(reason: NotApplicable) -> &'static str {
    match reason {
        NotApplicable::Root => "the root user has no identity-based policies and no permissions boundary",
        NotApplicable::NoIdentity => "such a caller has no identity-based policies and no permissions boundary",
        NotApplicable::NoSession => "only sessions of roles and federated users have session policies",
        NotApplicable::NoAccount => {
            "service control policies bind the users and roles of member accounts; this caller is in none"
        }
        NotApplicable::ServiceLinkedRole => "service-linked roles are bound by no service or resource control policy",
        NotApplicable::ManagementAccount => {
            "service control policies do not bind the organization's management account"
        }
        NotApplicable::ManagementAccountResource => {
            "resource control policies do not bind resources of the organization's management account"
        }
        NotApplicable::ServiceWithoutRcp => "resource control policies do not cover this service",
        NotApplicable::RetireGrant => "resource control policies do not bind kms:RetireGrant",
        NotApplicable::OtherAccount => "the policy is attached to another account",
        NotApplicable::ViaService => "what a service calls for the caller does not go through the endpoint",
    }
}

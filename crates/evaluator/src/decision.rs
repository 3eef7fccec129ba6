//! The decision: from the statements that match to allowed or denied, in AWS's order.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
//!
//! 1. A matching `Deny` of any kind denies. 2. Guardrails (RCP, SCP, VPC endpoint) must let the request pass.
//! 3. A grant: in one account a resource-based policy or an identity-based policy, held to boundary and session
//!    policy; across accounts both sides.

use crate::facts::{self, Facts};
use crate::principal::Strength;
use crate::{Caller, Choice, Readings, Request, Touched};

/// The kinds of policy as the decision tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Identity-based policy.
    Identity,
    /// Resource-based policy of an ordinary resource.
    Resource,
    /// Role trust policy.
    Trust,
    /// KMS key policy.
    KeyPolicy,
    /// Permissions boundary.
    PermissionsBoundary,
    /// Session policy.
    Session,
    /// Service control policy.
    Scp,
    /// Resource control policy.
    Rcp,
    /// VPC endpoint policy.
    VpcEndpoint,
}

impl Kind {
    /// Whether it is attached to the resource.
    pub fn is_resource_based(self) -> bool {
        matches!(self, Self::Resource | Self::Trust | Self::KeyPolicy)
    }
}

/// A statement: the place of its policy in the list, and its own place in the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId {
    /// The policy, from 0.
    pub policy: usize,
    /// The statement, from 0.
    pub statement: usize,
}

/// The three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Something that counts allows, nothing denies.
    Allowed,
    /// Nothing that counts allows.
    ImplicitDeny,
    /// A `Deny` matches.
    ExplicitDeny,
}

/// Why a request is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Allow {
    /// No permission is needed for it.
    Always,
    /// The root user of the account that owns the resource.
    RootOfOwner,
    /// The caller's identity-based policies; the resource's policy may have delegated to the account.
    Identity {
        /// Whether a resource-based policy names the account.
        delegated: bool,
    },
    /// The resource's policy by itself, and how closely it names the caller.
    Resource(Strength),
    /// The resource's policy names the service.
    Service,
    /// Across accounts: both sides.
    IdentityAndResource,
}

/// A matching `Deny`: the first in the order of the kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExplicitDeny {
    /// In which kind of policy.
    pub kind: Kind,
    /// Which statement.
    pub statement: StatementId,
}

/// Why nothing that counts allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImplicitDeny {
    /// No policy of this kind allows.
    Kind(Kind),
    /// No SCP of this level allows.
    Scp {
        /// The level, from the root (0).
        level: usize,
    },
    /// Caller and resource are in different partitions.
    Partition,
    /// The service itself refuses such callers, whatever policies say.
    ServiceRule(ServiceRule),
}

/// Refusals that no policy expresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceRule {
    /// Sessions cannot call `sts:GetSessionToken` or `sts:GetFederationToken`.
    SessionMakesNoSession,
    /// Federated-user sessions cannot call IAM.
    FederatedUserCallsIam,
    /// Federated-user sessions can call nothing of STS but `GetCallerIdentity`.
    FederatedUserCallsSts,
    /// The root user cannot assume roles.
    RootAssumesNoRole,
}

/// The decision and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Allowed.
    Allow(Allow),
    /// Denied by a statement.
    ExplicitDeny(ExplicitDeny),
    /// Denied because nothing that counts allows.
    ImplicitDeny(ImplicitDeny),
}

impl Verdict {
    /// The bare answer.
    pub fn decision(&self) -> Decision {
        match self {
            Self::Allow(_) => Decision::Allowed,
            Self::ExplicitDeny(_) => Decision::ExplicitDeny,
            Self::ImplicitDeny(_) => Decision::ImplicitDeny,
        }
    }
}

/// Why a policy has no part in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotApplicable {
    /// The root user has no identity policies and no boundary.
    Root,
    /// Services, providers and anonymous callers have no identity policies.
    NoIdentity,
    /// Only role and federated sessions have session policies.
    NoSession,
    /// The caller is in no account, so no SCP binds it.
    NoAccount,
    /// SCPs and RCPs do not bind service-linked roles.
    ServiceLinkedRole,
    /// SCPs do not bind the management account.
    ManagementAccount,
    /// RCPs do not bind resources of the management account.
    ManagementAccountResource,
    /// RCPs do not bind the service.
    ServiceWithoutRcp,
    /// RCPs do not bind `kms:RetireGrant`.
    RetireGrant,
    /// The policy is attached to another account.
    OtherAccount,
    /// A call that a service makes for the caller does not go through the caller's VPC endpoint.
    ViaService,
}

/// A statement that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Matched {
    pub(crate) id: StatementId,
    pub(crate) kind: Kind,
    pub(crate) level: usize,
    pub(crate) allows: bool,
    pub(crate) strength: Strength,
}

/// Decides from the statements that match.
pub(crate) fn judge(facts: &Facts, request: &Request, readings: Readings, touched: &mut Touched) -> Verdict {
    use ImplicitDeny::Kind as By;
    use Verdict::{Allow as Allowed, ImplicitDeny as Denied};

    if is_always_allowed(request) {
        return Allowed(Allow::Always);
    }
    if let Some(deny) = facts.explicit_deny {
        return Verdict::ExplicitDeny(deny);
    }
    if let Some(rule) = service_rule(request) {
        return Denied(ImplicitDeny::ServiceRule(rule));
    }
    if facts::crosses_partitions(request) {
        return Denied(ImplicitDeny::Partition);
    }
    if let Some(level) = facts.scp_gap {
        return Denied(ImplicitDeny::Scp { level });
    }
    if facts.vpc_endpoint == Some(false) {
        return Denied(By(Kind::VpcEndpoint));
    }
    match &request.caller {
        Caller::User { .. } | Caller::RoleSession { .. } | Caller::FederatedUser { .. } if facts.same_account => {
            grant_in_one_account(facts, request, readings, touched)
        }
        Caller::User { .. } | Caller::RoleSession { .. } | Caller::FederatedUser { .. } => {
            grant_across_accounts(facts, &request.caller, readings, touched)
        }
        Caller::Root { .. } if facts.same_account => grant_root(facts, readings, touched),
        Caller::Service { .. } if facts.resource == Strength::Direct => Allowed(Allow::Service),
        _ if is_token_misused(request) => Denied(By(facts.resource_kind)),
        // Root users of other accounts, services, tokens and anonymous callers have only what the resource grants.
        _ if facts.resource > Strength::None => Allowed(Allow::Resource(facts.resource)),
        _ => Denied(By(facts.resource_kind)),
    }
}

fn grant_in_one_account(facts: &Facts, request: &Request, readings: Readings, touched: &mut Touched) -> Verdict {
    let denied = |kind| Verdict::ImplicitDeny(ImplicitDeny::Kind(kind));
    let bucket_names_account = facts.resource == Strength::Account && request.service() == "s3";
    touched.add_if(bucket_names_account, Choice::BucketNamesAccount);
    if facts.resource_grants_alone() || bucket_names_account && readings.is_flipped(Choice::BucketNamesAccount) {
        return Verdict::Allow(Allow::Resource(facts.resource));
    }
    if facts.resource == Strength::None && facts.resource_must_allow {
        return denied(facts.resource_kind);
    }
    let names_entity = facts.resource == Strength::Entity;
    if !facts.identity && !names_entity {
        return denied(Kind::Identity);
    }
    if !facts.passes_boundary() {
        return denied(Kind::PermissionsBoundary);
    }
    if !facts.passes_session(&request.caller) {
        return denied(Kind::Session);
    }
    Verdict::Allow(if names_entity {
        Allow::Resource(Strength::Entity)
    } else {
        Allow::Identity { delegated: facts.resource == Strength::Account }
    })
}

fn grant_across_accounts(facts: &Facts, caller: &Caller, readings: Readings, touched: &mut Touched) -> Verdict {
    let denied = |kind| Verdict::ImplicitDeny(ImplicitDeny::Kind(kind));
    if !facts.identity {
        return denied(Kind::Identity);
    }
    if !facts.passes_boundary() {
        return denied(Kind::PermissionsBoundary);
    }
    if !facts.passes_session(caller) {
        let by_session_arn = facts.resource == Strength::Direct && matches!(caller, Caller::RoleSession { .. });
        if by_session_arn {
            touched.add(Choice::CrossAccountSession);
        }
        if !by_session_arn || !readings.is_flipped(Choice::CrossAccountSession) {
            return denied(Kind::Session);
        }
    }
    if facts.resource == Strength::None {
        return denied(facts.resource_kind);
    }
    Verdict::Allow(Allow::IdentityAndResource)
}

/// The owner's root user needs no grant, but for a KMS key, whose policy must name the account.
fn grant_root(facts: &Facts, readings: Readings, touched: &mut Touched) -> Verdict {
    if facts.resource == Strength::None && facts.resource_must_allow {
        touched.add(Choice::RootNeedsKeyPolicy);
        if !readings.is_flipped(Choice::RootNeedsKeyPolicy) {
            return Verdict::ImplicitDeny(ImplicitDeny::Kind(facts.resource_kind));
        }
    }
    Verdict::Allow(Allow::RootOfOwner)
}

/// Calls that no policy can refuse.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
fn is_always_allowed(request: &Request) -> bool {
    (request.is_action("sts:getcalleridentity") && request.caller.is_signed())
        || (request.is_action("sts:getsessiontoken") && matches!(request.caller, Caller::User { .. }))
}

/// Whether the caller has only a token of an identity provider and the call is none that a token can make: all but
/// its exchange for a role's session want a signature.
pub(crate) fn is_token_misused(request: &Request) -> bool {
    let exchanges = request.action_lower.starts_with("sts:assumerolewith")
        || request.is_action("sts:tagsession")
        || request.is_action("sts:setsourceidentity");
    matches!(request.caller, Caller::Federated { .. }) && !exchanges
}

/// Refusals by the service itself.
fn service_rule(request: &Request) -> Option<ServiceRule> {
    let makes_session = request.is_action("sts:getsessiontoken") || request.is_action("sts:getfederationtoken");
    match &request.caller {
        Caller::RoleSession { .. } | Caller::FederatedUser { .. } if makes_session => {
            Some(ServiceRule::SessionMakesNoSession)
        }
        Caller::FederatedUser { .. } if request.service() == "iam" => Some(ServiceRule::FederatedUserCallsIam),
        Caller::FederatedUser { .. } if request.service() == "sts" => Some(ServiceRule::FederatedUserCallsSts),
        Caller::Root { .. } if request.is_action("sts:assumerole") => Some(ServiceRule::RootAssumesNoRole),
        _ => None,
    }
}

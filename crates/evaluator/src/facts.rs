//! What the matching statements say, kind by kind: the facts that the decision and the stages are both made from.

use policy::ResourceType;
use policy::arn::Arn;

use crate::decision::{ExplicitDeny, Kind, Matched, NotApplicable};
use crate::principal::Strength;
use crate::{Caller, PolicySet, Request};

/// The order in which a matching `Deny` is looked for, and reported.
pub(crate) const DENY_ORDER: [Kind; 9] = [
    Kind::Rcp,
    Kind::Scp,
    Kind::VpcEndpoint,
    Kind::Resource,
    Kind::Trust,
    Kind::KeyPolicy,
    Kind::Identity,
    Kind::PermissionsBoundary,
    Kind::Session,
];

/// What the policies say about a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// The first matching `Deny` in AWS's order.
    pub(crate) explicit_deny: Option<ExplicitDeny>,
    /// Whether a `Deny` of the bucket policy matches and does not bind the owner's root user.
    pub(crate) spared_root: bool,
    /// The first level whose SCPs do not allow.
    pub(crate) scp_gap: Option<usize>,
    /// Whether the endpoint's policies allow; `None` without endpoint.
    pub(crate) vpc_endpoint: Option<bool>,
    /// How closely the resource's policy names the caller in what it allows.
    pub(crate) resource: Strength,
    /// The kind of policy on the resource's side.
    pub(crate) resource_kind: Kind,
    /// Whether the resource's policy must say yes itself, also in one account.
    pub(crate) resource_must_allow: bool,
    /// Whether the caller's identity policies allow.
    pub(crate) identity: bool,
    /// Whether the boundary allows; `None` without one.
    pub(crate) boundary: Option<bool>,
    /// Whether the session policies allow; `None` without any.
    pub(crate) session: Option<bool>,
    /// Whether caller and resource are in one account.
    pub(crate) same_account: bool,
}

impl Facts {
    pub(crate) fn new(policies: &PolicySet<'_>, request: &Request, matched: &[Matched]) -> Self {
        let allows = |kind: Kind| matched.iter().any(|found| found.allows && found.kind == kind);
        let gate = |kind: Kind| policies.applies(request, |other| other == kind).then(|| allows(kind));
        let same_account = request.is_same_account();
        let spares_root = spares_root(request, same_account);
        let spared = |found: &Matched| spares_root && found.kind == Kind::Resource;
        let denies = |kind: Kind| {
            matched
                .iter()
                .find(|found| !found.allows && found.kind == kind && !spared(found))
                .map(|found| ExplicitDeny { kind, statement: found.id })
        };
        let resource_kind = resource_kind(request);
        Self {
            explicit_deny: DENY_ORDER.into_iter().find_map(denies),
            spared_root: matched.iter().any(|found| !found.allows && spared(found)),
            scp_gap: scp_gap(policies, request, matched),
            vpc_endpoint: gate(Kind::VpcEndpoint),
            resource: matched
                .iter()
                .filter(|found| found.allows && found.kind.is_resource_based())
                .map(|found| found.strength)
                .max()
                .unwrap_or_default(),
            resource_kind,
            resource_must_allow: resource_kind != Kind::Resource,
            identity: allows(Kind::Identity) || request.caller.is_made_by_root(),
            boundary: gate(Kind::PermissionsBoundary),
            session: gate(Kind::Session),
            same_account,
        }
    }

    /// Whether the boundary lets the request pass.
    pub(crate) fn passes_boundary(&self) -> bool {
        self.boundary.unwrap_or(true)
    }

    /// Whether the session policies let the request pass; a federated-user session without any may do nothing.
    pub(crate) fn passes_session(&self, caller: &Caller) -> bool {
        self.session.unwrap_or(!matches!(caller, Caller::FederatedUser { .. }))
    }

    /// Whether, in one account, the resource's policy alone is enough whatever the caller's side says.
    pub(crate) fn resource_grants_alone(&self) -> bool {
        self.same_account && self.resource >= Strength::Direct
    }
}

/// The owner's root user may always read, write and delete a bucket's policy, so that nobody is locked out for good.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html>
fn spares_root(request: &Request, same_account: bool) -> bool {
    same_account
        && matches!(request.caller, Caller::Root { .. })
        && ["s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"]
            .iter()
            .any(|action| request.is_action(action))
}

/// The first level from the root down that has no SCP allowing the request.
fn scp_gap(policies: &PolicySet<'_>, request: &Request, matched: &[Matched]) -> Option<usize> {
    if Kind::Scp.not_applicable(request).is_some() {
        return None;
    }
    let mut allowed = vec![false; policies.levels().len()];
    for found in matched.iter().filter(|found| found.allows && found.kind == Kind::Scp) {
        if let Some(level) = allowed.get_mut(found.level) {
            *level = true;
        }
    }
    policies.levels().iter().zip(allowed).position(|(level, allowed)| {
        let binds =
            level.needs_scp && level.account.as_deref().is_none_or(|account| request.caller.account() == Some(account));
        binds && !allowed
    })
}

/// The kind of policy that stands on the resource's side of the request.
fn resource_kind(request: &Request) -> Kind {
    let assumes = request.action_lower.starts_with("sts:assumerole")
        || ["sts:tagsession", "sts:setsourceidentity", "sts:setcontext"].iter().any(|action| request.is_action(action));
    match ResourceType::of_arn(&request.resource) {
        ResourceType::Role if assumes => Kind::Trust,
        ResourceType::Key if request.service() == "kms" => Kind::KeyPolicy,
        _ => Kind::Resource,
    }
}

/// Whether caller and resource are in different partitions; nothing bridges those.
pub(crate) fn crosses_partitions(request: &Request) -> bool {
    match (request.caller.partition(), Arn::split(&request.resource)) {
        (Some(caller), Some(resource)) => caller != resource.partition && !resource.partition.contains(['*', '?']),
        _ => false,
    }
}

/// Why the stage of these kinds has nothing to do although policies are given; the first policy's reason.
pub(crate) fn why_not(
    policies: &PolicySet<'_>,
    request: &Request,
    stage: impl Fn(Kind) -> bool,
) -> Option<NotApplicable> {
    policies
        .places(&stage)
        .find_map(|place| policies.why_not_applicable(place, request))
        .filter(|_| !policies.applies(request, &stage))
}

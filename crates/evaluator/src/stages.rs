//! The evaluation as a list of stages in AWS's order, for the reader: made from the same facts as the decision.
//!
//! AWS stops at the first stage that settles the answer. Here every stage says what it would say, so that a learner
//! sees what else stands in the way; the one that settled it is marked decisive.

use crate::decision::{self, Allow, ImplicitDeny, Kind, Matched, NotApplicable, ServiceRule, StatementId, Verdict};
use crate::facts::{self, Facts};
use crate::principal::Strength;
use crate::{Caller, PolicySet, Request};

/// A stage of the evaluation, in AWS's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// `Deny` statements of every kind.
    ExplicitDeny,
    /// Resource control policies.
    Rcp,
    /// Service control policies.
    Scp,
    /// VPC endpoint policy.
    VpcEndpoint,
    /// Resource-based policy, trust policy or key policy.
    Resource,
    /// Identity-based policies.
    Identity,
    /// Permissions boundary.
    PermissionsBoundary,
    /// Session policies.
    Session,
}

/// How a stage went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing here stops the request.
    Pass,
    /// Grants the request.
    Allow,
    /// Refuses it.
    Deny,
    /// Nothing to evaluate.
    NotApplicable,
}

/// Why a stage went as it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// No policy of this kind is given.
    NoPolicy,
    /// Policies of this kind have no part in the request.
    NotApplicable(NotApplicable),
    /// No `Deny` matches.
    NoDeny,
    /// A `Deny` matches here.
    Denies,
    /// A `Deny` of the bucket policy matches, and does not bind the owner's root user for this action.
    DenyDoesNotBindRoot,
    /// A guardrail or ceiling lets the request pass.
    Passes,
    /// No SCP of this level allows.
    LevelWithoutAllow(usize),
    /// No statement here allows, and one must.
    NothingAllows,
    /// A statement may allow, but the caller has only a token, and this call wants a signature.
    TokenCannotAsk,
    /// No statement here allows, and none needs to: something else grants.
    NothingAllowsNotNeeded,
    /// No statement of the resource's policy allows; the caller's own policies still may.
    NothingAllowsIdentityMay,
    /// Grants, naming the caller this closely.
    Grants(Strength),
    /// Names the caller's account: hands the question to the caller's own policies.
    Delegates,
    /// Across accounts: this side says yes.
    OneSide,
    /// The caller's policies allow it.
    Allows,
    /// The caller's policies allow it, and a resource policy has granted it already.
    AllowsToo,
    /// The root user of the owning account needs no grant.
    RootOfOwner,
    /// Nothing can refuse it.
    AlwaysAllowed,
    /// The service itself refuses.
    ServiceRule(ServiceRule),
    /// The partitions differ.
    Partition,
    /// A federated-user session without session policy may do nothing by itself.
    FederatedWithoutSessionPolicy,
}

/// A stage's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageResult {
    /// Which stage.
    pub stage: Stage,
    /// How it went.
    pub outcome: Outcome,
    /// Whether it settled the answer.
    pub decisive: bool,
    /// Why.
    pub why: Why,
    /// The statements that matched here.
    pub statements: Vec<StatementId>,
}

/// All stages, in order.
pub type Stages = Vec<StageResult>;

/// Tells how every stage went.
pub(crate) fn stages(
    policies: &PolicySet<'_>,
    request: &Request,
    matched: &[Matched],
    facts: &Facts,
    verdict: &Verdict,
) -> Stages {
    let teller = Teller { policies, request, matched, facts };
    let mut stages = vec![
        teller.explicit_deny(),
        teller.guardrail(Stage::Rcp, None),
        teller.scp(),
        teller.guardrail(Stage::VpcEndpoint, facts.vpc_endpoint),
        teller.resource(),
        teller.identity(),
        teller.ceiling(Stage::PermissionsBoundary, facts.boundary),
        teller.session(),
    ];
    if *verdict == Verdict::Allow(Allow::Always) {
        for stage in &mut stages {
            stage.outcome = Outcome::NotApplicable;
            stage.why = Why::AlwaysAllowed;
            stage.statements.clear();
        }
    }
    for stage in &mut stages {
        settle(stage, verdict);
    }
    stages
}

/// Marks the stage that settled the answer.
fn settle(result: &mut StageResult, verdict: &Verdict) {
    let mut set = |outcome, why| {
        result.outcome = outcome;
        result.why = why;
        true
    };
    result.decisive = match (verdict, result.stage) {
        (Verdict::ExplicitDeny(_), stage) => stage == Stage::ExplicitDeny,
        (Verdict::ImplicitDeny(ImplicitDeny::Kind(kind)), stage) => stage == Stage::of(*kind),
        (Verdict::ImplicitDeny(ImplicitDeny::Scp { .. }), stage) => stage == Stage::Scp,
        (Verdict::ImplicitDeny(ImplicitDeny::Partition), Stage::Resource) => set(Outcome::Deny, Why::Partition),
        (Verdict::ImplicitDeny(ImplicitDeny::ServiceRule(rule)), Stage::Identity) => {
            set(Outcome::Deny, Why::ServiceRule(*rule))
        }
        (Verdict::Allow(Allow::Always), Stage::Identity) => set(Outcome::Allow, Why::AlwaysAllowed),
        (Verdict::Allow(Allow::Identity { .. } | Allow::RootOfOwner), stage) => stage == Stage::Identity,
        (Verdict::Allow(Allow::Resource(_) | Allow::Service), stage) => stage == Stage::Resource,
        (Verdict::Allow(Allow::IdentityAndResource), stage) => matches!(stage, Stage::Identity | Stage::Resource),
        _ => false,
    };
}

impl Stage {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Rcp => Self::Rcp,
            Kind::Scp => Self::Scp,
            Kind::VpcEndpoint => Self::VpcEndpoint,
            Kind::Resource | Kind::Trust | Kind::KeyPolicy => Self::Resource,
            Kind::Identity => Self::Identity,
            Kind::PermissionsBoundary => Self::PermissionsBoundary,
            Kind::Session => Self::Session,
        }
    }
}

struct Teller<'a> {
    policies: &'a PolicySet<'a>,
    request: &'a Request,
    matched: &'a [Matched],
    facts: &'a Facts,
}

impl Teller<'_> {
    fn result(&self, stage: Stage, (outcome, why): (Outcome, Why)) -> StageResult {
        let here = |found: &&Matched| match stage {
            Stage::ExplicitDeny => !found.allows,
            _ => Stage::of(found.kind) == stage,
        };
        let statements = self.matched.iter().filter(here).map(|found| found.id).collect();
        StageResult { stage, outcome, decisive: false, why, statements }
    }

    /// What can be said of a stage before asking what it allows: nothing given, no part in the request, a `Deny`.
    fn early(&self, stage: Stage) -> Option<(Outcome, Why)> {
        let of_stage = |kind| Stage::of(kind) == stage;
        if !self.policies.has(of_stage) {
            return Some((Outcome::NotApplicable, Why::NoPolicy));
        }
        if let Some(reason) = facts::why_not(self.policies, self.request, of_stage) {
            return Some((Outcome::NotApplicable, Why::NotApplicable(reason)));
        }
        self.denies(stage)
    }

    fn denies(&self, stage: Stage) -> Option<(Outcome, Why)> {
        let denied = self.matched.iter().any(|found| !found.allows && Stage::of(found.kind) == stage);
        let spared = stage == Stage::Resource && self.facts.spared_root;
        (denied && !spared).then_some((Outcome::Deny, Why::Denies))
    }

    fn explicit_deny(&self) -> StageResult {
        let how = match (self.facts.explicit_deny, self.facts.spared_root) {
            (Some(_), _) => (Outcome::Deny, Why::Denies),
            (None, true) => (Outcome::Pass, Why::DenyDoesNotBindRoot),
            (None, false) => (Outcome::Pass, Why::NoDeny),
        };
        self.result(Stage::ExplicitDeny, how)
    }

    /// A gate that must let the request pass: `allows` is `None` where only a `Deny` can stop it.
    fn guardrail(&self, stage: Stage, allows: Option<bool>) -> StageResult {
        let how = self.early(stage).unwrap_or(match allows {
            Some(false) => (Outcome::Deny, Why::NothingAllows),
            Some(true) | None => (Outcome::Pass, Why::Passes),
        });
        self.result(stage, how)
    }

    fn scp(&self) -> StageResult {
        let gap = self.facts.scp_gap.map(|level| (Outcome::Deny, Why::LevelWithoutAllow(level)));
        let how =
            self.denies(Stage::Scp).or(gap).or_else(|| self.early(Stage::Scp)).unwrap_or((Outcome::Pass, Why::Passes));
        self.result(Stage::Scp, how)
    }

    fn resource(&self) -> StageResult {
        let facts = self.facts;
        let grants = (Outcome::Allow, Why::Grants(facts.resource));
        let nothing = (Outcome::Deny, Why::NothingAllows);
        let has_own_policies = matches!(
            self.request.caller,
            Caller::User { .. } | Caller::RoleSession { .. } | Caller::FederatedUser { .. }
        );
        let in_account = matches!(self.request.caller, Caller::Root { .. }) || has_own_policies;
        let how = self.denies(Stage::Resource).unwrap_or(match facts.resource {
            _ if decision::is_token_misused(self.request) => (Outcome::Deny, Why::TokenCannotAsk),
            Strength::None if facts.same_account && in_account && !facts.resource_must_allow => {
                if self.policies.has(Kind::is_resource_based) {
                    (Outcome::Pass, Why::NothingAllowsIdentityMay)
                } else {
                    (Outcome::NotApplicable, Why::NoPolicy)
                }
            }
            Strength::None => nothing,
            Strength::Account if facts.same_account && in_account => (Outcome::Pass, Why::Delegates),
            _ if !facts.same_account && has_own_policies => (Outcome::Allow, Why::OneSide),
            _ => grants,
        });
        self.result(Stage::Resource, how)
    }

    fn identity(&self) -> StageResult {
        let facts = self.facts;
        let not_here = Kind::Identity.not_applicable(self.request);
        let root_is_granted = facts.same_account && !(facts.resource_must_allow && facts.resource == Strength::None);
        let how = match not_here {
            Some(NotApplicable::Root) if root_is_granted => (Outcome::Allow, Why::RootOfOwner),
            Some(reason) => (Outcome::NotApplicable, Why::NotApplicable(reason)),
            None => self.denies(Stage::Identity).unwrap_or_else(|| {
                if self.request.caller.is_made_by_root() {
                    return (Outcome::Allow, Why::RootOfOwner);
                }
                let granted = facts.same_account && facts.resource >= Strength::Entity;
                match (facts.identity, granted) {
                    (true, true) => (Outcome::Allow, Why::AllowsToo),
                    (true, false) if !facts.same_account => (Outcome::Allow, Why::OneSide),
                    (true, false) => (Outcome::Allow, Why::Allows),
                    (false, true) => (Outcome::Pass, Why::NothingAllowsNotNeeded),
                    (false, false) => (Outcome::Deny, Why::NothingAllows),
                }
            }),
        };
        self.result(Stage::Identity, how)
    }

    /// A boundary or session policy: a ceiling over what the caller's policies, or a grant to its role, give.
    fn ceiling(&self, stage: Stage, allows: Option<bool>) -> StageResult {
        let how = self.early(stage).unwrap_or(match allows {
            Some(false) if self.facts.resource_grants_alone() => (Outcome::Pass, Why::NothingAllowsNotNeeded),
            Some(false) => (Outcome::Deny, Why::NothingAllows),
            Some(true) | None => (Outcome::Pass, Why::Passes),
        });
        self.result(stage, how)
    }

    fn session(&self) -> StageResult {
        let mut result = self.ceiling(Stage::Session, self.facts.session);
        let bare = result.why == Why::NoPolicy && matches!(self.request.caller, Caller::FederatedUser { .. });
        if bare && !self.facts.resource_grants_alone() {
            result.outcome = Outcome::Deny;
            result.why = Why::FederatedWithoutSessionPolicy;
        }
        result
    }
}

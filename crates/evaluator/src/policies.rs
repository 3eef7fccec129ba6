//! The policies of a scenario, compiled once, and which of them have a part in a request.

use std::sync::Arc;

use policy::{Document, Effect, PolicyKind, ResourceType, Version, template};

use crate::decision::{Kind, Matched, NotApplicable, StatementId};
use crate::statement::{Match, Statement};
use crate::trace::StatementTrace;
use crate::{Caller, Choice, Env, Readings, Request, Touched};

/// A policy to evaluate.
#[derive(Debug, Clone, Copy)]
pub struct PolicyEntry<'a> {
    kind: PolicyKind,
    level: usize,
    document: &'a Document,
    compiled: Option<&'a CompiledDocument>,
}

impl<'a> PolicyEntry<'a> {
    /// A policy of the given kind; an SCP or RCP is on the first level.
    pub fn new(kind: PolicyKind, document: &'a Document) -> Self {
        Self { kind, level: 0, document, compiled: None }
    }

    /// With the same document, compiled before as of the same kind.
    #[must_use]
    pub fn compiled(mut self, compiled: &'a CompiledDocument) -> Self {
        self.compiled = Some(compiled);
        self
    }

    /// Puts an SCP or RCP on a level, counted from the root (0) down.
    #[must_use]
    pub fn on_level(mut self, level: usize) -> Self {
        self.level = level;
        self
    }
}

/// A document, compiled: what [`PolicySet`] makes of it, kept for many of them.
#[derive(Debug, Clone)]
pub struct CompiledDocument(Arc<Vec<Statement>>);

impl CompiledDocument {
    /// Compiles a document of the given kind.
    pub fn new(kind: PolicyKind, document: &Document) -> Self {
        Self::reading(kind, document, document.version, Readings::default())
    }

    fn reading(kind: PolicyKind, document: &Document, version: Version, readings: Readings) -> Self {
        let statements = document.statements.iter();
        Self(Arc::new(statements.map(|statement| Statement::new(statement, version, kind, readings)).collect()))
    }
}

/// A level of the organization: the root, an organizational unit or an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Level {
    /// Set where the level is an account: its SCPs and RCPs bind that account only.
    pub account: Option<String>,
    /// Whether an SCP of this level must allow: it has SCPs, or the scenario names it as a level of SCPs.
    pub needs_scp: bool,
}

#[derive(Debug, Clone)]
struct Compiled<'a> {
    entry: PolicyEntry<'a>,
    statements: Arc<Vec<Statement>>,
}

/// Policies, compiled.
#[derive(Debug, Clone, Default)]
pub struct PolicySet<'a> {
    policies: Vec<Compiled<'a>>,
    levels: Vec<Level>,
    readings: Readings,
    /// The choices that the documents come upon whatever is asked.
    touched: Touched,
}

impl<'a> PolicySet<'a> {
    /// Compiles policies. SCPs on different levels must all allow; every level up to the highest used one exists.
    pub fn new(entries: Vec<PolicyEntry<'a>>) -> Self {
        let mut levels: Vec<Level> = Vec::new();
        for entry in &entries {
            if !matches!(entry.kind, PolicyKind::Scp | PolicyKind::Rcp) {
                continue;
            }
            if levels.len() <= entry.level {
                levels.resize(entry.level + 1, Level::default());
            }
            if let Some(level) = levels.get_mut(entry.level) {
                level.needs_scp |= entry.kind == PolicyKind::Scp;
            }
        }
        Self::with_levels(entries, levels)
    }

    /// Compiles policies, with the organization's levels from the root down.
    pub fn with_levels(entries: Vec<PolicyEntry<'a>>, levels: Vec<Level>) -> Self {
        Self::compile(entries, levels, Readings::default())
    }

    fn compile(entries: Vec<PolicyEntry<'a>>, levels: Vec<Level>, readings: Readings) -> Self {
        let mut touched = Touched::default();
        let policies = entries
            .into_iter()
            .map(|entry| {
                let mut version = entry.document.version;
                if version == Version::V2008 && entry.document.version_element.is_none() {
                    let here = cfg!(feature = "contested") && has_variables(entry.document);
                    touched.add_if(here, Choice::VersionAbsent);
                    if readings.is_flipped(Choice::VersionAbsent) {
                        version = Version::V2012;
                    }
                }
                let known = entry.compiled.filter(|_| readings == Readings::default()).cloned();
                let new = || CompiledDocument::reading(entry.kind, entry.document, version, readings);
                let CompiledDocument(statements) = known.unwrap_or_else(new);
                Compiled { entry, statements }
            })
            .collect();
        Self { policies, levels, readings, touched }
    }

    pub(crate) fn touched(&self) -> Touched {
        self.touched
    }

    /// The same policies under other readings of the contested points.
    #[must_use]
    pub fn with_readings(&self, readings: Readings) -> Self {
        let entries = self.policies.iter().map(|policy| policy.entry).collect();
        Self::compile(entries, self.levels.clone(), readings)
    }

    pub(crate) fn readings(&self) -> Readings {
        self.readings
    }

    pub(crate) fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The places of the policies of a stage.
    pub(crate) fn places(&self, stage: impl Fn(Kind) -> bool) -> impl Iterator<Item = usize> {
        let of_stage = move |(at, policy): (usize, &Compiled<'_>)| stage(Kind::from(policy.entry.kind)).then_some(at);
        self.policies.iter().enumerate().filter_map(of_stage)
    }

    /// Whether a policy of the kind is given at all, whether or not it applies.
    pub(crate) fn has(&self, stage: impl Fn(Kind) -> bool) -> bool {
        self.policies.iter().any(|policy| stage(Kind::from(policy.entry.kind)))
    }

    /// Whether a policy of the kind is given and applies.
    pub(crate) fn applies(&self, request: &Request, stage: impl Fn(Kind) -> bool) -> bool {
        self.policies
            .iter()
            .any(|policy| stage(Kind::from(policy.entry.kind)) && self.not_applicable(&policy.entry, request).is_none())
    }

    pub(crate) fn has_boundary(&self, request: &Request) -> bool {
        self.applies(request, |kind| kind == Kind::PermissionsBoundary)
    }

    /// Why the policy at this place of the list has no part in the request; `None` where it has.
    pub fn why_not_applicable(&self, policy: usize, request: &Request) -> Option<NotApplicable> {
        let entry = &self.policies.get(policy)?.entry;
        self.not_applicable(entry, request)
    }

    fn not_applicable(&self, entry: &PolicyEntry<'_>, request: &Request) -> Option<NotApplicable> {
        let kind = Kind::from(entry.kind);
        let level = self.levels.get(entry.level);
        let account = level.and_then(|level| level.account.as_deref());
        kind.not_applicable(request).or_else(|| match (kind, account) {
            (Kind::Scp, Some(account)) if request.caller.account() != Some(account) => {
                Some(NotApplicable::OtherAccount)
            }
            (Kind::Rcp, Some(account)) if request.resource_account.as_deref() != Some(account) => {
                Some(NotApplicable::OtherAccount)
            }
            _ => None,
        })
    }

    /// The statements that match, without recording.
    pub(crate) fn matched(&self, env: &mut Env<'_>) -> Vec<Matched> {
        let mut matched = Vec::new();
        for (at, policy) in self.policies.iter().enumerate() {
            if self.not_applicable(&policy.entry, env.request).is_some() {
                continue;
            }
            for (index, statement) in policy.statements.iter().enumerate() {
                let result = statement.decide(env);
                matched.extend(self.matched_statement(at, policy, index, statement, result));
            }
        }
        matched
    }

    /// The statements that match, and the trace of all.
    pub(crate) fn trace(&self, env: &mut Env<'_>) -> (Vec<Matched>, Vec<Vec<StatementTrace>>) {
        let mut matched = Vec::new();
        let mut traces = Vec::with_capacity(self.policies.len());
        for (at, policy) in self.policies.iter().enumerate() {
            let applies = self.not_applicable(&policy.entry, env.request).is_none();
            let mut trace = Vec::with_capacity(policy.statements.len());
            for (index, statement) in policy.statements.iter().enumerate() {
                let (result, statement_trace) = statement.trace(env);
                if applies {
                    matched.extend(self.matched_statement(at, policy, index, statement, result));
                }
                trace.push(statement_trace);
            }
            traces.push(trace);
        }
        (matched, traces)
    }

    fn matched_statement(
        &self,
        at: usize,
        policy: &Compiled<'_>,
        index: usize,
        statement: &Statement,
        result: Match,
    ) -> Option<Matched> {
        let effect = statement.effect.filter(|_| result.matches)?;
        Some(Matched {
            id: StatementId { policy: at, statement: index },
            kind: Kind::from(policy.entry.kind),
            level: policy.entry.level,
            allows: effect == Effect::Allow,
            strength: result.strength,
        })
    }
}

/// Whether there is anything in it that looks like a variable.
fn has_variables(document: &Document) -> bool {
    document.statements.iter().any(|statement| {
        let mut resources = statement.resource.iter().flat_map(|clause| &clause.entries);
        let mut values = statement.conditions.iter().flat_map(|condition| &condition.values);
        resources.any(|entry| template::has_variable(&entry.value))
            || values.any(|value| template::has_variable(&value.text))
    })
}

/// Services whose resources RCPs bind (by prefix, as of 2026-09).
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
const RCP_SERVICES: &[&str] = &[
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

impl From<PolicyKind> for Kind {
    fn from(kind: PolicyKind) -> Self {
        match kind {
            PolicyKind::Identity => Self::Identity,
            PolicyKind::Resource(ResourceType::Role) => Self::Trust,
            PolicyKind::Resource(ResourceType::Key) => Self::KeyPolicy,
            PolicyKind::Resource(_) => Self::Resource,
            PolicyKind::PermissionsBoundary => Self::PermissionsBoundary,
            PolicyKind::Session => Self::Session,
            PolicyKind::Scp => Self::Scp,
            PolicyKind::Rcp => Self::Rcp,
            PolicyKind::VpcEndpoint => Self::VpcEndpoint,
        }
    }
}

impl Kind {
    /// Why policies of this kind have no part in the request; `None` where they have.
    pub fn not_applicable(self, request: &Request) -> Option<NotApplicable> {
        let caller = &request.caller;
        match self {
            Self::Identity | Self::PermissionsBoundary => match caller {
                Caller::User { .. } | Caller::RoleSession { .. } | Caller::FederatedUser { .. } => None,
                Caller::Root { .. } => Some(NotApplicable::Root),
                _ => Some(NotApplicable::NoIdentity),
            },
            Self::Session => match caller {
                Caller::RoleSession { .. } | Caller::FederatedUser { .. } => None,
                _ => Some(NotApplicable::NoSession),
            },
            Self::Scp => {
                let account = match caller.account() {
                    Some(account) => account,
                    None => return Some(NotApplicable::NoAccount),
                };
                if caller.is_service_linked() {
                    return Some(NotApplicable::ServiceLinkedRole);
                }
                (request.management_account.as_deref() == Some(account)).then_some(NotApplicable::ManagementAccount)
            }
            Self::Rcp => {
                // Nor do they bind the trust policy of such a role.
                if caller.is_service_linked() || request.resource.contains(":role/aws-service-role/") {
                    return Some(NotApplicable::ServiceLinkedRole);
                }
                if request.is_action("kms:retiregrant") {
                    return Some(NotApplicable::RetireGrant);
                }
                if !RCP_SERVICES.contains(&request.service()) {
                    return Some(NotApplicable::ServiceWithoutRcp);
                }
                let managed =
                    request.management_account.is_some() && request.management_account == request.resource_account;
                managed.then_some(NotApplicable::ManagementAccountResource)
            }
            Self::VpcEndpoint => request.is_via_service().then_some(NotApplicable::ViaService),
            Self::Resource | Self::Trust | Self::KeyPolicy => None,
        }
    }
}

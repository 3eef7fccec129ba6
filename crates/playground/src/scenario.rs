//! The scenario: what goes in. Read leniently from a JSON value: everything that is wrong is reported with its
//! JSON Pointer, and the rest is still used.

use policy::{PolicyKind, Seen};
use serde_json::{Map, Value};

mod read;

use crate::{Decision, Severity, engine};

/// A request and the policies that decide it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scenario {
    /// A heading.
    pub title: Option<String>,
    /// Markdown shown beside it.
    pub description: Option<String>,
    /// The request.
    pub request: RequestInput,
    /// The policies, in the order given.
    pub policies: Vec<PolicyInput>,
    /// The organization, where the scenario speaks of one.
    pub organization: Option<Organization>,
    /// The tests.
    pub tests: Vec<TestInput>,
}

/// A request as written; every field may be missing here, and [`crate::evaluate`] says which are needed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestInput {
    /// A string, or the policy language's own object such as `{"Service": "ec2.amazonaws.com"}`.
    pub principal: Option<Value>,
    /// `service:Action`.
    pub action: Option<String>,
    /// An ARN or `*`.
    pub resource: Option<String>,
    /// The account that owns the resource.
    pub resource_account: Option<String>,
    /// Who a session was made from, where its ARN does not tell: a role session's role with its path, a federated
    /// session's user. (CloudTrail's name for it.)
    pub session_issuer: Option<String>,
    /// Context keys and values; an explicit `null` means "absent, do not derive".
    pub context: Map<String, Value>,
    /// Whether to derive the keys AWS would fill in; `None` means yes.
    pub derive: Option<bool>,
}

/// A policy as given.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyInput {
    /// Its place in the scenario's list, from 0; entries that cannot be read are left out.
    pub index: usize,
    /// Its kind as in the scenario: `identity`, `resource`, …
    pub kind: InputKind,
    /// Its name.
    pub name: Option<String>,
    /// How it comes to the caller.
    pub via: Option<String>,
    /// The level of an SCP or RCP.
    pub target: Option<String>,
    /// An object, or a string with the document's text.
    pub document: Value,
}

/// The kinds a scenario can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InputKind {
    /// `identity`
    Identity,
    /// `resource`
    Resource,
    /// `permissionsBoundary`
    PermissionsBoundary,
    /// `session`
    Session,
    /// `scp`
    Scp,
    /// `rcp`
    Rcp,
    /// `vpcEndpoint`
    VpcEndpoint,
}

impl InputKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Resource,
        Self::PermissionsBoundary,
        Self::Session,
        Self::Scp,
        Self::Rcp,
        Self::VpcEndpoint,
    ];

    /// The name in scenarios and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Resource => "resource",
            Self::PermissionsBoundary => "permissionsBoundary",
            Self::Session => "session",
            Self::Scp => "scp",
            Self::Rcp => "rcp",
            Self::VpcEndpoint => "vpcEndpoint",
        }
    }
}

/// What a scenario says about the organization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organization {
    /// The management account's id.
    pub management_account: Option<String>,
    /// The levels from the root down.
    pub scp_levels: Option<Vec<String>>,
}

/// A test: fields of the request to change, and what to expect.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TestInput {
    /// Its name.
    pub name: String,
    /// Fields that replace the scenario's; `context` merges key by key.
    pub request: RequestInput,
    /// What to expect.
    pub expect: Expect,
    /// The statements expected to decide, as `NAME#INDEX`.
    pub expect_statements: Option<Vec<String>>,
    /// The expected reason's code.
    pub expect_reason: Option<String>,
    /// AWS's sentence, or how it ends.
    pub expect_error_message: Option<String>,
    /// Codes of diagnostics that must be there.
    pub expect_diagnostics: Option<Vec<String>>,
}

/// The decision a test expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expect {
    /// The test does not say.
    #[default]
    Nothing,
    /// `null`: no decision, because the request or a policy is refused.
    NoDecision,
    /// This decision.
    Decision(Decision),
}

/// Something wrong with a scenario's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A JSON Pointer (RFC 6901) to the place; empty for the scenario as a whole.
    pub path: String,
    /// An error leaves no decision.
    pub severity: Severity,
    /// A stable slug.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Scenario {
    /// Reads a scenario, and says what is wrong with it.
    ///
    /// ```
    /// use playground::Scenario;
    /// let (scenario, problems) = Scenario::from_value(&serde_json::json!({"version": 7, "request": {"action": 3}}));
    /// let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    /// assert_eq!(paths, ["/version", "/request/action", "/policies"]);
    /// assert_eq!(scenario.request.action, None);
    /// ```
    pub fn from_value(value: &Value) -> (Self, Vec<Problem>) {
        read::scenario(value)
    }

    /// What a policy of this kind is to the engine: what a resource-based policy is attached to, the request's
    /// resource tells.
    pub fn policy_kind(&self, kind: InputKind) -> PolicyKind {
        engine::policy_kind(kind, engine::resource_type(self.request.resource.as_deref()))
    }
}

impl RequestInput {
    /// This request with the fields of `changes` in place of its own; the context is merged key by key.
    #[must_use]
    pub fn merged(&self, changes: &Self) -> Self {
        let mut context = self.context.clone();
        if !changes.context.is_empty() {
            // A key is one key however it is spelt; what the test writes replaces what the scenario wrote.
            let mut changed = Seen::default();
            for key in changes.context.keys() {
                changed.before(&key.to_ascii_lowercase(), 0);
            }
            context.retain(|key, _| changed.first(&key.to_ascii_lowercase()).is_none());
            context.extend(changes.context.clone());
        }
        let either = |change: &Option<String>, own: &Option<String>| change.clone().or_else(|| own.clone());
        Self {
            principal: changes.principal.clone().or_else(|| self.principal.clone()),
            action: either(&changes.action, &self.action),
            resource: either(&changes.resource, &self.resource),
            resource_account: either(&changes.resource_account, &self.resource_account),
            session_issuer: either(&changes.session_issuer, &self.session_issuer),
            context,
            derive: changes.derive.or(self.derive),
        }
    }
}

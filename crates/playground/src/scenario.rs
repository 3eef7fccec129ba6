//! The scenario: what goes in. Read leniently from a JSON value: everything that is wrong is reported with its
//! JSON Pointer, and the rest is still used.

use serde_json::{Map, Value};

use crate::{Decision, Severity};

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
    /// Context keys and values; an explicit `null` means "absent, do not derive".
    pub context: Map<String, Value>,
    /// Whether to derive the keys AWS would fill in; `None` means yes.
    pub derive: Option<bool>,
}

/// A policy as given.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyInput {
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
    /// The expected decision.
    pub expect: Option<Decision>,
    /// The statements expected to decide, as `NAME#INDEX`.
    pub expect_statements: Option<Vec<String>>,
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
    pub fn from_value(value: &Value) -> (Self, Vec<Problem>) {
        let _ = value;
        todo!()
    }
}

//! The report: what an evaluation says, in the shape every user of the engine gets (JSON names in camel case).
//! Published as a JSON Schema in `docs/schema/report.schema.json`; a test checks the two against each other.

use serde::Serialize;

/// The answer to a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The decision; `None` (`null`) only where no honest answer exists.
    pub decision: Option<Decision>,
    /// Why, as a slug and one sentence.
    pub reason: Reason,
    /// When denied: the sentence AWS would answer with.
    pub error_message: Option<String>,
    /// The evaluation in AWS's order, every stage listed; empty where there was none.
    pub steps: Vec<Step>,
    /// The statements that match the request, in the order of the policies.
    pub matched_statements: Vec<MatchedStatement>,
    /// Every statement of every policy, matched or not.
    pub policies: Vec<PolicyReport>,
    /// Keys that some statement tests and the request does not have, where that could still matter.
    pub missing_context_keys: Vec<String>,
    /// The request context that was used: given and derived.
    pub context: Vec<ContextEntry>,
    /// Findings, of the scenario first, then policy by policy in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What a reader should know about the answer: contested readings that decided it, limits of the model.
    pub notes: Vec<Note>,
    /// The scenario's tests with their results.
    pub tests: Vec<TestResult>,
}

/// A decision, in the spelling of IAM's policy simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Decision {
    /// Something allows and nothing denies.
    Allowed,
    /// Nothing that counts allows.
    ImplicitDeny,
    /// A `Deny` statement matches.
    ExplicitDeny,
}

impl Decision {
    /// The name as it stands in reports and expectations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ImplicitDeny => "implicitDeny",
            Self::ExplicitDeny => "explicitDeny",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Allowed, Self::ImplicitDeny, Self::ExplicitDeny].into_iter().find(|decision| decision.name() == name)
    }
}

/// Why a decision fell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// A stable slug, such as `allowed-by-identity` or `invalid-policy`.
    pub code: String,
    /// One sentence for a learner.
    pub message: String,
}

/// How a stage went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Nothing here stops the request.
    Pass,
    /// The stage grants the request.
    Allow,
    /// The stage refuses the request.
    Deny,
    /// There is nothing to evaluate here.
    NotApplicable,
}

/// One stage of the evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// `explicitDeny`, `rcp`, `scp`, `vpcEndpoint`, `resource`, `identity`, `permissionsBoundary` or `session`.
    pub stage: &'static str,
    /// The stage in words, such as "Service control policies".
    pub title: String,
    /// How it went.
    pub outcome: Outcome,
    /// Whether this stage settled the answer.
    pub decisive: bool,
    /// What happened, in a sentence.
    pub message: String,
    /// The statements that matched here, as `NAME#INDEX`.
    pub statements: Vec<String>,
}

/// A place in a policy's text, counted as editors count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 code units.
    pub column: u32,
    /// From 0, in UTF-16 code units from the start of the text.
    pub offset: u32,
}

/// A statement that matches the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchedStatement {
    /// The policy's name.
    pub policy: String,
    /// The policy's kind as in the scenario.
    pub kind: &'static str,
    /// How the policy comes to the caller, such as `group Developers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// From 0.
    pub index: usize,
    /// The statement's `Sid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// Its `{`.
    pub start: Position,
    /// Behind its `}`.
    pub end: Position,
}

/// A policy's trace; `S` is what stands for a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyReport<S = StatementReport> {
    /// The policy's name: as given, or `KIND-N` where the scenario gives none.
    pub name: String,
    /// The policy's place in the scenario's list, from 0: entries that are no policies are left out here.
    pub policy_index: usize,
    /// Its kind as in the scenario.
    pub kind: &'static str,
    /// The kind in words, such as "role trust policy".
    pub kind_name: &'static str,
    /// How the policy comes to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// The level an SCP or RCP is attached to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Whether IAM would save it.
    pub valid: bool,
    /// Where the policy has no part in this request: why ("SCPs do not bind the management account").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    /// The document's text as laid out, only where the scenario gave an object: positions refer to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Every statement.
    pub statements: Vec<S>,
}

/// A statement's trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementReport {
    /// From 0.
    pub index: usize,
    /// Its `Sid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `Allow` or `Deny`; absent where the effect is not readable.
    pub effect: Option<&'static str>,
    /// Whether all its elements match.
    pub matches: bool,
    /// The one element that fails while all others match: a near miss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near_miss: Option<&'static str>,
    /// The statement's result in a sentence.
    pub message: String,
    /// Its `{`.
    pub start: Position,
    /// Behind its `}`.
    pub end: Position,
    /// `Principal`, `Action`, `Resource`, `Condition`, or their `Not` forms, as far as they are present.
    pub elements: Vec<ElementReport>,
}

/// An element's trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementReport {
    /// The element as written: `Action`, `NotResource`, `Condition`, …
    pub element: &'static str,
    /// Whether the element as a whole holds.
    pub matches: bool,
    /// Why, in a sentence.
    pub message: String,
    /// From the element's key …
    pub start: Position,
    /// … to behind its value.
    pub end: Position,
    /// The entries (all elements but `Condition`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<ValueReport>>,
    /// The operator and key pairs (`Condition` only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<ConditionReport>>,
}

/// An entry's trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValueReport {
    /// The entry as written.
    pub value: String,
    /// Whether this entry, by itself, covers the request (in a `Not` element: takes it out).
    pub matches: bool,
    /// What the entry became once its variables were filled in, where it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// Why, where there is more to say than that it matches or does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Where it stands.
    pub start: Position,
    /// Behind it.
    pub end: Position,
}

/// A condition's trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConditionReport {
    /// The operator as written.
    pub operator: String,
    /// The key as written.
    pub key: String,
    /// Whether the pair holds.
    pub matches: bool,
    /// The request's values of the key; empty where it has none.
    pub request_values: Vec<String>,
    /// Whether the request has the key.
    pub present: bool,
    /// Why, in a sentence.
    pub message: String,
    /// The policy's values; a value matches where some value of the request satisfies it by the operator's
    /// positive form.
    pub values: Vec<ValueReport>,
    /// From the key …
    pub start: Position,
    /// … to behind its values.
    pub end: Position,
}

/// One key of the request context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContextEntry {
    /// The key, in AWS's spelling where the engine knows it.
    pub key: String,
    /// Its values as text.
    pub values: Vec<String>,
    /// `given` or `derived`.
    pub source: &'static str,
    /// Whether the key is multivalued.
    pub multivalued: bool,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// No decision is given while it stands.
    Error,
    /// It very probably does not do what its author wants.
    Warning,
    /// It could be written better.
    Info,
}

/// A finding in the scenario or in one of its policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// The policy's name; absent for a finding in the scenario itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The policy's place in the scenario's list, from 0 (names need not be unique).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_index: Option<usize>,
    /// A JSON Pointer into the scenario, such as `/request/action`, for a finding in the scenario itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How bad.
    pub severity: Severity,
    /// A stable slug, such as `unknown-operator`.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What IAM itself says when such a document is saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_message: Option<String>,
    /// Where it starts in the policy's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Position>,
    /// Where it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Position>,
    /// Further places that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// An edit that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// A further place of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where it starts.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

/// A mend that a page applies with one click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What the button says.
    pub label: String,
    /// Replacements in the order of the text.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Where the old text starts.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// The new text.
    pub text: String,
}

/// A remark about the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A stable slug, such as `contested-bare-year`.
    pub code: String,
    /// The remark.
    pub message: String,
}

/// A test's result.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResult {
    /// The test's name.
    pub name: String,
    /// The expected decision.
    pub expect: Option<Decision>,
    /// The decision given.
    pub decision: Option<Decision>,
    /// Whether all expectations hold.
    pub pass: bool,
    /// Why the decision fell.
    pub reason: Reason,
    /// The statements that were expected to match, where the test says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect_statements: Option<Vec<String>>,
    /// The statements that decided: the matching `Deny`s where one denies, else the matching `Allow`s.
    pub statements: Vec<String>,
    /// Where the test fails: what was expected and what came, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

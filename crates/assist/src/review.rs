//! Findings that need AWS's service data, or more of a scenario than one document: shown beside those of the report,
//! which has none of them.
//!
//! The data is older than AWS. What it does not know may exist, so nothing here is an error.

mod actions;
mod arns;
mod codes;
mod conditions;
mod endpoint;
mod principals;
mod regions;
mod resources;
mod situation;
mod variables;

use std::sync::Arc;

use playground::{InputKind, Memory, PreparedPolicy, ReadDocument, Scenario};
use policy::{Diagnostic, Document, PolicyKind, Span, Statement, Version};
use reference::{Reference, Review, Reviewer};
use serde_json::Value;

use crate::{Knowledge, attach};

pub use codes::CODES;

/// How many findings are added to those of one policy.
const MOST: usize = 500;

/// What is said about a scenario's policies beside its report. Without the service data, what can be said without.
///
/// ```
/// use assist::{Knowledge, Part, review};
///
/// let mut knowledge = Knowledge::default();
/// knowledge.load(Part::Services, std::fs::read_to_string("../../data/services.txt").unwrap()).unwrap();
/// let scenario = serde_json::json!({
///     "request": {"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"},
///     "policies": [{"kind": "identity", "document": {"Version": "2012-10-17", "Statement": [
///         {"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::b/*"}
///     ]}}]
/// });
/// let found = review(&scenario, &knowledge);
/// assert_eq!((found[0].code.as_str(), found[0].policy_index), ("unknown-action", Some(0)));
/// assert_eq!(found[0].fix.as_ref().unwrap().edits[0].text, "\"s3:GetObject\"");
/// ```
pub fn review(scenario: &Value, knowledge: &Knowledge) -> Vec<playground::Diagnostic> {
    review_with(scenario, knowledge, &Memory::default(), &mut Reviews::default())
}

/// What the last review found in each document, by itself.
#[derive(Debug, Default)]
pub struct Reviews {
    /// The date of the service data.
    date: Option<String>,
    known: Vec<(Arc<ReadDocument>, Arc<Vec<Diagnostic>>)>,
}

impl Reviews {
    /// What was found in the document, where it was looked through before.
    fn recall(&self, read: &Arc<ReadDocument>) -> Option<Arc<Vec<Diagnostic>>> {
        let known = self.known.iter().find(|(known, _)| Arc::ptr_eq(known, read));
        known.map(|(_, found)| Arc::clone(found))
    }
}

/// The same as [`review`], in less time where `memory`, of an evaluation of this scenario, and `reviews` know most of
/// the policies.
///
/// ```
/// use assist::{Knowledge, Part, Reviews, evaluate_with, review, review_with};
/// use playground::{Memory, Options};
///
/// let mut knowledge = Knowledge::default();
/// knowledge.load(Part::Services, std::fs::read_to_string("../../data/services.txt").unwrap()).unwrap();
/// let (mut memory, mut reviews) = (Memory::default(), Reviews::default());
/// let policy = |action: &str| serde_json::json!({"kind": "identity", "document": {"Version": "2012-10-17", "Statement": [
///     {"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::b/*"}
/// ]}});
/// for action in ["s3:GetObject", "s3:GetObjct", "s3:GetObjct", "s3:PutObjct"] {
///     let scenario = serde_json::json!({
///         "request": {"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"},
///         "policies": [policy(action), policy("s3:ListBuckt"), policy("s3:ListBuckt")]
///     });
///     evaluate_with(&scenario, &knowledge, Options::default(), &mut memory);
///     assert_eq!(review_with(&scenario, &knowledge, &memory, &mut reviews), review(&scenario, &knowledge));
/// }
/// ```
pub fn review_with(
    scenario: &Value,
    knowledge: &Knowledge,
    memory: &Memory,
    reviews: &mut Reviews,
) -> Vec<playground::Diagnostic> {
    let attached = attach(scenario, knowledge);
    let (scenario, problems) = Scenario::from_value(&attached.scenario);
    let (policies, request) = playground::prepare_with(&scenario, &problems, memory);
    let date = knowledge.services().map(|services| services.date().to_owned());
    if reviews.date != date {
        *reviews = Reviews { date, known: Vec::new() };
    }
    let mut known = Vec::with_capacity(policies.len());
    let mut all = Vec::new();
    for (at, policy) in policies.iter().enumerate() {
        let of_scenario = situation::findings(&policies, at, request.as_ref());
        let managed = attached.is_managed(policy.index);
        // What AWS wrote nobody here can change.
        let reference = knowledge.services().filter(|_| !managed);
        let of_data = match reference {
            Some(reference) => {
                let look = || Arc::new(of_data(policy, reference));
                reviews.recall(&policy.read).unwrap_or_else(look)
            }
            None => Arc::default(),
        };
        let beside = together(policy, of_scenario, &of_data);
        let mut found: Vec<_> = beside.iter().map(|finding| in_report(finding, policy)).collect();
        if reference.is_some() {
            known.push((Arc::clone(&policy.read), of_data));
        }
        if managed {
            found.iter_mut().for_each(|finding| finding.fix = None);
        }
        all.extend(found);
    }
    reviews.known = known;
    all
}

/// All findings in a policy document given as text, in the order of the text.
///
/// ```
/// use assist::{Knowledge, check};
/// let found = check(r#"{"Statement": []}"#, policy::PolicyKind::Identity, &Knowledge::default());
/// let codes: Vec<_> = found.iter().map(|finding| finding.code.as_str()).collect();
/// assert_eq!(codes, ["missing-version", "empty-statement"]);
/// ```
pub fn check(text: &str, kind: PolicyKind, knowledge: &Knowledge) -> Vec<playground::Diagnostic> {
    let policy = PreparedPolicy::alone(text, kind);
    let found = everything(&policy, Vec::new(), knowledge.services());
    found.iter().map(|finding| playground::diagnostic(finding, &policy.positions)).collect()
}

/// The findings with a mend at a place of a scenario's policy: `policy` is its place in the scenario's list, `offset`
/// counts UTF-16 code units. Those of the report are among them. The smallest first.
///
/// ```
/// use assist::{Knowledge, fixes};
/// let scenario = serde_json::json!({"request": {}, "policies": [
///     {"kind": "identity", "document": r#"{"Version": "2012-10-71", "Statement": []}"#}
/// ]});
/// let found = fixes(&scenario, 0, 15, &Knowledge::default());
/// assert_eq!(found[0].fix.as_ref().unwrap().label, "replace with `2012-10-17`");
/// assert!(fixes(&scenario, 0, 40, &Knowledge::default()).is_empty());
/// ```
pub fn fixes(scenario: &Value, policy: usize, offset: u32, knowledge: &Knowledge) -> Vec<playground::Diagnostic> {
    let attached = attach(scenario, knowledge);
    let (scenario, problems) = Scenario::from_value(&attached.scenario);
    let (policies, request) = playground::prepare(&scenario, &problems);
    let editable = |prepared: &PreparedPolicy| prepared.index == policy && !attached.is_managed(policy);
    let Some((at, policy)) = policies.iter().enumerate().find(|(_, prepared)| editable(prepared)) else {
        return Vec::new();
    };
    let of_scenario = situation::findings(&policies, at, request.as_ref());
    let mut found: Vec<_> = everything(policy, of_scenario, knowledge.services())
        .iter()
        .filter(|finding| finding.fix.is_some())
        .map(|finding| in_report(finding, policy))
        .filter(|finding| {
            let place = finding.start.zip(finding.end);
            place.is_some_and(|(start, end)| (start.offset..=end.offset).contains(&offset))
        })
        .collect();
    let length = |finding: &playground::Diagnostic| {
        finding.end.zip(finding.start).map_or(0, |(end, start)| end.offset.saturating_sub(start.offset))
    };
    found.sort_by_key(length);
    found
}

fn in_report(finding: &Diagnostic, policy: &PreparedPolicy) -> playground::Diagnostic {
    playground::Diagnostic {
        policy: Some(policy.name.clone()),
        policy_index: Some(policy.index),
        ..playground::diagnostic(finding, &policy.positions)
    }
}

/// What the report says of a policy.
fn reported(policy: &PreparedPolicy) -> Vec<Diagnostic> {
    let of_keys = playground::key_findings(&policy.parsed.document);
    policy.parsed.diagnostics.iter().cloned().chain(of_keys).collect()
}

/// What is said of a policy beside the report.
fn beside(policy: &PreparedPolicy, of_scenario: Vec<Diagnostic>, reference: Option<&Reference>) -> Vec<Diagnostic> {
    let of_data = reference.map(|reference| of_data(policy, reference)).unwrap_or_default();
    together(policy, of_scenario, &of_data)
}

/// What the report does not say already.
fn unsaid(policy: &PreparedPolicy, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if !found.is_empty() {
        let reported = reported(policy);
        found.retain(|finding| !reported.iter().any(|other| says_it_too(other, finding)));
    }
    found
}

fn together(policy: &PreparedPolicy, of_scenario: Vec<Diagnostic>, of_data: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut all = unsaid(policy, of_scenario);
    all.extend_from_slice(of_data);
    all.sort_by_key(order);
    all.truncate(MOST);
    all
}

fn everything(policy: &PreparedPolicy, of_scenario: Vec<Diagnostic>, reference: Option<&Reference>) -> Vec<Diagnostic> {
    let mut all = reported(policy);
    all.extend(beside(policy, of_scenario, reference));
    all.sort_by_key(order);
    all
}

fn order(finding: &Diagnostic) -> (u32, policy::Severity) {
    (finding.span.start, finding.severity)
}

/// Whether one of the report's findings makes one of ours superfluous: it says the same, or that the text it stands on
/// is no action, key or ARN at all.
fn says_it_too(reported: &Diagnostic, ours: &Diagnostic) -> bool {
    let inside = reported.span.start <= ours.span.start && ours.span.end <= reported.span.end;
    let part = ours.span.start <= reported.span.start && reported.span.end <= ours.span.end;
    if reported.code == ours.code {
        return inside || part;
    }
    let moot: &[&str] = match ours.code {
        "unknown-action" | "unknown-service" => &[
            "action-with-two-colons",
            "action-without-service",
            "invalid-action",
            "invalid-action-service",
            "variable-unsupported",
        ],
        "action-resource-mismatch" => &["bucket-action-on-objects", "foreign-action", "object-action-on-bucket"],
        "unknown-condition-key" | "unsupported-condition-key" | "partial-condition-key" => {
            &["condition-key-without-service", "missing-tag-key", "variable-unsupported", "unknown-condition-key"]
        }
        "unknown-arn-format" | "useless-resource" => &[
            "arn-case",
            "invalid-iam-resource",
            "invalid-partition",
            "resource-not-an-arn",
            "resource-service-wildcard",
            "resource-too-few-fields",
            "resource-type-wildcard",
            "resource-with-region",
            "resource-without-service",
            "short-arn",
        ],
        _ => &[],
    };
    moot.contains(&reported.code) && (inside || part)
}

/// What every rule may look at.
struct Scope<'p, 'r> {
    text: &'p str,
    kind: PolicyKind,
    version: Version,
    reference: &'r Reference,
}

/// A rule about one statement.
type Rule = for<'p, 'r> fn(&mut Scope<'p, 'r>, &'p Statement, &Review<'p, 'r>, &mut Vec<Diagnostic>);

const RULES: &[Rule] = &[
    actions::unknown,
    arns::formats,
    actions::without_resource,
    actions::outside_control,
    resources::useless,
    resources::everything,
    conditions::keys,
    conditions::partial,
    conditions::arns_as_text,
    endpoint::wildcards,
    principals::services,
    regions::values,
    variables::values,
];

/// What AWS's service data shows in a policy, and the report does not say already.
fn of_data(policy: &PreparedPolicy, reference: &Reference) -> Vec<Diagnostic> {
    let document: &Document = &policy.parsed.document;
    let mut scope = Scope { text: &policy.text, kind: policy.kind, version: document.version, reference };
    let mut reviewer = Reviewer::new(reference);
    let mut found = Vec::new();
    for statement in &document.statements {
        let Some(review) = reviewer.review(statement) else {
            break;
        };
        for rule in RULES {
            rule(&mut scope, statement, &review, &mut found);
        }
        if found.len() > MOST {
            break;
        }
    }
    unsaid(policy, found)
}

/// Whether a finding stands on this place already.
fn stands_on(found: &[Diagnostic], span: Span, codes: &[&str]) -> bool {
    found.iter().any(|finding| {
        codes.contains(&finding.code) && span.start <= finding.span.start && finding.span.end <= span.end
    })
}

/// "`a`, `b` and more", of names that may be many.
fn some(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<_> = names.take(5).map(|name| format!("`{name}`")).collect();
    if names.len() == 5 {
        names.pop();
        return format!("{}, …", names.join(", "));
    }
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.join(""),
    }
}

/// The kind of a document by its name: a scenario's kind of policy, or `bucket`, `key` or `trust` for a resource-based
/// one whose resource is known.
///
/// ```
/// use policy::{PolicyKind, ResourceType};
/// assert_eq!(assist::document_kind("scp"), Some(PolicyKind::Scp));
/// assert_eq!(assist::document_kind("trust"), Some(PolicyKind::Resource(ResourceType::Role)));
/// assert_eq!(assist::document_kind("other"), None);
/// ```
pub fn document_kind(name: &str) -> Option<PolicyKind> {
    let kind = InputKind::ALL.into_iter().find(|kind| kind.name() == name);
    Some(match (kind, name) {
        (None, "bucket") => PolicyKind::Resource(policy::ResourceType::Bucket),
        (None, "key") => PolicyKind::Resource(policy::ResourceType::Key),
        (None, "trust") => PolicyKind::Resource(policy::ResourceType::Role),
        (kind, _) => match kind? {
            InputKind::Identity => PolicyKind::Identity,
            InputKind::Resource => PolicyKind::Resource(policy::ResourceType::Other),
            InputKind::PermissionsBoundary => PolicyKind::PermissionsBoundary,
            InputKind::Session => PolicyKind::Session,
            InputKind::Scp => PolicyKind::Scp,
            InputKind::Rcp => PolicyKind::Rcp,
            InputKind::VpcEndpoint => PolicyKind::VpcEndpoint,
        },
    })
}

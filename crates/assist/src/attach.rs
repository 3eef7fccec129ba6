//! AWS managed policies by name: a scenario's policy may say `managedPolicy` in place of `document`.
//!
//! The documents are put in their place before anything is decided, so a decision on them is like any other. A link or
//! a file keeps the name, not the document.

use std::borrow::Cow;

use playground::{InputKind, Memory, Options, Problem, Report, Scenario, Severity, SharedReport};
use reference::{ManagedPolicies, ManagedPolicy};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Knowledge;

/// An AWS managed policy, with what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedDocument {
    /// Its name, such as `AmazonS3ReadOnlyAccess`.
    pub name: String,
    /// Its ARN in the partition `aws`.
    pub arn: String,
    /// Its default version when the data was made, such as `v3`; absent where AWS counts none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its text, indented.
    pub document: String,
}

/// An AWS managed policy in a list to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedName {
    /// Its name.
    pub name: String,
    /// Its ARN in the partition `aws`.
    pub arn: String,
    /// Whether only a service's own role can have it.
    pub service_linked: bool,
    /// Whether it is only the nearest to what was typed, which is the name of none.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub nearest: bool,
}

/// A scenario with the documents of its AWS managed policies in their place.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached<'s> {
    /// The scenario; the given one where it names no managed policy.
    pub scenario: Cow<'s, Value>,
    /// What is wrong with the names, at their JSON Pointers.
    pub problems: Vec<Problem>,
    /// The places in `policies` that have such a document now.
    managed: Vec<usize>,
}

/// Whether a scenario names AWS managed policies, whose documents have to be there before it is decided.
///
/// ```
/// use serde_json::json;
/// assert!(assist::names_managed_policies(&json!({"policies": [{"kind": "identity", "managedPolicy": "ReadOnlyAccess"}]})));
/// assert!(!assist::names_managed_policies(&json!({"policies": [{"kind": "identity", "document": {}}]})));
/// ```
pub fn names_managed_policies(scenario: &Value) -> bool {
    let policies = scenario.get("policies").and_then(Value::as_array);
    policies.is_some_and(|policies| policies.iter().any(|policy| policy.get("managedPolicy").is_some()))
}

/// Puts the documents of AWS managed policies in the place of their names. A name that is not known is reported; where
/// the policies are not loaded, the scenario stays as it is, and its evaluation says so.
pub fn attach<'s>(scenario: &'s Value, knowledge: &Knowledge) -> Attached<'s> {
    let mut attached = Attached { scenario: Cow::Borrowed(scenario), problems: Vec::new(), managed: Vec::new() };
    if !names_managed_policies(scenario) {
        return attached;
    }
    let mut changed = scenario.clone();
    let policies = changed.get_mut("policies").and_then(Value::as_array_mut);
    for (index, policy) in policies.into_iter().flatten().enumerate() {
        let Value::Object(policy) = policy else { continue };
        match resolve(policy, knowledge.managed_policies()) {
            Resolution::Nothing => {}
            Resolution::Document(found) => {
                policy.shift_remove("managedPolicy");
                let unnamed =
                    policy.get("name").is_none_or(|name| name.as_str().is_some_and(|it| it.trim().is_empty()));
                if unnamed {
                    policy.insert("name".to_owned(), Value::String(found.name));
                }
                let document = serde_json::from_str(&found.document).unwrap_or(Value::String(found.document));
                policy.insert("document".to_owned(), document);
                attached.managed.push(index);
            }
            Resolution::Problem(code, message, help) => attached.problems.push(Problem {
                path: format!("/policies/{index}/managedPolicy"),
                severity: Severity::Error,
                code,
                message,
                help: Some(help),
            }),
        }
    }
    attached.scenario = Cow::Owned(changed);
    attached
}

/// Evaluates a scenario as [`playground::evaluate_value`] does, with its AWS managed policies attached.
///
/// ```
/// use assist::{Knowledge, Part};
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// let mut knowledge = Knowledge::default();
/// knowledge.load(Part::ManagedPolicies, read("managed-policies")).unwrap();
///
/// let scenario = serde_json::json!({
///     "request": {
///         "principal": "arn:aws:iam::111122223333:user/alice",
///         "action": "s3:GetObject",
///         "resource": "arn:aws:s3:::photos/cat.jpg"
///     },
///     "policies": [{ "kind": "identity", "managedPolicy": "AmazonS3ReadOnlyAccess" }]
/// });
/// let report = assist::evaluate(&scenario, &knowledge, playground::Options::default());
/// assert_eq!(report.decision, Some(playground::Decision::Allowed));
/// assert_eq!(report.matched_statements[0].policy, "AmazonS3ReadOnlyAccess");
/// ```
pub fn evaluate(scenario: &Value, knowledge: &Knowledge, options: Options) -> Report {
    attach(scenario, knowledge).evaluate(options)
}

/// Evaluates a scenario as [`evaluate`] does, in less time where `memory` knows most of its policies.
pub fn evaluate_with(scenario: &Value, knowledge: &Knowledge, options: Options, memory: &mut Memory) -> SharedReport {
    let attached = attach(scenario, knowledge);
    let (scenario, problems) = attached.read();
    let mut shared = playground::evaluate_with(&scenario, &problems, options, memory);
    attached.tidy(&mut shared.beside);
    shared
}

impl Attached<'_> {
    /// Whether the policy at this place of the scenario's list is an AWS managed policy now.
    pub(crate) fn is_managed(&self, index: usize) -> bool {
        self.managed.contains(&index)
    }

    /// Evaluates it.
    pub fn evaluate(&self, options: Options) -> Report {
        let (scenario, problems) = self.read();
        let mut report = playground::evaluate(&scenario, &problems, options);
        self.tidy(&mut report);
        report
    }

    fn read(&self) -> (Scenario, Vec<Problem>) {
        let (scenario, mut problems) = Scenario::from_value(&self.scenario);
        // Better known than by whoever found the entry without a document.
        problems.retain(|problem| self.problems.iter().all(|own| own.path != problem.path));
        problems.extend(self.problems.iter().cloned());
        (scenario, problems)
    }

    /// Nobody can edit an AWS managed policy: what could be written better is not worth saying, and a mend cannot be
    /// applied.
    fn tidy(&self, report: &mut Report) {
        if self.managed.is_empty() {
            return;
        }
        let is_managed = |index: Option<usize>| index.is_some_and(|index| self.managed.contains(&index));
        report.diagnostics.retain(|one| one.severity != Severity::Info || !is_managed(one.policy_index));
        for diagnostic in &mut report.diagnostics {
            if is_managed(diagnostic.policy_index) {
                diagnostic.fix = None;
            }
        }
    }
}

/// What becomes of one policy of a scenario.
enum Resolution {
    /// It names no managed policy, or nothing can be said yet.
    Nothing,
    Document(ManagedDocument),
    /// Code, message, help.
    Problem(&'static str, String, String),
}

fn resolve(policy: &Map<String, Value>, known: Option<&ManagedPolicies>) -> Resolution {
    // Of another shape, or with a document beside it: the scenario's reader says so.
    let (Some(Value::String(name)), None) = (policy.get("managedPolicy"), policy.get("document")) else {
        return Resolution::Nothing;
    };
    let name = name.trim();
    let kind = policy.get("kind").and_then(Value::as_str);
    let kind = kind.and_then(|name| InputKind::ALL.into_iter().find(|kind| kind.name() == name));
    match kind {
        None => Resolution::Nothing,
        Some(kind @ (InputKind::Resource | InputKind::VpcEndpoint)) => {
            let message = format!("an AWS managed policy cannot be a policy of the kind `{}`", kind.name());
            let help = "it is attached to users, groups and roles, or set as a boundary or session policy".to_owned();
            Resolution::Problem("managed-policy-kind", message, help)
        }
        Some(kind @ (InputKind::Scp | InputKind::Rcp)) => {
            let own = OrganizationPolicy::of(kind);
            match own.filter(|own| own.is_called(name)) {
                Some(own) => Resolution::Document(own.document()),
                None => {
                    let message = format!("`{name}` is no `{}` that AWS attaches", kind.name());
                    let only = own.map_or("", |own| own.name);
                    Resolution::Problem("unknown-managed-policy", message, format!("the only one is `{only}`"))
                }
            }
        }
        Some(InputKind::Identity | InputKind::PermissionsBoundary | InputKind::Session) => match known {
            None => Resolution::Nothing,
            Some(known) => match known.get(name) {
                Some(found) => Resolution::Document(iam_document(found)),
                None => {
                    let message = format!("there is no AWS managed policy `{name}`, as far as is known here");
                    Resolution::Problem("unknown-managed-policy", message, suggestion(name, known))
                }
            },
        },
    }
}

/// What to write in place of a name that is not known.
fn suggestion(name: &str, known: &ManagedPolicies) -> String {
    let bare = name.rsplit('/').next().unwrap_or(name);
    let near = match known.get(bare) {
        // The path in the ARN is wrong.
        Some(found) => Some(found.arn()),
        None => {
            let names = || known.iter().map(|policy| policy.name());
            let starts = |name: &&str| name.get(..bare.len()).is_some_and(|start| start.eq_ignore_ascii_case(bare));
            // What is typed half is nearer than what is as long.
            let longer = names().filter(starts).min_by_key(|name| name.len()).filter(|_| !bare.is_empty());
            longer.or_else(|| policy::nearest(bare, names())).map(str::to_owned)
        }
    };
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a policy of your own has a `document`; AWS's are newer than the list here".to_owned(),
    }
}

fn iam_document(policy: reference::ManagedPolicy<'_>) -> ManagedDocument {
    ManagedDocument {
        name: policy.name().to_owned(),
        arn: policy.arn(),
        version: Some(policy.version().to_owned()),
        document: policy.document(),
    }
}

/// The policy that AWS attaches to every level of an organization once SCPs or RCPs are switched on.
struct OrganizationPolicy {
    name: &'static str,
    arn: &'static str,
    document: &'static str,
}

const FULL_AWS_ACCESS: OrganizationPolicy = OrganizationPolicy {
    name: "FullAWSAccess",
    arn: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}"#,
};

const RCP_FULL_AWS_ACCESS: OrganizationPolicy = OrganizationPolicy {
    name: "RCPFullAWSAccess",
    arn: "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": "*",
      "Action": "*",
      "Resource": "*"
    }
  ]
}"#,
};

impl OrganizationPolicy {
    fn of(kind: InputKind) -> Option<&'static Self> {
        match kind {
            InputKind::Scp => Some(&FULL_AWS_ACCESS),
            InputKind::Rcp => Some(&RCP_FULL_AWS_ACCESS),
            _ => None,
        }
    }

    /// By its name in any case, its id or its ARN.
    fn is_called(&self, name: &str) -> bool {
        let bare = name.strip_prefix("p-").unwrap_or(name);
        bare.eq_ignore_ascii_case(self.name) || name == self.arn
    }

    fn document(&self) -> ManagedDocument {
        let [name, arn, document] = [self.name, self.arn, self.document].map(str::to_owned);
        ManagedDocument { name, arn, version: None, document }
    }
}

/// How many names a list to choose from has at most.
const MOST_NAMES: usize = 50;

/// The AWS managed policies whose names have all words of `query`, the closest first, at most 50; those that only a
/// service's own role can have come last. Where none has them, the nearest, and it says so; `None` where no names are loaded. `kind` is that of the policy to be attached, as in a scenario.
///
/// ```
/// use assist::{Knowledge, Part, managed_policies};
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// let mut knowledge = Knowledge::default();
/// knowledge.load(Part::ManagedPolicies, read("managed-policies")).unwrap();
/// let names = |query| managed_policies(query, "identity", &knowledge).unwrap().into_iter().map(|it| it.name).collect::<Vec<_>>();
/// assert_eq!(names("s3 read")[0], "AmazonS3ReadOnlyAccess");
/// assert_eq!(names("administratoraccess")[0], "AdministratorAccess");
/// assert_eq!(names("AmazonS3ReadOnlyAcces"), names("AmazonS3ReadOnlyAccess")[..1]);
/// assert_eq!(names("AmazonS3RaedOnlyAccess"), ["AmazonS3ReadOnlyAccess"]);
/// ```
pub fn managed_policies(query: &str, kind: &str, knowledge: &Knowledge) -> Option<Vec<ManagedName>> {
    let query = query.to_ascii_lowercase();
    // An ARN is as good as a name.
    let query = query.rsplit('/').next().unwrap_or("");
    let words: Vec<&str> =
        query.split(|char: char| !char.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let found = match InputKind::ALL.into_iter().find(|known| known.name() == kind) {
        Some(kind @ (InputKind::Scp | InputKind::Rcp)) => {
            let own = OrganizationPolicy::of(kind).filter(|own| rank(own.name, &words).is_some());
            own.map(|own| ManagedName {
                name: own.name.to_owned(),
                arn: own.arn.to_owned(),
                service_linked: false,
                nearest: false,
            })
            .into_iter()
            .collect()
        }
        Some(InputKind::Identity | InputKind::PermissionsBoundary | InputKind::Session) => {
            let all = knowledge.managed_names()?;
            // Those of /root-task/ are for sessions with a member account's root user.
            let for_few =
                |policy: &ManagedPolicy<'_>| is_service_linked(policy) || policy.path().starts_with("/root-task/");
            let ranked =
                all.iter().filter_map(|policy| Some(((for_few(policy), rank(policy.name(), &words)?), policy)));
            let mut found: Vec<_> = ranked.collect();
            found.sort_by_key(|(order, _)| *order);
            found.truncate(MOST_NAMES);
            let entry = |policy: &ManagedPolicy<'_>, nearest: bool| ManagedName {
                name: policy.name().to_owned(),
                arn: policy.arn(),
                service_linked: is_service_linked(policy),
                nearest,
            };
            if found.is_empty() {
                let near = policy::nearest(query, all.iter().map(|policy| policy.name()));
                let near = near.and_then(|near| all.iter().find(|policy| policy.name() == near));
                return Some(near.map(|policy| entry(policy, true)).into_iter().collect());
            }
            found.into_iter().map(|(_, policy)| entry(policy, false)).collect()
        }
        _ => Vec::new(),
    };
    Some(found)
}

fn is_service_linked(policy: &ManagedPolicy<'_>) -> bool {
    policy.path().starts_with("/aws-service-role/")
}

/// How far a name is from the words, which it must all have: whether it starts with the first, and its length.
fn rank(name: &str, words: &[&str]) -> Option<(bool, usize)> {
    let name = name.to_ascii_lowercase();
    let has_all = words.iter().all(|word| name.contains(word));
    let bare = name.strip_prefix("amazon").or_else(|| name.strip_prefix("aws")).unwrap_or(&name);
    let starts = words.first().is_none_or(|word| name.starts_with(word) || bare.starts_with(word));
    has_all.then_some((!starts, name.len()))
}

/// The AWS managed policy with this name or ARN, for a policy of this kind.
pub fn managed_policy(name: &str, kind: &str, knowledge: &Knowledge) -> Option<ManagedDocument> {
    let entry = [("kind", kind), ("managedPolicy", name)];
    let entry = entry.map(|(key, value)| (key.to_owned(), Value::String(value.to_owned()))).into_iter().collect();
    match resolve(&entry, knowledge.managed_policies()) {
        Resolution::Document(found) => Some(found),
        Resolution::Nothing | Resolution::Problem(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Part;
    use playground::Decision;
    use serde_json::json;

    fn knowledge() -> Knowledge {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/managed-policies.txt");
        let mut knowledge = Knowledge::default();
        knowledge.load(Part::ManagedPolicies, std::fs::read_to_string(path).unwrap()).unwrap();
        knowledge
    }

    fn scenario(policies: Value) -> Value {
        json!({
            "request": {
                "principal": "arn:aws:iam::111122223333:user/alice",
                "action": "s3:PutObject",
                "resource": "arn:aws:s3:::photos/cat.jpg"
            },
            "policies": policies
        })
    }

    fn report(policies: Value, knowledge: &Knowledge) -> Report {
        evaluate(&scenario(policies), knowledge, Options::default())
    }

    #[track_caller]
    fn problem(policy: Value, knowledge: &Knowledge) -> (String, String, Option<String>) {
        let report = report(json!([policy]), knowledge);
        assert_eq!(report.decision, None);
        let mut errors = report.diagnostics.into_iter().filter(|one| one.severity == Severity::Error);
        let error = errors.next().unwrap();
        assert_eq!(errors.next(), None);
        assert_eq!(error.path.as_deref(), Some("/policies/0/managedPolicy"));
        (error.code, error.message, error.help)
    }

    #[test]
    fn a_name_an_arn_and_a_boundary_decide_like_documents() {
        let knowledge = knowledge();
        let administrator = json!({"kind": "identity", "managedPolicy": "AdministratorAccess"});
        let boundary = json!({
            "kind": "permissionsBoundary", "name": "Ceiling",
            "managedPolicy": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
        });
        let open = report(json!([administrator]), &knowledge);
        assert_eq!(open.decision, Some(Decision::Allowed));
        assert_eq!(open.policies[0].name, "AdministratorAccess");
        assert!(open.policies[0].text.as_deref().unwrap().starts_with("{\n  \"Version\""));
        let under = report(json!([administrator, boundary]), &knowledge);
        assert_eq!(under.reason.code, "implicit-deny-permissions-boundary");
        assert_eq!(under.policies[1].name, "Ceiling");
    }

    #[test]
    fn the_document_decides_as_if_it_stood_in_the_scenario() {
        let knowledge = knowledge();
        for policy in knowledge.managed_policies().unwrap().iter().step_by(97) {
            let document: Value = serde_json::from_str(&policy.document()).unwrap();
            let by_name = report(json!([{"kind": "identity", "managedPolicy": policy.name()}]), &knowledge);
            let by_text = playground::evaluate_value(
                &scenario(json!([{"kind": "identity", "name": policy.name(), "document": document}])),
                Options::default(),
            );
            assert_eq!(by_name.decision, by_text.decision);
            assert_eq!(by_name.policies, by_text.policies);
        }
    }

    #[test]
    fn what_cannot_be_attached_is_said_at_its_entry() {
        let knowledge = knowledge();
        let (code, message, help) =
            problem(json!({"kind": "identity", "managedPolicy": "AmazonS3ReadOnly"}), &knowledge);
        assert_eq!(code, "unknown-managed-policy");
        assert_eq!(message, "there is no AWS managed policy `AmazonS3ReadOnly`, as far as is known here");
        assert_eq!(help.as_deref(), Some("did you mean `AmazonS3ReadOnlyAccess`?"));
        let (_, _, help) = problem(json!({"kind": "identity", "managedPolicy": "PowerUserAcess"}), &knowledge);
        assert_eq!(help.as_deref(), Some("did you mean `PowerUserAccess`?"));

        let wrong_path =
            json!({"kind": "session", "managedPolicy": "arn:aws:iam::aws:policy/job-function/ReadOnlyAccess"});
        let (_, _, help) = problem(wrong_path, &knowledge);
        assert_eq!(help.as_deref(), Some("did you mean `arn:aws:iam::aws:policy/ReadOnlyAccess`?"));

        let (code, _, _) = problem(json!({"kind": "resource", "managedPolicy": "ReadOnlyAccess"}), &knowledge);
        assert_eq!(code, "managed-policy-kind");
        let (_, _, help) = problem(json!({"kind": "scp", "managedPolicy": "ReadOnlyAccess"}), &knowledge);
        assert_eq!(help.as_deref(), Some("the only one is `FullAWSAccess`"));
        let both = json!({"kind": "identity", "managedPolicy": "ReadOnlyAccess", "document": {}});
        let (code, message, _) = problem(both, &knowledge);
        assert_eq!(code, "document-and-managed-policy");
        assert_eq!(message, "a policy has a `document` or a `managedPolicy`, not both");
        let (code, message, _) = problem(json!({"kind": "identity", "managedPolicy": 1}), &knowledge);
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("invalid-scenario", "`managedPolicy` must be a name or an ARN, not a number")
        );
    }

    #[test]
    fn without_the_data_one_sentence_says_so() {
        let (code, message, _) =
            problem(json!({"kind": "identity", "managedPolicy": "ReadOnlyAccess"}), &Knowledge::default());
        assert_eq!(code, "managed-policy-not-loaded");
        assert_eq!(message, "the AWS managed policy `ReadOnlyAccess` is not loaded yet");
    }

    #[test]
    fn the_policies_that_aws_attaches_in_organizations_need_no_data() {
        let policies = json!([
            {"kind": "scp", "target": "Root", "managedPolicy": "FullAWSAccess"},
            {"kind": "rcp", "target": "Root", "managedPolicy": "RCPFullAWSAccess"},
            {"kind": "identity", "document": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
            ]}}
        ]);
        assert_eq!(report(policies, &Knowledge::default()).decision, Some(Decision::Allowed));
    }

    #[test]
    fn what_nobody_can_mend_is_offered_no_mend() {
        let report = report(json!([{"kind": "identity", "managedPolicy": "PowerUserAccess"}]), &knowledge());
        assert!(report.diagnostics.iter().all(|one| one.fix.is_none() && one.severity != Severity::Info));
    }

    #[test]
    fn a_scenario_without_managed_policies_is_not_copied() {
        let scenario = scenario(json!([{"kind": "identity", "document": {}}]));
        assert!(matches!(attach(&scenario, &Knowledge::default()).scenario, Cow::Borrowed(_)));
    }

    #[test]
    fn a_list_to_choose_from_has_the_short_and_attachable_first() {
        let knowledge = knowledge();
        let names = |query: &str, kind: &str| -> Vec<_> {
            managed_policies(query, kind, &knowledge).unwrap().into_iter().map(|it| it.name).collect()
        };
        assert_eq!(names("", "identity").len(), 50);
        assert_eq!(names("readonlyaccess", "identity")[0], "ReadOnlyAccess");
        assert_eq!(names("s3", "identity")[..2], ["AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"]);
        assert_eq!(names("arn:aws:iam::aws:policy/job-function/Billing", "identity")[0], "Billing");
        assert_eq!(names("", "scp"), ["FullAWSAccess"]);
        assert_eq!(names("", "resource"), [""; 0]);
        assert_eq!(names("no such policy", "identity"), [""; 0]);
        let all = managed_policies("servicerole", "identity", &knowledge).unwrap();
        assert_eq!(managed_policies("", "identity", &Knowledge::default()), None);
        let first_linked = all.iter().position(|it| it.service_linked).unwrap();
        assert!(all[first_linked..].iter().all(|it| it.service_linked));
    }

    #[test]
    fn one_policy_is_given_with_its_text() {
        let knowledge = knowledge();
        let found = managed_policy("amazons3readonlyaccess", "identity", &knowledge).unwrap();
        assert_eq!(found.arn, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess");
        assert!(found.version.unwrap().starts_with('v'));
        assert!(found.document.contains("\"s3:Get*\""));
        assert_eq!(managed_policy("Nothing", "identity", &knowledge), None);
    }
}

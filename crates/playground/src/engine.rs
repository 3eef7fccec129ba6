//! From a scenario to its report: parse the policies, build the request, evaluate, describe, run the tests.

use core::cell::OnceCell;
use std::sync::{Arc, OnceLock};

use evaluator::{CompiledDocument, Evaluation, Kind, Level, NotApplicable, PolicyEntry, PolicySet, Request};
#[cfg(feature = "lints")]
use policy::arn::Arn;
use policy::arn::is_account_id;
use policy::{Parsed, PolicyKind, ResourceType, Seen, Severity as PolicySeverity};
use serde_json::Value;

use crate::explain::{PolicyWords, Words};
use crate::position::Positions;
use crate::{
    Decision, Diagnostic, InputKind, Options, PolicyInput, Problem, Reason, Report, RequestInput, Scenario, Severity,
    check, describe, limits, request, test,
};

/// A policy document, read: nothing here hangs on more than its kind and its text.
#[derive(Debug, Clone)]
pub struct ReadDocument {
    /// What elements it takes: of a resource-based policy that hangs on the request's resource.
    pub kind: PolicyKind,
    /// The document as typed, or as laid out where the scenario gives an object.
    pub text: String,
    /// What was understood of it, and what is wrong.
    pub parsed: Parsed,
    /// The lines of the text.
    pub positions: Positions,
    /// Made when first asked for.
    compiled: OnceLock<CompiledDocument>,
}

impl ReadDocument {
    /// Reads a text.
    pub fn new(text: String, kind: PolicyKind) -> Arc<Self> {
        let parsed = policy::parse(&text, kind);
        let positions = Positions::new(&text);
        Arc::new(Self { kind, text, parsed, positions, compiled: OnceLock::new() })
    }

    fn compiled(&self) -> &CompiledDocument {
        self.compiled.get_or_init(|| CompiledDocument::new(self.kind, &self.parsed.document))
    }
}

/// A policy of the scenario.
pub(crate) struct Policy<'a> {
    pub(crate) input: &'a PolicyInput,
    /// As given, or `KIND-N`.
    pub(crate) name: String,
    pub(crate) read: Arc<ReadDocument>,
    pub(crate) level: usize,
}

impl Policy<'_> {
    pub(crate) fn is_valid(&self) -> bool {
        !self.read.parsed.has_errors()
    }

    /// Whether the text was laid out here, because the scenario gave an object.
    pub(crate) fn is_laid_out(&self) -> bool {
        self.input.document.is_object()
    }
}

/// What an evaluation came to.
pub(crate) struct Answer {
    /// The request that was decided: the scenario's, or one that it implies and that is refused.
    pub(crate) request: Request,
    pub(crate) evaluation: Evaluation,
    /// The implied action, where that decided.
    pub(crate) implied: Option<&'static str>,
    /// For each policy, why it has no part in the request.
    pub(crate) not_applicable: Vec<Option<NotApplicable>>,
}

impl Answer {
    pub(crate) fn decision(&self) -> Decision {
        decision_name(self.evaluation.verdict.decision())
    }
}

fn decision_name(decision: evaluator::Decision) -> Decision {
    match decision {
        evaluator::Decision::Allowed => Decision::Allowed,
        evaluator::Decision::ImplicitDeny => Decision::ImplicitDeny,
        evaluator::Decision::ExplicitDeny => Decision::ExplicitDeny,
    }
}

/// A scenario made ready.
pub(crate) struct Engine<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) policies: Vec<Policy<'a>>,
    pub(crate) level_names: Vec<String>,
    levels: Vec<Level>,
    problems: Vec<Problem>,
    options: Options,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(scenario: &'a Scenario, problems: &[Problem], options: Options) -> Self {
        Self::reading(scenario, problems, options, |_, text, kind| ReadDocument::new(text, kind))
    }

    /// With `read` for reading the document at a place of the list of policies.
    pub(crate) fn reading(
        scenario: &'a Scenario,
        problems: &[Problem],
        options: Options,
        read: impl Fn(usize, String, PolicyKind) -> Arc<ReadDocument>,
    ) -> Self {
        let mut problems = problems.to_vec();
        let Levels { names: level_names, levels, places } = levels(scenario, &mut problems);
        let attached_to = resource_type(scenario.request.resource.as_deref());
        let names = names(&scenario.policies, &mut problems);
        let policies = scenario
            .policies
            .iter()
            .zip(names)
            .enumerate()
            .map(|(at, (input, name))| {
                let read = read(at, layout(&input.document), policy_kind(input.kind, attached_to));
                let target = input.target.as_deref().unwrap_or_default();
                let level = places.first(target).unwrap_or_default();
                Policy { input, name, read, level }
            })
            .collect();
        Self { scenario, policies, level_names, levels, problems, options }
    }

    /// The whole report.
    pub(crate) fn report(mut self) -> Report {
        let (report, answer) = self.beside_policies();
        Report { policies: describe::policies(&self, answer.as_ref()), ..report }
    }

    /// The report but for what it says of each policy, and what that is made from.
    pub(crate) fn beside_policies(&mut self) -> (Report, Option<Answer>) {
        let mut problems = core::mem::take(&mut self.problems);
        let built = self.build(&self.scenario.request, "/request", &mut problems);
        #[cfg(feature = "lints")]
        self.lint(built.as_ref(), &mut problems);
        // What is wrong with a test leaves the scenario's own question as it is.
        let in_the_way = |problem: &Problem| problem.severity == Severity::Error && !problem.path.starts_with("/tests");
        let usable = !problems.iter().any(in_the_way);
        let sets = PolicySets::new(self);
        let answer = built.map(|request| self.answer(&sets, request));
        let refused = self.policies.iter().find(|policy| !policy.is_valid());
        let mut report = describe::report(self, answer.as_ref());
        if !usable {
            report = without_decision(report, invalid_request(&problems));
        } else if let Some(policy) = refused {
            report = without_decision(report, invalid_policy(policy));
        }
        report.diagnostics = self.diagnostics(&problems);
        let tests = self.scenario.tests.iter().enumerate();
        report.tests = tests.map(|(at, test)| test::run(self, &sets, at, test, &report.diagnostics)).collect();
        (report, answer)
    }

    /// Decides the scenario's request, and those it implies.
    pub(crate) fn answer(&self, sets: &PolicySets<'_>, request: Request) -> Answer {
        // What a reading of our own decides is told in notes, which the small engine leaves to the whole one.
        #[cfg(feature = "lints")]
        let evaluate = evaluator::evaluate;
        #[cfg(not(feature = "lints"))]
        let evaluate = evaluator::trace;
        let set = sets.of(&request);
        let evaluation = evaluate(set, &request);
        if evaluation.verdict.decision() == evaluator::Decision::Allowed {
            for action in request.implied_actions() {
                let implied = request.with_action(action);
                let second = evaluate(set, &implied);
                if second.verdict.decision() != evaluator::Decision::Allowed {
                    return self.answered(set, implied, second, Some(action));
                }
            }
        }
        self.answered(set, request, evaluation, None)
    }

    /// Only the decision, of the request and of those it implies.
    pub(crate) fn decision(&self, request: &Request) -> Decision {
        let set = self.policy_set(resource_type(Some(&request.resource)));
        let first = evaluator::decide(&set, request).decision();
        let implied =
            request.implied_actions().map(|action| evaluator::decide(&set, &request.with_action(action)).decision());
        let refused = |decision: &evaluator::Decision| *decision != evaluator::Decision::Allowed;
        let decision = if refused(&first) { first } else { implied.into_iter().find(refused).unwrap_or(first) };
        decision_name(decision)
    }

    fn answered(
        &self,
        set: &PolicySet<'_>,
        request: Request,
        evaluation: Evaluation,
        implied: Option<&'static str>,
    ) -> Answer {
        let not_applicable = (0..self.policies.len()).map(|at| set.why_not_applicable(at, &request)).collect();
        Answer { request, evaluation, implied, not_applicable }
    }

    fn policy_set(&self, attached_to: ResourceType) -> PolicySet<'_> {
        let entries = self
            .policies
            .iter()
            .map(|policy| {
                let kind = policy_kind(policy.input.kind, attached_to);
                let entry = PolicyEntry::new(kind, &policy.read.parsed.document).on_level(policy.level);
                if kind == policy.read.kind { entry.compiled(policy.read.compiled()) } else { entry }
            })
            .collect();
        PolicySet::with_levels(entries, self.levels.clone())
    }

    /// Builds a test's request; problems of its own are returned beside.
    pub(crate) fn build(&self, input: &RequestInput, path: &str, problems: &mut Vec<Problem>) -> Option<Request> {
        let management = self.management_account();
        let request = request::build(input, management.as_deref(), path, self.options, problems)?;
        let documents = self.policies.iter().map(|policy| (policy.read.text.as_str(), &policy.read.parsed.document));
        match limits::too_much(documents, &request) {
            None => Some(request),
            Some(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    /// Why no decision can be given whatever the request, where that is so.
    pub(crate) fn refused(&self) -> Option<Reason> {
        self.policies.iter().find(|policy| !policy.is_valid()).map(invalid_policy)
    }

    pub(crate) fn words<'w>(&'w self, request: &'w Request, policies: &'w [PolicyWords<'w>]) -> Words<'w> {
        Words { request, policies, levels: &self.level_names }
    }

    pub(crate) fn policy_words(&self) -> Vec<PolicyWords<'_>> {
        self.policies
            .iter()
            .map(|policy| PolicyWords {
                name: &policy.name,
                kind: Kind::from(policy.read.kind),
                via: policy.input.via.as_deref(),
                sids: policy
                    .read
                    .parsed
                    .document
                    .statements
                    .iter()
                    .map(|statement| statement.sid.as_ref().map(|sid| sid.value.as_str()))
                    .collect(),
            })
            .collect()
    }

    fn management_account(&self) -> Option<String> {
        self.scenario.organization.as_ref()?.management_account.clone()
    }

    /// All findings: of the scenario, then policy by policy in the order of the text.
    fn diagnostics(&self, problems: &[Problem]) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = problems.iter().map(describe::problem).collect();
        for policy in &self.policies {
            #[cfg_attr(not(feature = "lints"), expect(unused_mut, reason = "lints are added"))]
            let mut findings: Vec<_> = policy.read.parsed.diagnostics.iter().take(MOST_FINDINGS).collect();
            #[cfg(feature = "lints")]
            let of_keys = describe::key_findings(&policy.read.parsed.document);
            #[cfg(feature = "lints")]
            self.add_lints(policy, &of_keys, &mut findings);
            all.extend(findings.into_iter().map(|finding| Diagnostic {
                policy: Some(policy.name.clone()),
                policy_index: Some(policy.input.index),
                ..check::diagnostic(finding, &policy.read.positions)
            }));
        }
        all
    }

    /// Adds the findings about condition keys, each in its place, and takes out what the request shows to be wrong.
    #[cfg(feature = "lints")]
    fn add_lints<'f>(
        &self,
        policy: &Policy<'_>,
        of_keys: &'f [policy::Diagnostic],
        findings: &mut Vec<&'f policy::Diagnostic>,
    ) {
        for finding in of_keys.iter().take(MOST_FINDINGS) {
            let place = findings.partition_point(|other| other.span <= finding.span);
            findings.insert(place, finding);
        }
        findings.retain(|finding| !self.is_about_own_account(policy, finding));
    }

    /// A role's own account needs no external id: that guards against other people's accounts. Whose the role is, the
    /// document does not say; the request does.
    #[cfg(feature = "lints")]
    fn is_about_own_account(&self, policy: &Policy<'_>, finding: &policy::Diagnostic) -> bool {
        let account = self.scenario.request.resource.as_deref().and_then(Arn::split).map_or("", |arn| arn.account);
        finding.code == "account-without-external-id"
            && is_account_id(account)
            && finding.span.of(&policy.read.text).contains(account)
    }

    /// Findings in the request that change no decision.
    #[cfg(feature = "lints")]
    fn lint(&self, request: Option<&Request>, problems: &mut Vec<Problem>) {
        describe::context_findings(&self.scenario.request, request, problems);
        if let Some(request) = request {
            self.misfits(request, problems);
        }
    }

    /// Policies and context that cannot be part of the request as it stands.
    #[cfg(feature = "lints")]
    fn misfits(&self, request: &Request, problems: &mut Vec<Problem>) {
        let mut warn = |path: String, code, message: &str, help: &str| {
            problems.push(Problem {
                path,
                severity: Severity::Warning,
                code,
                message: message.to_owned(),
                help: Some(help.to_owned()),
            });
        };
        for policy in &self.policies {
            if policy.input.kind == InputKind::Session && Kind::Session.not_applicable(request).is_some() {
                warn(
                    format!("/policies/{}/kind", policy.input.index),
                    "session-policy-without-session",
                    "only sessions of roles and federated users have session policies; this one is left out",
                    "ask as a session, such as arn:aws:sts::111122223333:assumed-role/ROLE/SESSION",
                );
            }
        }
        let has = |key: &&str| request.context.get(key).is_some();
        let through_endpoint = self.policies.iter().any(|policy| policy.input.kind == InputKind::VpcEndpoint)
            || ENDPOINT_KEYS.iter().any(has);
        if through_endpoint && has(&"aws:SourceIp") {
            warn(
                "/request/context".to_owned(),
                "source-ip-through-endpoint",
                "a request through a VPC endpoint has no `aws:SourceIp`; here the given address is used all the same",
                "remove it, and give `aws:VpcSourceIp`, `aws:SourceVpc` or `aws:SourceVpce` instead",
            );
        }
    }
}

/// Keys of requests that come through a VPC endpoint, and of no others.
#[cfg(feature = "lints")]
const ENDPOINT_KEYS: [&str; 7] = [
    "aws:SourceVpce",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
];

/// The scenario's policies, compiled: once for all requests about resources of one type.
pub(crate) struct PolicySets<'e> {
    engine: &'e Engine<'e>,
    of_types: [OnceCell<PolicySet<'e>>; 4],
}

impl<'e> PolicySets<'e> {
    fn new(engine: &'e Engine<'e>) -> Self {
        Self { engine, of_types: Default::default() }
    }

    fn of(&self, request: &Request) -> &PolicySet<'e> {
        let attached_to = resource_type(Some(&request.resource));
        let [role, key, bucket, other] = &self.of_types;
        let set = match attached_to {
            ResourceType::Role => role,
            ResourceType::Key => key,
            ResourceType::Bucket => bucket,
            ResourceType::Other => other,
        };
        set.get_or_init(|| self.engine.policy_set(attached_to))
    }
}

/// How many findings of one policy are reported: whoever has more fixes those first.
const MOST_FINDINGS: usize = 500;

/// The kind of a policy whose resource-based form hangs on what it is attached to.
pub(crate) fn policy_kind(kind: InputKind, attached_to: ResourceType) -> PolicyKind {
    match kind {
        InputKind::Identity => PolicyKind::Identity,
        InputKind::Resource => PolicyKind::Resource(attached_to),
        InputKind::PermissionsBoundary => PolicyKind::PermissionsBoundary,
        InputKind::Session => PolicyKind::Session,
        InputKind::Scp => PolicyKind::Scp,
        InputKind::Rcp => PolicyKind::Rcp,
        InputKind::VpcEndpoint => PolicyKind::VpcEndpoint,
    }
}

/// What a resource-based policy is attached to. Listing all buckets is asked of `arn:aws:s3:::*`, which is no bucket
/// with a policy.
pub(crate) fn resource_type(resource: Option<&str>) -> ResourceType {
    resource.filter(|arn| *arn != evaluator::ALL_BUCKETS).map_or(ResourceType::Other, ResourceType::of_arn)
}

/// A document's text: as typed, or an object laid out with two spaces.
fn layout(document: &Value) -> String {
    match document {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

/// The policies' names: as given, or `KIND-N`; a name given twice makes statement ids ambiguous.
fn names(policies: &[PolicyInput], problems: &mut Vec<Problem>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(policies.len());
    let mut numbers = [0; InputKind::ALL.len()];
    let mut taken = Seen::default();
    for policy in policies {
        let mut number = 0;
        if let Some(count) = numbers.get_mut(policy.kind as usize) {
            *count += 1;
            number = *count;
        }
        let given = policy.name.as_ref().filter(|name| !name.trim().is_empty());
        let name = given.cloned().unwrap_or_else(|| format!("{}-{number}", policy.kind.name()));
        // The same SCP or RCP is often attached on several levels.
        let with_level = format!("{}\0{name}", policy.target.as_deref().unwrap_or_default());
        if taken.before(&with_level, policy.index).is_some() {
            problems.push(Problem {
                path: format!("/policies/{}/name", policy.index),
                severity: Severity::Warning,
                code: "duplicate-policy-name",
                message: format!("another policy is called `{name}` too"),
                help: Some("give it a name of its own, so that its statements can be told apart".to_owned()),
            });
        }
        names.push(name);
    }
    names
}

/// The levels of the organization.
struct Levels {
    names: Vec<String>,
    levels: Vec<Level>,
    /// The place of each name.
    places: Seen,
}

/// The levels of `scpLevels` first, then targets in the order in which they appear.
fn levels(scenario: &Scenario, problems: &mut Vec<Problem>) -> Levels {
    let named = scenario.organization.as_ref().and_then(|organization| organization.scp_levels.as_deref());
    let mut found = Levels { names: Vec::new(), levels: Vec::new(), places: Seen::default() };
    for name in named.unwrap_or_default() {
        found.places.before(name, found.names.len());
        found.names.push(name.clone());
        found.levels.push(level(name, true));
    }
    for policy in &scenario.policies {
        if !matches!(policy.kind, InputKind::Scp | InputKind::Rcp) {
            continue;
        }
        let target = policy.target.as_deref().unwrap_or_default();
        let is_scp = policy.kind == InputKind::Scp;
        if let Some(level) = found.places.first(target).and_then(|place| found.levels.get_mut(place)) {
            level.needs_scp |= is_scp;
            continue;
        }
        if named.is_some() {
            problems.push(Problem {
                path: format!("/policies/{}/target", policy.index),
                severity: Severity::Warning,
                code: "unlisted-level",
                message: format!("the level `{target}` is not among `scpLevels`; it is taken as the lowest"),
                help: Some("add it to `organization.scpLevels`, in its place from the root down".to_owned()),
            });
        }
        found.places.before(target, found.names.len());
        found.names.push(target.to_owned());
        found.levels.push(level(target, is_scp));
    }
    found
}

fn level(name: &str, needs_scp: bool) -> Level {
    Level { account: is_account_id(name).then(|| name.to_owned()), needs_scp }
}

fn without_decision(report: Report, reason: Reason) -> Report {
    Report { decision: None, reason, error_message: None, steps: Vec::new(), ..report }
}

pub(crate) fn invalid_request(problems: &[Problem]) -> Reason {
    let first = problems.iter().find(|problem| problem.severity == Severity::Error);
    let what = first.map_or("something is missing", |problem| problem.message.as_str());
    Reason { code: "invalid-request".to_owned(), message: format!("the request cannot be decided: {what}") }
}

fn invalid_policy(policy: &Policy<'_>) -> Reason {
    let error = policy.read.parsed.diagnostics.iter().find(|finding| finding.severity == PolicySeverity::Error);
    let what = error.map_or(String::new(), |error| format!(": {}", error.message));
    let message = format!("IAM would refuse to save `{}`, so there is nothing to decide{what}", policy.name);
    Reason { code: "invalid-policy".to_owned(), message }
}

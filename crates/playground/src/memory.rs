//! What stays the same from one keystroke to the next: a person changes one policy, and the others need neither be read
//! nor put into words again.

use std::sync::Arc;

use evaluator::{Caller, Request, StatementTrace};
use policy::PolicyKind;

use crate::describe::{self, Found};
use crate::engine::{Engine, Policy, ReadDocument};
use crate::{Options, PolicyReport, Problem, Report, Scenario};

/// What the last evaluation worked out about each policy. It saves work and changes nothing: a report made with a memory
/// is the one made without.
///
/// ```
/// use playground::{Memory, Options, Scenario, evaluate, evaluate_with};
///
/// let (scenario, problems) = Scenario::from_value(&serde_json::json!({
///     "request": {
///         "principal": "arn:aws:iam::111122223333:user/alice",
///         "action": "s3:GetObject",
///         "resource": "arn:aws:s3:::photos/cat.jpg"
///     },
///     "policies": [{ "kind": "identity", "document": {
///         "Version": "2012-10-17",
///         "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }]
///     }}]
/// }));
/// let mut memory = Memory::default();
/// let once = evaluate_with(&scenario, &problems, Options::default(), &mut memory);
/// let again = evaluate_with(&scenario, &problems, Options::default(), &mut memory);
/// assert!(std::sync::Arc::ptr_eq(&once.policies[0], &again.policies[0]));
/// assert_eq!(again.into_report(), evaluate(&scenario, &problems, Options::default()));
/// ```
#[derive(Debug, Default)]
pub struct Memory {
    asked: Option<Asked>,
    policies: Vec<Known>,
}

/// A report whose part about the policies may be shared with earlier ones.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedReport {
    /// The report, its `policies` left empty.
    pub beside: Report,
    /// The policies: the same allocation as in the report before where nothing has changed.
    pub policies: Vec<Arc<PolicyReport>>,
}

impl SharedReport {
    /// The report in one piece.
    pub fn into_report(self) -> Report {
        Report { policies: self.policies.into_iter().map(Arc::unwrap_or_clone).collect(), ..self.beside }
    }
}

/// What a policy's trace says of the request, beside what the statements recorded: the sentences quote it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    caller: Caller,
    action: String,
    resource: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self { caller: request.caller.clone(), action: request.action.clone(), resource: request.resource.clone() }
    }
}

/// A policy, and what was said of it.
#[derive(Debug)]
struct Known {
    read: Arc<ReadDocument>,
    traces: Vec<StatementTrace>,
    report: Arc<PolicyReport>,
}

impl Known {
    fn new(policy: &Policy<'_>, found: Option<Found<'_>>) -> Self {
        Self {
            read: Arc::clone(&policy.read),
            traces: found.map(|found| found.traces.to_vec()).unwrap_or_default(),
            report: Arc::new(describe::policy(policy, found)),
        }
    }

    /// Whether the same would be said of `policy`, of the same caller, action and resource.
    fn is_same(&self, policy: &Policy<'_>, found: Option<Found<'_>>) -> bool {
        let input = policy.input;
        Arc::ptr_eq(&self.read, &policy.read)
            && self.report.name == policy.name
            && self.report.policy_index == input.index
            && self.report.kind == input.kind.name()
            && self.report.via == input.via
            && self.report.target == input.target
            && self.report.text.is_some() == policy.is_laid_out()
            && self.report.not_applicable.as_deref() == describe::not_applicable(found)
            && self.traces == found.map(|found| found.traces).unwrap_or_default()
    }
}

impl Memory {
    /// The document at this place of the list, where it was the same before; a policy may have come in above it or gone.
    pub(crate) fn read(&self, at: usize, text: String, kind: PolicyKind) -> Arc<ReadDocument> {
        let near = [Some(at), at.checked_sub(1), at.checked_add(1)];
        let known = near.into_iter().flatten().filter_map(|at| self.policies.get(at)).map(|known| &known.read);
        let same = known.into_iter().find(|read| read.kind == kind && read.text == text);
        same.map_or_else(|| ReadDocument::new(text, kind), Arc::clone)
    }
}

/// Evaluates a scenario as [`crate::evaluate`] does, in less time where `memory` knows most of its policies.
pub fn evaluate_with(scenario: &Scenario, problems: &[Problem], options: Options, memory: &mut Memory) -> SharedReport {
    let mut engine = Engine::reading(scenario, problems, options, |at, text, kind| memory.read(at, text, kind));
    let (beside, answer) = engine.beside_policies();
    let asked = answer.as_ref().map(|answer| Asked::of(&answer.request));
    let mut before = core::mem::take(memory);
    if before.asked != asked {
        before.policies.clear();
    }
    let mut known = before.policies.into_iter();
    let policies = engine.policies.iter().enumerate().map(|(at, policy)| {
        let found = answer.as_ref().map(|answer| Found::about(at, answer));
        let before = known.next().filter(|known| known.is_same(policy, found));
        before.unwrap_or_else(|| Known::new(policy, found))
    });
    *memory = Memory { asked, policies: policies.collect() };
    let policies = memory.policies.iter().map(|known| Arc::clone(&known.report)).collect();
    SharedReport { beside, policies }
}

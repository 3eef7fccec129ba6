//! AWS IAM policy evaluation: policies and a request in, a decision and its trace out.
//!
//! Evaluation is a pure function: no clock, no randomness, no I/O; the time is part of the request's context. There
//! is one walk over the statements and one decision; [`decide`] and [`evaluate`] differ only in whether the walk
//! records what it sees.
//!
//! ```
//! use evaluator::{evaluate, Caller, Context, Decision, PolicyEntry, PolicySet, Request};
//! use policy::PolicyKind;
//!
//! let text = r#"{"Version": "2012-10-17", "Statement":
//!     {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::photos/*"}}"#;
//! let document = policy::parse(text, PolicyKind::Identity).document;
//! let policies = PolicySet::new(vec![PolicyEntry::new(PolicyKind::Identity, &document)]);
//! let caller = Caller::parse("arn:aws:iam::111122223333:user/alice").unwrap();
//! let request = Request::new(caller, "s3:GetObject", "arn:aws:s3:::photos/cat.jpg", None, Context::default());
//! assert_eq!(evaluate(&policies, &request).verdict.decision(), Decision::Allowed);
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

mod caller;
mod condition;
mod context;
mod decision;
mod facts;
pub mod keys;
mod pattern;
mod policies;
mod principal;
mod readings;
mod request;
mod stages;
mod statement;
mod trace;

pub use caller::{BadCaller, Caller};
pub use context::{Context, Entry as ContextEntry, Source};
pub use decision::{
    Allow, Decision, ExplicitDeny, ImplicitDeny, Kind, NotApplicable, ServiceRule, StatementId, Verdict,
};
pub use policies::{CompiledDocument, Level, PolicyEntry, PolicySet};
pub use principal::{Exemption, Strength};
pub use readings::{Choice, Readings, Touched};
pub use request::{ALL_BUCKETS, Request};
pub use stages::{Outcome, Stage, StageResult, Stages, Why};
pub use trace::{ConditionTrace, Detail, ElementTrace, How, PrincipalTrace, StatementTrace, ValueTrace};

use facts::Facts;
use pattern::{Filled, Template};

/// What one walk over the statements needs.
pub(crate) struct Env<'a> {
    pub(crate) request: &'a Request,
    /// Whether the caller has a permissions boundary, which `NotPrincipal` asks for.
    pub(crate) has_boundary: bool,
    pub(crate) readings: Readings,
    pub(crate) touched: Touched,
}

impl<'a> Env<'a> {
    fn new(policies: &PolicySet<'_>, request: &'a Request) -> Self {
        Self {
            request,
            has_boundary: policies.has_boundary(request),
            readings: policies.readings(),
            touched: policies.touched(),
        }
    }

    /// Fills in a template's variables from the request's context. Only single-valued keys can be variables.
    fn fill<'t>(&mut self, template: &'t Template) -> Filled<'t>
    where
        'a: 't,
    {
        let (request, readings, touched) = (self.request, self.readings, &mut self.touched);
        template.fill(template.is_wild() && readings.is_flipped(Choice::SubstitutedWildcards), |key| {
            let entry = request.context.find(key).filter(|entry| !entry.multivalued)?;
            let value = entry.values.first()?;
            if value.is_empty() {
                touched.add(Choice::EmptyVariable);
                return readings.is_flipped(Choice::EmptyVariable).then_some("");
            }
            if template.is_wild() && value.contains(['*', '?']) {
                touched.add(Choice::SubstitutedWildcards);
            }
            Some(value.as_str())
        })
    }
}

/// The decision with its full trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The decision and why.
    pub verdict: Verdict,
    /// How each stage went.
    pub stages: Stages,
    /// The statements that match and whose policies apply, in the order of the policies.
    pub matched: Vec<StatementId>,
    /// Every statement of every policy, in the order given, also of those that do not apply.
    pub policies: Vec<Vec<StatementTrace>>,
    /// The contested readings that change the decision when read the other way.
    pub contested: Vec<Choice>,
}

/// Decides a request and records why, statement by statement.
pub fn evaluate(policies: &PolicySet<'_>, request: &Request) -> Evaluation {
    let (mut evaluation, touched) = walk(policies, request);
    evaluation.contested = contested(policies, request, &evaluation.verdict, touched);
    evaluation
}

/// The same, but without asking which contested readings decide: that takes a second decision for each.
pub fn trace(policies: &PolicySet<'_>, request: &Request) -> Evaluation {
    walk(policies, request).0
}

/// The evaluation but for the contested readings that decide, and those it came upon.
fn walk(policies: &PolicySet<'_>, request: &Request) -> (Evaluation, Touched) {
    let mut env = Env::new(policies, request);
    let lists_buckets = request.is_action("s3:listallmybuckets") && request.resource == ALL_BUCKETS;
    env.touched.add_if(lists_buckets, Choice::ListAllMyBuckets);
    let (matched, traces) = policies.trace(&mut env);
    let facts = Facts::new(policies, request, &matched);
    let verdict = decision::judge(&facts, request, env.readings, &mut env.touched);
    let stages = stages::stages(policies, request, &matched, &facts, &verdict);
    let matched = matched.into_iter().map(|found| found.id).collect();
    (Evaluation { verdict, stages, matched, policies: traces, contested: Vec::new() }, env.touched)
}

/// Decides a request, and nothing else: the same walk, without recording.
///
/// ```
/// # use evaluator::{decide, Caller, Context, Decision, PolicySet, Request};
/// let caller = Caller::parse("arn:aws:iam::111122223333:user/alice").unwrap();
/// let request = Request::new(caller, "s3:GetObject", "arn:aws:s3:::b/k", None, Context::default());
/// // nothing allows it
/// assert_eq!(decide(&PolicySet::default(), &request).decision(), Decision::ImplicitDeny);
/// ```
pub fn decide(policies: &PolicySet<'_>, request: &Request) -> Verdict {
    let mut env = Env::new(policies, request);
    let matched = policies.matched(&mut env);
    let facts = Facts::new(policies, request, &matched);
    decision::judge(&facts, request, env.readings, &mut env.touched)
}

/// The choices among those touched that decide: the request is decided once more with each read the other way. (With
/// recording, which is not needed here, but saves a second copy of the walk in the module that browsers download.)
fn contested(policies: &PolicySet<'_>, request: &Request, verdict: &Verdict, touched: Touched) -> Vec<Choice> {
    let decides = |choice: &Choice| {
        let other = match choice {
            // This reading is about what is derived, not about how it is compared.
            Choice::MfaInRoleSession => walk(policies, &request.without("aws:MultiFactorAuthPresent")),
            // And this one about what is asked.
            Choice::ListAllMyBuckets => walk(policies, &Request { resource: "*".to_owned(), ..request.clone() }),
            _ => walk(&policies.with_readings(policies.readings().flip(*choice)), request),
        };
        other.0.verdict.decision() != verdict.decision()
    };
    touched.iter().filter(decides).collect()
}

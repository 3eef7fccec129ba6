//! From the evaluator's records to the report.

#[cfg(feature = "lints")]
mod findings;
mod missing;

#[cfg(feature = "lints")]
pub(crate) use findings::context_findings;
#[cfg(feature = "lints")]
pub use findings::key_findings;

use evaluator::{
    Evaluation, ImplicitDeny, NotApplicable, Outcome as StageOutcome, Request, Source, StatementId, StatementTrace,
    Verdict,
};
use policy::{Clause, Effect, Polarity, Span, Spanned, Statement};

use crate::engine::{Answer, Engine, Policy};
use crate::explain::{self, Words};
use crate::{
    ConditionReport, ContextEntry, Decision, Diagnostic, ElementReport, MatchedStatement, Note, Outcome, PolicyReport,
    Position, Problem, Reason, Report, StatementReport, Step, ValueReport,
};

/// The report but for its policies, diagnostics and tests.
pub(crate) fn report(engine: &Engine<'_>, answer: Option<&Answer>) -> Report {
    let Some(answer) = answer else {
        return Report {
            decision: None,
            reason: Reason { code: String::new(), message: String::new() },
            error_message: None,
            steps: Vec::new(),
            matched_statements: Vec::new(),
            policies: Vec::new(),
            missing_context_keys: Vec::new(),
            context: Vec::new(),
            diagnostics: Vec::new(),
            notes: Vec::new(),
            tests: Vec::new(),
        };
    };
    let policies = engine.policy_words();
    let words = engine.words(&answer.request, &policies);
    let evaluation = &answer.evaluation;
    Report {
        decision: Some(answer.decision()),
        reason: reason(engine, &words, evaluation),
        error_message: explain::error_message(&answer.request, evaluation),
        steps: evaluation.stages.iter().map(|stage| step(&words, stage)).collect(),
        matched_statements: evaluation.matched.iter().filter_map(|id| matched(engine, *id)).collect(),
        policies: Vec::new(),
        missing_context_keys: missing::keys(engine, answer),
        context: answer.request.context.iter().map(context_entry).collect(),
        diagnostics: Vec::new(),
        notes: notes(answer),
        tests: Vec::new(),
    }
}

/// Why, as slug and sentence.
pub(crate) fn reason(engine: &Engine<'_>, words: &Words<'_>, evaluation: &Evaluation) -> Reason {
    let allows: Vec<StatementId> =
        evaluation.matched.iter().copied().filter(|id| effect(engine, *id) == Some(Effect::Allow)).collect();
    let near = near_miss_for(engine, words, evaluation);
    Reason { code: explain::code(&evaluation.verdict), message: explain::message(words, evaluation, &allows, near) }
}

/// An `Allow` of the kind whose missing grant decided, that fails in one element other than its action.
fn near_miss_for(
    engine: &Engine<'_>,
    words: &Words<'_>,
    evaluation: &Evaluation,
) -> Option<(StatementId, &'static str)> {
    let Verdict::ImplicitDeny(ImplicitDeny::Kind(kind)) = evaluation.verdict else {
        return None;
    };
    let of_kind = |at: usize| {
        words
            .policies
            .get(at)
            .is_some_and(|policy| policy.kind == kind || (kind.is_resource_based() && policy.kind.is_resource_based()))
    };
    evaluation.policies.iter().enumerate().filter(|(at, _)| of_kind(*at)).find_map(|(at, traces)| {
        traces.iter().enumerate().find_map(|(index, trace)| {
            let id = StatementId { policy: at, statement: index };
            let statement = statement(engine, id)?;
            let allows = statement.effect.as_ref().is_some_and(|effect| effect.value == Effect::Allow);
            match failing(statement, trace).as_slice() {
                [only] if allows && !only.ends_with("Action") => Some((id, *only)),
                _ => None,
            }
        })
    })
}

fn statement<'e>(engine: &'e Engine<'_>, id: StatementId) -> Option<&'e Statement> {
    engine.policies.get(id.policy)?.read.parsed.document.statements.get(id.statement)
}

pub(crate) fn effect(engine: &Engine<'_>, id: StatementId) -> Option<Effect> {
    Some(statement(engine, id)?.effect.as_ref()?.value)
}

fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    }
}

fn step(words: &Words<'_>, stage: &evaluator::StageResult) -> Step {
    Step {
        stage: explain::stage_id(stage.stage),
        title: explain::stage_title(words, stage.stage),
        outcome: match stage.outcome {
            StageOutcome::Pass => Outcome::Pass,
            StageOutcome::Allow => Outcome::Allow,
            StageOutcome::Deny => Outcome::Deny,
            StageOutcome::NotApplicable => Outcome::NotApplicable,
        },
        decisive: stage.decisive,
        message: explain::stage_message(words, stage),
        statements: stage.statements.iter().map(|id| words.id(*id)).collect(),
    }
}

fn matched(engine: &Engine<'_>, id: StatementId) -> Option<MatchedStatement> {
    let policy = engine.policies.get(id.policy)?;
    let statement = statement(engine, id)?;
    let (start, end) = policy.read.positions.of(statement.span);
    Some(MatchedStatement {
        policy: policy.name.clone(),
        kind: policy.input.kind.name(),
        via: policy.input.via.clone(),
        index: id.statement,
        sid: statement.sid.as_ref().map(|sid| sid.value.clone()),
        effect: effect_name(statement.effect.as_ref()?.value),
        start,
        end,
    })
}

fn context_entry(entry: &evaluator::ContextEntry) -> ContextEntry {
    ContextEntry {
        key: entry.key.clone(),
        values: entry.values.clone(),
        source: match entry.source {
            Source::Given => "given",
            Source::Derived => "derived",
        },
        multivalued: entry.multivalued,
    }
}

/// Remarks. Those that say where an answer may differ from AWS's are made by the whole engine, which is asked right
/// after the small one.
fn notes(answer: &Answer) -> Vec<Note> {
    let implied = answer.implied.map(|action| Note {
        code: "implied-action".to_owned(),
        message: format!("the call passes values that need `{action}` too; without it the whole call fails"),
    });
    #[cfg(feature = "lints")]
    let implied = implied.into_iter().chain(explain::notes(answer));
    implied.into_iter().collect()
}

/// What was found out about one policy: all that its report is made from, beside the policy.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) request: &'a Request,
    /// One for each statement.
    pub(crate) traces: &'a [StatementTrace],
    pub(crate) not_applicable: Option<NotApplicable>,
}

impl<'a> Found<'a> {
    /// About the policy at this place of the list.
    pub(crate) fn about(at: usize, answer: &'a Answer) -> Self {
        Self {
            request: &answer.request,
            traces: answer.evaluation.policies.get(at).map(Vec::as_slice).unwrap_or_default(),
            not_applicable: answer.not_applicable.get(at).copied().flatten(),
        }
    }
}

/// Every policy with its trace. Without an answer (the request is unusable) they are listed unevaluated.
pub(crate) fn policies(engine: &Engine<'_>, answer: Option<&Answer>) -> Vec<PolicyReport> {
    let policies = engine.policies.iter().enumerate();
    policies.map(|(at, policy)| self::policy(policy, answer.map(|answer| Found::about(at, answer)))).collect()
}

/// Why the policy has no part in the request, in words.
pub(crate) fn not_applicable(found: Option<Found<'_>>) -> Option<&'static str> {
    found.and_then(|found| found.not_applicable).map(explain::not_applicable)
}

pub(crate) fn policy(policy: &Policy<'_>, found: Option<Found<'_>>) -> PolicyReport {
    PolicyReport {
        name: policy.name.clone(),
        policy_index: policy.input.index,
        kind: policy.input.kind.name(),
        kind_name: policy.read.kind.name(),
        via: policy.input.via.clone(),
        target: policy.input.target.clone(),
        valid: policy.is_valid(),
        not_applicable: not_applicable(found).map(str::to_owned),
        text: policy.is_laid_out().then(|| policy.read.text.clone()),
        statements: policy
            .read
            .parsed
            .document
            .statements
            .iter()
            .enumerate()
            .map(|(index, statement)| {
                let traced = found.and_then(|found| Some((found.request, found.traces.get(index)?)));
                statement_report(policy, index, statement, traced)
            })
            .collect(),
    }
}

fn statement_report(
    policy: &Policy<'_>,
    index: usize,
    statement: &Statement,
    traced: Option<(&Request, &StatementTrace)>,
) -> StatementReport {
    let (start, end) = policy.read.positions.of(statement.span);
    let failing = traced.map(|(_, trace)| failing(statement, trace)).unwrap_or_default();
    let statement_effect = statement.effect.as_ref().map(|effect| effect.value);
    StatementReport {
        index,
        sid: statement.sid.as_ref().map(|sid| sid.value.clone()),
        effect: statement_effect.map(effect_name),
        matches: traced.is_some_and(|(_, trace)| trace.matches),
        near_miss: match failing.as_slice() {
            [only] => Some(*only),
            _ => None,
        },
        message: match traced {
            Some((_, trace)) => explain::statement(statement_effect, trace, &failing),
            None => "not evaluated: the request is not usable".to_owned(),
        },
        start,
        end,
        elements: traced.map(|(request, trace)| elements(policy, statement, request, trace)).unwrap_or_default(),
    }
}

/// The elements that fail, as written. A statement that lacks one it needs fails without any.
fn failing(statement: &Statement, trace: &StatementTrace) -> Vec<&'static str> {
    let mut failing = Vec::new();
    if let (Some(clause), Some(principal)) = (&statement.principal, &trace.principal)
        && !principal.matches
    {
        failing.push(element_name(clause.polarity, "Principal"));
    }
    let texts = [(&statement.action, &trace.action, "Action"), (&statement.resource, &trace.resource, "Resource")];
    for (clause, element, name) in texts {
        if let (Some(clause), Some(element)) = (clause, element)
            && !element.matches
        {
            failing.push(element_name(clause.polarity, name));
        }
    }
    if !trace.conditions_match() {
        failing.push("Condition");
    }
    let lacks = trace.action.is_none()
        || (statement.resource.is_none() && trace.resource.is_some())
        || (statement.principal.is_none() && trace.principal.is_some());
    if lacks { Vec::new() } else { failing }
}

fn element_name(polarity: Polarity, name: &str) -> &'static str {
    match (polarity, name) {
        (Polarity::Is, "Principal") => "Principal",
        (Polarity::Not, "Principal") => "NotPrincipal",
        (Polarity::Is, "Action") => "Action",
        (Polarity::Not, "Action") => "NotAction",
        (Polarity::Is, _) => "Resource",
        (Polarity::Not, _) => "NotResource",
    }
}

fn elements(
    policy: &Policy<'_>,
    statement: &Statement,
    request: &Request,
    trace: &StatementTrace,
) -> Vec<ElementReport> {
    let positions = |span: Span| policy.read.positions.of(span);
    let mut elements = Vec::new();
    if let (Some(clause), Some(principal)) = (&statement.principal, &trace.principal) {
        let entries = clause.entries.iter().map(|entry| (entry.value.as_str(), entry.span));
        let (start, end) = positions(clause.span);
        elements.push(ElementReport {
            element: element_name(clause.polarity, "Principal"),
            matches: principal.matches,
            message: explain::principal(request, principal),
            values: Some(values(request, entries, &principal.values, &positions)),
            conditions: None,
            start,
            end,
        });
    }
    let texts = [(&statement.action, &trace.action, "Action"), (&statement.resource, &trace.resource, "Resource")];
    for (clause, element, name) in texts {
        if let (Some(clause), Some(element)) = (clause, element) {
            elements.push(text_element(request, name, clause, element, &positions));
        }
    }
    if let Some(span) = statement.condition_span {
        let conditions: Vec<_> = statement
            .conditions
            .iter()
            .zip(&trace.conditions)
            .map(|(condition, trace)| {
                let entries = condition.values.iter().map(|value| (value.text.as_str(), value.span));
                let (start, end) = positions(condition.span);
                ConditionReport {
                    operator: condition.operator_name.value.clone(),
                    key: condition.key.value.clone(),
                    matches: trace.matches,
                    request_values: trace.request_values.clone(),
                    present: trace.present,
                    message: explain::condition(condition, trace),
                    values: values(request, entries, &trace.values, &positions),
                    start,
                    end,
                }
            })
            .collect();
        let fails = conditions.iter().filter(|condition| !condition.matches).count();
        let message = match (conditions.len(), fails) {
            (0, _) => "has no conditions, so it always holds".to_owned(),
            (1, 0) => "the condition holds".to_owned(),
            (1, _) => "the condition does not hold".to_owned(),
            (all, 0) => format!("all {all} conditions hold"),
            (all, fails) => {
                format!("{fails} of {all} conditions {} not hold; all must", if fails == 1 { "does" } else { "do" })
            }
        };
        let (start, end) = positions(span);
        elements.push(ElementReport {
            element: "Condition",
            matches: fails == 0,
            message,
            start,
            end,
            values: None,
            conditions: Some(conditions),
        });
    }
    elements
}

fn text_element(
    request: &Request,
    name: &str,
    clause: &Clause<Spanned<String>>,
    trace: &evaluator::ElementTrace,
    positions: &dyn Fn(Span) -> (Position, Position),
) -> ElementReport {
    let element = element_name(clause.polarity, name);
    let entries = clause.entries.iter().map(|entry| (entry.value.as_str(), entry.span));
    let (start, end) = positions(clause.span);
    ElementReport {
        element,
        matches: trace.matches,
        message: explain::element(request, element, clause, trace),
        values: Some(values(request, entries, &trace.values, positions)),
        conditions: None,
        start,
        end,
    }
}

fn values<'t>(
    request: &Request,
    entries: impl Iterator<Item = (&'t str, Span)>,
    traces: &[evaluator::ValueTrace],
    positions: &dyn Fn(Span) -> (Position, Position),
) -> Vec<ValueReport> {
    entries
        .zip(traces)
        .map(|((text, span), trace)| {
            let (message, resolved) = explain::value(request, text, trace);
            let (start, end) = positions(span);
            ValueReport { value: text.to_owned(), matches: trace.matches, resolved, message, start, end }
        })
        .collect()
}

/// A problem of the scenario in the report's shape.
pub(crate) fn problem(problem: &Problem) -> Diagnostic {
    Diagnostic {
        policy: None,
        policy_index: None,
        path: Some(problem.path.clone()),
        severity: problem.severity,
        code: problem.code.to_owned(),
        message: problem.message.clone(),
        help: problem.help.clone(),
        aws_message: None,
        start: None,
        end: None,
        related: Vec::new(),
        fix: None,
    }
}

/// The matching statements that made the decision: the `Deny`s of an explicit deny, the `Allow`s of an allow.
pub(crate) fn deciding(engine: &Engine<'_>, answer: &Answer) -> Vec<StatementId> {
    let wanted = match answer.decision() {
        Decision::ExplicitDeny => Effect::Deny,
        Decision::Allowed => Effect::Allow,
        Decision::ImplicitDeny => return Vec::new(),
    };
    answer.evaluation.matched.iter().copied().filter(|id| effect(engine, *id) == Some(wanted)).collect()
}

//! Which context keys the answer lacks: tested by some statement that could still matter, absent from the request.

use evaluator::{Detail, ImplicitDeny, Kind, StatementTrace, Verdict, keys::Key};
use policy::{Effect, Seen, Statement};

use super::{Answer, Engine};
use crate::engine::Policy;
use crate::{Decision, InputKind};

/// The keys, each once, in the order of the policies.
pub(super) fn keys(engine: &Engine<'_>, answer: &Answer) -> Vec<String> {
    let decision = answer.decision();
    // Where one policy must allow and waits for no key, no `Allow` of another is of help.
    let shut = match answer.evaluation.verdict {
        Verdict::ImplicitDeny(deny) => !could_open(engine, answer, deny),
        _ => false,
    };
    let mut found: Vec<String> = Vec::new();
    let mut seen = Seen::default();
    for (at, traces) in answer.evaluation.policies.iter().enumerate() {
        if answer.not_applicable.get(at).copied().flatten().is_some() {
            continue;
        }
        let Some(policy) = engine.policies.get(at) else {
            continue;
        };
        for (statement, trace) in policy.read.parsed.document.statements.iter().zip(traces) {
            let effect = statement.effect.as_ref().map(|effect| effect.value);
            let helps = |effect| could_matter(decision, effect, trace) && !(shut && effect == Effect::Allow);
            if effect.is_some_and(helps) {
                of_statement(statement, trace, &mut |key| add(&mut found, &mut seen, key));
            }
        }
    }
    found
}

/// Whether some key more could make those policies allow that did not and must.
fn could_open(engine: &Engine<'_>, answer: &Answer, deny: ImplicitDeny) -> bool {
    let must = |policy: &Policy<'_>| match deny {
        ImplicitDeny::Scp { level } => policy.input.kind == InputKind::Scp && policy.level == level,
        ImplicitDeny::Kind(Kind::VpcEndpoint) => policy.input.kind == InputKind::VpcEndpoint,
        ImplicitDeny::Kind(kind) if kind.is_resource_based() => policy.input.kind == InputKind::Resource,
        ImplicitDeny::Kind(_) => true,
        ImplicitDeny::Partition | ImplicitDeny::ServiceRule(_) => false,
    };
    let policies = engine.policies.iter().zip(&answer.evaluation.policies).filter(|(policy, _)| must(policy));
    policies.flat_map(|(policy, traces)| policy.read.parsed.document.statements.iter().zip(traces)).any(
        |(statement, trace)| {
            let mut waits = false;
            of_statement(statement, trace, &mut |_| waits = true);
            waits && statement.effect.as_ref().is_some_and(|effect| effect.value == Effect::Allow)
        },
    )
}

/// Whether another value of a key in this statement could change the answer.
fn could_matter(decision: Decision, effect: Effect, trace: &StatementTrace) -> bool {
    match (decision, effect) {
        // Only the statements that deny hold the answer up.
        (Decision::ExplicitDeny, effect) => effect == Effect::Deny && trace.matches,
        // What allows may rest on an absent key; what denies may be waiting for one.
        (Decision::Allowed, Effect::Allow) => trace.matches,
        (Decision::Allowed, Effect::Deny) | (Decision::ImplicitDeny, _) => true,
    }
}

fn of_statement(statement: &Statement, trace: &StatementTrace, add: &mut dyn FnMut(&str)) {
    let asked = trace.principal.as_ref().is_none_or(|principal| principal.matches)
        && trace.action.as_ref().is_some_and(|action| action.matches);
    // Nothing that could be added mends a pair whose key is there and does not fit.
    let lost = trace.conditions.iter().any(|condition| {
        let waits = condition.values.iter().any(|value| matches!(value.detail, Detail::NoValue { .. }));
        !condition.matches && condition.present && !waits
    });
    if !asked || lost {
        return;
    }
    // A variable without value in the resource: the key would let the entry match.
    if let Some(resource) = &trace.resource {
        for value in &resource.values {
            if let Detail::NoValue { key } = &value.detail {
                add(key);
            }
        }
    }
    if !trace.matches_but_for_conditions() {
        return;
    }
    for (condition, trace) in statement.conditions.iter().zip(&trace.conditions) {
        if !trace.present && trace.request_values.is_empty() {
            add(&condition.key.value);
        }
        for value in &trace.values {
            if let Detail::NoValue { key } = &value.detail {
                add(key);
            }
        }
    }
}

/// Adds a key in AWS's spelling where that is known, else as written.
fn add(found: &mut Vec<String>, seen: &mut Seen, key: &str) {
    if seen.before(&key.to_ascii_lowercase(), found.len()).is_some() {
        return;
    }
    let known = Key::find(key).filter(|known| !known.is_family());
    found.push(known.map_or(key, |known| known.name).to_owned());
}

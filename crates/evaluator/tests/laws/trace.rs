//! The trace tells what was decided.

use evaluator::{Allow, Caller, Decision, Evaluation, ImplicitDeny, Kind, Outcome, Stage, Strength, Verdict};
use policy::Effect;
use testing::{Prepared, Scene, check, elsewhere};

use crate::{LENGTH, any_scene};

fn with_trace(cases: u32, law: impl Fn(&Scene, &Prepared, &Evaluation)) {
    check(cases, LENGTH, |dice| {
        let scene = any_scene(dice);
        for ask in [scene.ask.clone(), elsewhere(dice, &scene)] {
            let scene = Scene { ask, ..scene.clone() };
            let prepared = scene.prepare();
            let evaluation = prepared.evaluate();
            law(&scene, &prepared, &evaluation);
        }
    });
}

#[test]
fn decision_and_trace_agree() {
    with_trace(3000, |_, prepared, evaluation| {
        assert_eq!(prepared.decide(), evaluation.verdict);
        assert_eq!(prepared.evaluate(), *evaluation, "evaluating twice gives one answer");
    });
}

#[test]
fn a_statement_matches_where_all_its_elements_do() {
    with_trace(1500, |scene, prepared, evaluation| {
        assert_eq!(evaluation.policies.len(), scene.policies.len());
        for (at, (policy, traces)) in scene.policies.iter().zip(&evaluation.policies).enumerate() {
            assert_eq!(traces.len(), policy.statements.len());
            for (index, (statement, trace)) in policy.statements.iter().zip(traces).enumerate() {
                let elements = [
                    trace.principal.as_ref().map(|element| element.matches),
                    trace.action.as_ref().map(|element| element.matches),
                    trace.resource.as_ref().map(|element| element.matches),
                    Some(trace.conditions.iter().all(|condition| condition.matches)),
                ];
                assert_eq!(trace.matches, elements.into_iter().flatten().all(|matches| matches));
                assert_eq!(trace.matches, trace.matches_but_for_conditions() && trace.conditions_match());
                // every entry is traced
                let action = trace.action.as_ref().expect("an action");
                assert_eq!(action.values.len(), statement.action.1.len());
                assert_eq!(trace.conditions.len(), statement.conditions.len());
                for (condition, trace) in statement.conditions.iter().zip(&trace.conditions) {
                    assert_eq!(condition.values.len(), trace.values.len());
                }
                // and joined by OR, or left out in the Not form
                let covered = action.values.iter().any(|value| value.matches);
                assert_eq!(action.matches, covered == (statement.action.0 == policy::Polarity::Is));
                if let (Some((polarity, entries)), Some(element)) = (&statement.resource, &trace.resource) {
                    assert_eq!(element.values.len(), entries.len());
                    let covered = element.values.iter().any(|value| value.matches);
                    assert_eq!(element.matches, covered == (*polarity == policy::Polarity::Is));
                }
                let id = evaluator::StatementId { policy: at, statement: index };
                assert_eq!(evaluation.matched.contains(&id), trace.matches && prepared.applies(at));
            }
        }
    });
}

/// The statements that match and count, by kind and effect.
fn matches(
    scene: &Scene,
    prepared: &Prepared,
    evaluation: &Evaluation,
    kind: impl Fn(Kind) -> bool,
    effect: Effect,
) -> bool {
    evaluation
        .matched
        .iter()
        .any(|id| kind(prepared.kind(id.policy)) && scene.policies[id.policy].statements[id.statement].effect == effect)
}

fn never_refused(prepared: &Prepared) -> bool {
    let action = prepared.request.action.to_ascii_lowercase();
    let caller = &prepared.request.caller;
    action == "sts:getcalleridentity" && caller.is_signed()
        || action == "sts:getsessiontoken" && matches!(caller, Caller::User { .. })
}

/// The owner's root user may always mend its bucket's policy.
fn spared(prepared: &Prepared, kind: Kind) -> bool {
    let request = &prepared.request;
    let action = request.action.to_ascii_lowercase();
    kind == Kind::Resource
        && matches!(request.caller, Caller::Root { .. })
        && request.is_same_account()
        && ["s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"].contains(&action.as_str())
}

#[test]
fn an_explicit_deny_is_a_deny_that_matches() {
    with_trace(3000, |scene, prepared, evaluation| {
        let binds = |kind| !spared(prepared, kind);
        let denied = matches(scene, prepared, evaluation, binds, Effect::Deny) && !never_refused(prepared);
        assert_eq!(evaluation.verdict.decision() == Decision::ExplicitDeny, denied);
        if let Verdict::ExplicitDeny(deny) = evaluation.verdict {
            let statement = &scene.policies[deny.statement.policy].statements[deny.statement.statement];
            assert_eq!(statement.effect, Effect::Deny);
            assert_eq!(prepared.kind(deny.statement.policy), deny.kind);
            assert!(evaluation.matched.contains(&deny.statement));
        }
    });
}

#[test]
fn an_allow_rests_on_an_allow_that_matches() {
    with_trace(3000, |scene, prepared, evaluation| {
        let some = |kind: &dyn Fn(Kind) -> bool| matches(scene, prepared, evaluation, kind, Effect::Allow);
        let identity = some(&|kind| kind == Kind::Identity);
        let resource = some(&Kind::is_resource_based);
        let request = &prepared.request;
        match evaluation.verdict {
            Verdict::Allow(Allow::Always) => assert!(never_refused(prepared)),
            Verdict::Allow(Allow::RootOfOwner) => assert!(request.is_same_account()),
            Verdict::Allow(Allow::Identity { .. }) => assert!(identity && request.is_same_account()),
            Verdict::Allow(Allow::IdentityAndResource) => {
                assert!(identity && resource && !request.is_same_account());
            }
            Verdict::Allow(Allow::Resource(strength)) => assert!(resource && strength > Strength::None),
            Verdict::Allow(Allow::Service) => {
                assert!(resource && matches!(request.caller, Caller::Service { .. }));
            }
            Verdict::ImplicitDeny(ImplicitDeny::Kind(Kind::Identity)) => assert!(!identity),
            Verdict::ImplicitDeny(ImplicitDeny::Kind(Kind::PermissionsBoundary)) => {
                assert!(!some(&|kind| kind == Kind::PermissionsBoundary));
            }
            Verdict::ImplicitDeny(ImplicitDeny::Kind(Kind::Session)) => assert!(!some(&|kind| kind == Kind::Session)),
            Verdict::ImplicitDeny(ImplicitDeny::Kind(Kind::VpcEndpoint)) => {
                assert!(!some(&|kind| kind == Kind::VpcEndpoint));
            }
            Verdict::ImplicitDeny(ImplicitDeny::Kind(kind)) if kind.is_resource_based() => {
                // A provider's token opens nothing but the way into a role.
                let token = matches!(request.caller, Caller::Federated { .. });
                assert!(!resource || token);
            }
            _ => {}
        }
    });
}

/// From the root down every level must let the request pass; SCPs of one level are alternatives.
#[test]
fn every_level_must_allow() {
    with_trace(2500, |scene, prepared, evaluation| {
        if prepared.request.caller.account().is_none() {
            return;
        }
        let allows = |level: usize| {
            evaluation.matched.iter().any(|id| {
                prepared.kind(id.policy) == Kind::Scp
                    && prepared.level(id.policy) == level
                    && scene.policies[id.policy].statements[id.statement].effect == Effect::Allow
            })
        };
        let gap = prepared.binding_levels().find(|level| !allows(*level));
        let caller = &prepared.request.caller;
        let bound = !caller.is_service_linked() && scene.management.as_deref() != caller.account();
        match evaluation.verdict {
            Verdict::ImplicitDeny(ImplicitDeny::Scp { level }) => assert!(bound && gap == Some(level)),
            Verdict::Allow(_) if !never_refused(prepared) => assert!(!bound || gap.is_none(), "{gap:?} does not allow"),
            _ => {}
        }
    });
}

#[test]
fn the_stage_that_settled_it_says_so() {
    with_trace(4000, |_, _, evaluation| {
        let decisive: Vec<_> = evaluation.stages.iter().filter(|stage| stage.decisive).collect();
        let both = evaluation.verdict == Verdict::Allow(Allow::IdentityAndResource);
        assert_eq!(decisive.len(), if both { 2 } else { 1 }, "{:?}", evaluation.verdict);
        let outcome = if evaluation.verdict.decision() == Decision::Allowed { Outcome::Allow } else { Outcome::Deny };
        for stage in &decisive {
            assert_eq!(stage.outcome, outcome, "{:?} settled by {stage:?}", evaluation.verdict);
        }
        if outcome == Outcome::Allow {
            let against = evaluation.stages.iter().find(|stage| stage.outcome == Outcome::Deny);
            assert_eq!(against, None, "{:?}", evaluation.verdict);
        }
        let explicit = matches!(evaluation.verdict, Verdict::ExplicitDeny(_));
        let first = &evaluation.stages[0];
        assert_eq!(first.stage, Stage::ExplicitDeny);
        assert_eq!(first.outcome == Outcome::Deny, explicit);
    });
}

/// A policy that has no part in the request is traced and counts for nothing.
#[test]
fn a_policy_that_does_not_apply_changes_nothing() {
    check(1500, LENGTH, |dice| {
        let scene = any_scene(dice);
        let prepared = scene.prepare();
        let verdict = prepared.decide();
        let mut other = scene.clone();
        let mut at = 0;
        // SCPs of another account still make a level; the level then binds only that account.
        other.policies.retain(|_| {
            let keep = prepared.applies(at);
            at += 1;
            keep
        });
        if other.policies.len() < scene.policies.len() {
            let same = other.prepare().decide();
            assert_eq!(verdict.decision(), same.decision(), "{verdict:?} and {same:?}");
        }
    });
}

//! More denying never allows, more allowing never denies, and a narrower ceiling never lets more pass.

use playground::InputKind;
use policy::Effect;
use testing::{Policy, Scene, Taste, check, statement, wide_statement};

use crate::{LENGTH, allowed, any_scene, scene};
use evaluator::{Caller, Decision};

const KINDS: [InputKind; 7] = InputKind::ALL;

#[test]
fn adding_a_deny_never_turns_a_denial_into_an_allow() {
    check(3000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut other = scene.clone();
        // To a policy, or as a policy of its own.
        if scene.policies.is_empty() || dice.chance(60) {
            let kind = dice.pick(&KINDS);
            let target = scene.policies.iter().find_map(|policy| policy.target).unwrap_or("Root");
            let deny = statement(dice, &scene, kind, Effect::Deny, Taste::Anything);
            let target = matches!(kind, InputKind::Scp | InputKind::Rcp).then_some(target);
            let version = Some(policy::Version::V2012);
            other.policies.push(Policy { kind, target, version, statements: vec![deny] });
            // With its first session policy a federated session may do something: the policy, not the Deny, does it.
        } else {
            let at = dice.below(scene.policies.len());
            let kind = scene.policies[at].kind;
            let deny = statement(dice, &scene, kind, Effect::Deny, Taste::Anything);
            other.policies[at].statements.push(deny);
        }
        assert!(allowed(&scene) || !allowed(&other), "a Deny allowed");
        // What was an explicit deny stays one.
        if scene.decision() == Decision::ExplicitDeny {
            let mut same = scene.clone();
            same.policies = other.policies.clone();
            assert_eq!(same.decision(), Decision::ExplicitDeny);
        }
    });
}

/// The strong form: added to a policy that is there, an `Allow` of any kind takes nothing away. That is so for every
/// kind: within one, statements are alternatives, and a closer grant by the resource bypasses more, never less.
#[test]
fn adding_an_allow_to_a_policy_never_denies() {
    check(3000, LENGTH, |dice| {
        let scene = any_scene(dice);
        if scene.policies.is_empty() {
            return;
        }
        let mut other = scene.clone();
        let at = dice.below(scene.policies.len());
        let allow = statement(dice, &scene, scene.policies[at].kind, Effect::Allow, Taste::Anything);
        let place = dice.below(scene.policies[at].statements.len() + 1);
        other.policies[at].statements.insert(place, allow);
        let (before, after) = (scene.decision(), other.decision());
        assert!(before != Decision::Allowed || after == Decision::Allowed, "an Allow denied");
        assert_eq!(
            before == Decision::ExplicitDeny,
            after == Decision::ExplicitDeny,
            "an explicit deny comes from a Deny, and only from a Deny"
        );
    });
}

/// A whole new policy of `Allow`s: one that grants takes nothing away. One of a kind that limits may (that is what
/// it is for), but makes no explicit deny, save that a first boundary turns `NotPrincipal` on.
#[test]
fn a_new_policy_of_allows_makes_no_explicit_deny() {
    check(2000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let kind = dice.pick(&KINDS);
        let allow = statement(dice, &scene, kind, Effect::Allow, Taste::Anything);
        let target = matches!(kind, InputKind::Scp | InputKind::Rcp).then_some("Workloads");
        let mut other = scene.clone();
        other.policies.push(Policy { kind, target, version: None, statements: vec![allow] });
        let (before, after) = (scene.decision(), other.decision());
        if matches!(kind, InputKind::Identity | InputKind::Resource) {
            assert!(before != Decision::Allowed || after == Decision::Allowed, "a grant denied");
        }
        if kind != InputKind::PermissionsBoundary {
            assert_eq!(before == Decision::ExplicitDeny, after == Decision::ExplicitDeny);
        }
    });
}

/// Narrower: an `Allow` taken out, a `Deny` put in, a condition put on an `Allow`, entries taken out of one.
#[test]
fn a_narrower_policy_never_allows_more() {
    check(3000, LENGTH, |dice| {
        let scene = any_scene(dice);
        if scene.policies.is_empty() {
            return;
        }
        let mut narrower = scene.clone();
        let at = dice.below(scene.policies.len());
        let kind = scene.policies[at].kind;
        let extra = testing::condition(dice, &scene.ask);
        let deny = statement(dice, &scene, kind, Effect::Deny, Taste::Anything);
        let step = dice.below(4);
        let policy = &mut narrower.policies[at];
        match step {
            0 => policy.statements.retain(|statement| statement.effect == Effect::Deny || dice.chance(128)),
            1 => policy.statements.push(deny),
            _ => {
                for statement in policy.statements.iter_mut().filter(|statement| statement.effect == Effect::Allow) {
                    if step == 2 {
                        statement.conditions.push(extra.clone());
                    } else if statement.action.0 == policy::Polarity::Is {
                        statement.action.1.pop();
                    } else {
                        statement.action.1.push("*".to_owned());
                    }
                }
            }
        }
        assert!(allowed(&scene) || !allowed(&narrower), "a narrower {kind:?} allowed");
    });
}

/// A ceiling put where there was none: boundary, session policy, endpoint policy, a level of SCPs, an RCP.
#[test]
fn a_ceiling_never_allows_more() {
    check(2500, LENGTH, |dice| {
        let scene = any_scene(dice);
        let kind = dice.pick(&[
            InputKind::PermissionsBoundary,
            InputKind::Session,
            InputKind::VpcEndpoint,
            InputKind::Scp,
            InputKind::Rcp,
        ]);
        if scene.policies.iter().any(|policy| policy.kind == kind) {
            return;
        }
        // A federated session without session policy may do nothing: there a first policy gives.
        let federated = matches!(scene.ask.request(None).caller, Caller::FederatedUser { .. });
        if federated && kind == InputKind::Session {
            return;
        }
        let mut other = scene.clone();
        let target = matches!(kind, InputKind::Scp | InputKind::Rcp).then_some("a level of its own");
        let effect = if dice.chance(60) { Effect::Deny } else { Effect::Allow };
        let statements = vec![statement(dice, &scene, kind, effect, Taste::Anything)];
        other.policies.push(Policy { kind, target, version: None, statements });
        assert!(allowed(&scene) || !allowed(&other), "a ceiling allowed");

        // One that lets everything pass changes no decision but through `NotPrincipal`, which asks for a boundary.
        let mut open = scene.clone();
        let statements = vec![wide_statement(&scene, kind, Effect::Allow)];
        open.policies.push(Policy { kind, target, version: None, statements });
        if kind != InputKind::PermissionsBoundary {
            assert_eq!(scene.decision(), open.decision(), "an open {kind:?} changed the decision");
        }
    });
}

fn with_wide(scene: &Scene, kind: InputKind, effect: Effect) -> Scene {
    let mut scene = scene.clone();
    let target = matches!(kind, InputKind::Scp | InputKind::Rcp).then_some("Root");
    let statements = vec![wide_statement(&scene, kind, effect)];
    scene.policies.push(Policy { kind, target, version: None, statements });
    scene
}

/// A `Deny` that covers every request denies explicitly, wherever its policy has a part in the request, but for the
/// calls that nothing can refuse and the owner's root user on its bucket's policy.
#[test]
fn a_deny_of_everything_denies_everything() {
    check(2000, LENGTH, |dice| {
        let scene = scene(dice);
        let kind = dice.pick(&KINDS);
        let other = with_wide(&scene, kind, Effect::Deny);
        let prepared = other.prepare();
        let request = &prepared.request;
        let action = request.action.to_ascii_lowercase();
        let user = matches!(request.caller, Caller::User { .. });
        let never_refused =
            action == "sts:getcalleridentity" && request.caller.is_signed() || action == "sts:getsessiontoken" && user;
        let spared = matches!(request.caller, Caller::Root { .. })
            && request.is_same_account()
            && kind == InputKind::Resource
            && action.ends_with("bucketpolicy");
        let last = other.policies.len() - 1;
        if never_refused {
            assert_eq!(prepared.decide().decision(), Decision::Allowed);
        } else if spared || !prepared.applies(last) {
            assert_eq!(prepared.decide().decision(), scene.decision(), "it has no part in the request");
        } else {
            assert_eq!(prepared.decide().decision(), Decision::ExplicitDeny);
        }
    });
}

#[test]
fn without_policies_hardly_anything_is_allowed() {
    check(1000, LENGTH, |dice| {
        let mut scene = scene(dice);
        scene.policies.clear();
        scene.named_levels = None;
        let prepared = scene.prepare();
        let request = &prepared.request;
        let root_of_owner = matches!(request.caller, Caller::Root { .. }) && request.is_same_account();
        let sts = request.action.starts_with("sts:Get");
        assert!(prepared.decide().decision() != Decision::ExplicitDeny);
        assert!(!allowed(&scene) || root_of_owner || sts, "allowed out of nothing");
    });
}

//! The scenarios that the laws are held against reach everything: otherwise a law says little.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use evaluator::{Choice, Verdict};
use policy::{Base, Effect, SetOperator};
use testing::check;

use crate::{LENGTH, scene};

#[derive(Default)]
struct Seen {
    verdicts: BTreeMap<String, u32>,
    /// Operators in words, with whether they held on a key that is present, did not, or met an absent key.
    conditions: BTreeSet<(String, &'static str)>,
    contested: BTreeSet<Choice>,
    /// Kind and effect of the statements that match and count.
    matched: BTreeMap<String, u32>,
    scenes: u32,
}

#[test]
fn the_generator_reaches_every_operator_verdict_and_reading() {
    let seen = RefCell::new(Seen::default());
    check(6000, LENGTH, |dice| {
        let scene = scene(dice);
        let prepared = scene.prepare();
        let evaluation = prepared.evaluate();
        let mut seen = seen.borrow_mut();
        seen.scenes += 1;
        let verdict = match evaluation.verdict {
            Verdict::ExplicitDeny(deny) => format!("explicit {:?}", deny.kind),
            Verdict::ImplicitDeny(evaluator::ImplicitDeny::Scp { .. }) => "implicit Scp".to_owned(),
            other => format!("{other:?}"),
        };
        *seen.verdicts.entry(verdict).or_default() += 1;
        seen.contested.extend(evaluation.contested.iter().copied());
        for (policy, traces) in scene.policies.iter().zip(&evaluation.policies) {
            for (statement, trace) in policy.statements.iter().zip(traces) {
                for (condition, trace) in statement.conditions.iter().zip(&trace.conditions) {
                    let how = match (trace.present, trace.matches) {
                        (true, true) => "holds",
                        (true, false) => "fails",
                        (false, _) => "absent",
                    };
                    let operator = condition.operator;
                    seen.conditions.insert((operator.base.name().to_owned(), how));
                    let set = operator.set.map_or("alone", SetOperator::name);
                    let if_exists = if operator.if_exists { "IfExists" } else { "" };
                    seen.conditions.insert((format!("{set}{if_exists}"), how));
                }
            }
        }
        for id in &evaluation.matched {
            let effect = scene.policies[id.policy].statements[id.statement].effect;
            let effect = if effect == Effect::Allow { "allows" } else { "denies" };
            *seen.matched.entry(format!("{:?} {effect}", prepared.kind(id.policy))).or_default() += 1;
        }
    });
    let seen = seen.into_inner();
    for (verdict, count) in &seen.verdicts {
        println!("{count:>6} {verdict}");
    }
    for (kind, count) in &seen.matched {
        println!("{count:>6} {kind}");
    }
    println!("contested: {:?}", seen.contested);

    for base in Base::ALL {
        for how in ["holds", "fails", "absent"] {
            assert!(seen.conditions.contains(&(base.name().to_owned(), how)), "no {} {how}", base.name());
        }
    }
    for form in ["alone", "aloneIfExists", "ForAllValues", "ForAllValuesIfExists", "ForAnyValue"] {
        for how in ["holds", "fails"] {
            assert!(seen.conditions.contains(&(form.to_owned(), how)), "no {form} {how}");
        }
    }
    for kind in
        ["Identity", "Resource", "Trust", "KeyPolicy", "PermissionsBoundary", "Session", "Scp", "Rcp", "VpcEndpoint"]
    {
        let denies = seen.matched.get(&format!("{kind} denies")).copied().unwrap_or_default();
        let allows = seen.matched.get(&format!("{kind} allows")).copied().unwrap_or_default();
        assert!(denies >= 20 && allows >= 20, "{kind}: {allows} allow, {denies} deny");
        assert!(seen.verdicts.contains_key(&format!("explicit {kind}")), "no explicit deny by {kind}");
    }
    for verdict in [
        "Allow(Always)",
        "Allow(RootOfOwner)",
        "Allow(Identity { delegated: false })",
        "Allow(Identity { delegated: true })",
        "Allow(Resource(Account))",
        "Allow(Resource(Entity))",
        "Allow(Resource(Direct))",
        "Allow(Resource(Wildcard))",
        "Allow(Service)",
        "Allow(IdentityAndResource)",
        "ImplicitDeny(Kind(Identity))",
        "ImplicitDeny(Kind(Resource))",
        "ImplicitDeny(Kind(Trust))",
        "ImplicitDeny(Kind(KeyPolicy))",
        "ImplicitDeny(Kind(PermissionsBoundary))",
        "ImplicitDeny(Kind(Session))",
        "ImplicitDeny(Kind(VpcEndpoint))",
        "implicit Scp",
        "ImplicitDeny(Partition)",
        "ImplicitDeny(ServiceRule(SessionMakesNoSession))",
        "ImplicitDeny(ServiceRule(FederatedUserCallsIam))",
        "ImplicitDeny(ServiceRule(FederatedUserCallsSts))",
        "ImplicitDeny(ServiceRule(RootAssumesNoRole))",
    ] {
        assert!(seen.verdicts.contains_key(verdict), "never {verdict}");
    }
    let allowed: u32 =
        seen.verdicts.iter().filter(|(verdict, _)| verdict.starts_with("Allow")).map(|(_, count)| count).sum();
    assert!(allowed * 6 > seen.scenes, "only {allowed} of {} allowed", seen.scenes);
}

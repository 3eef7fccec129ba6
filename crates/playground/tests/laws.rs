//! Laws of the facade: it decides as the evaluator does, says so consistently, and no input harms it.

use playground::{Decision, InputKind, Memory, Options, Report, Scenario, evaluate_value, evaluate_with};
use serde_json::{Value, json};
use testing::{Dice, Layout, NOW, Scene, Taste, check, elsewhere, report_is_sound, scene, targets};

const LENGTH: usize = 500;

fn evaluate(scenario: &Value) -> Report {
    evaluate_value(scenario, Options { now: Some(NOW) })
}

fn layouts(dice: &mut Dice<'_>) -> Vec<Layout> {
    (0..3).map(|_| dice.pick(&Layout::ALL)).collect()
}

/// What is remembered from other scenarios with some of the same policies, in the same place or another, changes nothing.
#[test]
fn a_memory_changes_no_report() {
    let mut shared = std::cell::Cell::new(0);
    check(300, LENGTH, |dice| {
        let (one, other) = (scene(dice, Taste::Saved), scene(dice, Taste::Anything));
        let (one, other) = (one.json(&layouts(dice)), other.json(&layouts(dice)));
        let policies: Vec<&Value> =
            [&one, &other].into_iter().flat_map(|scenario| scenario["policies"].as_array().unwrap()).collect();
        if policies.is_empty() {
            return;
        }
        let mut memory = Memory::default();
        let mut before = Vec::new();
        for _ in 0..6 {
            let mut scenario = dice.pick(&[&one, &other]).clone();
            let few = 1 + dice.below(4);
            scenario["policies"] = (0..few).map(|_| dice.pick(&policies).clone()).collect();
            let options = Options { now: Some(NOW + dice.below(2) as i64 * 1000) };
            let (read, problems) = Scenario::from_value(&scenario);
            let report = evaluate_with(&read, &problems, options, &mut memory);
            let same = before.iter().zip(&report.policies).filter(|(old, new)| std::sync::Arc::ptr_eq(old, new));
            shared.set(shared.get() + same.count());
            before.clone_from(&report.policies);
            assert_eq!(report.into_report(), evaluate_value(&scenario, options));
        }
    });
    assert!(*shared.get_mut() > 100, "only {} policies were the same", shared.get());
}

/// Whether the facade asks a second question, such as `sts:TagSession` for session tags.
fn implies_more(scene: &Scene) -> bool {
    scene.ask.request(None).implied_actions().next().is_some()
}

#[test]
fn the_facade_decides_as_the_evaluator_does() {
    let mut decided = std::cell::Cell::new(0);
    check(1500, LENGTH, |dice| {
        let scene = scene(dice, Taste::Saved);
        let report = evaluate(&scene.json(&layouts(dice)));
        let Some(decision) = report.decision else {
            return;
        };
        if implies_more(&scene) {
            return;
        }
        decided.set(decided.get() + 1);
        let prepared = scene.prepare();
        let evaluation = prepared.evaluate();
        let expected = match evaluation.verdict.decision() {
            evaluator::Decision::Allowed => Decision::Allowed,
            evaluator::Decision::ImplicitDeny => Decision::ImplicitDeny,
            evaluator::Decision::ExplicitDeny => Decision::ExplicitDeny,
        };
        assert_eq!(decision, expected, "{}", report.reason.message);
        let matched = report.matched_statements.iter().map(|found| format!("{}#{}", found.policy, found.index));
        let expected = evaluation.matched.iter().map(|id| format!("P{}#{}", id.policy, id.statement));
        assert!(matched.eq(expected));
    });
    assert!(*decided.get_mut() > 1000, "only {} scenarios were decided", decided.get());
}

/// What the generator builds as data is what the parser reads from its JSON.
#[test]
fn the_parser_reads_what_was_written() {
    check(1000, LENGTH, |dice| {
        let scene = scene(dice, Taste::Saved);
        let layout = dice.pick(&[Layout::Line, Layout::Lines]);
        let scenario = scene.json(&[layout]);
        for (policy, written) in scene.policies.iter().zip(scenario["policies"].as_array().expect("an array")) {
            let text = written["document"].as_str().expect("text");
            let parsed = policy::parse(text, policy.kind(&scene.ask.resource));
            testing::document_is_sound(text, &parsed);
            let expected = policy.document();
            let found = &parsed.document;
            assert_eq!(found.version, expected.version);
            assert_eq!(found.statements.len(), expected.statements.len());
            for (found, expected) in found.statements.iter().zip(&expected.statements) {
                let texts = |clause: &Option<policy::Clause<policy::Spanned<String>>>| {
                    clause.as_ref().map(|clause| {
                        let entries: Vec<_> = clause.entries.iter().map(|entry| entry.value.clone()).collect();
                        (clause.polarity, entries)
                    })
                };
                assert_eq!(texts(&found.action), texts(&expected.action));
                assert_eq!(texts(&found.resource), texts(&expected.resource));
                let effect = |statement: &policy::Statement| statement.effect.as_ref().map(|effect| effect.value);
                assert_eq!(effect(found), effect(expected));
                let principals = |statement: &policy::Statement| {
                    let mut all: Vec<_> = statement
                        .principal
                        .iter()
                        .flat_map(|clause| &clause.entries)
                        .map(|entry| (format!("{:?}", entry.principal_type), entry.value.clone()))
                        .collect();
                    all.sort();
                    all
                };
                assert_eq!(principals(found), principals(expected));
                let conditions = |statement: &policy::Statement| {
                    let mut all: Vec<_> = statement
                        .conditions
                        .iter()
                        .map(|condition| {
                            let values: Vec<_> = condition.values.iter().map(|value| value.text.clone()).collect();
                            let operator = condition.operator.map(|operator| operator.to_string());
                            (operator, condition.key.value.clone(), values)
                        })
                        .collect();
                    all.sort();
                    all
                };
                assert_eq!(conditions(found), conditions(expected));
            }
        }
    });
}

#[test]
fn how_a_document_is_laid_out_changes_no_decision() {
    check(700, LENGTH, |dice| {
        let scene = scene(dice, Taste::Anything);
        let [object, line, lines] = Layout::ALL.map(|layout| evaluate(&scene.json(&[layout])));
        for other in [line, lines] {
            assert_eq!(object.decision, other.decision);
            assert_eq!(object.reason.code, other.reason.code);
            assert_eq!(object.steps, other.steps);
        }
    });
}

#[test]
fn the_order_of_policies_changes_neither_decision_nor_reason() {
    check(700, LENGTH, |dice| {
        let scene = scene(dice, Taste::Saved);
        let mut other = scene.clone();
        other.policies.reverse();
        let (before, after) = (evaluate(&scene.json(&[])), evaluate(&other.json(&[])));
        assert_eq!(before.decision, after.decision);
        assert_eq!(before.reason.code, after.reason.code);
    });
}

#[test]
fn reports_are_sound() {
    check(1500, LENGTH, |dice| {
        let scene = scene(dice, Taste::Saved);
        let mut scenario = scene.json(&layouts(dice));
        let other = elsewhere(dice, &scene).json();
        scenario["tests"] = json!([
            { "name": "as it is", "expect": "allowed" },
            { "name": "elsewhere", "request": other, "expect": "implicitDeny", "expectStatements": ["P0#0"] },
            { "name": "refused", "request": { "action": "GetObject" }, "expect": null },
        ]);
        targets::evaluates(&scenario);
    });
}

/// A test asks what the scenario itself would ask with the test's request.
#[test]
fn a_test_answers_as_its_request_alone_would() {
    check(500, LENGTH, |dice| {
        let scene = scene(dice, Taste::Saved);
        let other = elsewhere(dice, &scene);
        let mut scenario = scene.json(&[]);
        // Every key of the scenario that the test's request lacks is absent there on purpose, or it would merge.
        if scene.ask.context.iter().any(|(key, _)| !other.context.iter().any(|(own, _)| own.eq_ignore_ascii_case(key)))
            || other.resource_account.is_none() && scene.ask.resource_account.is_some()
            || other.issuer.is_none() && scene.ask.issuer.is_some()
            || other.derive && !scene.ask.derive
        {
            return;
        }
        scenario["tests"] = json!([{ "name": "other", "request": other.json(), "expect": "allowed" }]);
        let test = &evaluate(&scenario).tests[0];
        let alone = evaluate(&Scene { ask: other, ..scene }.json(&[]));
        if let (Some(decision), Some(alone_decision)) = (test.decision, alone.decision) {
            assert_eq!(decision, alone_decision);
            assert_eq!(test.reason.code, alone.reason.code);
        }
    });
}

#[test]
fn mutated_scenarios_are_answered() {
    check(2000, LENGTH, |dice| {
        let seed: Vec<u8> = dice.rest().to_vec();
        targets::scenario(&seed);
    });
}

/// JSON values of any shape, field names of scenarios and policies among them.
#[test]
fn any_json_is_answered() {
    fn value(dice: &mut Dice<'_>, depth: usize) -> Value {
        const WORDS: &[&str] = &[
            "request",
            "policies",
            "principal",
            "action",
            "resource",
            "context",
            "document",
            "kind",
            "identity",
            "scp",
            "Statement",
            "Effect",
            "Allow",
            "Deny",
            "Action",
            "Resource",
            "Condition",
            "StringLike",
            "*",
            "s3:*",
            "AWS",
            "arn:aws:s3:::b/k",
            "tests",
            "expect",
            "version",
            "organization",
            "scpLevels",
            "",
            "~1/",
            "é😀",
        ];
        match dice.below(if depth == 0 { 6 } else { 10 }) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(dice.byte()),
            3 => json!(f64::from(dice.byte()) * 1e300),
            4 | 5 => json!(dice.pick(WORDS)),
            6 | 7 => (0..dice.below(5)).map(|_| value(dice, depth - 1)).collect(),
            _ => (0..dice.below(7)).map(|_| (dice.pick(WORDS).to_owned(), value(dice, depth - 1))).collect(),
        }
    }
    check(3000, 200, |dice| {
        let scenario = value(dice, 6);
        let report = evaluate(&scenario);
        report_is_sound(&scenario, &report);
    });
}

/// A near miss names the one element that fails: with that element widened the statement matches.
#[test]
fn a_near_miss_is_one_element_away() {
    let mut seen = std::cell::Cell::new(0);
    check(1500, LENGTH, |dice| {
        let scene = scene(dice, Taste::Saved);
        let report = evaluate(&scene.json(&[]));
        // The trace may be that of the second question.
        if report.decision.is_none() || implies_more(&scene) {
            return;
        }
        for (at, policy) in report.policies.iter().enumerate() {
            for statement in &policy.statements {
                let Some(element) = statement.near_miss else {
                    continue;
                };
                seen.set(seen.get() + 1);
                let mut wider = scene.clone();
                let changed = &mut wider.policies[at].statements[statement.index];
                let open = testing::wide_statement(&scene, scene.policies[at].kind, changed.effect);
                match element {
                    "Action" | "NotAction" => changed.action = open.action,
                    "Resource" | "NotResource" => changed.resource = open.resource,
                    "Principal" | "NotPrincipal" => changed.principal = open.principal,
                    _ => changed.conditions.clear(),
                }
                let evaluation = wider.prepare().evaluate();
                assert!(evaluation.policies[at][statement.index].matches, "{element} is not what fails");
            }
        }
    });
    assert!(*seen.get_mut() > 500, "only {} near misses", seen.get());
}

/// Keys that are reported missing are keys that the request does not have; giving each one a value can only be asked
/// of keys that some statement tests.
#[test]
fn missing_keys_are_absent_and_tested() {
    check(1500, LENGTH, |dice| {
        let scene = scene(dice, Taste::Saved);
        let report = evaluate(&scene.json(&[]));
        for key in &report.missing_context_keys {
            let has = report.context.iter().find(|entry| entry.key.eq_ignore_ascii_case(key));
            // Present without a value that counts, or one that cannot fill a variable, is missing too.
            let counts =
                has.is_some_and(|entry| entry.values.iter().any(|value| !value.is_empty()) && !entry.multivalued);
            assert!(!counts, "{key} is there: {has:?}");
            let lower = key.to_ascii_lowercase();
            let tested = scene.policies.iter().flat_map(|policy| &policy.statements).any(|statement| {
                let named = statement.conditions.iter().any(|condition| condition.key.eq_ignore_ascii_case(key));
                let resources = statement.resource.iter().flat_map(|(_, entries)| entries);
                let values = statement.conditions.iter().flat_map(|condition| &condition.values);
                named || resources.chain(values).any(|text| text.to_ascii_lowercase().contains(&format!("${{{lower}")))
            });
            assert!(tested, "no statement asks for {key}");
        }
    });
}

/// The worst of both worlds: every kind at once, on every sort of request.
#[test]
fn every_kind_is_answered_for_every_caller() {
    check(300, LENGTH, |dice| {
        let mut scene = scene(dice, Taste::Saved);
        for kind in InputKind::ALL {
            let effect = dice.pick(&[policy::Effect::Allow, policy::Effect::Deny]);
            let statements = vec![testing::statement(dice, &scene, kind, effect, Taste::Saved)];
            let target = matches!(kind, InputKind::Scp | InputKind::Rcp).then_some("Root");
            let version = Some(policy::Version::V2012);
            scene.policies.push(testing::Policy { kind, target, version, statements });
        }
        targets::evaluates(&scene.json(&layouts(dice)));
    });
}

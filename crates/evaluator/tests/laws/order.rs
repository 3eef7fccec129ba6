//! Nothing hangs on the order in which things are written.

use testing::{check, elsewhere};

use crate::{LENGTH, any_scene, shuffle, translated};
use evaluator::{StatementId, Verdict};

/// The kind of verdict, without the place of its statement: of two statements that deny, the first is named.
fn without_place(verdict: Verdict) -> Verdict {
    translated(verdict, |_| StatementId { policy: 0, statement: 0 })
}

#[test]
fn the_order_of_policies_statements_and_entries_changes_nothing() {
    check(1500, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut other = scene.clone();
        // Levels keep their place in the order in which targets first appear: name them all.
        let mut levels: Vec<String> = scene.named_levels.clone().unwrap_or_default();
        let prepared = scene.prepare();
        if scene.named_levels.is_none() {
            // Named levels would all need an SCP, so the order of targets is kept instead.
            let targets = other.policies.iter().filter_map(|policy| policy.target);
            levels.extend(targets.map(str::to_owned));
            levels.dedup();
        }
        shuffle(dice, &mut other.policies);
        for policy in &mut other.policies {
            shuffle(dice, &mut policy.statements);
            for statement in &mut policy.statements {
                shuffle(dice, &mut statement.action.1);
                if let Some(resource) = &mut statement.resource {
                    shuffle(dice, &mut resource.1);
                }
                if let Some(principal) = &mut statement.principal {
                    shuffle(dice, &mut principal.1);
                }
                shuffle(dice, &mut statement.conditions);
                for condition in &mut statement.conditions {
                    shuffle(dice, &mut condition.values);
                }
            }
        }
        shuffle(dice, &mut other.ask.context);
        let before = prepared.evaluate();
        let after = other.prepare().evaluate();
        assert_eq!(before.verdict.decision(), after.verdict.decision());
        assert_eq!(before.contested, after.contested, "contested readings");
        assert_eq!(before.matched.len(), after.matched.len());
        let same_levels = scene.named_levels.is_some() || levels.len() < 2;
        if same_levels {
            assert_eq!(without_place(before.verdict), without_place(after.verdict));
            let outcomes = |evaluation: &evaluator::Evaluation| -> Vec<_> {
                evaluation.stages.iter().map(|stage| (stage.stage, stage.outcome, stage.decisive)).collect()
            };
            assert_eq!(outcomes(&before), outcomes(&after));
        }
    });
}

#[test]
fn the_order_of_values_in_the_request_changes_nothing() {
    check(1000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut other = scene.clone();
        for (_, value) in &mut other.ask.context {
            if let testing::ContextValue::Many(values) = value {
                shuffle(dice, values);
            }
        }
        let (before, after) = (scene.prepare().evaluate(), other.prepare().evaluate());
        // Of a single-valued key given as a list the first value would fill a variable; such keys are taken as
        // lists, which fill none.
        assert_eq!(before.verdict, after.verdict);
        assert_eq!(before.contested, after.contested);
    });
}

#[test]
fn repeating_a_statement_or_an_entry_changes_nothing() {
    check(1000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut other = scene.clone();
        for policy in &mut other.policies {
            let last = policy.statements.last().cloned();
            policy.statements.extend(last);
            for statement in &mut policy.statements {
                let first = statement.action.1[0].clone();
                statement.action.1.push(first);
                for condition in &mut statement.conditions {
                    let first = condition.values.first().cloned();
                    condition.values.extend(first);
                }
            }
        }
        assert_eq!(scene.prepare().decide(), other.prepare().decide());
    });
}

/// Few values are compared one by one, many are looked up.
#[test]
fn repeating_values_of_a_condition_until_they_are_many_changes_nothing() {
    check(250, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut many = scene.clone();
        for condition in
            many.policies.iter_mut().flat_map(|policy| &mut policy.statements).flat_map(|s| &mut s.conditions)
        {
            let count = condition.values.len();
            condition.values = condition.values.iter().cycle().take(count * 300).cloned().collect();
        }
        let (few, many) = (scene.prepare().evaluate(), many.prepare().evaluate());
        assert_eq!((&few.verdict, &few.contested), (&many.verdict, &many.contested));
        for (few, many) in few.policies.iter().flatten().zip(many.policies.iter().flatten()) {
            for (few, many) in few.conditions.iter().zip(&many.conditions) {
                let start = many.values.iter().take(few.values.len()).cloned().collect();
                assert_eq!(*few, evaluator::ConditionTrace { values: start, ..many.clone() });
            }
        }
    });
}

#[test]
fn a_policy_may_be_split_into_one_policy_a_statement() {
    check(1000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut other = scene.clone();
        other.policies.clear();
        for policy in &scene.policies {
            for statement in &policy.statements {
                let statements = vec![statement.clone()];
                other.policies.push(testing::Policy { statements, ..policy.clone() });
            }
        }
        let verdicts = [scene.prepare().decide(), other.prepare().decide()];
        assert_eq!(without_place(verdicts[0]), without_place(verdicts[1]));
    });
}

/// Splitting by the entries of a plain element, or by the values of a condition, gives alternatives as before.
#[test]
fn a_statement_may_be_split_into_one_statement_an_entry() {
    use policy::Polarity;
    check(1500, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut other = scene.clone();
        let element = dice.below(4);
        for policy in &mut other.policies {
            let split = |statement: &testing::Statement| -> Vec<testing::Statement> {
                let with = |change: &dyn Fn(&mut testing::Statement)| {
                    let mut statement = statement.clone();
                    change(&mut statement);
                    statement
                };
                match (element, &statement.resource, &statement.principal) {
                    (0, _, _) if statement.action.0 == Polarity::Is => {
                        let entries = statement.action.1.iter();
                        entries.map(|entry| with(&|split| split.action.1 = vec![entry.clone()])).collect()
                    }
                    (1, Some((Polarity::Is, entries)), _) => entries
                        .iter()
                        .map(|entry| with(&|split| split.resource = Some((Polarity::Is, vec![entry.clone()]))))
                        .collect(),
                    (2, _, Some((Polarity::Is, entries))) => entries
                        .iter()
                        .map(|entry| with(&|split| split.principal = Some((Polarity::Is, vec![entry.clone()]))))
                        .collect(),
                    (3, _, _) => match statement.conditions.first() {
                        // A list of the request may need several of the values, one for each of its own.
                        Some(first)
                            if !first.operator.base.negated()
                                && first.operator.set != Some(policy::SetOperator::ForAllValues)
                                && !first.values.is_empty() =>
                        {
                            let values = first.values.iter();
                            values
                                .map(|value| with(&|split| split.conditions[0].values = vec![value.clone()]))
                                .collect()
                        }
                        _ => vec![statement.clone()],
                    },
                    _ => vec![statement.clone()],
                }
            };
            policy.statements = policy.statements.iter().flat_map(split).collect();
        }
        // Also for a request that was not the model of the policies.
        for ask in [scene.ask.clone(), elsewhere(dice, &scene)] {
            let (mut before, mut after) = (scene.clone(), other.clone());
            before.ask = ask.clone();
            after.ask = ask;
            let verdicts = [before.prepare().decide(), after.prepare().decide()];
            assert_eq!(without_place(verdicts[0]), without_place(verdicts[1]));
        }
    });
}

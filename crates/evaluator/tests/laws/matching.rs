//! Matching against references that try every way.

use evaluator::{PolicyEntry, PolicySet, Strength};
use policy::{Base, Effect, Operator, Polarity, PolicyKind, PrincipalType, ResourceType, Version};
use testing::reference::{self, Unit};
use testing::{Condition, ContextValue, Dice, Statement, check, targets};

use crate::{LENGTH, any_scene, scene};

/// Text of few characters, so that patterns match by accident.
fn text(dice: &mut Dice<'_>, letters: &[&str], most: usize) -> String {
    (0..dice.below(most + 1)).map(|_| dice.pick(letters)).collect()
}

#[test]
fn patterns_match_as_the_reference_does() {
    const PATTERN: &[&str] = &["*", "a", "b", ":", "?", "/", "*", "é", "ab", "A"];
    const TEXT: &[&str] = &["a", "b", ":", "a", "/", "é", "*", "?", "A"];
    check(6000, 60, |dice| {
        let pattern = text(dice, PATTERN, 12);
        let subject = text(dice, TEXT, 12);
        targets::patterns_agree(&pattern, &subject);
    });
}

/// Whole ARNs, with wildcards in every field.
#[test]
fn resource_patterns_match_as_the_reference_does() {
    const FIELD: &[&str] = &["*", "a", "?", "b", "a*", "*a", "a*b", "", "a?", ":", "*:"];
    const VALUE: &[&str] = &["a", "b", "ab", "aab", "a:b", "", "a/b", "abab"];
    check(6000, 60, |dice| {
        let pattern: Vec<&str> = (0..4 + dice.below(4)).map(|_| dice.pick(FIELD)).collect();
        let subject: Vec<&str> = (0..5 + dice.below(2)).map(|_| dice.pick(VALUE)).collect();
        targets::patterns_agree(&format!("arn:{}", pattern.join(":")), &format!("arn:{}", subject.join(":")));
    });
}

/// Texts made from the pattern, so that most of them match or nearly do; colons in the runs.
#[test]
fn texts_near_a_pattern_match_as_the_reference_does() {
    const FIELD: &[&str] = &["a", "*", "?", "a*b", "?*", "*?", "b", "", "a?", "*a"];
    check(6000, 60, |dice| {
        let fields: Vec<&str> = (0..5 + dice.below(2)).map(|_| dice.pick(FIELD)).collect();
        let pattern = format!("arn:{}", fields.join(":"));
        let subject: String = pattern
            .chars()
            .map(|c| match c {
                '*' => dice.pick(&["", "a", ":", "a:b", "é", "bab"]).to_owned(),
                '?' => dice.pick(&["a", "b", ":", "é", ""]).to_owned(),
                other => other.to_string(),
            })
            .collect();
        targets::patterns_agree(&pattern, &subject);
    });
}

/// What comes out of a variable is literal, wildcards and all.
#[test]
fn filled_variables_match_literally() {
    check(4000, 80, |dice| {
        let user = text(dice, &["a", "*", "?", "b", ":"], 4);
        let mut written = String::new();
        let mut units = Vec::new();
        for _ in 0..dice.below(7) {
            let (part, part_units): (&str, Vec<Unit>) = match dice.below(8) {
                0 | 1 => ("*", vec![Unit::Written('*')]),
                2 => ("?", vec![Unit::Written('?')]),
                3 => ("${*}", vec![Unit::Literal('*')]),
                4 => ("${?}${$}", vec![Unit::Literal('?'), Unit::Literal('$')]),
                5 if !user.is_empty() => ("${custom:word}", user.chars().map(Unit::Literal).collect()),
                5 | 6 => ("${custom:none, 'a*'}", vec![Unit::Literal('a'), Unit::Literal('*')]),
                _ => ("ab", vec![Unit::Written('a'), Unit::Written('b')]),
            };
            written.push_str(part);
            units.extend(part_units);
        }
        let subject = text(dice, &["a", "b", "*", "ab", "?", "$", ":"], 8);
        let head = "arn:aws:s3:::";
        let head_units = head.chars().map(Unit::Written);
        let whole: Vec<Unit> = head_units.chain(units.iter().copied()).collect();

        let mut scene = scene(&mut Dice::new(&[]));
        scene.ask.context = vec![
            ("custom:word".to_owned(), ContextValue::One(user)),
            ("custom:subject".to_owned(), ContextValue::One(subject.clone())),
        ];
        scene.ask.resource = format!("{head}{subject}");
        let like = Condition {
            operator: Operator { base: Base::StringLike, set: None, if_exists: false },
            key: "custom:subject".to_owned(),
            values: vec![written.clone()],
        };
        let statement = Statement {
            effect: Effect::Allow,
            principal: None,
            action: (Polarity::Is, vec!["*".to_owned()]),
            resource: Some((Polarity::Is, vec![format!("{head}{written}")])),
            conditions: vec![like],
        };
        let document = policy::Document {
            version: Version::V2012,
            statements: vec![statement.parsed()],
            ..policy::Document::default()
        };
        let set = PolicySet::new(vec![PolicyEntry::new(PolicyKind::Identity, &document)]);
        let evaluation = evaluator::evaluate(&set, &scene.ask.request(None));
        let trace = &evaluation.policies[0][0];
        let matches = trace.resource.as_ref().is_some_and(|element| element.matches);
        assert_eq!(matches, reference::resource_units(&whole, &scene.ask.resource), "{written:?} on {subject:?}");
        let subject: Vec<char> = subject.chars().collect();
        let expected = reference::covers(&reference::like_units(&units), &subject);
        assert_eq!(trace.conditions[0].matches, expected, "{written:?} like {subject:?}");
    });
}

/// `Not` turns an element round: of a list and its `Not` form exactly one holds.
#[test]
fn a_not_element_is_the_complement_of_its_plain_form() {
    check(2000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let mut turned = scene.clone();
        let turn = |polarity: &mut Polarity| {
            *polarity = match *polarity {
                Polarity::Is => Polarity::Not,
                Polarity::Not => Polarity::Is,
            };
        };
        for policy in &mut turned.policies {
            for statement in &mut policy.statements {
                turn(&mut statement.action.0);
                if let Some((polarity, _)) = &mut statement.resource {
                    turn(polarity);
                }
                if let Some((polarity, _)) = &mut statement.principal {
                    turn(polarity);
                }
            }
        }
        let (before, after) = (scene.prepare().evaluate(), turned.prepare().evaluate());
        for (at, (before, after)) in before.policies.iter().zip(&after.policies).enumerate() {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                let statement = &scene.policies[at].statements[index];
                let holds = |element: &Option<evaluator::ElementTrace>| element.as_ref().map(|trace| trace.matches);
                assert_eq!(holds(&before.action), holds(&after.action).map(|matches| !matches));
                if statement.resource.is_some() {
                    assert_eq!(holds(&before.resource), holds(&after.resource).map(|matches| !matches));
                }
                if let (Some(before), Some(after)) = (&before.principal, &after.principal)
                    && statement.principal.is_some()
                {
                    match statement.effect {
                        Effect::Allow => assert_ne!(before.matches, after.matches),
                        // A Deny with NotPrincipal spares only those who are listed at every level.
                        Effect::Deny => assert!(before.matches || after.matches),
                    }
                }
            }
        }
    });
}

#[test]
fn conditions_keep_their_laws() {
    check(4000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let condition = testing::condition(dice, &scene.ask);
        targets::conditions_agree(&scene.ask.request(None), &condition);
    });
}

/// Under version 2008-10-17 `${…}` is text like any other.
#[test]
fn variables_are_plain_text_under_the_older_version() {
    check(1500, LENGTH, |dice| {
        let scene = any_scene(dice);
        let condition = testing::condition(dice, &scene.ask);
        let request = scene.ask.request(None);
        let old = targets::holds(&request, &condition, Version::V2008);
        if condition.values.iter().all(|value| !value.contains("${")) {
            assert_eq!(old, targets::holds(&request, &condition, Version::V2012), "no variables, no difference");
        } else if condition.operator.base == Base::StringEquals && condition.operator.set.is_none() && old.1 {
            let entry = request.context.get(&condition.key).expect("present");
            let equal = entry.values.iter().any(|value| condition.values.contains(value));
            assert_eq!(old.0, equal && !entry.multivalued, "compared as it stands");
        }
    });
}

/// The table of §4.1 in the words of ELEM-principal, entry by entry.
#[test]
fn principals_cover_whom_they_name() {
    const USER: &str = "arn:aws:iam::111122223333:user/eng/bob";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/Ops/jo";
    const ROLE: &str = "arn:aws:iam::111122223333:role/team/Ops";
    const FEDERATED: &str = "arn:aws:sts::111122223333:federated-user/carol";
    use Strength::{Account, Direct, Entity, None, Wildcard};
    let callers: [(&str, Option<&str>); 6] = [
        (USER, Option::None),
        (SESSION, Some(ROLE)),
        (FEDERATED, Some(USER)),
        ("arn:aws:iam::111122223333:root", Option::None),
        ("lambda.amazonaws.com", Option::None),
        ("*", Option::None),
    ];
    let table = [
        ((PrincipalType::Everyone, "*"), [Wildcard; 6]),
        ((PrincipalType::Aws, "*"), [Wildcard; 6]),
        ((PrincipalType::Aws, "111122223333"), [Account, Account, Account, Account, None, None]),
        ((PrincipalType::Aws, "arn:aws:iam::111122223333:root"), [Account, Account, Account, Account, None, None]),
        ((PrincipalType::Aws, "444455556666"), [None; 6]),
        ((PrincipalType::Aws, USER), [Direct, None, Entity, None, None, None]),
        ((PrincipalType::Aws, ROLE), [None, Entity, None, None, None, None]),
        ((PrincipalType::Aws, "arn:aws:iam::111122223333:role/Ops"), [None; 6]),
        ((PrincipalType::Aws, SESSION), [None, Direct, None, None, None, None]),
        ((PrincipalType::Aws, FEDERATED), [None, None, Direct, None, None, None]),
        ((PrincipalType::Service, "lambda.amazonaws.com"), [None, None, None, None, Direct, None]),
        ((PrincipalType::Service, "*"), [None; 6]),
        ((PrincipalType::Aws, "arn:aws:iam::111122223333:role/*"), [None; 6]),
    ];
    for ((principal_type, value), expected) in table {
        for ((caller, issuer), expected) in callers.iter().zip(expected) {
            let statement = Statement {
                effect: Effect::Allow,
                principal: Some((Polarity::Is, vec![(principal_type, value.to_owned())])),
                action: (Polarity::Is, vec!["*".to_owned()]),
                resource: Some((Polarity::Is, vec!["*".to_owned()])),
                conditions: Vec::new(),
            };
            let document = policy::Document { statements: vec![statement.parsed()], ..policy::Document::default() };
            let kind = PolicyKind::Resource(ResourceType::Bucket);
            let set = PolicySet::new(vec![PolicyEntry::new(kind, &document)]);
            let mut scene = scene(&mut Dice::new(&[]));
            scene.ask.principal = testing::Principal::Text((*caller).to_owned());
            scene.ask.issuer = issuer.map(str::to_owned);
            let evaluation = evaluator::evaluate(&set, &scene.ask.request(Option::None));
            let trace = evaluation.policies[0][0].principal.as_ref().expect("a principal");
            assert_eq!(trace.strength, expected, "{value} and {caller}");
            assert_eq!(trace.matches, expected > None);
        }
    }
}

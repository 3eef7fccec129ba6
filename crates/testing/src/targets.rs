//! The bodies of the fuzz targets: each takes any bytes and panics where a law is broken. `fuzz/` runs them under
//! libFuzzer, and a test replays its corpus with mutations on stable Rust.

use evaluator::{Caller, Context, PolicyEntry, PolicySet, Request};
use playground::{Options, evaluate_value};
use policy::{Effect, Operator, Polarity, PolicyKind, ResourceType, SetOperator, Version, json};
use serde_json::Value;

use crate::reference;
use crate::{Condition, Dice, Layout, NOW, Statement, Taste, condition, document_is_sound, report_is_sound, scene};

/// A target.
pub type Target = fn(&[u8]);

/// Every target with its name, which is also its corpus folder's.
pub const ALL: [(&str, Target); 6] = [
    ("document", document),
    ("patterns", patterns),
    ("conditions", conditions),
    ("scenario_json", scenario_json),
    ("scenario", scenario),
    ("scenario_text", scenario_text),
];

const KINDS: [PolicyKind; 10] = [
    PolicyKind::Identity,
    PolicyKind::Resource(ResourceType::Bucket),
    PolicyKind::Resource(ResourceType::Key),
    PolicyKind::Resource(ResourceType::Role),
    PolicyKind::Resource(ResourceType::Other),
    PolicyKind::PermissionsBoundary,
    PolicyKind::Session,
    PolicyKind::Scp,
    PolicyKind::Rcp,
    PolicyKind::VpcEndpoint,
];

/// A policy document of any kind; JSON is accepted exactly where `serde_json` accepts it, and means the same.
pub fn document(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    same_json(&text);
    for kind in KINDS {
        document_is_sound(&text, &policy::parse(&text, kind));
    }
}

fn same_json(text: &str) {
    let ours = json::parse(text);
    let theirs = serde_json::from_str::<Value>(text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(&plain(&ours.value), theirs),
        (Err(error), Err(_)) => {
            let (start, end) = (error.span.start as usize, error.span.end as usize);
            assert!(text.get(start..end).is_some(), "{error:?} leaves the text");
            assert!(!error.message.is_empty());
        }
        _ => panic!("we say {ours:?}, serde_json says {theirs:?}"),
    }
}

fn plain(value: &json::Value) -> Value {
    match value {
        json::Value::Null => Value::Null,
        json::Value::Bool(value) => Value::Bool(*value),
        json::Value::Number(text) => serde_json::from_str(text).expect("a number"),
        json::Value::String(text) => Value::String(text.clone()),
        json::Value::Array(items) => items.iter().map(|item| plain(&item.value)).collect(),
        json::Value::Object(properties) => {
            properties.iter().map(|property| (property.key.clone(), plain(&property.node.value))).collect()
        }
    }
}

/// Patterns against texts, engine and reference; the two are parted by line breaks.
pub fn patterns(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let pattern: String = lines.next().unwrap_or("").chars().take(200).collect();
    let subject: String = lines.next().unwrap_or("").chars().take(400).collect();
    patterns_agree(&pattern, &subject);
}

/// Holds the engine's matching of actions, resources, `StringLike` and `ArnLike` against the reference.
pub fn patterns_agree(pattern: &str, subject: &str) {
    let arn = format!("arn:aws:s3:::{pattern}");
    for (pattern, subject) in [(pattern, subject), (&arn, &*format!("arn:aws:s3:::{subject}"))] {
        let context = [("custom:Word".to_owned(), crate::ContextValue::One(subject.to_owned()))];
        let like = |name: &str| Condition {
            operator: Operator::parse(name).expect("an operator"),
            key: "custom:Word".to_owned(),
            values: vec![pattern.to_owned()],
        };
        let statement = Statement {
            effect: Effect::Allow,
            principal: None,
            action: (Polarity::Is, vec![pattern.to_owned()]),
            resource: Some((Polarity::Is, vec![pattern.to_owned()])),
            conditions: vec![like("StringLike"), like("ArnLike")],
        };
        let document = policy::Document {
            version: Version::V2008,
            statements: vec![statement.parsed()],
            ..policy::Document::default()
        };
        let set = PolicySet::new(vec![PolicyEntry::new(PolicyKind::Identity, &document)]);
        let mut given = Context::default();
        for (key, value) in context {
            if let crate::ContextValue::One(value) = value {
                given.add(&key, vec![value], false, evaluator::Source::Given);
            }
        }
        let caller = Caller::parse("arn:aws:iam::111122223333:user/alice").expect("a user");
        let request = Request::new(caller, subject, subject, None, given);
        let evaluation = evaluator::evaluate(&set, &request);
        let trace = &evaluation.policies[0][0];
        // A request's action has one colon and no white space: others are refused before the evaluation.
        if subject.matches(':').count() == 1 && !subject.contains(char::is_whitespace) {
            let matches = trace.action.as_ref().is_some_and(|element| element.matches);
            assert_eq!(matches, reference::action(pattern, subject), "Action {pattern:?} and {subject:?}");
        }
        let matches = trace.resource.as_ref().is_some_and(|element| element.matches);
        assert_eq!(matches, reference::resource(pattern, subject), "Resource {pattern:?} and {subject:?}");
        let expected = [reference::like(pattern, subject), reference::arn_like(pattern, subject)];
        for (condition, expected) in trace.conditions.iter().zip(expected) {
            assert_eq!(condition.matches, expected, "{pattern:?} and {subject:?}");
        }
        // the decision alone comes to the same
        assert_eq!(evaluator::decide(&set, &request), evaluation.verdict);
    }
}

/// A condition and a request: operators and their complements, sets and their duals.
pub fn conditions(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let scene = scene(&mut dice, Taste::Anything);
    let condition = condition(&mut dice, &scene.ask);
    conditions_agree(&scene.ask.request(None), &condition);
}

/// The operator that holds exactly where this one, by itself, does not.
pub fn negation(base: policy::Base) -> Option<policy::Base> {
    use policy::Base as B;
    const PAIRS: [(B, B); 8] = [
        (B::StringEquals, B::StringNotEquals),
        (B::StringEqualsIgnoreCase, B::StringNotEqualsIgnoreCase),
        (B::StringLike, B::StringNotLike),
        (B::NumericEquals, B::NumericNotEquals),
        (B::DateEquals, B::DateNotEquals),
        (B::IpAddress, B::NotIpAddress),
        (B::ArnEquals, B::ArnNotEquals),
        (B::ArnLike, B::ArnNotLike),
    ];
    PAIRS.iter().find_map(|(a, b)| match base {
        base if base == *a => Some(*b),
        base if base == *b => Some(*a),
        _ => None,
    })
}

/// Whether a condition by itself holds, and whether the request has a value.
pub fn holds(request: &Request, condition: &Condition, version: Version) -> (bool, bool) {
    let statement = Statement {
        effect: Effect::Allow,
        principal: None,
        action: (Polarity::Is, vec!["*".to_owned()]),
        resource: Some((Polarity::Is, vec!["*".to_owned()])),
        conditions: vec![condition.clone()],
    };
    let document = policy::Document { version, statements: vec![statement.parsed()], ..policy::Document::default() };
    let set = PolicySet::new(vec![PolicyEntry::new(PolicyKind::VpcEndpoint, &document)]);
    let evaluation = evaluator::evaluate(&set, request);
    assert_eq!(evaluator::decide(&set, request), evaluation.verdict);
    let trace = &evaluation.policies[0][0].conditions[0];
    assert_eq!(trace.values.len(), condition.values.len(), "every value is traced");
    (trace.matches, trace.present)
}

/// The laws of one condition.
pub fn conditions_agree(request: &Request, condition: &Condition) {
    let test = |operator: Operator| {
        let changed = Condition { operator, ..condition.clone() };
        holds(request, &changed, Version::V2012)
    };
    let operator = condition.operator;
    let (result, present) = test(operator);
    let entry = request.context.get(&condition.key);
    let multivalued = entry.is_some_and(|entry| entry.multivalued);

    if operator.base == policy::Base::Null {
        let opposite = condition.values.iter().map(|value| match policy::literal::boolean(value) {
            Some(value) => (!value).to_string(),
            None => value.clone(),
        });
        let readable: Vec<bool> = condition.values.iter().filter_map(|value| policy::literal::boolean(value)).collect();
        let turned = Condition { values: opposite.collect(), ..condition.clone() };
        assert_eq!(result, readable.contains(&!present), "Null");
        assert_eq!(holds(request, &turned, Version::V2012).0, readable.contains(&present), "Null turned round");
        return;
    }
    let if_exists = test(Operator { if_exists: true, ..operator }).0;
    let plain = test(Operator { if_exists: false, ..operator }).0;
    if present {
        assert_eq!(if_exists, plain, "IfExists changes nothing where the key is present");
    } else {
        assert!(if_exists, "IfExists holds where the key is absent");
    }
    if let Some(base) = negation(operator.base) {
        let turned = |set| test(Operator { base, set, if_exists: false }).0;
        let straight = |set| test(Operator { set, if_exists: false, ..operator }).0;
        if present && !multivalued {
            assert_ne!(straight(None), turned(None), "a negated operator is the complement of its twin");
        }
        if !present {
            assert_eq!(straight(None), operator.base.negated(), "absent keys pass negated operators only");
        }
        let (all, any) = (SetOperator::ForAllValues, SetOperator::ForAnyValue);
        assert_eq!(straight(Some(all)), !turned(Some(any)), "all pass exactly where none fails");
        assert_eq!(turned(Some(all)), !straight(Some(any)), "all pass exactly where none fails");
    }
    let in_set = |set| test(Operator { set: Some(set), if_exists: false, ..operator }).0;
    if present && in_set(SetOperator::ForAllValues) {
        assert!(in_set(SetOperator::ForAnyValue), "what all do, one does");
    }
    if !present {
        assert!(in_set(SetOperator::ForAllValues) && !in_set(SetOperator::ForAnyValue), "no values");
    }
    if present && multivalued && operator.set.is_none() {
        assert!(!result, "a list without set operator never matches");
    }
    if present && !multivalued && operator.set.is_none() {
        // One value: any, all and it alone are one question.
        assert_eq!(result, in_set(SetOperator::ForAllValues));
        assert_eq!(result, in_set(SetOperator::ForAnyValue));
    }
    // The values of one operator are alternatives; those of a negated one must all be missed.
    if operator.set.is_none() && present && !multivalued {
        let alone = condition.values.iter().map(|value| {
            holds(request, &Condition { values: vec![value.clone()], ..condition.clone() }, Version::V2012).0
        });
        let together = if operator.base.negated() {
            alone.fold(true, |all, one| all & one)
        } else {
            alone.fold(false, |any, one| any | one)
        };
        assert_eq!(result, together, "values are alternatives");
    }
}

/// Any JSON as a scenario.
pub fn scenario_json(bytes: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        evaluates(&value);
    }
}

/// A scenario made from the bytes, then changed a little so that it may be wrong in shape.
pub fn scenario(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let layouts: Vec<Layout> = (0..3).map(|_| dice.pick(&Layout::ALL)).collect();
    let mutations = dice.pick(&[0, 0, 1, 3]);
    let scene = scene(&mut dice, Taste::Anything);
    let mut value = scene.json(&layouts);
    for _ in 0..mutations {
        mutate(&mut dice, &mut value);
    }
    evaluates(&value);
}

/// Evaluates a scenario twice and holds the report against it.
pub fn evaluates(value: &Value) {
    let options = Options { now: Some(NOW) };
    let report = evaluate_value(value, options);
    report_is_sound(value, &report);
    assert_eq!(report, evaluate_value(value, options), "the same scenario, the same report");
}

/// The text of a scenario as the command line reads it: one reader for places, one for values.
pub fn scenario_text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    same_json(text);
    let (Ok(root), Ok(value)) = (json::parse(text), serde_json::from_str::<Value>(text)) else {
        return;
    };
    let report = evaluate_value(&value, Options { now: Some(NOW) });
    report_is_sound(&value, &report);
    for finding in &report.diagnostics {
        if let Some(path) = &finding.path {
            let span = root.place(path);
            assert!(!span.of(text).is_empty(), "{path} is nowhere in the text");
            if let (Some(node), Some(there)) = (root.pointer(path), value.pointer(path)) {
                assert_eq!(&plain(&node.value), there, "{path} is one place in both");
            }
        }
    }
}

/// Changes one place of a JSON value: takes something out, puts something odd in, doubles, swaps.
pub fn mutate(dice: &mut Dice<'_>, value: &mut Value) {
    let deeper = dice.chance(220);
    match value {
        Value::Object(object) if deeper && !object.is_empty() => {
            let place = dice.below(object.len());
            let key = object.keys().nth(place).cloned().expect("a key");
            match dice.below(12) {
                0 => {
                    object.remove(&key);
                }
                1 => {
                    let moved = object.remove(&key).expect("a value");
                    object
                        .insert(dice.pick(&["Acton", "polices", "", "kind", "~/", "é", "Statement"]).to_owned(), moved);
                }
                _ => mutate(dice, &mut object[key.as_str()]),
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let place = dice.below(items.len());
            match dice.below(12) {
                0 => {
                    items.remove(place);
                }
                1 => items.push(items[place].clone()),
                2 => items.swap(0, place),
                _ => mutate(dice, &mut items[place]),
            }
        }
        Value::String(text) if deeper => {
            if let Some(Ok(mut inner)) = dice.chance(128).then(|| serde_json::from_str::<Value>(text)) {
                mutate(dice, &mut inner);
                *text = inner.to_string();
                return;
            }
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (dice.pick(&places), dice.pick(&places));
            let new = dice.pick(&["", "*", "?", ":", "${", "}", "\"", "\n", "😀", "é", "$", "a", "\u{feff}", "arn:"]);
            text.replace_range(a.min(b)..a.max(b), new);
        }
        other => {
            *other = match dice.below(10) {
                0 => Value::Null,
                1 => Value::Bool(true),
                2 => serde_json::json!(-1.5e300),
                3 => serde_json::json!([]),
                4 => serde_json::json!({}),
                5 => serde_json::json!([[], null, {"": ""}]),
                6 => Value::String("*".to_owned()),
                7 => Value::Array(vec![other.clone(), other.clone()]),
                8 => serde_json::json!({ "AWS": other.clone() }),
                _ => serde_json::json!(18_446_744_073_709_551_615_u64),
            };
        }
    }
}

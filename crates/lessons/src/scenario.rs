//! Scenarios as JSON values: taking what a learner may change out of an answer, and putting it into the lesson's.

use serde_json::{Map, Value};

use crate::lesson::{Find, Lesson};

/// The policies of a scenario with their names.
pub(crate) fn policies(scenario: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let list = scenario.get("policies").and_then(Value::as_array);
    list.into_iter().flatten().map(|policy| (policy.get("name").and_then(Value::as_str).unwrap_or_default(), policy))
}

/// The document of the policy with this name.
pub(crate) fn document<'s>(scenario: &'s Value, name: &str) -> Option<&'s Value> {
    policies(scenario).find(|(own, _)| *own == name)?.1.get("document")
}

/// The start with the documents of the editable policies as the answer has them; a policy that the answer lacks is
/// an empty text.
pub(crate) fn with_answer(lesson: &Lesson, answer: &Value) -> Value {
    with_documents(&lesson.start, |name| {
        let is_editable = lesson.editable.iter().any(|editable| editable == name);
        is_editable.then(|| document(answer, name).cloned().unwrap_or_else(|| Value::String(String::new())))
    })
}

/// A scenario with other documents for some of its policies.
pub(crate) fn with_documents(scenario: &Value, mut other: impl FnMut(&str) -> Option<Value>) -> Value {
    let mut scenario = scenario.clone();
    for policy in scenario.get_mut("policies").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = policy.get("name").and_then(Value::as_str).unwrap_or_default();
        if let (Some(document), Value::Object(policy)) = (other(name), policy) {
            policy.insert("document".to_owned(), document);
        }
    }
    scenario
}

/// A scenario with only the policies that `keep` names.
pub(crate) fn with_policies(scenario: &Value, keep: impl Fn(&str) -> bool) -> Value {
    let mut scenario = scenario.clone();
    if let Some(policies) = scenario.get_mut("policies").and_then(Value::as_array_mut) {
        policies.retain(|policy| keep(policy.get("name").and_then(Value::as_str).unwrap_or_default()));
    }
    scenario
}

/// The scenario with the lesson's rows as its tests.
pub(crate) fn with_rows(mut scenario: Value, lesson: &Lesson) -> Value {
    let tests = lesson.rows.iter().map(|row| {
        let mut test = Map::new();
        test.insert("name".to_owned(), Value::String(row.name.clone()));
        test.insert("request".to_owned(), Value::Object(row.request.clone()));
        test.insert("expect".to_owned(), Value::String(row.expect.decision().name().to_owned()));
        if let Some(statements) = &row.expect_statements {
            test.insert("expectStatements".to_owned(), Value::from(statements.clone()));
        }
        Value::Object(test)
    });
    let tests = tests.collect();
    if let Value::Object(scenario) = &mut scenario {
        scenario.insert("tests".to_owned(), Value::Array(tests));
    }
    scenario
}

/// The start with the request that the answer found: only what may be changed is taken from it.
pub(crate) fn with_request(lesson: &Lesson, find: &Find, answer: &Value) -> Value {
    let mut scenario = lesson.start.clone();
    let found = answer.get("request").and_then(Value::as_object);
    if let Some(request) = scenario.get_mut("request").and_then(Value::as_object_mut) {
        for field in &find.change {
            match found.and_then(|found| found.get(field.name())) {
                Some(value) => request.insert(field.name().to_owned(), value.clone()),
                None => request.shift_remove(field.name()),
            };
        }
    }
    scenario
}

/// The request that a row makes: the start's with the row's fields in their place, the context merged key by key.
pub(crate) fn row_request(start: &Value, own: &Map<String, Value>) -> Map<String, Value> {
    let mut request = start.get("request").and_then(Value::as_object).cloned().unwrap_or_default();
    for (field, value) in own {
        let merged = match (field.as_str(), request.get(field), value) {
            ("context", Some(Value::Object(base)), Value::Object(changes)) => {
                let mut context = base.clone();
                context.retain(|key, _| !changes.keys().any(|change| change.eq_ignore_ascii_case(key)));
                context.extend(changes.clone());
                Value::Object(context)
            }
            _ => value.clone(),
        };
        request.insert(field.clone(), merged);
    }
    request
}

/// A document as a JSON value, whether it is written as one or as text; `None` where the text is no JSON.
pub(crate) fn parsed(document: &Value) -> Option<Value> {
    match document {
        Value::String(text) => serde_json::from_str(text).ok(),
        document => Some(document.clone()),
    }
}

/// How large the editable policies are: statements, and characters without white space between tokens. What is not
/// JSON counts as it stands.
pub(crate) fn size(lesson: &Lesson, scenario: &Value) -> (usize, usize) {
    let documents = lesson.editable.iter().filter_map(|name| document(scenario, name));
    documents.fold((0, 0), |(statements, characters), document| {
        let own = match parsed(document) {
            Some(value) => (statement_count(&value), value.to_string().chars().count()),
            None => (0, document.as_str().unwrap_or_default().chars().count()),
        };
        (statements + own.0, characters + own.1)
    })
}

fn statement_count(document: &Value) -> usize {
    match document.get("Statement") {
        Some(Value::Array(statements)) => statements.len(),
        Some(_) => 1,
        None => 0,
    }
}

//! What `aws sts decode-authorization-message` prints: the decision, the request and the statements that matched.

use playground::Decision;
use serde_json::{Map, Value};

use super::{Reading, ReadingKind, fact, scenario};
use crate::Knowledge;
use crate::cloudtrail::objects;

pub(super) fn read(text: &str, knowledge: &Knowledge) -> Option<Reading> {
    let found = objects(text, &mut |object| {
        object.get("allowed").is_some_and(Value::is_boolean) && object.get("context").is_some_and(Value::is_object)
    });
    let message = found.into_iter().next()?;
    let context = message.get("context")?;
    let at = |pointer: &str| context.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());

    let mut request = Map::new();
    let mut facts = Vec::new();
    let action = at("/action").map(|action| {
        knowledge.services().and_then(|services| services.action(action)).map_or(action.to_owned(), |it| it.to_string())
    });
    let fields = [("principal", at("/principal/arn")), ("action", action.as_deref()), ("resource", at("/resource"))];
    for (name, value) in fields {
        if let Some(value) = value {
            request.insert(name.to_owned(), Value::String(value.to_owned()));
            facts.push(fact(name, value));
        }
    }
    let conditions = keys(context);
    if !conditions.is_empty() {
        request.insert("context".to_owned(), Value::Object(conditions));
    }

    let allowed = message.get("allowed") == Some(&Value::Bool(true));
    let explicit = message.get("explicitDeny") == Some(&Value::Bool(true));
    let decision = match (allowed, explicit) {
        (true, _) => Decision::Allowed,
        (false, true) => Decision::ExplicitDeny,
        (false, false) => Decision::ImplicitDeny,
    };
    let statements = message.get("matchedStatements").and_then(|it| it.get("items")).and_then(Value::as_array);
    for statement in statements.into_iter().flatten() {
        let said = |field: &str| statement.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        let name = said("statementId").unwrap_or("without an id");
        facts.push(fact("statement", format!("{} {name}", said("effect").unwrap_or("matched"))));
    }
    let next = match decision {
        Decision::Allowed => "this one was allowed; paste the message of the call that failed",
        Decision::ExplicitDeny => {
            "a `Deny` statement decided: look for it in the caller's policies, the permissions boundary and the organization's policies"
        }
        Decision::ImplicitDeny => {
            "nothing allowed it: add the caller's policies, its permissions boundary and the organization's policies here, and see which one does not"
        }
    };
    let what = action.as_deref().unwrap_or("the request");
    let request = Value::Object(request);
    Some(Reading {
        kind: ReadingKind::Decoded,
        message: match decision {
            Decision::Allowed => format!("a decoded authorization message: `{what}` was allowed"),
            Decision::ExplicitDeny => format!("a decoded authorization message: a `Deny` statement refused `{what}`"),
            Decision::ImplicitDeny => format!("a decoded authorization message: nothing allowed `{what}`"),
        },
        facts,
        suspect: None,
        scenario: Some(scenario(&format!("Why {what} is denied"), &request, Some(decision))),
        request: Some(request),
        next: vec![next.to_owned()],
        command: None,
    })
}

/// The condition keys, in the shape of a scenario's context; AWS mixes its own names for things in.
fn keys(context: &Value) -> Map<String, Value> {
    let mut keys = Map::new();
    for item in context.pointer("/conditions/items").and_then(Value::as_array).into_iter().flatten() {
        let Some(key) = item.get("key").and_then(Value::as_str).filter(|key| key.contains(':')) else { continue };
        let values = item.pointer("/values/items").and_then(Value::as_array).into_iter().flatten();
        let values: Vec<Value> =
            values.filter_map(|value| value.get("value").cloned()).filter(Value::is_string).collect();
        match <[Value; 1]>::try_from(values) {
            Ok([value]) => keys.insert(key.to_owned(), value),
            Err(values) if values.is_empty() => None,
            Err(values) => keys.insert(key.to_owned(), Value::Array(values)),
        };
    }
    keys
}

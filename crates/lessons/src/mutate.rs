//! Every small change of a policy that a learner could make by mistake.

use serde_json::{Map, Value, json};

/// A policy, changed in one place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mutant {
    /// What was changed, such as `drop ReadReports#0`.
    pub(crate) name: String,
    /// The statement that was changed, from 0.
    pub(crate) statement: usize,
    /// The document; `None` where nothing of the policy is left.
    pub(crate) document: Option<Value>,
}

/// The changes of one policy. `kind` is the policy's kind as scenarios name it.
pub(crate) fn mutants(name: &str, kind: &str, document: &Value) -> Vec<Mutant> {
    let statements: Vec<&Map<String, Value>> = match document.get("Statement") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_object).collect(),
        Some(Value::Object(one)) => vec![one],
        _ => Vec::new(),
    };
    let mut all: Vec<Mutant> = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        let id = format!("{name}#{at}");
        let with = |changed: Option<Value>| {
            let list = statements.iter().enumerate().filter_map(|(other, statement)| {
                if other == at { changed.clone() } else { Some(Value::Object((*statement).clone())) }
            });
            let mut list: Vec<Value> = list.collect();
            if list.is_empty() {
                list.push(nothing(kind)?);
            }
            let mut document = document.clone();
            *document.get_mut("Statement")? = Value::Array(list);
            Some(document)
        };
        let mut changes = vec![(format!("drop {id}"), None)];
        changes.extend(of_statement(&id, statement).into_iter().map(|(name, changed)| (name, Some(changed))));
        for (name, changed) in changes {
            if changed.as_ref().and_then(Value::as_object) == Some(*statement) {
                continue;
            }
            let mutant = Mutant { name, statement: at, document: with(changed) };
            if !all.iter().any(|other| other.document == mutant.document) {
                all.push(mutant);
            }
        }
    }
    all
}

/// What stands for an empty policy of a kind whose absence would mean that the kind does not apply: a statement that
/// matches nothing. `None` where the policy can just be left out.
fn nothing(kind: &str) -> Option<Value> {
    match kind {
        "permissionsBoundary" | "session" | "scp" => {
            Some(json!({ "Effect": "Allow", "Action": "iam:NoSuchAction", "Resource": "*" }))
        }
        "vpcEndpoint" => {
            Some(json!({ "Effect": "Allow", "Principal": "*", "Action": "iam:NoSuchAction", "Resource": "*" }))
        }
        _ => None,
    }
}

type Changes = Vec<(String, Value)>;

fn of_statement(id: &str, statement: &Map<String, Value>) -> Changes {
    let mut changes = Changes::new();
    let with = |element: &str, value: Option<Value>, instead: &str| {
        let mut statement = statement.clone();
        match value {
            // In its place, so that the order of elements stays.
            Some(value) if element == instead => {
                statement.insert(element.to_owned(), value);
            }
            Some(value) => {
                statement.shift_remove(element);
                statement.insert(instead.to_owned(), value);
            }
            None => {
                statement.shift_remove(element);
            }
        }
        Value::Object(statement)
    };
    if let Some(effect) = statement.get("Effect").and_then(Value::as_str) {
        let other = if effect == "Allow" { "Deny" } else { "Allow" };
        changes.push((format!("flip {id}"), with("Effect", Some(Value::from(other)), "Effect")));
    }
    let allows = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
    let actions: fn(&str) -> Vec<String> = if allows { wider_allowed_actions } else { wider_actions };
    for (element, wider) in [("Action", actions), ("Resource", wider_resources)] {
        let values = statement.get(element).map(texts).unwrap_or_default();
        for value in &values {
            if let Some(rest) = without(&values, value) {
                changes.push((format!("drop {element} {value} of {id}"), with(element, Some(rest), element)));
            }
            for wide in wider(value) {
                let list: Vec<&str> =
                    values.iter().map(|other| if other == value { &wide } else { other }).map(String::as_str).collect();
                changes.push((
                    format!("widen {element} {value} of {id} to {wide}"),
                    with(element, Some(Value::from(list)), element),
                ));
            }
        }
        let not = format!("Not{element}");
        let values = statement.get(&not).map(texts).unwrap_or_default();
        if !values.is_empty() {
            changes.push((format!("widen {not} of {id} to everything"), with(&not, Some(Value::from("*")), element)));
        }
        for value in &values {
            if let Some(rest) = without(&values, value) {
                changes.push((format!("drop {not} {value} of {id}"), with(&not, Some(rest), &not)));
            }
            // What a `Deny` spares: the wider, the more slips through.
            for wide in if allows { Vec::new() } else { wider(value) } {
                let list: Vec<&str> =
                    values.iter().map(|other| if other == value { &wide } else { other }).map(String::as_str).collect();
                changes.push((
                    format!("widen {not} {value} of {id} to {wide}"),
                    with(&not, Some(Value::from(list)), &not),
                ));
            }
        }
    }
    if let Some(principal) = statement.get("Principal") {
        for (name, changed) in principals(id, principal) {
            changes.push((name, with("Principal", Some(changed), "Principal")));
        }
    }
    if statement.contains_key("NotPrincipal") {
        changes.push((
            format!("widen NotPrincipal of {id} to everything"),
            with("NotPrincipal", Some(Value::from("*")), "Principal"),
        ));
    }
    if let Some(Value::Object(condition)) = statement.get("Condition") {
        for (name, changed) in conditions(id, condition) {
            changes.push((name, with("Condition", changed, "Condition")));
        }
    }
    changes
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// The other values, where there are any.
fn without(values: &[String], value: &str) -> Option<Value> {
    let rest: Vec<&str> = values.iter().map(String::as_str).filter(|other| *other != value).collect();
    (!rest.is_empty()).then(|| Value::from(rest))
}

fn wider_actions(action: &str) -> Vec<String> {
    let service = action.split_once(':').map(|(service, _)| format!("{service}:*"));
    service.into_iter().chain(["*".to_owned()]).filter(|wide| wide != action).collect()
}

/// The words with which the names of many actions of a service begin.
const VERBS: [&str; 7] = ["Create", "Delete", "Describe", "Get", "List", "Put", "Update"];

/// Besides, every action that begins with the same verb. Not for a `Deny`: there it is mostly just as right.
fn wider_allowed_actions(action: &str) -> Vec<String> {
    let verb = action.split_once(':').and_then(|(service, name)| {
        let verb = VERBS.iter().find(|verb| {
            name.strip_prefix(**verb).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })?;
        Some(format!("{service}:{verb}*"))
    });
    verb.into_iter().chain(wider_actions(action)).collect()
}

/// The resource with a `*` right at the end of its name, with its last part replaced by `*`, all of its service, and
/// everything.
fn wider_resources(resource: &str) -> Vec<String> {
    let mut wider = Vec::new();
    let fields: Vec<&str> = resource.splitn(6, ':').collect();
    if let [arn, partition, service, region, account, own] = fields.as_slice() {
        // `NAME/*` without its slash, which matches longer names too; where the slash stands behind a kind of resource,
        // as in `instance/*`, there are none.
        let is_kind = !account.is_empty() && own.strip_suffix("/*").is_some_and(|kind| !kind.contains(['/', ':']));
        match own.strip_suffix("/*") {
            Some(name) if !is_kind => {
                wider.push(format!("{arn}:{partition}:{service}:{region}:{account}:{name}*"));
            }
            None if !own.ends_with('*') => wider.push(format!("{resource}*")),
            // `app-*` without its hyphen, which matches `approver` too.
            None => wider.extend(resource.strip_suffix("-*").map(|name| format!("{name}*"))),
            _ => {}
        }
        let head = format!("{arn}:{partition}:{service}");
        let own = own.strip_suffix('*').unwrap_or(own);
        let own = own.strip_suffix(['/', ':']).unwrap_or(own);
        let part = own.rfind(['/', ':']).and_then(|at| own.get(..=at)).unwrap_or("");
        wider.push(format!("{head}:{region}:{account}:{part}*"));
        let any = |field: &str| if field.is_empty() { "" } else { "*" };
        wider.push(format!("{head}:{}:{}:*", any(region), any(account)));
    }
    wider.push("*".to_owned());
    wider.dedup();
    wider.retain(|wide| wide != resource);
    wider
}

fn principals(id: &str, principal: &Value) -> Changes {
    let Value::Object(types) = principal else {
        return Changes::new();
    };
    let mut changes = Changes::new();
    let all = types.values().map(|values| texts(values).len()).sum::<usize>();
    for (kind, values) in types {
        let values = texts(values);
        for value in values.iter().filter(|value| *value != "*") {
            let put = |list: Option<Value>| {
                let mut types = types.clone();
                match list {
                    Some(list) => types.insert(kind.clone(), list),
                    None => types.shift_remove(kind),
                };
                Value::Object(types)
            };
            if all > 1 {
                changes.push((format!("drop Principal {value} of {id}"), put(without(&values, value))));
            }
            let fields: Vec<&str> = value.splitn(6, ':').collect();
            if let ["arn", partition, _, _, account, own] = fields.as_slice()
                && kind == "AWS"
                && *own != "root"
            {
                let root = format!("arn:{partition}:iam::{account}:root");
                let list: Vec<&str> =
                    values.iter().map(|other| if other == value { &root } else { other }).map(String::as_str).collect();
                changes.push((format!("widen Principal {value} of {id} to {root}"), put(Some(Value::from(list)))));
            }
            changes.push((format!("widen Principal {value} of {id} to *"), Value::from("*")));
        }
    }
    changes
}

/// `None`: without a `Condition`.
fn conditions(id: &str, condition: &Map<String, Value>) -> Vec<(String, Option<Value>)> {
    let mut changes = vec![(format!("drop Condition of {id}"), None)];
    for (operator, keys) in condition {
        let Value::Object(keys) = keys else { continue };
        let put = |keys: Option<Map<String, Value>>| {
            let mut condition = condition.clone();
            match keys.filter(|keys| !keys.is_empty()) {
                Some(keys) => condition.insert(operator.clone(), Value::Object(keys)),
                None => condition.shift_remove(operator),
            };
            (!condition.is_empty()).then_some(Value::Object(condition))
        };
        changes.push((format!("drop Condition {operator} of {id}"), put(None)));
        for (key, values) in keys {
            let mut rest = keys.clone();
            rest.shift_remove(key);
            changes.push((format!("drop Condition {operator} {key} of {id}"), put(Some(rest))));
            let values = texts(values);
            for value in &values {
                if let Some(rest) = without(&values, value) {
                    let mut keys = keys.clone();
                    keys.insert(key.clone(), rest);
                    changes.push((format!("drop Condition {operator} {key} {value} of {id}"), put(Some(keys))));
                }
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(kind: &str, document: &Value) -> Vec<String> {
        mutants("P", kind, document).into_iter().map(|mutant| mutant.name).collect()
    }

    #[test]
    fn every_part_of_a_statement_is_changed() {
        let document = json!({ "Statement": [{
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": "arn:aws:s3:::b/reports/*",
            "Condition": {
                "StringEquals": { "aws:RequestedRegion": ["eu-west-1", "eu-west-2"], "aws:username": "alice" },
                "Bool": { "aws:MultiFactorAuthPresent": "true" },
            },
        }] });
        assert_eq!(
            names("identity", &document),
            [
                "drop P#0",
                "flip P#0",
                "drop Action s3:GetObject of P#0",
                "widen Action s3:GetObject of P#0 to s3:Get*",
                "widen Action s3:GetObject of P#0 to s3:*",
                "widen Action s3:GetObject of P#0 to *",
                "drop Action s3:ListBucket of P#0",
                "widen Action s3:ListBucket of P#0 to s3:List*",
                "widen Action s3:ListBucket of P#0 to s3:*",
                "widen Action s3:ListBucket of P#0 to *",
                "widen Resource arn:aws:s3:::b/reports/* of P#0 to arn:aws:s3:::b/reports*",
                "widen Resource arn:aws:s3:::b/reports/* of P#0 to arn:aws:s3:::b/*",
                "widen Resource arn:aws:s3:::b/reports/* of P#0 to arn:aws:s3:::*",
                "widen Resource arn:aws:s3:::b/reports/* of P#0 to *",
                "drop Condition of P#0",
                "drop Condition StringEquals of P#0",
                "drop Condition StringEquals aws:RequestedRegion of P#0",
                "drop Condition StringEquals aws:RequestedRegion eu-west-1 of P#0",
                "drop Condition StringEquals aws:RequestedRegion eu-west-2 of P#0",
                "drop Condition StringEquals aws:username of P#0",
                "drop Condition Bool of P#0",
            ]
        );
    }

    #[test]
    fn principals_are_widened_to_their_account_and_to_everyone() {
        let document = json!({ "Statement": {
            "Effect": "Allow",
            "Principal": { "AWS": ["arn:aws:iam::111122223333:user/alice", "444455556666"], "Service": "ec2.amazonaws.com" },
            "Action": "*",
            "NotResource": ["a", "b"],
        } });
        assert_eq!(
            names("resource", &document),
            [
                "drop P#0",
                "flip P#0",
                "widen NotResource of P#0 to everything",
                "drop NotResource a of P#0",
                "drop NotResource b of P#0",
                "drop Principal arn:aws:iam::111122223333:user/alice of P#0",
                "widen Principal arn:aws:iam::111122223333:user/alice of P#0 to arn:aws:iam::111122223333:root",
                "widen Principal arn:aws:iam::111122223333:user/alice of P#0 to *",
                "drop Principal 444455556666 of P#0",
                "drop Principal ec2.amazonaws.com of P#0",
            ]
        );
    }

    #[test]
    fn a_resource_is_widened_part_by_part() {
        assert_eq!(wider_resources("arn:aws:s3:::b"), ["arn:aws:s3:::b*", "arn:aws:s3:::*", "*"]);
        assert_eq!(wider_resources("arn:aws:s3:::*"), ["*"]);
        assert_eq!(wider_resources("arn:aws:s3:::b/*"), ["arn:aws:s3:::b*", "arn:aws:s3:::*", "*"]);
        assert_eq!(
            wider_resources("arn:aws:s3:::b/c.csv"),
            ["arn:aws:s3:::b/c.csv*", "arn:aws:s3:::b/*", "arn:aws:s3:::*", "*"]
        );
        assert_eq!(
            wider_resources("arn:aws:sqs:eu-west-1:1:orders"),
            ["arn:aws:sqs:eu-west-1:1:orders*", "arn:aws:sqs:eu-west-1:1:*", "arn:aws:sqs:*:*:*", "*"]
        );
        assert_eq!(
            wider_resources("arn:aws:ec2:eu-west-1:1:instance/*"),
            ["arn:aws:ec2:eu-west-1:1:*", "arn:aws:ec2:*:*:*", "*"]
        );
        assert_eq!(
            wider_resources("arn:aws:iam::1:role/app-*"),
            ["arn:aws:iam::1:role/app*", "arn:aws:iam::1:role/*", "arn:aws:iam::*:*", "*"]
        );
        assert_eq!(wider_resources("*"), Vec::<String>::new());
    }

    #[test]
    fn what_a_deny_spares_is_widened() {
        let fence = |effect: &str| json!({ "Statement": { "Effect": effect, "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*" } });
        let widened = "widen NotResource arn:aws:s3:::b/* of P#0 to arn:aws:s3:::b*";
        assert!(names("identity", &fence("Deny")).iter().any(|name| name == widened));
        assert!(!names("identity", &fence("Allow")).iter().any(|name| name == widened));
    }

    #[test]
    fn an_action_is_widened_to_its_verb_where_it_is_allowed() {
        assert_eq!(wider_allowed_actions("s3:PutObject"), ["s3:Put*", "s3:*", "*"]);
        assert_eq!(wider_allowed_actions("iam:Get*"), ["iam:*", "*"]);
        assert_eq!(wider_allowed_actions("iam:PassRole"), ["iam:*", "*"]);
        assert_eq!(wider_allowed_actions("s3:*"), ["*"]);
        let document = json!({ "Statement": { "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*" } });
        assert!(!names("identity", &document).iter().any(|name| name.ends_with("s3:Get*")));
    }

    #[test]
    fn the_last_statement_of_an_scp_gives_way_to_one_that_matches_nothing() {
        let document = json!({ "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
        let without = |kind| mutants("P", kind, &document).remove(0).document;
        assert_eq!(without("identity"), None);
        assert_eq!(without("scp").unwrap()["Statement"][0]["Action"], "iam:NoSuchAction");
    }
}

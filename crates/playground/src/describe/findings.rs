//! Findings that need the table of condition keys: misspelt keys, operators that do not fit a key's type, set operators
//! where they mislead. None of them changes a decision.

use evaluator::keys::{KEYS, Key, KeyType};
use evaluator::{Caller, Request};
use policy::{Base, Condition, Diagnostic, Document, Family, Operator, Seen, SetOperator, Statement, edit, literal};
use serde_json::Value;

use crate::{Problem, RequestInput, Severity};

/// Findings in the conditions of a policy that need the table of condition keys: part of every report.
pub fn key_findings(document: &Document) -> Vec<Diagnostic> {
    let conditions = document
        .statements
        .iter()
        .flat_map(|statement| statement.conditions.iter().map(move |condition| (statement, condition)));
    conditions.filter_map(|(statement, condition)| finding(statement, condition)).collect()
}

fn finding(statement: &Statement, condition: &Condition) -> Option<Diagnostic> {
    let key = condition.key.value.as_str();
    let operator = condition.operator?;
    let span = condition.key.span;
    let Some(known) = Key::find(key) else {
        let Unknown { help, meant } = unknown(key)?;
        let finding =
            Diagnostic::warning("unknown-condition-key", span, format!("`{key}` is no condition key that is known"))
                .help(help);
        return Some(match meant {
            Some(meant) => finding.fix(format!("replace with `{meant}`"), edit::replace(span, &meant)),
            None => finding,
        });
    };
    let name = condition.operator_name.value.as_str();
    let at = condition.operator_name.span;
    let replaced = |finding: Diagnostic, by: Operator| {
        let by = by.to_string();
        match edit::replace_operator(statement, condition, &by) {
            Some(edits) => finding.fix(format!("replace with `{by}`"), edits),
            None => finding,
        }
    };
    match (operator.base, operator.set, known.multivalued) {
        // The language itself says what is wrong with that.
        (Base::Null, Some(_), _) => None,
        (base, None, true) if base != Base::Null => {
            let with = |set| Operator { set: Some(set), ..operator };
            let (any, all) = (with(SetOperator::ForAnyValue), with(SetOperator::ForAllValues));
            let finding = Diagnostic::warning(
                "missing-set-operator",
                at,
                format!("`{key}` holds a list of values; without a set operator `{name}` never matches"),
            )
            .help(format!("write `{any}` (one of the values) or `{all}` (every value)"));
            Some(if base.negated() { finding } else { replaced(finding, any) })
        }
        (base, Some(set), false) => {
            let by = Operator { set: None, ..operator };
            let finding = Diagnostic::warning(
                "set-operator-on-single-valued-key",
                at,
                format!("`{key}` holds one value; `{}` on it is overly permissive", set.name()),
            )
            .help(format!("write `{}` without `{}:`", base.name(), set.name()));
            Some(replaced(finding, by))
        }
        (base, _, _) if !fits(base, known) => {
            let finding = Diagnostic::warning(
                "operator-type-mismatch",
                at,
                format!("`{}` does not fit `{key}`, which is {}", base.name(), describe(known.key_type)),
            )
            .help(format!("use {}", operators(known.key_type)));
            let by = in_place_of_text(known.key_type).filter(|_| matches!(base, Base::StringEquals | Base::StringLike));
            Some(match by {
                Some(base) => replaced(finding, Operator { base, ..operator }),
                None => finding,
            })
        }
        _ => None,
    }
}

/// The operator that compares as `StringEquals` does with text.
fn in_place_of_text(key_type: KeyType) -> Option<Base> {
    match key_type {
        KeyType::String | KeyType::Arn => None,
        KeyType::Bool => Some(Base::Bool),
        KeyType::Numeric => Some(Base::NumericEquals),
        KeyType::Date => Some(Base::DateEquals),
        KeyType::IpAddress => Some(Base::IpAddress),
    }
}

/// What to say of a key that is not in the table.
struct Unknown {
    help: String,
    /// What it was probably meant to be.
    meant: Option<String>,
}

/// A remark on a key that is not in the table, where it is one of AWS's global keys by its prefix: those are all known.
fn unknown(key: &str) -> Option<Unknown> {
    let prefix = key.get(..4)?;
    if !prefix.eq_ignore_ascii_case("aws:") {
        return None;
    }
    let help = |help: String| Some(Unknown { help, meant: None });
    let (plain, member) = key.split_once('/').map_or((key, None), |(before, member)| (before, Some(member)));
    if plain.eq_ignore_ascii_case("aws:arn") {
        return help("the caller is `aws:PrincipalArn`; what a service acts for is `aws:SourceArn`".to_owned());
    }
    if let Some(meant) = policy::called(key) {
        return Some(Unknown { help: format!("did you mean `{meant}`?"), meant: Some(meant) });
    }
    let bare = |known: &'static Key| known.name.trim_end_matches('/');
    let near = policy::nearest(plain, KEYS.iter().map(bare).filter(|name| name.starts_with("aws:")));
    let Some(near) = near else {
        return help("see the list of global condition keys in the IAM User Guide".to_owned());
    };
    let family = KEYS.iter().any(|known| known.is_family() && bare(known) == near);
    if near.eq_ignore_ascii_case(plain) {
        // Of a family, `missing-tag-key` says it.
        return (!family).then(|| Unknown {
            help: format!("`{near}` is one key: nothing follows it"),
            meant: Some(near.to_owned()),
        });
    }
    let meant = match member {
        Some(member) if family => Some(format!("{near}/{member}")),
        None if !family => Some(near.to_owned()),
        _ => None,
    };
    Some(Unknown { help: format!("did you mean `{}`?", meant.as_deref().unwrap_or(near)), meant })
}

/// Which operators fit which type of key.
fn fits(base: Base, key: &Key) -> bool {
    match (base.family(), key.key_type) {
        (Family::Null, _)
        | (Family::String, KeyType::String | KeyType::Arn)
        | (Family::Arn, KeyType::Arn)
        | (Family::Bool, KeyType::Bool)
        | (Family::Numeric, KeyType::Numeric)
        | (Family::Date, KeyType::Date)
        | (Family::IpAddress, KeyType::IpAddress)
        | (Family::Binary, KeyType::String) => true,
        (Family::Numeric, KeyType::Date) => key.name == "aws:EpochTime",
        // Built-in providers are named by a word, others by an ARN.
        _ => false,
    }
}

fn describe(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::String => "text",
        KeyType::Arn => "an ARN",
        KeyType::Bool => "true or false",
        KeyType::Numeric => "a number",
        KeyType::Date => "a date",
        KeyType::IpAddress => "an IP address",
    }
}

fn operators(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::String => "a string operator such as `StringEquals` or `StringLike`",
        KeyType::Arn => "`ArnLike` or `ArnEquals`",
        KeyType::Bool => "`Bool`",
        KeyType::Numeric => "a numeric operator such as `NumericLessThan`",
        KeyType::Date => "a date operator such as `DateLessThan`",
        KeyType::IpAddress => "`IpAddress` or `NotIpAddress`",
    }
}

/// Findings in the request's context: keys that look misspelt, that are written twice, or that such a caller never has;
/// values that are not of their key's type.
pub(crate) fn context_findings(request: &RequestInput, built: Option<&Request>, problems: &mut Vec<Problem>) {
    let mut seen = Seen::default();
    for (number, (key, value)) in request.context.iter().enumerate() {
        let lower = key.to_ascii_lowercase();
        let path = format!("/request/context/{}", key.replace('~', "~0").replace('/', "~1"));
        let mut warn = |code, message: String, help: String| {
            problems.push(Problem { path: path.clone(), severity: Severity::Warning, code, message, help: Some(help) });
        };
        if let Some(first) = seen.before(&lower, number).and_then(|first| request.context.keys().nth(first)) {
            let message = format!("`{key}` is the key `{first}` again: case does not matter in keys");
            warn("context-key-twice", message, "the one spelt as in the policy is used, else the first".to_owned());
        }
        let caller = built.map(|request| &request.caller).filter(|_| !value.is_null());
        if let Some(who) = caller.and_then(|caller| whose(&lower, caller)) {
            let message = format!("AWS never sends `{key}` for such a caller; here it is used all the same");
            warn("context-key-of-others", message, format!("it belongs to {who}"));
        }
        let Some(known) = Key::find(key) else {
            if let Some(Unknown { help, .. }) = unknown(key) {
                warn("unknown-context-key", format!("`{key}` is no condition key that is known"), help);
            }
            continue;
        };
        let values: Vec<&Value> = match value {
            Value::Array(values) => values.iter().collect(),
            other => vec![other],
        };
        if !known.multivalued && values.len() > 1 {
            let message = format!("`{key}` holds one value in a request of AWS; here it is taken as a list");
            warn("single-valued-key", message, "give it one value".to_owned());
        }
        let wrong = values.into_iter().find(|value| !is_of_type(value, known.key_type));
        if let Some(wrong) = wrong {
            let shown = wrong.as_str().map_or_else(|| wrong.to_string(), str::to_owned);
            let message = format!("`{shown}` is not {}, which `{key}` holds", describe(known.key_type));
            warn("context-value-type", message, example(known.key_type).to_owned());
        }
    }
}

/// Whose requests have a key (in small letters), where this caller's never do.
fn whose(key: &str, caller: &Caller) -> Option<&'static str> {
    // What the caller's certificate says, when IAM Roles Anywhere assumes a role.
    let anywhere = matches!(caller, Caller::Service { name } if name == "rolesanywhere.amazonaws.com");
    if anywhere && key.starts_with("aws:principaltag/x509") {
        return None;
    }
    let family = key.split_once('/').map_or(key, |(family, _)| family);
    let (theirs, who) = match family {
        "aws:username" => (matches!(caller, Caller::User { .. }), "IAM users"),
        "aws:principalarn" | "aws:principalisawsservice" => (caller.is_signed(), "callers that sign their requests"),
        "aws:principaltag" | "aws:principalorgid" | "aws:principalorgpaths" => {
            (caller.account().is_some(), "users and roles; services and unsigned requests have none")
        }
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => (
            matches!(caller, Caller::User { .. } | Caller::RoleSession { .. } | Caller::Root { .. }),
            "sessions of users and roles; federated users and services have none",
        ),
        "aws:principalservicename"
        | "aws:principalservicenameslist"
        | "aws:sourcearn"
        | "aws:sourceaccount"
        | "aws:sourceorgid"
        | "aws:sourceorgpaths" => (matches!(caller, Caller::Service { .. }), "services that act for themselves"),
        "aws:assumedroot" => (matches!(caller, Caller::Root { .. }), "root sessions"),
        "aws:federatedprovider" => {
            (matches!(caller, Caller::RoleSession { .. } | Caller::Federated { .. }), "roles assumed with a token")
        }
        "aws:chatbotsourcearn"
        | "aws:ec2instancesourceprivateipv4"
        | "aws:ec2instancesourcevpc"
        | "codebuild:buildarn"
        | "codebuild:projectarn"
        | "ec2:roledelivery"
        | "ec2:sourceinstancearn"
        | "glue:credentialissuingservice"
        | "glue:roleassumedby"
        | "identitystore:userid"
        | "lambda:sourcefunctionarn"
        | "ssm:sourceinstancearn" => (matches!(caller, Caller::RoleSession { .. }), "sessions of roles"),
        "aws:tokenissuetime" => {
            (caller.account().is_some(), "temporary credentials; services and unsigned requests have none")
        }
        "aws:sourceidentity" => (caller.account().is_some(), "sessions of roles"),
        _ => return None,
    };
    (!theirs).then_some(who)
}

fn is_of_type(value: &Value, key_type: KeyType) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => return true,
        other => other.to_string(),
    };
    match key_type {
        KeyType::String => true,
        // Built-in identity providers are words.
        KeyType::Arn => true,
        KeyType::Bool => literal::boolean(&text).is_some(),
        KeyType::Numeric => literal::number(&text).is_some(),
        KeyType::Date => literal::date(&text).is_some(),
        KeyType::IpAddress => literal::ip_address(&text).is_some(),
    }
}

fn example(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::String | KeyType::Arn => "write it as text",
        KeyType::Bool => "write true or false",
        KeyType::Numeric => "write a number such as 3600",
        KeyType::Date => "write an instant such as 2026-03-09T14:05:00Z",
        KeyType::IpAddress => "write one address such as 203.0.113.7 or 2001:db8::1",
    }
}

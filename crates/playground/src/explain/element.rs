//! Statements, elements, entries and conditions in words.

use evaluator::{
    ConditionTrace, Detail, ElementTrace, Exemption, How, PrincipalTrace, Request, StatementTrace, Strength, ValueTrace,
};
use policy::arn::Arn;
use policy::{Clause, Condition, Effect, Family, Polarity, SetOperator, Spanned};

use super::{caller, either};

/// A statement's result: what it does, or which elements fail.
pub(crate) fn statement(effect: Option<Effect>, trace: &StatementTrace, failing: &[&'static str]) -> String {
    if trace.matches {
        return match effect {
            Some(Effect::Allow) => "matches the request: allows it",
            Some(Effect::Deny) => "matches the request: denies it",
            None => "matches the request, but has no readable Effect",
        }
        .to_owned();
    }
    match failing {
        [] => "does not match: an element is missing".to_owned(),
        [only] => format!("does not match: only `{only}` fails"),
        [init @ .., last] => format!("does not match: `{}` and `{last}` fail", init.join("`, `")),
    }
}

/// `Action` or `Resource`, plain or `Not`.
pub(crate) fn element(request: &Request, name: &str, clause: &Clause<Spanned<String>>, trace: &ElementTrace) -> String {
    let request = if name.ends_with("Action") { request.action.as_str() } else { request.resource.as_str() };
    let covering = clause
        .entries
        .iter()
        .zip(&trace.values)
        .find(|(_, value)| value.matches)
        .map(|(entry, _)| entry.value.as_str());
    match (clause.polarity, covering) {
        (Polarity::Is, Some(entry)) => format!("`{entry}` matches `{request}`"),
        (Polarity::Is, None) => match clause.entries.as_slice() {
            [] => "lists nothing, so it matches nothing".to_owned(),
            [only] => format!("`{}` does not match `{request}`", only.value),
            entries => format!("none of the {} entries matches `{request}`", entries.len()),
        },
        (Polarity::Not, Some(entry)) => format!("`{entry}` leaves out `{request}`"),
        (Polarity::Not, None) => format!("`{request}` is not among what `{name}` leaves out, so it is covered"),
    }
}

/// `Principal` or `NotPrincipal`.
pub(crate) fn principal(request: &Request, trace: &PrincipalTrace) -> String {
    let caller = caller(&request.caller);
    match &trace.exemption {
        None => match trace.strength {
            Strength::None => format!("does not name {caller}"),
            Strength::Account => format!("names the account of {caller}"),
            Strength::Entity => "names the role or user behind this session".to_owned(),
            Strength::Direct => format!("names {caller}"),
            Strength::Wildcard => "means everyone".to_owned(),
        },
        Some(Exemption::Exempt) => format!("leaves out {caller}"),
        Some(Exemption::NotListed) => format!("{caller} is not listed, so the statement applies"),
        Some(Exemption::Boundary) => {
            "the caller has a permissions boundary: Deny with NotPrincipal then applies whatever is listed".to_owned()
        }
        Some(Exemption::MissingLevels(levels)) => {
            let are = either(levels.len(), "is", "are");
            format!(
                "does not leave out {caller}: every level must be listed, and `{}` {are} not",
                levels.join("` and `")
            )
        }
    }
}

/// What there is to say of an entry beyond its result, and what it became once its variables were filled in.
pub(crate) fn value(request: &Request, text: &str, trace: &ValueTrace) -> (Option<String>, Option<String>) {
    let message = match &trace.detail {
        Detail::Plain if trace.matches => None,
        Detail::Plain => bucket_or_object(&request.resource, text).map(str::to_owned),
        Detail::Resolved(resolved) => return (None, Some(resolved.clone())),
        Detail::Principal(strength) => Some(match strength {
            Strength::None => "does not cover the caller".to_owned(),
            Strength::Account => "the caller's account".to_owned(),
            Strength::Entity => "the role or user behind this session".to_owned(),
            Strength::Direct => "the caller itself".to_owned(),
            Strength::Wildcard => "everyone".to_owned(),
        }),
        Detail::NoValue { key } => {
            Some(format!("the request has no value for `${{{key}}}` and there is no default, so this matches nothing"))
        }
        Detail::Malformed => Some("not well formed, so it matches nothing".to_owned()),
        Detail::RanOverColon => {
            Some("matches only because a `*` at the end of an ARN field runs on over colons".to_owned())
        }
        Detail::UnreadableValue => Some("cannot be read as what the operator compares".to_owned()),
        Detail::UnreadableRequest => {
            Some("the request's value cannot be read as what the operator compares".to_owned())
        }
    };
    (message, None)
}

/// The classic mix-up: the bucket where its objects are meant, and the reverse.
fn bucket_or_object(request: &str, entry: &str) -> Option<&'static str> {
    // The entry first: most are no ARNs at all.
    let (entry, request) = (in_s3(entry)?, in_s3(request)?);
    if request.strip_prefix(entry).is_some_and(|rest| rest.starts_with('/')) {
        return Some("this is the bucket; the request is for an object in it, which `BUCKET/*` would match");
    }
    if entry.strip_prefix(request).is_some_and(|rest| rest.starts_with('/')) {
        return Some("this is what lies in the bucket; the request is for the bucket itself, whose ARN has no `/`");
    }
    None
}

fn in_s3(arn: &str) -> Option<&str> {
    Arn::split(arn).filter(|arn| arn.service == "s3" && arn.region.is_empty()).map(|arn| arn.resource)
}

/// A condition: what the request has, and what the operator made of it.
pub(crate) fn condition(condition: &Condition, trace: &ConditionTrace) -> String {
    let key = &condition.key.value;
    let operator = &condition.operator_name.value;
    let policy = listed(condition.values.iter().map(|value| value.text.as_str()));
    let request = listed(trace.request_values.iter().map(String::as_str));
    match trace.how {
        How::UnknownOperator => format!("`{operator}` is no condition operator, so this never matches"),
        How::AbsentFails => format!("the request has no `{key}`, so `{operator}` fails"),
        How::AbsentHoldsNegated => {
            format!("the request has no `{key}`; a negated operator such as `{operator}` then holds")
        }
        How::AbsentHoldsIfExists => format!("the request has no `{key}`, and `IfExists` lets that pass"),
        How::AbsentHoldsForAll => format!("the request has no value of `{key}`; `ForAllValues` then holds"),
        How::AbsentFailsForAny => format!("the request has no value of `{key}`; `ForAnyValue` then fails"),
        How::WithoutSetOperator => {
            format!("`{key}` holds a list, and without `ForAllValues` or `ForAnyValue` a list never matches")
        }
        How::Null => {
            let state = if trace.present { "has" } else { "does not have" };
            format!("the request {state} `{key}`, and `Null` asks for {policy}: {}", holds(trace.matches))
        }
        How::Compared => compared(condition, trace, key, &request, &policy),
    }
}

fn compared(condition: &Condition, trace: &ConditionTrace, key: &str, request: &str, policy: &str) -> String {
    let Some(operator) = condition.operator else {
        return String::new();
    };
    let base = operator.base.name();
    let negated = operator.base.negated();
    let is_address = operator.base.family() == Family::IpAddress;
    let relation = match (is_address, negated) {
        (true, false) => "is in".to_owned(),
        (true, true) => "is not in".to_owned(),
        (false, _) => format!("meets `{base}`"),
    };
    // A negated operator wants none of the policy's values.
    let several = match (condition.values.len() > 1, negated, is_address) {
        (false, ..) => "",
        (true, false, _) => "one of ",
        (true, true, false) => "each of ",
        (true, true, true) => "any of ",
    };
    match operator.set {
        Some(SetOperator::ForAllValues) => {
            let every = if trace.matches { "every value" } else { "not every value" };
            format!("{every} of `{key}` ({request}) {relation} {several}{policy}")
        }
        Some(SetOperator::ForAnyValue) => {
            let some = if trace.matches { "a value" } else { "no value" };
            format!("{some} of `{key}` ({request}) {relation} {several}{policy}")
        }
        None if is_address => {
            // `NotIpAddress` holds for an address outside.
            let (is, one) = if trace.matches == negated { ("is not in", "any of ") } else { ("is in", "one of ") };
            let several = if several.is_empty() { "" } else { one };
            format!("`{key}` is {request}, which {is} {several}{policy}")
        }
        None => {
            let meets = if trace.matches { "meets" } else { "does not meet" };
            format!("`{key}` is {request}, which {meets} `{base}` {several}{policy}")
        }
    }
}

fn holds(matches: bool) -> &'static str {
    if matches { "holds" } else { "fails" }
}

/// Values in a sentence; long lists are cut.
fn listed<'a>(values: impl Iterator<Item = &'a str> + Clone) -> String {
    const MOST: usize = 4;
    let count = values.clone().count();
    let mut shown: Vec<_> = values.take(MOST).map(|value| format!("`{value}`")).collect();
    if count > MOST {
        shown.push(format!("{} more", count - MOST));
    }
    if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") }
}

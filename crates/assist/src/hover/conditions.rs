//! Condition operators, keys and values, and policy variables.

use policy::Operator;

use super::{About, GUIDE, Words};
use crate::complete::conditions::{family_in_words, type_in_words};
use crate::outline::Node;
use crate::{units, words};

pub(super) fn operator(about: &About<'_>, written: &str) -> Option<Words> {
    let mut said = Words::new(written);
    said.link = Some(format!("{GUIDE}reference_policies_elements_condition_operators.html"));
    let Ok(operator) = Operator::parse(written) else {
        said.say("IAM knows no such operator.");
        return Some(said);
    };
    said.say(words::operator(operator.base));
    if let Some(set) = operator.set {
        said.say(words::set_operator(set));
    }
    if operator.if_exists {
        said.say(words::IF_EXISTS);
    }
    said.fact("Compares", family_in_words(operator.base.family()));
    if operator.base.wildcards() {
        said.fact("Wildcards", "`*` and `?` work in its values");
    }
    if let Some(trace) = &about.trace {
        let own: Vec<_> = trace.conditions().filter(|condition| condition.operator == written).collect();
        for condition in &own {
            said.here(condition.matches, &condition.message);
        }
        if !own.is_empty() {
            said.matches = Some(own.iter().all(|condition| condition.matches));
        }
    }
    Some(said)
}

pub(super) fn key(about: &About<'_>, written: &str) -> Words {
    let mut said = Words::new(written);
    meaning(about, written, &mut said);
    request_values(about, written, &mut said);
    if let Some(condition) = about.trace.as_ref().and_then(|trace| trace.condition(about.offset())) {
        said.here(condition.matches, &condition.message);
    }
    said
}

pub(super) fn value(about: &About<'_>, operator: &str, key: &str, written: &str, node: Node) -> Option<Words> {
    let mut said = Words::new(written);
    said.say(format!("A value for `{key}`, compared by `{operator}`."));
    request_values(about, key, &mut said);
    let offset = units::to_utf16(about.outline.text(), node.start);
    if let Some(value) = about.trace.as_ref().and_then(|trace| trace.value(offset)) {
        if let Some(resolved) = &value.resolved {
            said.fact("Filled in", format!("`{resolved}`"));
        }
        let fallback =
            if value.matches { "the request's value is like this" } else { "the request's value is not like this" };
        said.here(value.matches, value.message.as_deref().unwrap_or(fallback));
    }
    Some(said)
}

/// A variable in a text, with its default where it has one.
pub(super) fn variable(about: &About<'_>, key: &str, default: Option<&str>) -> Words {
    let mut said = Words::new(format!("${{{key}}}"));
    meaning(about, key, &mut said);
    said.link = Some(format!("{GUIDE}reference_policies_variables.html"));
    let is_old = !about.has_variables();
    if is_old {
        said.say("Plain text here: variables work with `\"Version\": \"2012-10-17\"`.");
    }
    request_values(about, key, &mut said);
    if let Some(default) = default {
        said.fact("Else", format!("`{default}`, where the request does not have the key"));
    }
    said
}

/// What a key holds.
fn meaning(about: &About<'_>, written: &str, said: &mut Words) {
    let services = about.knowledge.services();
    let known = services.and_then(|services| services.condition_key(written));
    let general = words::global_key(known.map_or(written, |key| key.stem())).or_else(|| words::global_key(written));
    let described = || {
        let (known, descriptions) = (known?, about.knowledge.descriptions()?);
        let service = services?.service(written.split(':').next()?)?;
        descriptions.condition_key(service, known).map(|sentence| sentence + ".")
    };
    if let Some(sentence) = general.map(str::to_owned).or_else(described) {
        said.say(sentence);
    }
    match (services, known) {
        (Some(_), Some(key)) => {
            said.fact("Holds", type_in_words(key.value_type(), key.is_multivalued()));
            if key.is_multivalued() {
                said.fact("Needs", "`ForAnyValue` or `ForAllValues` before the operator");
            }
        }
        (Some(services), None) => {
            said.say(format!("AWS documented no such key on {}. It may be newer, or misspelt.", services.date()));
            if let Some(nearest) = services.nearest_key(written) {
                said.fact("Did you mean", format!("`{nearest}`"));
            }
        }
        (None, _) => {}
    }
    said.link = Some(format!("{GUIDE}reference_policies_condition-keys.html"));
}

/// What the request has under a key.
fn request_values(about: &About<'_>, key: &str, said: &mut Words) {
    let context = about.subject.request.context(about.now);
    match context.iter().find(|entry| entry.key.eq_ignore_ascii_case(key)) {
        Some(entry) => {
            let values: Vec<_> = entry.values.iter().map(|value| format!("`{value}`")).collect();
            said.fact(
                "The request’s value",
                if values.is_empty() { "an empty list".to_owned() } else { values.join(", ") },
            );
        }
        None => said.fact("The request’s value", "none: the request does not have the key"),
    }
}

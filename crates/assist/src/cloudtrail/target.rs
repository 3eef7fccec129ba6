//! The ARN that a call was about, from the parameters it was made with.

use policy::arn::Arn;
use reference::{Action, UsedResource};
use serde_json::Value;

/// Where the call went.
pub(super) struct Place<'a> {
    pub(super) partition: &'a str,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
}

/// A parameter: its name without the objects around it, and its value.
pub(super) struct Parameter<'a> {
    name: String,
    value: &'a str,
}

/// All texts among the parameters, however deep; of a list, its first.
pub(super) fn parameters(value: &Value) -> Vec<Parameter<'_>> {
    let mut found = Vec::new();
    collect(value, "", 8, &mut found);
    found
}

fn collect<'a>(value: &'a Value, name: &str, depth: usize, found: &mut Vec<Parameter<'a>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::String(text) if !text.is_empty() => found.push(Parameter { name: small(name), value: text }),
        Value::Array(items) => items.iter().take(1).for_each(|item| collect(item, name, depth, found)),
        Value::Object(object) => object.iter().for_each(|(key, value)| collect(value, key, depth, found)),
        _ => {}
    }
}

/// A name without the differences in how names are written.
fn small(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// The ARN of what an action was called on, and whether all of it is known: what a call makes has no name before.
pub(super) fn resource(action: Action<'_>, parameters: &[Parameter<'_>], place: &Place<'_>) -> Option<String> {
    if !action.has_resources() {
        return Some("*".to_owned());
    }
    let fits = |arn: &str| Arn::split(arn).is_some() && action.resources_fitting(arn).next().is_some();
    if let Some(arn) = parameters.iter().find(|parameter| fits(parameter.value)) {
        return Some(arn.value.to_owned());
    }
    if let Some(arn) = queue(parameters, place).filter(|arn| fits(arn)) {
        return Some(arn);
    }
    let makes = ["Create", "Run", "Request", "Allocate", "Register"].iter().any(|verb| action.name().starts_with(verb));
    let about = &action.name().to_ascii_lowercase();
    let candidates = action.resources().flat_map(|used| {
        used.resource_type.arn_formats().filter_map(move |format| {
            let (arn, filled, open) = fill(format, used, parameters, place)?;
            let named = about.contains(&small(used.resource_type.name()));
            // Nothing of it is known, or a part of what must be there before the call.
            if open > 0 && !(makes && named && filled == 0) {
                return None;
            }
            Some(((named, filled, used.required), arn))
        })
    });
    let candidates = candidates.filter(|((named, filled, _), _)| *named || *filled > 0);
    let best = candidates.max_by_key(|(rank, _)| *rank).map(|(_, arn)| arn);
    // Where it can do without any, none was meant.
    best.or_else(|| action.resources().all(|used| !used.required).then(|| "*".to_owned()))
}

/// A format with its placeholders filled in, how many of them from parameters, and how many with `*`.
fn fill(
    format: &str,
    used: UsedResource<'_>,
    parameters: &[Parameter<'_>],
    place: &Place<'_>,
) -> Option<(String, usize, usize)> {
    let mut arn = String::new();
    let (mut filled, mut open) = (0, 0);
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("${") {
        arn.push_str(before);
        let (name, after) = after.split_once('}')?;
        rest = after;
        match name {
            "Partition" => arn.push_str(place.partition),
            "Region" => arn.push_str(place.region),
            "Account" | "AccountId" => arn.push_str(place.account),
            name => match value_of(name, used, parameters) {
                Some(value) => {
                    filled += 1;
                    arn.push_str(value);
                }
                None => {
                    open += 1;
                    arn.push('*');
                }
            },
        }
    }
    arn.push_str(rest);
    Some((arn, filled, open))
}

/// The parameter that stands for a placeholder: most are called alike.
fn value_of<'a>(placeholder: &str, used: UsedResource<'_>, parameters: &[Parameter<'a>]) -> Option<&'a str> {
    let wanted = small(placeholder);
    let stem = wanted.trim_end_matches("withpath").trim_end_matches("withoutleadingslash");
    let kind = small(used.resource_type.name());
    let bare = ["name", "id", "identifier"];
    let mut names = vec![stem.to_owned()];
    match stem {
        "objectname" => names.push("key".to_owned()),
        "bucketname" => names.push("bucket".to_owned()),
        "secretid" => names.push("name".to_owned()),
        _ => {}
    }
    let base = bare.iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    for start in [base, &kind] {
        names.extend(bare.iter().map(|end| format!("{start}{end}")));
        names.push(start.to_owned());
    }
    // `name` alone says whose it is by the action.
    if bare.iter().any(|end| stem.ends_with(end)) && used.required {
        names.extend(bare.iter().map(|end| (*end).to_owned()));
    }
    let value = names.iter().find_map(|name| parameters.iter().find(|parameter| parameter.name == *name))?.value;
    // An ARN that fits was found before; one that does not is of something else.
    if value.starts_with("arn:") {
        return None;
    }
    Some(if wanted.ends_with("withoutleadingslash") { value.trim_start_matches('/') } else { value })
}

/// The ARN behind `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`.
fn queue(parameters: &[Parameter<'_>], place: &Place<'_>) -> Option<String> {
    let address = parameters.iter().find(|parameter| parameter.name == "queueurl")?.value;
    let mut parts = address.rsplit('/');
    let (name, account) = (parts.next()?, parts.next()?);
    Some(format!("arn:{}:sqs:{}:{account}:{name}", place.partition, place.region))
}

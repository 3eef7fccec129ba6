//! The ARN that a call was about, from the parameters it was made with.

use std::cmp::Reverse;

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
    /// How many objects are around it.
    depth: usize,
}

/// All texts among the parameters, the outer ones first; of a list, its first.
pub(super) fn parameters(value: &Value) -> Vec<Parameter<'_>> {
    let mut found = Vec::new();
    collect(value, "", 0, &mut found);
    found.sort_by_key(|parameter| parameter.depth);
    found
}

fn collect<'a>(value: &'a Value, name: &str, depth: usize, found: &mut Vec<Parameter<'a>>) {
    match value {
        Value::String(value) if !value.is_empty() => found.push(Parameter { name: small(name), value, depth }),
        Value::Array(items) => items.iter().take(1).for_each(|item| collect(item, name, depth, found)),
        // What a policy names is not what the call is about.
        Value::Object(object) if depth < 8 && !object.contains_key("Statement") => {
            // DynamoDB's calls about several tables name them by the keys.
            if name == "requestItems"
                && let Some(table) = object.keys().next()
            {
                found.push(Parameter { name: "tablename".to_owned(), value: table, depth });
            }
            object.iter().for_each(|(key, value)| collect(value, key, depth + 1, found));
        }
        _ => {}
    }
}

/// A name without the differences in how names are written.
fn small(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// The ARN of what an action was called on. What a call makes has no id before; `*` stands for it, as it does for the
/// part of an ARN that AWS makes up behind a name.
pub(super) fn resource(
    action: Action<'_>,
    operation: &str,
    parameters: &[Parameter<'_>],
    place: &Place<'_>,
) -> Option<String> {
    if !action.has_resources() {
        return Some("*".to_owned());
    }
    let fits = |arn: &str| Arn::split(arn).is_some() && action.resources_fitting(arn).next().is_some();
    let mut arns = parameters.iter().filter(|parameter| fits(parameter.value));
    if let Some(arn) = arns.clone().find(|parameter| parameter.depth <= 1) {
        return Some(arn.value.to_owned());
    }
    if let Some(arn) = special(action, parameters, place).filter(|arn| fits(arn)) {
        return Some(arn);
    }
    // API Gateway's actions are HTTP methods.
    let about = if action.service().prefix() == "apigateway" { operation } else { action.name() };
    let makes = ["Create", "Run", "Request", "Allocate", "Register"].iter().any(|verb| about.starts_with(verb));
    let about = &about.to_ascii_lowercase();
    let candidates = action.resources().flat_map(|used| {
        used.resource_type.arn_formats().filter_map(move |format| {
            let Filled { arn, filled, ids, open } = fill(format, used, about, parameters, place)?;
            let kind = small(used.resource_type.name());
            let named = if about.contains(&kind) { kind.len() } else { 0 };
            // Nothing of it is known, or a part of what must be there before the call.
            let is_new = makes && named > 0 && filled == 0;
            if open > 0 && !is_new || ids > 0 && filled == 0 && !is_new {
                return None;
            }
            Some(((named, Reverse(open + ids), filled, used.required, Reverse(arn.len())), arn))
        })
    });
    let candidates = candidates.filter(|((named, _, filled, ..), _)| *named > 0 || *filled > 0);
    let best = candidates.max_by_key(|(rank, _)| *rank).map(|(_, arn)| arn);
    // There one POSTs to what the new one will be part of.
    let best = best.map(|arn| match arn.strip_suffix("/*") {
        Some(whole) if makes && action.service().prefix() == "apigateway" => whole.to_owned(),
        _ => arn,
    });
    // Where it can do without any, none was meant.
    best.or_else(|| arns.next().map(|parameter| parameter.value.to_owned()))
        .or_else(|| action.resources().all(|used| !used.required).then(|| "*".to_owned()))
}

/// A format with what is known of it.
struct Filled {
    arn: String,
    /// How many of its placeholders parameters stand for.
    filled: usize,
    /// How many are ids that AWS makes up.
    ids: usize,
    /// How many others nothing stands for.
    open: usize,
}

fn fill(
    format: &str,
    used: UsedResource<'_>,
    about: &str,
    parameters: &[Parameter<'_>],
    place: &Place<'_>,
) -> Option<Filled> {
    // The parameters that are called like a placeholder first: what is left may be called like the resource.
    let names: Vec<&str> =
        format.split("${").skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
    let mut values: Vec<Option<&Parameter<'_>>> = vec![None; names.len()];
    type Called = fn(&str, UsedResource<'_>, &str) -> Vec<String>;
    let rounds: [(Called, bool); 3] = [(called_alike, false), (called_like_kind, true), (called_like_kind, false)];
    for (called, only_names) in rounds {
        for (at, name) in names.iter().enumerate() {
            let known = values.get(at).is_none_or(Option::is_some) || is_given(name, used);
            if known || only_names && !small(name).contains("name") {
                continue;
            }
            let wanted = called(name, used, about);
            let mut fitting = wanted.iter().flat_map(|name| parameters.iter().filter(move |one| one.name == *name));
            let value = fitting.find(|one| {
                let is_taken = values.iter().flatten().any(|other| std::ptr::eq(*other, *one));
                // An ARN that fits was found before; one that does not is of something else.
                !is_taken && !one.value.starts_with("arn:") && is_meant(name, used, one)
            });
            if let Some(place) = values.get_mut(at) {
                *place = value;
            }
        }
    }

    let mut done = Filled { arn: String::new(), filled: 0, ids: 0, open: 0 };
    let mut rest = format;
    let mut values = values.into_iter();
    while let Some((before, after)) = rest.split_once("${") {
        done.arn.push_str(before);
        let (name, after) = after.split_once('}')?;
        rest = after;
        let value = values.next().flatten();
        match (name, value) {
            ("Partition", _) => done.arn.push_str(place.partition),
            ("Region", _) => done.arn.push_str(place.region),
            ("Account" | "AccountId", None) => done.arn.push_str(place.account),
            (name, Some(parameter)) => {
                done.filled += 1;
                let value = as_written(name, used, parameter.value, parameters);
                // `alias/x` and `p-x` have their start in the format already.
                let known = before.rsplit([':', '/']).next().unwrap_or("");
                let start = match known {
                    "" => before.rsplit(':').next().unwrap_or(""),
                    known => known,
                };
                done.arn.push_str(value.strip_prefix(start).unwrap_or(&value));
                // `family:3` is all that follows.
                if value.contains(':') && rest.starts_with(":${") {
                    return Some(done);
                }
            }
            (name, None) => {
                let name = name.to_ascii_lowercase();
                let is_id = ["id", "uuid", "revisionnumber", "randomsuffix"].iter().any(|end| name.ends_with(end));
                *(if is_id { &mut done.ids } else { &mut done.open }) += 1;
                done.arn.push('*');
            }
        }
    }
    done.arn.push_str(rest);
    Some(done)
}

/// Whether the place of the call tells what stands there. Organizations' accounts are what its calls are about.
fn is_given(placeholder: &str, used: UsedResource<'_>) -> bool {
    let of_organization = placeholder == "AccountId" && used.resource_type.service().prefix() == "organizations";
    ["Partition", "Region", "Account", "AccountId"].contains(&placeholder) && !of_organization
}

const BARE: [&str; 3] = ["name", "id", "identifier"];

fn stem(placeholder: &str) -> String {
    let wanted = small(placeholder);
    wanted.trim_end_matches("withpath").trim_end_matches("withoutleadingslash").to_owned()
}

/// What a parameter that stands for a placeholder is called: most are called alike.
fn called_alike(placeholder: &str, used: UsedResource<'_>, about: &str) -> Vec<String> {
    let stem = stem(placeholder);
    let mut names = vec![stem.clone()];
    let other = match stem.as_str() {
        "objectname" => "key",
        "bucketname" => "bucket",
        "secretid" => "name",
        "securitygroupid" => "groupid",
        "parametername" => "path",
        "snapshotname" => "dbsnapshotidentifier",
        "clustersnapshotname" => "dbclustersnapshotidentifier",
        "instanceid" => "target",
        "resourceid" if used.resource_type.service().prefix() == "bedrock" => "modelid",
        _ => "",
    };
    names.extend((!other.is_empty()).then(|| other.to_owned()));
    let end = BARE.iter().find(|end| stem.ends_with(**end));
    let base = end.and_then(|end| stem.strip_suffix(end)).unwrap_or(&stem);
    if !base.is_empty() {
        names.extend(BARE.iter().map(|end| format!("{base}{end}")));
        names.push(base.to_owned());
    }
    // `name` alone says whose it is by the action; in API Gateway it is one for people.
    if end.is_some()
        && used.resource_type.service().prefix() != "apigateway"
        && (used.required || !base.is_empty() && about.contains(base))
    {
        // What is called by an id there has a name beside.
        let only_ids = used.resource_type.service().prefix() == "ec2" && stem.ends_with("id");
        let bare = BARE.into_iter().chain(["names", "ids"]).filter(|name| !only_ids || name.starts_with("id"));
        names.extend(bare.map(str::to_owned));
    }
    names
}

/// What it may be called after the sort of resource.
fn called_like_kind(placeholder: &str, used: UsedResource<'_>, _: &str) -> Vec<String> {
    if placeholder == "OrganizationId" {
        return Vec::new();
    }
    let kind = small(used.resource_type.name());
    let mut names: Vec<String> = BARE.iter().map(|end| format!("{kind}{end}")).collect();
    names.push(kind);
    names
}

/// Whether a value can be what a placeholder stands for, where the name of its parameter does not tell.
fn is_meant(placeholder: &str, used: UsedResource<'_>, parameter: &Parameter<'_>) -> bool {
    let value = parameter.value;
    let kind = used.resource_type.name();
    match (used.resource_type.service().prefix(), placeholder) {
        ("ec2", "InstanceId") => parameter.name != "target" || value.starts_with("i-"),
        // Which key an alias stands for, the event does not tell.
        ("kms", "KeyId") => !value.starts_with("alias/"),
        ("bedrock", "ResourceId") => {
            let profile = ["us.", "eu.", "apac.", "global.", "jp.", "au.", "us-gov."];
            let wanted = if profile.iter().any(|start| value.starts_with(start)) {
                "inference-profile"
            } else {
                "foundation-model"
            };
            kind == wanted
        }
        _ => true,
    }
}

/// A value as an ARN has it.
fn as_written(placeholder: &str, used: UsedResource<'_>, value: &str, parameters: &[Parameter<'_>]) -> String {
    let service = used.resource_type.service().prefix();
    if placeholder.ends_with("WithoutLeadingSlash") {
        return value.trim_start_matches('/').to_owned();
    }
    if placeholder.ends_with("WithPath") && service == "iam" {
        let path = parameters.iter().find(|parameter| parameter.name == "path").map_or("", |path| path.value);
        return format!("{}{value}", path.trim_start_matches('/'));
    }
    if service == "secretsmanager" {
        // AWS puts a hyphen and six characters behind the name.
        let is_whole = value.rsplit_once('-').is_some_and(|(_, end)| end.len() == 6);
        return if is_whole { value.to_owned() } else { format!("{value}-??????") };
    }
    value.to_owned()
}

/// ARNs that follow from more than the names of parameters.
fn special(action: Action<'_>, parameters: &[Parameter<'_>], place: &Place<'_>) -> Option<String> {
    let value =
        |name: &str| parameters.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.value);
    let Place { partition, region, account } = place;
    match (action.service().prefix(), action.name()) {
        ("sqs", _) => {
            // `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`
            let mut parts = value("queueurl")?.rsplit('/');
            let (name, account) = (parts.next()?, parts.next()?);
            Some(format!("arn:{partition}:sqs:{region}:{account}:{name}"))
        }
        // The keys are not among the parameters.
        ("s3", "DeleteObject") if value("key").is_none() => {
            Some(format!("arn:{partition}:s3:::{}/*", value("bucketname")?))
        }
        ("ec2", "CreateTags" | "DeleteTags") => {
            const KINDS: [(&str, &str); 16] = [
                ("acl", "network-acl"),
                ("ami", "image"),
                ("eipalloc", "elastic-ip"),
                ("eni", "network-interface"),
                ("i", "instance"),
                ("igw", "internet-gateway"),
                ("key", "key-pair"),
                ("lt", "launch-template"),
                ("nat", "natgateway"),
                ("rtb", "route-table"),
                ("sg", "security-group"),
                ("snap", "snapshot"),
                ("subnet", "subnet"),
                ("vol", "volume"),
                ("vpc", "vpc"),
                ("vpce", "vpc-endpoint"),
            ];
            let id = value("resourceid")?;
            let (start, _) = id.split_once('-')?;
            let (_, kind) = KINDS.iter().find(|(known, _)| *known == start)?;
            let account = if matches!(*kind, "image" | "snapshot") { "" } else { *account };
            Some(format!("arn:{partition}:ec2:{region}:{account}:{kind}/{id}"))
        }
        _ => None,
    }
}

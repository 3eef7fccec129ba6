//! Help with the request: what an action works on, and which keys its requests have.

use reference::Action;
use serde::Serialize;
use serde_json::Value;

use crate::complete::conditions::type_in_words;
use crate::complete::matching_actions;
use crate::expand::ActionInfo;
use crate::subject::Request;
use crate::template::{self, Field};
use crate::{Knowledge, words};

/// What is known about an action, for whoever asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestHelp {
    /// The action, in AWS's spelling where it is known.
    pub action: String,
    /// Whether the data knows it.
    pub known: bool,
    /// Its access level, in AWS's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// What it lets its caller do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// For an unknown action: the one that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
    /// What it works on; empty where policies cannot name its resources: `*` is asked for then.
    pub resources: Vec<ResourceForm>,
    /// The condition keys that its requests can have: its own, then those of all requests.
    pub keys: Vec<KeyInfo>,
    /// Further actions that its caller may need.
    pub dependent_actions: Vec<String>,
}

/// A form that the resource of a request can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceForm {
    /// The type's name in the documentation, such as `object`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Whether each call works on one of this type.
    pub required: bool,
    /// An ARN of this form; what the scenario tells is filled in.
    pub arn: String,
    /// The parts of `arn` that are but proposals, in UTF-16 code units.
    pub fields: Vec<Field>,
}

/// A condition key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyInfo {
    /// Its name; of a family, such as `aws:RequestTag/${TagKey}`, the part that varies in `${…}`.
    pub name: String,
    /// AWS's word for the type of its values: `String`, `ARN`, `Bool`, `Numeric`, `Date` or `IPAddress`.
    #[serde(rename = "type")]
    pub value_type: &'static str,
    /// The type in words, such as "text, several values".
    pub type_name: String,
    /// Whether a request can have several values of it.
    pub multivalued: bool,
    /// Whether all requests can have it, whatever the action.
    pub global: bool,
    /// What it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// What is known about the action of a scenario's request.
///
/// ```
/// use assist::{request_help, Knowledge, Part};
///
/// let mut knowledge = Knowledge::default();
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// knowledge.load(Part::Services, read("services")).unwrap();
/// let scenario = serde_json::json!({ "request": {
///     "principal": "arn:aws:iam::444455556666:user/alice", "action": "sqs:sendmessage", "resource": "*"
/// }});
/// let help = request_help(&scenario, &knowledge);
/// assert_eq!(help.action, "sqs:SendMessage");
/// assert_eq!(help.resources[0].arn, "arn:aws:sqs:us-east-1:444455556666:QueueName");
/// ```
pub fn request_help(scenario: &Value, knowledge: &Knowledge) -> RequestHelp {
    let request = Request::new(scenario);
    let asked = request.input.action.as_deref().unwrap_or("").trim();
    let services = knowledge.services();
    let found = services.and_then(|services| services.action(asked));
    let mut help = RequestHelp {
        action: found.map_or_else(|| asked.to_owned(), |action| action.to_string()),
        known: found.is_some(),
        level: found.map(|action| action.access_level().name()),
        description: found.and_then(|action| knowledge.descriptions()?.action(action)),
        nearest: None,
        resources: Vec::new(),
        keys: Vec::new(),
        dependent_actions: Vec::new(),
    };
    match found {
        Some(action) => {
            help.resources = resources(action, &request, knowledge);
            help.dependent_actions = action.dependent_actions().map(str::to_owned).collect();
            help.keys = own_keys(action, knowledge);
        }
        None => {
            let nearest = services.filter(|_| asked.contains(':')).and_then(|services| services.nearest_action(asked));
            help.nearest = nearest.map(|action| action.to_string());
        }
    }
    for key in services.into_iter().flat_map(|services| services.global_keys()) {
        if !help.keys.iter().any(|own| own.name == key.name()) {
            help.keys.push(info(key, true, words::global_key(key.stem()).map(str::to_owned)));
        }
    }
    help
}

fn resources(action: Action<'_>, request: &Request, knowledge: &Knowledge) -> Vec<ResourceForm> {
    let types: Vec<_> = action.resource_types().collect();
    let known = request.known_parts(&types, knowledge);
    let form = |used: reference::UsedResource<'_>| {
        let (known, request) = (&known, request);
        used.resource_type
            .arn_formats()
            .map(move |format| {
                let pieces = template::fill(format, request.fill(), known);
                ResourceForm {
                    resource_type: used.resource_type.name().to_owned(),
                    required: used.required,
                    arn: template::text(&pieces),
                    fields: template::fields(&pieces),
                }
            })
            .collect::<Vec<_>>()
    };
    let mut forms: Vec<_> = action.resources().flat_map(form).collect();
    // What every call works on first, then what the request is nearest to.
    forms.sort_by_key(|form| (!form.required, form.fields.len()));
    forms
}

/// The keys of an action that are not those of all requests, and those of all requests that AWS lists for it.
fn own_keys(action: Action<'_>, knowledge: &Knowledge) -> Vec<KeyInfo> {
    let service = action.service();
    let mut sentences = knowledge.descriptions().map(|descriptions| descriptions.condition_keys_of(service));
    let wanted = action.applicable_keys();
    let mut keys = Vec::with_capacity(wanted.len());
    for key in service.condition_keys() {
        let sentence = sentences.as_mut().and_then(Iterator::next).flatten();
        if wanted.contains(&key) {
            keys.push(info(key, false, sentence));
        }
    }
    keys
}

fn info(key: reference::ConditionKey<'_>, global: bool, description: Option<String>) -> KeyInfo {
    KeyInfo {
        name: key.name().to_owned(),
        value_type: key.value_type().name(),
        type_name: type_in_words(key.value_type(), key.is_multivalued()),
        multivalued: key.is_multivalued(),
        global,
        description,
    }
}

/// Actions for what is typed into a field: services where nothing but a service is typed, else actions, the best
/// first. A service's name ends in `:`; there the description is its name for people.
pub fn suggest_actions(typed: &str, scenario: &Value, knowledge: &Knowledge) -> Vec<ActionInfo> {
    matching_actions(typed.trim(), &Request::new(scenario), knowledge)
}

//! What AWS would never ask, or asks besides: remarks about the scenario's request that change no decision.

use policy::arn::Arn;
use reference::{Action, ResourceType, UsedResource};
use serde::Serialize;
use serde_json::Value;

use crate::subject::Request;
use crate::{Knowledge, template};

/// A remark about the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestNote {
    /// A stable slug: `unknown-request-action`, `request-on-wrong-resource`, `request-without-resource`,
    /// `request-takes-no-resource` or `dependent-actions`.
    pub code: &'static str,
    /// The remark.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Tests that would show what is remarked on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<ProposedTest>,
}

/// A test to be added to the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposedTest {
    /// Its name.
    pub name: String,
    /// What it asks.
    pub request: ProposedRequest,
    /// What is expected: a decision in its spelling of reports.
    pub expect: &'static str,
}

/// What differs from the scenario's request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposedRequest {
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
}

/// Remarks about a scenario's request. None without the services' data.
///
/// ```
/// use assist::{request_notes, Knowledge, Part};
///
/// let mut knowledge = Knowledge::default();
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// knowledge.load(Part::Services, read("services")).unwrap();
/// let scenario = serde_json::json!({ "request": {
///     "principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "arn:aws:s3:::photos"
/// }});
/// let notes = request_notes(&scenario, &knowledge);
/// assert_eq!(notes[0].code, "request-on-wrong-resource");
/// ```
pub fn request_notes(scenario: &Value, knowledge: &Knowledge) -> Vec<RequestNote> {
    let request = Request::new(scenario);
    let (Some(services), Some(name)) = (knowledge.services(), request.action()) else { return Vec::new() };
    let Some(action) = services.action(name) else {
        return vec![unknown(name, knowledge)];
    };
    let mut notes: Vec<RequestNote> = resource(action, &request, knowledge).into_iter().collect();
    notes.extend(dependent(action, scenario, &request, knowledge));
    notes
}

fn unknown(name: &str, knowledge: &Knowledge) -> RequestNote {
    let services = knowledge.services();
    let date = services.map_or("", |services| services.date());
    let nearest = services.and_then(|services| services.nearest_action(name));
    RequestNote {
        code: "unknown-request-action",
        message: format!("AWS documented no action `{name}` on {date}"),
        help: Some(match nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "it may be newer than that, or misspelt; it is decided all the same".to_owned(),
        }),
        tests: Vec::new(),
    }
}

/// A resource that AWS would not name in a request for this action.
fn resource(action: Action<'_>, request: &Request, knowledge: &Knowledge) -> Option<RequestNote> {
    let asked = request.input.resource.as_deref()?.trim();
    let note = |code, message, help| Some(RequestNote { code, message, help: Some(help), tests: Vec::new() });
    if !action.has_resources() {
        // Patterns stand for anything; a request for all buckets is asked of `arn:aws:s3:::*`.
        if !asked.starts_with("arn:") || asked.contains('*') {
            return None;
        }
        return note(
            "request-takes-no-resource",
            format!("AWS asks for `{action}` on `*`, never on an ARN: the action has no resource-level permissions"),
            "write `*` as the resource; a policy that names an ARN does not allow the real request".to_owned(),
        );
    }
    // What every call works on says most.
    let mut used: Vec<_> = action.resources().collect();
    used.sort_by_key(|used| !used.required);
    let types: Vec<_> = used.iter().map(|used| used.resource_type).collect();
    let example = example(action, None, request, knowledge);
    if asked == "*" {
        // S3 lists a bucket and an access point as alternatives, neither of them required.
        let bucket = |used: UsedResource<'_>| matches!(used.resource_type.name(), "bucket" | "object");
        let s3 = action.service().prefix() == "s3" && action.resources().any(bucket);
        if !s3 && !action.resources().any(|used| used.required) {
            return None;
        }
        return note(
            "request-without-resource",
            format!("a real request for `{action}` names what it works on: {}", any_of(&types)),
            format!("write its ARN, such as `{example}`; a policy that names ARNs does not match `*`"),
        );
    }
    if !asked.starts_with("arn:") || asked.contains(['*', '?']) || action.resources_fitting(asked).next().is_some() {
        return None;
    }
    let service = Arn::split(asked).map(|arn| arn.service);
    let is = knowledge.services().map(|services| services.identify(asked)).unwrap_or_default();
    let is = is.into_iter().find(|kind| Some(kind.service().prefix()) == service);
    let is = is.map_or_else(String::new, |kind| format!(", and this is {}", one_of(kind)));
    note(
        "request-on-wrong-resource",
        format!("AWS never asks for `{action}` on `{asked}`: the action works on {}{is}", any_of(&types)),
        format!("write such an ARN, as `{example}`"),
    )
}

/// An ARN that the action could work on.
/// How far a type of resource is from what the action is about that needs another: what is asked for, what its name
/// speaks of (`instance` of `RunInstances`), what it works on, anything else.
fn remote(kind: ResourceType<'_>, caller: Option<Action<'_>>, request: &Request) -> u8 {
    let Some(caller) = caller else { return 0 };
    if request.resource().is_some_and(|asked| kind.fits(asked)) {
        0
    } else if !caller.resource_types().any(|own| own == kind) {
        3
    } else if caller.name().to_ascii_lowercase().contains(&kind.name().to_ascii_lowercase()) {
        1
    } else {
        2
    }
}

/// `caller` is the action that needs this one.
fn example(action: Action<'_>, caller: Option<Action<'_>>, request: &Request, knowledge: &Knowledge) -> String {
    let types: Vec<_> = action.resource_types().collect();
    let known = request.known_parts(&types, knowledge);
    let forms = action.resources().flat_map(|used| used.resource_type.arn_formats().map(move |format| (used, format)));
    let filled = forms.map(|(used, format)| (used, template::fill(format, request.fill(), &known)));
    // The nearest to what the request is about.
    let open = |pieces: &[template::Filled]| pieces.iter().filter(|piece| piece.open).count();
    let best =
        filled.min_by_key(|(used, pieces)| (remote(used.resource_type, caller, request), !used.required, open(pieces)));
    best.map_or_else(|| "*".to_owned(), |(_, pieces)| template::text(&pieces))
}

/// Such as "a bucket", "an object".
pub(crate) fn one_of(kind: ResourceType<'_>) -> String {
    let vowel = kind.name().starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} `{}`", if vowel { "an" } else { "a" }, kind.name())
}

/// Such as "a bucket or an object".
fn any_of(types: &[ResourceType<'_>]) -> String {
    let words: Vec<_> = types.iter().take(4).map(|kind| one_of(*kind)).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] if types.len() <= 4 => format!("{} or {last}", most.join(", ")),
        some => format!("{} and others", some.join(", ")),
    }
}

/// Further permissions that the caller may need, as tests.
fn dependent(action: Action<'_>, scenario: &Value, request: &Request, knowledge: &Knowledge) -> Option<RequestNote> {
    let names: Vec<_> = action.dependent_actions().collect();
    let (last, others) = names.split_last()?;
    let tested = |name: &str| {
        let tests = scenario.get("tests").and_then(Value::as_array).into_iter().flatten();
        let mut actions = tests.filter_map(|test| test.get("request")?.get("action")?.as_str());
        actions.any(|action| action.eq_ignore_ascii_case(name))
    };
    let test = |name: &str| {
        let known = knowledge.services().and_then(|services| services.action(name));
        ProposedTest {
            name: format!("{name} for {action}"),
            request: ProposedRequest {
                action: name.to_owned(),
                resource: known
                    .map_or_else(|| "*".to_owned(), |known| example(known, Some(action), request, knowledge)),
            },
            expect: "allowed",
        }
    };
    let quoted: Vec<_> = others.iter().map(|name| format!("`{name}`")).collect();
    let list = match quoted.as_slice() {
        [] => format!("`{last}`"),
        quoted => format!("{} and `{last}`", quoted.join(", ")),
    };
    let tests: Vec<_> = names.iter().filter(|name| !tested(name)).map(|name| test(name)).collect();
    Some(RequestNote {
        code: "dependent-actions",
        message: format!(
            "who calls `{action}` may need {list} too: AWS asks for {} separately",
            if others.is_empty() { "it" } else { "those" }
        ),
        help: (!tests.is_empty()).then(|| "add the requests as tests, and put in the ARNs that are meant".to_owned()),
        tests,
    })
}

//! The workloads that are measured: natively, in the browser and by the engines we compare with. They are scenarios,
//! so that every engine is given the same policies and the same request; nothing in them is fetched or random.

mod actions;
mod layers;

use serde_json::{Map, Value, json};

/// A scenario to measure, and what every engine must answer before its time counts.
pub(crate) struct Workload {
    /// Short and stable: it names the row in the tables.
    pub(crate) name: &'static str,
    /// What it is, for the tables.
    pub(crate) about: &'static str,
    /// As in `docs/schema`, with the documents as text.
    pub(crate) scenario: Value,
    /// Actions to ask for one after the other, in place of the scenario's own; empty for one request.
    pub(crate) actions: Vec<String>,
    /// How many of the requests are allowed.
    pub(crate) allowed: usize,
}

/// All workloads, smallest first.
pub(crate) fn all() -> Vec<Workload> {
    vec![simple(), medium(), medium_identity(), large(), all_actions(), action_list(), stars(60), stars(1_000_000)]
}

const NOW: &str = "2026-10-15T12:00:00Z";

fn simple() -> Workload {
    one(
        "simple",
        "one statement, one action, one resource",
        json!({
            "request": {
                "principal": "arn:aws:iam::111122223333:user/alice",
                "action": "s3:GetObject",
                "resource": "arn:aws:s3:::photos/2026/cat.jpg",
                "context": { "aws:CurrentTime": NOW, "aws:SourceIp": "203.0.113.57" }
            },
            "policies": [policy("identity", "Read", &[json!({
                "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"
            })])]
        }),
    )
}

fn medium() -> Workload {
    one(
        "medium",
        "10 policies of every kind, 10 statements each, 4 conditions each",
        json!({
            "request": layers::request(),
            "policies": layers::every_kind(),
            "organization": { "managementAccount": "999988887777", "scpLevels": ["root"] }
        }),
    )
}

fn medium_identity() -> Workload {
    one(
        "medium-identity",
        "10 identity policies, 10 statements each, 4 conditions each",
        json!({ "request": layers::request(), "policies": layers::identity_only() }),
    )
}

fn large() -> Workload {
    // The last action of the last statement is the one asked for.
    let statements: Vec<Value> = (0..200)
        .map(|at| {
            let mut names: Vec<String> = actions::all().into_iter().skip(at * 100).take(20).collect();
            if at == 199 {
                names.pop();
                names.push("s3:GetObject".to_owned());
            }
            json!({ "Effect": "Allow", "Action": names, "Resource": [format!("arn:aws:s3:::archive-{at}/*"), "arn:aws:s3:::photos/*"] })
        })
        .collect();
    one(
        "large",
        "one policy, 200 statements, 20 actions each",
        json!({
            "request": {
                "principal": "arn:aws:iam::111122223333:user/alice",
                "action": "s3:GetObject",
                "resource": "arn:aws:s3:::photos/2026/cat.jpg",
                "context": { "aws:CurrentTime": NOW }
            },
            "policies": [policy("identity", "Many", &statements)]
        }),
    )
}

/// What may this policy do? The same request, for every action there is.
fn all_actions() -> Workload {
    let actions = actions::all();
    let readable = ["get", "list", "describe"];
    let services: Vec<&str> = actions::SERVICES.iter().copied().filter(|name| *name != "s3").step_by(3).collect();
    let read: Vec<String> = services
        .iter()
        .flat_map(|service| ["Get*", "List*", "Describe*"].map(|name| format!("{service}:{name}")))
        .collect();
    let scenario = json!({
        "request": {
            "principal": "arn:aws:iam::111122223333:user/alice",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::photos/2026/cat.jpg",
            "context": { "aws:CurrentTime": NOW, "aws:MultiFactorAuthPresent": "true" }
        },
        "policies": [policy("identity", "Work", &[
            json!({ "Effect": "Allow", "Action": read, "Resource": "*" }),
            json!({ "Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "arn:aws:s3:::photos/*",
                "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } } }),
            json!({ "Effect": "Deny", "Action": ["iam:Create*", "iam:Put*", "organizations:*"], "Resource": "*" }),
        ])]
    });
    let allowed = actions
        .iter()
        .filter(|action| {
            let (service, name) = action.split_once(':').unwrap();
            let name = name.to_ascii_lowercase();
            let reads = readable.iter().any(|verb| name.starts_with(verb));
            matches!(service, "s3" | "sqs") || (reads && services.contains(&service))
        })
        .count();
    Workload { name: "all-actions", about: "one policy, asked for each of 22,091 actions", scenario, actions, allowed }
}

/// A policy that lists all actions by name, asked for the last.
fn action_list() -> Workload {
    let actions = actions::all();
    one(
        "action-list",
        "one statement that lists 22,091 actions, asked for the last",
        json!({
            "request": {
                "principal": "arn:aws:iam::111122223333:user/alice",
                "action": actions.last(),
                "resource": "*",
                "context": { "aws:CurrentTime": NOW }
            },
            "policies": [policy("identity", "List", &[json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })])]
        }),
    )
}

/// The pattern that takes exponential time where a `*` is tried in every place: it nearly matches.
fn stars(length: usize) -> Workload {
    let name = if length == 60 { "stars-60" } else { "stars-1000000" };
    let about =
        if length == 60 { "eight `*a` against 60 characters" } else { "eight `*a` against 1,000,000 characters" };
    let text = "a".repeat(length - 1) + "b";
    let scenario = json!({
        "request": {
            "principal": "arn:aws:iam::111122223333:user/alice",
            "action": "s3:GetObject",
            "resource": format!("arn:aws:s3:::b/{text}"),
            "context": { "aws:CurrentTime": NOW }
        },
        "policies": [policy("identity", "Stars", &[json!({
            "Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::b/{}", "*a".repeat(8))
        })])]
    });
    Workload { allowed: 0, ..one(name, about, scenario) }
}

/// A workload of one request, which is allowed.
fn one(name: &'static str, about: &'static str, scenario: Value) -> Workload {
    Workload { name, about, scenario, actions: Vec::new(), allowed: 1 }
}

/// A policy as a scenario has it: its document is text, laid out as people write it.
fn policy(kind: &str, name: &str, statements: &[Value]) -> Value {
    let mut document = Map::new();
    document.insert("Version".to_owned(), json!("2012-10-17"));
    document.insert("Statement".to_owned(), json!(statements));
    json!({ "kind": kind, "name": name, "document": serde_json::to_string_pretty(&document).unwrap() })
}

//! Ten policies of ten statements with four conditions each. Every statement is about the request's action and
//! resource, so that its conditions are what is evaluated; all but the last fail, each at another condition.

use serde_json::{Map, Value, json};

use super::{NOW, policy};

/// A role session with a session policy, behind a VPC endpoint, in an organization.
pub(super) fn request() -> Value {
    json!({
        "principal": "arn:aws:sts::111122223333:assumed-role/Analyst/jo",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::reports-eu/2026/q3/summary.csv",
        "resourceAccount": "111122223333",
        "context": {
            "aws:CurrentTime": NOW,
            "aws:PrincipalArn": "arn:aws:iam::111122223333:role/Analyst",
            "aws:PrincipalOrgID": "o-a1b2c3d4e5",
            "aws:PrincipalTag/team": "data",
            "aws:PrincipalTag/year": "2026",
            "aws:SecureTransport": "true",
            "aws:SourceIp": "203.0.113.57",
            "aws:SourceVpce": "vpce-0123456789abcdef0",
            "aws:userid": "AROAEXAMPLEEXAMPLE12:jo",
            "s3:ExistingObjectTag/class": "public-summary"
        }
    })
}

/// Four identity policies and one of each other kind.
pub(super) fn every_kind() -> Vec<Value> {
    let mut policies: Vec<Value> = (0..4).map(|at| of_kind("identity", at)).collect();
    policies.extend(
        ["resource", "permissionsBoundary", "session", "scp", "rcp", "vpcEndpoint"].map(|kind| of_kind(kind, 0)),
    );
    policies
}

/// As many statements, in identity policies alone.
pub(super) fn identity_only() -> Vec<Value> {
    (0..10).map(|at| of_kind("identity", at)).collect()
}

fn of_kind(kind: &str, number: usize) -> Value {
    let statements: Vec<Value> = (0..10).map(|at| statement(kind, at)).collect();
    let mut policy = policy(kind, &format!("{kind}-{number}"), &statements);
    if matches!(kind, "scp" | "rcp") {
        policy["target"] = json!("root");
    }
    policy
}

fn statement(kind: &str, at: usize) -> Value {
    // An RCP has no `Allow`; the last statement of its kind fails too, as the `Deny` before it does everywhere.
    let denies = kind == "rcp" || at == 8;
    let fails = (at < 9 || kind == "rcp").then_some(if denies { 3 } else { at % 4 });
    let mut statement = Map::new();
    statement.insert("Sid".to_owned(), json!(format!("Statement{at}")));
    statement.insert("Effect".to_owned(), json!(if denies { "Deny" } else { "Allow" }));
    match kind {
        "resource" => {
            statement.insert("Principal".to_owned(), json!({ "AWS": "arn:aws:iam::111122223333:role/Analyst" }));
        }
        "rcp" | "vpcEndpoint" => {
            statement.insert("Principal".to_owned(), json!("*"));
        }
        _ => {}
    }
    statement.insert("Action".to_owned(), json!(["s3:PutObject", "s3:Get*"]));
    let resource = match at % 5 {
        0 => "arn:aws:s3:::reports-*/${aws:PrincipalTag/year}/*",
        1 => "arn:aws:s3:::reports-eu/*",
        2 => "arn:aws:s3:::reports-*/2026/q?/*",
        3 => "arn:aws:s3:::reports-eu/2026/q3/summary.csv",
        _ => "arn:aws:s3:::reports-*",
    };
    statement.insert("Resource".to_owned(), json!(["arn:aws:s3:::archive/*", resource]));
    statement.insert("Condition".to_owned(), conditions(at, fails));
    Value::Object(statement)
}

/// Four conditions out of eight, of which the one in place `fails` does not hold.
fn conditions(at: usize, fails: Option<usize>) -> Value {
    let mut block = Map::new();
    for place in 0..4 {
        let (operator, key, good, bad) = match (at + 2 * place) % 8 {
            0 => ("StringEquals", "aws:PrincipalTag/team", json!(["web", "data"]), json!(["web", "ops"])),
            1 => ("StringLike", "s3:ExistingObjectTag/class", json!(["private-*", "public-*"]), json!("private-*")),
            2 => ("IpAddress", "aws:SourceIp", json!(["198.51.100.0/24", "203.0.113.0/24"]), json!("198.51.100.0/24")),
            3 => ("ArnLike", "aws:PrincipalArn", json!("arn:aws:iam::*:role/Ana*"), json!("arn:aws:iam::*:role/Ops*")),
            4 => ("DateLessThan", "aws:CurrentTime", json!("2027-01-01T00:00:00Z"), json!("2026-01-01T00:00:00Z")),
            5 => ("Bool", "aws:SecureTransport", json!("true"), json!("false")),
            6 => ("StringNotEquals", "aws:PrincipalOrgID", json!("o-zzzzzzzzzz"), json!("o-a1b2c3d4e5")),
            _ => ("StringNotLike", "aws:userid", json!("*:root*"), json!("*:j*")),
        };
        let value = if fails == Some(place) { bad } else { good };
        block.insert(operator.to_owned(), json!({ key: value }));
    }
    Value::Object(block)
}

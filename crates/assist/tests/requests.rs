//! Help with a request, and remarks about it.

mod common;

use assist::{Knowledge, RequestNote, expand, expand_at, identify, request_help, request_notes, suggest_actions};
use common::{knowledge, policy_scenario};
use serde_json::{Value, json};

fn request(action: &str, resource: &str) -> Value {
    json!({ "request": {
        "principal": "arn:aws:iam::111122223333:user/alice", "action": action, "resource": resource
    }})
}

fn notes(action: &str, resource: &str) -> Vec<RequestNote> {
    request_notes(&request(action, resource), knowledge())
}

fn codes(action: &str, resource: &str) -> Vec<&'static str> {
    notes(action, resource).iter().map(|note| note.code).collect()
}

#[test]
fn requests_that_aws_makes_get_no_note() {
    for (action, resource) in [
        ("s3:GetObject", "arn:aws:s3:::photos/cat.jpg"),
        ("s3:ListBucket", "arn:aws:s3:::photos"),
        ("s3:ListAllMyBuckets", "*"),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*"),
        ("ec2:DescribeInstances", "*"),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/app/R"),
        ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/0000"),
        ("s3:GetObject", "arn:aws:s3:::photos/*"),
        ("", ""),
        ("nonsense", "*"),
    ] {
        assert_eq!(codes(action, resource), [""; 0], "{action} on {resource}");
    }
}

#[test]
fn requests_that_aws_never_makes_get_one() {
    assert_eq!(codes("s3:GetObject", "arn:aws:s3:::photos"), ["request-on-wrong-resource"]);
    assert_eq!(codes("s3:ListBucket", "arn:aws:s3:::photos/cat.jpg"), ["request-on-wrong-resource"]);
    assert_eq!(
        codes("ec2:DescribeInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1"),
        ["request-takes-no-resource"]
    );
    assert_eq!(codes("s3:GetObject", "*"), ["request-without-resource"]);
    assert_eq!(codes("sqs:SendMessage", "*"), ["request-without-resource"]);
    assert_eq!(codes("s3:GetObjcet", "arn:aws:s3:::photos/x"), ["unknown-request-action"]);
    let note = &notes("s3:GetObject", "arn:aws:s3:::photos")[0];
    assert!(note.message.contains("this is a `bucket`"), "{note:?}");
    assert!(note.help.as_ref().unwrap().contains("arn:aws:s3:::photos/ObjectName"), "{note:?}");
    let typo = &notes("s3:GetObjcet", "*")[0];
    assert_eq!(typo.help.as_deref(), Some("did you mean `s3:GetObject`?"));
}

#[test]
fn dependent_actions_become_tests() {
    let instance = "arn:aws:ec2:us-east-1:111122223333:instance/*";
    let found = notes("ec2:RunInstances", instance);
    let note = found.iter().find(|note| note.code == "dependent-actions").unwrap();
    assert!(note.message.contains("`iam:PassRole`"));
    let pass = note.tests.iter().find(|test| test.request.action == "iam:PassRole").unwrap();
    assert!(pass.request.resource.starts_with("arn:aws:iam::111122223333:role/"), "{pass:?}");
    assert_eq!(pass.expect, "allowed");
    // Of all that can be tagged, what is started.
    let tags = note.tests.iter().find(|test| test.request.action == "ec2:CreateTags").unwrap();
    assert!(tags.request.resource.contains(":instance/"), "{tags:?}");
    // What is a test already is not proposed again.
    let mut scenario = request("ec2:RunInstances", instance);
    scenario["tests"] = json!([{ "name": "x", "request": { "action": "iam:passrole" } }]);
    let again = request_notes(&scenario, knowledge());
    let again = again.iter().find(|note| note.code == "dependent-actions").unwrap();
    assert!(again.tests.iter().all(|test| test.request.action != "iam:PassRole"));
}

#[test]
fn help_with_an_action() {
    let help = request_help(&request("S3:listbucket", "arn:aws:s3:::photos/cat.jpg"), knowledge());
    assert_eq!((help.action.as_str(), help.known, help.level), ("s3:ListBucket", true, Some("List")));
    assert!(help.description.unwrap().starts_with("Grants permission to "));
    let bucket = help.resources.iter().find(|form| form.resource_type == "bucket").unwrap();
    assert_eq!(bucket.arn, "arn:aws:s3:::photos", "the bucket is known from the object");
    let queue = request_help(&request("sqs:SendMessage", "*"), knowledge());
    assert!(queue.resources[0].required);
    let prefix = help.keys.iter().find(|key| key.name == "s3:prefix").unwrap();
    assert_eq!((prefix.value_type, prefix.multivalued, prefix.global), ("String", false, false));
    let ip = help.keys.iter().find(|key| key.name == "aws:SourceIp").unwrap();
    assert_eq!((ip.value_type, ip.global), ("IPAddress", true));
    assert!(
        help.keys.iter().all(|key| key.description.is_some()),
        "{:?}",
        help.keys.iter().find(|key| key.description.is_none())
    );
    let unknown = request_help(&request("s3:GetObjcet", "*"), knowledge());
    assert_eq!((unknown.known, unknown.nearest.as_deref()), (false, Some("s3:GetObject")));
}

#[test]
fn actions_for_the_requests_field() {
    let names = |typed| {
        suggest_actions(typed, &request("s3:GetObject", "*"), knowledge())
            .into_iter()
            .map(|action| action.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("dyn")[0], "dynamodb:");
    assert_eq!(names("dynamodb:geti")[0], "dynamodb:GetItem");
    assert!(names("s3:").iter().all(|name| !name.contains('*')), "a request has no wildcards");
    assert!(names("").len() <= 100);
    let own = suggest_actions("dynamodb:GetI", &request("dynamodb:GetI", "*"), knowledge());
    assert_eq!(own[0].name, "dynamodb:GetItem", "what is typed is no proposal");
    let first = &suggest_actions("dynamodb:GetI", &request("s3:GetObject", "*"), knowledge())[0];
    assert_eq!(first.level, Some("Read"));
    assert!(first.description.as_ref().unwrap().starts_with("Grants"));
}

#[test]
fn what_an_arn_is() {
    let index = identify("arn:aws:dynamodb:eu-west-1:111122223333:table/Books/index/by-author", knowledge());
    assert_eq!(index[0].resource_type, "index");
    let values: Vec<_> = index[0].parts.iter().map(|part| part.value.as_str()).collect();
    assert_eq!(values, ["aws", "eu-west-1", "111122223333", "Books", "by-author"]);
    assert!(identify("*", knowledge()).is_empty());
    assert!(identify("nonsense", knowledge()).is_empty());
    assert!(identify("arn:aws:s3:::b/*", knowledge()).iter().any(|kind| kind.resource_type == "object"));
}

#[test]
fn what_a_pattern_covers() {
    let found = expand("s3:*Acl", knowledge());
    assert_eq!(found.total, found.actions.len());
    assert!(found.actions.iter().all(|action| action.name.ends_with("Acl") && action.description.is_some()));
    assert_eq!(found.by_level.iter().map(|level| level.count).sum::<usize>(), found.total);
    let all = expand("*", knowledge());
    assert!(all.total > 20_000 && all.actions.len() == assist::MOST_LISTED);
    assert_eq!(expand("s3:*", &Knowledge::default()).total, 0);
    assert_eq!(expand("", knowledge()).total, 0);
}

#[test]
fn a_wildcard_is_written_out_where_it_stands() {
    let made = |text: &str| {
        let (scenario, offset) = policy_scenario("identity", text);
        let fix = expand_at(&scenario, 0, offset, knowledge())?;
        let text = text.replace('|', "");
        let edit = &fix.edits[0];
        Some(format!("{}{}{}", &text[..edit.start.offset as usize], edit.text, &text[edit.end.offset as usize..]))
    };
    assert_eq!(
        made("{\"Statement\": {\n  \"Action\": \"sts:Assume|Role*\"\n}}").unwrap(),
        "{\"Statement\": {\n  \"Action\": [\n    \"sts:AssumeRole\",\n    \"sts:AssumeRoleWithSAML\",\n    \"sts:AssumeRoleWithWebIdentity\"\n  ]\n}}"
    );
    assert_eq!(
        made("{\"Statement\": {\"Action\": [\n  \"sts:AssumeRole\",\n  \"sts:Assume|Role*\"\n]}}").unwrap(),
        "{\"Statement\": {\"Action\": [\n  \"sts:AssumeRole\",\n  \"sts:AssumeRoleWithSAML\",\n  \"sts:AssumeRoleWithWebIdentity\"\n]}}"
    );
    assert_eq!(made(r#"{"Statement": {"Action": "|*"}}"#), None, "too much");
    assert_eq!(made(r#"{"Statement": {"Action": "s3:Get|Object"}}"#), None, "no wildcard");
    assert_eq!(made(r#"{"Statement": {"Resource": "s3:Get|*"}}"#), None, "no action");
}

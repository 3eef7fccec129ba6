//! What is said about a piece of a policy. In the texts here `|` is the cursor.

mod common;

use assist::{Hover, Knowledge, hover};
use common::{knowledge, policy_scenario};

const NOW: i64 = 1_767_225_600_000;

fn maybe(kind: &str, text: &str) -> Option<Hover> {
    let (scenario, offset) = policy_scenario(kind, text);
    hover(&scenario, 0, offset, Some(NOW), knowledge())
}

fn at(text: &str) -> Hover {
    maybe("identity", text).unwrap_or_else(|| panic!("nothing is said at {text}"))
}

fn fact<'h>(hover: &'h Hover, term: &str) -> &'h str {
    let found = hover.facts.iter().find(|fact| fact.term == term);
    found.map_or_else(|| panic!("no {term} in {:?}", hover.facts), |fact| fact.text.as_str())
}

#[test]
fn elements() {
    let text =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Act|ion": "s3:GetObject", "Resource": "*"}]}"#;
    let action = at(text);
    assert_eq!((action.title.as_str(), action.matches), ("Action", Some(true)));
    assert_eq!(action.start.offset as usize, text.find("\"Act").unwrap());
    assert_eq!((action.end.offset - action.start.offset) as usize, "\"Action\"".len());
    assert!(fact(&action, "In this policy").contains("every statement"));
    let principal = at(r#"{"Statement": {"Princ|ipal": "*"}}"#);
    assert!(fact(&principal, "In this policy").contains("not allowed"));
    assert!(at(r#"{"Vers|ion": "2012-10-17"}"#).paragraphs[0].contains("not a date of yours"));
    assert!(at(r#"{"Statement": {"Effect": "De|ny"}}"#).paragraphs[0].contains("Refuses"));
}

#[test]
fn an_action() {
    let found =
        at(r#"{"Statement": [{"Effect": "Allow", "Action": "s3:get|object", "Resource": "arn:aws:s3:::photos/*"}]}"#);
    assert_eq!(found.title, "s3:GetObject");
    assert_eq!(found.paragraphs[0], "Grants permission to retrieve objects from Amazon S3.");
    assert_eq!(fact(&found, "Access level"), "Read");
    assert!(fact(&found, "Works on").contains("`object`"));
    assert!(fact(&found, "Condition keys").contains("s3:ExistingObjectTag/"));
    assert_eq!(found.matches, Some(true));
    assert_eq!(fact(&found, "In this request"), "covers `s3:GetObject`");
    let other = at(r#"{"Statement": [{"Effect": "Allow", "Action": ["ec2:Run|Instances"], "Resource": "*"}]}"#);
    assert!(fact(&other, "May also need").contains("`iam:PassRole`"));
    assert_eq!(other.matches, Some(false));
    let slip = at(r#"{"Statement": [{"Action": "s3:GetObj|cet"}]}"#);
    assert_eq!(fact(&slip, "Did you mean"), "`s3:GetObject`");
}

#[test]
fn a_wildcard() {
    let found = at(r#"{"Statement": [{"Effect": "Allow", "Action": "sts:Assume|Role*", "Resource": "*"}]}"#);
    assert!(found.paragraphs[0].contains("covers 3 actions"), "{found:?}");
    assert_eq!(fact(&found, "By access level"), "3 Write");
    assert_eq!(found.pattern.as_deref(), Some("sts:AssumeRole*"));
    assert!(fact(&found, "Covers").contains("`sts:AssumeRoleWithSAML`"));
}

#[test]
fn a_resource() {
    let statement = |action: &str, resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": {action}, "Resource": "{resource}"}}]}}"#
        )
    };
    let found = at(&statement(r#"["s3:GetObject", "s3:ListBucket"]"#, "arn:aws:s3:::photos|/*"));
    assert_eq!(fact(&found, "Is"), "`object` of Amazon S3");
    assert_eq!(fact(&found, "Part"), "`BucketName`: `photos`");
    assert_eq!(fact(&found, "Serves"), "`s3:GetObject`");
    assert_eq!(fact(&found, "Not for"), "`s3:ListBucket`");
    assert_eq!(fact(&found, "In this request"), "covers `arn:aws:s3:::photos/cat.jpg`");
    let wrong = at(&statement(r#""s3:GetObject""#, "arn:aws:s3:::pho|tos"));
    assert!(wrong.paragraphs.iter().any(|said| said.contains("None of the statement's 1 action")), "{wrong:?}");
    assert_eq!(wrong.matches, Some(false));
}

#[test]
fn a_variable() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/${aws:user|name}/*"}}"#;
    let found = at(text);
    assert_eq!(found.title, "${aws:username}");
    assert_eq!(fact(&found, "The request’s value"), "`alice`");
    assert_eq!(found.start.offset as usize, text.find("${").unwrap());
    let old = at(r#"{"Statement": {"Resource": "arn:aws:s3:::photos/${aws:user|name}/*"}}"#);
    assert!(old.paragraphs.iter().any(|said| said.contains("Plain text here")), "{old:?}");
}

#[test]
fn operators_keys_and_values_with_the_request_at_hand() {
    let text = |operator: &str, key: &str, value: &str| {
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}}}}}"#
        )
    };
    let operator = at(&text("Ip|Address", "aws:SourceIp", "203.0.113.0/24"));
    assert_eq!(operator.matches, Some(true));
    assert!(fact(&operator, "In this request").contains("203.0.113.7"), "{operator:?}");
    let key = at(&text("IpAddress", "aws:Source|Ip", "198.51.100.0/24"));
    assert_eq!(key.matches, Some(false));
    assert_eq!(fact(&key, "The request’s value"), "`203.0.113.7`");
    assert_eq!(fact(&key, "Holds"), "IP address");
    let absent = at(&text("StringEquals", "aws:Source|Vpce", "vpce-1"));
    assert!(fact(&absent, "The request’s value").contains("does not have"));
    let value = at(&text("StringEquals", "aws:PrincipalTag/team", "bl|ue"));
    assert_eq!(value.matches, Some(true));
    let set = at(&text("ForAnyValue:StringEquals|IfExists", "aws:TagKeys", "team"));
    assert_eq!(set.paragraphs.len(), 3, "base, set, IfExists: {set:?}");
    let service_key = at(&text("StringLike", "s3:pre|fix", "home/"));
    assert!(!service_key.paragraphs.is_empty(), "{service_key:?}");
}

#[test]
fn principals() {
    let found = |text| maybe("resource", text).unwrap();
    let account = found(
        r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "1111|22223333"}, "Action": "s3:*", "Resource": "*"}}"#,
    );
    assert!(account.paragraphs[0].starts_with("The account:"), "{account:?}");
    assert_eq!(account.matches, Some(true));
    let session = found(r#"{"Statement": {"Principal": {"AWS": ["arn:aws:sts::111122223333:assumed-role/R/s|"]}}}"#);
    assert!(session.paragraphs[0].contains("The one session `s`"));
    assert!(found(r#"{"Statement": {"Principal": "|*"}}"#).paragraphs[0].starts_with("Everyone"));
}

#[test]
fn a_policy_that_is_given_by_name() {
    let mut scenario = common::scenario("identity", "");
    scenario["policies"][0] = serde_json::json!({ "kind": "identity", "managedPolicy": "AmazonS3ReadOnlyAccess" });
    let document = knowledge().managed_policies().unwrap().get("AmazonS3ReadOnlyAccess").unwrap().document();
    let offset = document.find("s3:Get*").unwrap();
    let found = hover(&scenario, 0, offset, Some(NOW), knowledge()).unwrap();
    assert_eq!((found.title.as_str(), found.matches), ("s3:Get*", Some(true)));
}

#[test]
fn other_statements_may_be_broken() {
    let text = "{\"Statement\": [\n{\"Effect\": \"Allow\", \"Action\": \"s3:Get|Object\", \"Resource\": \"*\"},\n{\"Effect\": \n]}";
    assert_eq!(at(text).matches, Some(true));
}

#[test]
fn places_count_utf16() {
    let text = r#"{"Id": "😀", "Statement": {"Effect": "Allow", "Action": "s3:Get|Object", "Resource": "*"}}"#;
    let found = maybe("resource", text).unwrap();
    let before = text[..text.find("\"s3").unwrap()].encode_utf16().count();
    assert_eq!(found.start.offset as usize, before);
    assert_eq!(found.start.column as usize, before + 1);
    assert_eq!(found.matches, Some(true));
}

#[test]
fn nothing_is_said_about_nothing() {
    for text in ["|", "{|}", "{ | }", r#"{"Statement": [|]}"#, r#"{"Id": "my|id"}"#] {
        assert_eq!(maybe("identity", text), None, "{text}");
    }
}

#[test]
fn without_data_nothing_is_made_up() {
    let (scenario, offset) =
        policy_scenario("identity", r#"{"Statement": {"Effect": "Allow", "Action": "s3:|Get*", "Resource": "*"}}"#);
    let found = hover(&scenario, 0, offset, None, &Knowledge::default()).unwrap();
    assert_eq!(found.pattern, None);
    assert_eq!(found.matches, Some(true));
}

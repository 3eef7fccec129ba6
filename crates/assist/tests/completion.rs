//! What is offered while a policy is typed. In the texts here `|` is the cursor.

mod common;

use assist::{Completion, Completions, complete};
use common::{knowledge, policy_scenario, scenario};

/// The offers at the `|` of an identity policy.
fn at(text: &str) -> Completions {
    of_kind("identity", text)
}

fn of_kind(kind: &str, text: &str) -> Completions {
    let (scenario, offset) = policy_scenario(kind, text);
    complete(&scenario, 0, offset, knowledge())
}

fn labels(found: &Completions) -> Vec<&str> {
    found.options.iter().map(|option| option.label.as_str()).collect()
}

fn option<'c>(found: &'c Completions, label: &str) -> &'c Completion {
    found.options.iter().find(|option| option.label == label).unwrap_or_else(|| panic!("{label}: {:?}", labels(found)))
}

/// The text once an offer was accepted; its fields in `‹›`.
fn accept(text: &str, found: &Completions, label: &str) -> String {
    let text = text.replace('|', "");
    let units: Vec<u16> = text.encode_utf16().collect();
    let option = option(found, label);
    let mut insert: Vec<u16> = option.insert.encode_utf16().collect();
    for field in option.fields.iter().rev() {
        insert.insert(field.end as usize, '›' as u16);
        insert.insert(field.start as usize, '‹' as u16);
    }
    let mut made = units[..found.from as usize].to_vec();
    if let Some(comma) = found.comma {
        made.insert(comma as usize, ',' as u16);
    }
    made.extend(insert);
    made.extend(&units[found.to as usize..]);
    String::from_utf16(&made).unwrap()
}

#[test]
fn an_empty_document_gets_a_whole_one() {
    let found = at("|");
    let made = accept("|", &found, "{ } allow actions");
    let wanted = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \
                  \"Action\": \"‹›\",\n      \"Resource\": \"‹›\"\n    }\n  ]\n}";
    assert_eq!(made, wanted);
    // Whatever word was begun is replaced.
    assert_eq!(accept("Sta|", &at("Sta|"), "{ } allow actions"), wanted);
    assert!(at("{}|").options.is_empty());
}

#[test]
fn documents_are_those_of_the_kind() {
    let with = |kind, resource: &str| {
        let mut scenario = scenario(kind, "");
        scenario["request"]["resource"] = resource.into();
        let found = complete(&scenario, 0, 0, knowledge());
        found.options[0].insert.clone()
    };
    let trust = with("resource", "arn:aws:iam::111122223333:role/R");
    assert!(trust.contains("sts:AssumeRole") && !trust.contains("Resource"), "{trust}");
    assert!(with("resource", "arn:aws:s3:::b").contains("\"Principal\": { \"AWS\": \"\" }"));
    assert!(!with("identity", "arn:aws:s3:::b").contains("Principal"));
    let rcp = with("rcp", "arn:aws:s3:::b");
    assert!(rcp.contains("\"Effect\": \"Deny\"") && rcp.contains("\"Principal\": \"*\""), "{rcp}");
}

#[test]
fn elements_by_place_and_kind() {
    let text = r#"{"Statement": [{"Effect": "Allow", |}]}"#;
    let found = at(text);
    assert_eq!(labels(&found)[..2], ["Action", "Resource"]);
    assert!(!labels(&found).contains(&"Effect"), "it is there already");
    assert!(!labels(&found).contains(&"Principal"), "not in an identity policy");
    assert_eq!(option(&found, "NotAction").detail.as_deref(), Some("instead of Action"));
    assert_eq!(accept(text, &found, "Action"), r#"{"Statement": [{"Effect": "Allow", "Action": "‹›"}]}"#);
    let bucket = of_kind("resource", text);
    assert_eq!(option(&bucket, "Principal").detail.as_deref(), Some("required"));
    let one_form = at(r#"{"Statement": [{"NotAction": "iam:*", |}]}"#);
    assert!(!labels(&one_form).contains(&"Action"), "never both forms");
    assert_eq!(labels(&at("{|}")), ["Version", "Statement"]);
}

#[test]
fn a_key_that_has_its_value_only_changes_its_name() {
    let text = r#"{"Statement": [{"Eff|": "Allow"}]}"#;
    assert_eq!(accept(text, &at(text), "Effect"), r#"{"Statement": [{"Effect": "Allow"}]}"#);
}

#[test]
fn commas_are_put_where_they_are_missing() {
    let before = "{\"Statement\": [{\n  \"Effect\": \"Allow\"\n  \"Act|\n}]}";
    assert_eq!(
        accept(before, &at(before), "Action"),
        "{\"Statement\": [{\n  \"Effect\": \"Allow\",\n  \"Action\": \"‹›\"\n}]}"
    );
    let after = "{\"Statement\": [{\n  |\n  \"Action\": \"s3:*\"\n}]}";
    assert_eq!(
        accept(after, &at(after), "Effect"),
        "{\"Statement\": [{\n  \"Effect\": \"‹›\",\n  \"Action\": \"s3:*\"\n}]}"
    );
    let touching = r#"{"Statement": [{"Effect": "Allow"|}]}"#;
    assert_eq!(
        accept(touching, &at(touching), "Resource"),
        r#"{"Statement": [{"Effect": "Allow", "Resource": "‹›"}]}"#
    );
    let in_list = r#"{"Statement": [{"Action": ["s3:GetObject" "s3:Put|]}]}"#;
    assert_eq!(
        accept(in_list, &at(in_list), "s3:PutObject"),
        r#"{"Statement": [{"Action": ["s3:GetObject", "s3:PutObject"]}]}"#
    );
}

#[test]
fn values_of_version_and_effect() {
    let text = r#"{"Version": |}"#;
    assert_eq!(accept(text, &at(text), "2012-10-17"), r#"{"Version": "2012-10-17"}"#);
    let effect = r#"{"Statement": {"Effect": "a|"}}"#;
    assert_eq!(labels(&at(effect)), ["Allow"]);
    let open = r#"{"Statement": {"Effect": "De| }}"#;
    assert_eq!(accept(open, &at(open), "Deny"), r#"{"Statement": {"Effect": "Deny" }}"#);
}

#[test]
fn services_come_before_actions() {
    let text = r#"{"Statement": {"Action": "|"}}"#;
    let found = at(text);
    // The request asks for this.
    assert_eq!(labels(&found)[..2], ["s3:GetObject", "s3:"]);
    assert_eq!(accept(text, &found, "s3:"), r#"{"Statement": {"Action": "s3:‹›"}}"#);
    assert!(found.options.len() <= 100);
    assert_eq!(labels(&at(r#"{"Statement": {"Action": "lamb|"}}"#))[0], "lambda:");
    // By the name that people know.
    assert!(labels(&at(r#"{"Statement": {"Action": "Identity and Acc|"}}"#)).contains(&"iam:"));
    // An action whose service is not typed.
    assert!(labels(&at(r#"{"Statement": {"Action": "PassRo|"}}"#)).contains(&"iam:PassRole"));
}

#[test]
fn actions_of_a_service_with_their_level_and_wildcards() {
    let found = at(r#"{"Statement": {"Action": "s3:Get|"}}"#);
    let star = option(&found, "s3:Get*");
    assert!(star.detail.as_ref().unwrap().ends_with(" actions"), "{star:?}");
    assert!(star.info.as_ref().unwrap().contains("Read"), "{star:?}");
    let get = option(&found, "s3:GetObject");
    assert!(get.detail.as_ref().unwrap().contains("Read"), "{get:?}");
    assert_eq!(get.info.as_deref(), Some("Grants permission to retrieve objects from Amazon S3"));
    assert!(found.options.iter().all(|option| option.label.to_lowercase().contains("get")), "{:?}", labels(&found));
    let verbs = at(r#"{"Statement": {"Action": "dynamodb:|"}}"#);
    assert_eq!(labels(&verbs)[0], "dynamodb:*");
    assert!(labels(&verbs).contains(&"dynamodb:Describe*"));
    // A wildcard that is typed says what it covers.
    let typed = at(r#"{"Statement": {"Action": "s3:*Acl|"}}"#);
    assert_eq!(labels(&typed)[0], "s3:*Acl");
    assert!(labels(&typed).contains(&"s3:PutBucketAcl"));
    // A part of the name will do.
    assert!(labels(&at(r#"{"Statement": {"Action": "s3:versioning|"}}"#)).contains(&"s3:PutBucketVersioning"));
    assert_eq!(labels(&at(r#"{"Statement": {"Action": "dynamdb:Get|"}}"#))[0], "dynamodb:");
}

#[test]
fn resources_fit_the_actions() {
    let objects = at(r#"{"Statement": {"Action": "s3:PutObject", "Resource": "|"}}"#);
    assert_eq!(labels(&objects)[..2], ["arn:aws:s3:::photos/cat.jpg", "arn:aws:s3:::photos/*"]);
    assert!(!labels(&objects).contains(&"arn:aws:s3:::photos"), "a bucket is no object");
    let buckets = at(r#"{"Statement": {"Action": "s3:ListBucket", "Resource": "|"}}"#);
    assert!(labels(&buckets).contains(&"arn:aws:s3:::photos"), "{:?}", labels(&buckets));
    assert!(!labels(&buckets).contains(&"arn:aws:s3:::photos/cat.jpg"));
    let none = at(r#"{"Statement": {"Action": "ec2:DescribeInstances", "Resource": "|"}}"#);
    assert_eq!(labels(&none), ["*"]);
    let queue = at(r#"{"Statement": {"Action": "sqs:SendMessage", "Resource": |}}"#);
    let named = option(&queue, "arn:aws:sqs:us-east-1:111122223333:QueueName");
    assert_eq!(named.fields.len(), 2, "region and name are open: {named:?}");
    assert!(labels(&queue).contains(&"*"));
}

#[test]
fn operators_fit_the_key() {
    let text = r#"{"Statement": {"Condition": {|}}}"#;
    let found = at(text);
    assert_eq!(labels(&found)[0], "StringEquals");
    assert_eq!(accept(text, &found, "Bool"), "{\"Statement\": {\"Condition\": {\"Bool\": {\n  \"‹›\": \"‹›\"\n}}}}");
    let ip = at(r#"{"Statement": {"Condition": {"|": {"aws:SourceIp": "203.0.113.7"}}}}"#);
    assert_eq!(labels(&ip)[..2], ["IpAddress", "NotIpAddress"]);
    assert_eq!(option(&ip, "IpAddress").insert, "\"IpAddress\"");
    let many = at(r#"{"Statement": {"Condition": {"|": {"aws:TagKeys": "team"}}}}"#);
    assert_eq!(labels(&many)[0], "ForAnyValue:StringEquals");
    let set = at(r#"{"Statement": {"Condition": {"ForAll|"}}}"#);
    assert_eq!(labels(&set)[0], "ForAllValues:StringEquals");
}

#[test]
fn keys_fit_the_operator_and_the_actions() {
    let keys = |operator: &str| {
        at(&format!(r#"{{"Statement": {{"Action": "s3:ListBucket", "Condition": {{"{operator}": {{"|"}}}}}}}}"#))
    };
    let text = keys("StringLike");
    assert_eq!(option(&text, "s3:prefix").detail.as_deref(), Some("text"));
    assert!(
        labels(&text).iter().position(|key| *key == "s3:prefix")
            < labels(&text).iter().position(|key| *key == "aws:username")
    );
    let ip = keys("IpAddress");
    // The request has it.
    assert_eq!(labels(&ip)[0], "aws:SourceIp");
    assert_eq!(option(&ip, "aws:SourceIp").insert, r#""aws:SourceIp": "203.0.113.7""#);
    let tag = keys("StringEquals");
    let member = option(&tag, "aws:PrincipalTag/team");
    assert!(member.detail.as_ref().unwrap().contains("blue"));
    let family = option(&tag, "aws:ResourceTag/TagKey");
    assert_eq!(&family.insert[family.fields[0].start as usize..family.fields[0].end as usize], "TagKey");
}

#[test]
fn values_fit_the_key() {
    let values = |operator: &str, key: &str| {
        at(&format!(r#"{{"Statement": {{"Condition": {{"{operator}": {{"{key}": "|"}}}}}}}}"#))
    };
    assert_eq!(labels(&values("Bool", "aws:MultiFactorAuthPresent")), ["true", "false"]);
    assert_eq!(labels(&values("Null", "aws:SourceVpce")), ["true", "false"]);
    assert_eq!(labels(&values("IpAddress", "aws:SourceIp"))[..3], ["203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"]);
    assert_eq!(labels(&values("StringEquals", "aws:PrincipalTag/team"))[0], "blue");
    assert!(labels(&values("DateLessThan", "aws:CurrentTime"))[0].ends_with('Z'));
    assert!(labels(&values("StringEquals", "aws:RequestedRegion")).contains(&"eu-central-1"));
    assert!(labels(&values("StringEquals", "iam:PassedToService")).contains(&"lambda.amazonaws.com"));
    let managed = at(r#"{"Statement": {"Condition": {"ArnEquals": {"iam:PolicyARN": ["S3ReadOnly|"]}}}}"#);
    assert_eq!(labels(&managed)[0], "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess");
}

#[test]
fn principals_and_their_types() {
    let types = of_kind("resource", r#"{"Statement": {"Principal": {|}}}"#);
    assert_eq!(labels(&types)[..2], ["AWS", "Service"]);
    let who = of_kind("resource", r#"{"Statement": {"Principal": {"AWS": "|"}}}"#);
    assert_eq!(labels(&who)[..2], ["arn:aws:iam::111122223333:user/alice", "111122223333"]);
    let service = of_kind("resource", r#"{"Statement": {"Principal": {"Service": ["lam|"]}}}"#);
    assert_eq!(labels(&service)[0], "lambda.amazonaws.com");
    let whole = r#"{"Statement": {"Principal": |}}"#;
    assert_eq!(
        accept(whole, &of_kind("resource", whole), "{ AWS }"),
        r#"{"Statement": {"Principal": { "AWS": "‹›" }}}"#
    );
}

#[test]
fn variables_where_they_work() {
    let text = r#"{"Statement": {"Resource": "arn:aws:s3:::home/${aws:user|"}}"#;
    let found = at(text);
    assert_eq!(labels(&found)[0], "aws:username");
    assert_eq!(option(&found, "aws:username").detail.as_deref(), Some("here: alice"));
    assert_eq!(
        accept(text, &found, "aws:username"),
        r#"{"Statement": {"Resource": "arn:aws:s3:::home/${aws:username}"}}"#
    );
    let closed = r#"{"Statement": {"Resource": "arn:aws:s3:::home/${aws|:userid}/*"}}"#;
    assert_eq!(
        accept(closed, &at(closed), "aws:username"),
        r#"{"Statement": {"Resource": "arn:aws:s3:::home/${aws:username}/*"}}"#
    );
    // Not in actions.
    assert!(at(r#"{"Statement": {"Action": "s3:${aws:user|"}}"#).options.iter().all(|o| o.label != "aws:username"));
}

#[test]
fn without_data_the_language_is_still_known() {
    let (scenario, offset) = policy_scenario("identity", r#"{"Statement": {"Action": "|"}}"#);
    let found = complete(&scenario, 0, offset, &assist::Knowledge::default());
    assert_eq!(labels(&found), ["s3:GetObject", "*"]);
}

#[test]
fn there_is_nothing_beyond_the_policies() {
    assert!(complete(&scenario("identity", ""), 7, 0, knowledge()).options.is_empty());
    assert!(complete(&serde_json::json!(null), 0, 0, knowledge()).options.is_empty());
}

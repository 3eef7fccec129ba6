//! What `review` adds to a report: nothing twice, nothing that stops a decision, and in bounded time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use assist::{Knowledge, Part, check, fixes, review};
use playground::{Diagnostic, Options, Severity};
use policy::{PolicyKind, ResourceType};
use serde_json::{Value, json};

fn knowledge() -> Knowledge {
    let mut knowledge = Knowledge::default();
    for part in [Part::Services, Part::ManagedPolicies] {
        let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), part.name());
        knowledge.load(part, fs::read_to_string(path).unwrap()).unwrap();
    }
    knowledge
}

/// Every scenario of the project's cases and examples.
fn scenarios() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut scenarios = Vec::new();
    for folder in ["tests/cases", "web/examples"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            match file.get("scenarios").unwrap_or(&file) {
                Value::Array(several) => scenarios.extend(several.iter().cloned()),
                one => scenarios.push(one.clone()),
            }
        }
    }
    scenarios
}

type Place = (Option<usize>, String, Option<u32>, Option<u32>);

fn place(finding: &Diagnostic) -> Place {
    let offset = |position: Option<playground::Position>| position.map(|position| position.offset);
    (finding.policy_index, finding.code.clone(), offset(finding.start), offset(finding.end))
}

#[test]
fn nothing_is_said_twice_and_nothing_is_an_error() {
    let knowledge = knowledge();
    let scenarios = scenarios();
    assert!(scenarios.len() > 600);
    let mut added = 0;
    for scenario in &scenarios {
        let report = assist::evaluate(scenario, &knowledge, Options::default());
        let reported: BTreeSet<_> = report.diagnostics.iter().map(place).collect();
        for finding in review(scenario, &knowledge) {
            assert_ne!(finding.severity, Severity::Error, "{}", finding.message);
            assert!(finding.policy_index.is_some() && finding.start.is_some());
            assert!(!reported.contains(&place(&finding)), "{}: {}\n{scenario}", finding.code, finding.message);
            assert!(finding.help.is_some(), "{}", finding.code);
            for text in [&finding.message, finding.help.as_ref().unwrap()] {
                assert!(!text.ends_with('.') && !text.is_empty(), "{text}");
            }
            added += 1;
        }
    }
    assert!(added > 50, "{added}");
}

#[test]
fn without_the_service_data_the_scenario_is_still_looked_at() {
    let scenario = json!({
        "request": {"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObjct", "resource": "arn:aws:s3:::b/k"},
        "policies": [{"kind": "scp", "document": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}
        ]}}]
    });
    let codes = |knowledge: &Knowledge| -> Vec<String> {
        review(&scenario, knowledge).into_iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(&Knowledge::default()), ["limit-without-grant"]);
    assert_eq!(codes(&knowledge()), ["limit-without-grant", "unknown-action"]);
}

#[test]
fn fixes_are_those_at_the_place_and_none_for_what_aws_wrote() {
    let knowledge = knowledge();
    // `é` is two bytes and one UTF-16 code unit.
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "é", "Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}]}"#;
    let scenario = json!({"request": {}, "policies": [
        {"kind": "resource", "document": "{}"},
        {"kind": "identity", "document": text},
        {"kind": "identity", "managedPolicy": "AWSSupportServiceRolePolicy"}
    ]});
    let at = text.find("GetObjct").unwrap() as u32 - 1;
    let found = fixes(&scenario, 1, at, &knowledge);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fix.as_ref().unwrap().label, "replace with `s3:GetObject`");
    let start = found[0].fix.as_ref().unwrap().edits[0].start.offset as usize;
    let units: Vec<u16> = text.encode_utf16().collect();
    assert!(String::from_utf16(&units[start..]).unwrap().starts_with("\"s3:GetObjct\""));
    assert!(fixes(&scenario, 1, 0, &knowledge).is_empty());
    assert!((0..200).all(|offset| fixes(&scenario, 2, offset * 50, &knowledge).is_empty()));
    assert!(fixes(&scenario, 7, 0, &knowledge).is_empty());
}

#[test]
fn case_is_no_finding() {
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "S3:getobject",
        "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"S3:existingobjecttag/team": "red"}}}]}"#;
    assert_eq!(check(text, PolicyKind::Identity, &knowledge()), []);
}

#[test]
fn large_documents_are_checked_in_bounded_time() {
    let knowledge = knowledge();
    let many = |unit: &dyn Fn(usize) -> String, count: usize| (0..count).map(unit).collect::<Vec<_>>().join(",");
    let documents = [
        many(
            &|n| format!(r#"{{"Effect": "Allow", "Action": "s3:GetObjct{n}", "Resource": "arn:aws:s4:::b{n}"}}"#),
            20_000,
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": [{}], "Resource": "arn:aws:s3:::b"}}"#,
            many(&|n| format!("\"s3:GetObject{n}\""), 50_000)
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": "*", "Resource": [{}]}}"#,
            many(&|n| format!("\"arn:aws:s3:eu-wset-1:1:b{n}\""), 50_000)
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": [{}], "Resource": "*", "Condition": {{"StringEquals": {{{}}}}}}}"#,
            many(&|_| "\"s3:GetObject\"".to_owned(), 5_000),
            many(&|n| format!("\"aws:ResourceTag/{n}\": \"b\""), 5_000)
        ),
        format!(
            r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{"StringEquals": {{"aws:RequestedRegion": [{}]}}}}}}"#,
            many(&|n| format!("\"eu-wset-{n}\""), 50_000)
        ),
    ];
    for statements in &documents {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        for kind in [PolicyKind::Identity, PolicyKind::Resource(ResourceType::Role)] {
            let start = Instant::now();
            check(&text, kind, &knowledge);
            let took = start.elapsed();
            // Generous: the machine may be busy, and tests are hardly optimised.
            assert!(took.as_secs() < 20, "{took:?}: {}", &text[..120]);
        }
    }
}

/// The findings of one code in a document, as the text that each stands on and what it would become.
fn found_in(kind: PolicyKind, statement: &Value, code: &str) -> Vec<(String, Option<String>)> {
    let text = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
    let units: Vec<u16> = text.encode_utf16().collect();
    let found = check(&text, kind, &knowledge());
    let place = |finding: &Diagnostic| {
        let (start, end) = (finding.start.unwrap().offset as usize, finding.end.unwrap().offset as usize);
        String::from_utf16(&units[start..end]).unwrap()
    };
    let becomes = |finding: &Diagnostic| finding.fix.as_ref().map(|fix| fix.edits[0].text.clone());
    found.iter().filter(|finding| finding.code == code).map(|finding| (place(finding), becomes(finding))).collect()
}

const TRUST: PolicyKind = PolicyKind::Resource(ResourceType::Role);

#[test]
fn a_misspelt_service_principal_leads_to_the_one_that_was_meant() {
    let meant = |written: &str| {
        let trust = json!({ "Effect": "Allow", "Principal": { "Service": written }, "Action": "sts:AssumeRole" });
        found_in(TRUST, &trust, "unknown-service-principal").into_iter().map(|(_, fix)| fix).next()
    };
    for (written, right) in [
        ("lamda.amazonaws.com", "lambda.amazonaws.com"),
        ("Lambda.amazonaws.com", "lambda.amazonaws.com"),
        ("ecs-task.amazonaws.com", "ecs-tasks.amazonaws.com"),
        ("delivry.logs.amazonaws.com", "delivery.logs.amazonaws.com"),
        ("codebiuld.amazonaws.com.cn", "codebuild.amazonaws.com.cn"),
        ("sates.eu-west-1.amazonaws.com", "states.eu-west-1.amazonaws.com"),
        ("apigatway.amazonaws.com", "apigateway.amazonaws.com"),
        ("ec2.amazonaws.co", "ec2.amazonaws.com"),
        ("pod.eks.amazonaws.com", "pods.eks.amazonaws.com"),
    ] {
        assert_eq!(meant(written), Some(Some(format!("\"{right}\""))), "{written}");
    }
    for written in [
        "logs.eu-west-1.amazonaws.com",
        "states.us-gov-west-1.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "ops.athena.amazonaws.com",
        "edgelambda.amazonaws.com",
        "cognito-idp.amazonaws.com",
        "elasticmapreduce.amazonaws.com",
        "opensearchservice.amazonaws.com",
        "es.amazonaws.com",
        "ses.amazonaws.com",
        "mq.amazonaws.com",
        "eks-fargate-pods.amazonaws.com",
        "quantumsomething.amazonaws.com",
        "serverlessrepo.amazonaws.com",
        "alexa-appkit.amazon.com",
        "billingconsole.amazonaws.com",
        "hooks.cloudformation.amazonaws.com",
        "member.org.stacksets.cloudformation.amazonaws.com",
    ] {
        assert_eq!(meant(written), None, "{written}");
    }
}

#[test]
fn no_service_that_aws_names_in_its_own_policies_is_taken_for_misspelt() {
    let knowledge = knowledge();
    let mut names = BTreeSet::new();
    for policy in knowledge.managed_policies().unwrap().iter() {
        let document = policy.document();
        let strings =
            document.split('"').filter(|text| text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn"));
        names.extend(strings.filter(|text| !text.contains(['*', ':', '$', '/'])).map(str::to_owned));
    }
    assert!(names.len() > 250, "{}", names.len());
    let all = json!({ "Effect": "Allow", "Principal": { "Service": names }, "Action": "sts:AssumeRole" });
    let found = found_in(TRUST, &all, "unknown-service-principal");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_misspelt_service_is_found_in_conditions_too() {
    let pass = json!({ "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/R",
        "Condition": { "StringEquals": { "iam:PassedToService": ["lambda.amazonaws.com", "lambada.amazonaws.com"] } } });
    let found = found_in(PolicyKind::Identity, &pass, "unknown-service-principal");
    assert_eq!(found, [("\"lambada.amazonaws.com\"".to_owned(), Some("\"lambda.amazonaws.com\"".to_owned()))]);
}

#[test]
fn a_variable_names_a_key_that_is_known_and_holds_one_value() {
    let on = |resource: &str| json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": resource });
    let unknown = |resource: &str| found_in(PolicyKind::Identity, &on(resource), "unknown-condition-key");
    let misspelt = unknown("arn:aws:s3:::b/ä${*}${aws:usernam, 'x'}/*");
    assert_eq!(misspelt, [("aws:usernam".to_owned(), Some("aws:username".to_owned()))]);
    for known in
        ["aws:username", "AWS:UserName", "aws:PrincipalTag/team", "saml:sub", "auth.example.com:sub", "s3:prefix"]
    {
        assert!(unknown(&format!("arn:aws:s3:::b/${{{known}}}")).is_empty(), "{known}");
    }
    let list = |resource: &str| found_in(PolicyKind::Identity, &on(resource), "multivalued-variable").len();
    assert_eq!(list("arn:aws:s3:::b/${aws:TagKeys}"), 1);
    assert_eq!(list("arn:aws:s3:::b/${aws:PrincipalTag/keys}"), 0);
    let compared = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": { "StringLike": { "s3:prefix": "${aws:PrincipalOrgPaths}*" } } });
    assert_eq!(found_in(PolicyKind::Identity, &compared, "multivalued-variable").len(), 1);
}

#[test]
fn a_variable_in_not_resource_is_reported_where_its_key_can_be_absent() {
    let but = |effect: &str, entry: &str| {
        let statement = json!({ "Effect": effect, "Action": "s3:GetObject", "NotResource": entry });
        found_in(PolicyKind::Identity, &statement, "variable-in-not-resource").len()
    };
    assert_eq!(but("Deny", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"), 1);
    assert_eq!(but("Allow", "arn:aws:s3:::b/${aws:username}/*"), 1);
    assert_eq!(but("Deny", "arn:aws:s3:::b/${aws:userid}/*"), 0);
    assert_eq!(but("Deny", "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*"), 0);
    assert_eq!(but("Deny", "arn:aws:s3:::b/${*}"), 0);
}

#[test]
fn wildcards_in_endpoint_policies_have_rules_of_their_own() {
    let found = |kind: PolicyKind, resource: &str, tag: &str| {
        let statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": resource,
            "Condition": { "StringLike": { "aws:PrincipalTag/team": tag } } });
        let places = found_in(kind, &statement, "endpoint-wildcard");
        places.into_iter().map(|(place, _)| place).collect::<Vec<_>>()
    };
    let queue = |account: &str| format!("arn:aws:sqs:us-east-1:{account}:q");
    assert_eq!(found(PolicyKind::VpcEndpoint, &queue("1111*"), "payments-*"), ["1111*"]);
    assert_eq!(found(PolicyKind::VpcEndpoint, &queue("*"), "pay*"), ["\"pay*\""]);
    assert!(found(PolicyKind::VpcEndpoint, &queue("111122223333"), "payments").is_empty());
    assert!(found(PolicyKind::Resource(ResourceType::Other), &queue("1111*"), "p*").is_empty());
}

#[test]
fn more_policies_than_aws_attaches_are_reported_once() {
    let allow =
        json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    let scp = |number: usize, level: usize| json!({ "kind": "scp", "name": format!("P{number}"), "target": format!("L{level}"), "document": allow });
    let boundary = |name: &str| json!({ "kind": "permissionsBoundary", "name": name, "document": allow });
    let too_many = |policies: Vec<Value>| {
        let scenario = json!({ "request": { "principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k" }, "policies": policies });
        let found = review(&scenario, &knowledge());
        found
            .into_iter()
            .filter(|finding| finding.code == "too-many-policies")
            .map(|finding| finding.policy.unwrap())
            .collect::<Vec<_>>()
    };
    assert!(too_many((0..10).map(|number| scp(number, 0)).collect()).is_empty());
    assert_eq!(too_many((0..12).map(|number| scp(number, 0)).collect()), ["P10"]);
    assert!(too_many((0..14).map(|number| scp(number, number / 2)).collect()).is_empty());
    assert_eq!(too_many((0..18).map(|number| scp(number, number / 2)).collect()), ["P14"]);
    assert_eq!(too_many(vec![boundary("A"), boundary("B"), boundary("C")]), ["B"]);
    assert!(too_many(vec![boundary("A")]).is_empty());
}

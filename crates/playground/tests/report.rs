//! What a report says besides the decision: notes, missing keys, findings, places.

use playground::{Decision, Options, Report, Severity, evaluate_value};
use serde_json::{Value, json};

fn report(scenario: Value) -> Report {
    evaluate_value(&scenario, Options { now: Some(1_750_000_000_000) })
}

fn identity(document: Value) -> Value {
    json!([{ "kind": "identity", "name": "P", "document": document }])
}

fn statement(statement: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn get_object() -> Value {
    json!({
        "principal": "arn:aws:iam::111122223333:user/alice",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k"
    })
}

fn codes(report: &Report) -> Vec<&str> {
    report.notes.iter().map(|note| note.code.as_str()).collect()
}

fn found<'r>(report: &'r Report, code: &str) -> Option<&'r playground::Diagnostic> {
    report.diagnostics.iter().find(|finding| finding.code == code)
}

#[test]
fn a_contested_reading_is_noted_where_it_decides() {
    let year = statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { "DateLessThan": { "aws:CurrentTime": "2026" } } }));
    assert_eq!(codes(&report(json!({ "request": get_object(), "policies": identity(year) }))), ["contested-bare-year"]);

    let star = statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3*" }));
    let report = report(json!({ "request": get_object(), "policies": identity(star) }));
    assert_eq!(codes(&report), ["contested-star-crosses-colon"]);
    assert_eq!(report.decision, Some(Decision::Allowed));
}

/// A caller, what is asked, the policies' kinds and statements, and the note that the answer has.
#[test]
fn every_reading_and_limit_that_touches_an_answer_is_noted() {
    const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
    const QUEUE: &str = "arn:aws:sqs:us-east-1:111122223333:q";
    const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/k";
    let allow = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let on = |resource: &str| json!({ "Effect": "Allow", "Action": "*", "Resource": resource });
    let given = |condition: Value| json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition });
    let named = |effect: &str, action: &str, who: Value| json!({ "Effect": effect, "Principal": who, "Action": action, "Resource": "*" });
    let account = json!({ "AWS": "111122223333" });
    let cases = [
        (
            "contested-scp-action-case",
            (ALICE, "s3:GetObject", "arn:aws:s3:::b/k", json!({})),
            vec![("identity", allow.clone()), ("scp", json!({ "Effect": "Allow", "Action": "s3:getobject" }))],
        ),
        (
            "contested-arn-case",
            (ALICE, "sqs:SendMessage", QUEUE, json!({})),
            vec![("identity", on("arn:aws:sqs:US-EAST-1:111122223333:q"))],
        ),
        (
            "contested-list-all-my-buckets",
            (ALICE, "s3:ListAllMyBuckets", "*", json!({})),
            vec![("identity", on("arn:aws:s3:::*"))],
        ),
        (
            "contested-bool-variable",
            (ALICE, "sqs:SendMessage", QUEUE, json!({ "aws:PrincipalTag/tls": "true" })),
            vec![("identity", given(json!({ "Bool": { "aws:SecureTransport": "${aws:PrincipalTag/tls}" } })))],
        ),
        (
            "contested-ipv6-without-prefix",
            (ALICE, "sqs:SendMessage", QUEUE, json!({ "aws:SourceIp": "2001:db8::2" })),
            vec![("identity", given(json!({ "IpAddress": { "aws:SourceIp": "2001:db8::1" } })))],
        ),
        (
            "contested-case-beyond-ascii",
            (ALICE, "sqs:SendMessage", QUEUE, json!({ "aws:PrincipalTag/team": "ÄRZTE" })),
            vec![("identity", given(json!({ "StringEqualsIgnoreCase": { "aws:PrincipalTag/team": "ärzte" } })))],
        ),
        (
            // The sign for kelvin is a capital k, though not of ASCII.
            "contested-case-beyond-ascii",
            (ALICE, "sqs:SendMessage", QUEUE, json!({ "aws:PrincipalTag/team": "\u{212a}" })),
            vec![("identity", given(json!({ "StringNotEqualsIgnoreCase": { "aws:PrincipalTag/team": "k" } })))],
        ),
        (
            "contested-case-beyond-ascii",
            (ALICE, "sqs:SendMessage", QUEUE, json!({ "aws:PrincipalTag/a": "ä", "aws:PrincipalTag/b": "Ä" })),
            vec![(
                "identity",
                given(json!({ "StringEqualsIgnoreCase": { "aws:PrincipalTag/a": "${aws:PrincipalTag/b}" } })),
            )],
        ),
        (
            "contested-bucket-names-account",
            (ALICE, "s3:GetObject", "arn:aws:s3:::b/k", json!({})),
            vec![("resource", named("Allow", "s3:*", account.clone()))],
        ),
        (
            "limit-block-public-access",
            ("*", "s3:GetObject", "arn:aws:s3:::b/k", json!({})),
            vec![("resource", named("Allow", "s3:*", json!("*")))],
        ),
        ("limit-access-control-lists", ("*", "s3:GetObject", "arn:aws:s3:::b/k", json!({})), vec![]),
        (
            "limit-access-points",
            (ALICE, "s3:GetObject", "arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/k", json!({})),
            vec![("identity", allow.clone())],
        ),
        ("limit-kms-grants", (ALICE, "kms:Decrypt", KEY, json!({})), vec![("identity", allow.clone())]),
        (
            "limit-kms-grants",
            (ALICE, "kms:Decrypt", KEY, json!({})),
            vec![("resource", named("Allow", "kms:*", account))],
        ),
        (
            "limit-managed-keys",
            (ALICE, "kms:Decrypt", KEY, json!({})),
            vec![("rcp", named("Deny", "kms:*", json!("*")))],
        ),
        (
            "limit-several-resources",
            (ALICE, "ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i", json!({})),
            vec![],
        ),
        (
            "limit-task-policy",
            ("111122223333", "s3:GetObject", "arn:aws:s3:::b/k", json!({ "aws:AssumedRoot": true })),
            vec![],
        ),
    ];
    for (note, (principal, action, resource, context), policies) in cases {
        let policies: Vec<_> = policies
            .into_iter()
            .map(|(kind, statement_of_it)| json!({ "kind": kind, "document": statement(statement_of_it) }))
            .collect();
        let request = json!({ "principal": principal, "action": action, "resource": resource, "context": context });
        let report = report(json!({ "request": request, "policies": policies }));
        assert!(codes(&report).contains(&note), "{note}: {:?}", report.notes);
    }

    // Without `Version` a variable is text; written out, the version leaves nothing to contest.
    let mut document = statement(on("arn:aws:s3:::b/${aws:username}"));
    document.as_object_mut().unwrap().remove("Version");
    let mut request = get_object();
    request["resource"] = json!("arn:aws:s3:::b/alice");
    let absent = report(json!({ "request": request, "policies": identity(document.clone()) }));
    assert_eq!(codes(&absent), ["contested-version-absent"]);
    document["Version"] = json!("2008-10-17");
    assert!(report(json!({ "request": request, "policies": identity(document) })).notes.is_empty());
}

#[test]
fn a_contested_reading_is_not_noted_where_it_does_not_decide() {
    let document = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3*" },
        { "Effect": "Allow", "Action": "*", "Resource": "*" }
    ] });
    assert!(report(json!({ "request": get_object(), "policies": identity(document) })).notes.is_empty());

    // Letters beyond ASCII are compared, but in the same case.
    let team = statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { "StringEqualsIgnoreCase": { "aws:PrincipalTag/team": "ärzte" } } }));
    let mut request = get_object();
    request["context"] = json!({ "aws:PrincipalTag/team": "äRZTE" });
    let alike = report(json!({ "request": request, "policies": identity(team) }));
    assert_eq!((alike.decision, alike.notes.len()), (Some(Decision::Allowed), 0));
}

#[test]
fn what_people_call_a_key_leads_to_the_key() {
    let keys = [
        ("aws:Region", "aws:RequestedRegion"),
        ("aws:mfa-present", "aws:MultiFactorAuthPresent"),
        ("aws:Tag/team", "aws:ResourceTag/team"),
        ("aws:ExternalId", "sts:ExternalId"),
        ("aws:SourceIpp", "aws:SourceIp"),
    ];
    for (called, meant) in keys {
        let document = statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": { "StringEquals": { called: "x" } } }));
        let report = report(json!({ "request": get_object(), "policies": identity(document) }));
        let finding = found(&report, "unknown-condition-key").expect(called);
        assert_eq!(finding.help.as_deref(), Some(format!("did you mean `{meant}`?").as_str()));
    }
}

#[test]
fn a_misspelt_kind_leaves_no_decision_and_offers_the_right_one() {
    let report = report(json!({ "request": get_object(), "policies": [
        { "kind": "identitty", "document": statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })) }
    ] }));
    assert_eq!(report.decision, None);
    assert_eq!(report.reason.code, "invalid-request");
    let finding = found(&report, "unknown-kind").unwrap();
    assert_eq!(finding.path.as_deref(), Some("/policies/0/kind"));
    assert!(finding.help.as_deref().unwrap().contains("`identity`"));
}

#[test]
fn places_of_policies_count_those_that_cannot_be_read() {
    let report = report(json!({ "request": get_object(), "policies": [
        { "kind": "identitty", "document": {} },
        { "kind": "identity", "document": "{" }
    ] }));
    let broken = report.diagnostics.iter().find(|finding| finding.policy.is_some()).unwrap();
    assert_eq!(broken.policy_index, Some(1));
    let places: Vec<_> = report.policies.iter().map(|policy| policy.policy_index).collect();
    assert_eq!(places, [1]);
}

#[test]
fn one_broken_policy_hides_nothing_else() {
    let report = report(json!({ "request": get_object(), "policies": [
        { "kind": "identity", "name": "Broken", "document": "{ \"Statement\": [ " },
        { "kind": "identity", "name": "Good",
          "document": statement(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" })) }
    ] }));
    assert_eq!((report.decision, report.reason.code.as_str()), (None, "invalid-policy"));
    assert!(!report.policies[0].valid);
    assert!(report.policies[1].statements[0].matches);
    let finding = report.diagnostics.iter().find(|finding| finding.severity == Severity::Error).unwrap();
    assert_eq!((finding.policy.as_deref(), finding.policy_index), (Some("Broken"), Some(0)));
    assert_eq!(finding.start.unwrap().line, 1);
}

#[test]
fn an_unusable_request_still_lists_the_policies() {
    let report = report(json!({ "request": { "action": "s3:*" }, "policies":
        identity(statement(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }))) }));
    assert_eq!(report.reason.code, "invalid-request");
    let paths: Vec<_> = report.diagnostics.iter().filter_map(|finding| finding.path.as_deref()).collect();
    assert_eq!(paths, ["/request/principal", "/request/action", "/request/resource"]);
    assert_eq!(report.policies[0].statements[0].start.line, 4);
}

#[test]
fn the_missing_keys_are_those_that_could_still_matter() {
    let mfa = |operator: &str| {
        json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "ec2:*", "Resource": "*" },
            { "Effect": "Deny", "Action": "*", "Resource": "*",
              "Condition": { operator: { "AWS:multifactorauthpresent": "false" } } },
            { "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": { "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } } }
        ] })
    };
    let request = json!({
        "principal": "arn:aws:iam::111122223333:user/bob", "action": "ec2:StopInstances", "resource": "*"
    });
    for (operator, decision) in [("Bool", Decision::Allowed), ("BoolIfExists", Decision::ExplicitDeny)] {
        let report = report(json!({ "request": request, "policies": identity(mfa(operator)) }));
        assert_eq!(report.decision, Some(decision));
        // in AWS's spelling, and without the key of the statement about another service
        assert_eq!(report.missing_context_keys, ["aws:MultiFactorAuthPresent"]);
    }
}

#[test]
fn a_key_is_not_missing_where_another_condition_fails_for_a_key_that_is_there() {
    let keys = |tag: Value| {
        let both =
            statement(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*", "Condition": {
            "StringEquals": { "aws:username": tag }, "Bool": { "aws:MultiFactorAuthPresent": "true" } } }));
        report(json!({ "request": get_object(), "policies": identity(both) })).missing_context_keys
    };
    assert_eq!(keys(json!("alice")), ["aws:MultiFactorAuthPresent"]);
    assert!(keys(json!("bob")).is_empty());
    // What the value is compared with may still come.
    assert_eq!(keys(json!("${aws:PrincipalTag/n}")), ["aws:PrincipalTag/n", "aws:MultiFactorAuthPresent"]);
}

#[test]
fn a_key_is_not_missing_where_another_policy_refuses_whatever_the_key_is() {
    let mfa = json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } });
    let allow = |action: &str, condition: Value| {
        statement(json!({ "Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition }))
    };
    let keys = |scp: Value| {
        let policies = json!([{ "kind": "identity", "document": allow("s3:*", mfa.clone()) },
            { "kind": "scp", "target": "Root", "document": scp }]);
        report(json!({ "request": get_object(), "policies": policies })).missing_context_keys
    };
    assert!(keys(allow("ec2:*", json!({}))).is_empty());
    assert_eq!(keys(allow("s3:*", json!({}))), ["aws:MultiFactorAuthPresent"]);
    let both = keys(allow("s3:*", json!({ "StringEquals": { "aws:PrincipalTag/team": "red" } })));
    assert_eq!(both, ["aws:MultiFactorAuthPresent", "aws:PrincipalTag/team"]);
}

#[test]
fn what_is_no_part_of_the_question_does_not_stop_the_answer() {
    let allow = identity(statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })));
    let odd =
        report(json!({ "version": null, "title": 7, "description": [], "request": get_object(), "policies": allow }));
    assert_eq!(odd.decision, Some(Decision::Allowed));
    let warnings = odd.diagnostics.iter().filter(|finding| finding.severity == Severity::Warning);
    let paths: Vec<_> = warnings.filter_map(|finding| finding.path.as_deref()).collect();
    assert_eq!(paths, ["/title", "/description"]);
}

#[test]
fn a_near_miss_names_the_one_element_that_fails() {
    let document =
        statement(json!({ "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b" }));
    let report = report(json!({ "request": get_object(), "policies": identity(document) }));
    let statement = &report.policies[0].statements[0];
    assert_eq!(statement.near_miss, Some("Resource"));
    assert!(report.reason.message.contains("`Read` of `P` comes close"), "{}", report.reason.message);
    let value = &statement.elements[1].values.as_ref().unwrap()[0];
    assert!(value.message.as_deref().unwrap().contains("this is the bucket"), "{:?}", value.message);
}

#[test]
fn a_session_policy_without_a_session_is_left_out_aloud() {
    let allow = statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    let none = statement(json!({ "Effect": "Deny", "Action": "*", "Resource": "*" }));
    let report = report(json!({ "request": get_object(), "policies": [
        { "kind": "identity", "document": allow }, { "kind": "session", "document": none }
    ] }));
    assert_eq!(report.decision, Some(Decision::Allowed));
    assert!(found(&report, "session-policy-without-session").is_some());
    assert!(report.policies[1].not_applicable.is_some());
}

#[test]
fn a_trust_in_the_roles_own_account_needs_no_external_id() {
    let trust = |account: &str| {
        json!({
            "request": { "principal": format!("arn:aws:iam::{account}:user/bob"), "action": "sts:AssumeRole",
                         "resource": "arn:aws:iam::111122223333:role/R" },
            "policies": [{ "kind": "resource", "document": { "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
                "Action": "sts:AssumeRole" }] } }]
        })
    };
    assert!(found(&report(trust("111122223333")), "account-without-external-id").is_none());
    assert!(found(&report(trust("444455556666")), "account-without-external-id").is_some());
}

#[test]
fn the_same_scp_on_two_levels_is_nothing_odd() {
    let full = || statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    let scp = |target: &str| json!({ "kind": "scp", "name": "FullAWSAccess", "target": target, "document": full() });
    let twice = |one: &str, two: &str| report(json!({ "request": get_object(), "policies": [scp(one), scp(two)] }));
    assert!(found(&twice("Root", "Prod"), "duplicate-policy-name").is_none());
    assert!(found(&twice("Root", "Root"), "duplicate-policy-name").is_some());
}

#[test]
fn limits_of_the_model_are_said_where_they_touch_the_answer() {
    let public = json!({
        "request": { "principal": "*", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k" },
        "policies": [{ "kind": "resource", "document": statement(json!({
            "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*" })) }]
    });
    assert_eq!(codes(&report(public)), ["limit-block-public-access"]);
}

#[test]
fn offsets_count_utf16_code_units() {
    let text = "{ \"Version\": \"2012-10-17\", \"Id\": \"😀é\",\n \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\" } }";
    let report = report(json!({ "request": get_object(), "policies": [{ "kind": "identity", "document": text }] }));
    let start = report.policies[0].statements[0].start;
    let expected = text[..text.find("{ \"Effect\"").unwrap()].encode_utf16().count();
    assert_eq!((start.line, start.column as usize, start.offset as usize), (2, 15, expected));
}

#[test]
fn verbs_agree_with_the_number_of_what_acts() {
    let say = |kind: &str, effect: &str, statements: usize| {
        let mut entry = json!({ "Effect": effect, "Action": "s3:*", "Resource": "*" });
        if kind == "resource" {
            entry["Principal"] = json!({ "AWS": "arn:aws:iam::111122223333:user/alice" });
            entry["Resource"] = json!("arn:aws:s3:::b/*");
        }
        let document = json!({ "Version": "2012-10-17", "Statement": vec![entry; statements] });
        let report = report(json!({ "request": get_object(), "policies": [
            { "kind": kind, "name": "P", "document": document } ] }));
        let decisive = report.steps.iter().find(|step| step.decisive).unwrap();
        (decisive.message.clone(), report.reason.message)
    };
    let (step, reason) = say("identity", "Allow", 1);
    assert_eq!(step, "statement #0 of `P` allows it");
    assert!(reason.starts_with("statement #0 of `P` allows `s3:GetObject`"), "{reason}");
    let (step, reason) = say("identity", "Allow", 2);
    assert_eq!(step, "statement #0 of `P` and statement #1 of `P` allow it");
    assert!(reason.starts_with("statement #0 of `P` and statement #1 of `P` allow `s3:GetObject`"), "{reason}");
    let (step, _) = say("identity", "Allow", 3);
    assert_eq!(step, "statement #0 of `P` and 2 more allow it");
    let (step, _) = say("identity", "Deny", 3);
    assert_eq!(step, "statement #0 of `P` and 2 more deny it");
    let (step, reason) = say("resource", "Allow", 3);
    assert_eq!(step, "statement #0 of `P` and 2 more allow it for the user `alice`");
    assert!(reason.contains("name the user `alice` itself and allow `s3:GetObject`"), "{reason}");
}

#[test]
fn several_ceilings_are_named_in_the_plural() {
    let allow = |action: &str| statement(json!({ "Effect": "Allow", "Action": action, "Resource": "*" }));
    let boundary =
        |name: &str| json!({ "kind": "permissionsBoundary", "name": name, "document": allow("s3:ListBucket") });
    let reason = |boundaries: &[&str]| {
        let mut policies = vec![json!({ "kind": "identity", "document": allow("s3:*") })];
        policies.extend(boundaries.iter().map(|name| boundary(name)));
        report(json!({ "request": get_object(), "policies": policies })).reason.message
    };
    assert!(reason(&["A"]).contains("but the permissions boundary `A` does not;"));
    assert!(reason(&["A", "B"]).contains("but the permissions boundaries `A` and `B` do not;"));
}

#[test]
fn a_test_that_cannot_be_read_does_not_hide_the_decision() {
    let everything = statement(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    let report = report(json!({
        "request": get_object(),
        "policies": identity(everything),
        "tests": [{ "name": "misspelt", "expect": "alowed" }]
    }));
    assert_eq!(report.decision, Some(Decision::Allowed));
    assert!(!report.tests[0].pass);
    assert_eq!(found(&report, "unknown-expectation").unwrap().severity, Severity::Error);
}

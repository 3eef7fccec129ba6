//! What is understood of a document: the claims of the grammar, and laws over many documents.

use policy::{
    Effect, JsonType, Parsed, Polarity, PolicyKind, PrincipalType, ResourceType, Severity, Span, Version, parse,
};
use proptest::prelude::*;

const BUCKET: PolicyKind = PolicyKind::Resource(ResourceType::Bucket);

const KINDS: [PolicyKind; 10] = [
    PolicyKind::Identity,
    PolicyKind::PermissionsBoundary,
    PolicyKind::Session,
    PolicyKind::Scp,
    PolicyKind::Rcp,
    PolicyKind::VpcEndpoint,
    BUCKET,
    PolicyKind::Resource(ResourceType::Key),
    PolicyKind::Resource(ResourceType::Role),
    PolicyKind::Resource(ResourceType::Other),
];

#[test]
fn one_statement_and_an_array_of_one_are_the_same() {
    let one = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    let array = r#"{"Statement": [{"Effect": "Deny", "Action": ["*"], "Resource": ["*"]}]}"#;
    let shape = |text: &str| {
        let statements = parse(text, PolicyKind::Identity).document.statements;
        let [statement] = statements.as_slice() else { panic!("{text}") };
        let action = statement.action.clone().unwrap();
        (statement.effect.as_ref().unwrap().value, action.polarity, action.entries[0].value.clone())
    };
    assert_eq!(shape(one), shape(array));
    assert_eq!(shape(one), (Effect::Deny, Polarity::Is, "*".to_owned()));
}

#[test]
fn every_part_has_its_place() {
    let text = r#"{"Version": "2012-10-17", "Id": "i", "Statement": [{"Sid": "S", "Effect": "Allow",
        "NotPrincipal": {"AWS": ["111122223333"], "Service": "ec2.amazonaws.com"}, "NotAction": ["a:b", "c:d"],
        "NotResource": "arn:aws:s3:::b", "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["x", 1, true]}}}]}"#;
    let parsed = parse(text, BUCKET);
    assert!(!parsed.has_errors(), "{:?}", parsed.diagnostics);
    let document = &parsed.document;
    assert_eq!(document.version, Version::V2012);
    assert_eq!(document.version_element.as_ref().unwrap().span.of(text), "\"2012-10-17\"");
    assert_eq!(document.id.as_ref().unwrap().span.of(text), "\"i\"");
    let statement = &document.statements[0];
    assert!(statement.span.of(text).starts_with("{\"Sid\"") && statement.span.of(text).ends_with("}}}"));
    assert_eq!(statement.sid.as_ref().unwrap().span.of(text), "\"S\"");
    assert_eq!(statement.effect.as_ref().unwrap().span.of(text), "\"Allow\"");
    let principal = statement.principal.as_ref().unwrap();
    assert_eq!(principal.polarity, Polarity::Not);
    assert_eq!(principal.entries[1].principal_type, PrincipalType::Service);
    assert_eq!(principal.entries[1].span.of(text), "\"ec2.amazonaws.com\"");
    let action = statement.action.as_ref().unwrap();
    assert_eq!(action.span.of(text), r#""NotAction": ["a:b", "c:d"]"#);
    assert_eq!(action.entries[1].span.of(text), "\"c:d\"");
    assert_eq!(statement.resource.as_ref().unwrap().span.of(text), r#""NotResource": "arn:aws:s3:::b""#);
    let condition = &statement.conditions[0];
    assert_eq!(condition.operator_name.span.of(text), "\"ForAnyValue:StringLikeIfExists\"");
    assert_eq!(condition.key.span.of(text), "\"aws:TagKeys\"");
    assert_eq!(condition.span.of(text), r#""aws:TagKeys": ["x", 1, true]"#);
    let values: Vec<_> =
        condition.values.iter().map(|value| (value.text.as_str(), value.json_type, value.span.of(text))).collect();
    assert_eq!(
        values,
        [("x", JsonType::String, "\"x\""), ("1", JsonType::Number, "1"), ("true", JsonType::Bool, "true"),]
    );
    assert!(statement.condition_span.unwrap().of(text).starts_with("\"Condition\": {"));
}

#[test]
fn a_broken_part_does_not_hide_the_others() {
    let text = r#"{"Statement": ["oops", {"Effect": "allow", "Action": [7, "s3:GetObject"], "Resource": 1,
        "Condition": {"StringEqual": {"a:b": "c"}, "Bool": {"aws:SecureTransport": [null, "true"]}}}]}"#;
    let parsed = parse(text, PolicyKind::Identity);
    assert!(parsed.has_errors());
    let statements = &parsed.document.statements;
    assert_eq!(statements.len(), 2, "an entry that is no statement keeps its number");
    assert_eq!(statements[0].span.of(text), "\"oops\"");
    assert_eq!(statements[1].effect, None);
    assert_eq!(statements[1].action.as_ref().unwrap().entries.len(), 1);
    assert!(statements[1].resource.as_ref().unwrap().entries.is_empty());
    assert_eq!(statements[1].conditions[0].operator, None);
    assert_eq!(statements[1].conditions[0].values.len(), 1);
    assert_eq!(statements[1].conditions[1].values.len(), 1);
}

#[test]
fn without_a_version_the_older_rules_hold() {
    let version = |text: &str| parse(text, PolicyKind::Identity).document.version;
    assert_eq!(version(r#"{"Statement": []}"#), Version::V2008);
    assert_eq!(version(r#"{"Version": "2008-10-17", "Statement": []}"#), Version::V2008);
    assert_eq!(version(r#"{"Version": "2012-10-17", "Statement": []}"#), Version::V2012);
}

#[test]
fn of_an_element_written_twice_the_first_is_read() {
    let text = r#"{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "a:b", "Resource": "*"}}"#;
    let parsed = parse(text, PolicyKind::Identity);
    assert!(parsed.has_errors());
    assert_eq!(parsed.document.statements[0].effect.as_ref().unwrap().value, Effect::Deny);
}

#[test]
fn numbers_keep_their_digits_and_booleans_their_letters() {
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*",
        "Condition": {"NumericEquals": {"a:n": 1.50e1}, "Bool": {"a:b": "TRUE"}}}}"#;
    let document = parse(text, PolicyKind::Identity).document;
    let values: Vec<_> =
        document.statements[0].conditions.iter().map(|condition| condition.values[0].text.as_str()).collect();
    assert_eq!(values, ["1.50e1", "TRUE"]);
}

#[test]
fn a_document_wrong_everywhere_gives_some_hundred_findings_and_stays_wrong() {
    let statement = r#"{"Effect": "Allow", "Action": "x", "Resource": "", "Principal": {}, "Nonsense": 1}"#;
    let text = format!("{{\"Statement\": [{}]}}", vec![statement; 5_000].join(","));
    let parsed = parse(&text, PolicyKind::Identity);
    assert!(parsed.has_errors());
    assert!(parsed.diagnostics.len() <= 1_000);
    // warnings in any number do not crowd out an error behind them
    let warned = r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#;
    let text = format!("{{\"Statement\": [{}, {{}}]}}", vec![warned; 5_000].join(","));
    assert!(parse(&text, PolicyKind::Identity).has_errors());
}

#[test]
fn a_sentence_about_a_megabyte_is_short() {
    let text =
        format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "{}", "Resource": "*"}}}}"#, "ü:".repeat(500_000));
    let parsed = parse(&text, PolicyKind::Identity);
    assert!(parsed.has_errors());
    assert!(parsed.diagnostics.iter().all(|diagnostic| diagnostic.message.len() < 5_000));
}

#[test]
fn large_documents_are_read_in_linear_time() {
    // megabytes of each shape that a quadratic reader would trip over
    let many = |unit: &dyn Fn(usize) -> String, count: usize| (0..count).map(unit).collect::<Vec<_>>().join(",");
    let documents = [
        format!(
            "{{\"Statement\": [{}]}}",
            many(
                &|n| format!(r#"{{"Sid": "S{n}", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#),
                100_000
            )
        ),
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": [{}], "Resource": "*"}}}}"#,
            many(&|n| format!("\"s3:Get{n}\""), 100_000)
        ),
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "s3:*", "Resource": [{}]}}}}"#,
            many(&|n| format!("\"arn:aws:s3:::b/{n}\""), 100_000)
        ),
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{"StringEquals": {{{}}}}}}}}}"#,
            many(&|n| format!("\"a:{n}\": \"b\""), 100_000)
        ),
        format!(
            r#"{{"Statement": {{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {{"StringNotEquals": {{{}}}}}}}}}"#,
            many(&|n| format!("\"aws:PrincipalTag/{n}\": \"b\""), 70_000)
        ),
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {{"ForAllValues:StringEquals": {{{}}}}}}}}}"#,
            many(&|n| format!("\"aws:PrincipalTag/{n}\": \"b\""), 70_000)
        ),
        format!(
            r#"{{"Statement": {{"Effect": "Deny", "NotPrincipal": {{"AWS": [{}]}}, "Action": "s3:*", "Resource": "*"}}}}"#,
            many(&|n| format!("\"arn:aws:iam::111122223333:role/r{n}\""), 100_000)
        ),
        format!("{{{}}}", many(&|n| format!("\"k{n}\": 1"), 100_000)),
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Action": "s3:{}", "Resource": "arn:aws:s3:::{}"}}}}"#,
            "*a".repeat(500_000),
            "${".repeat(1_000_000)
        ),
    ];
    for text in &documents {
        let start = std::time::Instant::now();
        parse(text, BUCKET);
        let took = start.elapsed();
        assert!(took.as_secs() < 10, "{took:?}: {}", &text[..100]);
    }
}

/// All places of a document and its findings.
fn spans(parsed: &Parsed) -> Vec<Span> {
    let mut spans = Vec::new();
    let document = &parsed.document;
    spans.extend(document.version_element.iter().map(|element| element.span));
    spans.extend(document.id.iter().map(|element| element.span));
    for statement in &document.statements {
        spans.push(statement.span);
        spans.extend(statement.sid.iter().map(|element| element.span));
        spans.extend(statement.effect.iter().map(|element| element.span));
        spans.extend(statement.condition_span);
        for clause in [&statement.action, &statement.resource].into_iter().flatten() {
            spans.push(clause.span);
            spans.extend(clause.entries.iter().map(|entry| entry.span));
        }
        if let Some(clause) = &statement.principal {
            spans.push(clause.span);
            spans.extend(clause.entries.iter().map(|entry| entry.span));
        }
        for condition in &statement.conditions {
            spans.extend([condition.span, condition.key.span, condition.operator_name.span]);
            spans.extend(condition.values.iter().map(|value| value.span));
        }
    }
    for diagnostic in &parsed.diagnostics {
        spans.push(diagnostic.span);
        spans.extend(diagnostic.related.iter().map(|(span, _)| *span));
        spans.extend(diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span)));
    }
    spans
}

/// The same without places, for comparing. `Debug` text with the spans wiped is enough: it shows every field.
fn without_places(parsed: &Parsed) -> String {
    let shown = format!("{:?}", parsed.document);
    let mut out = String::new();
    for (at, piece) in shown.split("Span {").enumerate() {
        out.push_str(if at == 0 { piece } else { piece.split_once('}').unwrap().1 });
    }
    out
}

/// A value of something like a policy: right, nearly right, or wrong.
fn value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let word = prop::sample::select(vec![
        "Allow",
        "Deny",
        "allow",
        "2012-10-17",
        "2008-10-17",
        "2026-01-01",
        "*",
        "s3:GetObject",
        "s3:Get*",
        "s3*:x",
        "a:b:c",
        "",
        "x",
        "iam:PassRole",
        "arn:aws:s3:::b/${aws:username}/*",
        "arn:aws:s3:::b",
        "arn:aws:s3::b",
        "arn:aws:iam::111122223333:user/ü",
        "arn:aws:iam::111122223333:group/g",
        "111122223333",
        "lambda.amazonaws.com",
        "lambda",
        "${",
        "${aws:username, 'x'}",
        "日本🙂",
        "09:00Z",
        "2026-03-09T14:05:09",
        "10",
        "true",
        "203.0.113.0/24",
        "10.0.0.1/8",
        "o-*",
        "repo:*",
        "accounts.google.com",
        "\u{0}\n\"\\",
    ]);
    let leaf = prop_oneof![
        6 => word.prop_map(|word| json!(word)),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(|b| json!(b)),
        1 => (-5i64..5000).prop_map(|n| json!(n)),
    ];
    let key = prop::sample::select(vec![
        "Version",
        "Id",
        "Statement",
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "Actions",
        "effect",
        "AWS",
        "Service",
        "Federated",
        "CanonicalUser",
        "StringEquals",
        "StringLike",
        "ForAllValues:StringEquals",
        "ForAnyValue:Null",
        "NullIfExists",
        "BoolIfExists",
        "Bool",
        "Null",
        "IpAddress",
        "NotIpAddress",
        "DateLessThan",
        "ArnEquals",
        "NumericLessThan",
        "StringNotEqualsIfExists",
        "StringEqual",
        "aws:SourceIp",
        "aws:sourceip",
        "aws:TagKeys",
        "aws:MultiFactorAuthPresent",
        "aws:PrincipalOrgID",
        "token.actions.githubusercontent.com:sub",
        "k",
        "é",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

/// A document with all elements in their places, filled with such values.
fn document() -> impl Strategy<Value = serde_json::Value> {
    let elements =
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
    let statement = prop::collection::vec((prop::sample::select(elements.to_vec()), value()), 0..8).prop_map(|pairs| {
        serde_json::Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    });
    (prop::collection::vec(statement, 0..4), value())
        .prop_map(|(statements, version)| serde_json::json!({"Version": version, "Statement": statements}))
}

fn kind() -> impl Strategy<Value = PolicyKind> {
    prop::sample::select(KINDS.to_vec())
}

fn spans_lie_in(text: &str, kind: PolicyKind) -> Result<(), TestCaseError> {
    let parsed = parse(text, kind);
    for span in spans(&parsed) {
        prop_assert!(
            span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some(),
            "{:?} in {:?}",
            span,
            text
        );
    }
    prop_assert!(parsed.diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start));
    for diagnostic in &parsed.diagnostics {
        prop_assert!(policy::CODES.contains(&diagnostic.code), "{}", diagnostic.code);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_place_lies_in_the_text_and_on_characters(value in prop_oneof![document(), value()], kind in kind(), cut in any::<prop::sample::Index>(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        spans_lie_in(&text, kind)?;
        // and of what is left when typing stops in the middle
        let ends: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        spans_lie_in(&text[..ends[cut.index(ends.len())]], kind)?;
    }

    #[test]
    fn any_text_is_survived(text in any::<String>(), kind in kind()) {
        spans_lie_in(&text, kind)?;
    }

    #[test]
    fn white_space_changes_no_meaning(value in prop_oneof![document(), value()], kind in kind()) {
        let dense = parse(&serde_json::to_string(&value).unwrap(), kind);
        let pretty = parse(&serde_json::to_string_pretty(&value).unwrap(), kind);
        prop_assert_eq!(without_places(&dense), without_places(&pretty));
        let codes = |parsed: &Parsed| parsed.diagnostics.iter().map(|d| (d.code, d.severity, d.message.clone())).collect::<Vec<_>>();
        if !codes(&dense).iter().chain(&codes(&pretty)).any(|(code, ..)| *code == "policy-too-long") {
            prop_assert_eq!(codes(&dense), codes(&pretty));
        }
    }

    #[test]
    fn only_the_kind_decides_about_principals(value in document()) {
        // what is forbidden in one kind is the same text in all of them
        let text = serde_json::to_string(&value).unwrap();
        let documents: Vec<_> = KINDS.iter().map(|kind| without_places(&parse(&text, *kind))).collect();
        prop_assert!(documents.iter().all(|document| *document == documents[0]));
    }
}

#[test]
fn findings_of_equal_place_come_with_the_worst_first() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    let severities: Vec<_> =
        parse(text, PolicyKind::Identity).diagnostics.iter().map(|diagnostic| diagnostic.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning]);
}

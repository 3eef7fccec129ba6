//! The published JSON Schemas say what the types are: every example and case is a valid scenario, every report is
//! a valid report, and what is not in the schema fails. The TypeScript declarations are held against the schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use playground::{
    ConditionReport, ContextEntry, Decision, Diagnostic, Edit, ElementReport, Fix, MatchedStatement, Note, Options,
    Outcome, PolicyReport, Position, Reason, Related, Report, Severity, StatementReport, Step, TestResult, ValueReport,
    evaluate_value,
};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn schema(name: &str) -> Value {
    let path = root().join("docs/schema").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A validator for one definition of a schema.
fn validator(name: &str, definition: &str) -> Validator {
    let mut schema = schema(name);
    assert!(schema["$defs"][definition].is_object(), "{definition}");
    schema["$ref"] = json!(format!("#/$defs/{definition}"));
    jsonschema::draft202012::new(&schema).unwrap()
}

fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The examples of the page and the cases: every JSON file, with its place.
fn scenario_files() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for folder in ["web/examples", "tests/cases"] {
        collect(&root().join(folder), &mut found);
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, Value)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.display().to_string();
            let value = serde_json::from_str(&fs::read_to_string(&path).unwrap())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            found.push((name, value));
        }
    }
}

/// The scenarios in a file, each with its JSON Pointer.
fn scenarios(file: &Value) -> Vec<(String, &Value)> {
    let (prefix, list) = match file {
        Value::Array(list) => ("", list),
        Value::Object(object) => match object.get("scenarios") {
            Some(Value::Array(list)) => ("/scenarios", list),
            _ => return vec![(String::new(), file)],
        },
        _ => return vec![(String::new(), file)],
    };
    list.iter().enumerate().map(|(index, scenario)| (format!("{prefix}/{index}"), scenario)).collect()
}

#[test]
fn every_example_and_case_is_a_valid_scenario_file() {
    let file = validator("scenario.schema.json", "ScenarioFile");
    let scenario = validator("scenario.schema.json", "Scenario");
    let files = scenario_files();
    assert!(files.len() >= 12, "only {} files found", files.len());

    let mut wrong = Vec::new();
    for (name, value) in &files {
        for (pointer, one) in scenarios(value) {
            for error in errors(&scenario, one) {
                wrong.push(format!("{name} {pointer}{error}"));
            }
        }
        if wrong.is_empty() && !file.is_valid(value) {
            wrong.push(format!("{name}: not a scenario file"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_report_is_valid() {
    let report = validator("report.schema.json", "Report");
    let options = Options { now: Some(1_769_860_800_000) };
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, value) in &scenario_files() {
        for (pointer, scenario) in scenarios(value) {
            count += 1;
            let produced = serde_json::to_value(evaluate_value(scenario, options)).unwrap();
            for error in errors(&report, &produced) {
                wrong.push(format!("{name} {pointer} -> {error}"));
            }
        }
    }
    assert!(count >= 12, "only {count} scenarios found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn reports_of_unusable_scenarios_are_valid() {
    let report = validator("report.schema.json", "Report");
    let request = json!({
        "principal": "arn:aws:iam::111122223333:user/a",
        "action": "s3:ListAllMyBuckets",
        "resource": "*"
    });
    for scenario in [
        Value::Null,
        json!([]),
        json!("text"),
        json!({}),
        json!({"version": 99}),
        json!({"request": 1, "policies": {}}),
        json!({"request": request, "policies": [1, {"kind": "x"}, {"kind": "identity"}]}),
        json!({"request": request, "policies": [{"kind": "identity", "document": "{ \"Statement\": ["}]}),
        json!({"request": request, "policies": [{"kind": "identity", "document": {"Statement": [
            {"Effect": "Maybe", "Actions": "s3:*", "Resource": "*"}
        ]}}]}),
        json!({"request": request, "tests": [{"expect": "maybe"}, 1], "tets": []}),
    ] {
        let produced = serde_json::to_value(evaluate_value(&scenario, Options::default())).unwrap();
        assert_eq!(produced["decision"], Value::Null, "{scenario}");
        assert_eq!(errors(&report, &produced), [""; 0], "{scenario}");
    }
}

/// A report that has every field there is.
fn full_report() -> Report {
    let position = Position { line: 1, column: 1, offset: 0 };
    let reason = Reason { code: "explicit-deny-identity".into(), message: "because".into() };
    let value = ValueReport {
        value: "s3:*".into(),
        matches: true,
        resolved: Some("s3:*".into()),
        message: Some("covers it".into()),
        start: position,
        end: position,
    };
    let elements = vec![
        ElementReport {
            element: "Action",
            matches: true,
            message: "covers it".into(),
            start: position,
            end: position,
            values: Some(vec![value.clone()]),
            conditions: None,
        },
        ElementReport {
            element: "Condition",
            matches: true,
            message: "holds".into(),
            start: position,
            end: position,
            values: None,
            conditions: Some(vec![ConditionReport {
                operator: "Bool".into(),
                key: "aws:SecureTransport".into(),
                matches: true,
                request_values: vec!["true".into()],
                present: true,
                message: "equal".into(),
                values: vec![value],
                start: position,
                end: position,
            }]),
        },
    ];
    let outcomes = [Outcome::Pass, Outcome::Allow, Outcome::Deny, Outcome::NotApplicable];
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let decisions = [None, Some(Decision::Allowed), Some(Decision::ImplicitDeny), Some(Decision::ExplicitDeny)];
    Report {
        decision: Some(Decision::ExplicitDeny),
        reason: reason.clone(),
        error_message: Some("User: … is not authorized".into()),
        steps: outcomes
            .map(|outcome| Step {
                stage: "identity",
                title: "Identity-based policies".into(),
                outcome,
                decisive: true,
                message: "denies".into(),
                statements: vec!["P#0".into()],
            })
            .into(),
        matched_statements: vec![MatchedStatement {
            policy: "P".into(),
            kind: "identity",
            via: Some("group G".into()),
            index: 0,
            sid: Some("S".into()),
            effect: "Deny",
            start: position,
            end: position,
        }],
        policies: vec![PolicyReport {
            name: "P".into(),
            policy_index: 0,
            kind: "scp",
            kind_name: "service control policy",
            via: Some("group G".into()),
            target: Some("Root".into()),
            valid: true,
            not_applicable: Some("does not bind".into()),
            text: Some("{}".into()),
            statements: vec![StatementReport {
                index: 0,
                sid: Some("S".into()),
                effect: Some("Deny"),
                matches: true,
                near_miss: Some("Condition"),
                message: "matches".into(),
                start: position,
                end: position,
                elements,
            }],
        }],
        missing_context_keys: vec!["aws:SourceIp".into()],
        context: vec![ContextEntry {
            key: "aws:username".into(),
            values: vec!["a".into()],
            source: "derived",
            multivalued: false,
        }],
        diagnostics: severities
            .map(|severity| Diagnostic {
                policy: Some("P".into()),
                policy_index: Some(0),
                path: Some("/request/context/a~1b".into()),
                severity,
                code: "unknown-operator".into(),
                message: "unknown".into(),
                help: Some("write".into()),
                aws_message: Some("Syntax errors in policy.".into()),
                start: Some(position),
                end: Some(position),
                related: vec![Related { message: "here".into(), start: position, end: position }],
                fix: Some(Fix {
                    label: "replace".into(),
                    edits: vec![Edit { start: position, end: position, text: "x".into() }],
                }),
            })
            .into(),
        notes: vec![Note { code: "limit".into(), message: "remark".into() }],
        tests: decisions
            .map(|decision| TestResult {
                name: "t".into(),
                expect: decision,
                decision,
                pass: false,
                reason: reason.clone(),
                expect_statements: Some(vec!["P#0".into()]),
                statements: vec!["P#0".into()],
                message: Some("expected".into()),
            })
            .into(),
    }
}

#[test]
fn a_report_with_every_field_is_valid() {
    let validator = validator("report.schema.json", "Report");
    let report = serde_json::to_value(full_report()).unwrap();
    assert_eq!(errors(&validator, &report), [""; 0]);
}

#[test]
fn the_report_schema_names_no_field_that_the_types_lack() {
    let report = serde_json::to_value(full_report()).unwrap();
    let mut written = BTreeSet::new();
    keys(&report, &mut written);
    for (definition, body) in schema("report.schema.json")["$defs"].as_object().unwrap() {
        for field in properties(body).into_keys() {
            assert!(written.contains(&field), "{definition}.{field}");
        }
    }
}

fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

#[test]
fn an_unknown_field_anywhere_in_a_report_fails() {
    let validator = validator("report.schema.json", "Report");
    let report = serde_json::to_value(full_report()).unwrap();
    let mut objects = Vec::new();
    pointers(&report, String::new(), &mut objects);
    assert!(objects.len() > 20, "{objects:?}");
    for pointer in objects {
        let mut changed = report.clone();
        changed.pointer_mut(&pointer).unwrap()["somethingNew"] = json!(1);
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
}

/// The JSON Pointers of all objects.
fn pointers(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                pointers(value, format!("{here}/{key}"), found);
            }
            found.push(here);
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                pointers(value, format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn wrong_reports_fail() {
    let validator = validator("report.schema.json", "Report");
    let report = serde_json::to_value(full_report()).unwrap();
    for (pointer, value) in [
        ("/decision", json!("denied")),
        ("/decision", json!("Allowed")),
        ("/reason/code", json!("allowed-by-magic")),
        ("/reason", json!(null)),
        ("/errorMessage", json!(1)),
        ("/steps/0/stage", json!("boundary")),
        ("/steps/0/outcome", json!("skip")),
        ("/steps/0/statements/0", json!("P")),
        ("/matchedStatements/0/effect", json!("allow")),
        ("/matchedStatements/0/kind", json!("trust")),
        ("/matchedStatements/0/start/line", json!(0)),
        ("/matchedStatements/0/start/offset", json!(-1)),
        ("/matchedStatements/0/index", json!(0.5)),
        ("/policies/0/statements/0/nearMiss", json!("Effect")),
        ("/policies/0/statements/0/elements/0/element", json!("Actions")),
        ("/context/0/source", json!("guessed")),
        ("/diagnostics/0/severity", json!("fatal")),
        ("/diagnostics/0/code", json!("Unknown Operator")),
        ("/diagnostics/0/path", json!("request/action")),
        ("/diagnostics/0/related", json!([])),
        ("/tests/0/expect", json!("yes")),
    ] {
        let mut changed = report.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value;
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
    for (pointer, field) in [
        ("", "notes"),
        ("", "errorMessage"),
        ("/policies/0", "valid"),
        ("/policies/0/statements/0", "effect"),
        ("/diagnostics/0", "end"),
        ("/tests/0", "expect"),
    ] {
        let mut changed = report.clone();
        let object = changed.pointer_mut(pointer).unwrap().as_object_mut();
        object.unwrap().remove(field).expect(field);
        assert!(!validator.is_valid(&changed), "{pointer}/{field}");
    }
}

/// A scenario that has every field there is.
fn full_scenario() -> Value {
    json!({
        "$schema": "scenario.schema.json",
        "version": 1,
        "title": "t",
        "description": "d",
        "summary": "s",
        "concepts": ["C1"],
        "rule": "§1",
        "evidence": "documented",
        "choice": 1,
        "request": {
            "principal": "arn:aws:iam::111122223333:user/a",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "resourceAccount": "111122223333",
            "sessionIssuer": "arn:aws:iam::111122223333:role/app/R",
            "context": {"a:b": "x", "a:c": 1, "a:d": true, "a:e": null, "a:f": ["x", 1, false], "a:g": []},
            "derive": false
        },
        "policies": [
            {"kind": "identity", "name": "n", "via": "group G", "document": {}},
            {"kind": "scp", "target": "Root", "document": "{"},
            {"kind": "identity", "managedPolicy": "ReadOnlyAccess"}
        ],
        "organization": {"managementAccount": "999900001111", "scpLevels": ["Root"]},
        "tests": [{
            "name": "n",
            "request": {"principal": {"Service": "ec2.amazonaws.com"}, "action": "s3:PutObject", "context": {"a:b": null}},
            "expect": null,
            "expectStatements": ["n#0"],
            "expectReason": "invalid-policy",
            "expectErrorMessage": "…",
            "expectDiagnostics": ["unknown-operator"]
        }]
    })
}

#[test]
fn a_scenario_with_every_field_is_valid_and_read_without_a_finding_about_its_shape() {
    let scenario = full_scenario();
    assert_eq!(errors(&validator("scenario.schema.json", "Scenario"), &scenario), [""; 0]);
    let (_, problems) = playground::Scenario::from_value(&scenario);
    // What an AWS managed policy says, this crate does not know.
    let codes: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.code)).collect();
    assert_eq!(codes, [("/policies/2/managedPolicy", "managed-policy-not-loaded")]);
}

#[test]
fn wrong_scenarios_fail_and_are_reported_at_the_same_place() {
    let validator = validator("scenario.schema.json", "Scenario");
    let full = full_scenario();
    for (pointer, value) in [
        ("/version", json!(2)),
        ("/version", json!("1")),
        ("/title", json!(1)),
        ("/request", json!([])),
        ("/request/principal", json!(111_122_223_333_u64)),
        ("/request/principal", json!({"Srvice": "ec2.amazonaws.com"})),
        ("/request/principal", json!({})),
        ("/request/action", json!(["s3:GetObject"])),
        ("/request/resource", json!(true)),
        ("/request/context", json!([])),
        ("/request/context/a:b", json!({})),
        ("/request/context/a:f/0", json!([])),
        ("/request/derive", json!("no")),
        ("/policies", json!({})),
        ("/policies/0", json!("{}")),
        ("/policies/0/kind", json!("idenity")),
        ("/policies/0/document", json!(1)),
        ("/policies/0/name", json!(1)),
        ("/policies/0", json!({"kind": "identity", "document": {}, "managedPolicy": "ReadOnlyAccess"})),
        ("/policies/2/managedPolicy", json!(["ReadOnlyAccess"])),
        ("/organization/scpLevels", json!("Root")),
        ("/tests/0/expect", json!("deny")),
        ("/tests/0/expectStatements", json!("n#0")),
        ("/tests/0/request/action", json!(1)),
    ] {
        let mut changed = full.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value.clone();
        assert!(!validator.is_valid(&changed), "{pointer} = {value}");
        let report = evaluate_value(&changed, Options::default());
        assert!(
            report.diagnostics.iter().any(|diagnostic| {
                diagnostic
                    .path
                    .as_deref()
                    .is_some_and(|path| !path.is_empty() && (pointer.starts_with(path) || path.starts_with(pointer)))
            }),
            "{pointer} = {value}: {:?}",
            report.diagnostics
        );
    }
}

#[test]
fn unknown_and_missing_fields_of_a_scenario_fail() {
    let validator = validator("scenario.schema.json", "Scenario");
    let full = full_scenario();
    for pointer in ["", "/request", "/policies/0", "/organization", "/tests/0", "/tests/0/request"] {
        let mut changed = full.clone();
        changed.pointer_mut(pointer).unwrap()["somethingNew"] = json!(1);
        assert!(!validator.is_valid(&changed), "{pointer}");
    }
    for (pointer, field) in [
        ("", "request"),
        ("", "policies"),
        ("/request", "principal"),
        ("/request", "action"),
        ("/request", "resource"),
        ("/policies/0", "kind"),
        ("/policies/0", "document"),
        ("/tests/0", "name"),
    ] {
        let mut changed = full.clone();
        let object = changed.pointer_mut(pointer).unwrap().as_object_mut();
        object.unwrap().remove(field).expect(field);
        assert!(!validator.is_valid(&changed), "{pointer}/{field}");
    }
}

#[test]
fn every_definition_and_field_is_described() {
    for name in ["scenario.schema.json", "report.schema.json"] {
        let schema = schema(name);
        assert_eq!(schema["$id"], json!(name));
        assert!(schema["title"].is_string() && schema["description"].is_string());
        for (definition, body) in schema["$defs"].as_object().unwrap() {
            assert!(body["description"].is_string(), "{name} {definition}");
            for (field, body) in body["properties"].as_object().into_iter().flatten() {
                assert!(body["description"].is_string() || body["$ref"].is_string(), "{name} {definition}.{field}");
            }
        }
    }
}

/// The fields of a definition, and whether each must be there.
fn properties(definition: &Value) -> BTreeMap<String, bool> {
    let required = definition["required"].as_array();
    definition["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(field, _)| {
            let must = required.is_some_and(|list| list.contains(&json!(field)));
            (field.clone(), must)
        })
        .collect()
}

#[test]
fn the_typescript_declarations_have_the_fields_of_the_schemas() {
    let path = root().join("crates/wasm/src/types.d.ts");
    let text = fs::read_to_string(path).unwrap();
    // What is asked beside the decision has no schema.
    let (text, _) = text.split_once("---- Beside the decision").unwrap();
    let mut declared = BTreeMap::new();
    let mut current: Option<(String, BTreeMap<String, bool>)> = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("export interface ") {
            current = Some((rest.trim_end_matches(" {").to_owned(), BTreeMap::new()));
        } else if line == "}" {
            declared.extend(current.take());
        } else if let Some((_, fields)) = &mut current
            && let Some((name, _)) = line.trim_start().split_once(": ")
            && name.chars().all(|char| char.is_alphanumeric() || "$?".contains(char))
        {
            fields.insert(name.trim_end_matches('?').to_owned(), !name.ends_with('?'));
        }
    }

    let mut expected = BTreeMap::new();
    for name in ["scenario.schema.json", "report.schema.json"] {
        for (definition, body) in schema(name)["$defs"].as_object().unwrap() {
            if body["properties"].is_object() {
                expected.insert(definition.clone(), properties(body));
            }
        }
    }
    assert_eq!(declared, expected);
}

#[test]
fn the_typescript_unions_have_the_words_of_the_schemas() {
    let path = root().join("crates/wasm/src/types.d.ts");
    let text = fs::read_to_string(path).unwrap();
    for name in ["scenario.schema.json", "report.schema.json"] {
        for (definition, body) in schema(name)["$defs"].as_object().unwrap() {
            let Some(words) = body["enum"].as_array() else {
                continue;
            };
            let start = format!("export type {definition} =");
            let (_, rest) = text.split_once(&start).expect(&start);
            let (union, _) = rest.split_once(';').unwrap();
            let declared: BTreeSet<&str> =
                union.split('|').map(|word| word.trim().trim_matches('"')).filter(|word| !word.is_empty()).collect();
            let expected: BTreeSet<&str> = words.iter().filter_map(Value::as_str).collect();
            assert_eq!(declared, expected, "{definition}");
        }
    }
}

//! What is asked while typing, on the largest AWS managed policy: each is to take less than 5 ms.

use assist::{
    Knowledge, Part, complete, expand, expand_at, format, hover, identify, request_help, request_notes, suggest_actions,
};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

fn knowledge() -> Knowledge {
    let mut knowledge = Knowledge::default();
    for part in Part::ALL {
        let file = format!("{}/../../data/{}.txt", env!("CARGO_MANIFEST_DIR"), part.name());
        let text = std::fs::read_to_string(file).expect("the data is there");
        knowledge.load(part, text).expect("the data is whole");
    }
    knowledge
}

fn benches(criterion: &mut Criterion) {
    let knowledge = knowledge();
    let managed = knowledge.managed_policies().expect("loaded");
    let text = managed.iter().map(|policy| policy.document()).max_by_key(String::len).expect("there are policies");
    let middle = text.len() / 2;
    // In an action, and in the resource behind it.
    let action = text[..middle].rfind("\"Resource\"").and_then(|at| text[..at].rfind(':')).expect("an action") + 2;
    let resource = middle + text[middle..].find("\"Resource\": ").expect("a resource") + 14;
    let effect = text[..middle].rfind("\"Effect\"").expect("an effect") + 3;
    let scenario = json!({
        "request": {
            "principal": "arn:aws:iam::111122223333:user/alice",
            "action": "ec2:RunInstances",
            "resource": "arn:aws:ec2:us-east-1:111122223333:instance/*"
        },
        "policies": [{ "kind": "identity", "document": text }]
    });
    println!("{} bytes", text.len());
    let mut group = criterion.benchmark_group("largest managed policy");
    for (name, at) in [("action", action), ("resource", resource), ("element", effect), ("end", text.len() - 2)] {
        group.bench_function(format!("complete: {name}"), |b| b.iter(|| complete(&scenario, 0, at, &knowledge)));
        group.bench_function(format!("hover: {name}"), |b| b.iter(|| hover(&scenario, 0, at, Some(0), &knowledge)));
    }
    group.bench_function("expand_at", |b| b.iter(|| expand_at(&scenario, 0, action, &knowledge)));
    group.bench_function("format", |b| b.iter(|| format(&text, middle)));
    group.bench_function("request_notes", |b| b.iter(|| request_notes(&scenario, &knowledge)));
    group.bench_function("request_help", |b| b.iter(|| request_help(&scenario, &knowledge)));
    group.finish();

    let mut group = criterion.benchmark_group("typing");
    let typed = |document: &str| json!({ "request": scenario["request"], "policies": [{ "kind": "identity", "document": document }] });
    for (name, document) in [
        ("service", r#"{"Statement": {"Action": ""#),
        ("action of ec2", r#"{"Statement": {"Action": "ec2:"#),
        ("name of any service", r#"{"Statement": {"Action": "Describe"#),
        ("condition key", r#"{"Statement": {"Action": "ec2:*", "Condition": {"StringEquals": {""#),
        ("resource of ec2", r#"{"Statement": {"Action": "ec2:*", "Resource": ""#),
        ("managed policy", r#"{"Statement": {"Condition": {"ArnEquals": {"iam:PolicyARN": ""#),
    ] {
        let scenario = typed(document);
        group.bench_function(name, |b| b.iter(|| complete(&scenario, 0, document.len(), &knowledge)));
    }
    group.bench_function("expand ec2:*", |b| b.iter(|| expand("ec2:*", &knowledge)));
    group.bench_function("identify", |b| b.iter(|| identify("arn:aws:s3:::photos/cat.jpg", &knowledge)));
    group.bench_function("suggest_actions", |b| b.iter(|| suggest_actions("ec2:d", &scenario, &knowledge)));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);

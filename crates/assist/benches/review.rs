//! Findings in the largest AWS managed policy, whole and in parts: `cargo bench -p iam-assist --bench review`. A browser
//! has 50 ms for it.

use std::fs;
use std::hint::black_box;

use assist::{Knowledge, Part, check, fixes, review};
use criterion::{Criterion, criterion_group, criterion_main};
use policy::PolicyKind;
use reference::Reviewer;

fn findings(criterion: &mut Criterion) {
    let mut knowledge = Knowledge::default();
    for part in [Part::Services, Part::ManagedPolicies] {
        let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), part.name());
        knowledge.load(part, fs::read_to_string(path).unwrap()).unwrap();
    }
    let documents = knowledge.managed_policies().unwrap().iter().map(|policy| policy.document());
    let text = documents.max_by_key(String::len).unwrap();
    let kind = PolicyKind::Identity;
    let scenario = serde_json::json!({
        "request": {"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObject", "resource": "arn:aws:s3:::photos/cat.jpg"},
        "policies": [{"kind": "identity", "document": text}]
    });
    let mut group = criterion.benchmark_group(format!("findings in {} kB", text.len() / 1000));
    group.sample_size(20);
    group.bench_function("parse", |bencher| bencher.iter(|| policy::parse(black_box(&text), kind)));
    let parsed = policy::parse(&text, kind);
    group.bench_function("look up", |bencher| {
        bencher.iter(|| {
            let mut reviewer = Reviewer::new(knowledge.services().unwrap());
            parsed.document.statements.iter().filter_map(|statement| reviewer.review(statement)).count()
        });
    });
    group.bench_function("check", |bencher| bencher.iter(|| check(black_box(&text), kind, &knowledge)));
    group.bench_function("review", |bencher| bencher.iter(|| review(black_box(&scenario), &knowledge)));
    group.bench_function("fixes", |bencher| bencher.iter(|| fixes(black_box(&scenario), 0, 1000, &knowledge)));
    group.finish();
}

criterion_group!(benches, findings);
criterion_main!(benches);

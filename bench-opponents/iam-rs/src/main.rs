//! Times iam-rs on the workloads that `cargo bench … -- --export FOLDER` wrote. Prints one JSON object:
//! `WORKLOAD/FORM` → `{ "median": nanoseconds }` or `{ "note": why there is none }`.
//!
//! iam-rs has one flat layer: it knows no kinds of policy, so workloads with other than identity policies are left out.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use iam_rs::{
    Arn, Context, ContextValue, Decision, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator, Principal,
    PrincipalId,
};
use serde_json::{Map, Value, json};

fn main() {
    let folder = std::env::args().nth(1).expect("the folder with the workloads");
    let mut results = Map::new();
    let lock = include_str!("../Cargo.lock");
    let version = lock.split_once("name = \"iam-rs\"\nversion = \"").and_then(|(_, rest)| rest.split('"').next());
    results.insert("version".to_owned(), json!(version));
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        measure(&file, &mut results);
    }
    println!("{}", Value::Object(results));
}

fn measure(file: &Path, results: &mut Map<String, Value>) {
    let workload: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let name = workload["name"].as_str().unwrap();
    eprintln!("iam-rs: {name}");
    let mut result = |form: &str, value: Value| results.insert(format!("{name}/{form}"), value);
    let policies = workload["scenario"]["policies"].as_array().unwrap();
    if policies.iter().any(|policy| policy["kind"] != "identity") {
        result("decide", json!({ "note": "no kinds of policy" }));
        return;
    }
    let texts: Vec<&str> = policies.iter().map(|policy| policy["document"].as_str().unwrap()).collect();
    let requests = requests(&workload);
    let read = || -> Vec<IAMPolicy> { texts.iter().map(|text| IAMPolicy::from_json(text).unwrap()).collect() };
    let evaluator = |details| {
        let options = EvaluationOptions { collect_match_details: details, ..EvaluationOptions::default() };
        PolicyEvaluator::with_policies(read()).with_options(options)
    };
    let allowed = |evaluator: &PolicyEvaluator| -> usize {
        let decision = |request| evaluator.evaluate(black_box(request)).map(|result| result.decision);
        requests.iter().map(|request| usize::from(decision(request) == Ok(Decision::Allow))).sum()
    };
    // Compiled ahead, the decision alone; with what it records of statements; and from the policies' text.
    let (bare, full) = (evaluator(false), evaluator(true));
    let expected = usize::try_from(workload["allowed"].as_u64().unwrap()).unwrap();
    let got = allowed(&bare);
    if got != expected {
        let why = requests.first().map(|request| format!("{:?}", bare.evaluate(request).map(|result| result.decision)));
        eprintln!("iam-rs: {name}: {got} allowed, {expected} expected: {}", why.unwrap_or_default());
        result("decide", json!({ "note": "another answer" }));
        return;
    }
    result("decide", json!({ "median": median(|| allowed(&bare)) }));
    result("trace", json!({ "median": median(|| allowed(&full)) }));
    result("keystroke", json!({ "median": median(|| allowed(&evaluator(true))) }));
}

fn requests(workload: &Value) -> Vec<IAMRequest> {
    let input = &workload["scenario"]["request"];
    let text = |field: &str| input[field].as_str().unwrap().to_owned();
    let mut context = Context { data: std::collections::HashMap::new() };
    for (key, value) in input["context"].as_object().unwrap() {
        let text = value.as_str().unwrap();
        // It reads instants and booleans only from values of those types.
        let value = match text {
            "true" | "false" => ContextValue::Boolean(text == "true"),
            _ if key == "aws:CurrentTime" => ContextValue::DateTime(text.parse().unwrap()),
            _ => ContextValue::String(text.to_owned()),
        };
        context.data.insert(key.clone(), value);
    }
    // A request about `*` is not an ARN, which iam-rs asks for.
    let resource = match text("resource").as_str() {
        "*" => Arn::parse("arn:aws:s3:::any"),
        arn => Arn::parse(arn),
    };
    let resource = resource.unwrap();
    let request = |action: &str| {
        let principal = Principal::Aws(PrincipalId::String(text("principal")));
        IAMRequest::new_with_context(principal, action, resource.clone(), context.clone())
    };
    match workload["actions"].as_array().unwrap().as_slice() {
        [] => vec![request(&text("action"))],
        actions => actions.iter().map(|action| request(action.as_str().unwrap())).collect(),
    }
}

/// The median time of a call in nanoseconds, over two seconds of batches that are long enough for the clock.
fn median<R>(mut call: impl FnMut() -> R) -> f64 {
    let mut batch = 1;
    while time(batch, &mut call) < Duration::from_millis(1) {
        batch *= 2;
    }
    let start = Instant::now();
    let mut samples = Vec::new();
    while samples.len() < 10 || start.elapsed() < Duration::from_secs(2) {
        samples.push(time(batch, &mut call).as_secs_f64() * 1e9 / f64::from(batch));
    }
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

fn time<R>(calls: u32, call: &mut impl FnMut() -> R) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call());
    }
    start.elapsed()
}

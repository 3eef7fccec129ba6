//! How long an evaluation takes: `cargo xtask bench`, or `cargo bench -p iam-playground-core`.
//!
//! Every workload in three forms: `decide` (policies compiled, the decision alone), `trace` (policies compiled, every
//! statement recorded) and `keystroke` (from the text of the policies to the finished report).
//!
//! `cargo bench -p iam-playground-core --bench evaluation -- --export FOLDER` writes the workloads as JSON, for the
//! browser and for the engines we compare with.

mod workloads;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use evaluator::{Caller, Context, Decision, Level, PolicyEntry, PolicySet, Request, Source, decide, evaluate};
use playground::{Options, evaluate_value};
use policy::{Document, PolicyKind, ResourceType};
use serde_json::{Value, json};
use workloads::Workload;

/// The time of every request that does not give one.
const OPTIONS: Options = Options { now: Some(1_792_065_600_000) };

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--export").skip(1);
    if let Some(folder) = arguments.next() {
        return export(Path::new(&folder));
    }
    let mut criterion = Criterion::default().configure_from_args();
    for workload in workloads::all() {
        measure(&mut criterion, &workload);
    }
    first_example(&mut criterion);
    criterion.final_summary();
}

fn measure(criterion: &mut Criterion, workload: &Workload) {
    let mut group = criterion.benchmark_group(workload.name);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2)).sample_size(30);
    let documents = documents(&workload.scenario);
    let policies = policies(&workload.scenario, &documents);
    let request = request(&workload.scenario);
    let requests: Vec<Request> = match workload.actions.as_slice() {
        [] => vec![request],
        actions => actions.iter().map(|action| request.with_action(action)).collect(),
    };
    let is_allowed = |decision: Decision| usize::from(decision == Decision::Allowed);
    let decided = || requests.iter().map(|request| is_allowed(decide(&policies, black_box(request)).decision())).sum();
    let traced = || -> usize {
        requests.iter().map(|request| is_allowed(evaluate(&policies, black_box(request)).verdict.decision())).sum()
    };
    check(workload, "decide", decided());
    check(workload, "trace", traced());
    group.throughput(Throughput::Elements(requests.len() as u64));
    group.bench_function("decide", |bencher| bencher.iter(&decided));
    group.bench_function("trace", |bencher| bencher.iter(&traced));
    keystroke(&mut group, &with_tests(workload), Some(workload));
}

/// The page's first example, as the measurement in the browser has it.
fn first_example(criterion: &mut Criterion) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/examples/01-read-one-object.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut scenario: Value = serde_json::from_str(&text).unwrap();
    for policy in scenario["policies"].as_array_mut().unwrap() {
        if policy["document"].is_object() {
            policy["document"] = json!(serde_json::to_string_pretty(&policy["document"]).unwrap());
        }
    }
    let mut group = criterion.benchmark_group("first-example");
    keystroke(&mut group, &scenario, None);
}

fn keystroke(group: &mut BenchmarkGroup<'_, WallTime>, scenario: &Value, workload: Option<&Workload>) {
    let answered = || evaluate_value(black_box(scenario), OPTIONS);
    if let Some(workload) = workload {
        let report = answered();
        assert_eq!(report.diagnostics.iter().find(|finding| finding.severity == playground::Severity::Error), None);
        let allowed = |decision| usize::from(decision == Some(playground::Decision::Allowed));
        let count = match workload.actions.as_slice() {
            [] => allowed(report.decision),
            _ => report.tests.iter().map(|test| allowed(test.decision)).sum(),
        };
        check(workload, "keystroke", count);
    }
    group.bench_function("keystroke", |bencher| bencher.iter(answered));
}

/// A fast wrong answer does not count.
fn check(workload: &Workload, form: &str, allowed: usize) {
    assert_eq!(allowed, workload.allowed, "{}/{form}: another decision than the workload says", workload.name);
}

/// The scenario with a test for every action that is asked for: the facade's way of deciding many requests at once.
fn with_tests(workload: &Workload) -> Value {
    let test = |action: &String| json!({ "name": action, "request": { "action": action }, "expect": "allowed" });
    let mut scenario = workload.scenario.clone();
    scenario["tests"] = workload.actions.iter().map(test).collect();
    scenario
}

fn export(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (at, workload) in workloads::all().into_iter().enumerate() {
        let file = folder.join(format!("{at}-{}.json", workload.name));
        let value = json!({
            "name": workload.name,
            "about": workload.about,
            "scenario": with_tests(&workload),
            "actions": workload.actions,
            "allowed": workload.allowed,
        });
        fs::write(&file, value.to_string()).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

// The scenario in the evaluator's own terms: what the facade does on every keystroke, done once.

fn kind(name: &str) -> PolicyKind {
    match name {
        "identity" => PolicyKind::Identity,
        "resource" => PolicyKind::Resource(ResourceType::Bucket),
        "permissionsBoundary" => PolicyKind::PermissionsBoundary,
        "session" => PolicyKind::Session,
        "scp" => PolicyKind::Scp,
        "rcp" => PolicyKind::Rcp,
        "vpcEndpoint" => PolicyKind::VpcEndpoint,
        other => panic!("a workload has a policy of kind {other}"),
    }
}

fn documents(scenario: &Value) -> Vec<(PolicyKind, Document)> {
    let policies = scenario["policies"].as_array().unwrap();
    policies
        .iter()
        .map(|policy| {
            let kind = kind(policy["kind"].as_str().unwrap());
            (kind, policy::parse(policy["document"].as_str().unwrap(), kind).document)
        })
        .collect()
}

fn policies<'a>(scenario: &Value, documents: &'a [(PolicyKind, Document)]) -> PolicySet<'a> {
    let entries = documents.iter().map(|(kind, document)| PolicyEntry::new(*kind, document)).collect();
    let levels = scenario["organization"]["scpLevels"].as_array().map_or(0, Vec::len);
    PolicySet::with_levels(entries, vec![Level { account: None, needs_scp: true }; levels])
}

fn request(scenario: &Value) -> Request {
    let input = &scenario["request"];
    let text = |field: &str| input[field].as_str();
    let mut context = Context::default();
    for (key, value) in input["context"].as_object().unwrap() {
        context.add(key, vec![value.as_str().unwrap().to_owned()], false, Source::Given);
    }
    let caller = Caller::parse(text("principal").unwrap()).unwrap();
    let (action, resource) = (text("action").unwrap(), text("resource").unwrap());
    let mut request = Request::new(caller, action, resource, text("resourceAccount"), context);
    request.management_account = scenario["organization"]["managementAccount"].as_str().map(str::to_owned);
    request.derive(None);
    request
}

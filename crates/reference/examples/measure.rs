//! How long loading takes, how much memory stays in use, and what reviewing every AWS managed policy costs:
//! `cargo run --release -p iam-reference --example measure`. With `--findings` it also prints what is found in them:
//! AWS wrote them, so a kind of finding that comes up often is one that is probably wrong.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use policy::PolicyKind;
use reference::{Descriptions, ManagedPolicies, Reference, Reviewer, Support};

fn main() {
    let read = |name: &str| {
        std::fs::read_to_string(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), name)).unwrap()
    };
    let (services, descriptions, managed) = (read("services"), read("descriptions"), read("managed-policies"));

    let before = resident();
    let reference = Reference::load(services.clone()).unwrap();
    let after = resident();
    println!("service data: {} kB of text, {} kB in memory", services.len() / 1000, after.saturating_sub(before));
    time("load service data", || Reference::load(services.clone()).unwrap());
    time("load descriptions", || Descriptions::load(descriptions.clone(), &reference).unwrap());
    let policies = ManagedPolicies::load(managed.clone()).unwrap();
    time("load managed policies", || ManagedPolicies::load(managed.clone()).unwrap());

    time("an action by name", || reference.action("s3:GetObject").unwrap().applicable_keys().len());
    time("expand *", || reference.expand("*").count());
    time("expand *:Get*", || reference.expand("*:Get*").count());
    time("expand ec2:Describe*", || reference.expand("ec2:Describe*").count());
    time("nearest action", || reference.nearest_action("ec2:DescribInstanceses").is_some());
    time("nearest action anywhere", || reference.nearest_action("ecc2:Xyzzyxyzzy").is_some());
    time("nearest key", || reference.nearest_key("aws:SourceIpp").is_some());
    time("nearest key anywhere", || reference.nearest_key("xyzzy:SourceIpp").is_some());
    time("identify an ARN", || reference.identify("arn:aws:ec2:eu-west-1:111122223333:instance/i-1").len());
    time("identify arn:*", || reference.identify("arn:*").len());

    let largest = policies.iter().max_by_key(|policy| policy.document().len()).unwrap();
    let text = largest.document();
    let parsed = policy::parse(&text, PolicyKind::Identity);
    println!("largest managed policy: {}, {} bytes", largest.name(), text.len());
    time("its document", || largest.document().len());
    time("its review", || {
        let mut reviewer = Reviewer::new(&reference);
        parsed.document.statements.iter().filter_map(|s| reviewer.review(s)).count()
    });
    corpus(&reference, &policies, std::env::args().any(|argument| argument == "--findings"));
}

fn corpus(reference: &Reference, policies: &ManagedPolicies, print: bool) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut slowest = (Duration::ZERO, "");
    for policy in policies.iter() {
        let text = policy.document();
        let parsed = policy::parse(&text, PolicyKind::Identity);
        let start = Instant::now();
        let mut reviewer = Reviewer::new(reference);
        let reviews: Option<Vec<_>> = parsed.document.statements.iter().map(|s| reviewer.review(s)).collect();
        let reviews = reviews.expect("what AWS wrote is within the limits");
        slowest = slowest.max((start.elapsed(), policy.name()));
        let mut note = |kind: &'static str, what: String| {
            *counts.entry(kind).or_default() += 1;
            if print {
                println!("{kind}\t{}\t{what}", policy.name());
            }
        };
        for review in &reviews {
            for used in &review.actions {
                let entry = &used.entry.value;
                if used.covered == 0 {
                    note("unknown action", format!("{entry}\t{:?}", used.nearest));
                } else if used.usable == 0 && !used.misfits.is_empty() {
                    note("action without a fitting resource", entry.clone());
                } else if used.usable == 0 {
                    note("action that only * covers", entry.clone());
                }
            }
            for used in review.resources.iter().filter(|used| used.is_useless()) {
                note("useless resource", format!("{}\t{}", used.entry.value, review.actions[0].entry.value));
            }
            for used in &review.keys {
                let name = &used.condition.key.value;
                if used.key.is_none() {
                    note("unknown key", format!("{name}\t{:?}", used.nearest));
                }
                if used.support == Support::Unlisted {
                    note("key of no action", format!("{name}\t{}", review.actions[0].entry.value));
                }
                let operator = &used.condition.operator_name.value;
                if !used.operator_fits {
                    note("operator of another type", format!("{operator}\t{name}"));
                }
                if used.lacks_set_operator {
                    note("no set operator", format!("{operator}\t{name}"));
                }
                if used.needless_set_operator {
                    note("needless set operator", format!("{operator}\t{name}"));
                }
            }
        }
    }
    println!("slowest review: {:.1} ms, {}", slowest.0.as_secs_f64() * 1e3, slowest.1);
    println!("{counts:#?}");
}

/// Prints the fastest of some runs: other work on the machine only ever adds.
fn time<T>(what: &str, mut work: impl FnMut() -> T) {
    let times = (0..25)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed()
        })
        .min();
    println!("{what:<28} {:>9.3} ms", times.unwrap_or_default().as_secs_f64() * 1e3);
}

/// kB in memory, where the system says so.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok().and_then(|s| s.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096 / 1000
}

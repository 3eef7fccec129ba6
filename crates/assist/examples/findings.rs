//! What is found in the AWS managed policies: `cargo run --release -p iam-assist --example findings [SLUG]`.
//!
//! AWS wrote them, so a finding that many of them get is probably wrong, or at most worth a remark. Without a slug the
//! counts are printed, with one every finding of that slug.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use assist::{Knowledge, Part, check};
use policy::PolicyKind;

fn main() {
    let wanted = std::env::args().nth(1);
    let mut knowledge = Knowledge::default();
    for part in [Part::Services, Part::ManagedPolicies] {
        let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), part.name());
        knowledge.load(part, std::fs::read_to_string(path).unwrap()).unwrap();
    }
    let mut counts: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    let mut slowest = (Duration::ZERO, "");
    for policy in knowledge.managed_policies().unwrap().iter() {
        let text = policy.document();
        let start = Instant::now();
        let found = check(&text, PolicyKind::Identity, &knowledge);
        slowest = slowest.max((start.elapsed(), policy.name()));
        let mut codes: Vec<_> = found.iter().map(|finding| finding.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        for finding in &found {
            let key = (format!("{:?}", finding.severity), finding.code.clone());
            counts.entry(key).or_default().0 += 1;
            if wanted.as_deref() == Some(finding.code.as_str()) {
                let help = finding.help.as_deref().unwrap_or("");
                println!("{}: {} ({help})", policy.name(), finding.message);
            }
        }
        for code in codes {
            for ((_, _), count) in counts.iter_mut().filter(|((_, known), _)| known == code) {
                count.1 += 1;
            }
        }
    }
    if wanted.is_none() {
        for ((severity, code), (findings, policies)) in &counts {
            println!("{severity:8} {code:36} {findings:6} in {policies:4} policies");
        }
        println!("slowest: {} in {:?}", slowest.1, slowest.0);
    }
}

//! Policies as people write them and AWS's pages show them: homes in buckets, roles of Kubernetes' controllers, pipelines,
//! guardrails, log delivery. Nothing is said about them but what is listed, so that no finding cries wolf.

use std::fs;

use assist::{Knowledge, Part, check, document_kind};
use playground::Severity;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Real {
    kind: String,
    /// The codes that may be found.
    said: Vec<String>,
    policy: Value,
}

#[test]
fn correct_policies_draw_no_other_finding() {
    let mut knowledge = Knowledge::default();
    let services = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
    knowledge.load(Part::Services, fs::read_to_string(services).unwrap()).unwrap();
    let all = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real-policies.json");
    let all: Vec<Real> = serde_json::from_str(&fs::read_to_string(all).unwrap()).unwrap();
    assert!(all.len() > 170);
    for real in all {
        let text = serde_json::to_string_pretty(&real.policy).unwrap();
        for finding in check(&text, document_kind(&real.kind).unwrap(), &knowledge) {
            assert_ne!(finding.severity, Severity::Error, "{}: {text}", finding.message);
            assert!(real.said.contains(&finding.code), "{}: {}\n{text}", finding.code, finding.message);
        }
    }
}

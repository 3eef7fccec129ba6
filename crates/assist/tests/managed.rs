//! The AWS managed policies: AWS saves them, so none of them has an error, and a warning that many of them have is
//! probably wrong.

use std::collections::BTreeMap;
use std::fs;

use assist::{Knowledge, Part, check};
use playground::Severity;
use policy::PolicyKind;

#[test]
fn no_managed_policy_has_an_error_and_few_have_a_warning() {
    let mut knowledge = Knowledge::default();
    for part in [Part::Services, Part::ManagedPolicies] {
        let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), part.name());
        knowledge.load(part, fs::read_to_string(path).unwrap()).unwrap();
    }
    let mut policies = 0;
    let mut warned: BTreeMap<String, usize> = BTreeMap::new();
    for policy in knowledge.managed_policies().unwrap().iter() {
        let found = check(&policy.document(), PolicyKind::Identity, &knowledge);
        policies += 1;
        let mut codes = Vec::new();
        for finding in &found {
            assert_ne!(finding.severity, Severity::Error, "{}: {}: {}", policy.name(), finding.code, finding.message);
            if finding.severity == Severity::Warning {
                codes.push(finding.code.clone());
            }
        }
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            *warned.entry(code).or_default() += 1;
        }
    }
    assert!(policies >= 1_582, "{policies}");
    for (code, count) in warned {
        // AWS allows itself longer policies, and tests tags with `ForAllValues` alone in 118 of them: the way past
        // that is documented by AWS too.
        let many = ["policy-too-long", "for-all-values-absent"].contains(&code.as_str());
        assert!(many || count < policies / 20, "{code} in {count} of {policies} policies");
    }
}

//! AWS's reference data, which is part of the program, and read when it is first needed.

use std::sync::OnceLock;

use assist::{Knowledge, Part};
use serde_json::Value;

const SERVICES: &str = include_str!("../../../data/services.txt");
const DESCRIPTIONS: &str = include_str!("../../../data/descriptions.txt");
const MANAGED_POLICIES: &str = include_str!("../../../data/managed-policies.txt");

/// Everything that is known.
pub(crate) fn all() -> &'static Knowledge {
    static ALL: OnceLock<Knowledge> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut knowledge = Knowledge::default();
        for part in Part::ALL {
            let text = match part {
                Part::Services => SERVICES,
                Part::Descriptions => DESCRIPTIONS,
                Part::ManagedPolicies => MANAGED_POLICIES,
                // They are among the documents.
                Part::ManagedNames => continue,
            };
            knowledge.load(part, text).expect("the data was checked when it was made");
        }
        knowledge
    })
}

/// What the decision on a scenario needs: nothing, unless it names AWS managed policies. Reading the data takes longer
/// than a thousand decisions.
pub(crate) fn of(scenario: &Value) -> &'static Knowledge {
    static NOTHING: OnceLock<Knowledge> = OnceLock::new();
    if assist::names_managed_policies(scenario) { all() } else { NOTHING.get_or_init(Knowledge::default) }
}

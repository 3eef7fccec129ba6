//! Findings that need the scenario: who asks, for what, and which other policies there are.

use evaluator::Request;
use playground::{PreparedPolicy, Scenario};
use policy::Diagnostic;

/// The findings in the policy at `at` that its document alone does not show.
pub(super) fn findings(_: &Scenario, _: &[PreparedPolicy], _: usize, _: Option<&Request>) -> Vec<Diagnostic> {
    Vec::new()
}

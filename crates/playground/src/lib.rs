//! The IAM Playground's one facade: a [`Scenario`] in, a [`Report`] out. The page, the command line and the
//! bindings all call [`evaluate_value`] and draw what it returns.

mod report;
mod scenario;

pub use report::*;
pub use scenario::{Organization, PolicyInput, Problem, RequestInput, Scenario, TestInput};

/// What an evaluation needs besides the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The present, for `aws:CurrentTime`, in milliseconds since 1970-01-01T00:00:00Z; `None` leaves the time keys
    /// out.
    pub now: Option<i64>,
}

/// Evaluates a scenario given as a JSON value; whatever is wrong with its shape is said in the report.
pub fn evaluate_value(value: &serde_json::Value, options: Options) -> Report {
    let (scenario, problems) = Scenario::from_value(value);
    evaluate(&scenario, &problems, options)
}

/// Evaluates a scenario. `problems` are those found in its shape; an error among them leaves no decision.
pub fn evaluate(scenario: &Scenario, problems: &[Problem], options: Options) -> Report {
    let _ = (scenario, problems, options);
    todo!()
}

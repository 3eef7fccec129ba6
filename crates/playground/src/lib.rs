//! The IAM Playground's one facade: a [`Scenario`] in, a [`Report`] out. The page, the command line and the
//! bindings all call [`evaluate_value`] and draw what it returns.
//!
//! ```
//! use playground::{Decision, Options, evaluate_value};
//!
//! let scenario = serde_json::json!({
//!     "request": {
//!         "principal": "arn:aws:iam::111122223333:user/alice",
//!         "action": "s3:GetObject",
//!         "resource": "arn:aws:s3:::photos/cat.jpg"
//!     },
//!     "policies": [{ "kind": "identity", "name": "Read", "document": {
//!         "Version": "2012-10-17",
//!         "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::photos/*" }]
//!     }}]
//! });
//! let report = evaluate_value(&scenario, Options::default());
//! assert_eq!(report.decision, Some(Decision::Allowed));
//! assert_eq!(report.reason.code, "allowed-by-identity");
//! assert_eq!(report.matched_statements[0].start.line, 4);
//! ```
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

mod check;
mod codes;
mod decider;
mod describe;
mod engine;
mod explain;
mod limits;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "memory")]
mod moved;
mod position;
#[cfg(feature = "memory")]
mod prepared;
mod report;
mod request;
mod scenario;
mod test;

pub use check::{check, diagnostic};
pub use codes::CODES;
pub use decider::Decider;
#[cfg(feature = "lints")]
pub use describe::key_findings;
pub use engine::ReadDocument;
#[cfg(feature = "memory")]
pub use memory::{Memory, SharedReport, evaluate_with};
pub use position::Positions;
#[cfg(feature = "memory")]
pub use prepared::{PreparedPolicy, prepare, prepare_with};
pub use report::*;
pub use scenario::{Expect, InputKind, Organization, PolicyInput, Problem, RequestInput, Scenario, TestInput};

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

/// Evaluates a scenario and runs its tests. `problems` are those found in its shape; an error among them leaves no
/// decision.
pub fn evaluate(scenario: &Scenario, problems: &[Problem], options: Options) -> Report {
    engine::Engine::new(scenario, problems, options).report()
}

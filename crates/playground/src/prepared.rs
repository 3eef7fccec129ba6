//! A scenario as its findings refer to it: names, texts, and the request with what follows from it.

use std::sync::Arc;

use evaluator::Request;
use policy::{Parsed, PolicyKind};

use crate::engine::{Engine, Read};
use crate::{InputKind, Options, Positions, Problem, Scenario};

/// A policy of a scenario, read as [`crate::evaluate`] reads it.
#[derive(Debug, Clone)]
pub struct PreparedPolicy {
    /// Its place in the scenario's list.
    pub index: usize,
    /// As given, or `KIND-N`.
    pub name: String,
    /// As the scenario says.
    pub input_kind: InputKind,
    /// What elements it takes: of a resource-based policy that hangs on the request's resource.
    pub kind: PolicyKind,
    /// The document as typed, or as laid out where the scenario gives an object.
    pub text: String,
    /// What was understood of it, and what is wrong.
    pub parsed: Parsed,
    /// The lines of the text.
    pub positions: Positions,
}

/// The policies of a scenario, and its request where it is usable. `problems` are those found in the scenario's shape.
pub fn prepare(scenario: &Scenario, problems: &[Problem]) -> (Vec<PreparedPolicy>, Option<Request>) {
    let engine = Engine::new(scenario, problems, Options::default());
    let request = engine.build(&scenario.request, "/request", &mut Vec::new());
    let policies = engine.policies.into_iter().map(|policy| {
        let Read { kind, text, parsed, positions } = Arc::unwrap_or_clone(policy.read);
        let input = policy.input;
        PreparedPolicy { index: input.index, name: policy.name, input_kind: input.kind, kind, text, parsed, positions }
    });
    (policies.collect(), request)
}

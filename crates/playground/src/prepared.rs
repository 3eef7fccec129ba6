//! A scenario as its findings refer to it: names, texts, and the request with what follows from it.

use core::ops::Deref;
use std::sync::Arc;

use evaluator::Request;
use policy::PolicyKind;

use crate::engine::{Engine, ReadDocument};
use crate::{InputKind, Memory, Options, Problem, Scenario};

/// A policy of a scenario, read as [`crate::evaluate`] reads it. It has all that its document has.
#[derive(Debug, Clone)]
pub struct PreparedPolicy {
    /// Its place in the scenario's list.
    pub index: usize,
    /// As given, or `KIND-N`.
    pub name: String,
    /// As the scenario says.
    pub input_kind: InputKind,
    /// The level that it is attached to.
    pub target: Option<String>,
    /// Its document.
    pub read: Arc<ReadDocument>,
}

impl PreparedPolicy {
    /// A document without a scenario.
    pub fn alone(text: &str, kind: PolicyKind) -> Self {
        let read = ReadDocument::new(text.to_owned(), kind);
        Self { index: 0, name: String::new(), input_kind: InputKind::Identity, target: None, read }
    }
}

impl Deref for PreparedPolicy {
    type Target = ReadDocument;

    fn deref(&self) -> &ReadDocument {
        &self.read
    }
}

/// The policies of a scenario, and its request where it is usable. `problems` are those found in the scenario's shape.
pub fn prepare(scenario: &Scenario, problems: &[Problem]) -> (Vec<PreparedPolicy>, Option<Request>) {
    prepare_with(scenario, problems, &Memory::default())
}

/// The same, in less time where `memory` knows most of the policies.
pub fn prepare_with(
    scenario: &Scenario,
    problems: &[Problem],
    memory: &Memory,
) -> (Vec<PreparedPolicy>, Option<Request>) {
    let options = Options::default();
    let engine = Engine::reading(scenario, problems, options, |at, text, kind| memory.read(at, text, kind));
    let request = engine.build(&scenario.request, "/request", &mut Vec::new());
    let policies = engine.policies.into_iter().map(|policy| PreparedPolicy {
        index: policy.input.index,
        name: policy.name,
        input_kind: policy.input.kind,
        target: policy.input.target.clone(),
        read: policy.read,
    });
    (policies.collect(), request)
}

//! A scenario made ready to decide many requests, without a word about them.

use crate::engine::Engine;
use crate::{Decision, Options, Problem, Reason, RequestInput, Scenario};

/// Decides many requests by the policies of one scenario: what [`crate::evaluate`] decides, without its report.
///
/// ```
/// use playground::{Decider, Decision, Options, Scenario};
///
/// let (scenario, problems) = Scenario::from_value(&serde_json::json!({
///     "request": {
///         "principal": "arn:aws:iam::111122223333:user/alice",
///         "action": "s3:GetObject",
///         "resource": "arn:aws:s3:::photos/cat.jpg"
///     },
///     "policies": [{ "kind": "identity", "document": {
///         "Version": "2012-10-17",
///         "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }]
///     }}]
/// }));
/// let decider = Decider::new(&scenario, &problems, Options::default()).unwrap();
/// let mut request = scenario.request.clone();
/// assert_eq!(decider.decide(&request), Some(Decision::Allowed));
/// request.action = Some("s3:PutObject".to_owned());
/// assert_eq!(decider.decide(&request), Some(Decision::ImplicitDeny));
/// ```
pub struct Decider<'a> {
    engine: Engine<'a>,
}

impl core::fmt::Debug for Decider<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decider").finish_non_exhaustive()
    }
}

impl<'a> Decider<'a> {
    /// Reads the policies.
    ///
    /// # Errors
    ///
    /// Where a policy has an error that AWS would refuse to save: nothing can be decided then, and this is why.
    pub fn new(scenario: &'a Scenario, problems: &[Problem], options: Options) -> Result<Self, Reason> {
        let engine = Engine::new(scenario, problems, options);
        match engine.refused() {
            Some(reason) => Err(reason),
            None => Ok(Self { engine }),
        }
    }

    /// The decision on a request; `None` where the request is unusable.
    pub fn decide(&self, request: &RequestInput) -> Option<Decision> {
        let request = self.engine.build(request, "/request", &mut Vec::new())?;
        Some(self.engine.decision(&request))
    }
}

//! How much more than needed an answer allows: what AWS's list of actions has besides the goal.

use std::collections::BTreeSet;

use playground::{Decider, Decision, Options, RequestInput, Scenario};
use reference::{AccessLevel, Action, Reference};
use serde::Serialize;
use serde_json::Value;

use crate::lesson::Lesson;
use crate::scenario;

/// What an answer allows that the lesson's solution does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Surplus {
    /// How many actions are allowed beyond the goal, on some resource of the sample.
    pub count: usize,
    /// How many requests were tried.
    pub tried: usize,
    /// The result in a sentence.
    pub message: String,
    /// The actions, the most powerful first; at most 100.
    pub actions: Vec<SurplusAction>,
}

/// An action that is allowed beyond the goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SurplusAction {
    /// The action.
    pub action: String,
    /// The resource of the first request that is allowed.
    pub resource: String,
    /// How much it can do, in AWS's words.
    pub level: &'static str,
}

/// How many actions are listed.
const MOST_SHOWN: usize = 100;

/// How many are named in the sentence.
const NAMED: usize = 3;

/// How many requests are tried at most: a fraction of a second's worth, in a browser.
const MOST_TRIED: usize = 20_000;

/// Compares an answer with the solution on a sample of requests: every action that the answer's Allow statements can
/// cover, on the resources that the lesson's rows speak of, else on one made from the format of the action's ARNs;
/// by the callers, and in the circumstances, of the rows. Where that is too much, only in the start's circumstances; where
/// it still is, only every second action, or third, and so on: the count is then one of the sample.
///
/// `None` where the lesson has no policies to write, or the answer cannot be read.
pub fn surplus(lesson: &Lesson, answer: &Value, reference: &Reference, options: Options) -> Option<Surplus> {
    let mut search = SurplusSearch::new(lesson, answer, reference, options)?;
    while !search.advance(reference, MOST_TRIED) {}
    Some(search.result())
}

/// What [`surplus`] does, piece by piece, so that whoever asks can do something else in between, or give it up.
#[derive(Debug)]
pub struct SurplusSearch {
    answer: Scenario,
    solution: Scenario,
    options: Options,
    /// The resources that the rows speak of.
    resources: BTreeSet<String>,
    circumstances: Vec<RequestInput>,
    account: String,
    /// The names of the actions to try.
    actions: Vec<String>,
    /// Every how many actions one is tried.
    step: usize,
    /// The first action that was not tried yet.
    next: usize,
    tried: usize,
    found: Vec<(AccessLevel, SurplusAction)>,
}

impl SurplusSearch {
    /// Begins; nothing is tried yet. `None` as with [`surplus`].
    pub fn new(lesson: &Lesson, answer: &Value, reference: &Reference, options: Options) -> Option<Self> {
        let solution = lesson.solution.as_ref().filter(|_| lesson.kind.changes_policies())?;
        let (answer, problems) =
            Scenario::from_value(&scenario::with_rows(scenario::with_answer(lesson, answer), lesson));
        Decider::new(&answer, &problems, options).ok()?;
        let (solution, problems) = Scenario::from_value(solution);
        Decider::new(&solution, &problems, options).ok()?;

        let mut requests = vec![answer.request.clone()];
        requests.extend(answer.tests.iter().map(|test| answer.request.merged(&test.request)));
        let resources: BTreeSet<String> = requests.iter().filter_map(|request| request.resource.clone()).collect();
        let mut circumstances: Vec<RequestInput> = Vec::new();
        for request in &requests {
            let bare = RequestInput { action: None, resource: None, ..request.clone() };
            if !circumstances.contains(&bare) {
                circumstances.push(bare);
            }
        }
        let account = account(&answer.request);

        let actions = candidates(&answer, reference);
        // Of each action about two resources are tried.
        if actions.len() * 2 * circumstances.len() > MOST_TRIED {
            circumstances.truncate(1);
        }
        let step = (actions.len() * 2).div_ceil(MOST_TRIED).max(1);
        let actions = actions.into_iter().step_by(step).collect();
        let found = Vec::new();
        Some(Self {
            answer,
            solution,
            options,
            resources,
            circumstances,
            account,
            actions,
            step,
            next: 0,
            tried: 0,
            found,
        })
    }

    /// Tries about so many more requests; true once all are tried.
    pub fn advance(&mut self, reference: &Reference, requests: usize) -> bool {
        // That there are no problems was seen in the beginning.
        let (Ok(given), Ok(wanted)) =
            (Decider::new(&self.answer, &[], self.options), Decider::new(&self.solution, &[], self.options))
        else {
            return true;
        };
        let enough = MOST_TRIED.min(self.tried.saturating_add(requests.max(1)));
        while let Some(name) = self.actions.get(self.next) {
            if self.tried >= enough {
                return self.tried >= MOST_TRIED;
            }
            self.next += 1;
            let Some(action) = reference.action(name) else { continue };
            'action: for resource in sample(action, &self.resources, &self.account) {
                for circumstance in &self.circumstances {
                    if self.tried >= MOST_TRIED {
                        break 'action;
                    }
                    self.tried += 1;
                    let request = RequestInput {
                        action: Some(name.clone()),
                        resource: Some(resource.clone()),
                        ..circumstance.clone()
                    };
                    if given.decide(&request) == Some(Decision::Allowed)
                        && wanted.decide(&request) != Some(Decision::Allowed)
                    {
                        let level = action.access_level();
                        let found = SurplusAction { action: name.clone(), resource, level: level.name() };
                        self.found.push((level, found));
                        break 'action;
                    }
                }
            }
        }
        true
    }

    /// What was found so far.
    pub fn result(mut self) -> Surplus {
        self.found.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.action.cmp(&b.action)));
        let count = self.found.len();
        let actions: Vec<SurplusAction> = self.found.into_iter().map(|(_, action)| action).take(MOST_SHOWN).collect();
        Surplus { count, tried: self.tried, message: message(count, self.tried, self.step, &actions), actions }
    }
}

/// The actions that some Allow statement of the scenario can cover.
fn candidates(scenario: &Scenario, reference: &Reference) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for policy in &scenario.policies {
        let Some(document) = scenario::parsed(&policy.document) else { continue };
        let statements = match document.get("Statement") {
            Some(Value::Array(list)) => list.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        for statement in statements.iter().filter(|statement| statement.get("Effect") == Some(&Value::from("Allow"))) {
            let patterns = match statement.get("Action") {
                Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                Some(Value::String(one)) => vec![one.clone()],
                _ => vec!["*".to_owned()],
            };
            for pattern in patterns {
                names.extend(reference.expand(&pattern).map(|action| action.to_string()));
            }
        }
    }
    names
}

/// The resources on which an action is tried.
fn sample(action: Action<'_>, resources: &BTreeSet<String>, account: &str) -> Vec<String> {
    if !action.has_resources() {
        return vec!["*".to_owned()];
    }
    let fits = |resource: &&String| *resource != "*" && action.resources_fitting(resource).next().is_some();
    let mut sample: Vec<String> = resources.iter().filter(fits).cloned().collect();
    let formats = action.resource_types().filter_map(|kind| kind.arn_formats().next());
    // One besides, of a name that no lesson uses.
    sample.extend(formats.take(1).map(|format| filled(format, account)));
    sample
}

/// An ARN of a format.
fn filled(format: &str, account: &str) -> String {
    let mut arn = String::new();
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once("${") {
        arn.push_str(before);
        let (name, behind) = behind.split_once('}').unwrap_or((behind, ""));
        arn.push_str(match name {
            "Partition" => "aws",
            "Region" => "eu-west-1",
            "Account" => account,
            _ => "something-else",
        });
        rest = behind;
    }
    arn + rest
}

fn account(request: &RequestInput) -> String {
    let principal = request.principal.as_ref().map(Value::to_string).unwrap_or_default();
    let is_account = |field: &&str| field.len() == 12 && field.bytes().all(|byte| byte.is_ascii_digit());
    principal.split([':', '"']).find(is_account).unwrap_or("111122223333").to_owned()
}

/// `step`: every how many actions one was tried.
fn message(count: usize, tried: usize, step: usize, actions: &[SurplusAction]) -> String {
    let names: Vec<String> = actions.iter().take(NAMED).map(|action| format!("`{}`", action.action)).collect();
    let names = names.join(", ");
    let about = if step > 1 { format!(", counting one action in {step},") } else { String::new() };
    match count {
        0 => format!("as narrow as can be: of {tried} requests tried, it allows none beyond the goal"),
        1 => format!("it also allows one other action: {names}"),
        few if few <= NAMED => format!("it also allows {few} other actions: {names}"),
        many => format!("it also allows{about} {many} other actions: {names} and more"),
    }
}

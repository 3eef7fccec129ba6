//! The bindings of what the playground tells beside the decision. The reference data is loaded into the module part by
//! part; what is asked before is answered without it.

use std::cell::RefCell;

use assist::{Knowledge, Part};
use playground::{Memory, Options, Report, SharedReport};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::{decode, encode, parts};

pub mod typing;

thread_local! {
    static KNOWLEDGE: RefCell<Knowledge> = RefCell::new(Knowledge::default());
    static SEARCHES: RefCell<Searches> = RefCell::new(Searches::default());
}

/// Takes in a file of the reference data: `services`, `descriptions`, `managed-names` or
/// `managed-policies`. Throws where the text is
/// damaged or belongs to another version; what was loaded before stays.
#[wasm_bindgen]
pub fn load(#[wasm_bindgen(unchecked_param_type = "DataPart")] part: &str, text: String) -> Result<(), JsError> {
    let part = Part::by_name(part).ok_or_else(|| JsError::new("there is no such file of reference data"))?;
    KNOWLEDGE.with_borrow_mut(|knowledge| knowledge.load(part, text))?;
    Ok(())
}

/// The date of the loaded reference data, such as `2026-09-26`.
#[wasm_bindgen(js_name = "dataDate")]
pub fn data_date() -> Option<String> {
    KNOWLEDGE.with_borrow(|knowledge| knowledge.services().map(|services| services.date().to_owned()))
}

/// Findings that need the service data or the whole scenario, to be shown beside those of the report; none is in both.
#[wasm_bindgen(unchecked_return_type = "Diagnostic[]")]
pub fn review(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> Result<JsValue, JsError> {
    let scenario = decode::value(&scenario);
    encode(&KNOWLEDGE.with_borrow(|knowledge| parts::review(&scenario, knowledge)))
}

/// What [`review`] finds in the scenario that [`parts::evaluate_parts`] was given last, as JSON text.
#[wasm_bindgen(js_name = "reviewLast")]
pub fn review_last() -> Result<String, JsError> {
    Ok(serde_json::to_string(&KNOWLEDGE.with_borrow(parts::review_last))?)
}

/// All findings in a policy document given as text, in the order of the text.
#[wasm_bindgen(unchecked_return_type = "Diagnostic[]")]
pub fn check(
    text: &str,
    #[wasm_bindgen(unchecked_param_type = "DocumentKind")] kind: &str,
) -> Result<JsValue, JsError> {
    let kind = assist::document_kind(kind).ok_or_else(|| JsError::new("there is no such kind of policy"))?;
    encode(&KNOWLEDGE.with_borrow(|knowledge| assist::check(text, kind, knowledge)))
}

/// The findings with a fix at a place of one of the scenario's policies, the smallest first: those of the report and
/// those of `review`. `policy` is its place in the scenario's list, `offset` counts UTF-16 code units.
#[wasm_bindgen(unchecked_return_type = "Diagnostic[]")]
pub fn fixes(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    policy: usize,
    offset: u32,
) -> Result<JsValue, JsError> {
    let scenario = decode::value(&scenario);
    encode(&KNOWLEDGE.with_borrow(|knowledge| assist::fixes(&scenario, policy, offset, knowledge)))
}

/// Evaluates a scenario with what is loaded so far.
pub(crate) fn evaluate(scenario: &Value, options: Options) -> Report {
    KNOWLEDGE.with_borrow(|knowledge| assist::evaluate(scenario, knowledge, options))
}

/// The same, in less time where `memory` knows most of the policies.
pub(crate) fn evaluate_with(scenario: &Value, options: Options, memory: &mut Memory) -> SharedReport {
    KNOWLEDGE.with_borrow(|knowledge| assist::evaluate_with(scenario, knowledge, options, memory))
}

/// The AWS managed policies whose names have all words of `query`, the closest first; `kind` is that of the policy to
/// be attached; `null` where no names are loaded.
#[wasm_bindgen(js_name = "managedPolicies", unchecked_return_type = "ManagedName[] | null")]
pub fn managed_policies(
    query: &str,
    #[wasm_bindgen(unchecked_param_type = "PolicyKind")] kind: &str,
) -> Result<JsValue, JsError> {
    encode(&KNOWLEDGE.with_borrow(|knowledge| assist::managed_policies(query, kind, knowledge)))
}

/// The AWS managed policy with this name or ARN, for a policy of this kind; `null` where none is known.
#[wasm_bindgen(js_name = "managedPolicy", unchecked_return_type = "ManagedDocument | null")]
pub fn managed_policy(
    name: &str,
    #[wasm_bindgen(unchecked_param_type = "PolicyKind")] kind: &str,
) -> Result<JsValue, JsError> {
    encode(&KNOWLEDGE.with_borrow(|knowledge| assist::managed_policy(name, kind, knowledge)))
}

/// How far a learner's answer to a lesson is. Throws where the lesson is none.
#[wasm_bindgen(js_name = "judgeLesson", unchecked_return_type = "Judgement")]
pub fn judge_lesson(
    #[wasm_bindgen(unchecked_param_type = "Lesson")] lesson: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Scenario")] answer: JsValue,
    now: Option<f64>,
) -> Result<JsValue, JsError> {
    let lesson: lessons::Lesson = serde_json::from_value(decode::value(&lesson))?;
    encode(&lessons::judge(&lesson, &decode::value(&answer), Options { now: Some(crate::now_or_clock(now)) }))
}

/// Begins to look for what an answer allows beyond the lesson's goal, in a sample of requests; `continueSurplus` goes
/// on with the number that this gives. `undefined` where the service data is not there, the answer cannot be read, or the
/// lesson has no policies to write. Throws where the lesson is none.
#[wasm_bindgen(js_name = "beginSurplus")]
pub fn begin_surplus(
    #[wasm_bindgen(unchecked_param_type = "Lesson")] lesson: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Scenario")] answer: JsValue,
    now: Option<f64>,
) -> Result<Option<u32>, JsError> {
    let lesson: lessons::Lesson = serde_json::from_value(decode::value(&lesson))?;
    let answer = decode::value(&answer);
    let search = KNOWLEDGE.with_borrow(|knowledge| {
        let services = knowledge.services()?;
        lessons::SurplusSearch::new(&lesson, &answer, services, Options { now: Some(crate::now_or_clock(now)) })
    });
    Ok(search.map(|search| SEARCHES.with_borrow_mut(|searches| searches.add(search))))
}

/// Tries some more requests, for a few milliseconds: `undefined` while there is more to try, then the result, once.
/// Throws where there is no such search: it was ended, or given up because many others were begun after it.
#[wasm_bindgen(js_name = "continueSurplus", unchecked_return_type = "LessonSurplus | undefined")]
pub fn continue_surplus(search: u32) -> Result<JsValue, JsError> {
    let result = SEARCHES.with_borrow_mut(|searches| {
        let mut own = searches.take(search).ok_or_else(|| JsError::new("there is no such search"))?;
        let done = KNOWLEDGE.with_borrow(|knowledge| {
            knowledge.services().is_none_or(|services| own.advance(services, REQUESTS_AT_ONCE))
        });
        if done {
            return Ok(Some(own.result()));
        }
        searches.open.push((search, own));
        Ok::<_, JsError>(None)
    })?;
    result.map_or(Ok(JsValue::UNDEFINED), |result| encode(&result))
}

/// Gives a search up; where there is none of this number, nothing happens.
#[wasm_bindgen(js_name = "endSurplus")]
pub fn end_surplus(search: u32) {
    SEARCHES.with_borrow_mut(|searches| searches.take(search));
}

/// How many requests are tried before something else can be asked.
const REQUESTS_AT_ONCE: usize = 500;

/// The searches under way: one for each lesson on the page.
#[derive(Default)]
struct Searches {
    open: Vec<(u32, lessons::SurplusSearch)>,
    last: u32,
}

/// More than are ever under way at a time: older ones were forgotten by whoever began them.
const MOST_SEARCHES: usize = 16;

impl Searches {
    fn add(&mut self, search: lessons::SurplusSearch) -> u32 {
        if self.open.len() >= MOST_SEARCHES {
            self.open.remove(0);
        }
        self.last = self.last.wrapping_add(1);
        self.open.push((self.last, search));
        self.last
    }

    fn take(&mut self, number: u32) -> Option<lessons::SurplusSearch> {
        let at = self.open.iter().position(|(own, _)| *own == number)?;
        Some(self.open.remove(at).1)
    }
}

/// What a text from AWS says: an AccessDenied message wherever it was printed, an encoded authorization message or what
/// it decodes to, or a CloudTrail event.
#[wasm_bindgen(js_name = "readMessage", unchecked_return_type = "Reading")]
pub fn read_message(text: &str) -> Result<JsValue, JsError> {
    encode(&KNOWLEDGE.with_borrow(|knowledge| assist::read_message(text, knowledge)))
}

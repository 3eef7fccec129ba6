//! What helps while a policy or a request is typed.

use wasm_bindgen::prelude::*;

use super::KNOWLEDGE;
use crate::{decode, encode, now_or_clock};

/// What could be written at a place of a policy: `policy` is its place in the scenario's list, `offset` counts UTF-16
/// code units.
#[wasm_bindgen(unchecked_return_type = "Completions")]
pub fn complete(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    policy: usize,
    offset: usize,
) -> Result<JsValue, JsError> {
    let value = decode::value(&scenario);
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::complete(&value, policy, offset, knowledge)))
}

/// What stands at a place of a policy; `null` where there is nothing to say. `now` is the time of the request in
/// milliseconds since 1970, the clock's where absent.
#[wasm_bindgen(unchecked_return_type = "Hover | null")]
pub fn hover(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    policy: usize,
    offset: usize,
    now: Option<f64>,
) -> Result<JsValue, JsError> {
    let value = decode::value(&scenario);
    let now = Some(now_or_clock(now));
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::hover(&value, policy, offset, now, knowledge)))
}

/// A JSON text laid out with two spaces; broken JSON stays as it is, with the reason.
#[wasm_bindgen(unchecked_return_type = "Formatted")]
pub fn format(text: &str, cursor: Option<usize>) -> Result<JsValue, JsError> {
    encode(&assist::format(text, cursor.unwrap_or(0)))
}

/// The actions that a pattern covers.
#[wasm_bindgen(unchecked_return_type = "Expansion")]
pub fn expand(pattern: &str) -> Result<JsValue, JsError> {
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::expand(pattern, knowledge)))
}

/// The edit that writes out the wildcard action at a place of a policy; `null` where there is none.
#[wasm_bindgen(js_name = "expandAt", unchecked_return_type = "Fix | null")]
pub fn expand_at(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    policy: usize,
    offset: usize,
) -> Result<JsValue, JsError> {
    let value = decode::value(&scenario);
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::expand_at(&value, policy, offset, knowledge)))
}

/// The types of resources that an ARN can be.
#[wasm_bindgen(unchecked_return_type = "Identified[]")]
pub fn identify(arn: &str) -> Result<JsValue, JsError> {
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::identify(arn, knowledge)))
}

/// What is known about the action of the scenario's request.
#[wasm_bindgen(js_name = "requestHelp", unchecked_return_type = "RequestHelp")]
pub fn request_help(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> Result<JsValue, JsError> {
    let value = decode::value(&scenario);
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::request_help(&value, knowledge)))
}

/// Actions, or services, for what is typed into the request's field, the best first.
#[wasm_bindgen(js_name = "suggestActions", unchecked_return_type = "ActionInfo[]")]
pub fn suggest_actions(
    typed: &str,
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
) -> Result<JsValue, JsError> {
    let value = decode::value(&scenario);
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::suggest_actions(typed, &value, knowledge)))
}

/// Remarks about the scenario's request: what AWS would never ask, or asks besides.
#[wasm_bindgen(js_name = "requestNotes", unchecked_return_type = "RequestNote[]")]
pub fn request_notes(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue) -> Result<JsValue, JsError> {
    let value = decode::value(&scenario);
    KNOWLEDGE.with_borrow(|knowledge| encode(&assist::request_notes(&value, knowledge)))
}

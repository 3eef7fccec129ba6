//! The WebAssembly shell: decode, call, encode. It contains no logic and no `if` about policies.

#[cfg(feature = "assist")]
pub mod assistance;
mod decode;
#[cfg(feature = "assist")]
pub mod parts;

use playground::Options;
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// Prepares the engine: a panic (a bug of ours, never of what a user typed) is printed with its place.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Evaluates a scenario. `now` is the time of the request in milliseconds since 1970, the clock's where absent.
///
/// Throws nothing for what a user typed; an exception means a bug.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn evaluate(
    #[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: JsValue,
    now: Option<f64>,
) -> Result<JsValue, JsError> {
    let value = decode::value(&scenario);
    let now = Some(now_or_clock(now));
    #[cfg(feature = "assist")]
    let report = assistance::evaluate(&value, Options { now });
    #[cfg(not(feature = "assist"))]
    let report = playground::evaluate_value(&value, Options { now });
    encode(&report)
}

/// A time in milliseconds since 1970, the clock's where none is given.
#[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds fits")]
fn now_or_clock(now: Option<f64>) -> i64 {
    now.unwrap_or_else(js_sys::Date::now) as i64
}

/// As `JSON.parse` would give it: in the whole engine by one JSON text, since making each object and each string of a
/// report by a call of its own takes several times as long.
#[cfg(feature = "assist")]
fn encode(answer: &impl Serialize) -> Result<JsValue, JsError> {
    let text = serde_json::to_string(answer)?;
    js_sys::JSON::parse(&text).map_err(|_| JsError::new("the answer is no JSON"))
}

/// As `JSON.parse` would give it: in the first engine, which is to be small, by calls.
#[cfg(not(feature = "assist"))]
fn encode(answer: &impl Serialize) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(answer.serialize(&serializer)?)
}

/// The engine's version.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

//! From a JavaScript value to a JSON value, as `JSON.stringify` reads it: own enumerable properties in their order,
//! what JSON cannot say left out.
//!
//! `serde_wasm_bindgen::from_value` would do it too, but follows a value that contains itself until the stack ends,
//! and brings serde's error texts, 20 kB of number formatting among them, into a module that is downloaded before the
//! first answer.

use js_sys::Array;
use serde_json::{Map, Number, Value};
use wasm_bindgen::prelude::*;

/// How deep a value may nest.
const DEPTH: usize = 128;

/// How many values there may be: a value that holds another twice, and that one a third twice, is small in memory and
/// endless on paper.
const VALUES: usize = 5_000_000;

#[wasm_bindgen]
extern "C" {
    /// Throws where a getter does.
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn entries(object: &JsValue) -> Result<Array, JsValue>;
}

/// The JSON value of a JavaScript value; `null` where it cannot be read to its end, because it contains itself, is too
/// large, or throws.
pub(crate) fn value(value: &JsValue) -> Value {
    let mut left = VALUES;
    convert(value, DEPTH, &mut left).ok().flatten().unwrap_or_default()
}

/// It cannot be read.
struct Refused;

/// `None` for what JSON leaves out: `undefined`, functions, symbols.
fn convert(value: &JsValue, depth: usize, left: &mut usize) -> Result<Option<Value>, Refused> {
    if let Some(text) = value.as_string() {
        return Ok(Some(Value::String(text)));
    }
    if let Some(boolean) = value.as_bool() {
        return Ok(Some(Value::Bool(boolean)));
    }
    if let Some(number) = value.as_f64() {
        return Ok(Some(self::number(number)));
    }
    if value.is_null() {
        return Ok(Some(Value::Null));
    }
    if !value.is_object() {
        return Ok(None);
    }
    let depth = depth.checked_sub(1).ok_or(Refused)?;
    if let Some(array) = value.dyn_ref::<Array>() {
        let mut items = Vec::new();
        for item in array.iter() {
            *left = left.checked_sub(1).ok_or(Refused)?;
            items.push(convert(&item, depth, left)?.unwrap_or_default());
        }
        return Ok(Some(Value::Array(items)));
    }
    let mut object = Map::new();
    for entry in entries(value).map_err(|_| Refused)?.iter() {
        *left = left.checked_sub(1).ok_or(Refused)?;
        let entry: Array = entry.unchecked_into();
        if let (Some(key), Some(value)) = (entry.get(0).as_string(), convert(&entry.get(1), depth, left)?) {
            object.insert(key, value);
        }
    }
    Ok(Some(Value::Object(object)))
}

/// Whole numbers stay whole, so that `3600` is not written `3600.0`.
fn number(number: f64) -> Value {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    if number.trunc() == number && number.abs() <= SAFE {
        #[expect(clippy::cast_possible_truncation, reason = "a safe integer")]
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

//! From a JavaScript value to a JSON value, as `JSON.stringify` reads it: own enumerable properties in their order,
//! what JSON cannot say left out.
//!
//! `serde_wasm_bindgen::from_value` would do it too, but follows a value that contains itself until the stack ends,
//! and brings serde's error texts, 20 kB of number formatting among them, into a module that is downloaded before the
//! first answer.

use js_sys::{Array, Object};
use serde_json::{Map, Number, Value};
use wasm_bindgen::{JsCast, JsValue};

/// How deep a value may nest; what lies deeper becomes `null`, which the scenario's reader reports at its place.
const DEPTH: usize = 128;

/// The JSON value of a JavaScript value.
pub(crate) fn value(value: &JsValue) -> Value {
    convert(value, DEPTH).unwrap_or_default()
}

/// `None` for what JSON leaves out: `undefined`, functions, symbols.
fn convert(value: &JsValue, depth: usize) -> Option<Value> {
    if let Some(text) = value.as_string() {
        return Some(Value::String(text));
    }
    if let Some(boolean) = value.as_bool() {
        return Some(Value::Bool(boolean));
    }
    if let Some(number) = value.as_f64() {
        return Some(self::number(number));
    }
    if value.is_null() || depth == 0 {
        return Some(Value::Null);
    }
    if let Some(array) = value.dyn_ref::<Array>() {
        return Some(array.iter().map(|item| convert(&item, depth - 1).unwrap_or_default()).collect());
    }
    if !value.is_object() {
        return None;
    }
    let mut object = Map::new();
    for entry in Object::entries(value.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        if let (Some(key), Some(value)) = (entry.get(0).as_string(), convert(&entry.get(1), depth - 1)) {
            object.insert(key, value);
        }
    }
    Some(Value::Object(object))
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

//! The bindings of what the playground tells beside the decision. The reference data is loaded into the module part by
//! part; what is asked before is answered without it.

use std::cell::RefCell;

use assist::{Knowledge, Part};
use wasm_bindgen::prelude::*;

thread_local! {
    static KNOWLEDGE: RefCell<Knowledge> = RefCell::new(Knowledge::default());
}

/// Takes in a file of the reference data: `services`, `descriptions` or `managed-policies`. Throws where the text is
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

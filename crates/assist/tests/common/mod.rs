//! What the tests of this crate share: the data, loaded once, and a scenario.

use std::sync::OnceLock;

use assist::{Knowledge, Part};
use serde_json::{Value, json};

/// All parts of the data.
pub(crate) fn knowledge() -> &'static Knowledge {
    static ALL: OnceLock<Knowledge> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut knowledge = Knowledge::default();
        for part in Part::ALL {
            let file = format!("{}/../../data/{}.txt", env!("CARGO_MANIFEST_DIR"), part.name());
            knowledge.load(part, std::fs::read_to_string(file).unwrap()).unwrap();
        }
        knowledge
    })
}

/// A request for an object, with one policy.
pub(crate) fn scenario(kind: &str, document: &str) -> Value {
    json!({
        "request": {
            "principal": "arn:aws:iam::111122223333:user/alice",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::photos/cat.jpg",
            "context": { "aws:SourceIp": "203.0.113.7", "aws:PrincipalTag/team": "blue", "aws:MultiFactorAuthPresent": "true" }
        },
        "policies": [{ "kind": kind, "document": document }]
    })
}

/// The same with the policy's text without its `|`, and the UTF-16 offset of that.
pub(crate) fn policy_scenario(kind: &str, text: &str) -> (Value, usize) {
    let at = text.find('|').expect("a cursor");
    (scenario(kind, &text.replace('|', "")), text[..at].encode_utf16().count())
}

//! Findings as SARIF 2.1.0, the format that code hosts and editors read: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>.

use std::collections::BTreeMap;
use std::ops::Range;

use playground::{Diagnostic, Severity};
use serde_json::{Value, json};

use crate::findings::Failure;
use crate::text::{Place, Text};

/// Where a code is explained.
fn help_uri(code: &str) -> String {
    format!("{}/blob/main/docs/diagnostics/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// The results so far.
#[derive(Default)]
pub(crate) struct Sarif {
    results: Vec<Value>,
    /// The codes that occur, each with its first message.
    rules: BTreeMap<String, String>,
}

impl Sarif {
    /// Adds a finding at a place of a file, with the replacements in the file's text that mend it, where there are any.
    pub(crate) fn finding(
        &mut self,
        file: &str,
        text: &Text<'_>,
        bytes: &Range<usize>,
        diagnostic: &Diagnostic,
        edits: Option<Vec<(Range<usize>, String)>>,
    ) {
        let mut words = diagnostic.message.clone();
        if let Some(help) = &diagnostic.help {
            words.push_str("; ");
            words.push_str(help);
        }
        if let Some(policy) = &diagnostic.policy {
            words = format!("{policy}: {words}");
        }
        let region = region(text.place(bytes.start), text.place(bytes.end.max(bytes.start)));
        let result = self.add(file, &diagnostic.code, diagnostic.severity, &diagnostic.message, words, Some(region));
        if let (Some(fix), Some(edits)) = (&diagnostic.fix, edits) {
            let replacements: Vec<Value> =
                edits.into_iter().map(|(bytes, by)| replacement(text, &bytes, &by)).collect();
            result["fixes"] = json!([{
                "description": { "text": fix.label },
                "artifactChanges": [{ "artifactLocation": { "uri": uri(file) }, "replacements": replacements }],
            }]);
        }
    }

    /// Adds an input that cannot be read.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        let (file, place) = failure.file_and_place();
        let region = place.map(|place| region(place, place));
        self.add(&file, failure.code, Severity::Error, &failure.message, failure.message.clone(), region);
    }

    fn add(
        &mut self,
        file: &str,
        code: &str,
        severity: Severity,
        about: &str,
        words: String,
        region: Option<Value>,
    ) -> &mut Value {
        self.rules.entry(code.to_owned()).or_insert_with(|| about.to_owned());
        let level = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        let mut location = json!({ "artifactLocation": { "uri": uri(file) } });
        if let Some(region) = region {
            location["region"] = region;
        }
        let at = self.results.len();
        self.results.push(json!({
            "ruleId": code,
            "level": level,
            "message": { "text": words },
            "locations": [{ "physicalLocation": location }],
        }));
        &mut self.results[at]
    }

    /// The whole log.
    pub(crate) fn finish(self) -> Value {
        let places: BTreeMap<&str, usize> =
            self.rules.keys().enumerate().map(|(at, code)| (code.as_str(), at)).collect();
        let mut results = self.results;
        for result in &mut results {
            let place = result["ruleId"].as_str().and_then(|code| places.get(code));
            result["ruleIndex"] = json!(place);
        }
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(
                |(code, about)| json!({ "id": code, "shortDescription": { "text": about }, "helpUri": help_uri(code) }),
            )
            .collect();
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "iam-playground",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": rules,
                } },
                "columnKind": "utf16CodeUnits",
                "results": results,
            }],
        })
    }
}

/// From a place to the one behind the end.
fn region(start: Place, end: Place) -> Value {
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// What is deleted, and what is put there.
fn replacement(text: &Text<'_>, bytes: &Range<usize>, by: &str) -> Value {
    let mut change = json!({ "deletedRegion": region(text.place(bytes.start), text.place(bytes.end)) });
    if !by.is_empty() {
        change["insertedContent"] = json!({ "text": by });
    }
    change
}

/// A path as a URI reference: its separators are slashes, and what a URI cannot have is escaped.
fn uri(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    for byte in file.replace(std::path::MAIN_SEPARATOR, "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("policies/é a#1.json"), "policies/%C3%A9%20a%231.json");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}

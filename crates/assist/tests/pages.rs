//! The pages under `docs/diagnostics`: every code has one, every page a code, and every example is what it says.
//!
//! An example is a block of JSON behind `<!-- bad kind=KIND -->` or `<!-- good kind=KIND -->`. The bad one has the page's
//! finding, the good one has no finding of that code and no warning at all; what the bad one's finding offers as a fix
//! mends it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assist::{Knowledge, Part, check, document_kind, review};
use playground::{Diagnostic, Options, Severity};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn knowledge() -> Knowledge {
    let mut knowledge = Knowledge::default();
    for part in [Part::Services, Part::ManagedPolicies] {
        let path = root().join(format!("data/{}.txt", part.name()));
        knowledge.load(part, fs::read_to_string(path).unwrap()).unwrap();
    }
    knowledge
}

fn codes() -> BTreeSet<&'static str> {
    [policy::CODES, playground::CODES, assist::CODES].into_iter().flatten().copied().collect()
}

struct Page {
    code: String,
    text: String,
}

fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = fs::read_dir(root().join("docs/diagnostics"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "README.md")
        .map(|path| Page {
            code: path.file_stem().unwrap().to_str().unwrap().to_owned(),
            text: fs::read_to_string(&path).unwrap(),
        })
        .collect();
    pages.sort_by(|a, b| a.code.cmp(&b.code));
    pages
}

struct Example<'t> {
    code: &'t str,
    kind: &'t str,
    text: &'t str,
}

impl Page {
    fn examples(&self, sort: &str) -> Vec<Example<'_>> {
        let start = format!("<!-- {sort} kind=");
        let mut examples = Vec::new();
        for (at, _) in self.text.match_indices(&start) {
            let (kind, rest) = self.text[at + start.len()..].split_once(" -->\n```json\n").unwrap();
            let (text, _) = rest.split_once("\n```\n").unwrap();
            examples.push(Example { code: &self.code, kind, text });
        }
        examples
    }
}

impl Example<'_> {
    fn findings(&self, knowledge: &Knowledge) -> Vec<Diagnostic> {
        match document_kind(self.kind) {
            Some(kind) => check(self.text, kind, knowledge),
            None => {
                assert_eq!(self.kind, "scenario");
                let scenario: Value = serde_json::from_str(self.text).unwrap();
                let loaded = self.code != "managed-policy-not-loaded";
                let nothing = Knowledge::default();
                let knowledge = if loaded { knowledge } else { &nothing };
                let mut findings = assist::evaluate(&scenario, knowledge, Options::default()).diagnostics;
                findings.extend(review(&scenario, knowledge));
                findings
            }
        }
    }
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages = pages();
    let written: BTreeSet<&str> = pages.iter().map(|page| page.code.as_str()).collect();
    assert_eq!(written, codes());
    let index = fs::read_to_string(root().join("docs/diagnostics/README.md")).unwrap();
    for page in &pages {
        let link = format!("[`{0}`]({0}.md)", page.code);
        assert_eq!(index.matches(&link).count(), 1, "{} in the index", page.code);
    }
    assert_eq!(index.matches(".md)").count(), pages.len());
}

#[test]
fn a_code_is_listed_by_one_crate_but_for_two_that_a_request_can_have_too() {
    let all = [policy::CODES, playground::CODES, assist::CODES].into_iter().map(<[_]>::len).sum::<usize>();
    let shared = ["invalid-action", "invalid-principal"];
    assert_eq!(all, codes().len() + shared.len());
    assert!(shared.iter().all(|code| policy::CODES.contains(code) && playground::CODES.contains(code)));
}

#[test]
fn what_the_playground_calls_its_findings_is_listed() {
    let listed = codes();
    // The codes of reasons, not of findings.
    let others = ["invalid-request", "invalid-policy", "account-without-external-id"];
    for file in ["request.rs", "scenario/read.rs", "engine.rs", "limits.rs", "describe/findings.rs"] {
        let source = fs::read_to_string(root().join("crates/playground/src").join(file)).unwrap();
        for literal in source.split('"').skip(1).step_by(2) {
            let word = literal.contains('-') && literal.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase());
            if word && !literal.starts_with('-') && !others.contains(&literal) {
                assert!(listed.contains(literal), "{literal} in {file}");
            }
        }
    }
}

#[test]
fn bad_examples_have_the_finding_and_good_ones_have_not() {
    let knowledge = knowledge();
    let mut wrong = Vec::new();
    for page in pages() {
        let code = page.code.as_str();
        let (bad, good) = (page.examples("bad"), page.examples("good"));
        if page.text.contains("<!-- no example: ") {
            assert!(bad.is_empty() && ["too-many-context-keys", "too-much-to-compare"].contains(&code), "{code}");
            continue;
        }
        assert!(!bad.is_empty() && !good.is_empty(), "{code} lacks an example");
        for example in bad {
            let found = example.findings(&knowledge);
            let Some(finding) = found.iter().find(|finding| finding.code == code) else {
                let codes: Vec<_> = found.iter().map(|finding| finding.code.as_str()).collect();
                wrong.push(format!("{code}: the bad example has only {codes:?}"));
                continue;
            };
            let severity = match finding.severity {
                Severity::Error => "**Error",
                Severity::Warning => "**Warning.**",
                Severity::Info => "**Suggestion.**",
            };
            let claimed = page.text.lines().nth(2).unwrap();
            // Of the missing version and of characters it hangs on the kind of policy.
            if !claimed.starts_with(severity) && !claimed.starts_with("**Error** or **warning**") {
                wrong.push(format!("{code} is a {severity}, and its page says {claimed}"));
            }
        }
        for example in good {
            for finding in example.findings(&knowledge) {
                if finding.code == code || finding.severity != Severity::Info {
                    wrong.push(format!("{code}: the good example has {}: {}", finding.code, finding.message));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text with the replacements of a fix; their offsets count UTF-16 code units.
fn apply(text: &str, fix: &playground::Fix) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    for edit in fix.edits.iter().rev() {
        units.splice(edit.start.offset as usize..edit.end.offset as usize, edit.text.encode_utf16());
    }
    String::from_utf16(&units).unwrap()
}

#[test]
fn fixes_of_bad_examples_mend_them() {
    let knowledge = knowledge();
    let mut mended = 0;
    for page in pages() {
        for example in page.examples("bad") {
            let found = example.findings(&knowledge);
            let fixable = found.iter().filter(|finding| finding.code == page.code);
            for (finding, fix) in fixable.filter_map(|finding| Some((finding, finding.fix.as_ref()?))) {
                let count = |all: &[Diagnostic]| all.iter().filter(|finding| finding.code == page.code).count();
                let after = match document_kind(example.kind) {
                    Some(kind) => check(&apply(example.text, fix), kind, &knowledge),
                    None => {
                        let mut scenario: Value = serde_json::from_str(example.text).unwrap();
                        let policy = finding.policy_index.unwrap();
                        let document = &mut scenario["policies"][policy]["document"];
                        let laid_out = serde_json::to_string_pretty(document).unwrap();
                        *document = Value::String(apply(&laid_out, fix));
                        review(&scenario, &knowledge)
                    }
                };
                assert!(count(&after) < count(&found), "{}: `{}` does not help", page.code, fix.label);
                assert!(after.iter().all(|finding| finding.code != "invalid-json"), "{}: {}", page.code, fix.label);
                mended += 1;
            }
        }
    }
    assert!(mended > 50, "{mended}");
}

#[test]
fn pages_are_alike() {
    for page in pages() {
        let lines: Vec<&str> = page.text.lines().collect();
        assert_eq!(lines[0], format!("# {}", page.code));
        assert!(page.text.contains("\n## Why it matters\n"), "{}", page.code);
        let link = lines.last().unwrap();
        let at_aws = link.starts_with("At AWS: [") && link.contains("](https://docs.aws.amazon.com/");
        assert!(at_aws || link.contains("](../"), "{}: {link}", page.code);
        assert!(lines.iter().all(|line| line.starts_with("At ") || line.chars().count() <= 130), "{}", page.code);
        let words = page.text.split("## Example").next().unwrap().split_whitespace().count();
        assert!((25..200).contains(&words), "{} has {words} words", page.code);
    }
}

//! Runs `tests/syntax/*.txt`: documents with the findings they must give, drawn under them.
//!
//! A file opens with why it exists. Then follow cases: a line `=== KIND: CLAIM`, the document with `| ` before
//! each line, and below a line the findings that start in it:
//!
//! ```text
//! === identity: a misspelt element is recognised
//! | {"Statment": []}
//!    ^^^^^^^^^^ error unknown-element: unknown element `Statment` in a policy document
//!      help: did you mean `Statement`?
//! ```
//!
//! `^` marks the characters of the place, `<` an empty place (before that character); a place of several lines is
//! marked in its first and says where it ends. What a finding offers besides (help, aws, fix, see) follows in lines
//! of its own. `UPDATE=1 cargo test -p iam-policy --test syntax` writes what the code says now: read the difference.

use policy::{Diagnostic, PolicyKind, ResourceType, Severity, Span, parse};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/syntax")
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

struct Case {
    header: String,
    kind: PolicyKind,
    text: String,
}

/// The lines before the first case, and the cases.
fn read(path: &Path) -> (String, Vec<Case>) {
    let content = fs::read_to_string(path).unwrap();
    let mut preamble = String::new();
    let mut cases: Vec<Case> = Vec::new();
    for line in content.split('\n') {
        if let Some(header) = line.strip_prefix("=== ") {
            cases.push(Case {
                header: header.to_owned(),
                kind: kind(header.split(':').next().unwrap()),
                text: String::new(),
            });
        } else if let Some(case) = cases.last_mut() {
            if let Some(line) = line.strip_prefix('|') {
                if !case.text.is_empty() {
                    case.text.push('\n');
                }
                case.text.push_str(line.strip_prefix(' ').unwrap_or(line));
            }
        } else {
            preamble.push_str(line);
            preamble.push('\n');
        }
    }
    assert!(!preamble.trim().is_empty(), "{} does not say why it exists", path.display());
    (preamble, cases)
}

fn kind(name: &str) -> PolicyKind {
    match name {
        "identity" => PolicyKind::Identity,
        "boundary" => PolicyKind::PermissionsBoundary,
        "session" => PolicyKind::Session,
        "scp" => PolicyKind::Scp,
        "rcp" => PolicyKind::Rcp,
        "endpoint" => PolicyKind::VpcEndpoint,
        "bucket" => PolicyKind::Resource(ResourceType::Bucket),
        "key" => PolicyKind::Resource(ResourceType::Key),
        "trust" => PolicyKind::Resource(ResourceType::Role),
        "resource" => PolicyKind::Resource(ResourceType::Other),
        other => panic!("`{other}` is no kind of policy"),
    }
}

/// Line and column from 0, in characters.
fn position(text: &str, offset: u32) -> (usize, usize) {
    let before = &text[..offset as usize];
    let line = before.rsplit('\n').next().unwrap();
    (before.matches('\n').count(), line.chars().count())
}

fn render(case: &Case) -> String {
    let diagnostics = parse(&case.text, case.kind).diagnostics;
    let mut out = format!("=== {}\n", case.header);
    for (number, line) in case.text.split('\n').enumerate() {
        out.push_str(format!("| {line}").trim_end());
        out.push('\n');
        for diagnostic in &diagnostics {
            if position(&case.text, diagnostic.span.start).0 == number {
                annotate(&mut out, &case.text, line, diagnostic);
            }
        }
    }
    out
}

fn annotate(out: &mut String, text: &str, line: &str, diagnostic: &Diagnostic) {
    let Span { start, end } = diagnostic.span;
    let ((first, column), (last, end_column)) = (position(text, start), position(text, end));
    let marks = match (start == end, first == last) {
        (true, _) => "<".to_owned(),
        (false, true) => "^".repeat(end_column - column),
        (false, false) => {
            "^".repeat((line.chars().count() - column).max(1)) + &format!(" to {}:{}", last + 1, end_column + 1)
        }
    };
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let indent = " ".repeat(column + 2);
    out.push_str(&format!("{indent}{marks} {severity} {}: {}\n", diagnostic.code, diagnostic.message));
    let mut also = |what: &str, text: &str| out.push_str(&format!("{indent}  {what}: {text}\n"));
    if let Some(help) = &diagnostic.help {
        also("help", help);
    }
    if let Some(aws) = &diagnostic.aws_message {
        also("aws", aws);
    }
    for (span, remark) in &diagnostic.related {
        let (line, column) = position(text, span.start);
        also(&format!("see {}:{}", line + 1, column + 1), remark);
    }
    if let Some(fix) = &diagnostic.fix {
        let edits: Vec<_> = fix
            .edits
            .iter()
            .map(|(span, by)| {
                let (line, column) = position(text, span.start);
                format!("{}:{} `{}` becomes `{by}`", line + 1, column + 1, span.of(text))
            })
            .collect();
        also("fix", &format!("{}: {}", fix.label, edits.join(", ")));
    }
}

#[test]
fn documents_give_the_findings_drawn_under_them() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for path in files() {
        let (preamble, cases) = read(&path);
        let expected = fs::read_to_string(&path).unwrap();
        let cases: Vec<_> = cases.iter().map(render).collect();
        let actual = format!("{preamble}{}", cases.join("\n"));
        if actual == expected {
            continue;
        }
        if update {
            fs::write(&path, actual).unwrap();
            continue;
        }
        let line = actual.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
        wrong.push_str(&format!(
            "{}:{}\n  expected: {}\n  actual:   {}\n",
            path.display(),
            line + 1,
            expected.lines().nth(line).unwrap_or("(end)"),
            actual.lines().nth(line).unwrap_or("(end)"),
        ));
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The findings of every fixture.
fn findings() -> Vec<(String, Case, Vec<Diagnostic>)> {
    files()
        .iter()
        .flat_map(|path| read(path).1)
        .map(|case| {
            let parsed = parse(&case.text, case.kind);
            (case.header.clone(), case, parsed.diagnostics)
        })
        .collect()
}

#[test]
fn every_code_has_a_fixture_and_every_code_in_the_source_is_listed() {
    let listed: BTreeSet<String> = policy::CODES.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(listed.len(), policy::CODES.len(), "a code is listed twice");
    let shown: BTreeSet<String> = findings()
        .iter()
        .flat_map(|(_, _, diagnostics)| diagnostics.iter().map(|diagnostic| diagnostic.code.to_owned()))
        .collect();
    assert_eq!(shown, listed);
    let mut written = BTreeSet::new();
    codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut written);
    assert_eq!(written.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// The codes that the source gives to findings.
fn codes_in(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, codes);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for call in [
            "Diagnostic::error(",
            "Diagnostic::warning(",
            "Diagnostic::info(",
            "Diagnostic::new(",
            "mismatch(",
            ".missing(",
            ".empty(",
            "code: ",
        ] {
            for (at, _) in source.match_indices(call) {
                let rest = source[at + call.len()..].trim_start();
                if let Some(literal) = rest.strip_prefix('"') {
                    codes.insert(literal.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
}

#[test]
fn every_offered_mend_removes_its_finding() {
    for (header, case, diagnostics) in findings() {
        for diagnostic in &diagnostics {
            let Some(fix) = &diagnostic.fix else { continue };
            let mut text = case.text.clone();
            for (span, by) in fix.edits.iter().rev() {
                text.replace_range(span.start as usize..span.end as usize, by);
            }
            let count = |all: &[Diagnostic]| all.iter().filter(|other| other.code == diagnostic.code).count();
            let after = parse(&text, case.kind).diagnostics;
            if diagnostic.code == "invalid-json" {
                // reading gets further
                assert!(
                    after.iter().all(|other| other.code != diagnostic.code || other.span.start > diagnostic.span.start),
                    "{header}"
                );
                continue;
            }
            assert!(
                // One entry fewer may make room for another remark of the same sort.
                count(&after) < count(&diagnostics) || after.len() < diagnostics.len(),
                "{header}: `{}` does not help against {}",
                fix.label,
                diagnostic.code
            );
            assert!(
                after.iter().all(|other| other.code != "invalid-json"),
                "{header}: `{}` breaks the JSON",
                fix.label
            );
        }
    }
}

#[test]
fn findings_are_worded_alike() {
    for (header, _, diagnostics) in findings() {
        for diagnostic in diagnostics {
            let prose = [Some(&diagnostic.message), diagnostic.help.as_ref()];
            for text in prose.into_iter().flatten() {
                let first = text.chars().next().unwrap();
                let name = ["JSON", "IAM", "AWS", "U+", "SAML"].iter().any(|name| text.starts_with(name));
                assert!(!first.is_uppercase() || name, "{header}: {text}");
                assert!(!text.ends_with('.'), "{header}: {text}");
            }
            let code = diagnostic.code;
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
            if diagnostic.severity != Severity::Info {
                assert!(
                    diagnostic.help.is_some() || code == "invalid-json" || code == "wrong-type",
                    "{header}: {code} offers no help"
                );
            }
        }
    }
}

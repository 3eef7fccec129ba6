//! Beside AWS's own checks: for each that IAM Access Analyzer documents, a policy that has it, and what is found in it
//! here. `docs/access-analyzer.md` lists the same; `UPDATE=1 cargo test -p iam-assist --test analyzer` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};

use assist::{Knowledge, Part, check, document_kind};
use playground::Severity;
use serde::Deserialize;
use serde_json::Value;

/// One of AWS's checks.
#[derive(Deserialize)]
struct Check {
    issue: String,
    /// As AWS calls its severity.
    r#type: String,
    #[serde(default)]
    kind: String,
    /// The finding that the policy has here.
    here: Option<String>,
    /// Why there is none.
    left: Option<String>,
    /// As an object, or as text where it is no JSON. `LONG` stands for more characters than any kind of policy may have.
    #[serde(default)]
    policy: Value,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn checks() -> Vec<Check> {
    let text = fs::read_to_string(root().join("crates/assist/tests/analyzer.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn knowledge() -> Knowledge {
    let mut knowledge = Knowledge::default();
    let path = root().join("data/services.txt");
    knowledge.load(Part::Services, fs::read_to_string(path).unwrap()).unwrap();
    knowledge
}

/// The severity of the finding that an example has here.
fn severity(check_of_aws: &Check, knowledge: &Knowledge) -> Result<Severity, String> {
    let text = match &check_of_aws.policy {
        Value::String(text) => text.clone(),
        policy => serde_json::to_string_pretty(policy).unwrap(),
    };
    let kind = document_kind(&check_of_aws.kind).unwrap();
    let found = check(&text.replace("LONG", &"x".repeat(21_000)), kind, knowledge);
    let finding = found.iter().find(|finding| Some(&finding.code) == check_of_aws.here.as_ref());
    finding.map(|finding| finding.severity).ok_or_else(|| {
        let codes: Vec<_> = found.iter().map(|finding| finding.code.as_str()).collect();
        format!("{}: {codes:?}, and no {:?}", check_of_aws.issue, check_of_aws.here)
    })
}

fn table(checks: &[Check], knowledge: &Knowledge) -> Result<String, String> {
    let mut rows: Vec<[String; 3]> = Vec::new();
    for check in checks {
        let here = match (&check.here, &check.left) {
            (Some(code), None) => {
                let severity = match severity(check, knowledge)? {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info => "suggestion",
                };
                format!("[`{code}`](diagnostics/{code}.md), {severity}")
            }
            (None, Some(why)) => format!("– ({why})"),
            _ => return Err(format!("{} is either found here or left out", check.issue)),
        };
        // Several examples of one check.
        match rows.iter_mut().find(|row| row[0] == check.issue) {
            Some(row) if row[2] == here => {}
            Some(row) => row[2] = format!("{}; {here}", row[2]),
            None => rows.push([check.issue.clone(), check.r#type.clone(), here]),
        }
    }
    let mut table = String::from("| at AWS | type | here |\n| --- | --- | --- |\n");
    for [issue, kind, here] in rows {
        table.push_str(&format!("| `{issue}` | {kind} | {here} |\n"));
    }
    Ok(table)
}

#[test]
fn each_of_awss_checks_is_found_here_or_left_out_with_a_reason() {
    let table = table(&checks(), &knowledge()).unwrap();
    let path = root().join("docs/access-analyzer.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- checks:begin -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- checks:end -->").unwrap();
    let wanted = format!("{before}<!-- checks:begin -->\n\n{table}\n<!-- checks:end -->{after}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(page, wanted, "docs/access-analyzer.md is not what is found");
}

#[test]
fn a_reason_is_rare() {
    let left = checks().iter().filter(|check| check.left.is_some()).count();
    assert!(left <= 2, "{left} checks are left out");
}

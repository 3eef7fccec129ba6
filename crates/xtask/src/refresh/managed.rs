//! The AWS managed policies: `managed-policies.txt`.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail, ensure};
use reference::ManagedPolicies;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fetch::Archive;

pub(super) struct Policy {
    name: String,
    version: String,
    path: String,
    document: Value,
}

/// The policies, which the package has as JSON inside a Python script: one string in three quotes, nothing escaped.
pub(super) fn read(moto: &Archive) -> Result<Vec<Policy>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Source {
        default_version_id: String,
        path: String,
        document: Value,
    }
    let script = moto.text("moto/iam/aws_managed_policies.py")?;
    let literal = script.split("\"\"\"").nth(1).context("the script has no string in three quotes")?;
    ensure!(!literal.contains('\\'), "the script now escapes something");
    let policies: Map<String, Value> = serde_json::from_str(literal)?;
    let mut found = Vec::new();
    for (name, policy) in policies {
        let Source { default_version_id: version, path, document } = serde_json::from_value(policy)?;
        found.push(Policy { name, version, path, document });
    }
    found.sort_by_key(|policy| policy.name.to_ascii_lowercase());
    Ok(found)
}

/// The text of `managed-policies.txt`; `crates/reference/src/managed.rs` describes it.
pub(super) fn encode(policies: &[Policy]) -> Result<String> {
    let mut text = format!("iam-playground managed policies 1\ncounts {}\n", policies.len());
    for policy in policies {
        encode_policy(&mut text, policy).with_context(|| policy.name.clone())?;
    }
    Ok(text)
}

/// The text of `managed-names.txt`.
pub(super) fn names(policies: &[Policy]) -> String {
    let mut text = format!("iam-playground managed names 1\ncounts {}\n", policies.len());
    for Policy { name, version, path, .. } in policies {
        let _ = writeln!(text, "@{name} {version} {path}");
    }
    text
}

fn encode_policy(text: &mut String, policy: &Policy) -> Result<()> {
    let Policy { name, version, path, document } = policy;
    ensure!(document["Version"] == "2012-10-17", "it is of another version");
    let (statements, single) = match &document["Statement"] {
        Value::Array(statements) => (statements.as_slice(), ""),
        one => (std::slice::from_ref(one), " single"),
    };
    let _ = writeln!(text, "@{name} {version} {path}{single}");
    for statement in statements {
        text.push(match statement["Effect"].as_str() {
            Some("Allow") => '+',
            Some("Deny") => '-',
            _ => bail!("a statement without an effect"),
        });
        let _ = writeln!(text, "{}", statement["Sid"].as_str().map(inner).unwrap_or_default());
        for (element, sign) in [("Action", ""), ("NotAction", "!"), ("Resource", ">"), ("NotResource", "<")] {
            encode_entries(text, sign, &statement[element])?;
        }
        if let condition @ Value::Object(_) = &statement["Condition"] {
            let _ = writeln!(text, "{condition}");
        }
    }
    Ok(())
}

fn encode_entries(text: &mut String, sign: &str, entries: &Value) -> Result<()> {
    let list = match entries {
        Value::Null => return Ok(()),
        Value::String(alone) => {
            let _ = writeln!(text, "{sign}={}", inner(alone));
            return Ok(());
        }
        Value::Array(list) => list,
        _ => bail!("neither a string nor a list"),
    };
    let actions = matches!(sign, "" | "!");
    let mut service = "";
    for entry in list {
        let entry = entry.as_str().context("an entry that is no string")?;
        match entry.split_once(':').filter(|_| actions) {
            // One line for actions of one service that follow each other.
            Some((prefix, name)) if prefix == service => {
                text.pop();
                let _ = writeln!(text, " {}", inner(name));
            }
            parts => {
                let _ = writeln!(text, "{sign}{}", inner(entry));
                service = parts.map_or("", |(prefix, _)| prefix);
            }
        }
    }
    Ok(())
}

/// `text` as it stands between the quotes of a JSON string.
fn inner(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Whether the documents, read from the text, are the same.
pub(super) fn compare(policies: &[Policy], decoded: &ManagedPolicies) -> Result<()> {
    ensure!(decoded.iter().len() == policies.len(), "policies are lost");
    for policy in policies {
        let found = decoded.get(&policy.name).with_context(|| format!("{} is lost", policy.name))?;
        let document: Value = serde_json::from_str(&found.document()).with_context(|| policy.name.clone())?;
        let same = found.name() == policy.name && found.version() == policy.version && found.path() == policy.path;
        ensure!(same && document == policy.document, "{} did not survive being written and read", policy.name);
    }
    Ok(())
}

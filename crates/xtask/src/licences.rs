//! The licences of the crates in the engine, which ask to be given along with it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::command;

const TARGET: &str = "wasm32-unknown-unknown";

/// The words of every licence in the engine, crate by crate.
pub(crate) fn of_engine() -> Result<String> {
    let tree = command::output(
        command::cargo().args(["tree", "--package", "iam-playground-wasm", "--target", TARGET]).args([
            "--edges",
            "normal,no-proc-macro",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]),
    )
    .context("`cargo tree` cannot list the engine's crates")?;
    let metadata =
        command::output(command::cargo().args(["metadata", "--format-version", "1", "--filter-platform", TARGET]))
            .context("`cargo metadata` cannot list the engine's crates")?;
    let metadata: Value = serde_json::from_str(&metadata)?;

    let mut crates = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        // Crates without a source are our own.
        if let (Some(name), Some(version), Some(_)) =
            (package["name"].as_str(), package["version"].as_str(), package["source"].as_str())
        {
            crates.insert(format!("{name} v{version}"), package);
        }
    }
    let mut text = String::new();
    for (name, package) in crates.iter().filter(|(name, _)| tree.lines().any(|line| line == name.as_str())) {
        let licence = package["license"].as_str().unwrap_or("see below");
        let folder = package["manifest_path"].as_str().and_then(|path| Path::new(path).parent());
        let words = folder.and_then(licence_file).and_then(|file| fs::read_to_string(file).ok());
        text.push_str(&format!("\n{}\n{name} ({licence})\n\n", "=".repeat(72)));
        text.push_str(words.unwrap_or_default().trim());
        text.push('\n');
    }
    Ok(text)
}

/// The MIT licence where there is a choice: it is the shortest.
fn licence_file(folder: &Path) -> Option<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
            path.is_file() && (name.starts_with("LICENSE") || name.starts_with("LICENCE"))
        })
        .collect();
    files.sort_by_key(|path| (!path.to_string_lossy().to_ascii_uppercase().contains("MIT"), path.clone()));
    files.into_iter().next()
}

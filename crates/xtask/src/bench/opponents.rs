//! Other engines on the same workloads. Each has a project of its own in bench-opponents, which is no part of the
//! workspace and of no build; it reads the exported workloads and prints `WORKLOAD/FORM` → median or note as JSON.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::Workload;
use super::figures::{Medians, duration, with_ratio};
use crate::command;
use crate::docs;
use crate::paths;

/// What the opponents printed.
pub(crate) struct Results {
    iam_rs: Value,
    iam_simulate: Value,
    node: String,
}

impl Results {
    /// What was measured, for the line below the table.
    pub(crate) fn versions(&self) -> String {
        let version = |results: &Value| results["version"].as_str().unwrap_or("?").to_owned();
        let (rust, script) = (version(&self.iam_rs), version(&self.iam_simulate));
        format!("iam-rs {rust}, iam-simulate {script} on Node.js {}", self.node)
    }
}

pub(crate) fn measure(workloads: &Path) -> Result<Results> {
    let folder = paths::root().join("bench-opponents");
    let mut rust = command::cargo();
    rust.current_dir(folder.join("iam-rs"))
        .args(["run", "--release", "--locked", "--target-dir"])
        .arg(paths::target().join("bench-opponents"))
        .arg("--")
        .arg(workloads);
    let iam_rs = run("iam-rs", &mut rust)?;
    let script = folder.join("iam-simulate");
    let packages = command::npm().args(["ci", "--ignore-scripts"]).current_dir(&script).status()?;
    if !packages.success() {
        bail!("`npm ci` in bench-opponents/iam-simulate failed; what it printed is above");
    }
    let iam_simulate = run("iam-simulate", command::node(script.join("bench.mjs")).arg(workloads))?;
    let node = command::output(command::program("node").arg("--version")).unwrap_or_default();
    Ok(Results { iam_rs, iam_simulate, node: node.trim_start_matches('v').to_owned() })
}

fn run(name: &str, command: &mut Command) -> Result<Value> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{name} could not be started"))?;
    if !output.status.success() {
        bail!("{name} failed; what it printed is above");
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{name} printed no JSON"))
}

/// A row for each workload: our median, and theirs with how many times ours it is, or why there is none.
pub(crate) fn table(workloads: &[Workload], ours: &Medians, theirs: &Results) -> String {
    let row = |workload: &Workload| {
        let mut cells = vec![workload.about.clone()];
        for form in ["decide", "keystroke"] {
            let our = ours.of(&workload.name, form);
            cells.push(our.map(duration).unwrap_or_default());
            for results in [&theirs.iam_rs, &theirs.iam_simulate] {
                let figure = &results[format!("{}/{form}", workload.name)];
                let note = figure["note"].as_str().unwrap_or("–");
                cells.push(match figure["median"].as_f64() {
                    Some(median) => with_ratio(Some(median), our),
                    None => note.to_owned(),
                });
            }
        }
        cells
    };
    let rows: Vec<_> = workloads.iter().map(row).collect();
    let head = [
        "",
        "decision: ours",
        "iam-rs",
        "iam-simulate",
        "from text: ours, to the report",
        "iam-rs, to the decision",
        "iam-simulate, to its explanation",
    ];
    docs::table(&head, &rows)
}

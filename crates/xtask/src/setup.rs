//! What the build needs on the machine: the wasm target and the npm packages, installed where they are missing.

use anyhow::{Context as _, Result, bail};

use crate::command;
use crate::paths;
use crate::progress::{Done, Step};
use crate::stamp::{Inputs, Stamp};

const WASM: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: u32 = 20;

/// Makes sure that Rust can compile to wasm.
pub(crate) fn wasm_target(step: &Step) -> Result<Done> {
    let libraries = ["--print", "target-libdir", "--target", WASM];
    let folder = command::output(command::program("rustc").args(libraries))
        .context("`rustc` is missing: install Rust with rustup, then try again")?;
    if std::path::Path::new(&folder).exists() {
        return Ok(Done::Unchanged);
    }
    if command::output(command::program("rustup").arg("--version")).is_none() {
        bail!(
            "this Rust cannot compile to {WASM}, and `rustup`, which could add it, is missing: \
             install Rust with rustup, or your system's package of the {WASM} standard library"
        );
    }
    step.say("adding the wasm target to the Rust toolchain");
    command::run(
        step,
        &format!("`rustup target add {WASM}`"),
        command::program("rustup").args(["target", "add", WASM]),
    )?;
    Ok(Done::Made)
}

/// Makes sure that Node.js is there and the packages of `web/package-lock.json` are installed.
pub(crate) fn packages(step: &Step) -> Result<Done> {
    check_node()?;
    let web = paths::web();
    let inputs = Inputs::new().files(&web.join("package.json")).files(&web.join("package-lock.json"));
    let stamp = Stamp::new("packages", inputs);
    if stamp.is_current(&[web.join("node_modules/.package-lock.json")]) {
        return Ok(Done::Unchanged);
    }
    stamp.clear();
    step.say("installing the npm packages");
    // No package of ours needs its install script.
    command::run(step, "`npm ci` in web", command::npm().args(["ci", "--ignore-scripts"]).current_dir(&web))?;
    stamp.record()?;
    Ok(Done::Made)
}

fn check_node() -> Result<()> {
    let version = command::output(command::program("node").arg("--version"))
        .with_context(|| format!("`node` is missing: install Node.js {OLDEST_NODE} or newer (it brings npm)"))?;
    if major(&version).is_some_and(|major| major < OLDEST_NODE) {
        bail!("Node.js {version} is too old: install {OLDEST_NODE} or newer");
    }
    command::output(command::npm().arg("--version"))
        .context("`npm` is missing: install it, it usually comes with Node.js")?;
    Ok(())
}

/// The `20` of `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    let version = version.strip_prefix('v').unwrap_or(version);
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;
    use crate::paths;

    #[test]
    fn reads_the_version_that_node_prints() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major("nightly"), None);
    }

    #[test]
    fn the_lock_file_names_no_host() {
        let lock = std::fs::read_to_string(paths::web().join("package-lock.json")).unwrap();
        assert!(lock.contains("\"integrity\""));
        // A lock file made where another registry is set would send everyone there.
        assert!(!lock.contains("\"resolved\""), "run `npm install` in web, where .npmrc says to leave the hosts out");
    }
}

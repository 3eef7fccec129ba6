//! Finds a Chromium for the page's tests and measurements, or installs one.

use std::path::Path;

use anyhow::{Result, bail};

use crate::command;
use crate::paths;
use crate::progress::{Done, Progress};

/// What Chromium's program is called on the systems we know.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Prints where playwright would put its own Chromium.
const PLAYWRIGHT_PATH: &str = "console.log(require('playwright-core').chromium.executablePath())";

/// A Chromium's program: the one named by `CHROMIUM_PATH`, the system's, or one installed for us.
pub(crate) fn chromium(progress: &Progress) -> Result<String> {
    if let Ok(path) = std::env::var("CHROMIUM_PATH") {
        if !works(&path) {
            bail!("CHROMIUM_PATH names `{path}`, which is no working Chromium");
        }
        return Ok(path);
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    progress.step("chromium", |step| {
        if let Some(apt) = apt() {
            step.say("installing Debian's chromium");
            let mut update = command::program(&apt[0]);
            command::run(step, "`apt-get update`", update.args(&apt[1..]).arg("update"))
                .and_then(|()| {
                    let mut install = command::program(&apt[0]);
                    install.args(&apt[1..]).args(["install", "-y", "chromium"]);
                    install.env("DEBIAN_FRONTEND", "noninteractive");
                    command::run(step, "`apt-get install chromium`", &mut install)
                })
                // The next way may still work.
                .unwrap_or_else(|error| step.say(&format!("{error:#}")));
        }
        if installed().is_none() {
            step.say("downloading playwright's Chromium");
            let cli = paths::web().join("node_modules/playwright-core/cli.js");
            let what = "no Chromium was found (install one or name it in CHROMIUM_PATH), and its download";
            command::run(step, what, command::node(cli).args(["install", "chromium"]))?;
        }
        Ok(Done::Made)
    })?;
    match installed() {
        Some(found) => Ok(found),
        None => bail!("no working Chromium was found: install one, or name it in CHROMIUM_PATH"),
    }
}

fn installed() -> Option<String> {
    let playwright =
        command::output(command::program("node").args(["--eval", PLAYWRIGHT_PATH]).current_dir(paths::web()));
    let known = NAMES.iter().map(|name| (*name).to_owned());
    known.chain(playwright).find_map(|name| {
        let path = locate(&name)?;
        works(&path).then_some(path)
    })
}

/// The full path of a program, which playwright wants.
fn locate(name: &str) -> Option<String> {
    if Path::new(name).is_absolute() {
        return Path::new(name).exists().then(|| name.to_owned());
    }
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .and_then(|path| path.to_str().map(str::to_owned))
}

/// Whether the program starts: some systems have a stand-in that only says how to install the real one.
fn works(path: &str) -> bool {
    command::output(command::program(path).args(["--version", "--no-sandbox"])).is_some()
}

/// The words of a command that can install Debian's packages without asking for a password.
fn apt() -> Option<Vec<String>> {
    locate("apt-get")?;
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    if command::output(command::program("id").arg("-u")).as_deref() == Some("0") {
        return words(&["apt-get"]);
    }
    command::output(command::program("sudo").args(["-n", "true"]))?;
    words(&["sudo", "-n", "apt-get"])
}

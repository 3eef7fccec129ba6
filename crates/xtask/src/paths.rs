//! Where things are. Every path is absolute: xtask may be started in any folder of the project.

use std::path::{Path, PathBuf};

/// The project's root.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The page's folder.
pub(crate) fn web() -> PathBuf {
    root().join("web")
}

/// The engine as the page loads it, made by `build`.
pub(crate) fn pkg() -> PathBuf {
    web().join("pkg")
}

/// The finished site.
pub(crate) fn dist() -> PathBuf {
    web().join("dist")
}

/// Cargo's output, also where the user moved it.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// xtask's own notes: stamps, logs, the page's manifest.
pub(crate) fn state() -> PathBuf {
    target().join("xtask")
}

/// A path as a reader knows it: from the project's root, where it is inside.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// All files below a folder, or the file itself, in a fixed order; none where there is nothing.
pub(crate) fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(path, &mut found);
    found.sort();
    found
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name != "node_modules" && name != "target" {
            collect(&entry.path(), found);
        }
    }
}

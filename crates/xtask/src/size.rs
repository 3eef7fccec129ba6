//! `cargo xtask size`: what a visitor downloads before the first decision, against the budgets.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build;
use crate::docs;
use crate::engine;
use crate::paths;

/// Bytes of brotli for the engine alone; 1 kB is 1000 bytes.
const ENGINE_BUDGET: usize = 120_000;
/// Bytes of brotli for everything that is loaded before the first decision.
const PAGE_BUDGET: usize = 300_000;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Update the table in docs/performance.md
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    build: build::Options,
}

/// A file, or several together, as they are and as a web server would send them.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    build::everything(arguments.build)?;
    let mut rows = Vec::new();
    let mut total = Size::default();
    for name in initial_files()? {
        let size = measure(&paths::dist().join(&name))?;
        total.raw += size.raw;
        total.gzip += size.gzip;
        total.brotli += size.brotli;
        rows.push((name, size, None));
    }
    rows.sort_by_key(|(_, size, _)| std::cmp::Reverse(size.brotli));
    rows.push(("before the first decision".into(), total, Some(PAGE_BUDGET)));
    let [first, whole] = engine::wasm();
    rows.push(("the engine alone".into(), measure(&first)?, Some(ENGINE_BUDGET)));
    rows.push(("the whole engine, loaded after the first decision".into(), measure(&whole)?, None));

    println!();
    print_rows(&rows);
    if arguments.write {
        docs::write("size", &table(&rows))?;
    }
    let mut over = false;
    for (name, size, budget) in &rows {
        if budget.is_some_and(|budget| size.brotli > budget) {
            eprintln!("error: {name} is over its budget");
            over = true;
        }
    }
    Ok(if over { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

type Row = (String, Size, Option<usize>);

/// The files that `index.html` loads at once, as the bundler found them.
fn initial_files() -> Result<Vec<String>> {
    let manifest = fs::read(build::manifest()).context("the page's manifest is missing")?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest)?;
    let files = manifest["index.html"].as_array().context("the page's manifest does not name index.html")?;
    Ok(files.iter().filter_map(|file| file.as_str().map(str::to_owned)).collect())
}

fn measure(file: &Path) -> Result<Size> {
    let content = fs::read(file).with_context(|| format!("{} is missing", paths::shown(file)))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&content)?;
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    brotli.write_all(&content)?;
    Ok(Size { raw: content.len(), gzip: gzip.finish()?.len(), brotli: brotli.into_inner().len() })
}

fn kb(bytes: usize) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

fn print_rows(rows: &[Row]) {
    println!("{:<36} {:>10} {:>10} {:>10}   budget", "", "raw", "gzip", "brotli");
    for (name, size, budget) in rows {
        let budget = budget.map_or(String::new(), |budget| {
            let verdict = if size.brotli > budget { "over" } else { "within" };
            format!("   {verdict} {}", kb(budget))
        });
        let Size { raw, gzip, brotli } = *size;
        println!("{name:<36} {:>10} {:>10} {:>10}{budget}", kb(raw), kb(gzip), kb(brotli));
    }
}

fn table(rows: &[Row]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|(name, size, budget)| {
            vec![without_hash(name), kb(size.raw), kb(size.gzip), kb(size.brotli), budget.map_or(String::new(), kb)]
        })
        .collect();
    docs::table(&["", "raw", "gzip", "brotli", "budget (brotli)"], &rows)
}

/// `assets/main-3F2A9B7C.js` as `assets/main.js`: the hash changes with every build.
fn without_hash(name: &str) -> String {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return name.to_owned();
    };
    match stem.rsplit_once('-') {
        Some((stem, hash))
            if hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) =>
        {
            format!("`{stem}.{extension}`")
        }
        _ if name.contains('.') => format!("`{name}`"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_without_their_hash() {
        assert_eq!(without_hash("assets/main-3F2A9B7C.js"), "`assets/main.js`");
        assert_eq!(without_hash("index.html"), "`index.html`");
        assert_eq!(without_hash("the engine alone"), "the engine alone");
    }

    #[test]
    fn a_kilobyte_is_a_thousand_bytes() {
        assert_eq!(kb(119_999), "119.9 kB");
        assert_eq!(kb(120_000), "120.0 kB");
    }
}

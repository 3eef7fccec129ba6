//! Tables in the documentation that xtask keeps: everything between a pair of markers.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::paths;

/// The page with all measured figures.
fn performance() -> PathBuf {
    paths::root().join("docs/performance.md")
}

/// Replaces what stands between `<!-- NAME:begin … -->` and `<!-- NAME:end -->`.
pub(crate) fn write(name: &str, table: &str) -> Result<()> {
    let file = performance();
    let shown = paths::shown(&file);
    let text = fs::read_to_string(&file).with_context(|| format!("{shown} cannot be read"))?;
    let text = replace(&text, name, table).with_context(|| format!("{shown} has no markers for `{name}`"))?;
    fs::write(&file, text)?;
    println!("{shown} is up to date");
    Ok(())
}

fn replace(text: &str, name: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- {name}:begin"))?;
    let (comment, rest) = rest.split_once("-->")?;
    let (_, after) = rest.split_once(&format!("<!-- {name}:end -->"))?;
    let table = table.trim();
    Some(format!("{before}<!-- {name}:begin{comment}-->\n\n{table}\n\n<!-- {name}:end -->{after}"))
}

/// A Markdown table; the first column is text, the others are figures.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let rule: Vec<&str> = (0..head.len()).map(|column| if column == 0 { "---" } else { "---:" }).collect();
    let mut text = line(head) + &line(&rule);
    for row in rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        text.push_str(&line(&cells));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn only_the_marked_part_is_replaced() {
        let text = "a\n<!-- size:begin (made by x) -->\nold\n<!-- size:end -->\nb\n";
        assert_eq!(
            replace(text, "size", "new\n").as_deref(),
            Some("a\n<!-- size:begin (made by x) -->\n\nnew\n\n<!-- size:end -->\nb\n")
        );
        assert_eq!(replace(text, "bench", "new"), None);
    }
}

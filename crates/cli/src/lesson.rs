//! Lessons, as `iam-playground test` finds them: a folder with `lesson.md`, with `topic.md`, or with `concepts.json`
//! above them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lessons::{Checked, Finding};
use playground::Options;
use serde::Serialize;

use crate::plural;
use crate::quote::clean;
use crate::style::{BAD, BOLD, DIM, paint};

/// Whether a folder is one of lessons, or part of one.
pub(crate) fn is_lessons(folder: &Path) -> bool {
    lessons::root(folder).is_some()
}

/// Parts scenario files from those of lessons: the files that are left, and the folders of lessons they lie in.
pub(crate) fn part(files: Vec<PathBuf>) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut rest = Vec::new();
    for file in files {
        match file.parent().and_then(lessons::root) {
            Some(root) if !folders.contains(&root) => folders.push(root),
            Some(_) => {}
            None => rest.push(file),
        }
    }
    (rest, folders)
}

/// The checks of a folder of lessons, for machines.
#[derive(Serialize)]
pub(crate) struct Results {
    file: String,
    lessons: usize,
    rows: usize,
    changes: usize,
    findings: Vec<FindingOut>,
}

#[derive(Serialize)]
struct FindingOut {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

/// Checks a folder of lessons.
pub(crate) fn check(folder: &Path, options: Options) -> Checked {
    lessons::check(folder, options)
}

pub(crate) fn results(folder: &Path, checked: &Checked) -> Results {
    let findings = checked.findings.iter().map(|finding| FindingOut {
        file: finding.file.display().to_string(),
        line: finding.place.map(|(line, _)| line),
        column: finding.place.map(|(_, column)| column),
        message: finding.message.clone(),
        help: finding.help.clone(),
    });
    Results {
        file: folder.display().to_string(),
        lessons: checked.lessons.len(),
        rows: checked.rows,
        changes: checked.changes,
        findings: findings.collect(),
    }
}

/// The findings and a line that sums up.
pub(crate) fn text(folder: &Path, checked: &Checked) -> String {
    let mut text = String::new();
    for finding in &checked.findings {
        finding_text(&mut text, finding);
    }
    let state = match checked.findings.len() {
        0 => String::new(),
        number => format!(", {}", paint(BAD, plural(number, "finding"))),
    };
    let _ = writeln!(
        text,
        "{}: {}, {}, {} of solutions tried{state}",
        clean(&folder.display().to_string()),
        plural(checked.lessons.len(), "lesson"),
        plural(checked.rows, "row"),
        plural(checked.changes, "change"),
    );
    text
}

fn finding_text(text: &mut String, finding: &Finding) {
    let mut place = clean(&finding.file.display().to_string());
    if let Some((line, column)) = finding.place {
        let _ = write!(place, ":{line}:{column}");
    }
    let _ = writeln!(text, "{} {place}", paint(BAD, "FAILED"));
    let _ = writeln!(text, "  {}", paint(BOLD, clean(&finding.message)));
    if let Some(help) = &finding.help {
        let _ = writeln!(text, "  {}  {}", paint(DIM, "help"), clean(help));
    }
    text.push('\n');
}

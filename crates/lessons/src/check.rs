//! Reading a folder of lessons and holding every lesson against what it promises.

use std::path::{Path, PathBuf};

use playground::{Options, Severity, evaluate_value};
use serde_json::Value;

use crate::judge::{judge, unreadable};
use crate::lesson::{Course, Kind, Lesson};
use crate::read::{self, Shelf, Source};
use crate::{Finding, scenario, strength};

/// What checking lessons came to.
#[derive(Debug, Default)]
pub struct Checked {
    /// The lessons that were checked: their folders and titles.
    pub lessons: Vec<(PathBuf, String)>,
    /// How many rows they have.
    pub rows: usize,
    /// How many changes of solutions were tried.
    pub changes: usize,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// The folder of lessons that a path belongs to: the one with `concepts.json`, or where it should be. `None` where the
/// path is no part of one.
pub fn root(path: &Path) -> Option<PathBuf> {
    let has = |name: &str| path.join(name).is_file();
    let height = if has("concepts.json") || has("aws-pages.json") {
        0
    } else if has("topic.md") {
        1
    } else if has("lesson.md") && (has("start.json") || has("tests.json")) {
        2
    } else {
        return None;
    };
    // The folders above, as they are written; and where too little is written, as in `.`, all of them.
    let above = |path: &Path| -> Vec<PathBuf> {
        path.ancestors().take(3).filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned).collect()
    };
    let (written, whole) = (above(path), path.canonicalize().map(|path| above(&path)).unwrap_or_default());
    let marked = |folders: &[PathBuf]| folders.iter().find(|folder| folder.join("concepts.json").is_file()).cloned();
    marked(&written)
        .or_else(|| marked(&whole))
        .or_else(|| written.get(height).cloned())
        .or_else(|| whole.get(height).cloned())
}

/// Checks the lessons in a folder: all, those of a topic, or one.
pub fn check(path: &Path, options: Options) -> Checked {
    let Some(root) = root(path) else {
        let finding = Finding::new(path, None, "this is no folder of lessons");
        let help = "lessons lie in a folder with `concepts.json` and a folder a topic, each with `topic.md`";
        return Checked { findings: vec![finding.help(help)], ..Checked::default() };
    };
    if path.starts_with(&root) {
        return below(&root, path, options);
    }
    // From within the lessons: told with the path as it was written.
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut checked = below(&root, &whole, options);
    let as_written = |file: &mut PathBuf| {
        if let Ok(rest) = file.strip_prefix(&whole) {
            *file = path.join(rest).components().collect();
        }
    };
    checked.findings.iter_mut().for_each(|finding| as_written(&mut finding.file));
    checked.lessons.iter_mut().for_each(|(folder, _)| as_written(folder));
    checked
}

fn below(root: &Path, path: &Path, options: Options) -> Checked {
    let Shelf { course, sources, terms, findings } = read::shelf(root);
    // What is wrong with the lists of all lessons is wrong for each.
    let concerns = |finding: &Finding| finding.file.starts_with(path) || finding.file.parent() == Some(root);
    let mut checked = Checked { findings: findings.into_iter().filter(concerns).collect(), ..Checked::default() };
    for (at, source) in sources.iter().enumerate().filter(|(_, source)| source.folder.starts_with(path)) {
        let earlier = sources.get(..at).unwrap_or_default();
        // With a row that could not be read, the others prove nothing.
        let is_whole = !checked.findings.iter().any(|finding| finding.file.starts_with(&source.folder));
        let (changes, findings) = if is_whole { alone(source, options) } else { (0, Vec::new()) };
        checked.findings.extend(among_others(source, earlier, &course));
        checked.findings.extend(links(source, &course, terms.as_deref()));
        checked.changes += changes;
        checked.rows += source.lesson.rows.len();
        checked.findings.extend(findings);
        checked.lessons.push((source.folder.clone(), source.lesson.title.clone()));
    }
    if checked.lessons.is_empty() && checked.findings.is_empty() {
        checked.findings.push(Finding::new(path, None, "there are no lessons in this folder"));
    }
    checked
}

/// All lessons of a folder, for the page.
///
/// # Errors
///
/// What keeps a lesson from being read. Whether lessons keep their promises is for [`check`].
pub fn gather(root: &Path) -> Result<Course, Vec<Finding>> {
    let Shelf { course, findings, .. } = read::shelf(root);
    if findings.is_empty() { Ok(course) } else { Err(findings) }
}

/// What only shows beside the other lessons.
fn among_others(source: &Source, earlier: &[Source], course: &Course) -> Vec<Finding> {
    let lesson = &source.lesson;
    let mut findings = Vec::new();
    if let Some(other) = earlier.iter().find(|other| other.lesson.id == lesson.id) {
        let message = format!("the id `{}` is taken by {}", lesson.id, other.folder.display());
        findings.push(source.at("id", message));
    }
    let ids = || course.lessons.iter().map(|other| other.id.as_str());
    if lesson.links.contains(&lesson.id) {
        findings.push(source.at("links", "a lesson does not lead to itself"));
    }
    for id in lesson.links.iter().filter(|id| !ids().any(|own| own == *id)) {
        let help = policy::nearest(id, ids()).map(|near| format!("did you mean `{near}`?"));
        findings.push(Finding { help, ..source.at("links", format!("there is no lesson `{id}`")) });
    }
    if lesson.challenge {
        let own = || course.lessons.iter().filter(|other| other.topic == lesson.topic);
        if own().any(|other| other.challenge && other.id != lesson.id) {
            findings.push(source.at("challenge", "the topic has another closing challenge"));
        }
        if own().next_back().is_some_and(|last| last.id != lesson.id) {
            findings.push(source.at("challenge", "the closing challenge is the last lesson of its topic"));
        }
    }
    findings
}

/// Links in a lesson's texts that lead nowhere, each at its place.
fn links(source: &Source, course: &Course, terms: Option<&[String]>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ["lesson.md", "hints.md", "tests.json"] {
        let file = source.file(name);
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        if name != "tests.json" {
            findings.extend(unclosed(&file, &text));
        }
        let mut is_code = false;
        for (number, line) in text.lines().enumerate() {
            is_code ^= line.starts_with("```");
            if is_code {
                continue;
            }
            if name != "tests.json"
                && let Some(at) = code_within(line)
            {
                let column = line.get(..at).unwrap_or_default().chars().count() + 1;
                let finding =
                    Finding::new(&file, Some((number + 1, column)), "code within bold text or the words of a link");
                findings.push(finding.help("the page would show the backticks: leave out the one or the other"));
            }
            for (at, _) in line.match_indices("](") {
                let Some(target) = line.get(at + 2..).and_then(|rest| rest.split(')').next()) else { continue };
                if let Some((message, help)) = dead(target, course, terms) {
                    let column = line.get(..at + 2).unwrap_or_default().chars().count() + 1;
                    let finding = Finding::new(&file, Some((number + 1, column)), message);
                    findings.push(Finding { help, ..finding });
                }
            }
        }
    }
    findings
}

/// Code that does not end: the page would show the rest as code, or a backtick as it stands. And tables, which the page's
/// Markdown does not know.
fn unclosed(file: &Path, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fence = None;
    let mut backtick = None;
    let closing = |at: Option<(usize, usize)>| {
        let finding = Finding::new(file, Some(at?), "the code that begins here does not end in this paragraph");
        Some(finding.help("code stands between two backticks"))
    };
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            fence = if fence.is_some() { None } else { Some((number + 1, 1)) };
            continue;
        }
        if fence.is_some() {
            continue;
        }
        // Code may run on over the end of a line, and ends with the paragraph or the item of the list.
        let begins = line.trim_start().split_once(' ').is_some_and(|(mark, _)| {
            mark == "-" || mark.strip_suffix('.').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        });
        if line.trim().is_empty() || begins {
            findings.extend(closing(backtick.take()));
        }
        for (column, _) in line.chars().enumerate().filter(|(_, c)| *c == '`') {
            backtick = if backtick.is_some() { None } else { Some((number + 1, column + 1)) };
        }
        if line.trim_start().starts_with('|') {
            let finding = Finding::new(file, Some((number + 1, 1)), "tables are no part of a lesson's Markdown");
            findings.push(finding.help("write a list"));
        }
    }
    findings.extend(closing(backtick));
    if let Some(place) = fence {
        let finding = Finding::new(file, Some(place), "the block of code that begins here does not end");
        findings.push(finding.help("it ends with a line of three backticks"));
    }
    findings
}

/// Where code stands within bold text or the words of a link, which the page's Markdown does not know.
fn code_within(line: &str) -> Option<usize> {
    let (mut at, mut is_bold) = (0, false);
    let parts: Vec<&str> = line.split('`').collect();
    for (number, pair) in parts.windows(2).enumerate() {
        let [part, _] = pair else { continue };
        if number % 2 == 0 {
            is_bold ^= part.matches("**").count() % 2 == 1;
            let opens = part.rfind('[').is_some_and(|open| part.get(open..).is_some_and(|rest| !rest.contains(']')));
            let closes = parts.get(number + 2).is_some_and(|next| next.split('[').next().unwrap_or("").contains("]("));
            if number + 2 < parts.len() && (is_bold || opens && closes) {
                return Some(at + part.len());
            }
        }
        at += part.len() + 1;
    }
    None
}

/// What is wrong with a link's target, and what to write.
fn dead(target: &str, course: &Course, terms: Option<&[String]>) -> Option<(String, Option<String>)> {
    let near = |name: &str, known: &[&str]| {
        policy::nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"))
    };
    if let Some(id) = target.strip_prefix("lesson:") {
        let known: Vec<&str> = course.lessons.iter().map(|lesson| lesson.id.as_str()).collect();
        return (!known.contains(&id)).then(|| (format!("there is no lesson `{id}`"), near(id, &known)));
    }
    if let Some(term) = target.strip_prefix("glossary:") {
        let known: Vec<&str> = terms?.iter().map(String::as_str).collect();
        return (!known.contains(&term)).then(|| (format!("the glossary has no `{term}`"), near(term, &known)));
    }
    let help = "links lead to `https://…`, `lesson:ID` or `glossary:TERM`".to_owned();
    (!target.starts_with("https://")).then(|| (format!("`{target}` is no address that a lesson can link"), Some(help)))
}

/// What a lesson has to keep by itself, and how many changes of its solution were tried.
fn alone(source: &Source, options: Options) -> (usize, Vec<Finding>) {
    let mut findings = names(source);
    findings.extend(prediction(source, options));
    if !findings.is_empty() {
        return (0, findings);
    }
    match source.lesson.kind {
        Kind::Write | Kind::Fix | Kind::Minimise => {
            findings.extend(policies(source, options));
            // Tests that the solution fails catch everything.
            if findings.is_empty() {
                let (changes, weak) = strength::check(source, options);
                findings.extend(weak);
                return (changes, findings);
            }
        }
        Kind::Read => findings.extend(read(source, options)),
        Kind::Break | Kind::Compare => findings.extend(search(source, options)),
    }
    (0, findings)
}

/// A start whose answer is to be guessed has one.
fn prediction(source: &Source, options: Options) -> Option<Finding> {
    if !source.lesson.predict {
        return None;
    }
    if source.lesson.kind == Kind::Read {
        let help = "remove `predict`: every row is guessed";
        return Some(source.at("predict", "a `read` lesson is all guessing").help(help));
    }
    let report = evaluate_value(&source.lesson.start, options);
    let message = format!("there is no answer to guess: {}", report.reason.message);
    report.decision.is_none().then(|| source.at("predict", message).help("let the start be one that IAM would save"))
}

/// Names of policies, and what the kind of the lesson asks for.
fn names(source: &Source) -> Vec<Finding> {
    let lesson = &source.lesson;
    let mut findings = Vec::new();
    let names: Vec<&str> = scenario::policies(&lesson.start).map(|(name, _)| name).collect();
    for (at, name) in names.iter().enumerate() {
        let pointer = format!("/policies/{at}");
        if name.is_empty() {
            findings.push(source.start.finding(&pointer, "the policy has no name"));
        } else if names.iter().take(at).any(|before| before == name) {
            findings.push(source.start.finding(&pointer, format!("another policy is called `{name}` too")));
        }
    }
    let known = |name: &String| names.contains(&name.as_str());
    for name in lesson.editable.iter().filter(|name| !known(name)) {
        let near = policy::nearest(name, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let message = format!("`start.json` has no policy `{name}`");
        findings.push(Finding { help: near, ..source.at("editable", message) });
    }
    let changes = lesson.kind.changes_policies();
    if changes && lesson.editable.is_empty() {
        findings.push(source.at("editable", "`editable` is missing: which policies may the learner change?"));
    }
    if !changes && !lesson.editable.is_empty() {
        let message = format!("in a `{}` lesson no policy is editable", lesson.kind.name());
        findings.push(source.at("editable", message));
    }
    if let (true, Some(solution)) = (findings.is_empty(), &source.solution) {
        findings.extend(differences(source, solution));
    }
    for side in lesson.find.iter().flat_map(|find| find.sides.iter().flatten()) {
        for name in side.policies.iter().filter(|name| !known(name)) {
            findings.push(source.tests.finding("/find/sides", format!("`start.json` has no policy `{name}`")));
        }
    }
    for (at, row) in lesson.rows.iter().enumerate() {
        let pointer = if source.tests.value.is_array() { format!("/{at}") } else { format!("/tests/{at}") };
        for statement in row.expect_statements.iter().flatten() {
            let name = statement.rsplit_once('#').map_or(statement.as_str(), |(name, _)| name);
            if !names.contains(&name) {
                let message = format!("`start.json` has no policy `{name}`");
                findings.push(source.tests.finding(&format!("{pointer}/expectStatements"), message));
            }
        }
        if row.hidden && !changes {
            let message = format!("in a `{}` lesson no row is hidden", lesson.kind.name());
            findings.push(source.tests.finding(&format!("{pointer}/hidden"), message));
        }
    }
    findings
}

/// Where the solution differs from the start in what the learner cannot change.
fn differences(source: &Source, solution: &read::Document) -> Vec<Finding> {
    let lesson = &source.lesson;
    let mut start = lesson.start.clone();
    let mut solved = solution.value.clone();
    let forget = |scenario: &mut Value| {
        for policy in scenario.get_mut("policies").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = policy.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            if lesson.editable.contains(&name)
                && let Value::Object(policy) = policy
            {
                policy.insert("document".to_owned(), Value::Null);
            } else if let Some(document) = policy.get_mut("document") {
                // Laid out one way or the other, it is the same document.
                *document = scenario::parsed(document).unwrap_or_else(|| document.clone());
            }
        }
        let fields = lesson.find.iter().flat_map(|find| &find.change);
        if let Some(request) = scenario.get_mut("request").and_then(Value::as_object_mut) {
            fields.for_each(|field| {
                request.shift_remove(field.name());
            });
        }
    };
    forget(&mut start);
    forget(&mut solved);
    let mut findings = Vec::new();
    for field in ["request", "organization"] {
        if start.get(field) != solved.get(field) {
            let message = format!("`{field}` is not as in `start.json`");
            let finding = solution.finding(&format!("/{field}"), message);
            findings.push(finding.help(if lesson.find.is_some() && field == "request" {
                "only what `change` in `tests.json` names may differ"
            } else {
                "the learner cannot change it: only the documents of the editable policies differ"
            }));
        }
    }
    let list = |scenario: &Value| scenario.get("policies").and_then(Value::as_array).cloned().unwrap_or_default();
    let (start, solved) = (list(&start), list(&solved));
    if start.len() != solved.len() {
        findings.push(solution.finding("/policies", "there are not the policies of `start.json`"));
    }
    for (at, _) in start.iter().zip(&solved).enumerate().filter(|(_, (one, other))| one != other) {
        let finding = solution.finding(&format!("/policies/{at}"), "this policy is not as in `start.json`");
        findings.push(finding.help("name, kind and order are the same; only documents of editable policies differ"));
    }
    findings
}

/// A lesson in which policies are changed.
fn policies(source: &Source, options: Options) -> Vec<Finding> {
    let lesson = &source.lesson;
    let mut findings = Vec::new();
    let visible = lesson.rows.iter().filter(|row| !row.hidden).count();
    if lesson.rows.is_empty() {
        return vec![Finding::new(&source.tests.file, None, "there are no rows: what has to hold?")];
    }
    if visible == 0 || visible == lesson.rows.len() {
        let kind = if visible == 0 { "visible" } else { "hidden" };
        findings.push(Finding::new(&source.tests.file, None, format!("there is no {kind} row")));
    }
    let Some(solution) = &source.solution else {
        return findings;
    };
    findings.extend(errors(lesson, solution, options));
    findings.extend(failing(source, &solution.value, "the solution", options));
    if judge(lesson, &lesson.start, options).done {
        findings.push(Finding::new(&source.start.file, None, "the start passes every row already"));
    }
    if findings.is_empty() && judge(lesson, &strength::widest(lesson, &solution.value), options).done {
        let message = "the widest answer passes: every editable policy allowing everything on everything";
        let help = "add a hidden row that expects a deny: what was not meant to be allowed";
        findings.push(Finding::new(&source.tests.file, None, message).help(help));
    }
    let (statements, characters) = scenario::size(lesson, &solution.value);
    for (key, par, own) in
        [("parStatements", lesson.par_statements, statements), ("parCharacters", lesson.par_characters, characters)]
    {
        if let Some(par) = par.filter(|par| own > *par) {
            findings.push(source.at(key, format!("the solution is over par: {own}, not {par}")));
        }
    }
    findings
}

/// Errors in the solution's policies.
fn errors(lesson: &Lesson, solution: &read::Document, options: Options) -> Vec<Finding> {
    let report = evaluate_value(&solution.value, options);
    let errors = report.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    errors
        .map(|error| {
            let pointer = match (&error.path, error.policy_index) {
                (Some(path), _) => path.clone(),
                (None, Some(index)) => format!("/policies/{index}/document"),
                (None, None) => String::new(),
            };
            let line = error.start.map(|start| format!(", line {} of the policy", start.line)).unwrap_or_default();
            let finding = solution.finding(&pointer, format!("{}{line}", error.message));
            Finding { help: error.help.clone(), ..finding }
        })
        .chain(
            lesson
                .editable
                .iter()
                .filter(|name| scenario::document(&solution.value, name).is_none())
                .map(|name| solution.finding("/policies", format!("the policy `{name}` is missing"))),
        )
        .collect()
}

/// The rows that fail.
fn failing(source: &Source, answer: &Value, what: &str, options: Options) -> Vec<Finding> {
    let lesson = &source.lesson;
    let scenario = scenario::with_rows(answer.clone(), lesson);
    let report = evaluate_value(&scenario, options);
    let prefix = if source.tests.value.is_array() { "" } else { "/tests" };
    let mut findings: Vec<Finding> = Vec::new();
    for (at, (row, result)) in lesson.rows.iter().zip(&report.tests).enumerate() {
        if result.pass {
            continue;
        }
        let message = result.message.as_deref().unwrap_or("it fails");
        let message = format!("{what} fails “{}”: {message}", row.name);
        findings.push(source.tests.finding(&format!("{prefix}/{at}"), message));
    }
    findings
}

/// A lesson in which answers are predicted.
fn read(source: &Source, options: Options) -> Vec<Finding> {
    let lesson = &source.lesson;
    let mut findings = failing(source, &lesson.start, "the start", options);
    if lesson.rows.len() < 3 {
        findings.push(Finding::new(&source.tests.file, None, "there are fewer than three rows to predict"));
    }
    let mut answers = lesson.rows.iter().map(|row| row.expect);
    if let Some(first) = answers.next()
        && answers.all(|answer| answer == first)
    {
        findings.push(Finding::new(&source.tests.file, None, "all rows have the same answer: nothing to predict"));
    }
    findings
}

/// A lesson in which a request is looked for.
fn search(source: &Source, options: Options) -> Vec<Finding> {
    let lesson = &source.lesson;
    let (Some(solution), Some(find)) = (&source.solution, &lesson.find) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let is_compare = lesson.kind == Kind::Compare;
    if is_compare != find.sides.is_some() || is_compare == find.decision.is_some() {
        let message = if is_compare {
            "a `compare` lesson has `sides` (and `decisions`, if it matters which)"
        } else {
            "a `break` lesson has `decision`: the answer to reach"
        };
        findings.push(source.tests.finding("/find", message));
    }
    if is_compare && !lesson.rows.is_empty() {
        findings.push(source.tests.finding("/tests", "a `compare` lesson has no rows"));
    }
    if find.change.is_empty() {
        findings.push(source.tests.finding("/find/change", "what may the learner change?"));
    }
    for (at, condition) in find.conditions.iter().enumerate() {
        let lists = [&condition.is, &condition.like, &condition.not, &condition.unlike];
        if lists.iter().all(|list| list.is_none()) && condition.present.is_none() {
            let message = "the condition asks for nothing: write `is`, `like`, `not`, `unlike` or `present`";
            findings.push(source.tests.finding(&format!("/find/where/{at}"), message));
        }
    }
    if !findings.is_empty() {
        return findings;
    }
    findings.extend(failing(source, &lesson.start, "the start", options));
    let report = evaluate_value(&solution.value, options);
    if let Some(trouble) = unreadable(&report) {
        findings.push(Finding { help: trouble.help, ..solution.finding("/request", trouble.message) });
    }
    let answer = judge(lesson, &solution.value, options);
    if !answer.done {
        let open = answer.found.iter().flat_map(|found| &found.conditions).filter(|condition| !condition.met);
        let open: Vec<String> = open.map(|condition| format!("“{}”", condition.name)).collect();
        let message = format!("the solution's request does not meet {}", open.join(", "));
        findings.push(solution.finding("/request", message));
    }
    if judge(lesson, &lesson.start, options).done {
        findings.push(source.start.finding("/request", "the start's request is one of those looked for already"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::code_within;

    #[test]
    fn code_stands_by_itself() {
        for line in [
            "**a** `b` **c**",
            "`**` and `[x](y)`",
            "[a](https://b) `c` [d](https://e)",
            "[`Effect`, then",
            "a `b",
            "**a",
        ] {
            assert_eq!(code_within(line), None, "{line}");
        }
        assert_eq!(code_within("With **`IfExists`** at"), Some(7));
        assert_eq!(code_within("x [the `Null` one](glossary:null)"), Some(7));
    }
}

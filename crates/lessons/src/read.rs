//! From folders to lessons. Whatever is wrong is told with its place, and the rest is read all the same.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use playground::{Problem, Scenario, Severity};
use policy::json::{self, Node};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::finding::{Finding, place};
use crate::front::{self, Entry};
use crate::lesson::{Course, Find, Kind, Lesson, Row, Topic};

/// How large a file may be, in bytes.
const LARGEST: u64 = 1_000_000;

/// The fields of a row.
const ROW: [&str; 6] = ["name", "request", "expect", "why", "hidden", "expectStatements"];

/// The fields of a row's request.
const REQUEST: [&str; 7] = ["principal", "action", "resource", "resourceAccount", "sessionIssuer", "context", "derive"];

/// The answers that a row can expect.
const ANSWERS: [&str; 3] = ["allowed", "implicitDeny", "explicitDeny"];

/// A lesson with what its checks need to know about its files.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) lesson: Lesson,
    pub(crate) folder: PathBuf,
    /// The lines of the front matter's keys.
    pub(crate) lines: HashMap<String, usize>,
    pub(crate) survivors: Vec<Survivor>,
    pub(crate) start: Document,
    pub(crate) solution: Option<Document>,
    pub(crate) tests: Document,
}

/// A change of the solution that need not be caught.
#[derive(Debug)]
pub(crate) struct Survivor {
    pub(crate) line: usize,
    pub(crate) mutation: String,
}

/// A JSON file with the place of everything in it.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) file: PathBuf,
    text: String,
    root: Node,
    pub(crate) value: Value,
}

impl Document {
    /// The place of the value at a JSON Pointer.
    pub(crate) fn place(&self, pointer: &str) -> Option<(usize, usize)> {
        Some(place(&self.text, self.root.place(pointer).start as usize))
    }

    pub(crate) fn finding(&self, pointer: &str, message: impl Into<String>) -> Finding {
        Finding::new(&self.file, self.place(pointer), message)
    }
}

impl Source {
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A finding at a key of the front matter.
    pub(crate) fn at(&self, key: &str, message: impl Into<String>) -> Finding {
        Finding::new(&self.file("lesson.md"), self.lines.get(key).map(|line| (*line, 1)), message)
    }
}

/// Everything below a folder of lessons.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) course: Course,
    pub(crate) sources: Vec<Source>,
    /// The terms that the glossary has, by their anchors; `None` where the lessons have no glossary beside them.
    pub(crate) terms: Option<Vec<String>>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a folder with `concepts.json`, `aws-pages.json` and topics.
pub(crate) fn shelf(root: &Path) -> Shelf {
    let mut reader = Reader { findings: Vec::new() };
    let mut course = Course {
        concepts: reader.names(&root.join("concepts.json"), "ids"),
        pages: reader.names(&root.join("aws-pages.json"), "addresses"),
        ..Course::default()
    };
    let mut sources = Vec::new();
    for folder in reader.folders(root) {
        let Some(topic) = reader.topic(&folder) else { continue };
        for folder in reader.folders(&folder) {
            if let Some(source) = reader.lesson(&folder, &topic.id, &course) {
                sources.push(source);
            }
        }
        course.topics.push(topic);
    }
    course.lessons = sources.iter().map(|source| source.lesson.clone()).collect();
    let terms = fs::read_to_string(root.join("../../docs/glossary.md")).ok().map(|text| anchors(&text));
    Shelf { course, sources, terms, findings: reader.findings }
}

/// The anchors of a glossary: its headings', as GitHub and the page make them, and those set by hand.
fn anchors(glossary: &str) -> Vec<String> {
    let anchor = |heading: &str| {
        let kept = heading.trim().chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ' || *c == '-');
        kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    let headings = glossary.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor);
    let marks = glossary.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    headings.chain(marks).collect()
}

/// A folder's name without the number in front.
fn bare(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-').to_owned()
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    /// The numbered folders in a folder, in their order.
    fn folders(&mut self, parent: &Path) -> Vec<PathBuf> {
        let entries = match fs::read_dir(parent) {
            Ok(entries) => entries,
            Err(error) => {
                self.findings.push(Finding::new(parent, None, format!("the folder cannot be read: {error}")));
                return Vec::new();
            }
        };
        let mut folders: Vec<PathBuf> =
            entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.retain(|path| !path.file_name().unwrap_or_default().to_string_lossy().starts_with('.'));
        folders.sort();
        for folder in &folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            let number = name.split('-').next().unwrap_or("");
            if number.len() != 2 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                let message = format!("the folder `{name}` has no number in front");
                self.findings
                    .push(Finding::new(folder, None, message).help("call it NN-name: the number gives its place"));
            }
        }
        folders
    }

    /// A file's text, without the mark that some editors put in front of it.
    fn text(&mut self, file: &Path) -> Option<String> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let finding = |message: String| Finding::new(file, None, message);
        let size = fs::metadata(file).map_or(0, |data| if data.is_file() { data.len() } else { 0 });
        if size > LARGEST {
            let message = format!("`{name}` has {} MB: a file of a lesson has at most 1 MB", size.div_ceil(LARGEST));
            self.findings.push(finding(message));
            return None;
        }
        let trouble = match fs::read_to_string(file) {
            Ok(text) => return Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
            Err(_) if file.is_dir() => finding(format!("`{name}` is a folder: here stands a file")),
            Err(error) if error.kind() == ErrorKind::NotFound => finding(format!("`{name}` is missing")),
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                finding(format!("`{name}` is not text in UTF-8")).help("save it again with the encoding UTF-8")
            }
            Err(error) => finding(format!("it cannot be read: {error}")),
        };
        self.findings.push(trouble);
        None
    }

    fn json(&mut self, file: &Path) -> Option<Document> {
        let text = self.text(file)?;
        let root = match json::parse(&text) {
            Ok(root) => root,
            Err(error) => {
                let place = place(&text, error.span.start as usize);
                let finding = Finding::new(file, Some(place), error.message);
                self.findings.push(Finding { help: error.help, ..finding });
                return None;
            }
        };
        match serde_json::from_str(&text) {
            Ok(value) => Some(Document { file: file.to_owned(), text, root, value }),
            Err(error) => {
                self.findings.push(Finding::new(file, Some((error.line(), error.column())), error.to_string()));
                None
            }
        }
    }

    /// A JSON value as one of our types.
    fn typed<T: DeserializeOwned>(&mut self, document: &Document, pointer: &str, what: &str) -> Option<T> {
        let value = document.value.pointer(pointer)?;
        match serde_json::from_value(value.clone()) {
            Ok(value) => Some(value),
            Err(error) => {
                // In the words of those who write lessons.
                let error = error.to_string().replace("unknown variant", "unknown value");
                self.findings.push(document.finding(pointer, format!("{what}: {error}")));
                None
            }
        }
    }

    /// An object in which every key has a name.
    fn names(&mut self, file: &Path, keys: &str) -> Map<String, Value> {
        let Some(document) = self.json(file) else { return Map::new() };
        match document.value {
            Value::Object(names) if names.values().all(Value::is_string) => names,
            _ => {
                let message = format!("this is no object of {keys} and names");
                self.findings.push(document.finding("", message));
                Map::new()
            }
        }
    }

    fn topic(&mut self, folder: &Path) -> Option<Topic> {
        let file = folder.join("topic.md");
        let text = self.text(&file)?;
        let mut lines = text.trim().splitn(2, '\n');
        let title = lines.next().and_then(|line| line.strip_prefix("# ")).map(str::trim);
        let words = lines.next().unwrap_or("").trim();
        match title {
            Some(title) if !title.is_empty() && !words.is_empty() => {
                Some(Topic { id: bare(folder), title: title.to_owned(), text: words.to_owned() })
            }
            _ => {
                let message = "a topic is a heading `# Title` and one paragraph";
                self.findings.push(Finding::new(&file, Some((1, 1)), message));
                None
            }
        }
    }

    fn lesson(&mut self, folder: &Path, topic: &str, course: &Course) -> Option<Source> {
        let file = folder.join("lesson.md");
        let text = self.text(&file)?;
        let (entries, body) = match front::split(&text) {
            Ok(parts) => parts,
            Err(slips) => {
                let slips = slips.into_iter().map(|(line, message)| Finding::new(&file, Some((line, 1)), message));
                self.findings.extend(slips);
                return None;
            }
        };
        let mut matter = Matter { file: &file, entries, findings: &mut self.findings };
        matter.keys_are_known();
        let kind = matter.kind();
        let [id, title, goal] = ["id", "title", "goal"].map(|key| matter.needed(key));
        let (concept_ids, aws) = (matter.needed_list("concepts"), matter.needed_list("aws"));
        let minutes = matter.number("minutes", true).unwrap_or_default();
        let (par_statements, par_characters) =
            (matter.number("parStatements", false), matter.number("parCharacters", false));
        let (editable, links) = (matter.list("editable"), matter.list("links"));
        let (predict, challenge) = (matter.flag("predict"), matter.flag("challenge"));
        let survivors = matter.survivors();
        matter.check_values(id.as_deref(), minutes, &concept_ids, &aws, course);
        let lines = matter.entries.iter().map(|entry| (entry.key.clone(), entry.line)).collect();
        if body.trim().is_empty() {
            self.findings.push(Finding::new(&file, None, "there is no text behind the front matter"));
        }

        let start = self.scenario(&folder.join("start.json"));
        let solution_file = folder.join("solution.json");
        let solution = match kind {
            Some(Kind::Read) => {
                if solution_file.exists() {
                    self.findings.push(Finding::new(&solution_file, None, "a `read` lesson has no solution"));
                }
                None
            }
            _ => self.scenario(&solution_file),
        };
        let tests = self.json(&folder.join("tests.json"));
        let (rows, find) = tests.as_ref().map(|tests| self.tests(tests, kind)).unwrap_or_default();
        let hints = self.hints(&folder.join("hints.md"));
        let (kind, start, tests) = (kind?, start?, tests?);
        if kind != Kind::Read && solution.is_none() {
            return None;
        }
        Some(Source {
            lesson: Lesson {
                id: id?,
                topic: topic.to_owned(),
                title: title?,
                goal: goal?,
                kind,
                concepts: concept_ids,
                minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
                aws,
                editable,
                predict,
                challenge,
                links,
                par_statements,
                par_characters,
                text: body.trim().to_owned(),
                start: start.value.clone(),
                solution: solution.as_ref().map(|solution| solution.value.clone()),
                rows,
                find,
                hints,
            },
            folder: folder.to_owned(),
            lines,
            survivors,
            start,
            solution,
            tests,
        })
    }

    /// A scenario without tests, in shape.
    fn scenario(&mut self, file: &Path) -> Option<Document> {
        let document = self.json(file)?;
        if document.value.get("tests").is_some() {
            self.findings.push(document.finding("/tests", "the rows stand in `tests.json`, not here"));
        }
        let (_, problems) = Scenario::from_value(&document.value);
        // A field misspelt is only a warning to the engine.
        let counts = |problem: &&Problem| problem.severity == Severity::Error || problem.code == "unknown-field";
        for problem in problems.iter().filter(counts) {
            let finding = document.finding(&problem.path, problem.message.clone());
            self.findings.push(Finding { help: problem.help.clone(), ..finding });
        }
        document.value.is_object().then_some(document)
    }

    fn tests(&mut self, document: &Document, kind: Option<Kind>) -> (Vec<Row>, Option<Find>) {
        let searches = kind.is_some_and(Kind::changes_request);
        match (&document.value, searches) {
            (Value::Array(_), false) => (self.rows(document, ""), None),
            (Value::Object(fields), true) => {
                if let Some(unknown) = fields.keys().find(|key| *key != "find" && *key != "tests") {
                    let finding = document.finding(&format!("/{unknown}"), format!("unknown field `{unknown}`"));
                    self.findings.push(finding.help("here stand `find` and `tests`"));
                }
                if !fields.contains_key("find") {
                    self.findings.push(document.finding("", "`find` is missing: what the learner looks for"));
                }
                (self.rows(document, "/tests"), self.typed(document, "/find", "in `find`"))
            }
            (_, true) => {
                let message = "lessons of the kinds `break` and `compare` have an object with `find` here";
                self.findings.push(document.finding("", message));
                Default::default()
            }
            (_, false) => {
                self.findings.push(document.finding("", "here stands an array of rows"));
                Default::default()
            }
        }
    }

    fn rows(&mut self, document: &Document, pointer: &str) -> Vec<Row> {
        let Some(list) = document.value.pointer(pointer) else {
            return Vec::new();
        };
        let Value::Array(list) = list else {
            self.findings.push(document.finding(pointer, "here stands an array of rows"));
            return Vec::new();
        };
        let before = self.findings.len();
        for (at, row) in list.iter().enumerate() {
            self.fields_of_row(document, &format!("{pointer}/{at}"), row);
        }
        if self.findings.len() > before {
            return Vec::new();
        }
        let rows = (0..list.len()).filter_map(|at| self.typed(document, &format!("{pointer}/{at}"), "in this row"));
        let rows: Vec<Row> = rows.collect();
        for (at, row) in rows.iter().enumerate() {
            for (field, text) in [("name", &row.name), ("why", &row.why)] {
                if text.trim().is_empty() {
                    let finding = document.finding(&format!("{pointer}/{at}/{field}"), format!("`{field}` is empty"));
                    self.findings.push(finding);
                }
            }
            if rows.iter().take(at).any(|before| before.name == row.name) {
                let message = format!("another row is called “{}” too", row.name);
                self.findings.push(document.finding(&format!("{pointer}/{at}/name"), message));
            }
        }
        rows
    }

    /// What is misspelt in a row, at its place.
    fn fields_of_row(&mut self, document: &Document, pointer: &str, row: &Value) {
        self.unknown_fields(document, pointer, row, &ROW);
        if let Some(answer) = row.get("expect").and_then(Value::as_str).filter(|answer| !ANSWERS.contains(answer)) {
            let finding = document.finding(&format!("{pointer}/expect"), format!("`{answer}` is no answer"));
            self.findings.push(finding.help(format!("the answers are `{}`", ANSWERS.join("`, `"))));
        }
        let Some(request) = row.get("request").filter(|request| request.is_object()) else { return };
        self.unknown_fields(document, &format!("{pointer}/request"), request, &REQUEST);
        let alone = json!({ "request": {}, "policies": [], "tests": [{ "name": "", "request": request, "expect": "allowed" }] });
        let (_, problems) = Scenario::from_value(&alone);
        for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
            if let Some(place) = problem.path.strip_prefix("/tests/0") {
                let finding = document.finding(&format!("{pointer}{place}"), problem.message.clone());
                self.findings.push(Finding { help: problem.help.clone(), ..finding });
            }
        }
    }

    fn unknown_fields(&mut self, document: &Document, pointer: &str, object: &Value, known: &[&'static str]) {
        let fields = object.as_object().into_iter().flat_map(Map::keys);
        for field in fields.filter(|field| !known.contains(&field.as_str())) {
            let escaped = field.replace('~', "~0").replace('/', "~1");
            let finding = document.finding(&format!("{pointer}/{escaped}"), format!("unknown field `{field}`"));
            let near = policy::nearest(field, known.iter().copied());
            self.findings.push(finding.help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("here stand `{}`", known.join("`, `")),
            }));
        }
    }

    fn hints(&mut self, file: &Path) -> Vec<String> {
        let Some(text) = self.text(file) else {
            return Vec::new();
        };
        let mut hints: Vec<String> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let item = line.split_once(". ").filter(|(number, _)| number.parse::<usize>() == Ok(hints.len() + 1));
            match (item, hints.last_mut()) {
                (Some((_, hint)), _) => hints.push(hint.trim_end().to_owned()),
                (None, Some(hint)) if line.starts_with(' ') || line.trim().is_empty() => {
                    hint.push('\n');
                    hint.push_str(line.strip_prefix("   ").unwrap_or(line.trim_start()));
                }
                _ => {
                    let message = format!("this is not hint {}", hints.len() + 1);
                    let finding = Finding::new(file, Some((index + 1, 1)), message);
                    self.findings.push(
                        finding.help("hints are an ordered list: `1. …`, `2. …`, …; more lines of one are indented"),
                    );
                    return hints;
                }
            }
        }
        if hints.len() < 2 {
            self.findings.push(Finding::new(file, None, "there are fewer than two hints"));
        }
        hints.into_iter().map(|hint| hint.trim().to_owned()).collect()
    }
}

/// The front matter while it is read.
struct Matter<'m> {
    file: &'m Path,
    entries: Vec<Entry>,
    findings: &'m mut Vec<Finding>,
}

const KEYS: [&str; 14] = [
    "id",
    "title",
    "goal",
    "kind",
    "concepts",
    "minutes",
    "aws",
    "editable",
    "predict",
    "challenge",
    "links",
    "parStatements",
    "parCharacters",
    "survivors",
];

const PAGES: &str = "https://docs.aws.amazon.com/";

impl Matter<'_> {
    fn find(&mut self, line: Option<usize>, message: impl Into<String>, help: Option<String>) {
        let finding = Finding::new(self.file, line.map(|line| (line, 1)), message);
        self.findings.push(Finding { help, ..finding });
    }

    fn keys_are_known(&mut self) {
        let unknown = self.entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_str()));
        let unknown: Vec<_> = unknown.map(|entry| (entry.key.clone(), entry.line)).collect();
        for (key, line) in unknown {
            let help = policy::nearest(&key, KEYS).map(|near| format!("did you mean `{near}`?"));
            self.find(Some(line), format!("unknown key `{key}`"), help);
        }
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn line(&self, key: &str) -> Option<usize> {
        self.entry(key).map(|entry| entry.line)
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.entry(key)?.value.clone() {
            front::Value::Text(text) => Some(text),
            _ => {
                self.find(self.line(key), format!("`{key}` is one value, not a list"), None);
                None
            }
        }
    }

    fn needed(&mut self, key: &str) -> Option<String> {
        if self.entry(key).is_none() {
            self.find(None, format!("`{key}` is missing in the front matter"), None);
            return None;
        }
        let text = self.text(key)?;
        if text.is_empty() {
            self.find(self.line(key), format!("`{key}` is empty"), None);
            return None;
        }
        Some(text)
    }

    fn list(&mut self, key: &str) -> Vec<String> {
        match self.entry(key).map(|entry| entry.value.clone()) {
            None => Vec::new(),
            Some(front::Value::List(list)) => list,
            Some(front::Value::Text(text)) if text.is_empty() => Vec::new(),
            Some(front::Value::Text(text)) => vec![text],
            Some(front::Value::Items(_)) => {
                self.find(self.line(key), format!("`{key}` is a list of names"), None);
                Vec::new()
            }
        }
    }

    fn needed_list(&mut self, key: &str) -> Vec<String> {
        let list = self.list(key);
        if list.is_empty() {
            let line = self.line(key);
            let state = if line.is_some() { "empty" } else { "missing in the front matter" };
            self.find(line, format!("`{key}` is {state}"), None);
        }
        list
    }

    fn kind(&mut self) -> Option<Kind> {
        let name = self.needed("kind")?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        if kind.is_none() {
            let kinds = Kind::ALL.map(Kind::name).join("`, `");
            self.find(self.line("kind"), format!("unknown kind `{name}`"), Some(format!("the kinds are `{kinds}`")));
        }
        kind
    }

    fn number(&mut self, key: &str, needed: bool) -> Option<usize> {
        let text = if needed { self.needed(key)? } else { self.text(key)? };
        let number = text.parse().ok().filter(|number| *number > 0);
        if number.is_none() {
            self.find(self.line(key), format!("`{key}` is a number above 0, not `{text}`"), None);
        }
        number
    }

    fn flag(&mut self, key: &str) -> bool {
        match self.text(key).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => {
                self.find(self.line(key), format!("`{key}` is true or false, not `{other}`"), None);
                false
            }
        }
    }

    fn survivors(&mut self) -> Vec<Survivor> {
        let items = match self.entry("survivors").map(|entry| entry.value.clone()) {
            None => return Vec::new(),
            Some(front::Value::Items(items)) => items,
            Some(_) => {
                let help = "write an item a change: `- mutation: …` and, indented, `because: …`";
                self.find(self.line("survivors"), "`survivors` is a list of changes", Some(help.to_owned()));
                return Vec::new();
            }
        };
        let mut survivors = Vec::new();
        for (line, fields) in items {
            let get = |key: &str| fields.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str());
            if let Some((unknown, _)) = fields.iter().find(|(key, _)| key != "mutation" && key != "because") {
                self.find(Some(line), format!("unknown key `{unknown}`; here stand `mutation` and `because`"), None);
            }
            match (get("mutation"), get("because").is_some_and(|because| !because.is_empty())) {
                (Some(mutation), true) => survivors.push(Survivor { line, mutation: mutation.to_owned() }),
                (Some(_), false) => self.find(Some(line), "`because` is missing: why may no row catch this?", None),
                (None, _) => self.find(Some(line), "`mutation` is missing: which change is it?", None),
            }
        }
        survivors
    }

    fn check_values(&mut self, id: Option<&str>, minutes: usize, concepts: &[String], aws: &[String], course: &Course) {
        let is_id = |id: &str| id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if let Some(id) = id.filter(|id| !is_id(id)) {
            let help = "an id has lower-case letters, digits and hyphens".to_owned();
            self.find(self.line("id"), format!("`{id}` is no id"), Some(help));
        }
        if minutes > 60 {
            self.find(self.line("minutes"), "a lesson takes at most 60 minutes", None);
        }
        // Where the list itself is missing or broken, that is the one thing to say.
        let is_known = |concept: &str| course.concepts.is_empty() || course.concepts.contains_key(concept);
        for concept in concepts.iter().filter(|concept| !is_known(concept)) {
            let help = if concept.contains(',') {
                format!("a list is written in brackets: `[{concept}]`")
            } else {
                "the concepts are those of `concepts.json`".to_owned()
            };
            self.find(self.line("concepts"), format!("unknown concept `{concept}`"), Some(help));
        }
        for page in aws.iter().filter(|page| !page.starts_with(PAGES)) {
            self.find(
                self.line("aws"),
                format!("`{page}` is no page of AWS's documentation"),
                Some(format!("it starts with {PAGES}")),
            );
        }
        let known = || course.pages.keys().map(String::as_str);
        let is_listed = |page: &str| course.pages.is_empty() || course.pages.contains_key(page);
        for page in aws.iter().filter(|page| page.starts_with(PAGES) && !is_listed(page)) {
            let help = policy::nearest(page, known()).map_or_else(
                || "open it, and add it to `aws-pages.json` with its title".to_owned(),
                |near| format!("did you mean {near}? A page that no lesson had before is added to `aws-pages.json`"),
            );
            self.find(self.line("aws"), format!("the page {page} is not known"), Some(help));
        }
    }
}

//! Reading: files, folders and standard input; whole documents and documents line by line.
//!
//! An input is one JSON document over many lines, or one document a line. Which of them the first line tells: where
//! its brackets close, it is a document of its own. So a file with one scenario in one line is both, and a stream
//! of a million lines is read and answered line by line.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};

use lessons::Progress;
use policy::json::{self, MAX_BYTES, Node};
use serde_json::Value;

use crate::findings::Failure;
use crate::markdown;
use crate::text::{Place, Text};

/// A JSON text and where it comes from.
#[derive(Debug)]
pub(crate) struct Document {
    /// The file as the user named it.
    pub(crate) file: String,
    /// The text.
    pub(crate) text: String,
    /// The line of the file on which it starts.
    pub(crate) first_line: usize,
    /// Where it stands in a Markdown file: the decision that its block states, if it does.
    pub(crate) block: Option<Stated>,
}

/// What a block of a Markdown file states about its scenario.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stated {
    /// The expected decision, as written.
    pub(crate) expect: Option<String>,
}

/// What a command does with each document, and with what is no document. An error ends the run: the output is gone.
pub(crate) type Visitor<'a> = dyn FnMut(Result<Document, Failure>) -> io::Result<()> + 'a;

/// Reads the inputs one after the other; standard input where there is none.
pub(crate) fn read(paths: &[PathBuf], visit: &mut Visitor<'_>) -> io::Result<()> {
    if paths.is_empty() {
        return read_one(Path::new("-"), visit);
    }
    paths.iter().try_for_each(|path| read_one(path, visit))
}

fn read_one(path: &Path, visit: &mut Visitor<'_>) -> io::Result<()> {
    if path.as_os_str() == "-" {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            eprintln!("reading from standard input; end it with an empty line and Ctrl-D");
        }
        return documents("<stdin>", &mut stdin.lock(), false, visit);
    }
    let file = path.display().to_string();
    match open(path) {
        Ok(opened) if markdown::is_markdown(path) => blocks(&file, opened, visit),
        Ok(opened) => {
            let lines = path.extension().is_some_and(|extension| extension == "ndjson" || extension == "jsonl");
            documents(&file, &mut BufReader::new(opened), lines, visit)
        }
        Err(error) => visit(Err(Failure::unreadable(&file, &error))),
    }
}

fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(file)
}

/// The scenarios of a Markdown file.
fn blocks(file: &str, mut opened: File, visit: &mut Visitor<'_>) -> io::Result<()> {
    let mut bytes = Vec::new();
    if let Err(error) = opened.by_ref().take(MAX_BYTES as u64).read_to_end(&mut bytes) {
        return visit(Err(Failure::unreadable(file, &error)));
    }
    let document = match document(file, bytes, 1) {
        Ok(document) => document,
        Err(failure) => return visit(Err(failure)),
    };
    markdown::blocks(&document.text).into_iter().try_for_each(|block| {
        visit(Ok(Document {
            file: file.to_owned(),
            text: block.text,
            first_line: block.first_line,
            block: Some(Stated { expect: block.expect }),
        }))
    })
}

/// The documents of one input. `lines`: one a line, whatever the first line looks like.
fn documents(file: &str, reader: &mut dyn BufRead, lines: bool, visit: &mut Visitor<'_>) -> io::Result<()> {
    let mut line = 1;
    let mut text = Vec::new();
    loop {
        // Blank lines before the first document belong to nothing.
        match read_line(reader, &mut text) {
            Err(error) => return visit(Err(Failure::unreadable(file, &error))),
            Ok(false) => return visit(Err(Failure::empty(file))),
            Ok(true) if line == 1 && text.starts_with(b"\xef\xbb\xbf") => {
                text.drain(..3);
            }
            Ok(true) => {}
        }
        if !text.trim_ascii().is_empty() {
            break;
        }
        line += 1;
    }

    // In UTF-16 there are no lines to tell by, and one sentence says it.
    if is_utf16(&text) {
        return visit(document(file, text, line));
    }

    if !lines && !is_closed(&text) {
        let room = (MAX_BYTES + 1).saturating_sub(text.len()) as u64;
        if let Err(error) = reader.take(room).read_to_end(&mut text) {
            return visit(Err(Failure::unreadable(file, &error)));
        }
        return visit(document(file, text, line));
    }

    loop {
        if !text.trim_ascii().is_empty() {
            visit(document(file, std::mem::take(&mut text), line))?;
        }
        line += 1;
        match read_line(reader, &mut text) {
            Err(error) => return visit(Err(Failure::unreadable(file, &error))),
            Ok(false) => return Ok(()),
            Ok(true) => {}
        }
    }
}

/// Whether a text begins as UTF-16 does, with or without a mark: Windows' shells write such files.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    let mark = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    mark || matches!(bytes, [0, 1..=127, 0, 1..=127, ..] | [1..=127, 0, 1..=127, 0, ..])
}

/// Reads a line with its end, of an endless one only the start; `false` at the end of the input.
fn read_line(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let read = reader.take(MAX_BYTES as u64 + 2).read_until(b'\n', line)?;
    if read > MAX_BYTES && line.last() != Some(&b'\n') {
        reader.skip_until(b'\n')?;
    }
    Ok(read > 0)
}

/// Whether all brackets of a line close within it: then it is a document of its own.
fn is_closed(line: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut opened = false;
    let mut in_string = false;
    let mut escaped = false;
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                opened = true;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    opened && depth == 0 && !in_string
}

fn document(file: &str, bytes: Vec<u8>, first_line: usize) -> Result<Document, Failure> {
    if is_utf16(&bytes) {
        return Err(Failure::not_utf8(file, Place { line: first_line, column: 1 }, true));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Document { file: file.to_owned(), text, first_line, block: None }),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let text = String::from_utf8_lossy(&bytes[..valid]);
            let place = Text::from_line(&text, first_line).place(valid);
            Err(Failure::not_utf8(file, place, false))
        }
    }
}

/// A document that is JSON, with the place of everything in it.
#[derive(Debug)]
pub(crate) struct Parsed<'a> {
    pub(crate) document: &'a Document,
    pub(crate) text: Text<'a>,
    pub(crate) root: Node,
    pub(crate) value: Value,
}

/// A scenario in a document.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    pub(crate) value: &'a Value,
    pub(crate) node: &'a Node,
}

impl<'a> Parsed<'a> {
    pub(crate) fn new(document: &'a Document) -> Result<Self, Failure> {
        let text = Text::from_line(&document.text, document.first_line);
        let root = json::parse(&document.text).map_err(|error| Failure::syntax(&document.file, &text, &error))?;
        if let Some((key, first, second)) = duplicate_key(&root) {
            return Err(Failure::duplicate_key(&document.file, &text, key, first, second));
        }
        let value =
            serde_json::from_str(&document.text).map_err(|error| Failure::refused(&document.file, &text, &error))?;
        Ok(Self { document, text, root, value })
    }

    /// Whether the document is one scenario, not a list of them.
    pub(crate) fn is_one_scenario(&self) -> bool {
        !self.value.is_array() && self.value.get("scenarios").is_none()
    }

    /// The scenarios in the order of the text.
    pub(crate) fn scenarios(&self) -> Result<Vec<Found<'_>>, Failure> {
        let (list, pointer) = match self.value.get("scenarios") {
            Some(list) => (list, "/scenarios"),
            None => (&self.value, ""),
        };
        let node = self.root.pointer(pointer).unwrap_or(&self.root);
        match (list, &node.value) {
            (Value::Array(list), json::Value::Array(nodes)) => {
                Ok(list.iter().zip(nodes).map(|(value, node)| Found { value, node }).collect())
            }
            _ if pointer.is_empty() => Ok(vec![Found { value: list, node }]),
            _ => Err(Failure::scenarios_no_array(&self.document.file, &self.text, node)),
        }
    }
}

/// The first key that an object has twice, and its two places.
fn duplicate_key(node: &Node) -> Option<(&str, policy::Span, policy::Span)> {
    match &node.value {
        json::Value::Array(items) => items.iter().find_map(duplicate_key),
        json::Value::Object(properties) => {
            let mut seen = std::collections::HashMap::with_capacity(properties.len());
            properties.iter().find_map(|property| match seen.insert(property.key.as_str(), property.key_span) {
                Some(first) => Some((property.key.as_str(), first, property.key_span)),
                None => duplicate_key(&property.node),
            })
        }
        _ => None,
    }
}

/// The scenario files below a folder, in the order of their paths.
pub(crate) fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
    Ok(found)
}

/// Whether a file found below a folder is JSON of another sort: a schema, a package's description, a policy by itself.
/// One that cannot be read may be a scenario, and so may what has just one of its parts.
pub(crate) fn is_other(path: &Path) -> bool {
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let small = || fs::metadata(path).is_ok_and(|file| file.len() <= MAX_BYTES as u64);
    if !is_json || !small() {
        return false;
    }
    let Ok(text) = fs::read_to_string(path) else { return false };
    let Ok(value) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else { return false };
    !may_be_scenarios(&value)
}

fn may_be_scenarios(value: &Value) -> bool {
    let has_part = |value: &Value| {
        ["request", "policies", "tests", "scenarios"].iter().any(|part| value.get(part).is_some())
            || Progress::is(value)
    };
    match value {
        Value::Array(list) => list.is_empty() || list.iter().any(has_part),
        value => has_part(value),
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        // A link to a folder is not followed: it may lead in a circle.
        if entry.file_type()?.is_dir() {
            collect(&path, found)?;
        } else if path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| ["json", "ndjson", "jsonl"].contains(&extension))
            || markdown::speaks_of_scenarios(&path)
        {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut visit = |document: Result<Document, Failure>| {
            let document = document.map_err(|failure| io::Error::other(failure.message))?;
            found.push((document.first_line, document.text));
            Ok(())
        };
        documents("f", &mut input.as_bytes(), false, &mut visit).unwrap();
        found
    }

    #[test]
    fn a_document_over_many_lines_is_one() {
        assert_eq!(texts("\n{\n}\n"), [(2, "{\n}\n".to_owned())]);
        assert_eq!(texts("[{},\n{}]"), [(1, "[{},\n{}]".to_owned())]);
    }

    #[test]
    fn lines_that_close_are_documents() {
        let found = texts("{\"a\": \"}{\\\"[\"}\n\n[{}]\n{");
        assert_eq!(found, [(1, "{\"a\": \"}{\\\"[\"}\n".to_owned()), (3, "[{}]\n".to_owned()), (4, "{".to_owned())]);
    }

    #[test]
    fn json_of_another_sort_is_told_from_scenarios() {
        for text in [r#"{"request": 1}"#, r#"{"policies": []}"#, r#"[{}, {"tests": []}]"#, "[]", r#"{"scenarios": {}}"#]
        {
            assert!(may_be_scenarios(&serde_json::from_str(text).unwrap()), "{text}");
        }
        for text in [r#"{"$schema": "x", "properties": {"request": {}}}"#, r#"{"Statement": []}"#, "1", "[1, {}]"] {
            assert!(!may_be_scenarios(&serde_json::from_str(text).unwrap()), "{text}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(texts("\u{feff}{}"), [(1, "{}".to_owned())]);
    }

    #[test]
    fn a_key_written_twice_is_found_at_any_depth() {
        let root = json::parse(r#"[{"a": {"b": 1, "c": [{}], "b": 2}}]"#).unwrap();
        let (key, first, second) = duplicate_key(&root).unwrap();
        assert_eq!((key, first.start, second.start), ("b", 8, 27));
    }
}

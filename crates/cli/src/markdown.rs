//! Scenarios in Markdown: fenced blocks marked `iam-scenario`, and `<iam-playground>` elements with their scenario inside.
//!
//! Enough of CommonMark and MDX to find them as a renderer does: a block within a longer fence is text, and so is an
//! element within a block; what is in a comment is not there. Line and column stay those of the file. What looks like
//! a scenario and cannot be read as one is a [`Fault`], so that nothing is passed over in silence.

use std::fs;
use std::ops::Range;
use std::path::Path;

/// What a Markdown file says about a scenario.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A scenario that stands in it.
    Scenario(Block),
    /// An element that states what the scenario of a file decides.
    File(Shown),
    /// What was meant as a scenario and is none.
    Fault(Fault),
}

/// A scenario in a Markdown file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The scenario's JSON.
    pub(crate) text: String,
    /// The line of the file on which it starts.
    pub(crate) first_line: usize,
    /// The expected decision, where the block itself states one.
    pub(crate) expect: Option<String>,
    /// Where in the file the pieces of the JSON stand.
    pub(crate) places: Places,
    /// Where those of the policy stand that an element holds beside its scenario.
    pub(crate) policy: Option<Places>,
    /// Where the expectation is stated, or could be.
    pub(crate) stated: Range<usize>,
    /// Whether it is an element, not a fence.
    pub(crate) is_element: bool,
}

/// An element that shows a file, and states its decision.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) src: String,
    pub(crate) expect: String,
    /// Where the element begins.
    pub(crate) stated: Range<usize>,
}

/// What is wrong in the Markdown itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where, in bytes of the file.
    pub(crate) span: Range<usize>,
    /// A stable slug.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Fault {
    pub(crate) fn new(
        span: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { span, code, message: message.into(), help: help.into() }
    }
}

/// Where in the file the pieces of a text stand that was put together from it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Places(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the text.
    at: usize,
    file: Range<usize>,
    /// Whether it stands in the file as it is in the text.
    is_same: bool,
}

impl Places {
    /// The bytes of the file that bytes of the text stand for.
    pub(crate) fn in_file(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.byte(self.0.partition_point(|piece| piece.at <= span.start), span.start, false);
        // An end belongs to what stands before it.
        let end = self.byte(self.0.partition_point(|piece| piece.at < span.end), span.end, true);
        start..end.max(start)
    }

    fn byte(&self, behind: usize, at: usize, is_end: bool) -> usize {
        match behind.checked_sub(1).and_then(|index| self.0.get(index)) {
            None => self.0.first().map_or(0, |first| first.file.start),
            Some(piece) if piece.is_same => (piece.file.start + (at - piece.at)).min(piece.file.end),
            Some(piece) if is_end => piece.file.end,
            Some(piece) => piece.file.start,
        }
    }
}

/// A text put together from pieces of the file.
#[derive(Debug, Default)]
struct Written {
    text: String,
    places: Places,
}

impl Written {
    /// Adds what stands in the file at a byte.
    fn copy(&mut self, text: &str, from: usize) {
        self.places.0.push(Piece { at: self.text.len(), file: from..from + text.len(), is_same: true });
        self.text.push_str(text);
    }

    /// Adds what stands for something else in the file.
    fn put(&mut self, text: &str, file: Range<usize>) {
        self.places.0.push(Piece { at: self.text.len(), file, is_same: false });
        self.text.push_str(text);
    }

    /// Puts in, before a character, what does not stand there in the file.
    fn insert(&mut self, at: usize, text: &str) {
        let place = self.places.in_file(&(at..at)).start;
        let mut behind = self.places.0.split_off(self.places.0.partition_point(|piece| piece.at < at));
        if behind.first().is_none_or(|piece| piece.at > at)
            && let Some(parted) = self.places.0.last()
        {
            let start = if parted.is_same { place } else { parted.file.start };
            behind.insert(0, Piece { at, file: start..parted.file.end, is_same: parted.is_same });
        }
        behind.iter_mut().for_each(|piece| piece.at += text.len());
        self.places.0.push(Piece { at, file: place..place, is_same: false });
        self.places.0.append(&mut behind);
        self.text.insert_str(at, text);
    }

    /// Without white space around it.
    fn trimmed(mut self) -> Self {
        let before = self.text.len() - self.text.trim_start().len();
        self.text = self.text.trim().to_owned();
        for piece in &mut self.places.0 {
            let cut = before.saturating_sub(piece.at);
            if piece.is_same {
                piece.file.start = (piece.file.start + cut).min(piece.file.end);
            }
            piece.at = piece.at.saturating_sub(before);
        }
        self
    }
}

/// The word that marks a block.
const MARK: &str = "iam-scenario";
const ELEMENT: &str = "<iam-playground";
const END: &str = "</iam-playground>";

/// Whether a file is Markdown, by its name.
pub(crate) fn is_markdown(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| ["md", "markdown", "mdx"].contains(&extension))
}

pub(crate) fn is_mdx(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "mdx")
}

/// Whether a Markdown file has something to say about scenarios, if only that something is wrong: most of a folder of
/// documentation has not.
pub(crate) fn speaks_of_scenarios(path: &Path) -> bool {
    is_markdown(path) && fs::read_to_string(path).is_ok_and(|text| !parts(&text, is_mdx(path)).is_empty())
}

/// A line of the file.
struct Line<'t> {
    /// Where it starts.
    start: usize,
    /// Without its line feed.
    text: &'t str,
}

/// A block of code.
struct Fence<'t> {
    info: &'t str,
    /// The lines within, by index.
    first: usize,
    end: usize,
    /// What stands before the fence: spaces, and the marks of a quotation.
    prefix: usize,
}

/// The scenarios of a Markdown text, in its order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let scenarios = parts(text, false).into_iter().filter_map(|part| match part {
        Part::Scenario(block) => Some(block),
        Part::File(_) | Part::Fault(_) => None,
    });
    scenarios.collect()
}

/// What a Markdown text says about scenarios, in its order. In MDX nothing is code because it is indented.
pub(crate) fn parts(text: &str, is_mdx: bool) -> Vec<Part> {
    // A byte order mark is no part of the first line, and keeps its three bytes.
    let marked = text.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
    let text = marked.as_deref().unwrap_or(text);
    let (seen, unclosed) = without_comments(text);
    let page = Page { lower: seen.to_ascii_lowercase(), lines: lines(&seen), text: &seen };
    let mut found = page.parts(is_mdx);
    if let Some(start) = unclosed
        && text.get(start..).is_some_and(|hidden| hidden.contains(MARK) || hidden.contains(ELEMENT))
    {
        let message = "this comment is not closed, and hides the scenarios that follow";
        found.push(Part::Fault(Fault::new(start..start + 4, "unclosed-comment", message, "close it with `-->`")));
    }
    found
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let this = Line { start, text: line.trim_end_matches(['\n', '\r']) };
            start += line.len();
            this
        })
        .collect()
}

/// The index of the line that a byte is in.
fn line_of(lines: &[Line<'_>], byte: usize) -> usize {
    lines.partition_point(|line| line.start <= byte).saturating_sub(1)
}

/// The text with spaces in place of its comments, and where one begins that does not end.
fn without_comments(text: &str) -> (String, Option<usize>) {
    let lines = lines(text);
    let mut seen = String::with_capacity(text.len());
    let mut unclosed = None;
    let (mut at, mut from) = (0, 0);
    while let Some(line) = lines.get(at) {
        if from <= line.start
            && let Some(fence) = fence(&lines, at)
        {
            at = fence.end + 1;
            continue;
        }
        match hidden_in(text, line, from.max(line.start)) {
            None => at += 1,
            Some((hidden, kind)) => {
                if kind != Hidden::Script {
                    seen.push_str(text.get(seen.len()..hidden.start).unwrap_or_default());
                    for char in text.get(hidden.clone()).unwrap_or_default().chars() {
                        match char {
                            '\n' | '\r' => seen.push(char),
                            _ => seen.extend(std::iter::repeat_n(' ', char.len_utf8())),
                        }
                    }
                }
                if kind == Hidden::Unclosed {
                    unclosed = Some(hidden.start);
                }
                from = hidden.end;
                at = line_of(&lines, from);
            }
        }
    }
    seen.push_str(text.get(seen.len()..).unwrap_or_default());
    (seen, unclosed)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    Comment,
    /// A comment that does not end.
    Unclosed,
    /// No comment, and none is within.
    Script,
}

/// The first comment that begins in a line behind a byte, or script.
fn hidden_in(text: &str, line: &Line<'_>, from: usize) -> Option<(Range<usize>, Hidden)> {
    let rest = text.get(from..line.start + line.text.len())?;
    let begins =
        ["<!--", "{/*", "{ /*", "<script"].iter().filter_map(|begin| Some((outside_code(rest, begin)?, *begin)));
    let (at, begin) = begins.min()?;
    let start = from + at;
    let inside = start + begin.len();
    let behind = text.get(inside..)?;
    let end = match begin {
        "<script" => {
            let length = behind.find("</script>").map_or(0, |end| end + "</script>".len());
            return Some((start..inside + length, Hidden::Script));
        }
        "<!--" => behind.find("-->").map(|end| inside + end + "-->".len()),
        _ => behind.match_indices("*/").find_map(|(end, mark)| {
            let end = inside + end + mark.len();
            let space = text.get(end..)?.find(|char: char| !char.is_whitespace())?;
            text.get(end + space..)?.starts_with('}').then_some(end + space + 1)
        }),
    };
    let before = text.get(line.start..start).unwrap_or_default();
    let before = before.trim_start_matches(|char: char| " \t>-*+.)".contains(char) || char.is_ascii_digit());
    let is_block = before.is_empty() || before.starts_with('<');
    Some(match end {
        // Within a paragraph it ends with it, or is none.
        Some(end) if is_block || !has_blank_line(text.get(start..end)?) => (start..end, Hidden::Comment),
        None if is_block && begin == "<!--" => (start..text.len(), Hidden::Unclosed),
        _ => (start..inside, Hidden::Script),
    })
}

fn has_blank_line(text: &str) -> bool {
    text.lines().any(|line| line.trim().is_empty())
}

/// Where something first stands in a line that is not between backticks: there it is spoken of, not used.
fn outside_code(line: &str, what: &str) -> Option<usize> {
    let mut places = line.match_indices(what).map(|(at, _)| at);
    places.find(|at| line.get(..*at).is_some_and(|before| before.matches('`').count() % 2 == 0))
}

/// The mark of a fence at the start of a line: what stands before it, its character and length, and what follows.
fn fence_mark(line: &str) -> Option<(usize, char, usize, &str)> {
    let bare = line.trim_start_matches([' ', '\t', '>']);
    let mark = bare.chars().next().filter(|char| matches!(char, '`' | '~'))?;
    let rest = bare.trim_start_matches(mark);
    let length = bare.len() - rest.len();
    (length >= 3).then_some((line.len() - bare.len(), mark, length, rest.trim()))
}

/// The block of code that begins on a line.
fn fence<'t>(lines: &[Line<'t>], at: usize) -> Option<Fence<'t>> {
    let (prefix, mark, length, info) = fence_mark(lines.get(at)?.text)?;
    if mark == '`' && info.contains('`') {
        return None;
    }
    let closes = |line: &Line<'_>| {
        fence_mark(line.text).is_some_and(|(_, other, long, rest)| other == mark && long >= length && rest.is_empty())
    };
    let end = lines.iter().skip(at + 1).position(closes).map_or(lines.len(), |end| at + 1 + end);
    Some(Fence { info, first: at + 1, end, prefix })
}

/// Whether the words behind a fence mark a scenario, and which decision they state. They are written as
/// `json iam-scenario expect=allowed`, `json,iam-scenario` or `{.json .iam-scenario expect="allowed"}`.
fn info(words: &str) -> (bool, Option<String>) {
    let mut marked = false;
    let mut expect = None;
    for word in info_words(words) {
        if word == MARK {
            marked = true;
        } else if let Some(value) = word.strip_prefix("expect=") {
            expect = Some(value.trim_matches(['"', '\'']).to_owned());
        }
    }
    (marked, expect)
}

fn info_words(words: &str) -> impl Iterator<Item = &str> {
    words.split([' ', '\t', ',', '{', '}']).map(|word| word.trim_start_matches('.'))
}

/// The word behind a fence that was meant to mark a scenario, and does not.
fn misspelt(words: &str) -> Option<&str> {
    let begins_alike = |word: &str| word.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("iam"));
    info_words(words).find(|word| begins_alike(word) && policy::nearest(word, [MARK]).is_some())
}

/// The lists and notes that a line may stand in, by where their content begins: what is indented by four more is code.
#[derive(Default)]
struct Indented {
    contents: Vec<usize>,
    is_code: bool,
    after_blank: bool,
}

impl Indented {
    fn new() -> Self {
        Self { after_blank: true, ..Self::default() }
    }

    /// Whether the next line of the text is code because of its indentation.
    fn is_code(&mut self, line: &str) -> bool {
        let bare = line.trim_start();
        if bare.is_empty() {
            self.after_blank = true;
            return self.is_code;
        }
        let space = line.get(..line.len() - bare.len()).unwrap_or_default();
        let indent = space.chars().map(|char| if char == '\t' { 4 } else { 1 }).sum::<usize>();
        let item = content_of(bare);
        if self.after_blank || item.is_some() {
            self.contents.retain(|content| *content <= indent);
        }
        let content = self.contents.last().copied().unwrap_or(0);
        self.is_code = indent >= content + 4 && (self.after_blank || self.is_code);
        self.after_blank = bare.starts_with('#');
        if !self.is_code {
            let (mut column, mut rest) = (indent, bare);
            while let Some(width) = content_of(rest) {
                column += width;
                self.contents.push(column);
                rest = rest.get(width..).unwrap_or_default();
            }
        }
        self.is_code
    }

    /// Goes on behind a block of code or an element.
    fn pass(&mut self) {
        (self.is_code, self.after_blank) = (false, true);
    }
}

/// How far the content of a list's item is from its mark. In the notes and tabs of MkDocs, and in footnotes, it is four.
fn content_of(line: &str) -> Option<usize> {
    if ["!!! ", "??? ", "???+ ", "=== \"", "[^", ":   "].iter().any(|mark| line.starts_with(mark)) {
        return Some(4);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marks: &[u8] = if digits == 0 { b"-*+" } else { b".)" };
    line.as_bytes().get(digits).filter(|mark| digits <= 9 && marks.contains(mark))?;
    let rest = line.get(digits + 1..)?;
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    match spaces {
        0 => rest.is_empty().then_some(digits + 2),
        1..=4 => Some(digits + 1 + spaces),
        _ => Some(digits + 2),
    }
}

/// A text without its comments.
struct Page<'t> {
    text: &'t str,
    /// In small letters, to look for tags in.
    lower: String,
    lines: Vec<Line<'t>>,
}

impl Page<'_> {
    fn parts(&self, is_mdx: bool) -> Vec<Part> {
        let mut found = Vec::new();
        let mut indented = Indented::new();
        let (mut at, mut from) = (0, 0);
        while let Some(line) = self.lines.get(at) {
            if from <= line.start {
                if let Some(fence) = fence(&self.lines, at) {
                    found.extend(self.fenced(line, &fence));
                    indented.pass();
                    at = fence.end + 1;
                    continue;
                }
                if indented.is_code(line.text) && !is_mdx {
                    at += 1;
                    continue;
                }
            }
            match self.element_in(line, from.max(line.start)) {
                None => at += 1,
                Some(start) => {
                    let (part, end) = self.element(start);
                    found.extend(part);
                    from = end.max(start + 1);
                    at = line_of(&self.lines, from).max(at);
                    indented.pass();
                    // The text ends with it.
                    if from >= self.text.len() {
                        break;
                    }
                }
            }
        }
        found
    }

    /// What a block of code is.
    fn fenced(&self, line: &Line<'_>, fence: &Fence<'_>) -> Option<Part> {
        let stated = line.start..line.start + line.text.len();
        let (is_scenario, expect) = info(fence.info);
        if is_scenario {
            let Written { text, places } = self.code(fence);
            let first_line = fence.first + 1;
            let block = Block { text, first_line, expect, places, policy: None, stated, is_element: false };
            return Some(Part::Scenario(block));
        }
        let word = misspelt(fence.info)?;
        let start = line.start + line.text.find(word)?;
        let message = format!("`{word}` does not mark a scenario, so this block is not checked");
        let help = format!("did you mean `{MARK}`?");
        Some(Part::Fault(Fault::new(start..start + word.len(), "unknown-mark", message, help)))
    }

    /// The lines of a block; the marks of a quotation become spaces, so that columns stay.
    fn code(&self, fence: &Fence<'_>) -> Written {
        let mut code = Written::default();
        // Where it is, if it is empty.
        let opening = self.lines.get(fence.first.saturating_sub(1)).map_or(0, |line| line.start + fence.prefix);
        code.put("", opening..opening);
        for (index, line) in self.lines.iter().enumerate().take(fence.end).skip(fence.first) {
            let own = line.text.len() - line.text.trim_start_matches([' ', '\t', '>']).len();
            let (before, rest) = line.text.split_at(own.min(fence.prefix));
            code.copy(&before.replace('>', " "), line.start);
            code.copy(rest, line.start + before.len());
            let end = line.start + line.text.len();
            code.put("\n", end..self.lines.get(index + 1).map_or(self.text.len(), |next| next.start));
        }
        code
    }

    /// Where an element begins in a line that is not code.
    fn element_in(&self, line: &Line<'_>, from: usize) -> Option<usize> {
        let rest = self.lower.get(from..line.start + line.text.len())?;
        let mut passed = 0;
        while let Some(at) = rest.get(passed..).and_then(|rest| outside_code(rest, ELEMENT)) {
            let next = rest.get(passed + at + ELEMENT.len()..).and_then(|rest| rest.chars().next());
            if next.is_none_or(|char| char.is_whitespace() || matches!(char, '>' | '/')) {
                return Some(from + passed + at);
            }
            passed += at + ELEMENT.len();
        }
        None
    }

    /// What the element is that begins at a byte, and where it ends.
    fn element(&self, start: usize) -> (Option<Part>, usize) {
        let name = start..start + ELEMENT.len();
        let Some((tag, inside)) = tag_at(self.text, start) else {
            let help = "a `>` is missing, or a quote";
            let fault = Fault::new(name.clone(), "unclosed-element", "the tag of this element is not closed", help);
            return (Some(Part::Fault(fault)), name.end);
        };
        let (end, next) = match self.end_of(name, inside) {
            _ if tag.ends_with("/>") => (inside, inside),
            Ok(end) => (end, end + END.len()),
            Err((fault, next)) => return (Some(Part::Fault(fault)), next),
        };
        (self.scenario(start, tag, inside..end), next)
    }

    /// Where the content of an element ends, and if it does not, where to go on.
    fn end_of(&self, name: Range<usize>, inside: usize) -> Result<usize, (Fault, usize)> {
        let unclosed = |next: usize| {
            let message = "this element is not closed";
            Err((Fault::new(name.clone(), "unclosed-element", message, format!("close it with `{END}`")), next))
        };
        let (mut at, mut from) = (line_of(&self.lines, inside), inside);
        while let Some(line) = self.lines.get(at) {
            if from <= line.start
                && let Some(fence) = fence(&self.lines, at)
            {
                if fence.end == self.lines.len() {
                    let message = "this block of code is not closed, and takes in the end of the element around it";
                    let span = line.start..line.start + line.text.len();
                    let fault = Fault::new(span, "unclosed-code", message, "close it as it was opened");
                    return Err((fault, self.text.len()));
                }
                at = fence.end + 1;
                continue;
            }
            from = from.max(line.start);
            let rest = self.lower.get(from..line.start + line.text.len()).unwrap_or_default();
            let end = rest.find(END).map(|end| from + end);
            match (end, self.element_in(line, from)) {
                (Some(end), other) if other.is_none_or(|other| end < other) => return Ok(end),
                (_, Some(other)) => return unclosed(other),
                _ => at += 1,
            }
        }
        unclosed(self.text.len())
    }

    /// The scenario of an element, by its tag and content.
    fn scenario(&self, start: usize, tag: &str, content: Range<usize>) -> Option<Part> {
        let stated = start..start + tag.len();
        let expect = attribute(tag, "expect");
        if let Some(expect) = &expect {
            if attribute(tag, "lesson").is_some() {
                let message = "a lesson's element states nothing: `expect` is not checked";
                let help = "check the folder of lessons with `iam-playground test`, and leave `expect` out";
                return Some(Part::Fault(Fault::new(stated, "unchecked-element", message, help)));
            }
            if let Some(src) = attribute(tag, "src") {
                return Some(Part::File(Shown { src, expect: expect.clone(), stated }));
            }
        }
        let policy = self.policy_in(&content).or_else(|| self.pre_in(&content)).map(Written::trimmed);
        let (mut scenario, first_line) = match self.script_in(&content) {
            Some(Err(fault)) => return Some(Part::Fault(fault)),
            Some(Ok(script)) => {
                let line = line_of(&self.lines, script.start);
                let line_start = self.lines.get(line).map_or(script.start, |line| line.start);
                let mut scenario = Written::default();
                // What stands before it in its line keeps its place.
                scenario.put(&" ".repeat(script.start - line_start), line_start..script.start);
                self.copy_literal(&mut scenario, script);
                (scenario, line + 1)
            }
            None if expect.is_none() => return None,
            None if policy.is_none() => {
                let message = "this element states what is decided, and has nothing to decide";
                let help = "put the scenario in it, in a `<script type=\"application/json\" slot=\"scenario\">`";
                return Some(Part::Fault(Fault::new(stated, "unchecked-element", message, help)));
            }
            None => {
                let mut scenario = Written::default();
                scenario.put("{}", stated.clone());
                (scenario, line_of(&self.lines, start) + 1)
            }
        };
        let policy = policy.and_then(|policy| put_in(&mut scenario, policy));
        let Written { text, places } = scenario;
        Some(Part::Scenario(Block { text, first_line, expect, places, policy, stated, is_element: true }))
    }

    /// Where the JSON of a `<script type="application/json">` stands.
    fn script_in(&self, content: &Range<usize>) -> Option<Result<Range<usize>, Fault>> {
        let mut from = content.start;
        while let Some(at) = self.lower.get(from..content.end)?.find("<script") {
            let unclosed = |what: &str| {
                let span = from + at..from + at + "<script".len();
                let message = format!("this script{what} is not closed");
                Some(Err(Fault::new(span, "unclosed-script", message, "close it with `</script>`")))
            };
            let Some((tag, inside)) = tag_at(self.text.get(..content.end)?, from + at) else {
                return unclosed("'s tag");
            };
            let Some(end) = self.lower.get(inside..content.end)?.find("</script>") else { return unclosed("") };
            if tag.contains("application/json") {
                return Some(Ok(inside..inside + end));
            }
            from = inside + end;
        }
        None
    }

    /// Copies text as it is, and of a template string, which MDX needs around braces, what it stands for: ``{`…`}``.
    fn copy_literal(&self, out: &mut Written, range: Range<usize>) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let Some(inner) = template(text) else { return out.copy(text, range.start) };
        let from = range.start + inner.start;
        let opening = text.get(..inner.start).unwrap_or_default();
        out.copy(&opening.replace(['{', '`'], " "), range.start);
        let mut rest = text.get(inner).unwrap_or_default();
        let mut from = from;
        while let Some((before, after)) = rest.split_once('\\') {
            out.copy(before, from);
            from += before.len();
            let Some(escaped) = after.chars().next() else { return out.copy("\\", from) };
            let length = 1 + escaped.len_utf8();
            match escaped {
                'n' => out.put("\n", from..from + length),
                't' => out.put("\t", from..from + length),
                'r' => out.put("\r", from..from + length),
                _ => out.put(escaped.encode_utf8(&mut [0; 4]), from..from + length),
            }
            from += length;
            rest = after.get(escaped.len_utf8()..).unwrap_or_default();
        }
        out.copy(rest, from);
    }

    /// The policy in a block of code within the element.
    fn policy_in(&self, content: &Range<usize>) -> Option<Written> {
        let from = self.lines.partition_point(|line| line.start < content.start);
        let to = self.lines.partition_point(|line| line.start < content.end);
        (from..to).find_map(|at| fence(&self.lines, at)).map(|fence| self.code(&fence))
    }

    /// The text of a `<pre>`.
    fn pre_in(&self, content: &Range<usize>) -> Option<Written> {
        let at = self.lower.get(content.clone())?.find("<pre")?;
        let (_, mut inside) = tag_at(self.text.get(..content.end)?, content.start + at)?;
        let mut end = self.lower.get(inside..content.end)?.find("</pre>").map_or(content.end, |end| inside + end);
        let mut out = Written::default();
        // A template string may stand in the `<code>` within.
        let lower = self.lower.get(inside..end)?;
        if let Some(code) = lower.find("<code").filter(|at| lower.get(..*at).is_some_and(|it| it.trim().is_empty()))
            && let Some((_, behind)) = tag_at(self.text.get(..end)?, inside + code)
            && let Some(close) = self.lower.get(behind..end)?.rfind("</code>")
        {
            (inside, end) = (behind, behind + close);
        }
        if template(self.text.get(inside..end)?).is_some() {
            self.copy_literal(&mut out, inside..end);
            return Some(out);
        }
        let (mut rest, mut from) = (self.text.get(inside..end)?, inside);
        while let Some(at) = rest.find(['<', '&']) {
            let (before, special) = rest.split_at(at);
            out.copy(before, from);
            from += at;
            let length = if special.starts_with('<') {
                let length = special.find('>').map_or(special.len(), |end| end + 1);
                if special.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br")) {
                    out.put("\n", from..from + length);
                }
                length
            } else if let Some((entity, char)) = ENTITIES.iter().find(|(entity, _)| special.starts_with(entity)) {
                out.put(char, from..from + entity.len());
                entity.len()
            } else {
                out.copy("&", from);
                1
            };
            from += length;
            rest = special.get(length..).unwrap_or_default();
        }
        out.copy(rest, from);
        Some(out)
    }
}

const ENTITIES: [(&str, &str); 6] =
    [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];

/// Where the inside of a template string in braces stands.
fn template(text: &str) -> Option<Range<usize>> {
    let inner = text.trim().strip_prefix('{')?.trim_start().strip_prefix('`')?;
    let start = text.find('`')? + 1;
    let inner = inner.strip_suffix('}')?.trim_end().strip_suffix('`')?;
    Some(start..start + inner.len())
}

/// The start tag at a byte, and where it ends; a `>` may stand in quotes.
fn tag_at(text: &str, start: usize) -> Option<(&str, usize)> {
    let mut quote = None;
    let rest = text.get(start..)?;
    for (at, char) in rest.char_indices() {
        match (quote, char) {
            (None, '>') => return Some((rest.get(..=at)?, start + at + 1)),
            // The next element begins before this tag has ended.
            (None, '<') if at > 0 && rest.get(at..)?.starts_with(ELEMENT) => return None,
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), _) if open == char => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute; in MDX it may stand in braces.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut places =
        tag.match_indices(name).filter(|(at, _)| tag.get(..*at).is_some_and(|it| it.ends_with(char::is_whitespace)));
    let value = places.find_map(|(at, _)| tag.get(at + name.len()..)?.trim_start().strip_prefix('='))?.trim_start();
    let value = value.strip_prefix('{').map_or(value, str::trim_start);
    let quote = value.chars().next()?;
    let value = match quote {
        '"' | '\'' | '`' => value.strip_prefix(quote)?.split(quote).next()?,
        _ => value.split(|char: char| char.is_whitespace() || char == '>').next()?.trim_end_matches(['/', '}']),
    };
    Some(value.to_owned())
}

/// Gives a scenario the element's policy, as the element does: where it has no policies of its own. Nothing before its
/// last brace moves. Where the pieces of the policy stand, if it was put in.
fn put_in(scenario: &mut Written, policy: Written) -> Option<Places> {
    let text = &scenario.text;
    let has_policies = serde_json::from_str::<serde_json::Value>(text).is_ok_and(|it| it.get("policies").is_some());
    let end = text.rfind('}').filter(|_| !has_policies)?;
    let comma = if text.get(..end)?.trim_end().ends_with('{') { "" } else { "," };
    let policies = serde_json::json!([{ "kind": "identity", "name": "Policy", "document": policy.text }]);
    scenario.insert(end, &format!("{comma} \"policies\": {policies} "));
    Some(policy.places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(usize, Option<String>, String)> {
        blocks(text)
            .into_iter()
            .map(|block| (block.first_line, block.expect, block.text.split_whitespace().collect::<Vec<_>>().join(" ")))
            .collect()
    }

    #[test]
    fn marked_blocks_are_found_and_others_are_not() {
        let text = "# T\n\n```json iam-scenario expect=allowed\n{\n}\n```\n\n```json\n{\"not\": 1}\n```\n~~~json,iam-scenario\n{ }\n~~~\n\n``` {.json .iam-scenario expect=\"implicitDeny\"}\n{}\n```\n";
        assert_eq!(
            found(text),
            [
                (4, Some("allowed".to_owned()), "{ }".to_owned()),
                (12, None, "{ }".to_owned()),
                (16, Some("implicitDeny".to_owned()), "{}".to_owned()),
            ]
        );
    }

    #[test]
    fn a_byte_order_mark_hides_nothing() {
        let text =
            "\u{feff}```json iam-scenario\n<!--\n```\n<iam-playground expect=allowed><pre>{}</pre></iam-playground>\n";
        assert_eq!(found(text).len(), 2);
    }

    #[test]
    fn what_a_longer_fence_shows_is_not_run() {
        assert_eq!(found("````markdown\n```json iam-scenario\n{}\n```\n````\n"), []);
        assert_eq!(found("```html\n<iam-playground expect=\"allowed\"><pre>{}</pre></iam-playground>\n```\n"), []);
        assert_eq!(found("Write `<iam-playground>` here, or\n\n    <iam-playground>\n"), []);
    }

    #[test]
    fn quoted_and_indented_blocks_keep_their_columns() {
        let block = &blocks("1. x\n\n   > ```json iam-scenario\n   > {\n   >   \"a\": 1 }\n   > ```\n")[0];
        assert_eq!(block.text, "     {\n       \"a\": 1 }\n");
    }

    #[test]
    fn an_element_has_its_scenario_in_a_script_and_its_policy_in_code() {
        let text = "a\n<iam-playground view=\"policies > x\"\n  expect='allowed'>\n<script type=\"application/json\" slot=\"scenario\">\n{ \"request\": {} }\n</script>\n\n```json\n{ \"Statement\": [] }\n```\n\n</iam-playground>\n\n```json iam-scenario\n{}\n```\n";
        let blocks = blocks(text);
        assert_eq!(blocks.len(), 2);
        assert_eq!((blocks[0].first_line, blocks[0].expect.as_deref()), (4, Some("allowed")));
        let value: serde_json::Value = serde_json::from_str(&blocks[0].text).unwrap();
        assert_eq!(value["policies"][0]["document"], "{ \"Statement\": [] }");
        // Line 5 of the file holds the request.
        assert!(blocks[0].text.lines().nth(1).unwrap().contains("\"request\""));
        assert_eq!(blocks[1].first_line, 15);
    }

    #[test]
    fn the_text_of_a_pre_is_what_a_reader_sees() {
        let text = "<iam-playground expect=allowed>\n<pre><code class=\"language-json\">{ <b>&quot;a&quot;</b>: &quot;&amp;lt;&quot; }</code></pre>\n</iam-playground>";
        let value: serde_json::Value = serde_json::from_str(&blocks(text)[0].text).unwrap();
        assert_eq!(value["policies"][0]["document"], "{ \"a\": \"&lt;\" }");
    }

    #[test]
    fn an_element_that_shows_a_file_or_only_a_policy_states_nothing() {
        assert_eq!(found("<iam-playground src=\"a.json\"></iam-playground>\n"), []);
        assert_eq!(found("<iam-playground>\n<pre>{}</pre>\n</iam-playground>\n"), []);
    }

    /// What is wrong: its code, and the piece of the text.
    fn faults(text: &str) -> Vec<(&'static str, &str)> {
        let faults = parts(text, false).into_iter().filter_map(|part| match part {
            Part::Fault(fault) => Some((fault.code, text.get(fault.span).unwrap())),
            _ => None,
        });
        faults.collect()
    }

    #[test]
    fn a_template_string_of_mdx_is_what_it_stands_for() {
        let element = |script: &str| {
            format!(
                "<iam-playground expect={{'allowed'}}>\n<script type=\"application/json\">{script}</script>\n</iam-playground>\n"
            )
        };
        let text = element("{`{\n  \"a\": {} }`}");
        assert_eq!(found(&text), [(2, Some("allowed".to_owned()), "{ \"a\": {} }".to_owned())]);
        // The brace keeps its column.
        let block = blocks(&text).remove(0);
        assert_eq!(block.text.find('{'), text.lines().nth(1).unwrap().find("`{").map(|at| at + 1));
        // And its line.
        let text = element("\n  { `\n{ \"a\": 1 }` }\n");
        assert_eq!(blocks(&text)[0].text.lines().nth(2), Some("{ \"a\": 1 }"));
        // What JavaScript would evaluate is escaped.
        let text = element(r#"{`{ "é": "\${aws:username}\\n\`" }`}"#);
        let block = blocks(&text).remove(0);
        assert_eq!(block.text.trim(), r#"{ "é": "${aws:username}\n`" }"#);
        let key = block.text.find("\\n").unwrap();
        assert_eq!(text.get(block.places.in_file(&(key..key + 2))), Some("\\\\n"));
        for (script, rest) in [("{`}", "{`}"), ("{``}", ""), ("`", "`"), ("{", "{"), ("{`", "{`"), ("", "")] {
            assert_eq!(blocks(&element(script))[0].text.trim(), rest);
        }
        let text = "<iam-playground expect=\"allowed\">\n<pre><code>{`{\n \"a\": 1 }`}</code></pre>\n</iam-playground>";
        let value: serde_json::Value = serde_json::from_str(&blocks(text)[0].text).unwrap();
        assert_eq!(value["policies"][0]["document"], "{\n \"a\": 1 }");
    }

    #[test]
    fn what_is_in_a_comment_is_not_there() {
        let old =
            "```json iam-scenario\n{}\n```\n\n<iam-playground expect=\"allowed\"><pre>{}</pre></iam-playground>\n";
        let new = "```json iam-scenario\n{}\n```\n";
        for (open, close) in [("<!--", "-->"), ("{/*", "*/}"), ("- <!--", "-->"), ("{ /* é", "*/\n}")] {
            let text = format!("{open} old\n{old}{close}\n\n{new}");
            let line = text.lines().count() - 1;
            assert_eq!(found(&text), [(line, None, "{}".to_owned())], "{text}");
        }
        assert_eq!(found("<!-- a --> \n```json iam-scenario\n{}\n```\n"), [(3, None, "{}".to_owned())]);
        // These are none.
        for text in ["`<!--`\n", "a <!-- b\n\n", "{/* b\n\n", "```\n<!--\n```\n"] {
            assert_eq!(found(&format!("{text}{new}")).len(), 1, "{text}");
        }
        // Nor is what is in a script.
        let json = r#"{ "a": "<!--" }"#;
        let text = format!(
            "<iam-playground expect=allowed>\n<script type=\"application/json\">{json}</script>\n<!-- <pre>{{}}</pre> -->\n</iam-playground>\n"
        );
        assert_eq!(found(&text), [(2, Some("allowed".to_owned()), json.to_owned())]);
        assert_eq!(faults(&format!("a\n\n<!-- b\n\n{new}")), [("unclosed-comment", "<!--")]);
        assert_eq!(faults("a\n\n<!-- b\n\nc\n"), []);
    }

    #[test]
    fn every_piece_of_a_policy_has_its_place_in_the_file() {
        let policy = "{\n> \"é&lt;\": \"<b>x</b>\" }";
        let script = "<script type=\"application/json\">{ \"request\": {} }</script>";
        let text =
            format!("> <iam-playground expect=allowed>\n> {script}\n> <pre>\n> {policy}</pre>\n> </iam-playground>");
        let block = blocks(&text).remove(0);
        let value: serde_json::Value = serde_json::from_str(&block.text).unwrap();
        let document = value["policies"][0]["document"].as_str().unwrap();
        let places = block.policy.unwrap();
        let stands = |piece: &str| {
            let at = document.find(piece).unwrap();
            text.get(places.in_file(&(at..at + piece.len()))).unwrap()
        };
        assert_eq!((stands("\"é"), stands("<"), stands("x")), ("\"é", "&lt;", "x"));
        // And so have those of the scenario, around what was put into it.
        let stands = |piece: &str| {
            let at = block.text.find(piece).unwrap();
            text.get(block.places.in_file(&(at..at + piece.len()))).unwrap()
        };
        assert_eq!((stands("request"), stands("\"policies\"")), ("request", ""));
        let last = block.text.rfind('}').unwrap();
        let close = text.find("}</script>").unwrap();
        assert_eq!(block.places.in_file(&(last..last + 1)), close..close + 1);

        let text = "<iam-playground expect=allowed>\r\n\r\n> ```json\r\n>   {\r\n>     \"a\": 1 }\r\n> ```\r\n</iam-playground>";
        let block = blocks(text).remove(0);
        let at = text.find("\"a\"").unwrap();
        // Without the spaces before it.
        let document = "{\n      \"a\": 1 }";
        assert!(block.text.contains(&serde_json::json!(document).to_string()), "{}", block.text);
        assert_eq!(block.policy.unwrap().in_file(&(8..11)), at..at + 3);
    }

    #[test]
    fn an_element_may_stand_in_lists_and_notes_and_beside_another() {
        let element = "<iam-playground expect=\"allowed\"><pre>{}</pre></iam-playground>";
        for before in [
            "1. a\n\n   - b\n\n     ",
            "- - ",
            "10. a\n    - b\n\n      ",
            "!!! note\n\n    ",
            "a\n    ",
            "- a\nb\n\n     ",
        ] {
            assert_eq!(found(&format!("{before}{element}\n")).len(), 1, "{before}");
        }
        for before in ["a\n\n    ", "- a\n\nb\n\n    ", "1. a\n\n       ", "# A\n    ", "\t"] {
            assert_eq!(found(&format!("{before}{element}\n")), [], "{before}");
            assert_eq!(parts(&format!("{before}{element}\n"), true).len(), 1, "{before}");
        }
        assert_eq!(found(&format!("`<iam-playground>` is {element} or {element}\n")).len(), 2);
        assert_eq!(found(&element.replace("iam-playground", "IAM-Playground")).len(), 1);
    }

    #[test]
    fn what_was_meant_as_a_scenario_is_said_to_be_none() {
        for word in ["iam-scenarios", "iam-senario", "IAM-Scenario", "iam_scenario", "iamscenario"] {
            assert_eq!(faults(&format!("> ```json {word}\n> {{}}\n> ```\n")), [("unknown-mark", word)]);
        }
        assert_eq!(faults("```json scenario title=\"iam-policy\" iam-policy\n{}\n```\n"), []);
        let script = "<script type=\"application/json\">";
        let element = |inside: &str| format!("<iam-playground expect=\"allowed\">\n{inside}");
        assert_eq!(faults(&element("<pre>{}</pre>\n")), [("unclosed-element", "<iam-playground")]);
        assert_eq!(
            faults(&element(&element("<pre>{}</pre></iam-playground>"))),
            [("unclosed-element", "<iam-playground")]
        );
        assert_eq!(
            faults("<iam-playground expect=\"allowed>\n</iam-playground>\n"),
            [("unclosed-element", "<iam-playground")]
        );
        assert_eq!(faults(&element(&format!("{script}{{}}\n</iam-playground>\n"))), [("unclosed-script", "<script")]);
        assert_eq!(faults(&element("\n```json\n{}\n\n</iam-playground>\n")), [("unclosed-code", "```json")]);
        let nothing = "<iam-playground expect=\"allowed\" />";
        assert_eq!(faults(nothing), [("unchecked-element", nothing)]);
        let lesson = "<iam-playground lesson=\"a\" expect=\"allowed\">";
        assert_eq!(faults(&format!("{lesson}</iam-playground>")), [("unchecked-element", lesson)]);
    }

    proptest! {
        #[test]
        fn no_text_panics(pieces in prop::collection::vec(prop::sample::select(vec![
            "```", "````", "~~~", "json iam-scenario", " iam-senario", " expect=", "\"", "'", "\n", "\r\n", "\n\n", "> ", "   ", "\t", "- ", "1. ",
            "<iam-playground", "<IAM-Playground", " src=", ">", "/>", "</iam-playground>", "<script type=\"application/json\">", "<script",
            "</script>", "<pre>", "<code>", "</code>", "</pre>", "<br>", "{", "}", "é😀", "<", "&amp;", "&", "`", "{`", "`}", "\\", "<!--", "-->",
            "{/*", "*/", "!!! ", "[^", "#", "a", "İ", "\u{feff}",
        ]), 0..40), is_mdx: bool) {
            check(&pieces.concat(), is_mdx)?;
        }

        #[test]
        fn no_element_panics(before in "[ >\\-`a\n]{0,6}", pieces in prop::collection::vec(prop::sample::select(vec![
            "<script type=\"application/json\">", "{`", "{ \"request\": {} }", "\\n", "\\é", "\\", "`}", "</script>", "\n", "\n```json\n", "\n```\n",
            "<pre>", "<code>", "&lt;", "<b>", "é", "  ", "\r\n", "> ", "</code>", "</pre>", "<!--", "-->",
        ]), 0..16)) {
            check(&format!("{before}<iam-playground expect=\"allowed\">{}</iam-playground>", pieces.concat()), false)?;
        }

        #[test]
        fn no_characters_panic(text in "\\PC{0,60}") {
            check(&text, false)?;
        }
    }

    /// Every place that is told is one of the text.
    fn check(text: &str, is_mdx: bool) -> Result<(), TestCaseError> {
        let lines = text.lines().count();
        for part in parts(text, is_mdx) {
            match part {
                Part::Fault(Fault { span, .. }) | Part::File(Shown { stated: span, .. }) => {
                    prop_assert!(text.get(span).is_some());
                }
                Part::Scenario(block) => {
                    prop_assert!(block.first_line >= 1 && block.first_line <= lines + 1);
                    prop_assert!(text.get(block.stated).is_some());
                    let ends = || block.text.char_indices().map(|(at, _)| at).chain([block.text.len()]);
                    for (start, end) in ends().zip(ends().skip(1).chain([block.text.len()])) {
                        prop_assert!(text.get(block.places.in_file(&(start..end))).is_some());
                    }
                    for at in 0..block.policy.as_ref().map_or(0, |_| text.len()) {
                        let place = block.policy.as_ref().unwrap().in_file(&(at..at + 1));
                        prop_assert!(place.start <= place.end && place.end <= text.len());
                    }
                }
            }
        }
        Ok(())
    }
}

//! Scenarios in Markdown: fenced blocks marked `iam-scenario`, and `<iam-playground>` elements with their scenario inside.
//!
//! Enough of CommonMark to find them as a renderer does: a block within a longer fence is text, and so is an element
//! within a block. Line and column stay those of the file.

use std::path::Path;

/// A scenario in a Markdown file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The scenario's JSON.
    pub(crate) text: String,
    /// The line of the file on which it starts.
    pub(crate) first_line: usize,
    /// The expected decision, where the block itself states one.
    pub(crate) expect: Option<String>,
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
    let lines = lines(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if let Some(fence) = fence(&lines, at) {
            let (is_scenario, expect) = info(fence.info);
            if is_scenario {
                found.push(Block { text: code(&lines, &fence), first_line: fence.first + 1, expect });
            }
            at = fence.end + 1;
            continue;
        }
        if let Some(start) = element_in(line.text) {
            let (block, end) = element(text, &lines, line.start + start);
            found.extend(block);
            at = lines.partition_point(|line| line.start < end).max(at + 1);
            continue;
        }
        at += 1;
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
    let (prefix, mark, length, info) = fence_mark(lines[at].text)?;
    if mark == '`' && info.contains('`') {
        return None;
    }
    let closes = |line: &Line<'_>| {
        fence_mark(line.text).is_some_and(|(_, other, long, rest)| other == mark && long >= length && rest.is_empty())
    };
    let end = lines[at + 1..].iter().position(closes).map_or(lines.len(), |end| at + 1 + end);
    Some(Fence { info, first: at + 1, end, prefix })
}

/// The lines of a block; the marks of a quotation become spaces, so that columns stay.
fn code(lines: &[Line<'_>], fence: &Fence<'_>) -> String {
    let mut code = String::new();
    for line in &lines[fence.first..fence.end] {
        let own = line.text.len() - line.text.trim_start_matches([' ', '\t', '>']).len();
        let (before, rest) = line.text.split_at(own.min(fence.prefix));
        code.push_str(&before.replace('>', " "));
        code.push_str(rest);
        code.push('\n');
    }
    code
}

/// Whether the words behind a fence mark a scenario, and which decision they state. They are written as
/// `json iam-scenario expect=allowed`, `json,iam-scenario` or `{.json .iam-scenario expect="allowed"}`.
fn info(words: &str) -> (bool, Option<String>) {
    let mut marked = false;
    let mut expect = None;
    for word in words.split([' ', '\t', ',', '{', '}']) {
        if word.trim_start_matches('.') == MARK {
            marked = true;
        } else if let Some(value) = word.strip_prefix("expect=") {
            expect = Some(value.trim_matches(['"', '\'']).to_owned());
        }
    }
    (marked, expect)
}

/// Where an element begins in a line that is not code.
fn element_in(line: &str) -> Option<usize> {
    let at = line.find(ELEMENT)?;
    let next = line[at + ELEMENT.len()..].chars().next();
    let is_tag = next.is_none_or(|char| char.is_whitespace() || matches!(char, '>' | '/'));
    // Between backticks it is spoken of, not used.
    let in_code = line[..at].matches('`').count() % 2 == 1;
    (is_tag && !in_code && !line.starts_with("    ")).then_some(at)
}

/// The scenario of the element that begins at a byte, and where the element ends.
fn element(text: &str, lines: &[Line<'_>], start: usize) -> (Option<Block>, usize) {
    let Some((tag, inside)) = tag_at(text, start) else {
        return (None, start + ELEMENT.len());
    };
    if tag.ends_with("/>") {
        return (None, inside);
    }
    let end = text[inside..].find(END).map_or(text.len(), |end| inside + end);
    let content = &text[inside..end];
    let line_of = |byte: usize| lines.partition_point(|line| line.start <= byte);
    let expect = attribute(tag, "expect");
    let policy = policy_in(lines, inside, end).or_else(|| pre_in(content));
    let block = match script_in(content) {
        Some((from, to)) => {
            let first_line = line_of(inside + from);
            // What stands before it in its line keeps its place.
            let before = " ".repeat(inside + from - lines[first_line - 1].start);
            let scenario = with_policy(&content[from..to], policy);
            Some(Block { text: before + &scenario, first_line, expect })
        }
        // A policy alone has nothing to decide.
        None => policy.filter(|_| expect.is_some()).map(|policy| Block {
            text: with_policy("{}", Some(policy)),
            first_line: line_of(start),
            expect,
        }),
    };
    (block, end + END.len().min(text.len() - end))
}

/// The start tag at a byte, and where it ends; a `>` may stand in quotes.
fn tag_at(text: &str, start: usize) -> Option<(&str, usize)> {
    let mut quote = None;
    for (at, char) in text[start..].char_indices() {
        match (quote, char) {
            (None, '>') => return Some((&text[start..=start + at], start + at + 1)),
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), _) if open == char => quote = None,
            _ => {}
        }
    }
    None
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| tag[..*at].ends_with(char::is_whitespace) && tag[at + name.len()..].starts_with('='))?;
    let value = &tag[start + name.len() + 1..];
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split([' ', '\n', '\t', '>', '/']).next()?,
    };
    Some(value.to_owned())
}

/// Where the JSON of a `<script type="application/json">` stands.
fn script_in(content: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = content[from..].find("<script") {
        let (tag, inside) = tag_at(content, from + at)?;
        let end = content[inside..].find("</script>").map_or(content.len(), |end| inside + end);
        if tag.contains("application/json") {
            return Some((inside, end));
        }
        from = end;
    }
    None
}

/// The policy in a block of code within the element.
fn policy_in(lines: &[Line<'_>], start: usize, end: usize) -> Option<String> {
    let from = lines.partition_point(|line| line.start < start);
    let mut inside = (from..lines.len()).take_while(|at| lines[*at].start < end);
    inside.find_map(|at| fence(lines, at)).map(|fence| code(lines, &fence))
}

/// The text of a `<pre>`.
fn pre_in(content: &str) -> Option<String> {
    let (_, inside) = tag_at(content, content.find("<pre")?)?;
    let end = content[inside..].find("</pre>").map_or(content.len(), |end| inside + end);
    let mut text = String::new();
    let mut rest = &content[inside..end];
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    let text = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'");
    Some(text.replace("&amp;", "&"))
}

/// A scenario with the element's policy, as the element puts it in: where the scenario has no policies of its own.
/// Nothing before its last brace moves.
fn with_policy(scenario: &str, policy: Option<String>) -> String {
    let Some(policy) = policy else { return scenario.to_owned() };
    let has_policies = serde_json::from_str::<serde_json::Value>(scenario).is_ok_and(|it| it.get("policies").is_some());
    let Some(end) = scenario.rfind('}').filter(|_| !has_policies) else {
        return scenario.to_owned();
    };
    let (before, after) = scenario.split_at(end);
    let comma = if before.trim_end().ends_with('{') { "" } else { "," };
    let policies = serde_json::json!([{ "kind": "identity", "name": "Policy", "document": policy.trim() }]);
    format!("{before}{comma} \"policies\": {policies} {after}")
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

    proptest! {
        #[test]
        fn no_text_panics(parts in prop::collection::vec(prop::sample::select(vec![
            "```", "````", "~~~", "json iam-scenario", " expect=", "\"", "'", "\n", "> ", "   ", "<iam-playground", ">", "/>",
            "</iam-playground>", "<script type=\"application/json\">", "</script>", "<pre>", "</pre>", "{", "}", "é😀", "<", "&amp;", "`",
        ]), 0..40)) {
            let text = parts.concat();
            let lines = text.lines().count();
            for block in blocks(&text) {
                prop_assert!(block.first_line >= 1 && block.first_line <= lines + 1);
            }
        }
    }
}

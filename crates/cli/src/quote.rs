//! Quotes from a text with the places in question underlined, as rustc draws them.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::text::Text;

/// A place to underline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// In bytes.
    pub(crate) span: Range<usize>,
    /// What is said at the underline.
    pub(crate) label: Option<String>,
    /// Whether it is what the quote is about, or only belongs to it.
    pub(crate) primary: bool,
}

impl Mark {
    pub(crate) fn primary(span: Range<usize>) -> Self {
        Self { span, label: None, primary: true }
    }

    pub(crate) fn context(span: Range<usize>) -> Self {
        Self { span, label: None, primary: false }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }
}

/// Text from outside, with everything replaced that a terminal would act upon.
pub(crate) fn clean(text: &str) -> String {
    // A C1 control character begins a sequence on some terminals, as ESC does on all.
    let text: Cow<'_, str> = if text.contains(is_c1) { text.replace(is_c1, "\u{fffd}").into() } else { text.into() };
    normalize_untrusted_str(&text.replace(['\n', '\r'], " "))
}

fn is_c1(char: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&char)
}

/// Which lines to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Those with marks.
    Marked,
    /// All lines of a part of the text; where they are many, those with marks.
    Part(Range<usize>),
}

/// A part of up to this many lines is shown whole.
const WHOLE_LINES: usize = 30;

/// The lines with the marks underlined. Ends with a line feed; empty without marks.
pub(crate) fn quote(text: &Text<'_>, level: Level<'static>, marks: &[Mark], extent: &Extent) -> String {
    let Some(marked) = window(text, marks) else {
        return String::new();
    };
    let window = match extent {
        Extent::Part(part) if text.line_count(part) <= WHOLE_LINES => {
            part.start.min(marked.start)..part.end.max(marked.end)
        }
        _ => marked,
    };
    let fold = !matches!(extent, Extent::Part(_)) || text.line_count(&window) > WHOLE_LINES;
    let (mut lines, first_line) = text.lines(&window);
    if text.line_count(&window) == 1 {
        lines = clip(text.text, lines, &window);
    }
    // What is replaced keeps its length in bytes, so that the marks stay where they belong.
    let source: String = text.text[lines.clone()].chars().map(|char| if is_c1(char) { '¿' } else { char }).collect();
    let snippet = Snippet::source(source)
        .line_start(first_line)
        .fold(fold)
        .annotations(marks.iter().map(|mark| annotation(mark, text, &lines)));
    let renderer = Renderer::styled().term_width(120);
    let mut out = renderer.render(&[Group::with_level(level).element(snippet)]);
    out.push('\n');
    out
}

/// From the first to the last mark.
fn window(text: &Text<'_>, marks: &[Mark]) -> Option<Range<usize>> {
    let start = marks.iter().map(|mark| mark.span.start).min()?;
    let end = marks.iter().map(|mark| mark.span.end).max()?;
    let end = end.min(text.text.len());
    Some(start.min(end)..end)
}

/// Of a very long line only the neighbourhood of the window, so that no one waits for a megabyte of it.
fn clip(text: &str, line: Range<usize>, window: &Range<usize>) -> Range<usize> {
    const ROOM: usize = 400;
    let mut start = window.start.saturating_sub(ROOM).max(line.start);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = window.end.saturating_add(ROOM).min(line.end);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

fn annotation(mark: &Mark, text: &Text<'_>, lines: &Range<usize>) -> Annotation<'static> {
    let inside = |byte: usize| {
        let mut byte = byte.clamp(lines.start, lines.end);
        while !text.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte - lines.start
    };
    let start = inside(mark.span.start);
    let end = inside(mark.span.end).max(start);
    let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    kind.span(start..end).label(mark.label.as_deref().map(clean))
}

/// Lines put two columns to the right.
pub(crate) fn indent(text: &str, columns: usize) -> String {
    let pad = " ".repeat(columns);
    text.lines().flat_map(|line| [if line.is_empty() { "" } else { &pad }, line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(text: &str, marks: &[Mark], extent: &Extent) -> String {
        let quoted = quote(&Text::new(text), Level::ERROR, marks, extent);
        anstream::adapter::strip_str(&quoted).to_string()
    }

    #[test]
    fn an_underline_stands_below_its_text_after_tabs_and_wide_characters() {
        let text = "{\n\t\"日本\": \"x😀y\"\n}";
        let start = text.find("\"x").unwrap();
        let mark = Mark::primary(start..text.len() - 2);
        assert_eq!(plain(text, &[mark], &Extent::Marked), "  |\n2 |     \"日本\": \"x😀y\"\n  |             ^^^^^^\n");
    }

    #[test]
    fn a_very_long_line_is_cut_on_both_sides() {
        let text = format!("[{}\"here\"{}]", "\"é\",".repeat(20_000), ",1".repeat(50_000));
        let start = text.find("\"here").unwrap();
        let quoted = plain(&text, &[Mark::primary(start..start + 6)], &Extent::Marked);
        assert!(quoted.chars().count() < 400, "{quoted}");
        assert!(quoted.contains("\"here\"") && quoted.contains("^^^^^^"), "{quoted}");
    }

    #[test]
    fn what_a_terminal_would_act_upon_is_taken_out() {
        let evil = "a\u{1b}[31mb\u{9b}31mc\u{202e}d\u{7}\r\ne";
        let mut shown = clean(evil);
        shown.push_str(&plain(evil, &[Mark::primary(0..3).label(evil)], &Extent::Marked));
        let bad = |char: &char| (char.is_control() && *char != '\n') || *char == '\u{202e}';
        assert_eq!(shown.chars().find(bad), None, "{shown:?}");
    }

    proptest! {
        #[test]
        fn no_text_and_no_marks_panic(
            text in "[ -~\t\n\r\u{1b}\u{9b}\u{200d}\u{202e}é日😀]{0,200}",
            places in prop::collection::vec((0_usize..300, 0_usize..300, any::<bool>()), 1..5),
            part in prop::option::of((0_usize..300, 0_usize..300)),
        ) {
            let marks: Vec<Mark> = places
                .iter()
                .map(|(start, length, primary)| Mark {
                    span: *start..start + length,
                    label: primary.then(|| "label\n\u{1b}".to_owned()),
                    primary: *primary,
                })
                .collect();
            let extent = match part {
                Some((start, length)) => Extent::Part(start..start + length),
                None => Extent::Marked,
            };
            let quoted = plain(&text, &marks, &extent);
            prop_assert!(quoted.ends_with('\n'));
        }
    }
}

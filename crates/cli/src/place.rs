//! From a policy's laid-out text back to the file.
//!
//! The engine lays a document that is given as a JSON object out with two-space indentation, and its positions refer
//! to that. Whoever wrote the file wants to see the file. Both texts hold the same tree, so a place leads from one to
//! the other through the tree.

use policy::Span;
use policy::json::{Node, Value};

/// The same JSON in two layouts.
#[derive(Debug)]
pub(crate) struct Layouts<'a> {
    pub(crate) laid_out: Node,
    pub(crate) written: &'a Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

impl Layouts<'_> {
    /// The place in the file that a place in the laid-out text stands for.
    pub(crate) fn written(&self, span: Span) -> Span {
        let start = edge(&self.laid_out, self.written, span.start, Edge::Start);
        let end = edge(&self.laid_out, self.written, span.end, Edge::End);
        Span { start, end: end.max(start) }
    }
}

/// One end of a span. Nodes nest no deeper than the parser lets them.
fn edge(from: &Node, to: &Node, at: u32, edge_of: Edge) -> u32 {
    match (&from.value, &to.value) {
        (Value::Object(from_properties), Value::Object(to_properties)) => {
            let index = from_properties.partition_point(|property| is_before(property.span(), at, edge_of));
            match (from_properties.get(index), to_properties.get(index)) {
                (Some(one), Some(other)) if !is_after(one.span(), at, edge_of) => {
                    if is_after(one.node.span, at, edge_of) {
                        within(one.key_span, other.key_span, at, edge_of)
                    } else {
                        edge(&one.node, &other.node, at, edge_of)
                    }
                }
                _ => outer(to.span, edge_of),
            }
        }
        (Value::Array(from_items), Value::Array(to_items)) => {
            let index = from_items.partition_point(|item| is_before(item.span, at, edge_of));
            match (from_items.get(index), to_items.get(index)) {
                (Some(one), Some(other)) if !is_after(one.span, at, edge_of) => edge(one, other, at, edge_of),
                _ => outer(to.span, edge_of),
            }
        }
        _ => within(from.span, to.span, at, edge_of),
    }
}

/// Whether a span ends before the place: a start belongs to what follows it, an end to what stands before it.
fn is_before(span: Span, at: u32, edge: Edge) -> bool {
    match edge {
        Edge::Start => span.end <= at,
        Edge::End => span.end < at,
    }
}

/// Whether a span starts behind the place.
fn is_after(span: Span, at: u32, edge: Edge) -> bool {
    match edge {
        Edge::Start => at < span.start,
        Edge::End => at <= span.start,
    }
}

fn outer(span: Span, edge: Edge) -> u32 {
    match edge {
        Edge::Start => span.start,
        Edge::End => span.end,
    }
}

/// A place inside a token: at the same distance where both layouts spell it with the same length, else its end.
fn within(from: Span, to: Span, at: u32, edge: Edge) -> u32 {
    let same_length = from.end - from.start == to.end - to.start;
    if same_length && from.start <= at && at <= from.end { to.start + (at - from.start) } else { outer(to, edge) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::json;

    fn check(laid_out: &str, written: &str, marked: &str, expected: &str) {
        let start = laid_out.find(marked).unwrap();
        let written_node = json::parse(written).unwrap();
        let layouts = Layouts { laid_out: json::parse(laid_out).unwrap(), written: &written_node };
        let span = layouts.written(Span::new(start, start + marked.len()));
        assert_eq!(span.of(written), expected, "{marked}");
    }

    #[test]
    fn every_part_is_found_in_the_other_layout() {
        let laid_out = "{\n  \"Statement\": [\n    {\n      \"Action\": [\n        \"s3:*\",\n        \"é\"\n      ]\n    }\n  ]\n}";
        let written = "{ \"Statement\" :[{\"Action\":[\"s3:*\",  \"\\u00e9\"]} ] }";
        check(laid_out, written, laid_out, written);
        check(laid_out, written, "\"Statement\"", "\"Statement\"");
        check(laid_out, written, "\"Action\"", "\"Action\"");
        check(laid_out, written, "\"s3:*\"", "\"s3:*\"");
        check(laid_out, written, "s3:", "s3:");
        check(laid_out, written, "\"é\"", "\"\\u00e9\"");
        check(
            laid_out,
            written,
            "{\n      \"Action\": [\n        \"s3:*\",\n        \"é\"\n      ]\n    }",
            "{\"Action\":[\"s3:*\",  \"\\u00e9\"]}",
        );
        check(
            laid_out,
            written,
            "\"Action\": [\n        \"s3:*\",\n        \"é\"\n      ]",
            "\"Action\":[\"s3:*\",  \"\\u00e9\"]",
        );
    }
}

//! Replacements in a policy's text that mend findings: each keeps the JSON well-formed and the layout recognisable.

use crate::{Clause, Condition, Span, Spanned, Statement};

/// Replacements in the order of the text.
pub type Edits = Vec<(Span, String)>;

/// A JSON string.
///
/// ```
/// assert_eq!(policy::edit::quote("a\"b"), r#""a\"b""#);
/// ```
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Puts a string in the place of another.
pub fn replace(span: Span, by: &str) -> Edits {
    vec![(span, quote(by))]
}

/// Adds an entry behind one of an `Action`, a `Resource` or their `Not` forms; a bare string becomes a list.
///
/// ```
/// use policy::{PolicyKind, edit, parse};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*"}}"#;
/// let parsed = parse(text, PolicyKind::Identity);
/// let clause = parsed.document.statements[0].action.as_ref().unwrap();
/// let edits = edit::add_entry(text, clause, &clause.entries[0], "c:d");
/// assert_eq!(edits[0].1, r#"["a:b", "c:d"]"#);
/// ```
pub fn add_entry(text: &str, clause: &Clause<Spanned<String>>, after: &Spanned<String>, entry: &str) -> Edits {
    add_entries(text, clause, after, &[entry])
}

/// As [`add_entry`], with several entries.
pub fn add_entries(text: &str, clause: &Clause<Spanned<String>>, after: &Spanned<String>, entries: &[&str]) -> Edits {
    let entries: Vec<String> = entries.iter().map(|entry| quote(entry)).collect();
    if after.span.end == clause.span.end {
        return vec![(after.span, format!("[{}, {}]", after.span.of(text), entries.join(", ")))];
    }
    let behind = Span { start: after.span.end, end: after.span.end };
    let space = blank_before(text, after.span.start as usize);
    let space = if space.is_empty() { " " } else { space };
    vec![(behind, entries.iter().map(|entry| format!(",{space}{entry}")).collect())]
}

/// Takes an entry out of a list; `None` where it stands alone, without or within brackets.
///
/// ```
/// use policy::{PolicyKind, edit, parse};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": ["a:b", "a:b"], "Resource": "*"}}"#;
/// let parsed = parse(text, PolicyKind::Identity);
/// let entries = &parsed.document.statements[0].action.as_ref().unwrap().entries;
/// let edits = edit::remove_entry(text, entries[1].span).unwrap();
/// assert_eq!(edits[0].0.of(text), r#", "a:b""#);
/// ```
pub fn remove_entry(text: &str, entry: Span) -> Option<Edits> {
    let (start, end) = (entry.start as usize, entry.end as usize);
    let (before, behind) = (text.get(..start)?, text.get(end..)?);
    let (trimmed, rest) = (before.trim_end(), behind.trim_start());
    let gap = behind.len() - rest.len();
    match (trimmed.as_bytes().last()?, rest.as_bytes().first()?) {
        (b'[' | b',', b',') => {
            let next = rest.get(1..)?;
            let skipped = next.len() - next.trim_start().len();
            Some(vec![(Span::new(start, end + gap + 1 + skipped), String::new())])
        }
        (b',', b']') => Some(vec![(Span::new(trimmed.len() - 1, end), String::new())]),
        _ => None,
    }
}

/// Takes an element with its key out of an object; `value` is the place of its value. `None` where it stands alone.
///
/// ```
/// use policy::{PolicyKind, edit, parse};
/// let text = r#"{"Statement": {"Sid": "", "Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
/// let parsed = parse(text, PolicyKind::Identity);
/// let sid = parsed.document.statements[0].sid.as_ref().unwrap();
/// let edits = edit::remove_element(text, sid.span, "Sid").unwrap();
/// assert_eq!(edits[0].0.of(text), r#""Sid": "", "#);
/// ```
pub fn remove_element(text: &str, value: Span, key: &str) -> Option<Edits> {
    let before = text.get(..value.start as usize)?;
    let start = before.rfind(&quote(key))?;
    let behind = text.get(value.end as usize..)?;
    let lead = before.get(..start)?.trim_end();
    match (lead.as_bytes().last()?, behind.trim_start().strip_prefix(',')) {
        (_, Some(next)) => {
            let end = text.len() - next.trim_start().len();
            Some(vec![(Span::new(start, end), String::new())])
        }
        (b',', None) => Some(vec![(Span::new(lead.len() - 1, value.end as usize), String::new())]),
        _ => None,
    }
}

/// Replaces the operator of a condition; `None` where the operator stands for other keys too, or where the statement
/// has the new one already: an operator is written once.
///
/// ```
/// use policy::{PolicyKind, edit, parse};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
///     "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}"#;
/// let parsed = parse(text, PolicyKind::Identity);
/// let statement = &parsed.document.statements[0];
/// let edits = edit::replace_operator(statement, &statement.conditions[0], "BoolIfExists").unwrap();
/// assert_eq!(edits[0].1, "\"BoolIfExists\"");
/// assert!(edit::replace_operator(statement, &statement.conditions[0], "Bool").is_none());
/// ```
pub fn replace_operator(statement: &Statement, condition: &Condition, by: &str) -> Option<Edits> {
    let place = condition.operator_name.span;
    let keys = statement.conditions.iter().filter(|other| other.operator_name.span == place).count();
    let taken = statement.conditions.iter().any(|other| other.operator_name.value == by);
    (keys == 1 && !taken).then(|| replace(place, by))
}

/// Adds `operator: {key: value}` to a statement's conditions; `value` is JSON.
///
/// ```
/// use policy::{PolicyKind, edit, parse};
/// let text = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
/// let parsed = parse(text, PolicyKind::Identity);
/// let edits = edit::add_condition(text, &parsed.document.statements[0], "Bool", "aws:ViaAWSService", "\"false\"");
/// assert_eq!(edits.unwrap()[0].1, r#", "Condition": { "Bool": { "aws:ViaAWSService": "false" } }"#);
/// ```
pub fn add_condition(text: &str, statement: &Statement, operator: &str, key: &str, value: &str) -> Option<Edits> {
    let pair = format!("{}: {value}", quote(key));
    let same = statement.conditions.iter().find(|condition| condition.operator_name.value == operator);
    if let Some(condition) = same {
        let at = Span { start: condition.span.start, end: condition.span.start };
        let space = blank_before(text, at.start as usize);
        return Some(vec![(at, format!("{pair},{}", if space.is_empty() { " " } else { space }))]);
    }
    if let Some(span) = statement.condition_span {
        let element = span.of(text);
        // The key is a string without braces, so the first brace opens its value.
        let brace = element.find('{')? + 1;
        let at = span.start as usize + brace;
        let inside = text.get(at..)?;
        let space = inside.get(..inside.len() - inside.trim_start().len())?;
        let comma = if inside.trim_start().starts_with('}') { "" } else { "," };
        let lead = if space.is_empty() { " " } else { space };
        return Some(vec![(Span::new(at, at), format!("{lead}{}: {{ {pair} }}{comma}", quote(operator)))]);
    }
    let brace = (statement.span.end as usize).checked_sub(1)?;
    let body = text.get(statement.span.start as usize..brace)?;
    let at = statement.span.start as usize + body.trim_end().len();
    // The layout of the elements before: a line of its own where they have one.
    let first = body.get(1..)?;
    let lead = first.get(..first.len() - first.trim_start().len())?;
    let lead = if lead.contains('\n') { lead } else { " " };
    Some(vec![(Span::new(at, at), format!(",{lead}\"Condition\": {{ {}: {{ {pair} }} }}", quote(operator)))])
}

/// The white space that ends at `at`, from the end of what stands before it.
fn blank_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or("");
    before.get(before.trim_end().len()..).unwrap_or("")
}

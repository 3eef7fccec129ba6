//! The front matter of `lesson.md`: a few lines of `key: value` between two lines of `---`. It is a part of YAML, so
//! that editors colour it; anything beyond that part is told with its line.

/// A value, and the line it stands on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
    /// Items with keys of their own, each with the line on which it begins.
    Items(Vec<(usize, Vec<(String, String)>)>),
}

/// Something that cannot be read: its line and what is wrong.
pub(crate) type Slip = (usize, String);

/// The front matter and the text behind it.
pub(crate) fn split(text: &str) -> Result<(Vec<Entry>, &str), Vec<Slip>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n').enumerate();
    let Some((_, first)) = lines.next().filter(|(_, line)| line.trim_end() == "---") else {
        return Err(vec![(1, "the file does not begin with a line `---` and the front matter".to_owned())]);
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut slips = Vec::new();
    let mut length = first.len();
    for (index, whole) in lines {
        length += whole.len();
        let line = whole.trim_end();
        if line == "---" {
            let body = text.get(length..).unwrap_or("");
            return if slips.is_empty() { Ok((entries, body)) } else { Err(slips) };
        }
        if let Err(message) = read_line(line, index + 1, &mut entries) {
            slips.push((index + 1, message));
        }
    }
    slips.push((1, "the front matter does not end: a line `---` is missing".to_owned()));
    Err(slips)
}

fn read_line(line: &str, number: usize, entries: &mut Vec<Entry>) -> Result<(), String> {
    let content = line.trim();
    if content.is_empty() || content.starts_with('#') {
        return Ok(());
    }
    let indented = line.starts_with([' ', '\t']);
    if let Some(item) = content.strip_prefix("- ") {
        return add_item(item.trim(), number, entries);
    }
    let (key, value) = content.split_once(':').ok_or("this is neither `key: value` nor an item `- …`")?;
    let (key, value) = (key.trim().to_owned(), value.trim());
    if indented {
        let Some(Value::Items(items)) = entries.last_mut().map(|entry| &mut entry.value) else {
            return Err("an indented line belongs to an item that starts with `- key: value`".to_owned());
        };
        if let Some((_, item)) = items.last_mut() {
            item.push((key, unquoted(value).to_owned()));
        }
        return Ok(());
    }
    if let Some(before) = entries.iter().find(|entry| entry.key == key) {
        return Err(format!("`{key}` is written twice; the first is on line {}", before.line));
    }
    let value = match value.strip_prefix('[') {
        Some(list) => {
            let list = list.strip_suffix(']').ok_or("the list is not closed: `]` is missing at the end of the line")?;
            let items = list.split(',').map(|item| unquoted(item.trim()).to_owned());
            Value::List(items.filter(|item| !item.is_empty()).collect())
        }
        None => Value::Text(unquoted(value).to_owned()),
    };
    entries.push(Entry { key, line: number, value });
    Ok(())
}

fn add_item(item: &str, number: usize, entries: &mut [Entry]) -> Result<(), String> {
    let entry = entries.last_mut().ok_or("an item without a key before it")?;
    let pair = item.split_once(": ").filter(|(key, _)| key.chars().all(char::is_alphabetic));
    match (&mut entry.value, pair) {
        (Value::Items(items), Some((key, value))) => {
            items.push((number, vec![(key.to_owned(), unquoted(value.trim()).to_owned())]));
        }
        (Value::Text(text), Some((key, value))) if text.is_empty() => {
            entry.value = Value::Items(vec![(number, vec![(key.to_owned(), unquoted(value.trim()).to_owned())])]);
        }
        (Value::List(list), None) => list.push(unquoted(item).to_owned()),
        (Value::Text(text), None) if text.is_empty() => entry.value = Value::List(vec![unquoted(item).to_owned()]),
        _ => return Err(format!("`{}` cannot have this item", entry.key)),
    }
    Ok(())
}

fn unquoted(text: &str) -> &str {
    ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lists_and_items_are_read_with_their_lines() {
        let text = "---\nid: a-b\n# remark\nconcepts: [C1, C3]\ntitle: \"What: why\"\nlinks:\n  - one\n  - two\nsurvivors:\n  - mutation: drop P#0\n    because: it: is\n---\nText.\n";
        let (entries, body) = split(text).unwrap();
        assert_eq!(body, "Text.\n");
        let value = |key: &str| &entries.iter().find(|entry| entry.key == key).unwrap().value;
        assert_eq!(value("id"), &Value::Text("a-b".to_owned()));
        assert_eq!(value("concepts"), &Value::List(vec!["C1".to_owned(), "C3".to_owned()]));
        assert_eq!(value("title"), &Value::Text("What: why".to_owned()));
        assert_eq!(value("links"), &Value::List(vec!["one".to_owned(), "two".to_owned()]));
        let pairs = [("mutation", "drop P#0"), ("because", "it: is")];
        let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(value("survivors"), &Value::Items(vec![(10, pairs.to_vec())]));
        assert_eq!(entries[1].line, 4);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let slips = |text: &str| split(text).unwrap_err();
        assert_eq!(slips("id: a\n")[0].0, 1);
        assert_eq!(slips("---\nid: a\n")[0].1, "the front matter does not end: a line `---` is missing");
        assert_eq!(
            slips("---\nid: a\nid: b\n---\n"),
            [(3, "`id` is written twice; the first is on line 2".to_owned())]
        );
        assert_eq!(slips("---\nwords\nlinks: [a\n---\n").iter().map(|slip| slip.0).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(slips("---\r\nwords\r\n---\r\n")[0].0, 2);
    }

    #[test]
    fn carriage_returns_are_no_part_of_it() {
        let (entries, body) = split("---\r\nid: a\r\n---\r\nText.").unwrap();
        assert_eq!(entries[0].value, Value::Text("a".to_owned()));
        assert_eq!(body, "Text.");
    }
}

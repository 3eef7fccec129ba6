//! Lines of a text by their offsets.

use core::cmp::Ordering;

/// The line that starts at `at`, without its end.
pub(crate) fn line(text: &str, at: u32) -> &str {
    until(text, at, |byte| byte == b'\n')
}

/// What stands at `at`, up to a byte that ends it. A plain loop: what is looked for is near.
pub(crate) fn until(text: &str, at: u32, ends: impl Fn(u8) -> bool) -> &str {
    let rest = text.get(at as usize..).unwrap_or("");
    let length = rest.bytes().position(ends).unwrap_or(rest.len());
    rest.get(..length).unwrap_or("")
}

/// The name that stands at `at`, up to a space or the line's end.
pub(crate) fn name(text: &str, at: u32) -> &str {
    until(text, at, |byte| matches!(byte, b' ' | b'\n'))
}

/// The lines from `at` on.
pub(crate) fn lines(text: &str, at: u32) -> core::str::Lines<'_> {
    text.get(at as usize..).unwrap_or("").lines()
}

/// Lines with the offsets at which they start. The caller has checked that the text fits into 32 bits.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut rest = text;
    let mut at = 0;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = at;
        let length = rest.bytes().position(|byte| byte == b'\n').unwrap_or(rest.len());
        let (line, after) = rest.split_at_checked(length)?;
        at += length as u32 + 1;
        rest = after.get(1..).unwrap_or("");
        Some((start, line))
    })
}

/// `line` cut at its first `mark`; the rest is empty where there is none.
pub(crate) fn head(line: &str, mark: char) -> (&str, &str) {
    line.split_once(mark).unwrap_or((line, ""))
}

/// The order of names for which ASCII case does not count.
pub(crate) fn caseless(a: &str, b: &str) -> Ordering {
    for (a, b) in a.bytes().zip(b.bytes()) {
        if a != b {
            match a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
    }
    a.len().cmp(&b.len())
}

/// `text` without `prefix`, ASCII case aside.
pub(crate) fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

//! Lines of a text by their offsets.

use core::cmp::Ordering;

/// The line that starts at `at`, without its end.
pub(crate) fn line(text: &str, at: u32) -> &str {
    let rest = text.get(at as usize..).unwrap_or("");
    rest.split_once('\n').map_or(rest, |(line, _)| line)
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
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        at += line.len() as u32 + 1;
        rest = after;
        Some((start, line))
    })
}

/// `line` cut at its first `mark`; the rest is empty where there is none.
pub(crate) fn head(line: &str, mark: char) -> (&str, &str) {
    line.split_once(mark).unwrap_or((line, ""))
}

/// The order of names for which ASCII case does not count.
pub(crate) fn caseless(a: &str, b: &str) -> Ordering {
    let small = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(small).cmp(b.bytes().map(small))
}

/// `text` without `prefix`, ASCII case aside.
pub(crate) fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

//! Patterns with `*` and `?` against names, ASCII case aside.

/// Whether `pattern` covers the whole of `text`. Time is at most pattern × text.
pub(crate) fn covers(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.as_bytes(), text.as_bytes());
    // Behind the last `*`, and where it was tried last: on a mismatch the star takes one byte more.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((b'*', rest)), _) => {
                retry = Some((rest, text));
                pattern = rest;
            }
            (Some((p, more_pattern)), Some((t, more_text))) if *p == b'?' || p.eq_ignore_ascii_case(t) => {
                (pattern, text) = (more_pattern, more_text);
            }
            (None, None) => return true,
            _ => {
                let Some((behind, [_, next @ ..])) = retry else {
                    return false;
                };
                retry = Some((behind, next));
                (pattern, text) = (behind, next);
            }
        }
    }
}

/// Whether `text` has a wildcard.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

//! Patterns with `*` for any text and `?` for one character, as authors of lessons write them.

/// Whether `pattern` covers the whole of `text`, letters in any case alike where `caseless`.
pub(crate) fn covers(pattern: &str, text: &str, caseless: bool) -> bool {
    let fold = |text: &str| -> Vec<char> {
        if caseless { text.chars().flat_map(char::to_lowercase).collect() } else { text.chars().collect() }
    };
    let (pattern, text) = (fold(pattern), fold(text));
    let (mut pattern, mut text) = (pattern.as_slice(), text.as_slice());
    // Behind the last `*`, and where it was tried last: on a mismatch the star takes one character more.
    let mut retry: Option<(&[char], &[char])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some(('*', rest)), _) => {
                retry = Some((rest, text));
                pattern = rest;
            }
            (Some((p, more_pattern)), Some((t, more_text))) if *p == '?' || p == t => {
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

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_is_any_text() {
        assert!(covers("arn:*:trail/main", "arn:aws:cloudtrail:eu-west-1:1:trail/main", false));
        assert!(covers("*a*b", "xaxbxb", false));
        assert!(!covers("*a*b", "xaxbxc", false));
        assert!(covers("a?c", "abc", false) && !covers("a?c", "ac", false));
        assert!(covers("S3:get*", "s3:GetObject", true) && !covers("S3:get*", "s3:GetObject", false));
    }
}

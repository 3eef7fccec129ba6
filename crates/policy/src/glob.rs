//! Whether an action pattern covers a name. For findings and look-ups only: decisions have their own, compiled patterns.

/// Whether `pattern`, with `*` for any text and `?` for one byte, covers the whole of `text`, ASCII case aside. Time is
/// at most pattern × text.
///
/// ```
/// use policy::glob::covers;
/// assert!(covers("S3:get*", "s3:GetObject"));
/// assert!(!covers("s3:Get?", "s3:GetObject"));
/// ```
pub fn covers(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.as_bytes(), text.as_bytes());
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((b'*', rest)), _) => {
                retry = Some((rest, text));
                pattern = rest;
            }
            (Some((p, pattern_rest)), Some((t, text_rest))) if *p == b'?' || p.eq_ignore_ascii_case(t) => {
                (pattern, text) = (pattern_rest, text_rest);
            }
            (None, None) => return true,
            _ => {
                let Some((after_star, tried)) = retry else {
                    return false;
                };
                let Some((_, next)) = tried.split_first() else {
                    return false;
                };
                retry = Some((after_star, next));
                (pattern, text) = (after_star, next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn wildcards_cover_what_they_should() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "s3:GetObject"),
            ("s3:*", "s3:GetObject"),
            ("S3:getobject", "s3:GetObject"),
            ("s3:*Object", "s3:GetObjectObject"),
            ("s3:Get?bject", "s3:GetObject"),
            ("*a*b", "xaxbxab"),
        ] {
            assert!(covers(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("s3:Get*", "s3:ListBucket"), ("s3:GetObject?", "s3:GetObject"), ("*a*b", "xaxbx"), ("a", "")]
        {
            assert!(!covers(pattern, text), "{pattern} {text}");
        }
    }
}

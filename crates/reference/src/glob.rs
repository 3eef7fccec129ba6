//! Patterns with `*` and `?` against names, ASCII case aside.

pub(crate) use policy::glob::covers;

/// Whether `text` has a wildcard.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

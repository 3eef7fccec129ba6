//! Which proposals fit what is typed, the best first.

use super::draft::Draft;
use super::{Completion, CompletionKind};
use crate::template::Field;
use crate::units;

/// How many are shown: whoever wants others types on.
pub(super) const MOST: usize = 100;

/// What could be put in.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) label: String,
    pub(super) draft: Draft,
    pub(super) kind: CompletionKind,
    pub(super) detail: Option<String>,
    pub(super) info: Option<String>,
    /// The smaller, the better it fits the place.
    pub(super) rank: u32,
}

impl Proposal {
    pub(super) fn new(label: impl Into<String>, draft: Draft, kind: CompletionKind) -> Self {
        Self { label: label.into(), draft, kind, detail: None, info: None, rank: 0 }
    }

    pub(super) fn rank(self, rank: u32) -> Self {
        Self { rank, ..self }
    }

    pub(super) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    pub(super) fn info(self, info: impl Into<String>) -> Self {
        Self { info: Some(info.into()), ..self }
    }
}

/// The proposals for one place.
#[derive(Debug)]
pub(super) struct List<'t> {
    pub(super) typed: &'t str,
    found: Vec<(u8, Proposal)>,
}

impl<'t> List<'t> {
    pub(super) fn new(typed: &'t str) -> Self {
        Self { typed, found: Vec::new() }
    }

    /// Takes a proposal in where its label fits what is typed.
    pub(super) fn add(&mut self, proposal: Proposal) {
        if let Some(quality) = quality(self.typed, &proposal.label) {
            self.found.push((quality, proposal));
        }
    }

    /// Takes a proposal in that fits what is typed by `quality`.
    pub(super) fn add_as(&mut self, quality: u8, proposal: Proposal) {
        self.found.push((quality, proposal));
    }

    /// The best of them, each label once.
    pub(super) fn finish(mut self) -> Vec<Proposal> {
        // Letters somewhere in a name are a guess: only where there is little better.
        if self.found.iter().filter(|(quality, _)| *quality < 3).count() >= 5 {
            self.found.retain(|(quality, _)| *quality < 3);
        }
        self.found.sort_by(|(a, first), (b, second)| a.cmp(b).then(first.rank.cmp(&second.rank)));
        let mut seen = policy::Seen::default();
        let unseen = self.found.into_iter().map(|(_, proposal)| proposal);
        unseen.filter(|proposal| seen.before(&proposal.label, 0).is_none()).take(MOST).collect()
    }
}

/// How well `text` continues what is typed, ASCII case aside: 0 is best, none not at all.
///
/// ```text
/// s3:Get     s3:GetObject     its beginning
/// Object     s3:GetObject     the beginning of a word in it
/// tobj       s3:GetObject     somewhere in it
/// s3gob      s3:GetObject     its letters in their order
/// ```
pub(super) fn quality(typed: &str, text: &str) -> Option<u8> {
    if typed.is_empty() {
        return Some(0);
    }
    let (typed, text) = (typed.as_bytes(), text.as_bytes());
    let starts_at = |at: usize| text.get(at..at + typed.len()).is_some_and(|part| part.eq_ignore_ascii_case(typed));
    if starts_at(0) {
        return Some(0);
    }
    let mut places = (1..text.len()).filter(|at| starts_at(*at)).peekable();
    if places.peek().is_some() {
        return Some(if places.any(|at| starts_word(text, at)) { 1 } else { 2 });
    }
    let mut rest = typed.iter();
    let mut next = rest.next();
    for byte in text {
        if next.is_some_and(|wanted| wanted.eq_ignore_ascii_case(byte)) {
            next = rest.next();
        }
    }
    (next.is_none() && typed.len() >= 3).then_some(3)
}

fn starts_word(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let here = text.get(at);
    before.is_none_or(|byte| !byte.is_ascii_alphanumeric())
        || here.is_some_and(u8::is_ascii_uppercase) && before.is_some_and(|byte| !byte.is_ascii_uppercase())
}

impl Proposal {
    /// As it goes out, between what stands before and after it.
    pub(super) fn complete(self, before: &str, after: &str) -> Completion {
        let draft = Draft::json(before).then(self.draft).raw(after);
        let field = |(start, end): &(usize, usize)| Field {
            start: units::to_utf16(&draft.text, *start),
            end: units::to_utf16(&draft.text, *end),
        };
        Completion {
            label: self.label,
            fields: draft.fields.iter().map(field).collect(),
            insert: draft.text,
            kind: self.kind,
            detail: self.detail,
            info: self.info,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_so_goes_before_what_only_contains_it() {
        let of = |typed| quality(typed, "s3:GetObjectAcl");
        assert_eq!(of(""), Some(0));
        assert_eq!(of("S3:get"), Some(0));
        assert_eq!(of("Object"), Some(1));
        assert_eq!(of("acl"), Some(1));
        assert_eq!(of("bject"), Some(2));
        assert_eq!(of("goa"), Some(3));
        assert_eq!(of("put"), None);
        assert_eq!(of("zz"), None);
    }
}

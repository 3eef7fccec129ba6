//! Policy variables: what stands in `${…}`.

use super::draft::Draft;
use super::list::{List, Proposal};
use super::{Asked, CompletionKind};

/// The keys most used as variables.
const COMMON: [&str; 12] = [
    "aws:username",
    "aws:userid",
    "aws:PrincipalAccount",
    "aws:PrincipalTag/",
    "aws:PrincipalType",
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
    "aws:SourceIdentity",
    "aws:ResourceAccount",
    "aws:RequestedRegion",
    "s3:prefix",
    "aws:CurrentTime",
];

/// `list.typed` is what stands behind `${`.
pub(super) fn variables(asked: &Asked<'_>, list: &mut List<'_>) {
    let context = asked.context();
    for (at, entry) in context.iter().filter(|entry| !entry.multivalued).enumerate() {
        let value = entry.values.first().map_or("", String::as_str);
        let common = COMMON.iter().position(|key| entry.key.starts_with(key));
        let draft = Draft::json("${").escaped(&entry.key).raw("}");
        let proposal = Proposal::new(entry.key.as_str(), draft, CompletionKind::Variable);
        list.add(proposal.rank(common.unwrap_or(20 + at) as u32).detail(format!("here: {value}")));
    }
    for (at, key) in COMMON.into_iter().enumerate() {
        let draft = Draft::json("${").raw(key);
        let (label, draft) = match key.ends_with('/') {
            true => (format!("{key}TagKey"), draft.field("TagKey")),
            false => (key.to_owned(), draft),
        };
        let proposal = Proposal::new(label, draft.raw("}"), CompletionKind::Variable).rank(50 + at as u32);
        list.add(proposal.detail("not in this request"));
    }
    for (at, (character, words)) in
        [("*", "a star, no wildcard"), ("?", "a question mark, no wildcard"), ("$", "a dollar sign")]
            .into_iter()
            .enumerate()
    {
        let draft = Draft::json("${").raw(character).raw("}");
        list.add(Proposal::new(character, draft, CompletionKind::Variable).rank(90 + at as u32).detail(words));
    }
}

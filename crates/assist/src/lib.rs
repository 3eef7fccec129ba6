//! Everything that the playground tells beside the decision, from what AWS documents about its services: findings that
//! need the list of actions, completion and hovers in the editor, help with a request, reading what AWS answered.
//!
//! Nothing here decides anything, and the decision needs nothing of it. Each question gets [`Knowledge`], which may
//! lack any of its parts: the answer is then what can be said without. Offsets that come in count UTF-16 code units, as
//! editors do; positions that go out are those of a [`playground::Report`].
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

mod attach;
mod cloudtrail;
mod complete;
mod denied;
mod expand;
mod format;
mod hover;
mod identify;
mod knowledge;
mod outline;
mod place;
mod request_help;
mod request_notes;
mod review;
mod subject;
mod template;
mod units;
mod words;

pub use attach::{
    Attached, ManagedDocument, ManagedName, attach, evaluate, evaluate_with, managed_policies, managed_policy,
    names_managed_policies,
};
pub use complete::{Completion, CompletionKind, Completions, complete};
pub use denied::{Reading, ReadingFact, ReadingKind, Suspect, read_message};
pub use expand::{ActionInfo, Expansion, LevelCount, MOST_LISTED, expand, expand_at};
pub use format::{FormatProblem, Formatted, format};
pub use hover::{Fact, Hover, hover};
pub use identify::{Identified, identify};
pub use knowledge::{Knowledge, Part};
pub use request_help::{KeyInfo, RequestHelp, ResourceForm, request_help, suggest_actions};
pub use request_notes::{ProposedRequest, ProposedTest, RequestNote, request_notes};
pub use review::{CODES, Reviews, check, document_kind, fixes, review, review_with};
pub use template::{ArnPart, Field};

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
mod knowledge;
mod review;

pub use attach::{
    Attached, ManagedDocument, ManagedName, attach, evaluate, managed_policies, managed_policy, names_managed_policies,
};
pub use knowledge::{Knowledge, Part};
pub use review::{CODES, check, document_kind, fixes, review};

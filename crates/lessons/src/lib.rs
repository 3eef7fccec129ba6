//! Lessons: what a learner finds, what has to hold in the end, and whether the tests are strong enough to teach it.
//!
//! A lesson is a folder of text files; `docs/lessons/format.md` is for those who write them. [`check()`] reads and
//! checks a folder of lessons, [`gather`] makes of it what the page loads, and [`judge()`] tells how far a learner's
//! answer is: one judge for the build and for the page. [`Progress`] and [`review`] hold the answers of a class against it.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

mod check;
mod find;
mod finding;
mod front;
mod glob;
mod handed_in;
mod judge;
mod lesson;
mod mutate;
mod read;
mod scenario;
mod strength;
mod surplus;

pub use check::{Checked, check, gather, root};
pub use find::{ConditionResult, Found, SideResult};
pub use finding::Finding;
pub use handed_in::{Guess, Progress, Review, review};
pub use judge::{Judgement, RowResult, Trouble, judge};
pub use lesson::{Condition, Course, Expected, Field, Find, Kind, Lesson, Row, Side, Topic, Values};
pub use surplus::{Surplus, SurplusAction, SurplusSearch, surplus};

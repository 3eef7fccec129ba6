//! For tests only: random scenarios, slow and simple reference matchers, and the bodies of the fuzz targets.
//!
//! Everything random is made from bytes by a [`Dice`]: property tests, fuzz targets and the replay of a fuzzer's
//! corpus so share one generator, and a failing input is always a string of bytes that can be kept.

mod conditions;
mod dice;
mod generate;
mod invariants;
pub mod reference;
mod scene;
pub mod targets;

pub use conditions::{condition, value_for};
pub use dice::{Dice, check};
pub use generate::{Taste, elsewhere, scene, statement, wide_statement};
pub use invariants::{document_is_sound, report_is_sound};
pub use scene::{Ask, Condition, ContextValue, Layout, NOW, Policy, Prepared, Principal, Scene, Statement};

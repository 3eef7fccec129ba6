//! Laws of the evaluation, held against random scenarios. Each is a claim that a reader of IAM's documentation would
//! make without looking at the code.

mod coverage;
mod matching;
mod monotone;
mod order;
mod readings;
mod trace;

use evaluator::{Decision, StatementId, Verdict};
use testing::{Dice, Scene, Taste};

/// Bytes for a scene of several policies, and for what a law does with it.
const LENGTH: usize = 500;

/// A scene without elements that IAM refuses to save.
fn scene(dice: &mut Dice<'_>) -> Scene {
    testing::scene(dice, Taste::Saved)
}

/// A scene in which anything may stand.
fn any_scene(dice: &mut Dice<'_>) -> Scene {
    testing::scene(dice, Taste::Anything)
}

fn allowed(scene: &Scene) -> bool {
    scene.decision() == Decision::Allowed
}

/// The verdict with the place of its statement translated, where it names one.
fn translated(verdict: Verdict, to: impl Fn(StatementId) -> StatementId) -> Verdict {
    match verdict {
        Verdict::ExplicitDeny(deny) => {
            Verdict::ExplicitDeny(evaluator::ExplicitDeny { statement: to(deny.statement), ..deny })
        }
        other => other,
    }
}

/// Puts a list in another order.
fn shuffle<T>(dice: &mut Dice<'_>, list: &mut [T]) {
    for at in (1..list.len()).rev() {
        list.swap(at, dice.below(at + 1));
    }
}

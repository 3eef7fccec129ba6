//! Choices made from bytes. Where the bytes end every choice is the first, so that short inputs are simple ones.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use proptest::prelude::any;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRng, TestRunner};

/// A source of choices.
#[derive(Debug, Clone)]
pub struct Dice<'a> {
    bytes: &'a [u8],
}

impl<'a> Dice<'a> {
    /// Choices from these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                *first
            }
            None => 0,
        }
    }

    /// A number below `bound`, which is at most 65,536.
    pub fn below(&mut self, bound: usize) -> usize {
        let mut number = usize::from(self.byte());
        if bound > 256 {
            number = number * 256 + usize::from(self.byte());
        }
        if bound == 0 { 0 } else { number % bound }
    }

    /// True in about `per_256` of 256 cases; false where the bytes have ended.
    pub fn chance(&mut self, per_256: u8) -> bool {
        255 - self.byte() < per_256
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.bytes)
    }
}

/// Runs a property on many inputs of up to `length` bytes; what fails is shrunk to few and small bytes.
///
/// The property panics where it does not hold. The inputs are the same in every run.
pub fn check(cases: u32, length: usize, property: impl Fn(&mut Dice<'_>)) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let mut runner = TestRunner::new_with_rng(config, rng);
    // Most inputs are long: short ones are as good as none for a scenario, and shrinking makes them anyway.
    let bytes = proptest::collection::vec(any::<u8>(), length / 2..=length);
    let result = quietly(|| {
        runner.run(&bytes, |bytes| {
            catch_unwind(AssertUnwindSafe(|| property(&mut Dice::new(&bytes))))
                .map_err(|_| TestCaseError::fail("the law is broken"))
        })
    });
    match result {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("{reason}"),
        Err(TestError::Fail(_, bytes)) => {
            let scene = crate::scene(&mut Dice::new(&bytes), crate::Taste::Anything);
            eprintln!("broken by the bytes {bytes:?}");
            eprintln!("which as a scenario are {}", scene.json(&[]));
            property(&mut Dice::new(&bytes));
            panic!("broken once, and not again: the law hangs on more than its input");
        }
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Panics of this thread print nothing: a law that is broken is tried a thousand times while its input shrinks.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let result = work();
    QUIET.set(false);
    result
}

//! A contested reading is told of exactly where it decides.

use evaluator::{Choice, Readings};
use testing::check;

use crate::{LENGTH, any_scene};

#[test]
fn contested_readings_are_those_whose_other_reading_decides_otherwise() {
    check(4000, LENGTH, |dice| {
        let scene = any_scene(dice);
        let prepared = scene.prepare();
        let set = prepared.set();
        let evaluation = evaluator::evaluate(&set, &prepared.request);
        for choice in Choice::ALL {
            // These are about what is derived or asked, not about how it is read.
            if matches!(choice, Choice::MfaInRoleSession | Choice::ListAllMyBuckets) {
                continue;
            }
            let other = set.with_readings(Readings::default().flip(choice));
            let decides = evaluator::decide(&other, &prepared.request).decision() != evaluation.verdict.decision();
            assert_eq!(evaluation.contested.contains(&choice), decides, "{choice:?}");
        }
    });
}

#[test]
fn decision_and_trace_agree_under_every_reading() {
    check(1500, LENGTH, |dice| {
        let scene = any_scene(dice);
        let prepared = scene.prepare();
        let mut readings = Readings::default();
        for choice in Choice::ALL {
            if dice.chance(60) {
                readings = readings.flip(choice);
            }
        }
        let set = prepared.set().with_readings(readings);
        let evaluation = evaluator::evaluate(&set, &prepared.request);
        assert_eq!(evaluator::decide(&set, &prepared.request), evaluation.verdict);
    });
}

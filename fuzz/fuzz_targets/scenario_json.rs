#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| testing::targets::scenario_json(bytes));

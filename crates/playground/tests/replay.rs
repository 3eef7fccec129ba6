//! The fuzz targets on stable Rust: their seed corpus, and some thousand mutations of it. The same bodies run under
//! libFuzzer in `fuzz/`.

use std::path::Path;

use testing::targets;

/// A generator of numbers that is the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.next() % bound as u64) as usize }
    }
}

/// A file of the corpus, changed as a fuzzer does: bytes flipped, cut out, doubled, or taken from another file.
fn mutated(numbers: &mut Numbers, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = corpus[numbers.below(corpus.len())].clone();
    for _ in 0..1 + numbers.below(4) {
        let (a, b) = (numbers.below(bytes.len() + 1), numbers.below(bytes.len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        match numbers.below(5) {
            0 if a < bytes.len() => bytes[a] ^= 1 << numbers.below(8),
            1 => drop(bytes.drain(a..b)),
            2 => {
                let piece = bytes[a..b.min(a + 40)].to_vec();
                bytes.splice(a..a, piece);
            }
            3 => {
                let other = &corpus[numbers.below(corpus.len())];
                let from = numbers.below(other.len() + 1);
                let piece = other[from..other.len().min(from + 60)].to_vec();
                bytes.splice(a..a, piece);
            }
            _ => {
                let odd = [&b"\""[..], b"{", b"]", b"${", b"*", b":", b"\\u", b"\xf0\x9f\x98\x80", b"\xff", b"1e9"];
                bytes.splice(a..a, odd[numbers.below(odd.len())].iter().copied());
            }
        }
    }
    bytes
}

fn replay(name: &str, target: targets::Target, mutations: u32) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let corpus: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).expect("a seed")).collect();
    assert!(corpus.len() >= 10, "{name} has {} seeds", corpus.len());
    for (file, bytes) in files.iter().zip(&corpus) {
        eprintln!("{}", file.display());
        target(bytes);
    }
    let mut numbers = Numbers(1);
    for at in 0..mutations {
        let bytes = mutated(&mut numbers, &corpus);
        eprintln!("mutation {at}: {}", bytes.escape_ascii());
        target(&bytes);
    }
}

macro_rules! replays {
    ($($name:ident: $mutations:literal;)*) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name), targets::$name, $mutations);
        })*

        #[test]
        fn every_target_is_replayed() {
            let replayed = [$(stringify!($name)),*];
            assert_eq!(targets::ALL.map(|(name, _)| name), replayed);
        }
    };
}

replays! {
    document: 3000;
    patterns: 5000;
    conditions: 1500;
    scenario_json: 2000;
    scenario: 1500;
    scenario_text: 2000;
}

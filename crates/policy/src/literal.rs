//! Typed literals of condition values: dates, numbers, booleans, IP ranges, bytes. One reading, used by the
//! checks (is this a date?) and by the evaluator (which instant is it?).

/// A point in time with nanoseconds; any value of seconds, since epoch literals are unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds within the second, below 1,000,000,000.
    pub nanoseconds: u32,
}

impl Instant {
    /// The instant so many milliseconds after 1970-01-01T00:00:00Z.
    pub fn from_epoch_milliseconds(milliseconds: i64) -> Self {
        let nanoseconds = u32::try_from(milliseconds.rem_euclid(1000)).unwrap_or(0) * 1_000_000;
        Self {
            seconds: milliseconds.div_euclid(1000),
            nanoseconds,
        }
    }
}

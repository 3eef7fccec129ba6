//! Dates: the W3C profile of ISO 8601, or seconds since 1970. There is no form for a time of day.
//!
//! <https://www.w3.org/TR/NOTE-datetime>

/// A point in time with nanoseconds; any value of seconds, since epoch literals are unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds within the second, below 1,000,000,000.
    pub nanoseconds: u32,
}

/// The form a date was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateForm {
    /// `YYYY-MM`
    Month,
    /// `YYYY-MM-DD`
    Day,
    /// `YYYY-MM-DDThh:mm` and longer.
    Time,
    /// Seconds since 1970, with or without a fraction. Four digits alone are this, not a year.
    Epoch,
}

/// A date literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    /// The point in time; of a day or month its first instant in UTC.
    pub instant: Instant,
    /// Whether the text says which time zone it means. A time that does not is read as UTC.
    pub zoned: bool,
    /// How it was written.
    pub form: DateForm,
}

const DAY: i64 = 86_400;

/// The Julian day number of 1970-01-01.
const EPOCH_DAY: i64 = 2_440_588;

/// Reads a date literal.
///
/// ```
/// use policy::literal::date;
/// let instant = |text: &str| date(text).unwrap().instant;
/// assert_eq!(instant("2026-01-01T01:00:00+01:00"), instant("2026-01-01"));
/// assert_eq!(instant("2026-01-01"), instant("1767225600"));
/// assert_eq!(date("2026").unwrap().instant.seconds, 2026);
/// assert!(date("09:00Z").is_none());
/// ```
pub fn date(text: &str) -> Option<Date> {
    if let Some(instant) = epoch(text) {
        return Some(Date { instant, zoned: true, form: DateForm::Epoch });
    }
    let mut reader = Reader(text);
    let year = reader.digits(4)?;
    reader.literal('-')?;
    let month = reader.digits(2)?;
    let (day, mut form) = match reader.literal('-') {
        Some(()) => (reader.digits(2)?, DateForm::Day),
        None => (1, DateForm::Month),
    };
    let mut seconds = midnight(year, month, day)?;
    let mut nanoseconds = 0;
    let mut zoned = true;
    if form == DateForm::Day && reader.one_of(['T', 't']).is_some() {
        form = DateForm::Time;
        let (hour, minute) = (reader.below(2, 24)?, reader.colon_minute()?);
        seconds += hour * 3600 + minute * 60;
        if reader.literal(':').is_some() {
            seconds += reader.below(2, 60)?;
            if reader.literal('.').is_some() {
                nanoseconds = reader.fraction()?;
            }
        }
        match reader.offset()? {
            Some(offset) => seconds -= offset,
            None => zoned = false,
        }
    }
    reader.0.is_empty().then_some(Date { instant: Instant { seconds, nanoseconds }, zoned, form })
}

/// Whether IAM saves a policy with `text` as the value of a date operator. Its check is looser than the form that
/// can be compared: `01T` passes. Observed by the makers of moto against `iam:CreatePolicy`.
pub fn iam_saves_date(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if !lower.contains(['t', '-']) {
        return epoch(text).is_some();
    }
    let (date, time) = lower.split_once('t').unwrap_or((&lower, ""));
    let within =
        |text: &str, range: core::ops::RangeInclusive<i64>| text.parse().is_ok_and(|number| range.contains(&number));
    let mut fields = date.strip_prefix('-').unwrap_or(date).split('-');
    let year = fields.next().is_some_and(|year| within(year, 0..=292_275_054));
    let month = fields.next().is_none_or(|month| within(month, 1..=12));
    let day = fields.next().is_none_or(|day| within(day, 1..=31));
    if !(year && month && day && fields.next().is_none()) {
        return false;
    }
    if time.is_empty() {
        return true;
    }
    let (clock, zone) = match time.find(['z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let mut fields = clock.split(':');
    let hour = fields.next().is_some_and(|hour| within(hour, 0..=23));
    let minute = fields.next().is_none_or(|minute| within(minute, 0..=59));
    let second = fields.next().is_none_or(|second| {
        let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
        within(second, 0..=59) && within(fraction, 0..=999_999_999)
    });
    let zone = match zone.strip_prefix(['+', '-']) {
        None => matches!(zone, "" | "z"),
        Some(zone) => {
            let (hours, minutes) = match zone.split_once(':') {
                Some(parts) => parts,
                None => zone.split_at_checked(2).unwrap_or(("", "")),
            };
            hours.len() == 2
                && within(hours, 0..=23)
                && (minutes.is_empty() || minutes.len() == 2 && within(minutes, 0..=59))
        }
    };
    hour && minute && second && zone && fields.next().is_none()
}

/// Seconds since 1970 as a bare number, such as `1767225600` or `1767225600.5`.
fn epoch(text: &str) -> Option<Instant> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let mut nanoseconds = 0;
    if let Some(fraction) = fraction {
        let mut reader = Reader(fraction);
        nanoseconds = reader.fraction()?;
        if !reader.0.is_empty() {
            return None;
        }
    }
    Some(match (negative, nanoseconds) {
        (false, _) => Instant { seconds: whole, nanoseconds },
        (true, 0) => Instant { seconds: -whole, nanoseconds },
        (true, _) => Instant { seconds: (-whole).checked_sub(1)?, nanoseconds: 1_000_000_000 - nanoseconds },
    })
}

/// Seconds since 1970 of the start of a day.
fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = time::Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?;
    Some((i64::from(date.to_julian_day()) - EPOCH_DAY) * DAY)
}

/// What is left of the text to read.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn literal(&mut self, c: char) -> Option<()> {
        self.0 = self.0.strip_prefix(c)?;
        Some(())
    }

    fn one_of<const N: usize>(&mut self, set: [char; N]) -> Option<char> {
        let c = self.0.chars().next().filter(|c| set.contains(c))?;
        self.0 = self.0.strip_prefix(c)?;
        Some(c)
    }

    /// Exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    fn below(&mut self, count: usize, bound: i64) -> Option<i64> {
        self.digits(count).filter(|value| *value < bound)
    }

    fn colon_minute(&mut self) -> Option<i64> {
        self.literal(':')?;
        self.below(2, 60)
    }

    /// The digits of a fraction as nanoseconds; digits beyond the ninth are cut off.
    fn fraction(&mut self) -> Option<u32> {
        let length = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(length).filter(|_| length > 0)?;
        self.0 = rest;
        let nanoseconds = digits
            .bytes()
            .chain(core::iter::repeat(b'0'))
            .take(9)
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        Some(nanoseconds)
    }

    /// `Z`, `±hh:mm` or `±hhmm` in seconds; `Some(None)` where nothing is left.
    fn offset(&mut self) -> Option<Option<i64>> {
        if self.0.is_empty() {
            return Some(None);
        }
        let sign = match self.one_of(['Z', 'z', '+', '-'])? {
            '+' => 1,
            '-' => -1,
            _ => return Some(Some(0)),
        };
        let hours = self.below(2, 24)?;
        let _ = self.literal(':');
        let minutes = self.below(2, 60)?;
        Some(Some(sign * (hours * 3600 + minutes * 60)))
    }
}

impl Instant {
    /// The instant so many milliseconds after 1970-01-01T00:00:00Z.
    pub fn from_epoch_milliseconds(milliseconds: i64) -> Self {
        let nanoseconds = u32::try_from(milliseconds.rem_euclid(1000)).unwrap_or(0) * 1_000_000;
        Self { seconds: milliseconds.div_euclid(1000), nanoseconds }
    }

    /// As AWS writes instants: `2026-03-09T14:05:09Z`, with a fraction only where there is one. Outside the years
    /// 0 to 9999 the seconds since 1970, for which a date literal is also read.
    ///
    /// ```
    /// use policy::literal::Instant;
    /// assert_eq!(Instant::from_epoch_milliseconds(1_773_065_109_250).to_iso8601(), "2026-03-09T14:05:09.25Z");
    /// ```
    pub fn to_iso8601(self) -> String {
        let fraction = match self.nanoseconds {
            0 => String::new(),
            nanoseconds => format!(".{nanoseconds:09}").trim_end_matches('0').to_owned(),
        };
        let day = self.seconds.div_euclid(DAY) + EPOCH_DAY;
        let date = i32::try_from(day).ok().and_then(|day| time::Date::from_julian_day(day).ok());
        let Some(date) = date.filter(|_| YEARS.contains(&self.seconds)) else {
            return self.seconds.to_string();
        };
        let second = self.seconds.rem_euclid(DAY);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

/// The seconds of the years 0 to 9999.
const YEARS: core::ops::Range<i64> = -62_167_219_200..253_402_300_800;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(text: &str) -> Option<i64> {
        date(text).map(|date| date.instant.seconds)
    }

    #[test]
    fn every_form_of_the_table_is_read() {
        assert_eq!(seconds("2026-03"), seconds("2026-03-01T00:00Z"));
        assert_eq!(seconds("2026-03-09"), Some(1_773_014_400));
        assert_eq!(seconds("2026-03-09T14:05Z"), Some(1_773_065_100));
        assert_eq!(seconds("2026-03-09T14:05:09+01:00"), Some(1_773_061_509));
        assert_eq!(seconds("2026-03-09t14:05:09-0130"), Some(1_773_070_509));
        assert_eq!(date("2026-03-09T14:05:09.250z").unwrap().instant.nanoseconds, 250_000_000);
        assert_eq!(seconds("1767225600"), Some(1_767_225_600));
        assert_eq!(date("1767225600.5").unwrap().instant.nanoseconds, 500_000_000);
        assert_eq!(date("-0.25").unwrap().instant, Instant { seconds: -1, nanoseconds: 750_000_000 });
    }

    #[test]
    fn a_time_without_zone_says_so() {
        assert!(!date("2026-03-09T14:05:09").unwrap().zoned);
        assert!(date("2026-03-09").unwrap().zoned);
    }

    #[test]
    fn leap_days_exist_in_leap_years_only() {
        assert!(date("2024-02-29").is_some());
        assert!(date("2000-02-29").is_some());
        assert!(date("1900-02-29").is_none());
        assert!(date("2026-02-29").is_none());
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "09:00Z",
            "T09:00Z",
            "9am",
            "2026/03/09",
            "2026-13-01",
            "2026-00",
            "2026-1-1",
            "2026-03-09T24:00Z",
            "2026-03-09T09Z",
            "2026-03-09T09:60Z",
            "2026-03-09 09:00Z",
            "2026-03-09T09:00:00.Z",
            "2026-03-09Z",
            "2026-03T09:00Z",
            "-1-1",
            "9223372036854775808",
            "2026-03-09T09:00+1",
            "tomorrow",
            "1e9",
            "２０２６-03-09",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn iam_saves_odd_dates_but_no_time_of_day() {
        for text in ["01T", "2016-12-13t2:00:00.593194+23", "-292275054", "2026-03-09T09", "2026-03"] {
            assert!(iam_saves_date(text), "{text}");
        }
        for text in [
            "09:00Z",
            "9am",
            "234-13",
            "2016-12-13t2:00:00.593194+1",
            "sdfdsf",
            "2016-12-13t2:00:00.1999999999+10:59",
            "9223372036854775808",
            "T09:00Z",
        ] {
            assert!(!iam_saves_date(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_instant_reads_back_what_it_writes(seconds: i64, nanoseconds in 0u32..1_000_000_000) {
            for seconds in [seconds, seconds % 253_402_300_800] {
                let instant = Instant { seconds, nanoseconds: if YEARS.contains(&seconds) { nanoseconds } else { 0 } };
                prop_assert_eq!(date(&instant.to_iso8601()).map(|date| date.instant), Some(instant));
            }
        }

        #[test]
        fn every_date_that_is_read_is_one_that_iam_saves(text in "[0-9]{1,4}(-[0-9]{2}){0,2}([Tt][0-9]{2}(:[0-9]{2}){0,2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?)?") {
            prop_assert!(date(&text).is_none() || iam_saves_date(&text), "{}", text);
        }
    }
}

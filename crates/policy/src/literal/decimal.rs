//! Decimal numbers of any length, compared exactly: `0.1` is one tenth, and twenty digits are twenty digits.

use core::cmp::Ordering;

/// A decimal number: `±0.d₁d₂d₃… × 10^exponent`, with `d₁ ≠ 0` and no zeros at the end, so that equal numbers are
/// equal values. Zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    exponent: i64,
    digits: Vec<u8>,
}

/// A decimal number: an optional sign, digits, an optional fraction and an optional exponent; spaces around it do
/// not count.
///
/// ```
/// use policy::literal::number;
/// assert_eq!(number("1.0"), number("1"));
/// assert!(number("10") > number("9.99"));
/// assert!(number("-1e3") < number("-999"));
/// assert_eq!(number("-0"), number("0"));
/// assert!(number("0.30000000000000001") > number("0.3"));
/// assert!(number("1,5").is_none() && number("0x10").is_none() && number("").is_none());
/// ```
pub fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => (mantissa, power(exponent)?),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        None => (mantissa, ""),
        // `1.` and `.5` are no numbers
        Some((_, "")) => return None,
        Some(parts) => parts,
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let significant = |part: &str| part.bytes().take_while(|byte| *byte == b'0').count();
    let zeros = match significant(whole) {
        zeros if zeros == whole.len() => zeros + significant(fraction),
        zeros => zeros,
    };
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).skip(zeros).collect();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    if digits.is_empty() {
        return Some(Decimal { negative: false, exponent: 0, digits });
    }
    let shift = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
    Some(Decimal { negative, exponent: exponent.saturating_add(shift), digits })
}

impl Decimal {
    /// The same text for equal numbers, and only for those: digits and a power of ten, such as `-25e3` for -250.
    pub fn canonical(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let digits: String = self.digits.iter().copied().map(char::from).collect();
        [sign, &digits, "e", &self.exponent.to_string()].concat()
    }
}

/// The number behind an `e`; beyond the bounds it stays at the bound.
fn power(text: &str) -> Option<i64> {
    const BOUND: i64 = i64::MAX / 2;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits
        .bytes()
        .fold(0i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(BOUND));
    Some(if negative { -value } else { value })
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let magnitude = || self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => magnitude(),
            _ => magnitude().reverse(),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn huge_exponents_keep_their_order() {
        let huge = number("1e99999999999999999999999").unwrap();
        assert!(huge > number("9e999999").unwrap());
        assert!(number("1e-99999999999999999999999").unwrap() > number("0").unwrap());
        assert!(number("-1e99999999999999999999999").unwrap() < number("-5").unwrap());
        assert_eq!(number("0e99999999999999999999").unwrap(), number("0").unwrap());
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "", " ", "+", "-", ".", "1.", ".5", "1e", "1e+", "e5", "1 2", "--1", "+-1", "1.2.3", "NaN", "inf", "1_000",
            "١",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn order_is_that_of_integers(a in -100_000_000i64..100_000_000, b in -100_000_000i64..100_000_000, scale in 0usize..6) {
            // the same number written as an integer, with a fraction, and with an exponent
            let plain = |n: i64| number(&n.to_string()).unwrap();
            let shifted = |n: i64| number(&format!("{n}.{}e{scale}", "0".repeat(scale + 1))).unwrap();
            prop_assert_eq!(plain(a).cmp(&plain(b)), a.cmp(&b));
            prop_assert_eq!(shifted(a).cmp(&shifted(b)), a.cmp(&b));
            prop_assert_eq!(plain(a).canonical() == shifted(b).canonical(), a == b || (scale > 0 && plain(a) == shifted(b)));
            let tenth = number(&format!("{a}.5")).unwrap();
            prop_assert!((a >= 0) == (tenth > plain(a)));
        }
    }
}

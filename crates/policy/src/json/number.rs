//! Whether a number written in JSON has a value at all: `1e999` has none.

/// Whether `text`, a well-formed JSON number, is finite when read as the usual 64-bit number. The reading is that
/// of `serde_json`, which keeps as many digits as fit 64 bits and multiplies by a power of ten, so that both agree
/// to the last digit on what is refused.
pub(super) fn in_range(text: &str) -> bool {
    let mut significand: u64 = 0;
    let mut exponent: i64 = 0;
    let mut full = false;
    let mut fraction = false;
    let mut bytes = text.bytes();
    for byte in bytes.by_ref() {
        match byte {
            b'.' => fraction = true,
            b'e' | b'E' => break,
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                let next = significand.checked_mul(10).and_then(|n| n.checked_add(digit));
                match next {
                    Some(next) if !full => {
                        significand = next;
                        exponent -= i64::from(fraction);
                    }
                    // further digits of the integer part only scale, of the fraction do nothing
                    _ => {
                        full = true;
                        exponent += i64::from(!fraction);
                    }
                }
            }
            _ => {}
        }
    }
    let mut written: i64 = 0;
    let mut negative = false;
    for byte in bytes {
        match byte {
            b'-' => negative = true,
            b'0'..=b'9' => written = written.saturating_mul(10).saturating_add(i64::from(byte - b'0')),
            _ => {}
        }
    }
    let exponent = exponent.saturating_add(if negative { -written } else { written });
    let Some(digits) = significand.checked_ilog10() else {
        return true;
    };
    match exponent.saturating_add(i64::from(digits)) {
        i64::MIN..308 => true,
        308 => {
            // 20 digits at most, so 289 to 308
            let power = usize::try_from(exponent - 289).ok();
            power.and_then(|power| POWERS.get(power)).is_some_and(|power| (significand as f64 * power).is_finite())
        }
        _ => false,
    }
}

const POWERS: [f64; 20] = [
    1e289, 1e290, 1e291, 1e292, 1e293, 1e294, 1e295, 1e296, 1e297, 1e298, 1e299, 1e300, 1e301, 1e302, 1e303, 1e304,
    1e305, 1e306, 1e307, 1e308,
];

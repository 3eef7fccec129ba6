//! Typed literals of condition values: dates, numbers, booleans, IP ranges, bytes. One reading, used by the
//! checks (is this a date?) and by the evaluator (which instant is it?).
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

mod date;
mod decimal;

pub use date::{Date, DateForm, Instant, date, iam_saves_date};
pub use decimal::{Decimal, number};

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use core::net::IpAddr;
use ipnet::IpNet;

/// `true` or `false`, in any case of letters.
///
/// ```
/// assert_eq!(policy::literal::boolean("TRUE"), Some(true));
/// assert_eq!(policy::literal::boolean("yes"), None);
/// ```
pub fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// An IP address or a CIDR range; an address alone is the range of that one address. Host bits may be set
/// ([`IpNet::trunc`] clears them).
///
/// ```
/// use policy::literal::ip_range;
/// assert_eq!(ip_range("203.0.113.7").unwrap().prefix_len(), 32);
/// assert_eq!(ip_range("2001:db8::1").unwrap().prefix_len(), 128);
/// assert!(ip_range("203.0.113.0/33").is_none());
/// assert!(ip_range("203.0.113.0/024").is_none());
/// assert!(ip_range("203.0.113.*").is_none());
/// ```
pub fn ip_range(text: &str) -> Option<IpNet> {
    let Some((address, prefix)) = text.split_once('/') else {
        return ip_address(text).map(IpNet::from);
    };
    let plain = prefix.bytes().all(|byte| byte.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
    if !plain {
        return None;
    }
    IpNet::new(ip_address(address)?, prefix.parse().ok()?).ok()
}

/// An IPv4 or IPv6 address. `::ffff:192.0.2.1` stays an IPv6 address.
pub fn ip_address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// The bytes that base64 text stands for.
///
/// The standard alphabet. Padding may be left out: encoders differ in whether they write it, and no two byte
/// sequences share a text because of it. Bits left over in the last character must be zero, so that a text has
/// one meaning.
///
/// ```
/// use policy::literal::binary;
/// assert_eq!(binary("aGk=").unwrap(), b"hi");
/// assert_eq!(binary("aGk"), binary("aGk="));
/// assert!(binary("a-_b").is_none());
/// ```
pub fn binary(text: &str) -> Option<Vec<u8>> {
    const STANDARD: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    STANDARD.decode(text).ok()
}

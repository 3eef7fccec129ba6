//! "did you mean …?"

/// The candidate most like `name`, where one is like enough: equal but for case, or few edits away. Without the feature
/// `lints` no guess is made.
///
/// ```
/// assert_eq!(policy::nearest("Resuorce", ["Action", "Resource"]), Some("Resource"));
/// assert_eq!(policy::nearest("Xyzzy", ["Action", "Resource"]), None);
/// ```
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if cfg!(feature = "lints") { among(name, &mut candidates.into_iter()) } else { None }
}

fn among<'c>(name: &str, candidates: &mut dyn Iterator<Item = &'c str>) -> Option<&'c str> {
    let allowed = (name.len() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = if candidate.eq_ignore_ascii_case(name) { Some(0) } else { edits(name, candidate, allowed) };
        if let Some(distance) = distance
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// What people call condition keys, behind `aws:` and without hyphens, and the key.
const CALLED: [(&str, &str); 20] = [
    ("accountid", "aws:PrincipalAccount"),
    ("clientip", "aws:SourceIp"),
    ("date", "aws:CurrentTime"),
    ("externalid", "sts:ExternalId"),
    ("https", "aws:SecureTransport"),
    ("ip", "aws:SourceIp"),
    ("ipaddress", "aws:SourceIp"),
    ("mfa", "aws:MultiFactorAuthPresent"),
    ("mfapresent", "aws:MultiFactorAuthPresent"),
    ("multifactorauth", "aws:MultiFactorAuthPresent"),
    ("multifactorauthentication", "aws:MultiFactorAuthPresent"),
    ("organizationid", "aws:PrincipalOrgID"),
    ("orgid", "aws:PrincipalOrgID"),
    ("principal", "aws:PrincipalArn"),
    ("region", "aws:RequestedRegion"),
    ("sourcevpcendpoint", "aws:SourceVpce"),
    ("ssl", "aws:SecureTransport"),
    ("time", "aws:CurrentTime"),
    ("user", "aws:username"),
    ("vpcendpointid", "aws:SourceVpce"),
];

/// The condition key that people mean by an `aws:…` that is none. Without the feature `lints` no guess is made.
///
/// ```
/// assert_eq!(policy::called("aws:Region").as_deref(), Some("aws:RequestedRegion"));
/// assert_eq!(policy::called("aws:Tag/team").as_deref(), Some("aws:ResourceTag/team"));
/// assert_eq!(policy::called("s3:Region"), None);
/// ```
pub fn called(key: &str) -> Option<String> {
    if !cfg!(feature = "lints") {
        return None;
    }
    let (prefix, bare) = key.split_at_checked("aws:".len())?;
    if !prefix.eq_ignore_ascii_case("aws:") {
        return None;
    }
    if let Some((family, member)) = bare.split_once('/') {
        return family.eq_ignore_ascii_case("tag").then(|| format!("aws:ResourceTag/{member}"));
    }
    let letters = bare.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_lowercase());
    CALLED.iter().find(|(name, _)| letters.clone().eq(name.bytes())).map(|(_, key)| (*key).to_owned())
}

/// How many bytes must be added, removed, changed, or swapped with their neighbour, ignoring ASCII case; `None`
/// above `bound`.
///
/// ```
/// assert_eq!(policy::edits("lamda", "lambda", 2), Some(1));
/// assert_eq!(policy::edits("lamda", "logs", 2), None);
/// ```
pub fn edits(a: &str, b: &str, bound: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > bound {
        return None;
    }
    let b: Vec<u8> = b.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    // Rows of the usual table: two back, one back, and the one being filled.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (row, byte_a) in a.bytes().map(|byte| byte.to_ascii_lowercase()).enumerate() {
        let mut current = vec![row + 1];
        let mut left = row + 1;
        let mut previous_b = None;
        for (column, byte_b) in b.iter().copied().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, column) + usize::from(byte_a != byte_b)).min(at(&last, column + 1) + 1).min(left + 1);
            if previous_a == Some(byte_b) && previous_b == Some(byte_a) && column > 0 {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
            left = best;
            previous_b = Some(byte_b);
        }
        previous_a = Some(byte_a);
        before = core::mem::replace(&mut last, current);
    }
    last.last().copied().filter(|distance| *distance <= bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let names = ["Action", "NotAction", "Condition", "Resource", "StringEquals", "IpAddress"];
        let near = |name| nearest(name, names);
        assert_eq!(near("action"), Some("Action"));
        assert_eq!(near("Actions"), Some("Action"));
        assert_eq!(near("Acton"), Some("Action"));
        assert_eq!(near("Resuorce"), Some("Resource"));
        assert_eq!(near("StringEqual"), Some("StringEquals"));
        assert_eq!(near("IPAdress"), Some("IpAddress"));
        assert_eq!(near("Xyzzy"), None);
        assert_eq!(near(""), None);
        assert_eq!(near("日本語"), None);
    }

    #[test]
    fn swapped_neighbours_are_one_edit() {
        assert_eq!(edits("ab", "ba", 3), Some(1));
        assert_eq!(edits("abcd", "acbd", 3), Some(1));
        assert_eq!(edits("abc", "xyz", 3), Some(3));
        assert_eq!(edits("abc", "xyz", 2), None);
    }
}

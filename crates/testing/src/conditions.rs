//! Random context keys and conditions on them, each value near one that the request has.

use evaluator::keys::{Key, KeyType};
use policy::{Base, Family, Operator, SetOperator};

use crate::{Ask, Condition, ContextValue, Dice};

/// Keys that requests may carry, with values of each key's type.
const KEYS: &[(&str, &[&str])] = &[
    ("aws:SourceIp", &["203.0.113.7", "2001:db8::9", "10.0.0.1", "not an address"]),
    ("aws:MultiFactorAuthPresent", &["true", "false", "TRUE", "yes"]),
    ("aws:MultiFactorAuthAge", &["300", "3600", "2700.5", "much"]),
    ("aws:PrincipalTag/team", &["red", "Red", "a*", "", "re?"]),
    ("aws:ResourceTag/Team", &["red", "blue", ""]),
    ("aws:RequestTag/cost", &["1", "42"]),
    ("aws:TagKeys", &["cost", "team", "", "Cost"]),
    ("aws:PrincipalOrgID", &["o-a1b2c3d4e5", "o-zzzzzzzzzz"]),
    ("aws:PrincipalOrgPaths", &["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "o-a1b2c3d4e5/"]),
    ("aws:CurrentTime", &["2027-01-15T08:00:00Z", "2026-03-09T14:05:09+01:00", "2026", "noon"]),
    ("aws:EpochTime", &["1800000000", "1767225600"]),
    ("aws:TokenIssueTime", &["2027-01-15T07:00:00Z"]),
    ("aws:SourceArn", &["arn:aws:s3:::photos", "arn:aws:sns:eu-west-1:111122223333:topic:a", "text"]),
    ("aws:SourceAccount", &["111122223333", "444455556666"]),
    ("s3:prefix", &["", "home/", "home/alice/x", "photos*"]),
    ("s3:max-keys", &["10", "1e1", "-0.0"]),
    ("custom:Bytes", &["aGk=", "aGk", "//8=", "%"]),
    ("custom:Word", &["word", "WORD", "wörd", "", "*"]),
    ("custom:List", &["a", "b", ""]),
    ("aws:CalledVia", &["cloudformation.amazonaws.com", "dynamodb.amazonaws.com"]),
    ("sts:ExternalId", &["4711", "other"]),
    ("sts:SourceIdentity", &["jo"]),
    ("aws:username", &["alice", "bob", ""]),
    ("aws:PrincipalArn", &["arn:aws:iam::111122223333:role/team/Ops", "arn:aws:iam::111122223333:user/alice"]),
    ("aws:ViaAWSService", &["true", "false"]),
    ("aws:RequestedRegion", &["eu-west-1", "us-east-1"]),
    ("aws:userid", &["AIDAEXAMPLE", "AROAEXAMPLE:jo"]),
    ("aws:SecureTransport", &["true", "false"]),
    ("aws:PrincipalType", &["User", "AssumedRole"]),
    ("aws:SourceVpce", &["vpce-1a2b", "vpce-3c4d"]),
];

const POOL: &[&str] = &["true", "false", "0", "red", "*", "", "2026", "a", "arn:aws:s3:::photos", "111122223333"];

/// A key with a value, or absent on purpose.
pub(crate) fn context_entry(dice: &mut Dice<'_>) -> (String, ContextValue) {
    let (key, values) = dice.pick(KEYS);
    let spelt = if dice.chance(30) { key.to_ascii_lowercase() } else { key.to_owned() };
    let known = Key::find(key);
    let list = known.map_or(key == "custom:List", |known| known.multivalued);
    let value = match dice.below(16) {
        0 if list => ContextValue::One(dice.pick(values).to_owned()),
        0 => ContextValue::Many(vec![dice.pick(values).to_owned()]),
        1 => ContextValue::Absent,
        2 => ContextValue::Many((0..dice.below(4)).map(|_| dice.pick(values).to_owned()).collect()),
        _ if list => ContextValue::Many((0..dice.below(4)).map(|_| dice.pick(values).to_owned()).collect()),
        _ => ContextValue::One(dice.pick(values).to_owned()),
    };
    (spelt, value)
}

/// The values that the request has for a key, derived ones included.
fn values_of(ask: &Ask, key: &str) -> Vec<String> {
    ask.request(None).context.get(key).map(|entry| entry.values.clone()).unwrap_or_default()
}

/// A condition, more often than not on a key that the request has, by an operator that fits.
pub fn condition(dice: &mut Dice<'_>, ask: &Ask) -> Condition {
    let key = match dice.below(4) {
        0 | 1 if !ask.context.is_empty() => {
            let place = dice.below(ask.context.len());
            ask.context[place].0.clone()
        }
        2 => dice.pick(&["aws:PrincipalArn", "aws:username", "aws:CurrentTime", "aws:SecureTransport"]).to_owned(),
        _ => dice.pick(KEYS).0.to_owned(),
    };
    let key = if dice.chance(20) { key.to_ascii_uppercase() } else { key };
    let known = Key::find(&key);
    let list = known.map_or(key.eq_ignore_ascii_case("custom:List"), |known| known.multivalued);
    let base = if dice.chance(50) { dice.pick(Base::ALL) } else { base_for(dice, &key, known) };
    let set = match dice.below(10) {
        0..8 if !list => None,
        0 => None,
        1..5 => Some(SetOperator::ForAnyValue),
        _ => Some(SetOperator::ForAllValues),
    };
    let null = base == Base::Null;
    let operator = Operator { base, set: set.filter(|_| !null), if_exists: !null && dice.chance(50) };
    let has = values_of(ask, &key);
    let count = dice.pick(&[1, 1, 1, 2, 3, 0]);
    let values = (0..count).map(|_| value_for(dice, ask, base, &key, &has)).collect();
    Condition { operator, key, values }
}

fn base_for(dice: &mut Dice<'_>, key: &str, known: Option<&Key>) -> Base {
    let all = |family: Family| Base::ALL.iter().copied().filter(move |base| base.family() == family);
    let family = match known.map(|known| known.key_type) {
        Some(KeyType::Arn) => Family::Arn,
        Some(KeyType::Bool) => Family::Bool,
        Some(KeyType::Numeric) => Family::Numeric,
        Some(KeyType::Date) => Family::Date,
        Some(KeyType::IpAddress) => Family::IpAddress,
        _ if key.eq_ignore_ascii_case("custom:Bytes") => Family::Binary,
        _ => Family::String,
    };
    let fitting: Vec<Base> = all(family).chain([Base::Null]).collect();
    dice.pick(&fitting)
}

/// A value for a condition, near one of `has`, which are the request's.
pub fn value_for(dice: &mut Dice<'_>, ask: &Ask, base: Base, key: &str, has: &[String]) -> String {
    let samples = KEYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map_or(POOL, |(_, values)| *values);
    let near = match has {
        [] => dice.pick(samples).to_owned(),
        has if dice.chance(200) => has[dice.below(has.len())].clone(),
        _ => dice.pick(samples).to_owned(),
    };
    if dice.chance(10) {
        return no_date(base, dice.pick(POOL).to_owned());
    }
    let value = match base.family() {
        Family::String | Family::Arn => text(dice, ask, &near),
        Family::Numeric => match near.parse::<f64>() {
            Ok(number) => {
                let by = dice.pick(&["", ".0", "e0"]);
                let moved = number + f64::from(dice.below(3) as i32 - 1);
                if moved == number { near } else { format!("{moved}{by}") }
            }
            Err(_) => near,
        },
        Family::Date => dice
            .pick(&[
                near.as_str(),
                "2027-01-15T08:00:00Z",
                "2026-03-09",
                "2026",
                "1800000000",
                "2027-01-15T09:00:00+01:00",
                "2030-01",
            ])
            .to_owned(),
        Family::Bool | Family::Null => dice.pick(&["true", "false", "True", near.as_str()]).to_owned(),
        Family::Binary => dice.pick(&[near.as_str(), "aGk=", "//8"]).to_owned(),
        Family::IpAddress => match dice.below(6) {
            0 => near,
            1 => format!("{near}/24"),
            2 => "203.0.113.0/24".to_owned(),
            3 => "2001:db8::/32".to_owned(),
            4 => format!("{near}/8"),
            _ => "198.51.100.0/24".to_owned(),
        },
    };
    no_date(base, value)
}

/// IAM refuses what is no date at all.
fn no_date(base: Base, value: String) -> String {
    let refused = base.family() == Family::Date
        && policy::literal::date(&value).is_none()
        && !policy::literal::iam_saves_date(&value);
    if refused { "2026-01-01T00:00:00Z".to_owned() } else { value }
}

fn text(dice: &mut Dice<'_>, ask: &Ask, near: &str) -> String {
    let places: Vec<usize> = near.char_indices().map(|(at, _)| at).chain([near.len()]).collect();
    let (a, b) = (dice.pick(&places), dice.pick(&places));
    let (a, b) = (a.min(b), a.max(b));
    match dice.below(10) {
        0..3 => near.to_owned(),
        3 => near.to_ascii_uppercase(),
        4 => format!("{}*", &near[..a]),
        5 => format!("{}*{}", &near[..a], &near[b..]),
        6 => {
            let width = near[a..].chars().next().map_or(0, char::len_utf8);
            format!("{}?{}", &near[..a], &near[a + width..])
        }
        7 => variable(dice, ask, near),
        8 => format!("{}{}", &near[..a], variable(dice, ask, &near[a..])),
        _ => near.replace('*', "${*}"),
    }
}

/// A variable, where possible one that stands for `text`.
pub(crate) fn variable(dice: &mut Dice<'_>, ask: &Ask, text: &str) -> String {
    let request = ask.request(None);
    let equal: Vec<&str> = request
        .context
        .iter()
        .filter(|entry| entry.values.iter().any(|value| value == text))
        .map(|entry| entry.key.as_str())
        .collect();
    let key = match equal.as_slice() {
        [] => dice.pick(&["aws:username", "aws:PrincipalTag/team", "aws:TagKeys", "custom:Word", "aws:userid"]),
        equal => dice.pick(equal),
    };
    // A default cannot hold a quote.
    let default = text.replace('\'', "");
    match dice.below(8) {
        0..4 => format!("${{{key}}}"),
        4 => format!("${{{key}, '{default}'}}"),
        5 => format!("${{aws:PrincipalTag/nothing, '{default}'}}"),
        6 => "${*}".to_owned(),
        _ => format!("${{{}}}*", key.to_ascii_uppercase()),
    }
}

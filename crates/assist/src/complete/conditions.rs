//! Conditions: operators, keys and their values.

use policy::{Base, Family, Operator, SetOperator};
use reference::{ConditionKey, KeyType};

use super::draft::Draft;
use super::list::{List, Proposal};
use super::{Asked, CompletionKind, principals};
use crate::words;

/// Operators in the order in which they are of use.
const ORDER: [Base; 27] = [
    Base::StringEquals,
    Base::StringLike,
    Base::ArnLike,
    Base::Bool,
    Base::IpAddress,
    Base::StringNotEquals,
    Base::StringNotLike,
    Base::ArnNotLike,
    Base::NotIpAddress,
    Base::Null,
    Base::DateLessThan,
    Base::DateGreaterThan,
    Base::NumericLessThanEquals,
    Base::NumericEquals,
    Base::StringEqualsIgnoreCase,
    Base::StringNotEqualsIgnoreCase,
    Base::NumericLessThan,
    Base::NumericGreaterThan,
    Base::NumericGreaterThanEquals,
    Base::NumericNotEquals,
    Base::DateLessThanEquals,
    Base::DateGreaterThanEquals,
    Base::DateEquals,
    Base::DateNotEquals,
    Base::ArnEquals,
    Base::ArnNotEquals,
    Base::BinaryEquals,
];

/// Regions, for keys that hold one.
const REGIONS: [&str; 34] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "ap-south-1",
    "ap-south-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ap-east-1",
    "ca-central-1",
    "ca-west-1",
    "sa-east-1",
    "mx-central-1",
    "me-south-1",
    "me-central-1",
    "il-central-1",
    "af-south-1",
    "us-gov-west-1",
    "us-gov-east-1",
];

/// Keys whose values are few and known.
const VALUES: [(&str, &[&str]); 14] = [
    ("aws:PrincipalType", &["User", "AssumedRole", "FederatedUser", "Account", "Anonymous"]),
    (
        "s3:x-amz-acl",
        &[
            "private",
            "bucket-owner-full-control",
            "bucket-owner-read",
            "public-read",
            "public-read-write",
            "authenticated-read",
        ],
    ),
    ("s3:x-amz-server-side-encryption", &["aws:kms", "AES256", "aws:kms:dsse"]),
    (
        "s3:x-amz-storage-class",
        &["STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER", "DEEP_ARCHIVE"],
    ),
    ("s3:authType", &["REST-HEADER", "REST-QUERY-STRING", "POST"]),
    ("s3:signatureversion", &["AWS4-HMAC-SHA256"]),
    ("s3:TlsVersion", &["1.2", "1.3"]),
    ("s3:delimiter", &["/"]),
    ("s3:prefix", &["home/", "home/${aws:username}/*"]),
    ("token.actions.githubusercontent.com:aud", &["sts.amazonaws.com"]),
    (
        "token.actions.githubusercontent.com:sub",
        &["repo:OWNER/REPOSITORY:ref:refs/heads/main", "repo:OWNER/REPOSITORY:*"],
    ),
    ("lambda:FunctionUrlAuthType", &["AWS_IAM", "NONE"]),
    ("ec2:RoleDelivery", &["2.0", "1.0"]),
    ("saml:aud", &["https://signin.aws.amazon.com/saml"]),
];

/// Of how many actions of a service the keys are gathered one by one.
const MOST_LISTED: usize = 40;

/// A condition key that may be written here.
struct Key<'k> {
    known: ConditionKey<'k>,
    /// Whether the data lists it for the actions, and not for all requests.
    own: bool,
    described: Option<String>,
}

/// The keys of the statement's actions, then those of all requests.
fn keys<'k>(asked: &'k Asked<'_>) -> Vec<Key<'k>> {
    let Some(services) = asked.knowledge.services() else { return Vec::new() };
    let mut keys: Vec<Key<'k>> = Vec::new();
    let mut seen = policy::Seen::default();
    let actions = asked.actions();
    for group in actions.chunk_by(|a, b| a.service() == b.service()) {
        let Some(service) = group.first().map(|action| action.service()) else { continue };
        // Of very many actions of a service every key of the service is one.
        let few = group.len() <= MOST_LISTED;
        let own: Vec<_> = group.iter().filter(|_| few).flat_map(|action| action.applicable_keys()).collect();
        let mut sentences = asked.knowledge.descriptions().map(|descriptions| descriptions.condition_keys_of(service));
        for known in service.condition_keys() {
            let described = sentences.as_mut().and_then(Iterator::next).flatten();
            if (!few || own.contains(&known)) && seen.before(known.name(), 0).is_none() {
                keys.push(Key { known, own: true, described });
            }
        }
    }
    for known in services.global_keys() {
        if seen.before(known.name(), 0).is_none() {
            keys.push(Key { known, own: false, described: None });
        }
    }
    keys
}

/// Global keys that policies use most.
const COMMON: [&str; 16] = [
    "aws:SourceIp",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalTag/${TagKey}",
    "aws:ResourceTag/${TagKey}",
    "aws:RequestTag/${TagKey}",
    "aws:TagKeys",
    "aws:RequestedRegion",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceVpce",
    "aws:SecureTransport",
    "aws:CurrentTime",
    "aws:PrincipalAccount",
    "aws:username",
];

pub(super) fn condition_keys(asked: &Asked<'_>, operator: &str, list: &mut List<'_>) {
    let operator = Operator::parse(operator).ok();
    let own = asked.own_key();
    let context = asked.context();
    let taken = |name: &str| {
        asked.siblings().any(|key| key.eq_ignore_ascii_case(name))
            && own.as_deref().is_none_or(|own| !own.eq_ignore_ascii_case(name))
    };
    for (at, key) in keys(asked).into_iter().enumerate() {
        let known = key.known;
        let fits = operator.is_none_or(|operator| known.value_type().fits(operator.base.family()));
        let well = operator
            .is_none_or(|operator| operator.set.is_some() == known.is_multivalued() || operator.base == Base::Null);
        let common = COMMON.iter().position(|name| *name == known.name());
        let rank = match (key.own, common) {
            (true, None) => 100 + at,
            (_, Some(at)) => 200 + at,
            (false, None) => 1_000 + at,
        } as u32
            + if fits { 0 } else { 20_000 }
            + if well { 0 } else { 10_000 };
        let detail = type_in_words(known.value_type(), known.is_multivalued());
        let info = key.described.clone().or_else(|| words::global_key(known.stem()).map(str::to_owned));
        // The request may have members of a family: those are what a condition is about.
        let members = context.iter().filter(|entry| known.covers(&entry.key) && !taken(&entry.key));
        for entry in members {
            let value = entry.values.first().map_or("", String::as_str);
            let draft = asked.entry(&entry.key, Draft::json("\"").field(value).raw("\""));
            let proposal = Proposal::new(entry.key.as_str(), draft, CompletionKind::Key);
            let proposal = Proposal { info: info.clone(), ..proposal };
            list.add(proposal.rank(rank - rank.min(100)).detail(format!("{detail} · here: {value}")));
        }
        let name = known.name();
        if taken(name) || !known.is_family() && context.iter().any(|entry| entry.key.eq_ignore_ascii_case(name)) {
            continue;
        }
        let value = match known.value_type() {
            KeyType::Bool => Draft::json("\"").field("true").raw("\""),
            _ => Draft::hole(),
        };
        let draft = match name.split_once("${") {
            Some((stem, rest)) => {
                let member = rest.split('}').next().unwrap_or("");
                let key = Draft::json("\"").escaped(stem).field(member).raw("\"");
                if asked.has_colon { key } else { key.raw(": ").then(value) }
            }
            None => asked.entry(name, value),
        };
        let label = name.replace("${", "").replace('}', "");
        let proposal = Proposal::new(label, draft, CompletionKind::Key).rank(rank).detail(detail);
        list.add(Proposal { info, ..proposal });
    }
}

/// A key's type for people.
pub(crate) fn type_in_words(value_type: KeyType, multivalued: bool) -> String {
    let one = match value_type {
        KeyType::String => "text",
        KeyType::Arn => "ARN",
        KeyType::Bool => "true or false",
        KeyType::Numeric => "number",
        KeyType::Date => "time",
        KeyType::IpAddress => "IP address",
    };
    if multivalued { format!("{one}, several values") } else { one.to_owned() }
}

pub(super) fn operators(asked: &Asked<'_>, list: &mut List<'_>) {
    // Of keys that are there already the type is known.
    let present: Vec<_> = asked.own_value().map(|value| asked.keys_of(value)).unwrap_or_default();
    let services = asked.knowledge.services();
    let types: Vec<_> = present
        .iter()
        .filter_map(|key| services?.condition_key(key))
        .map(|key| (key.value_type(), key.is_multivalued()))
        .collect();
    let own = asked.own_key();
    let taken: Vec<String> = asked.siblings().map(|key| key.to_ascii_lowercase()).collect();
    for (at, base) in ORDER.into_iter().enumerate() {
        let fits = types.iter().all(|(value_type, _)| value_type.fits(base.family()));
        let many = types.iter().any(|(_, multivalued)| *multivalued);
        for (form, set) in
            [None, Some(SetOperator::ForAnyValue), Some(SetOperator::ForAllValues)].into_iter().enumerate()
        {
            for if_exists in [false, true] {
                let null = base.family() == Family::Null;
                if null && (if_exists || set.is_some()) {
                    continue;
                }
                let operator = Operator { set, base, if_exists };
                let name = operator.to_string();
                let is_own = own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(&name));
                if taken.contains(&name.to_ascii_lowercase()) && !is_own {
                    continue;
                }
                // Operators of a set are for keys with several values, and only for those.
                let known = !types.is_empty();
                let well = null || many == set.is_some();
                let by_form = match form {
                    0 if null && many => 200,
                    0 => 0,
                    _ if many => 100 * (form - 1),
                    _ => 300 * form,
                };
                let rank = at
                    + by_form
                    + if if_exists { 50 } else { 0 }
                    + if well { 0 } else { 1_000 }
                    + if known && !fits { 5_000 } else { 0 };
                let keys = Draft::object(&[Draft::hole().raw(": ").then(Draft::hole())]);
                let info =
                    [Some(words::operator(base)), set.map(words::set_operator), if_exists.then_some(words::IF_EXISTS)];
                list.add(
                    Proposal::new(name.as_str(), asked.entry(&name, keys), CompletionKind::Operator)
                        .rank(rank as u32)
                        .detail(family_in_words(base.family()))
                        .info(info.into_iter().flatten().collect::<Vec<_>>().join(" ")),
                );
            }
        }
    }
}

/// What a family of operators compares.
pub(crate) fn family_in_words(family: Family) -> &'static str {
    match family {
        Family::String => "text",
        Family::Numeric => "numbers",
        Family::Date => "times",
        Family::Bool => "true or false",
        Family::Binary => "bytes",
        Family::IpAddress => "IP addresses",
        Family::Arn => "ARNs",
        Family::Null => "whether the key is there",
    }
}

/// What an operator holds.
pub(super) fn operator_values(list: &mut List<'_>) {
    let keys = Draft::object(&[Draft::hole().raw(": ").then(Draft::hole())]);
    list.add(Proposal::new("{ key: value }", keys, CompletionKind::Skeleton).detail("a condition key and its value"));
}

pub(super) fn values(asked: &Asked<'_>, operator: &str, key: &str, list: &mut List<'_>) {
    let family = Operator::parse(operator).ok().map(|operator| operator.base.family());
    let known = asked.knowledge.services().and_then(|services| services.condition_key(key));
    let mut rank = 0;
    let mut add = |label: &str, draft: Draft, detail: &str| {
        rank += 1;
        list.add(Proposal::new(label, draft, CompletionKind::Value).rank(rank).detail(detail));
    };
    let open = |text: &str| Draft::json("\"").field(text).raw("\"");
    if family == Some(Family::Null) {
        add("true", Draft::string("true"), "the request does not have the key");
        add("false", Draft::string("false"), "the request has the key");
        return;
    }
    let context = asked.context();
    for value in context.iter().filter(|entry| entry.key.eq_ignore_ascii_case(key)).flat_map(|entry| &entry.values) {
        add(value, Draft::string(value), "in this request");
        for wider in wider(value, family) {
            add(&wider, Draft::string(&wider), "around the request's own");
        }
    }
    if let Some((_, values)) = VALUES.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
        for value in *values {
            add(value, Draft::string(value), "");
        }
    }
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    if is("aws:RequestedRegion") || key.to_ascii_lowercase().ends_with(":region") {
        for region in REGIONS {
            add(region, Draft::string(region), "region");
        }
    }
    if is("iam:PassedToService") || is("aws:PrincipalServiceName") || is("aws:PrincipalServiceNamesList") {
        for (name, words) in principals::services() {
            add(name, Draft::string(name), words);
        }
    }
    if is("aws:PrincipalAccount") || is("aws:SourceAccount") || is("aws:ResourceAccount") || is("kms:CallerAccount") {
        for account in asked.subject.request.accounts() {
            add(account, Draft::string(account), "an account of this request");
        }
    }
    if is("aws:PrincipalArn")
        && let Some(principal) = asked.subject.request.principal()
    {
        add(principal, Draft::string(principal), "who asks");
    }
    if names_a_policy(key) {
        managed_policies(asked, list);
        return;
    }
    if is("kms:ViaService") {
        let region = asked.subject.request.fill().region.unwrap_or("us-east-1");
        for service in ["s3", "ec2", "rds", "dynamodb", "secretsmanager", "ssm", "sqs", "sns", "lambda", "logs"] {
            let name = format!("{service}.{region}.amazonaws.com");
            add(&name, Draft::string(&name), "a service that uses the key");
        }
    }
    // What the operator compares, or else the key holds, may have a usual form.
    let usual = family.or_else(|| known.map(|key| family_of(key.value_type())));
    match usual {
        Some(Family::Bool) => {
            add("true", Draft::string("true"), "");
            add("false", Draft::string("false"), "");
        }
        Some(Family::Date) => {
            add("2026-01-01T00:00:00Z", open("2026-01-01T00:00:00Z"), "a time, in UTC");
            add("1767225600", open("1767225600"), "seconds since 1970");
        }
        Some(Family::IpAddress) => {
            for (range, words) in [
                ("203.0.113.0/24", "256 addresses"),
                ("203.0.113.7/32", "one address"),
                ("10.0.0.0/8", "private addresses, inside of a VPC"),
                ("172.16.0.0/12", "private addresses, inside of a VPC"),
                ("192.168.0.0/16", "private addresses, inside of a VPC"),
                ("2001:db8::/32", "IPv6 addresses"),
            ] {
                add(range, open(range), words);
            }
        }
        Some(Family::Numeric) => {
            for number in ["1", "10", "3600"] {
                add(number, open(number), "a number");
            }
        }
        Some(Family::Arn) => {
            let fill = asked.subject.request.fill();
            let account = fill.account.unwrap_or("111122223333");
            for (what, words) in [("role/*", "every role of the account"), ("user/*", "every user of the account")] {
                let arn = format!("arn:{}:iam::{account}:{what}", fill.partition);
                add(&arn, Draft::string(&arn), words);
            }
        }
        _ => {}
    }
}

fn family_of(value_type: KeyType) -> Family {
    match value_type {
        KeyType::String => Family::String,
        KeyType::Arn => Family::Arn,
        KeyType::Bool => Family::Bool,
        KeyType::Numeric => Family::Numeric,
        KeyType::Date => Family::Date,
        KeyType::IpAddress => Family::IpAddress,
    }
}

/// Ranges and patterns that cover a value of the request and more.
fn wider(value: &str, family: Option<Family>) -> Vec<String> {
    match family {
        Some(Family::IpAddress) => {
            let v4: Vec<&str> = value.split('.').collect();
            match v4.as_slice() {
                [a, b, c, d] if !d.contains('/') => vec![format!("{value}/32"), format!("{a}.{b}.{c}.0/24")],
                _ => Vec::new(),
            }
        }
        Some(Family::Arn) => match value.rsplit_once('/') {
            Some((start, _)) => vec![format!("{start}/*")],
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Whether a key holds the ARN of a managed policy.
pub(super) fn names_a_policy(key: &str) -> bool {
    ["iam:PolicyARN", "iam:PermissionsBoundary"].iter().any(|name| key.eq_ignore_ascii_case(name))
}

/// The ARNs of AWS managed policies, by a part of their name.
fn managed_policies(asked: &Asked<'_>, list: &mut List<'_>) {
    for (rank, policy) in asked.knowledge.managed_names().into_iter().flatten().enumerate() {
        let arn = policy.arn();
        let fits = super::list::quality(list.typed, policy.name())
            .into_iter()
            .chain(super::list::quality(list.typed, &arn))
            .min();
        if let Some(fits) = fits {
            let draft = Draft::string(&arn);
            list.add_as(
                fits,
                Proposal::new(arn, draft, CompletionKind::Policy).rank(100 + rank as u32).detail("AWS managed policy"),
            );
        }
    }
}

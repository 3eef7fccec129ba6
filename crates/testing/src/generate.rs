//! Random scenarios in which statements often match: everything a policy says is made from the request by small
//! changes.

use playground::InputKind;
use policy::{Effect, Polarity, PrincipalType, ResourceType, Version};

use crate::conditions::{self, condition};
use crate::{Ask, ContextValue, Dice, Policy, Principal, Scene, Statement};

/// What a scene may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taste {
    /// Only what IAM would save.
    Saved,
    /// Also what IAM refuses: forbidden elements, malformed actions and resources.
    Anything,
}

/// Actions with the resources they are asked for on.
struct Topic {
    actions: &'static [&'static str],
    resources: &'static [&'static str],
}

const TOPICS: &[Topic] = &[
    Topic {
        actions: &["s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"],
        resources: &[
            "arn:aws:s3:::photos/alice/cat.jpg",
            "arn:aws:s3:::photos/bob/2026/dög.jpg",
            "arn:aws:s3:::photos/a:b/x*y?z",
        ],
    },
    Topic {
        actions: &[
            "s3:ListBucket",
            "s3:PutBucketPolicy",
            "S3:getbucketpolicy",
            "s3:DeleteBucketPolicy",
            "s3:ListAllMyBuckets",
        ],
        resources: &["arn:aws:s3:::photos", "*"],
    },
    Topic {
        actions: &["sqs:SendMessage", "sqs:ReceiveMessage"],
        resources: &[
            "arn:aws:sqs:eu-west-1:111122223333:orders",
            "arn:aws:sqs:us-east-1:444455556666:orders-dead",
            "arn:aws-cn:sqs:cn-north-1:111122223333:orders",
        ],
    },
    Topic {
        actions: &["kms:Decrypt", "kms:RetireGrant"],
        resources: &[
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
            "arn:aws:kms:eu-west-1:444455556666:key/1234abcd",
            "arn:aws:kms:eu-west-1:111122223333:alias/blue",
        ],
    },
    Topic {
        actions: &[
            "sts:AssumeRole",
            "sts:AssumeRoleWithWebIdentity",
            "sts:AssumeRoleWithSAML",
            "sts:TagSession",
            "sts:SetSourceIdentity",
        ],
        resources: &["arn:aws:iam::111122223333:role/Ops", "arn:aws:iam::444455556666:role/team/Auditor"],
    },
    Topic {
        actions: &["sts:GetCallerIdentity", "sts:GetSessionToken", "sts:GetFederationToken", "iam:ListUsers"],
        resources: &["*"],
    },
    Topic {
        actions: &["dynamodb:GetItem", "dynamodb:PutItem"],
        resources: &[
            "arn:aws:dynamodb:us-east-1:111122223333:table/prod-x",
            "arn:aws:dynamodb:us-east-1:444455556666:table/prod-x/index/by-day",
        ],
    },
    Topic {
        actions: &["ec2:RunInstances", "ec2:DescribeInstances", "glue:GetTable"],
        resources: &["*", "arn:aws:ec2:us-east-1:111122223333:instance/i-0abc", "arn:aws:ec2:us-east-1::image/ami-1"],
    },
    Topic {
        actions: &["logs:PutLogEvents"],
        resources: &["arn:aws:logs:eu-west-1:111122223333:log-group:/app/x:log-stream:y"],
    },
];

const CALLERS: &[(&str, Option<&str>)] = &[
    ("arn:aws:iam::111122223333:user/alice", None),
    ("arn:aws:iam::111122223333:user/eng/bob", None),
    ("arn:aws:sts::111122223333:assumed-role/Ops/jo", None),
    ("arn:aws:sts::111122223333:assumed-role/Ops/i-0abc", Some("arn:aws:iam::111122223333:role/team/Ops")),
    ("arn:aws:iam::111122223333:role/team/Ops", None),
    ("arn:aws:sts::111122223333:federated-user/carol", Some("arn:aws:iam::111122223333:user/alice")),
    ("arn:aws:sts::111122223333:federated-user/carol", None),
    ("arn:aws:iam::111122223333:root", None),
    ("111122223333", None),
    ("arn:aws:iam::444455556666:user/alice", None),
    ("arn:aws:sts::444455556666:assumed-role/Auditor/max", None),
    ("arn:aws:iam::444455556666:root", None),
    ("arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", None),
    ("lambda.amazonaws.com", None),
    ("*", None),
    ("arn:aws-cn:iam::111122223333:user/alice", None),
];

const PROVIDERS: &[(&str, &str)] = &[
    ("Service", "s3.amazonaws.com"),
    ("Federated", "arn:aws:iam::111122223333:saml-provider/Corp"),
    ("Federated", "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"),
    ("Federated", "accounts.google.com"),
    ("CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"),
];

const LEVELS: &[&str] = &["Root", "Workloads", "111122223333", "444455556666"];

/// A random scenario.
pub fn scene(dice: &mut Dice<'_>, taste: Taste) -> Scene {
    let ask = ask(dice);
    let count = match dice.below(8) {
        0 => 1,
        1 => 0,
        many => many,
    };
    let kinds: Vec<InputKind> = (0..count).map(|_| kind(dice)).collect();
    let mut scene = Scene {
        ask,
        policies: Vec::new(),
        management: dice.chance(60).then(|| dice.pick(&["999900001111", "111122223333", "444455556666"]).to_owned()),
        named_levels: dice.chance(40).then(|| {
            let count = 1 + dice.below(LEVELS.len());
            LEVELS.iter().take(count).map(|level| (*level).to_owned()).collect()
        }),
    };
    for kind in kinds {
        let policy = policy(dice, &scene, kind, taste);
        scene.policies.push(policy);
    }
    scene
}

fn kind(dice: &mut Dice<'_>) -> InputKind {
    dice.pick(&[
        InputKind::Identity,
        InputKind::Resource,
        InputKind::Identity,
        InputKind::PermissionsBoundary,
        InputKind::Resource,
        InputKind::Session,
        InputKind::Scp,
        InputKind::Rcp,
        InputKind::VpcEndpoint,
        InputKind::Scp,
    ])
}

fn ask(dice: &mut Dice<'_>) -> Ask {
    let topic = &TOPICS[dice.below(TOPICS.len())];
    let action = dice.pick(topic.actions).to_owned();
    let resource = dice.pick(topic.resources).to_owned();
    let place = dice.below(CALLERS.len() + PROVIDERS.len());
    let (principal, issuer) = match CALLERS.get(place) {
        Some((text, issuer)) => (Principal::Text((*text).to_owned()), issuer.map(str::to_owned)),
        None => {
            let (key, text) = PROVIDERS[place - CALLERS.len()];
            (Principal::Of(key, text.to_owned()), None)
        }
    };
    let resource_account =
        dice.chance(90).then(|| dice.pick(&["111122223333", "444455556666", "999900001111"]).to_owned());
    let mut context: Vec<(String, ContextValue)> = Vec::new();
    for _ in 0..dice.below(7) {
        let (key, value) = conditions::context_entry(dice);
        if !context.iter().any(|(other, _)| other.eq_ignore_ascii_case(&key)) {
            context.push((key, value));
        }
    }
    Ask { principal, issuer, action, resource, resource_account, context, derive: !dice.chance(20) }
}

fn policy(dice: &mut Dice<'_>, scene: &Scene, kind: InputKind, taste: Taste) -> Policy {
    let organization = matches!(kind, InputKind::Scp | InputKind::Rcp);
    let version = match dice.below(10) {
        0..8 => Some(Version::V2012),
        8 => Some(Version::V2008),
        _ => None,
    };
    let version = if organization && taste == Taste::Saved { Some(Version::V2012) } else { version };
    let mut policy = Policy { kind, target: organization.then(|| dice.pick(LEVELS)), version, statements: Vec::new() };
    // The policy that is attached everywhere: without it hardly any request passes the organization.
    if kind == InputKind::Rcp && dice.chance(128) {
        policy.statements.push(full_access());
    }
    for _ in 0..1 + dice.below(4) {
        let limits = matches!(
            kind,
            InputKind::PermissionsBoundary | InputKind::Session | InputKind::Scp | InputKind::VpcEndpoint
        );
        let effect = if dice.chance(50) { Effect::Deny } else { Effect::Allow };
        let wide = limits && dice.chance(100);
        let statement =
            if wide { wide_statement(scene, kind, Effect::Allow) } else { statement(dice, scene, kind, effect, taste) };
        policy.statements.push(statement);
    }
    policy
}

fn full_access() -> Statement {
    Statement {
        effect: Effect::Allow,
        principal: Some((Polarity::Is, vec![(PrincipalType::Everyone, "*".to_owned())])),
        action: (Polarity::Is, vec!["*".to_owned()]),
        resource: Some((Polarity::Is, vec!["*".to_owned()])),
        conditions: Vec::new(),
    }
}

/// A statement that covers every request.
pub fn wide_statement(scene: &Scene, kind: InputKind, effect: Effect) -> Statement {
    let mut statement = Statement { effect, ..full_access() };
    if !has_principal(kind) {
        statement.principal = None;
    }
    if is_trust(scene, kind) {
        statement.resource = None;
    }
    statement
}

fn has_principal(kind: InputKind) -> bool {
    matches!(kind, InputKind::Resource | InputKind::Rcp | InputKind::VpcEndpoint)
}

fn is_trust(scene: &Scene, kind: InputKind) -> bool {
    kind == InputKind::Resource && ResourceType::of_arn(&scene.ask.resource) == ResourceType::Role
}

/// A statement about the scene's request, or about something near it.
pub fn statement(dice: &mut Dice<'_>, scene: &Scene, kind: InputKind, effect: Effect, taste: Taste) -> Statement {
    let saved = taste == Taste::Saved;
    let rcp = kind == InputKind::Rcp;
    let trust = is_trust(scene, kind);
    let effect = if rcp && saved { Effect::Deny } else { effect };
    let resource_type = ResourceType::of_arn(&scene.ask.resource);

    let action_polarity = if dice.chance(30) && !(rcp && saved) { Polarity::Not } else { Polarity::Is };
    let actions = (0..1 + dice.below(3)).map(|_| action(dice, &scene.ask.action, rcp, taste)).collect();

    let optional = match kind {
        InputKind::Scp | InputKind::VpcEndpoint => true,
        InputKind::Resource => resource_type == ResourceType::Other,
        _ => false,
    };
    let no_resource = if saved { trust || optional && dice.chance(40) } else { dice.chance(40) };
    let resource = (!no_resource).then(|| {
        let polarity = if dice.chance(30) { Polarity::Not } else { Polarity::Is };
        (polarity, (0..1 + dice.below(3)).map(|_| resource(dice, scene, taste)).collect())
    });

    let wants_principal = if saved { has_principal(kind) } else { has_principal(kind) != dice.chance(10) };
    let principal = wants_principal.then(|| {
        if rcp && saved {
            return (Polarity::Is, vec![(PrincipalType::Everyone, "*".to_owned())]);
        }
        let polarity = if dice.chance(50) && !(trust && saved) { Polarity::Not } else { Polarity::Is };
        (polarity, principals(dice, scene, polarity))
    });

    let mut conditions: Vec<crate::Condition> = Vec::new();
    let count = dice.pick(&[0, 0, 1, 0, 1, 2, 3]);
    for _ in 0..count {
        let condition = condition(dice, &scene.ask);
        let twice = |other: &crate::Condition| {
            other.operator == condition.operator && other.key.eq_ignore_ascii_case(&condition.key)
        };
        if !conditions.iter().any(twice) {
            conditions.push(condition);
        }
    }
    Statement { effect, principal, action: (action_polarity, actions), resource, conditions }
}

fn action(dice: &mut Dice<'_>, asked: &str, rcp: bool, taste: Taste) -> String {
    let (service, name) = asked.split_once(':').expect("an action");
    let at = dice.below(name.len());
    match dice.below(if taste == Taste::Saved { 12 } else { 15 }) {
        0 | 1 => asked.to_owned(),
        2 if !(rcp && taste == Taste::Saved) => "*".to_owned(),
        2 | 3 => format!("{service}:*"),
        4 => format!("{service}:{}*", &name[..at]),
        5 => format!("{service}:*{}", &name[at..]),
        6 => format!("{service}:{}?{}", &name[..at], &name[at + 1..]),
        7 => asked.to_ascii_uppercase(),
        8 if !rcp => format!("*:{}*", &name[..at]),
        8 | 9 => format!("{service}:{}*{}", &name[..at], &name[at + 1..]),
        10 => "s3:Nothing".to_owned(),
        11 => format!("{service}:{name}?"),
        12 => format!("{}*:{name}", &service[..1]),
        13 => name.to_owned(),
        _ => dice.pick(&["", ":", "s3:", "a:b:c", "s3:Get Object", "${aws:username}", "s3:${*}"]).to_owned(),
    }
}

fn resource(dice: &mut Dice<'_>, scene: &Scene, taste: Taste) -> String {
    let asked = scene.ask.resource.as_str();
    if asked == "*" {
        return match dice.below(8) {
            0..5 => "*",
            5 => "arn:aws:s3:::*",
            6 => "arn:aws:ec2:*:*:instance/*",
            _ => "arn:aws:s3:::photos/*",
        }
        .to_owned();
    }
    let fields: Vec<&str> = asked.splitn(6, ':').collect();
    let tail = fields[5];
    let cut = |dice: &mut Dice<'_>, text: &str| {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        dice.pick(&places)
    };
    let head = &asked[..asked.len() - tail.len()];
    let of_saved = |text: String, fallback: &str| {
        // IAM wants the partition and service written out, and the sort of an IAM resource.
        let service = text.split(':').nth(2).unwrap_or("*");
        let partition = text.split(':').nth(1).unwrap_or("*");
        let well_formed = text.splitn(6, ':').count() == 6
            && !service.contains(['*', '?', '$'])
            && !partition.contains(['*', '?'])
            && (service != "iam" || text.contains(":role/"));
        if taste == Taste::Anything || well_formed { text } else { fallback.to_owned() }
    };
    match dice.below(if taste == Taste::Saved { 14 } else { 17 }) {
        0 | 1 => asked.to_owned(),
        2 => "*".to_owned(),
        3 => format!("{head}{}*", &tail[..cut(dice, tail)]),
        4 => of_saved(format!("{head}*{}", &tail[cut(dice, tail)..]), asked),
        5 => {
            // A character anywhere gives way to `?`.
            let at = cut(dice, asked);
            let width = asked[at..].chars().next().map_or(0, char::len_utf8);
            of_saved(format!("{}?{}", &asked[..at], &asked[at + width..]), asked)
        }
        6 | 7 => {
            // A run anywhere gives way to `*`, over fields too.
            let (a, b) = (cut(dice, asked), cut(dice, asked));
            of_saved(format!("{}*{}", &asked[..a.min(b)], &asked[a.max(b)..]), asked)
        }
        8 => {
            // A field gives way to `*`, another keeps one end.
            let mut fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
            fields[3] = "*".to_owned();
            let account = fields[4].clone();
            fields[4] = format!("{}*", &account[..cut(dice, &account)]);
            fields.join(":")
        }
        9 => format!("{head}{}", variable(dice, scene, tail)),
        10 => {
            let at = cut(dice, tail);
            format!("{head}{}{}", &tail[..at], variable(dice, scene, &tail[at..]))
        }
        11 => format!("{head}{}", tail.replace('*', "${*}").replace('?', "${?}")),
        12 => "arn:aws:s3:::other/*".to_owned(),
        13 => of_saved(format!("{}*", &asked[..cut(dice, asked)]), "arn:aws:s3:::photos*"),
        14 => asked.to_ascii_uppercase(),
        15 => asked[..cut(dice, asked)].to_owned(),
        _ => dice.pick(&["", "arn", "arn:", "arn:aws:s3", "photos/*", "arn:aws:s3:::${", "${aws:username}"]).to_owned(),
    }
}

/// A variable, often one that stands for `text`.
pub(crate) fn variable(dice: &mut Dice<'_>, scene: &Scene, text: &str) -> String {
    conditions::variable(dice, &scene.ask, text)
}

fn principals(dice: &mut Dice<'_>, scene: &Scene, polarity: Polarity) -> Vec<(PrincipalType, String)> {
    use PrincipalType::{Aws, CanonicalUser, Everyone, Federated, Service};
    let caller = scene.ask.request(None).caller;
    if polarity == Polarity::Not && dice.chance(128) {
        // Every level of the caller, as a Deny must list them.
        let account = caller.account().map(|account| (Aws, format!("arn:aws:iam::{account}:root")));
        let role = caller.principal_arn().map(|arn| (Aws, arn.to_owned()));
        let session = caller.arn().map(|arn| (Aws, arn.to_owned()));
        let mut all: Vec<_> = [account, role, session].into_iter().flatten().collect();
        all.dedup();
        all.retain(|_| !dice.chance(20));
        if !all.is_empty() {
            return all;
        }
    }
    let count = 1 + dice.below(3);
    let mut entries: Vec<(PrincipalType, String)> = Vec::new();
    for _ in 0..count {
        let own = match &scene.ask.principal {
            Principal::Of("Service", name) => Some((Service, name.clone())),
            Principal::Of("Federated", name) => Some((Federated, name.clone())),
            Principal::Of("CanonicalUser", name) => Some((CanonicalUser, name.clone())),
            Principal::Text(text) if text.ends_with(".amazonaws.com") => Some((Service, text.clone())),
            _ => caller.arn().map(|arn| (Aws, arn.to_owned())),
        };
        let entry = match dice.below(12) {
            0 => (Everyone, "*".to_owned()),
            1 | 2 => own.unwrap_or((Aws, "*".to_owned())),
            3 => (Aws, "*".to_owned()),
            4 | 5 => match caller.account() {
                Some(account) if dice.chance(128) => (Aws, account.to_owned()),
                Some(account) => (Aws, format!("arn:aws:iam::{account}:root")),
                None => (Aws, "111122223333".to_owned()),
            },
            6 | 7 => match caller.principal_arn() {
                Some(role) => (Aws, role.to_owned()),
                None => (Service, "lambda.amazonaws.com".to_owned()),
            },
            8 => (Aws, "arn:aws:iam::111122223333:user/alice".to_owned()),
            9 => (Aws, "arn:aws:iam::444455556666:root".to_owned()),
            10 => {
                let (key, text) = dice.pick(PROVIDERS);
                let principal_type = match key {
                    "Service" => Service,
                    "Federated" => Federated,
                    _ => CanonicalUser,
                };
                (principal_type, text.to_owned())
            }
            _ => (Aws, "arn:aws:sts::111122223333:assumed-role/Ops/jo".to_owned()),
        };
        entries.push(entry);
    }
    // `"*"` alone is the string form; among others it is written under `AWS`.
    if entries.len() > 1 {
        for entry in &mut entries {
            if entry.0 == Everyone {
                entry.0 = Aws;
            }
        }
    }
    entries
}

/// Another request that the same policies may well say something about.
pub fn elsewhere(dice: &mut Dice<'_>, scene: &Scene) -> Ask {
    let other = ask(dice);
    let mut ask = scene.ask.clone();
    match dice.below(4) {
        0 => ask.action = other.action,
        1 => ask.context = other.context,
        2 => (ask.principal, ask.issuer) = (other.principal, other.issuer),
        _ => ask.resource_account = other.resource_account,
    }
    ask
}

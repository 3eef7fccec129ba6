//! Laws that hold for every input: expansion is what a naive filter finds, a pattern made from an ARN fits the ARN's
//! type, and no damaged file makes anything panic.

use std::sync::LazyLock;

use proptest::prelude::*;
use reference::{Descriptions, ManagedPolicies, Reference, Reviewer};

fn read(name: &str) -> String {
    std::fs::read_to_string(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/{}.txt"), name)).unwrap()
}

static SERVICES: LazyLock<String> = LazyLock::new(|| read("services"));
static MANAGED: LazyLock<String> = LazyLock::new(|| read("managed-policies"));
static DESCRIPTIONS: LazyLock<String> = LazyLock::new(|| read("descriptions"));
static REFERENCE: LazyLock<Reference> = LazyLock::new(|| Reference::load(SERVICES.as_str()).unwrap());
static ACTIONS: LazyLock<Vec<String>> = LazyLock::new(|| REFERENCE.actions().map(|a| a.to_string()).collect());
/// All ARN formats with the places of their types.
static FORMATS: LazyLock<Vec<(String, String, String)>> = LazyLock::new(|| {
    let types = REFERENCE.services().flat_map(|service| service.resource_types());
    types
        .flat_map(|t| t.arn_formats().map(move |f| (t.service().prefix().into(), t.name().into(), f.to_owned())))
        .collect()
});

/// The rules of wildcards as they are told, at any cost.
fn matches(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        ['?', rest @ ..] => !text.is_empty() && matches(rest, &text[1..]),
        [first, rest @ ..] => text.first() == Some(first) && matches(rest, &text[1..]),
    }
}

fn naive_expand(pattern: &str) -> Vec<&'static str> {
    let letters = |text: &str| text.to_ascii_lowercase().chars().collect::<Vec<_>>();
    let covers = |name: &str| {
        if pattern == "*" {
            return true;
        }
        let Some((service, action)) = pattern.split_once(':') else { return false };
        let (prefix, name) = name.split_once(':').unwrap();
        matches(&letters(service), &letters(prefix)) && matches(&letters(action), &letters(name))
    };
    ACTIONS.iter().map(String::as_str).filter(|name| covers(name)).collect()
}

/// A text with some of its pieces replaced by wildcards that stand for them.
fn with_wildcards(text: String) -> impl Strategy<Value = String> {
    let length = text.chars().count();
    let wildcard = prop::sample::select(vec!["*", "?", "**", "*?"]);
    prop::collection::vec((0..length.max(1), 1..6usize, wildcard), 0..3).prop_map(move |cuts| {
        let mut letters: Vec<String> = text.chars().map(String::from).collect();
        let mut free = 0;
        let mut cuts = cuts;
        cuts.sort();
        for (from, count, wildcard) in cuts {
            // Pieces do not overlap; a `?` stands for one letter.
            let from = from.max(free);
            free = from + if wildcard == "?" { 1 } else { count };
            for letter in letters.iter_mut().take(free).skip(from) {
                letter.clear();
            }
            if let Some(letter) = letters.get_mut(from) {
                *letter = wildcard.into();
            }
        }
        letters.concat()
    })
}

fn action_pattern() -> impl Strategy<Value = String> {
    let known = prop::sample::select(ACTIONS.clone()).prop_flat_map(with_wildcards);
    let odd =
        prop::sample::select(vec!["*", "*:*", "", ":", "s3", "s3:", ":GetObject", "a:b:c", "?3:*", "S3:GET*", "é:*"]);
    prop_oneof![8 => known, 1 => odd.prop_map(str::to_owned), 1 => "[a-z*?:]{0,6}"]
}

/// A format with something in each of its parts.
fn arn(format: &str, parts: &[String]) -> String {
    let mut parts = parts.iter().cycle();
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        text.push_str(parts.next().unwrap());
        rest = after.split_once('}').unwrap().1;
    }
    (text + rest).replace('*', "x")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn expansion_is_what_a_naive_filter_finds(pattern in action_pattern()) {
        let found: Vec<_> = REFERENCE.expand(&pattern).map(|action| action.to_string()).collect();
        prop_assert_eq!(found, naive_expand(&pattern));
    }

    #[test]
    fn an_arn_and_patterns_made_from_it_fit_its_type(
        (place, pattern) in (0..FORMATS.len(), prop::collection::vec("[A-Za-z0-9-]{1,4}", 8)).prop_flat_map(|(place, parts)| {
            (Just(place), with_wildcards(arn(&FORMATS[place].2, &parts)))
        }),
    ) {
        let (service, name, _) = &FORMATS[place];
        let resource_type = REFERENCE.service(service).unwrap().resource_type(name).unwrap();
        prop_assert!(resource_type.fits(&pattern), "{} {} {}", service, name, pattern);
        prop_assert!(REFERENCE.identify(&pattern).contains(&resource_type));
    }

    #[test]
    fn what_fits_is_decided_as_told(
        place in 0..FORMATS.len(),
        parts in prop::collection::vec("[a-z/]{1,3}", 8),
        other in 0..FORMATS.len(),
    ) {
        // An ARN without wildcards fits a format where each part is one character or more, and no slash where a slash
        // follows somewhere.
        let text = arn(&FORMATS[place].2, &parts);
        for (service, name, format) in [&FORMATS[place], &FORMATS[other]] {
            let resource_type = REFERENCE.service(service).unwrap().resource_type(name).unwrap();
            let slashed = |part: &str| {
                FORMATS.iter().any(|(same, _, format)| same == service && format.contains(&format!("${{{part}}}/")))
            };
            if resource_type.arn_formats().count() == 1 {
                prop_assert_eq!(resource_type.fits(&text), follows(format, 0, &text, &slashed), "{} {}", format, text);
            }
        }
    }

    #[test]
    fn keys_are_found_whatever_their_case(place in 0usize..3_000, member in "[a-zA-Z0-9]{1,8}", upper: bool) {
        let keys: Vec<_> = REFERENCE.services().flat_map(|service| service.condition_keys()).collect();
        let key = keys[place % keys.len()];
        let name = arn(key.name(), &[member]);
        let name = if upper { name.to_ascii_uppercase() } else { name.to_ascii_lowercase() };
        prop_assert!(key.covers(&name));
        let found = REFERENCE.condition_key(&name);
        prop_assert!(found.is_some_and(|found| found.covers(&name)), "{}", name);
    }
}

/// Whether `text` follows `format`, at any cost.
fn follows(format: &str, colons: usize, text: &str, slashed: &dyn Fn(&str) -> bool) -> bool {
    if let Some((name, after)) = format.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
        let field = colons < 5;
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let within = |part: &str| !(part.contains(':') && field || part.contains('/') && (field || slashed(name)));
        return ends.into_iter().any(|end| within(&text[..end]) && follows(after, colons, &text[end..], slashed));
    }
    match format.chars().next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len()).any(|end| follows(&format[1..], colons, &text[end..], slashed)),
        Some(c) => {
            let colons = colons + usize::from(c == ':');
            text.strip_prefix(c).is_some_and(|text| follows(&format[c.len_utf8()..], colons, text, slashed))
        }
    }
}

/// Replaces pieces of a text.
fn damaged(text: &str, damage: &[(prop::sample::Index, usize, String)]) -> String {
    let mut text = text.to_owned();
    for (place, length, by) in damage {
        let mut from = place.index(text.len());
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = (from + length).min(text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        text.replace_range(from..to, by);
    }
    text
}

fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, String)>> {
    let by = prop_oneof![
        Just(String::new()),
        prop::sample::select(vec!["\n", "\t", " ", ":", "+", "-\n+", "=", "@", "%", "/", "${", "}", "{", "é", "\n\n"])
            .prop_map(str::to_owned),
        "[ -~]{1,3}",
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0usize..4, by), 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_service_data_is_refused_or_looked_up_without_panic(damage in damage()) {
        let Ok(reference) = Reference::load(damaged(&SERVICES, &damage)) else { return Ok(()) };
        for action in reference.actions() {
            let _ = (action.access_level(), action.applicable_keys().len(), action.dependent_actions().count());
        }
        let _ = (reference.identify("arn:aws:s3:::b/*").len(), reference.expand("*:*Get*").count());
        let _ = (reference.nearest_action("s3:Getobjekt"), reference.nearest_key("aws:x/y"), reference.date());
        for name in ["s3:GetObject", "iam:PassRole"] {
            let _ = reference.action(name).map(|action| action.resources_fitting("arn:*:s3:::?").count());
        }
        let text = r#"{"Statement": {"Action": "s3:*", "Resource": "arn:aws:s3:::b", "Condition": {"Bool": {"s3:x": "a"}}}}"#;
        let parsed = policy::parse(text, policy::PolicyKind::Identity);
        let _ = Reviewer::new(&reference).review(&parsed.document.statements[0]);
        if let Ok(descriptions) = Descriptions::load(DESCRIPTIONS.as_str(), &reference) {
            let _ = reference.actions().take(200).filter_map(|action| descriptions.action(action)).count();
        }
    }

    #[test]
    fn damaged_policies_and_descriptions_are_refused_or_read_without_panic(damage in damage()) {
        if let Ok(policies) = ManagedPolicies::load(damaged(&MANAGED, &damage)) {
            let _ = policies.iter().map(|policy| policy.document().len() + policy.arn().len()).sum::<usize>();
            let _ = policies.get("arn:aws:iam::aws:policy/AdministratorAccess");
        }
        let _ = Descriptions::load(damaged(&DESCRIPTIONS, &damage), &REFERENCE);
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused(place: prop::sample::Index) {
        for services in [true, false] {
            let text: &str = if services { &SERVICES } else { &MANAGED };
            // The end of the last line, or of the last policy, is not missed.
            let last = text.trim_end().rfind(if services { "\n" } else { "\n@" }).unwrap();
            let mut end = place.index(text.len()).min(last);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let cut = &text[..end];
            let refused = if services { Reference::load(cut).is_err() } else { ManagedPolicies::load(cut).is_err() };
            prop_assert!(refused, "{}", end);
        }
    }
}

//! Whatever is typed, and wherever the cursor is: an answer comes, and what is accepted leaves JSON.

mod common;

use assist::{Completions, complete, expand_at, format, hover};
use common::{knowledge, policy_scenario, scenario};
use serde_json::Value;

const DOCUMENT: &str = r#"{
  "Version": "2012-10-17",
  "Id": "é😀",
  "Statement": [
    {
      "Sid": "A",
      "Effect": "Allow",
      "Principal": { "AWS": ["111122223333", "*"], "Service": "ec2.amazonaws.com" },
      "Action": ["s3:GetObject", "s3:Put*", "ec2:\u0052unInstances"],
      "Resource": "arn:aws:s3:::b\u{20}😀/${aws:username}/*",
      "Condition": {
        "StringLike": { "s3:prefix": ["a\"b", "${aws:PrincipalTag/team}"] },
        "Bool": { "aws:SecureTransport": "true" },
        "ForAnyValue:StringEquals": { "aws:TagKeys": "x" }
      }
    },
    { "Effect": "Deny", "NotPrincipal": "*", "NotAction": "iam:*", "NotResource": [] }
  ]
}"#;

const KINDS: [&str; 7] = ["identity", "resource", "permissionsBoundary", "session", "scp", "rcp", "vpcEndpoint"];

fn document() -> String {
    DOCUMENT.replace("\\u{20}", " ")
}

/// The text once an offer was accepted.
fn accept(text: &str, found: &Completions, at: usize) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut made = units[..found.from as usize].to_vec();
    if let Some(comma) = found.comma {
        made.insert(comma as usize, u16::from(b','));
    }
    made.extend(found.options[at].insert.encode_utf16());
    made.extend(&units[found.to as usize..]);
    String::from_utf16(&made).expect("nothing is cut in half")
}

fn check(scenario: &Value, text: &str, offset: usize) -> Completions {
    let found = complete(scenario, 0, offset, knowledge());
    let length = text.encode_utf16().count() as u32;
    assert!(found.from <= found.to && found.to <= length, "{found:?}");
    assert!(found.options.len() <= 100);
    for option in &found.options {
        let insert = option.insert.encode_utf16().count() as u32;
        let mut last = 0;
        for field in &option.fields {
            assert!(last <= field.start && field.start <= field.end && field.end <= insert, "{option:?}");
            last = field.end;
        }
    }
    if let Some(said) = hover(scenario, 0, offset, Some(0), knowledge()) {
        assert!(said.start.offset <= said.end.offset && said.end.offset <= length, "{said:?}");
        let cursor = (offset as u32).min(length);
        assert!((said.start.offset..=said.end.offset).contains(&cursor), "{said:?} at {offset}");
    }
    let _ = expand_at(scenario, 0, offset, knowledge());
    found
}

#[test]
fn every_offset_of_every_beginning() {
    let document = document();
    let units: Vec<u16> = document.encode_utf16().collect();
    for end in (0..=units.len()).step_by(3) {
        let text = String::from_utf16_lossy(&units[..end]);
        let scenario = scenario(KINDS[end % KINDS.len()], &text);
        for offset in [end, end.saturating_sub(1), end / 2, end + 5] {
            check(&scenario, &text, offset);
        }
    }
}

#[test]
fn every_offset_of_a_whole_document_keeps_it_json() {
    let document = document();
    assert!(policy::json::parse(&document).is_ok());
    let length = document.encode_utf16().count();
    for kind in ["identity", "resource"] {
        let scenario = scenario(kind, &document);
        for offset in 0..=length {
            let found = check(&scenario, &document, offset);
            for at in (0..found.options.len()).take(4) {
                let made = accept(&document, &found, at);
                assert!(policy::json::parse(&made).is_ok(), "{offset}: {:?} makes {made}", found.options[at]);
            }
        }
    }
}

#[test]
fn one_character_more_or_less() {
    let document = document();
    let characters: Vec<char> = document.chars().collect();
    let extra = ['"', '{', '}', '[', ']', ':', ',', '\\', '$', '\n', '😀'];
    for at in 0..characters.len() {
        let mut less = characters.clone();
        less.remove(at);
        let mut more = characters.clone();
        more.insert(at, extra[at % extra.len()]);
        for (text, kind) in [(less, "identity"), (more, "resource")] {
            let text: String = text.into_iter().collect();
            let offset = text.chars().take(at + 1).map(char::len_utf16).sum();
            check(&scenario(kind, &text), &text, offset);
        }
    }
}

#[test]
fn texts_that_are_no_policies() {
    for text in [
        "[",
        "]]]]",
        "\"",
        "\\",
        "\u{feff}{",
        "{\"a\"",
        "null",
        "{{{{",
        &"[".repeat(5_000),
        &"{\"a\":".repeat(5_000),
        "\"\\",
        "\r\n",
        "${",
        "{\"Statement\":{\"Resource\":\"${",
    ] {
        let scenario = scenario("identity", text);
        let length = text.encode_utf16().count();
        for offset in (0..=length + 1).rev().take(40) {
            check(&scenario, text, offset);
        }
        let made = format(text, length);
        assert!(made.problem.is_some() || policy::json::parse(text).is_ok());
        assert!(made.cursor as usize <= made.text.encode_utf16().count());
    }
}

#[test]
fn half_of_a_surrogate_pair_is_the_character() {
    let (scenario, offset) = policy_scenario("identity", r#"{"Statement": {"Action": "s3:|😀"}}"#);
    let found = complete(&scenario, 0, offset + 1, knowledge());
    assert_eq!((found.from, found.to), (25, 32));
    assert!(!found.options.is_empty());
}

#[test]
fn formatting_changes_nothing_but_spaces() {
    let document = document();
    for text in [document.as_str(), "[1.50, 1e3, -0, [], {}, [[]], {\"a\": {}}]", "\"x\"", " { } ", "{\"a\":1,\"a\":2}"]
    {
        let made = format(text, 0);
        assert_eq!(made.problem, None);
        let squeezed = |text: &str| {
            let mut inside = false;
            let mut escaped = false;
            let keep = |c: &char| {
                if *c == '"' && !escaped {
                    inside = !inside;
                }
                escaped = inside && *c == '\\' && !escaped;
                inside || !c.is_whitespace()
            };
            text.chars().filter(keep).collect::<String>()
        };
        assert_eq!(squeezed(text), squeezed(&made.text));
        assert_eq!(format(&made.text, 0).text, made.text, "once is enough");
        // As JSON.stringify lays out what has no odd numbers or keys.
        let value: Value = serde_json::from_str(text).unwrap();
        if serde_json::to_string(&value).unwrap().len() == squeezed(text).len() {
            assert_eq!(made.text, serde_json::to_string_pretty(&value).unwrap());
        }
    }
}

#[test]
fn the_cursor_stays_at_its_token() {
    let text = r#"{"😀":[1,  22],"b":  "c"}"#;
    for (at, _) in text.char_indices() {
        let cursor = text[..at].encode_utf16().count();
        let made = format(text, cursor);
        let here = text.encode_utf16().nth(cursor).unwrap();
        let there = made.text.encode_utf16().nth(made.cursor as usize);
        if !char::from_u32(u32::from(here)).is_some_and(char::is_whitespace)
            && !"]}".contains(char::from_u32(u32::from(here)).unwrap_or('x'))
        {
            assert!(
                there == Some(here)
                    || made.text.encode_utf16().nth(made.cursor as usize - 1)
                        == text.encode_utf16().nth(cursor.wrapping_sub(1)),
                "{cursor}: {made:?}"
            );
        }
    }
}

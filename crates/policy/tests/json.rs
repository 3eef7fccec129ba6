//! The JSON that is read is exactly the JSON that `serde_json` reads, and no text does harm.

use policy::Span;
use policy::json::{MAX_DEPTH, Node, Value, parse};
use proptest::prelude::*;

/// Texts on which JSON readers are known to disagree, in the manner of the JSON parsing test suite.
const ODD: &[&str] = &[
    "",
    " ",
    "\n",
    "null",
    "true",
    "0",
    "-0",
    "-0.0",
    "\"\"",
    "[]",
    "{}",
    " [ ] ",
    "[1]",
    "[1,2]",
    "[null, true, false]",
    "01",
    "-01",
    "00",
    "0.0",
    "0.",
    ".0",
    "-.5",
    "+1",
    "1.",
    "1.e1",
    "1e",
    "1e+",
    "1e1",
    "1E+1",
    "1e-1",
    "0e1",
    "0e+01",
    "-",
    "--1",
    "- 1",
    "1 000",
    "1_000",
    "0x1",
    "0b1",
    "1a",
    "1true",
    "Infinity",
    "-Infinity",
    "NaN",
    "-NaN",
    "nan",
    "inf",
    "1e308",
    "1e309",
    "-1e309",
    "1e999",
    "1e-999",
    "0e999999999999999999999",
    "0.0e-999999999999",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "17976931348623157e292",
    "1797693134862315700000e287",
    "179769313486231570000000000000000000000e270",
    "0.000000000000000000000000000000017976931348623157e340",
    "123456789012345678901234567890",
    "0.1234567890123456789012345678901234567890",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999e270",
    "-9223372036854775809",
    "1e00000000000000000000001",
    "[",
    "]",
    "{",
    "}",
    "[[]",
    "[]]",
    "{{}}",
    "[1,]",
    "[,1]",
    "[,]",
    "[1,,2]",
    "[1 2]",
    "[1;2]",
    "[\"a\" \"b\"]",
    "[[] []]",
    "[{}{}]",
    "[1}",
    "{]",
    "{\"a\":1,}",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\",\"b\":1}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1,,\"b\":2}",
    "{\"a\":1;\"b\":2}",
    "{\"a\"::1}",
    "{\"a\":1:2}",
    "{1:2}",
    "{a:1}",
    "{'a':1}",
    "{null:1}",
    "{true:1}",
    "{\"a\":1 {}",
    "{\"a\":1 [}",
    "{\"a\":{}{}}",
    "{\"a\":\"b\"c}",
    "{\"a\":1,\"a\":2}",
    "{\"\":\"\"}",
    "{\"\\u0000\":0}",
    "{\"a\\\"\":0}",
    "\"\\\"\"",
    "\"\\\\\"",
    "\"\\/\"",
    "\"\\b\\f\\n\\r\\t\"",
    "\"\\v\"",
    "\"\\a\"",
    "\"\\'\"",
    "\"\\0\"",
    "\"\\x41\"",
    "\"\\\"",
    "\"\\",
    "\"",
    "\"a",
    "\"a\\",
    "\"\\u\"",
    "\"\\u0\"",
    "\"\\u00\"",
    "\"\\u000\"",
    "\"\\u0041\"",
    "\"\\u00e9\"",
    "\"\\u00E9\"",
    "\"\\U0041\"",
    "\"\\u004g\"",
    "\"\\u+041\"",
    "\"\\u 041\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\\ud83d\"",
    "\"\\ude00\\ud83d\"",
    "\"\\ud800\\u0041\"",
    "\"\\ud800x\"",
    "\"\\ud800\\n\"",
    "\"\\ud83d\\ude0\"",
    "\"\\udbff\\udfff\"",
    "\"\\ud800\\udc00\"",
    "\"\\uFFFF\"",
    "\"\\uFEFF\"",
    "\"\\u0000\"",
    "\"a\nb\"",
    "\"a\rb\"",
    "\"a\tb\"",
    "\"a\0b\"",
    "\"\u{1f}\"",
    "\"\u{7f}\"",
    "\"\u{80}\"",
    "\"\u{2028}\"",
    "\"\\\n\"",
    "\"\\\t\"",
    "\"\\\u{1f600}\"",
    "\"é日本語🙂\"",
    "\"\u{ffff}\"",
    "\u{feff}{}",
    "\u{feff}",
    "{}\u{feff}",
    "\u{a0}{}",
    "{}\u{a0}",
    "{\u{a0}}",
    "\u{b}1",
    "\u{c}1",
    "1\u{c}",
    "\u{85}1",
    "\u{2028}1",
    "[\u{3000}1]",
    "\0",
    "1\0",
    "{}\0",
    "\u{200b}{}",
    "{} {}",
    "1 2",
    "{}x",
    "{},",
    "[],[]",
    "\"a\" \"b\"",
    "nul",
    "nulll",
    "null null",
    "True",
    "TRUE",
    "tru",
    "truefalse",
    "null_",
    "true-",
    "false$",
    "nullé",
    "[true\"a\"]",
    "[null[]]",
    "[1\"a\"]",
    "[\"a\"1]",
    "[1-1]",
    "[1.5.5]",
    "[1e5e5]",
    "true1",
    "[true,false,null,0,\"\",[],{}]",
    "// c\n{}",
    "{} // c",
    "/* c */{}",
    "{/* c */}",
    "# c\n{}",
    "{\"a\": /* */ 1}",
    "/",
    "/*",
    "<!-- -->",
    "'a'",
    "`a`",
    "“a”",
    "{“a”:1}",
    "a",
    "é",
    "日本",
    "🙂",
    "@",
    "\\",
    "\\u0041",
    "undefined",
    "[1,2",
    "{\"a\":[1,{\"b\":",
    "{\"a\":[1,{\"b\":2}]",
    "{\"a\":tru}",
    "[-]",
    "[+]",
    "[.]",
    "[1e]",
    "[0x]",
    "[\u{2212}1]",
    "[１]",
    "[--]",
    "{\"a\":-}",
    "{\"a\":+1}",
];

fn depth(text: &str) -> usize {
    let mut depth: usize = 0;
    let mut most = 0;
    for c in text.chars() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// One text: both accept it or both refuse it, the trees are the same, and places are places.
fn agrees(text: &str) {
    let ours = parse(text);
    match &ours {
        Ok(node) => inside(node, text),
        Err(error) => {
            let mut spans = vec![error.span];
            spans.extend(error.related.iter().map(|(span, _)| *span));
            spans.extend(error.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span)));
            for span in spans {
                on_characters(span, text);
            }
            assert!(!error.message.is_empty());
        }
    }
    if depth(text) >= 127 {
        return; // serde_json has a limit of its own just below ours
    }
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(as_serde(&ours), theirs, "{text:?}"),
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) => panic!("accepted, but serde_json says {error}: {text:?}"),
        // At the very edge of the largest number `serde_json` goes by one of its features, which another crate of the
        // workspace may have switched on; we go by its default.
        (Err(error), Ok(_)) if reads_to_the_last_bit() && error.message.contains("too large") => {}
        (Err(error), Ok(_)) => panic!("refused, but serde_json accepts it: {}: {text:?}", error.message),
    }
}

/// Whether `serde_json` was built with its feature `float_roundtrip`.
fn reads_to_the_last_bit() -> bool {
    serde_json::from_str::<serde_json::Value>("1797693134862315700000e287").is_ok()
}

fn on_characters(span: Span, text: &str) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
}

/// Every span lies in its parent's and on characters.
fn inside(node: &Node, text: &str) {
    on_characters(node.span, text);
    let within = |span: Span| assert!(node.span.start <= span.start && span.end <= node.span.end);
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| {
            within(item.span);
            inside(item, text);
        }),
        Value::Object(properties) => properties.iter().for_each(|property| {
            within(property.span());
            assert!(property.key_span.end < property.node.span.start);
            assert!(property.key_span.of(text).starts_with('"') && property.key_span.of(text).ends_with('"'));
            inside(&property.node, text);
        }),
        _ => {}
    }
}

/// The same value for `serde_json`, where of equal keys the last counts.
fn as_serde(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(bool) => (*bool).into(),
        Value::Number(text) => serde_json::from_str(text).unwrap(),
        Value::String(text) => text.clone().into(),
        Value::Array(items) => items.iter().map(as_serde).collect(),
        Value::Object(properties) => {
            properties.iter().map(|property| (property.key.clone(), as_serde(&property.node))).collect()
        }
    }
}

#[test]
fn odd_texts_are_accepted_and_refused_as_by_serde_json() {
    for text in ODD {
        agrees(text);
        agrees(&format!("[{text}]"));
        agrees(&format!("{{\"a\": {text}, \"b\": [{text}]}}"));
        agrees(&format!(" {text}\n"));
    }
}

#[test]
fn endless_nesting_is_an_error_at_its_place() {
    for bracket in ["[", "{\"a\":", "[{\"a\":[", "{"] {
        let text = bracket.repeat(1_000_000);
        let error = parse(&text).unwrap_err();
        assert!(error.message.contains("128") || bracket == "{", "{}", error.message);
        on_characters(error.span, &text);
    }
    let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    let error = parse(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!(error.span, Span::new(MAX_DEPTH, MAX_DEPTH + 1));
}

#[test]
fn an_oddity_before_endless_nesting_does_not_let_the_parser_at_it() {
    let text = format!("\u{a0}{}", "[".repeat(1_000_000));
    assert!(parse(&text).unwrap_err().message.contains("U+00A0"));
}

#[test]
fn brackets_in_strings_do_not_nest() {
    let text = format!("[\"{}\"]", "[".repeat(1000));
    assert!(parse(&text).is_ok());
}

#[test]
fn a_text_of_more_than_16_mebibytes_is_refused() {
    let most = format!("\"{}\"", "a".repeat(policy::json::MAX_BYTES - 2));
    assert!(parse(&most).is_ok());
    let error = parse(&format!("{most} ")).unwrap_err();
    assert!(error.message.contains("too long"), "{}", error.message);
}

#[test]
fn the_offered_mends_mend() {
    for (text, mended) in [
        (r#"{"a": 1,}"#, r#"{"a": 1}"#),
        ("[1, 2 , ]", "[1, 2  ]"),
        (r#"{"a": 1 "b": 2}"#, r#"{"a": 1, "b": 2}"#),
        ("[1 2]", "[1, 2]"),
        ("{'a': 1}", r#"{"a": 1}"#),
        ("{“a”: 1}", r#"{"a": 1}"#),
        ("{\"a\": 1 // one\n}", "{\"a\": 1 \n}"),
        ("{\"a\":\u{a0}1}", r#"{"a": 1}"#),
        ("\u{feff}{}", "{}"),
        (r#"{"a": True}"#, r#"{"a": true}"#),
    ] {
        let fix = parse(text).unwrap_err().fix.expect(text);
        let mut result = text.to_owned();
        for (span, by) in fix.edits.iter().rev() {
            result.replace_range(span.start as usize..span.end as usize, by);
        }
        assert_eq!(result, mended);
        assert!(parse(&result).is_ok());
    }
}

#[test]
fn pointers_find_places() {
    let text = r#"{"a/b": [1, {"~": 2}], "x": 1, "x": [3]}"#;
    let root = parse(text).unwrap();
    let at = |pointer| root.place(pointer).of(text);
    assert_eq!(at("/a~1b/1/~0"), "2");
    assert_eq!(at("/a~1b/7"), r#"[1, {"~": 2}]"#);
    assert_eq!(at("/x/0"), "3", "of a key written twice the last counts, as for serde_json");
    assert_eq!(at(""), text);
    assert!(root.pointer("/a~1b/1/~0").is_some());
    assert!(root.pointer("/a~1b/7").is_none());
}

/// Something like a policy.
fn document() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        "\"(s3:Get\\*|Allow|arn:aws:s3:::b/\\$\\{aws:username\\}|é🙂|\\\\\"|\\\\u00e9|\\\\ud83d\\\\ude00| )*\"",
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        let space = prop_oneof![Just(""), Just(" "), Just("\n  "), Just("\t")];
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..5), space.clone())
                .prop_map(|(items, space)| format!("[{space}{}]", items.join(&format!(",{space}")))),
            (prop::collection::vec(("\"(Statement|Effect|Action|Sid|é|\\\\n)?\"", inner), 0..5), space).prop_map(
                |(items, space)| {
                    let items: Vec<_> = items.iter().map(|(key, value)| format!("{key}{space}:{value}")).collect();
                    format!("{{{space}{}}}", items.join(&format!("{space},")))
                }
            ),
        ]
    })
}

/// What is put into a text, or over it.
fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(ODD.to_vec()).prop_map(str::to_owned),
        prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"", "\\", "'", "/", "//", "/*", "*/", "\\u", "\\ud800", "1", "0", "e", "E",
            "-", "+", ".", " ", "\n", "\t", "\0", "\u{b}", "\u{a0}", "“", "a", "$", "_", "null", "true", "1e400",
            "1e308",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn documents_are_read_as_by_serde_json(text in document()) {
        agrees(&text);
    }

    #[test]
    fn mutated_documents_are_read_as_by_serde_json(text in document(), changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..4, scrap()), 1..5)) {
        let mut text = text;
        for (at, remove, insert) in changes {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = at.index(starts.len());
            let end = starts[(at + remove).min(starts.len() - 1)];
            text.replace_range(starts[at]..end, &insert);
            agrees(&text);
        }
    }

    #[test]
    fn any_text_is_read_as_by_serde_json(text in any::<String>()) {
        agrees(&text);
    }

    #[test]
    fn scraps_in_a_row_are_read_as_by_serde_json(scraps in prop::collection::vec(scrap(), 0..12)) {
        agrees(&scraps.concat());
    }

    #[test]
    fn numbers_are_in_range_as_for_serde_json(digits in "[0-9]{1,25}", fraction in "(\\.[0-9]{1,25})?", exponent in 260i64..330, shift in 0usize..40) {
        let whole = digits.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        agrees(&format!("{whole}{fraction}e{exponent}"));
        agrees(&format!("{whole}{}{fraction}e{}", "0".repeat(shift), exponent - shift as i64));
    }
}

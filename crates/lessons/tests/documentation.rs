//! The glossary, the teacher's page and the lessons refer to each other; no link of any leads nowhere, and the teacher's
//! page names every lesson as it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use reference::Reference;
use serde_json::Value;

/// The stages of a report, each of which a reader may ask "what is that?" about.
const STAGES: [&str; 8] =
    ["explicitDeny", "rcp", "scp", "vpcEndpoint", "resource", "identity", "permissionsBoundary", "session"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn glossary() -> String {
    fs::read_to_string(root().join("docs/glossary.md")).unwrap()
}

/// A heading's anchor, as GitHub and the page make it.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ' || *c == '-')
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Terms in their order, each with its entry.
fn terms(text: &str) -> Vec<(&str, &str)> {
    text.split("\n## ").skip(1).map(|entry| entry.split_once('\n').unwrap()).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    let marks = text.split("<a id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    terms(text).into_iter().map(|(heading, _)| anchor(heading)).chain(marks).collect()
}

/// What stands behind `prefix` up to the closing bracket.
fn targets<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    text.split(prefix).skip(1).map(|rest| rest.split(')').next().unwrap()).collect()
}

fn lessons() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for topic in fs::read_dir(root().join("web/lessons")).unwrap() {
        let topic = topic.unwrap().path();
        if !topic.is_dir() {
            continue;
        }
        for lesson in fs::read_dir(topic).unwrap() {
            let file = lesson.unwrap().path().join("lesson.md");
            if file.exists() {
                let text = fs::read_to_string(&file).unwrap();
                found.push((file, text));
            }
        }
    }
    assert!(!found.is_empty(), "no lessons");
    found
}

#[test]
fn every_stage_of_a_report_has_an_entry() {
    let anchors = anchors(&glossary());
    let missing: Vec<_> = STAGES.iter().filter(|stage| !anchors.contains(&format!("stage-{stage}"))).collect();
    assert!(missing.is_empty(), "no anchor for {missing:?}");
}

#[test]
fn the_terms_are_in_order_and_each_has_a_lesson_that_exists() {
    let text = glossary();
    let names: Vec<_> = terms(&text).into_iter().map(|(heading, _)| anchor(heading)).collect();
    assert!(names.is_sorted(), "{names:?}");
    for (heading, entry) in terms(&text) {
        let files = targets(entry, "](../web/lessons/");
        assert!(!files.is_empty(), "{heading} has no lesson");
        for file in files {
            assert!(root().join("web/lessons").join(file).is_file(), "{heading}: there is no {file}");
        }
    }
}

#[test]
fn every_link_inside_the_glossary_has_an_entry() {
    let text = glossary();
    let anchors = anchors(&text);
    assert_eq!(anchors.len(), terms(&text).len() + STAGES.len(), "two entries with one anchor");
    let links = targets(&text, "](#");
    assert_eq!(links.len(), terms(&text).len(), "the list at the top names each term once");
    let missing: Vec<_> = links.into_iter().filter(|link| !anchors.contains(*link)).collect();
    assert!(missing.is_empty(), "no entry for {missing:?}");
}

#[test]
fn every_link_of_a_lesson_to_the_glossary_has_an_entry() {
    let anchors = anchors(&glossary());
    let mut links = 0;
    for (file, text) in lessons() {
        for link in targets(&text, "](glossary:") {
            links += 1;
            assert!(anchors.contains(link), "{}: the glossary has no `{link}`", file.display());
        }
    }
    assert!(links > 0, "no lesson has a link to the glossary");
}

#[test]
fn every_link_of_a_lesson_to_another_has_one() {
    let lessons = lessons();
    let ids: BTreeSet<_> =
        lessons.iter().filter_map(|(_, text)| text.lines().find_map(|line| line.strip_prefix("id: "))).collect();
    for (file, text) in &lessons {
        for link in targets(text, "](lesson:") {
            assert!(ids.contains(link), "{}: there is no lesson `{link}`", file.display());
        }
    }
}

#[test]
fn every_page_of_aws_that_is_known_is_linked() {
    let pages = fs::read_to_string(root().join("web/lessons/aws-pages.json")).unwrap();
    let pages: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&pages).unwrap();
    let lessons = lessons();
    let linked: BTreeSet<&str> =
        lessons.iter().flat_map(|(_, text)| matter(text, "aws").trim_matches(['[', ']']).split(", ")).collect();
    let idle: Vec<_> = pages.keys().filter(|page| !linked.contains(page.as_str())).collect();
    assert!(idle.is_empty(), "no lesson links {idle:?}");
}

/// A value of the front matter.
fn matter<'a>(lesson: &'a str, key: &str) -> &'a str {
    lesson.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).unwrap()
}

fn teaching() -> String {
    fs::read_to_string(root().join("docs/teaching/README.md")).unwrap()
}

#[test]
fn the_teachers_page_lists_every_lesson_as_it_is() {
    let text = teaching();
    let lessons = lessons();
    for (file, lesson) in &lessons {
        let path = file.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let [id, title, kind, minutes] = ["id", "title", "kind", "minutes"].map(|key| matter(lesson, key));
        let row = format!("| [{title}](../../{path}) | `#lesson={id}` | {kind} | {minutes} |");
        assert!(text.contains(&row), "docs/teaching/README.md lacks the row\n{row}");
    }
    let listed = text.matches("| `#lesson=").count();
    assert_eq!(listed, lessons.len(), "rows of lessons that are no more");
    let minutes: u32 = lessons.iter().map(|(_, lesson)| matter(lesson, "minutes").parse::<u32>().unwrap()).sum();
    let total = format!("{} lessons, about {} hours", lessons.len(), (minutes + 30) / 60);
    assert!(text.contains(&total), "docs/teaching/README.md does not say `{total}`");
}

#[test]
fn every_lesson_that_the_teachers_page_recommends_exists() {
    let text = teaching();
    let lessons = lessons();
    let ids: BTreeSet<_> = lessons.iter().map(|(_, lesson)| matter(lesson, "id")).collect();
    let mut seen = 0;
    for section in text.split("\n## ").filter(|section| {
        ["Plans", "Guess first", "What learners get wrong"].iter().any(|title| section.starts_with(title))
    }) {
        for word in section.split('`').skip(1).step_by(2) {
            if word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
                seen += 1;
                assert!(ids.contains(word), "there is no lesson `{word}`");
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn every_request_of_a_lesson_is_one_that_aws_knows() {
    let services = fs::read_to_string(root().join("data/services.txt")).unwrap();
    let reference = Reference::load(services).unwrap();
    let course = lessons::gather(&root().join("web/lessons")).unwrap();
    let mut seen = 0;
    let mut wrong = BTreeSet::new();
    for lesson in &course.lessons {
        let solved = lesson.solution.as_ref().and_then(|solution| solution.get("request"));
        let asked = lesson.rows.iter().map(|row| Some(Value::Object(row.request.clone()))).chain([solved.cloned()]);
        for own in asked.flatten() {
            let text =
                |field| own.get(field).or_else(|| lesson.start["request"].get(field)).and_then(Value::as_str).unwrap();
            let (name, resource) = (text("action"), text("resource"));
            seen += 1;
            let Some(action) = reference.action(name) else {
                wrong.insert(format!("{}: there is no action `{name}`", lesson.id));
                continue;
            };
            // Without a resource of its own an action is asked for `*`; only the list of all buckets has another.
            let fits = if action.has_resources() {
                action.resources_fitting(resource).next().is_some()
            } else {
                resource == "*" || (name, resource) == ("s3:ListAllMyBuckets", "arn:aws:s3:::*")
            };
            if !fits {
                wrong.insert(format!("{}: `{name}` is not asked for `{resource}`", lesson.id));
            }
        }
    }
    assert!(seen > 400, "{seen}");
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

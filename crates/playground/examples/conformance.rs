//! Runs other people's cases and keeps the score: `cargo run -p iam-playground-core --example conformance -- FOLDER`.
//!
//! Each file of the folder is an array of `{id, scenario, expect}`, where `expect` holds `decision`, `decisionOneOf` or
//! `valid` (whether IAM saves the document). The cases carry their own licences and stay outside this project; what is
//! committed is the score and the reason for each disagreement: docs/conformance.json lists them, docs/conformance.md is
//! written from it by `--write`. A disagreement that is not listed, or a listed one that agrees by now, is a failure.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use playground::{Options, evaluate_value};
use serde_json::Value;

const START: &str = "<!-- score -->";
const END: &str = "<!-- /score -->";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, Box<dyn std::error::Error>> {
    let mut write = false;
    let mut folder = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--write" => write = true,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder.ok_or("name the folder with the cases")?;
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let listed: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(docs.join("conformance.json"))?)?;
    let mut reasons: BTreeMap<&str, &Value> =
        listed.iter().map(|entry| (entry["id"].as_str().unwrap_or_default(), entry)).collect();

    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut table = String::from("| origin | cases | agreed | disagreed |\n| --- | ---: | ---: | ---: |\n");
    let mut disagreements = String::from("\n| case | why | AWS page |\n| --- | --- | --- |\n");
    let mut sound = true;
    let (mut all, mut all_agreed) = (0, 0);
    for file in files {
        let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
        let mut agreed = 0;
        for case in &cases {
            let id = case["id"].as_str().unwrap_or_default();
            let got = answer(case);
            let reason = reasons.remove(id);
            match (got, reason) {
                (Ok(()), None) => agreed += 1,
                (Ok(()), Some(_)) => {
                    agreed += 1;
                    sound = false;
                    println!("{id} agrees by now: take it off docs/conformance.json");
                }
                (Err(_), Some(reason)) => {
                    let text = |field: &str| reason[field].as_str().unwrap_or_default();
                    let page = text("page").rsplit('/').next().unwrap_or_default();
                    writeln!(disagreements, "| `{id}` | {} | [{page}]({}) |", text("why"), text("page"))?;
                }
                (Err(words), None) => {
                    sound = false;
                    println!("{id} disagrees: {words}");
                }
            }
        }
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(table, "| {name} | {} | {agreed} | {} |", cases.len(), cases.len() - agreed)?;
        all += cases.len();
        all_agreed += agreed;
    }
    writeln!(table, "| **all** | **{all}** | **{all_agreed}** | **{}** |", all - all_agreed)?;
    for id in reasons.keys() {
        println!("{id} is listed in docs/conformance.json, and is no case");
    }
    print!("{table}");
    if write {
        let path = docs.join("conformance.md");
        let text = std::fs::read_to_string(&path)?;
        let (before, rest) = text.split_once(START).ok_or("docs/conformance.md has no mark for the score")?;
        let (_, after) = rest.split_once(END).ok_or("docs/conformance.md has no end mark")?;
        std::fs::write(path, format!("{before}{START}\n{table}{disagreements}{END}{after}"))?;
    }
    Ok(sound && reasons.is_empty())
}

/// Whether the engine agrees with a case; else what it says.
fn answer(case: &Value) -> Result<(), String> {
    let now = Some(1_800_000_000_000);
    let report = evaluate_value(&case["scenario"], Options { now });
    let got = report.decision.map(playground::Decision::name);
    let expect = &case["expect"];
    let agrees = match (&expect["valid"], &expect["decision"], &expect["decisionOneOf"]) {
        (Value::Bool(valid), _, _) => (report.reason.code != "invalid-policy") == *valid,
        (_, Value::String(decision), _) => got == Some(decision),
        (_, _, Value::Array(all)) => all.iter().any(|one| one.as_str() == got),
        _ => false,
    };
    if agrees { Ok(()) } else { Err(format!("expected {expect}, got {got:?}: {}", report.reason.message)) }
}

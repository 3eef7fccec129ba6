//! `iam-playground from-error`: what AWS answered becomes a scenario.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::path::Path;

use anstream::ColorChoice;
use assist::{Reading, ReadingKind};

use crate::Outcome;
use crate::actions::default_format;
use crate::args::FromError;
use crate::input::is_utf16;
use crate::knowledge;
use crate::output::{self, Printer};
use crate::quote::clean;
use crate::style::{BAD, BOLD, DIM, REMARK, paint};

/// More is no message.
const MOST: u64 = 1 << 20;

/// Reads a message, and prints the scenario; for people also what was read.
pub(crate) fn run(args: &FromError, color: ColorChoice) -> io::Result<Outcome> {
    let text = match read(args.file.as_deref()) {
        Ok(text) => text,
        Err(error) => {
            let file = args.file.as_deref().unwrap_or(Path::new("<stdin>")).display().to_string();
            output::complain(color, &format!("{} {} cannot be read: {error}\n", paint(BAD, "error:"), clean(&file)));
            return Ok(Outcome::Unusable);
        }
    };
    let reading = assist::read_message(&text, knowledge::all());
    let mut printer = Printer::new(default_format(args.format), color);
    match (&mut printer, &reading.scenario) {
        (Printer::Text(out), scenario) => {
            out.write_all(explanation(&reading).as_bytes())?;
            if let Some(scenario) = scenario {
                writeln!(out, "\n{}", serde_json::to_string_pretty(scenario)?)?;
            }
        }
        (Printer::Json(writer), Some(scenario)) => writer.write(scenario)?,
        (Printer::Json(_), None) => output::complain(color, &explanation(&reading)),
    }
    printer.finish(None)?;
    Ok(if reading.scenario.is_some() { Outcome::Good } else { Outcome::Unusable })
}

fn read(file: Option<&Path>) -> io::Result<String> {
    let mut bytes = Vec::new();
    match file.filter(|file| file.as_os_str() != "-") {
        Some(file) => File::open(file)?.take(MOST).read_to_end(&mut bytes)?,
        None => {
            let stdin = io::stdin();
            if stdin.is_terminal() {
                eprintln!("paste the message, and end it with an empty line and Ctrl-D");
            }
            stdin.lock().take(MOST).read_to_end(&mut bytes)?
        }
    };
    Ok(text(&bytes))
}

/// What a shell wrote into a file, which on Windows may be UTF-16. A log may have anything in it.
fn text(bytes: &[u8]) -> String {
    if !is_utf16(bytes) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let is_big = bytes.starts_with(b"\xfe\xff") || bytes.starts_with(&[0]);
    let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    let units: Vec<u16> =
        units.map(|pair| if is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }).collect();
    String::from_utf16_lossy(&units).trim_start_matches('\u{feff}').to_owned()
}

fn explanation(reading: &Reading) -> String {
    let mut out = String::new();
    let line = clean(&reading.message);
    let style = if reading.kind == ReadingKind::Nothing { BAD } else { BOLD };
    out.push_str(&format!("{}\n", paint(style, line)));
    let width = reading.facts.iter().map(|fact| fact.label.chars().count()).max().unwrap_or(0);
    for fact in &reading.facts {
        let label = paint(DIM, format_args!("{:<width$}", clean(&fact.label)));
        out.push_str(&format!("  {label}  {}\n", clean(&fact.value)));
    }
    for next in &reading.next {
        out.push_str(&format!("  {} {}\n", paint(REMARK, "→"), clean(next)));
    }
    if let Some(command) = &reading.command {
        out.push_str(&format!("  {} {}\n", paint(REMARK, "$"), clean(command)));
    }
    out
}

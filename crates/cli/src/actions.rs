//! `iam-playground expand` and `explain`: what AWS documents about actions.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use anstream::ColorChoice;
use reference::{Action, Reference};
use serde::Serialize;

use crate::Outcome;
use crate::args::{Expand, Explain, Format};
use crate::knowledge;
use crate::output::{self, Printer};
use crate::quote::clean;
use crate::style::{BAD, BOLD, DIM, paint};

/// An action, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained {
    action: String,
    access_level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    resources: Vec<Resource>,
    condition_keys: Vec<Key>,
    dependent_actions: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    #[serde(rename = "type")]
    name: String,
    required: bool,
    arns: Vec<String>,
}

#[derive(Serialize)]
struct Key {
    key: String,
    #[serde(rename = "type")]
    value_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

/// The services' data; it is part of the program.
fn services() -> &'static Reference {
    knowledge::all().services().expect("the services are loaded with everything")
}

fn describe(action: Action<'_>) -> Option<String> {
    knowledge::all().descriptions()?.action(action)
}

/// Prints the actions that patterns stand for.
pub(crate) fn expand(args: &Expand, color: ColorChoice) -> io::Result<Outcome> {
    let mut printer = Printer::new(args.format, color);
    printer.list()?;
    let mut outcome = Outcome::Good;
    let mut seen = BTreeSet::new();
    for pattern in &args.patterns {
        let found: Vec<_> = services().expand(pattern).collect();
        if found.is_empty() {
            outcome = Outcome::Unusable;
            complain(color, pattern, "stands for no action that AWS lists");
        }
        for action in found.into_iter().filter(|action| seen.insert(action.to_string())) {
            match &mut printer {
                Printer::Text(out) if args.long => {
                    let level = paint(DIM, format_args!("{:<22}", action.access_level().name()));
                    let about = describe(action).unwrap_or_default();
                    writeln!(out, "{:<44} {level} {about}", action.to_string())?;
                }
                Printer::Text(out) => writeln!(out, "{action}")?,
                Printer::Json(writer) => writer.write(&explained(action))?,
            }
        }
    }
    printer.finish(None)?;
    Ok(outcome)
}

/// Prints what AWS documents about actions.
pub(crate) fn explain(args: &Explain, color: ColorChoice) -> io::Result<Outcome> {
    let mut printer = Printer::new(args.format, color);
    if args.actions.len() > 1 {
        printer.list()?;
    }
    let mut outcome = Outcome::Good;
    let mut first = true;
    for name in &args.actions {
        let Some(action) = services().action(name) else {
            outcome = Outcome::Unusable;
            complain(color, name, "is no action that AWS lists");
            continue;
        };
        match &mut printer {
            Printer::Text(out) => {
                let gap = if first { "" } else { "\n" };
                out.write_all(format!("{gap}{}", text(&explained(action))).as_bytes())?;
            }
            Printer::Json(writer) => writer.write(&explained(action))?,
        }
        first = false;
    }
    printer.finish(None)?;
    Ok(outcome)
}

fn complain(color: ColorChoice, name: &str, what: &str) {
    let mut line = format!("{} `{}` {what}\n", paint(BAD, "error:"), clean(name));
    let near = services().nearest_action(name).map(|action| format!("did you mean `{action}`?"));
    let help = match near {
        _ if name.contains(['*', '?']) && what.starts_with("is") => {
            Some("for what a pattern stands for, use `iam-playground expand`".to_owned())
        }
        None if !name.contains(':') => Some("an action is SERVICE:NAME, such as `s3:GetObject`".to_owned()),
        near => near,
    };
    if let Some(help) = help {
        line.push_str(&format!("  help: {help}\n"));
    }
    output::complain(color, &line);
}

fn explained(action: Action<'_>) -> Explained {
    let descriptions = knowledge::all().descriptions();
    Explained {
        action: action.to_string(),
        access_level: action.access_level().name(),
        description: describe(action),
        resources: action
            .resources()
            .map(|used| Resource {
                name: used.resource_type.name().to_owned(),
                required: used.required,
                arns: used.resource_type.arn_formats().map(str::to_owned).collect(),
            })
            .collect(),
        condition_keys: action
            .applicable_keys()
            .into_iter()
            .map(|key| Key {
                key: key.name().to_owned(),
                value_type: key.value_type().name(),
                description: descriptions.and_then(|all| all.condition_key(action.service(), key)),
            })
            .collect(),
        dependent_actions: action.dependent_actions().map(str::to_owned).collect(),
    }
}

fn text(action: &Explained) -> String {
    let mut out = format!("{}  {}\n", paint(BOLD, &action.action), paint(DIM, action.access_level));
    if let Some(description) = &action.description {
        out.push_str(&format!("  {description}\n"));
    }
    let mut part = |title: &str, rows: Vec<[String; 2]>| {
        if rows.is_empty() {
            return;
        }
        let width = rows.iter().map(|[name, _]| name.chars().count()).max().unwrap_or(0);
        out.push_str(&format!("\n  {title}\n"));
        for [name, rest] in rows {
            out.push_str(format!("    {name:<width$}  {rest}").trim_end());
            out.push('\n');
        }
    };
    let resources = action.resources.iter().flat_map(|used| {
        let star = if used.required { "*" } else { "" };
        used.arns.iter().map(move |arn| [format!("{}{star}", used.name), arn.clone()])
    });
    let mut resources: Vec<_> = resources.collect();
    if resources.is_empty() {
        resources.push(["none".to_owned(), "a policy can only say \"Resource\": \"*\"".to_owned()]);
    }
    part("Resources (* each call has one)", resources);
    let keys = action.condition_keys.iter().map(|key| {
        let about = key.description.as_deref().unwrap_or("");
        [key.key.clone(), format!("{:<14}  {about}", key.value_type)]
    });
    part("Condition keys, beside the global ones", keys.collect());
    part("May also need", action.dependent_actions.iter().map(|name| [name.clone(), String::new()]).collect());
    out
}

/// The format for people on a terminal, for machines elsewhere.
pub(crate) fn default_format(given: Option<Format>) -> Format {
    let terminal = io::IsTerminal::is_terminal(&io::stdout());
    given.unwrap_or(if terminal { Format::Text } else { Format::Json })
}

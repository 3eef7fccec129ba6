//! The command line as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use policy::{PolicyKind, ResourceType};

const ABOUT: &str = "Evaluate AWS IAM policies and see why: every answer with the lines that decided it.

Works on scenarios: JSON objects with a request and the policies that decide it.
Nothing leaves this machine, and no AWS account is needed.";

const EXAMPLES: &str = "Examples:
  iam-playground evaluate scenario.json
  iam-playground evaluate --format ndjson < scenarios.ndjson > reports.ndjson
  iam-playground test scenarios/
  iam-playground check --kind trust trust-policy.json";

const EVALUATE: &str = "Evaluate scenarios and print a report for each.

An input holds one scenario, an array of them, an object with `scenarios`, or one scenario a line (NDJSON).

Exit code: 0 every scenario got a decision, 2 some input is unusable; all others are still printed.";

const EVALUATE_EXAMPLES: &str = "Examples:
  iam-playground evaluate scenario.json
  cat scenario.json | iam-playground evaluate --format text
  iam-playground evaluate --format ndjson < scenarios.ndjson | jq -r .decision
  iam-playground evaluate --now 2026-01-31T12:00:00Z office-hours.json";

const TEST: &str = "Run the tests that scenarios hold, and print what failed and why.

Folders are searched for *.json, *.ndjson and *.jsonl. A folder of lessons has its lessons checked: solution and start
against the rows, and whether the rows catch every small change of the solution.

Exit code: 0 all passed, 1 some failed, 2 some input is unusable.";

const TEST_EXAMPLES: &str = "Examples:
  iam-playground test scenarios/
  iam-playground test --now 2026-01-31T12:00:00Z office-hours.json
  iam-playground test web/lessons
  iam-playground test --format json scenarios/ > results.json";

const CHECK: &str = "Print what is wrong, or doubtful, in policy documents.

An input is a policy document, or scenarios whose policies are checked.

Exit code: 0 nothing wrong, 1 warnings where `--deny warnings` is given, 2 errors.";

const CHECK_EXAMPLES: &str = "Examples:
  iam-playground check policy.json
  iam-playground check --kind trust trust-policy.json
  iam-playground check --deny warnings policies/*.json
  aws iam get-role-policy --role-name R --policy-name P --query PolicyDocument | iam-playground check";

/// Evaluate AWS IAM policies and see why.
#[derive(Debug, Parser)]
#[command(name = "iam-playground", version, about = ABOUT, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to colour text
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "Evaluate scenarios and print a report for each", long_about = EVALUATE, after_help = EVALUATE_EXAMPLES)]
    Evaluate(Evaluate),
    #[command(about = "Run the tests that scenarios hold", long_about = TEST, after_help = TEST_EXAMPLES)]
    Test(Test),
    #[command(about = "Print what is wrong in policy documents", long_about = CHECK, after_help = CHECK_EXAMPLES)]
    Check(Check),
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// Files with scenarios; standard input where none is given, or for `-`
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// How to print reports: `text` on a terminal, else `json`, unless given
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,

    #[command(flatten)]
    pub(crate) clock: Clock,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Files with scenarios, or folders of them; standard input where none is given, or for `-`
    #[arg(value_name = "FILE or FOLDER")]
    pub(crate) files: Vec<PathBuf>,

    /// How to print results
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) clock: Clock,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Policy documents, or files with scenarios; standard input where none is given, or for `-`
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The kind of policy that the documents are; `identity` unless given
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<Kind>,

    /// Exit with 1 where there are warnings
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) deny: Option<Deny>,

    /// How to print findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) clock: Clock,
}

#[derive(Debug, Args)]
pub(crate) struct Clock {
    /// The time of the requests, such as 2026-01-31T12:00:00Z; the clock's unless given
    // Read in `main`, which answers a bad value in one line.
    #[arg(long, value_name = "RFC3339", allow_hyphen_values = true)]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON value: a report, or an array of them
    Json,
    /// One report a line, in the order of the input
    Ndjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Warnings count as failure
    Warnings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "camelCase")]
pub(crate) enum Kind {
    /// Attached to a user, group or role
    Identity,
    /// Attached to a resource, such as a queue
    Resource,
    /// A role's trust policy
    Trust,
    /// A KMS key's policy
    Key,
    /// An S3 bucket's policy
    Bucket,
    /// A permissions boundary
    PermissionsBoundary,
    /// A session policy
    Session,
    /// A service control policy
    Scp,
    /// A resource control policy
    Rcp,
    /// A VPC endpoint's policy
    VpcEndpoint,
}

impl Kind {
    pub(crate) fn policy_kind(self) -> PolicyKind {
        match self {
            Self::Identity => PolicyKind::Identity,
            Self::Resource => PolicyKind::Resource(ResourceType::Other),
            Self::Trust => PolicyKind::Resource(ResourceType::Role),
            Self::Key => PolicyKind::Resource(ResourceType::Key),
            Self::Bucket => PolicyKind::Resource(ResourceType::Bucket),
            Self::PermissionsBoundary => PolicyKind::PermissionsBoundary,
            Self::Session => PolicyKind::Session,
            Self::Scp => PolicyKind::Scp,
            Self::Rcp => PolicyKind::Rcp,
            Self::VpcEndpoint => PolicyKind::VpcEndpoint,
        }
    }
}

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

Folders are searched for *.json, *.ndjson and *.jsonl, and for *.md with blocks marked ```json iam-scenario (or
<iam-playground> elements), whose stated expectations are checked. A folder of lessons has its lessons checked: solution and start
against the rows, and whether the rows catch every small change of the solution.

With --lessons, files of learners' progress (*Save progress* on the page) are judged against the lessons: answers to lessons of every
kind, guesses among them. With --lesson ID besides, only that lesson counts, and a scenario is judged as the answer to it.

Exit code: 0 all passed, 1 some failed, 2 some input is unusable.";

const TEST_EXAMPLES: &str = "Examples:
  iam-playground test scenarios/
  iam-playground test --now 2026-01-31T12:00:00Z office-hours.json
  iam-playground test web/lessons
  iam-playground test docs/
  iam-playground test --lessons web/lessons handed-in/
  iam-playground test --lessons web/lessons --lesson deny-wins anna.json
  iam-playground test --format json scenarios/ > results.json";

const CHECK: &str = "Print what is wrong, or doubtful, in policy documents.

An input is a policy document, or scenarios whose policies are checked.

Exit code: 0 nothing wrong, 1 warnings where `--deny warnings` is given, 2 errors.";

const CHECK_EXAMPLES: &str = "Examples:
  iam-playground check policy.json
  iam-playground check --kind trust trust-policy.json
  iam-playground check --deny warnings policies/*.json
  aws iam get-role-policy --role-name R --policy-name P --query PolicyDocument | iam-playground check";

const EXPAND: &str = "Print the actions that patterns stand for, as AWS lists them.

Exit code: 0, or 2 where a pattern stands for no action.";

const EXPAND_EXAMPLES: &str = "Examples:
  iam-playground expand 's3:Get*Acl'
  iam-playground expand --long 'iam:*AccessKey*'
  iam-playground expand 'ec2:Describe*' | wc -l";

const EXPLAIN: &str = "Print what AWS documents about actions: what they are for, their access level, the resources
they work on, the condition keys that apply, and the further actions they may need.

Exit code: 0, or 2 where AWS lists no such action.";

const EXPLAIN_EXAMPLES: &str = "Examples:
  iam-playground explain s3:GetObject
  iam-playground explain --format json iam:PassRole | jq -r '.conditionKeys[].key'";

const FROM_ERROR: &str = "Make a scenario of what AWS answered: an AccessDenied message in whatever printed it, the
output of `aws sts decode-authorization-message`, or a CloudTrail event. Nothing is sent anywhere.

Exit code: 0, or 2 where the input is none of these.";

const FROM_ERROR_EXAMPLES: &str = "Examples:
  aws s3 cp s3://photos/cat.jpg . 2>&1 | iam-playground from-error
  iam-playground from-error event.json > scenario.json
  iam-playground from-error --format text error.log";

/// Evaluate AWS IAM policies and see why.
#[derive(Debug, Parser)]
#[command(name = "iam-playground", version, about = ABOUT, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to colour text
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub(crate) color: Color,

    #[command(flatten)]
    pub(crate) clock: Clock,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "Evaluate scenarios and print a report for each", long_about = EVALUATE, after_help = EVALUATE_EXAMPLES)]
    Evaluate(Evaluate),
    #[command(about = "Run the tests that scenarios hold", long_about = TEST, after_help = TEST_EXAMPLES)]
    Test(Test),
    #[command(about = "Print what is wrong in policy documents", long_about = CHECK, after_help = CHECK_EXAMPLES)]
    Check(Check),
    #[command(about = "Print the actions that patterns stand for", long_about = EXPAND, after_help = EXPAND_EXAMPLES)]
    Expand(Expand),
    #[command(about = "Print what AWS documents about actions", long_about = EXPLAIN, after_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
    #[command(about = "Make a scenario of an AccessDenied message or a CloudTrail event", long_about = FROM_ERROR, after_help = FROM_ERROR_EXAMPLES)]
    FromError(FromError),
}

#[derive(Debug, Args)]
pub(crate) struct Expand {
    /// Patterns as in a policy's `Action`, such as 's3:Get*'; quote them for the shell
    #[arg(value_name = "PATTERN", required = true)]
    pub(crate) patterns: Vec<String>,

    /// Access level and description beside each action
    #[arg(long, short)]
    pub(crate) long: bool,

    /// How to print actions
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Actions, such as s3:GetObject
    #[arg(value_name = "ACTION", required = true)]
    pub(crate) actions: Vec<String>,

    /// How to print what is known
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct FromError {
    /// A file with the message or event; standard input where none is given, or for `-`
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// How to print: `text` on a terminal, which explains first, else `json`, the scenario alone
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// Files with scenarios; standard input where none is given, or for `-`
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// How to print reports: `text` on a terminal, else `json`, unless given
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Files with scenarios, or folders of them; standard input where none is given, or for `-`
    #[arg(value_name = "FILE or FOLDER")]
    pub(crate) files: Vec<PathBuf>,

    /// Judge learners' answers to these lessons: their folder, or the `lessons.json` that the page loads
    #[arg(long, value_name = "FOLDER or FILE")]
    pub(crate) lessons: Option<PathBuf>,

    /// The lesson that was given out, by its id; may be given several times
    #[arg(long, value_name = "ID", requires = "lessons")]
    pub(crate) lesson: Vec<String>,

    /// How to print results
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
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
    pub(crate) format: CheckFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Clock {
    /// The time of the requests, such as 2026-01-31T12:00:00Z; the clock's unless given
    // Read in `main`, which answers a bad value in one line.
    #[arg(long, value_name = "RFC3339", allow_hyphen_values = true, global = true)]
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
pub(crate) enum CheckFormat {
    /// For people
    Text,
    /// A JSON array with one object for each document
    Json,
    /// One object a line
    Ndjson,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

impl CheckFormat {
    /// Where it is printed document by document: how.
    pub(crate) fn printed(self) -> Option<Format> {
        match self {
            Self::Text => Some(Format::Text),
            Self::Json => Some(Format::Json),
            Self::Ndjson => Some(Format::Ndjson),
            Self::Sarif => None,
        }
    }
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

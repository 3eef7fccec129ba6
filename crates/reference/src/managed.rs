//! Reading `managed-policies.txt`: the documents of the AWS managed policies, one statement after the other. What a
//! line is, its first character says:
//!
//! ```text
//! iam-playground managed policies 1
//! counts 1582
//! @AmazonS3ReadOnlyAccess v3 /               a policy: name, default version, path; a fourth word `single`
//! +ReadAll                                   where its statement is no list. A statement that allows (`-`: denies), its Sid
//! s3:Get* List*                              entries of Action, the service written once; after a `!` of NotAction
//! >arn:aws:s3:::bucket                       an entry of Resource; after a `<` of NotResource
//! {"Bool":{"aws:SecureTransport":"true"}}    the conditions
//! ```
//!
//! `managed-names.txt` has the lines with `@` alone, under a head of its own: enough to choose from, and small.
//!
//! An `=` before an entry says that it stands alone, not in a list. Text is escaped as in JSON.

use crate::error::{File, Kind, LoadError};
use crate::json::Writer;
use crate::text::{caseless, head, line, lines, numbered};

/// The AWS managed policies.
///
/// ```
/// use reference::ManagedPolicies;
/// # let text = std::fs::read_to_string("../../data/managed-policies.txt").unwrap();
/// let policies = ManagedPolicies::load(text).unwrap();
/// let policy = policies.get("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess").unwrap();
/// assert_eq!(policy.name(), "AmazonS3ReadOnlyAccess");
/// assert!(policy.document().contains("\"s3:Get*\""));
/// assert_eq!(policies.get("readonlyaccess").unwrap().arn(), "arn:aws:iam::aws:policy/ReadOnlyAccess");
/// ```
#[derive(Debug)]
pub struct ManagedPolicies {
    text: Box<str>,
    /// Their first lines, by name.
    policies: Box<[u32]>,
}

/// One AWS managed policy.
#[derive(Debug, Clone, Copy)]
pub struct ManagedPolicy<'p> {
    text: &'p str,
    line: u32,
}

/// The names of the AWS managed policies, without what they say.
///
/// ```
/// use reference::ManagedNames;
/// # let text = std::fs::read_to_string("../../data/managed-names.txt").unwrap();
/// let names = ManagedNames::load(text).unwrap();
/// assert!(names.iter().any(|policy| policy.arn() == "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"));
/// ```
#[derive(Debug)]
pub struct ManagedNames(ManagedPolicies);

impl ManagedNames {
    /// Reads the text of `managed-names.txt`.
    ///
    /// # Errors
    ///
    /// Where the text is damaged or cut off.
    pub fn load(text: impl Into<Box<str>>) -> Result<Self, LoadError> {
        read(text.into(), File::ManagedNames).map(Self)
    }

    /// All of them, by name. Their documents are empty here.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ManagedPolicy<'_>> {
        self.0.iter()
    }
}

impl ManagedPolicies {
    /// Reads the text of `managed-policies.txt`.
    ///
    /// # Errors
    ///
    /// Where the text is damaged or cut off.
    pub fn load(text: impl Into<Box<str>>) -> Result<Self, LoadError> {
        read(text.into(), File::ManagedPolicies)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ManagedPolicy<'_>> {
        self.policies.iter().map(|line| ManagedPolicy { text: &self.text, line: *line })
    }

    /// The policy with this name, in any case, or this ARN, of whichever partition.
    pub fn get(&self, name_or_arn: &str) -> Option<ManagedPolicy<'_>> {
        let policy = |line: &u32| ManagedPolicy { text: &self.text, line: *line };
        let name = name_or_arn.rsplit('/').next()?;
        let place = self.policies.binary_search_by(|line| caseless(policy(line).name(), name)).ok()?;
        let found = self.policies.get(place).map(policy)?;
        // With more than a name, all of it must be right.
        let exact = || {
            let arn = policy::arn::Arn::split(name_or_arn)?;
            let path = arn.resource.strip_prefix("policy")?.strip_suffix(found.name())?;
            Some(arn.service == "iam" && arn.region.is_empty() && arn.account == "aws" && path == found.path())
        };
        (name.len() == name_or_arn.len() || exact() == Some(true)).then_some(found)
    }
}

fn read(text: Box<str>, file: File) -> Result<ManagedPolicies, LoadError> {
    u32::try_from(text.len()).map_err(|_| LoadError::new(file, 0, Kind::Size))?;
    let mut policies = Vec::new();
    let mut count: Option<usize> = None;
    let mut in_statement = false;
    for (number, (at, line)) in numbered(&text).enumerate() {
        let wrong = |kind| LoadError::new(file, number, kind);
        match (number, line.as_bytes().first()) {
            (0, _) if line != file.header() => return Err(wrong(Kind::Header)),
            (0, _) => {}
            (1, _) => count = line.strip_prefix("counts ").and_then(|count| count.parse().ok()),
            (_, None) => return Err(wrong(Kind::Line)),
            (_, Some(b'@')) => {
                let words = line.split(' ').count();
                if !(3..=4).contains(&words) {
                    return Err(wrong(Kind::Line));
                }
                policies.push((head(line.get(1..).unwrap_or(""), ' ').0, at));
                in_statement = false;
            }
            (_, Some(b'+' | b'-')) if !policies.is_empty() => in_statement = true,
            (_, Some(_)) if !in_statement => return Err(wrong(Kind::Outside)),
            _ => {}
        }
    }
    if count != Some(policies.len()) {
        return Err(LoadError::new(file, 1, Kind::Counts));
    }
    policies.sort_unstable_by(|(a, _), (b, _)| caseless(a, b));
    let policies = policies.into_iter().map(|(_, at)| at).collect();
    Ok(ManagedPolicies { text, policies })
}

impl<'p> ManagedPolicy<'p> {
    fn word(self, place: usize) -> &'p str {
        line(self.text, self.line).get(1..).unwrap_or("").split(' ').nth(place).unwrap_or("")
    }

    /// Its name.
    pub fn name(self) -> &'p str {
        self.word(0)
    }

    /// Its default version, such as `v3`.
    pub fn version(self) -> &'p str {
        self.word(1)
    }

    /// Its path, such as `/service-role/`.
    pub fn path(self) -> &'p str {
        self.word(2)
    }

    /// Its ARN in the partition `aws`.
    pub fn arn(self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path(), self.name())
    }

    /// Its document, indented, the elements in the order of AWS's examples.
    pub fn document(self) -> String {
        let single = self.word(3) == "single";
        let mut writer = Writer::default();
        writer.open(None, '{');
        writer.item(Some("Version"), "\"2012-10-17\"");
        if !single {
            writer.open(Some("Statement"), '[');
        }
        let mut open_list = None;
        let mut open_statement = false;
        for line in lines(self.text, self.line).skip(1).take_while(|line| !line.starts_with('@')) {
            let (element, rest) = split(line);
            if open_list.is_some_and(|open| open != element) {
                writer.close(']');
                open_list = None;
            }
            match element {
                "Effect" => {
                    if open_statement {
                        writer.close('}');
                    }
                    open_statement = true;
                    writer.open(single.then_some("Statement"), '{');
                    if !rest.is_empty() {
                        writer.string(Some("Sid"), &[rest]);
                    }
                    writer.string(Some("Effect"), &[if line.starts_with('+') { "Allow" } else { "Deny" }]);
                }
                "Condition" => writer.json("Condition", rest),
                _ => match rest.strip_prefix('=') {
                    Some(alone) => writer.string(Some(element), &[alone]),
                    None => {
                        if open_list.is_none() {
                            writer.open(Some(element), '[');
                            open_list = Some(element);
                        }
                        entries(&mut writer, element, rest);
                    }
                },
            }
        }
        if open_list.is_some() {
            writer.close(']');
        }
        if open_statement {
            writer.close('}');
        }
        if !single {
            writer.close(']');
        }
        writer.close('}');
        writer.finish()
    }
}

/// Writes the entries of one line: several actions of one service, or one resource.
fn entries(writer: &mut Writer, element: &str, line: &str) {
    match line.split_once(':') {
        Some((service, names)) if element.ends_with("Action") => {
            for name in names.split(' ') {
                writer.string(None, &[service, ":", name]);
            }
        }
        _ => writer.string(None, &[line]),
    }
}

/// Which element a line belongs to, and what it says.
fn split(line: &str) -> (&'static str, &str) {
    let rest = line.get(1..).unwrap_or("");
    match line.as_bytes().first() {
        Some(b'+' | b'-') => ("Effect", rest),
        Some(b'{') => ("Condition", line),
        Some(b'!') => ("NotAction", rest),
        Some(b'>') => ("Resource", rest),
        Some(b'<') => ("NotResource", rest),
        _ => ("Action", line),
    }
}

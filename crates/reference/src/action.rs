//! Actions, and what each works on.

use core::fmt;

use crate::arn::Pattern;
use crate::key::{self, ConditionKey};
use crate::load::{ActionEntry, NONE, Reference};
use crate::resource::{ResourceType, UsedResource};
use crate::service::Service;
use crate::text::{self, head, line, lines};

/// How much an action can do, as AWS groups actions.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Lists resources.
    List,
    /// Reads, and changes nothing.
    Read,
    /// Changes only tags.
    Tagging,
    /// Creates, changes or deletes.
    Write,
    /// Gives permissions or takes them away.
    PermissionsManagement,
}

impl AccessLevel {
    /// Every level, the harmless first.
    pub const ALL: [Self; 5] = [Self::List, Self::Read, Self::Tagging, Self::Write, Self::PermissionsManagement];

    /// AWS's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Tagging => "Tagging",
            Self::Write => "Write",
            Self::PermissionsManagement => "Permissions management",
        }
    }

    /// Whether an action of this level changes something.
    pub fn changes(self) -> bool {
        self > Self::Read
    }

    /// The level that stands for `letter` in the data.
    pub(crate) fn read(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.letter() == letter)
    }

    /// The letter that stands for it in the data.
    pub fn letter(self) -> char {
        match self {
            Self::List => 'L',
            Self::Read => 'R',
            Self::Tagging => 'T',
            Self::Write => 'W',
            Self::PermissionsManagement => 'P',
        }
    }
}

impl ActionEntry {
    pub(crate) fn name<'t>(&self, text: &'t str) -> &'t str {
        text::name(text, self.line + 1)
    }
}

/// An action, such as `s3:GetObject`; `Display` writes it so.
#[derive(Clone, Copy)]
pub struct Action<'r> {
    pub(crate) service: Service<'r>,
    pub(crate) entry: &'r ActionEntry,
}

impl Reference {
    /// The action with this name: prefix and name, in any case.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let pass = reference.action("iam:PassRole").unwrap();
    /// let used = pass.resources().next().unwrap();
    /// assert_eq!((used.resource_type.name(), used.required), ("role", true));
    /// assert!(pass.condition_keys().any(|key| key.name() == "iam:PassedToService"));
    ///
    /// let launch = reference.action("ec2:RunInstances").unwrap();
    /// assert!(launch.dependent_actions().any(|name| name == "iam:PassRole"));
    /// ```
    pub fn action(&self, name: &str) -> Option<Action<'_>> {
        let (prefix, name) = name.split_once(':')?;
        self.service(prefix)?.action(name)
    }

    /// All actions, by service and name.
    pub fn actions(&self) -> impl Iterator<Item = Action<'_>> {
        self.services().flat_map(Service::actions)
    }
}

impl<'r> Action<'r> {
    fn text(self) -> &'r str {
        &self.service.reference.text
    }

    /// The names of its own keys, separated by spaces.
    fn key_names(self) -> &'r str {
        if self.entry.keys == NONE { "" } else { line(self.text(), self.entry.keys).get(1..).unwrap_or("") }
    }

    /// The service it belongs to.
    pub fn service(self) -> Service<'r> {
        self.service
    }

    /// Its name without the service, such as `GetObject`.
    pub fn name(self) -> &'r str {
        self.entry.name(self.text())
    }

    /// How much it can do.
    pub fn access_level(self) -> AccessLevel {
        let letter = line(self.text(), self.entry.line).chars().next();
        letter.and_then(AccessLevel::read).unwrap_or(AccessLevel::Write)
    }

    /// The further actions that its caller may need to be allowed, such as `iam:PassRole`.
    pub fn dependent_actions(self) -> impl Iterator<Item = &'r str> {
        line(self.text(), self.entry.line).split(' ').skip(1)
    }

    /// What it works on. Empty where it has no resource-level permissions: a policy can then only say `*`.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// assert_eq!(reference.action("ec2:DescribeInstances").unwrap().resources().count(), 0);
    /// ```
    pub fn resources(self) -> impl Iterator<Item = UsedResource<'r>> {
        let lines = lines(self.text(), self.entry.resources).take_while(|line| line.starts_with(['+', '-']));
        lines.filter_map(move |line| {
            let (name, keys) = head(line.get(1..)?, '\t');
            let resource_type = self.service.resource_type(name)?;
            Some(UsedResource { resource_type, required: line.starts_with('+'), keys })
        })
    }

    /// Whether a policy can name the resources it may be used on.
    pub fn has_resources(self) -> bool {
        !line(self.text(), self.entry.resources + 1).is_empty()
    }

    /// The resource types it works on whose ARNs `pattern` can match; `pattern` is written as in a policy's
    /// `Resource`.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let list = reference.action("s3:ListBucket").unwrap();
    /// let fitting = |pattern| list.resources_fitting(pattern).map(|used| used.resource_type.name()).collect::<Vec<_>>();
    /// assert_eq!(fitting("arn:aws:s3:::bucket"), ["bucket"]);
    /// assert!(fitting("arn:aws:s3:::bucket/*").is_empty());
    /// assert_eq!(fitting("*"), ["accesspoint", "bucket"]);
    /// ```
    pub fn resources_fitting(self, pattern: &str) -> impl Iterator<Item = UsedResource<'r>> {
        let pattern = Pattern::new(pattern);
        self.resources().filter(move |used| used.resource_type.fits_pattern(&pattern))
    }

    /// The condition keys that AWS lists for the action itself, whatever it works on.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey<'r>> {
        self.service.named_keys(self.key_names())
    }

    /// All condition keys that can be in a request for it, but for the global ones: its own, those of its resource
    /// types, and those of the types when this action uses them. By name, each once.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let names = |action| -> Vec<_> {
    ///     reference.action(action).unwrap().applicable_keys().into_iter().map(|key| key.name()).collect()
    /// };
    /// assert!(names("s3:ListBucket").contains(&"s3:prefix"));
    /// assert!(!names("s3:GetObject").contains(&"s3:prefix"));
    /// // Only the instance that `RunInstances` makes has a type.
    /// assert!(names("ec2:RunInstances").contains(&"ec2:InstanceType"));
    /// ```
    pub fn applicable_keys(self) -> Vec<ConditionKey<'r>> {
        let mut keys: Vec<_> = self.condition_keys().collect();
        for used in self.resources() {
            keys.extend(used.condition_keys());
            keys.extend(used.resource_type.condition_keys());
        }
        keys.sort_unstable_by_key(|key| key.line);
        keys.dedup_by_key(|key| key.line);
        keys
    }

    /// Whether a key with this name, in any case, is one of [`Self::applicable_keys`].
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let get = reference.action("s3:GetObject").unwrap();
    /// assert!(get.supports_key("s3:ExistingObjectTag/team"));
    /// assert!(!get.supports_key("s3:prefix"));
    /// ```
    pub fn supports_key(self, name: &str) -> bool {
        let listed = |names: &str| names.split(' ').any(|template| key::covers(template, name));
        listed(self.key_names())
            || self.resources().any(|used| listed(used.keys) || listed(used.resource_type.key_names()))
    }

    /// The resource types it works on.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType<'r>> {
        self.resources().map(|used| used.resource_type)
    }
}

impl PartialEq for Action<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.entry.line == other.entry.line && self.service == other.service
    }
}

impl Eq for Action<'_> {}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service.prefix(), self.name())
    }
}

impl fmt::Debug for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({self})")
    }
}

//! Services: the prefixes of actions.

use core::fmt;

use crate::action::Action;
use crate::key::ConditionKey;
use crate::load::{ActionEntry, Reference, ServiceEntry};
use crate::resource::ResourceType;
use crate::text::{self, caseless, head, line, strip_prefix};

/// A service, such as `s3`.
#[derive(Clone, Copy)]
pub struct Service<'r> {
    pub(crate) reference: &'r Reference,
    pub(crate) entry: &'r ServiceEntry,
}

impl Reference {
    /// All services, by prefix.
    pub fn services(&self) -> impl ExactSizeIterator<Item = Service<'_>> + Clone {
        self.services.iter().map(|entry| Service { reference: self, entry })
    }

    /// The service with this prefix.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// assert_eq!(reference.service("S3").unwrap().name(), "Amazon S3");
    /// assert!(reference.service("s4").is_none());
    /// ```
    pub fn service(&self, prefix: &str) -> Option<Service<'_>> {
        let service = |entry| Service { reference: self, entry };
        let place = self.services.binary_search_by(|entry| caseless(service(entry).prefix(), prefix)).ok()?;
        self.services.get(place).map(service)
    }

    /// The services whose prefix starts with `start`: what to offer for a service half typed.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let prefixes: Vec<_> = reference.services_starting("S3-o").map(|service| service.prefix()).collect();
    /// assert_eq!(prefixes, ["s3-object-lambda", "s3-outposts"]);
    /// ```
    pub fn services_starting<'r>(&'r self, start: &str) -> impl Iterator<Item = Service<'r>> {
        self.services().filter(move |service| strip_prefix(service.prefix(), start).is_some())
    }
}

impl<'r> Service<'r> {
    /// What its actions start with, such as `s3`.
    pub fn prefix(self) -> &'r str {
        text::name(&self.reference.text, self.entry.line + 1)
    }

    /// Its name for people, such as `Amazon S3`.
    pub fn name(self) -> &'r str {
        head(line(&self.reference.text, self.entry.line), ' ').1
    }

    /// Whether resource control policies apply to its resources.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// assert!(reference.service("s3").unwrap().supports_resource_control_policies());
    /// assert!(!reference.service("iam").unwrap().supports_resource_control_policies());
    /// ```
    pub fn supports_resource_control_policies(self) -> bool {
        self.entry.rcp
    }

    /// Its actions, by name.
    pub fn actions(self) -> impl ExactSizeIterator<Item = Action<'r>> {
        self.actions_in(self.entries())
    }

    fn entries(self) -> &'r [ActionEntry] {
        let range = self.entry.actions.start as usize..self.entry.actions.end as usize;
        self.reference.actions.get(range).unwrap_or(&[])
    }

    fn actions_in(self, entries: &'r [ActionEntry]) -> impl ExactSizeIterator<Item = Action<'r>> {
        entries.iter().map(move |entry| Action { service: self, entry })
    }

    /// Its action with this name, without the prefix.
    pub fn action(self, name: &str) -> Option<Action<'r>> {
        let entries = self.entries();
        let action = |entry| Action { service: self, entry };
        let place = entries.binary_search_by(|entry| caseless(action(entry).name(), name)).ok()?;
        entries.get(place).map(action)
    }

    /// Its actions whose name starts with `start`, by name: what to offer for an action half typed.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let sts = reference.service("sts").unwrap();
    /// let names: Vec<_> = sts.actions_starting("assumerolew").map(|action| action.name()).collect();
    /// assert_eq!(names, ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]);
    /// ```
    pub fn actions_starting(self, start: &str) -> impl ExactSizeIterator<Item = Action<'r>> {
        let entries = self.entries();
        let name = |entry: &ActionEntry| entry.name(&self.reference.text);
        let first = entries.partition_point(|entry| caseless(name(entry), start).is_lt());
        let from = entries.get(first..).unwrap_or(&[]);
        let length = from.partition_point(|entry| strip_prefix(name(entry), start).is_some());
        self.actions_in(from.get(..length).unwrap_or(&[]))
    }

    /// Its resource types, by name.
    pub fn resource_types(self) -> impl ExactSizeIterator<Item = ResourceType<'r>> {
        self.type_lines().iter().map(move |line| ResourceType { service: self, line: *line })
    }

    fn type_lines(self) -> &'r [u32] {
        let range = self.entry.types.start as usize..self.entry.types.end as usize;
        self.reference.types.get(range).unwrap_or(&[])
    }

    /// Its resource type with this name.
    pub fn resource_type(self, name: &str) -> Option<ResourceType<'r>> {
        let lines = self.type_lines();
        let resource_type = |line: &u32| ResourceType { service: self, line: *line };
        let place = lines.binary_search_by(|line| caseless(resource_type(line).name(), name)).ok()?;
        lines.get(place).map(resource_type)
    }

    /// The condition keys that its actions use, by name; some bear another prefix, such as `aws:TagKeys`.
    pub fn condition_keys(self) -> impl ExactSizeIterator<Item = ConditionKey<'r>> + Clone {
        let range = self.entry.keys.start as usize..self.entry.keys.end as usize;
        self.reference.keys_in(range)
    }
}

impl PartialEq for Service<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.prefix() == other.prefix()
    }
}

impl Eq for Service<'_> {}

impl fmt::Debug for Service<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({})", self.prefix())
    }
}

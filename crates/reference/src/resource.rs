//! Resource types and their ARNs.

use core::fmt;

use crate::arn::Pattern;
use crate::key::ConditionKey;
use crate::load::{ByVendor, Reference};
use crate::service::Service;
use crate::text::{head, line, until};

/// A kind of resource of a service, such as the bucket of S3.
#[derive(Clone, Copy)]
pub struct ResourceType<'r> {
    pub(crate) service: Service<'r>,
    pub(crate) line: u32,
}

/// A resource type as one action uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedResource<'r> {
    /// The type.
    pub resource_type: ResourceType<'r>,
    /// Whether each call works on one of this type.
    pub required: bool,
    /// The names of the keys, separated by spaces.
    pub(crate) keys: &'r str,
}

impl Reference {
    /// The resource types whose ARNs `pattern` can match: what an ARN is. Types of other services with the same
    /// ARN format come too.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let types = reference.identify("arn:aws:dynamodb:eu-west-1:111122223333:table/Books/index/by-author");
    /// assert!(types.iter().any(|t| (t.service().prefix(), t.name()) == ("dynamodb", "index")));
    /// assert!(!types.iter().any(|t| t.name() == "table"));
    /// ```
    pub fn identify(&self, pattern: &str) -> Vec<ResourceType<'_>> {
        let pattern = Pattern::new(pattern);
        self.services().flat_map(Service::resource_types).filter(|kind| kind.fits_pattern(&pattern)).collect()
    }

    /// The resource types in whose ARNs `vendor` stands as the service, whichever service's they are.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let types = reference.types_of_vendor("s3");
    /// assert!(types.contains(&reference.service("s3").unwrap().resource_type("bucket").unwrap()));
    /// assert!(reference.types_of_vendor("s4").is_empty());
    /// ```
    pub fn types_of_vendor(&self, vendor: &str) -> Vec<ResourceType<'_>> {
        let by_vendor = self.by_vendor.get_or_init(|| {
            let mut by_vendor = ByVendor::new();
            for (service, place) in self.services().zip(0..) {
                for kind in service.resource_types() {
                    for vendor in kind.vendors() {
                        let kinds = by_vendor.entry(vendor.into()).or_default();
                        if kinds.last() != Some(&(place, kind.line)) {
                            kinds.push((place, kind.line));
                        }
                    }
                }
            }
            by_vendor
        });
        let kind = |(place, line): &(u32, u32)| {
            let entry = self.services.get(*place as usize)?;
            Some(ResourceType { service: Service { reference: self, entry }, line: *line })
        };
        by_vendor.get(vendor).map(|kinds| kinds.iter().filter_map(kind).collect()).unwrap_or_default()
    }

    /// Whether `pattern` can match an ARN of one of the types, see [`ResourceType::fits`].
    pub fn any_fits(types: &[ResourceType<'_>], pattern: &str) -> bool {
        let pattern = Pattern::new(pattern);
        types.iter().any(|kind| kind.fits_pattern(&pattern))
    }
}

impl<'r> ResourceType<'r> {
    fn fields(self) -> (&'r str, &'r str) {
        head(line(&self.service.reference.text, self.line).get(1..).unwrap_or(""), '\t')
    }

    /// The service it belongs to.
    pub fn service(self) -> Service<'r> {
        self.service
    }

    /// Its name in AWS's documentation, such as `bucket`.
    pub fn name(self) -> &'r str {
        until(&self.service.reference.text, self.line + 1, |byte| byte == b'\t')
    }

    /// Its ARN formats, with a `${Name}` where an ARN has a part of its own; mostly one.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let object = reference.service("s3").unwrap().resource_type("object").unwrap();
    /// let formats: Vec<_> = object.arn_formats().collect();
    /// assert_eq!(formats, ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]);
    /// ```
    pub fn arn_formats(self) -> impl Iterator<Item = &'r str> {
        head(self.fields().1, '\t').0.split(' ')
    }

    /// The services in its ARN formats; mostly one.
    pub fn vendors(self) -> impl Iterator<Item = &'r str> {
        self.arn_formats().filter_map(|format| format.split(':').nth(2))
    }

    /// The condition keys that apply to resources of this type, whichever action uses them.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey<'r>> {
        self.service.named_keys(self.key_names())
    }

    /// The names of the keys that apply to it, separated by spaces.
    pub(crate) fn key_names(self) -> &'r str {
        head(self.fields().1, '\t').1
    }

    /// Whether `pattern`, written as in a policy's `Resource`, can match an ARN of this type. Policy variables in it
    /// may stand for anything.
    ///
    /// A part of an ARN may hold slashes, but for a part that another format of the service puts a slash behind:
    /// since objects are `${BucketName}/${ObjectName}`, no bucket's name has one.
    pub fn fits(self, pattern: &str) -> bool {
        self.fits_pattern(&Pattern::new(pattern))
    }

    pub(crate) fn fits_pattern(self, pattern: &Pattern<'_>) -> bool {
        self.arn_formats().any(|format| pattern.fits(format, |name| self.service.ends_at_slash(name)))
    }
}

impl<'r> UsedResource<'r> {
    /// The condition keys that apply when the action uses a resource of this type.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey<'r>> {
        self.resource_type.service.named_keys(self.keys)
    }
}

impl Service<'_> {
    /// Whether a format of the service has `${name}/`.
    fn ends_at_slash(self, name: &str) -> bool {
        let range = self.entry.slashed.start as usize..self.entry.slashed.end as usize;
        let text = &self.reference.text;
        let is_here = |at: &u32| {
            let rest = text.get(*at as usize..).and_then(|rest| rest.strip_prefix(name));
            rest.is_some_and(|rest| rest.starts_with('}'))
        };
        self.reference.slashed.get(range).unwrap_or(&[]).iter().any(is_here)
    }
}

impl PartialEq for ResourceType<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.line == other.line && self.service == other.service
    }
}

impl Eq for ResourceType<'_> {}

impl fmt::Debug for ResourceType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResourceType({} {})", self.service.prefix(), self.name())
    }
}

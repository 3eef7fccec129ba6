//! What an ARN is.

use serde::Serialize;

use crate::Knowledge;
use crate::template::{self, ArnPart};

/// A type of resource that an ARN can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identified {
    /// The prefix of the service whose documentation lists the type, such as `s3`.
    pub service: String,
    /// That service's name, such as `Amazon S3`.
    pub service_name: String,
    /// The type's name in the documentation, such as `object`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The format that fits, such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
    pub format: String,
    /// What stands in the parts of the format; empty for a pattern that cannot be taken apart.
    pub parts: Vec<ArnPart>,
}

/// The types of resources that an ARN, or a pattern of a policy's `Resource`, can be: those of the service that it
/// names first. Nothing without the services' data.
///
/// ```
/// use assist::{identify, Knowledge, Part};
///
/// let mut knowledge = Knowledge::default();
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// knowledge.load(Part::Services, read("services")).unwrap();
/// let found = identify("arn:aws:s3:::photos/cat.jpg", &knowledge);
/// assert_eq!((found[0].service.as_str(), found[0].resource_type.as_str()), ("s3", "object"));
/// assert_eq!((found[0].parts[1].name.as_str(), found[0].parts[1].value.as_str()), ("BucketName", "photos"));
/// ```
pub fn identify(arn: &str, knowledge: &Knowledge) -> Vec<Identified> {
    // `*` is everything, which says nothing.
    let named =
        policy::arn::Arn::split(arn).map(|arn| arn.service).filter(|service| !service.contains(['*', '?', '$']));
    let (Some(services), Some(named)) = (knowledge.services(), named) else { return Vec::new() };
    let mut types = services.identify(arn);
    types.sort_by_key(|kind| kind.service().prefix() != named);
    let identified = |kind: reference::ResourceType<'_>| {
        let fitting = kind.arn_formats().find_map(|format| Some((format, template::parts(format, arn)?)));
        let (format, parts) = match fitting {
            Some(found) => found,
            None => (kind.arn_formats().next()?, Vec::new()),
        };
        Some(Identified {
            service: kind.service().prefix().to_owned(),
            service_name: kind.service().name().to_owned(),
            resource_type: kind.name().to_owned(),
            format: format.to_owned(),
            parts,
        })
    };
    types.into_iter().filter_map(identified).collect()
}

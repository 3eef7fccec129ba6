//! What AWS documents about its services, to look things up in: actions with their access level, resource types
//! with their ARN formats, condition keys with their types, dependent actions, descriptions, and the documents of
//! the AWS managed policies.
//!
//! Nothing here decides anything. The data is always older than AWS: what it does not know may still exist, so an
//! unknown action or key is at most worth a warning.
//!
//! The texts are those in the folder `data`, made by `cargo xtask refresh-data`. Loading reads a text once, checks it
//! and keeps where things are; names and ARNs are handed out as slices of the text. There are three, so that nobody
//! waits for what is not looked at: [`Reference`] (needed by the others), [`Descriptions`], [`ManagedPolicies`].
//!
//! ```
//! use reference::{AccessLevel, Reference};
//! # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
//! let reference = Reference::load(text).unwrap();
//!
//! let action = reference.action("S3:getobject").unwrap();
//! assert_eq!(action.to_string(), "s3:GetObject");
//! assert_eq!(action.access_level(), AccessLevel::Read);
//!
//! // An object is not a bucket.
//! assert!(action.resources_fitting("arn:aws:s3:::bucket/*").any(|used| used.resource_type.name() == "object"));
//! assert_eq!(action.resources_fitting("arn:aws:s3:::bucket").count(), 0);
//! ```

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

mod action;
mod arn;
mod descriptions;
mod error;
mod expand;
mod glob;
mod json;
mod key;
mod load;
mod managed;
mod nearest;
mod operation;
mod resource;
mod review;
mod service;
mod text;

pub use action::{AccessLevel, Action};
pub use descriptions::Descriptions;
pub use error::LoadError;
pub use key::{ConditionKey, KeyType};
pub use load::Reference;
pub use managed::{ManagedNames, ManagedPolicies, ManagedPolicy};
pub use operation::permission_of;
pub use resource::{ResourceType, UsedResource};
pub use review::{ActionUse, KeyUse, ResourceUse, Review, Reviewer, Support};
pub use service::Service;

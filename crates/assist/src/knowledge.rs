//! The reference data as far as it is there: a page loads it part by part, after the first decision.

use reference::{Descriptions, LoadError, ManagedNames, ManagedPolicies, ManagedPolicy, Reference};

/// What is known about AWS's services and policies.
///
/// ```
/// use assist::{Knowledge, Part};
///
/// let mut knowledge = Knowledge::default();
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// assert!(knowledge.services().is_none());
/// knowledge.load(Part::Services, read("services")).unwrap();
/// assert!(knowledge.services().unwrap().action("s3:GetObject").is_some());
/// ```
#[derive(Debug, Default)]
pub struct Knowledge {
    services: Option<Reference>,
    descriptions: Option<Descriptions>,
    managed_policies: Option<ManagedPolicies>,
    managed_names: Option<ManagedNames>,
}

/// A file of the reference data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// `services.txt`: actions, resource types, condition keys. The descriptions refer to it and are loaded after it.
    Services,
    /// `descriptions.txt`: what actions and condition keys are for.
    Descriptions,
    /// `managed-policies.txt`: the documents of the AWS managed policies.
    ManagedPolicies,
    /// `managed-names.txt`: their names alone, for whoever chooses one. What has the documents needs it not.
    ManagedNames,
}

impl Part {
    /// All parts, in the order in which they are loaded.
    pub const ALL: [Self; 4] = [Self::Services, Self::Descriptions, Self::ManagedNames, Self::ManagedPolicies];

    /// The part by the name of its file, without `.txt`.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// The name of its file, without `.txt`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Descriptions => "descriptions",
            Self::ManagedPolicies => "managed-policies",
            Self::ManagedNames => "managed-names",
        }
    }
}

impl Knowledge {
    /// Takes in the text of a part's file, in place of what was there.
    ///
    /// # Errors
    ///
    /// Where the text is damaged, is of another version than the services, or comes before them. What was there stays.
    pub fn load(&mut self, part: Part, text: impl Into<Box<str>>) -> Result<(), LoadError> {
        match (part, &self.services) {
            (Part::Services, _) => {
                self.services = Some(Reference::load(text)?);
                // They refer to it by number.
                self.descriptions = None;
            }
            (Part::Descriptions, Some(services)) => self.descriptions = Some(Descriptions::load(text, services)?),
            (Part::ManagedNames, _) => self.managed_names = Some(ManagedNames::load(text)?),
            (Part::ManagedPolicies, _) => self.managed_policies = Some(ManagedPolicies::load(text)?),
            (Part::Descriptions, None) => return Err(LoadError::without_services()),
        }
        Ok(())
    }

    /// Services, actions, resource types and condition keys.
    pub fn services(&self) -> Option<&Reference> {
        self.services.as_ref()
    }

    /// What actions and condition keys are for.
    pub fn descriptions(&self) -> Option<&Descriptions> {
        self.descriptions.as_ref()
    }

    /// The AWS managed policies.
    pub fn managed_policies(&self) -> Option<&ManagedPolicies> {
        self.managed_policies.as_ref()
    }

    /// The AWS managed policies by name, whether their documents are there or not; none where neither is loaded.
    pub fn managed_names(&self) -> Option<Vec<ManagedPolicy<'_>>> {
        match (&self.managed_policies, &self.managed_names) {
            (Some(policies), _) => Some(policies.iter().collect()),
            (None, Some(names)) => Some(names.iter().collect()),
            (None, None) => None,
        }
    }
}

/// What unit tests look into.
#[cfg(test)]
pub(crate) mod loaded {
    use std::sync::OnceLock;

    use super::{Knowledge, Part};

    /// The service data, loaded once.
    pub(crate) fn services() -> &'static Knowledge {
        static SERVICES: OnceLock<Knowledge> = OnceLock::new();
        SERVICES.get_or_init(|| {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
            let mut knowledge = Knowledge::default();
            knowledge.load(Part::Services, std::fs::read_to_string(path).unwrap()).unwrap();
            knowledge
        })
    }
}

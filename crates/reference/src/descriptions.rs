//! Reading `descriptions.txt`: AWS's sentences, in the order in which [`Reference`] has the names.
//!
//! ```text
//! iam-playground descriptions 1
//! for 2026-09-26 456 22091 2578        the service data it belongs to: date, services, actions, keys
//! @s3
//! abort a multipart upload             an action, by name: "Grants permission to …"
//! …
//! the tag key and value pair           then a condition key, by name: "Filters access by …"
//! !A sentence that starts otherwise.
//! ```

use crate::action::Action;
use crate::error::{File, Kind, LoadError};
use crate::key::ConditionKey;
use crate::load::Reference;
use crate::service::Service;
use crate::text::{caseless, lines, numbered};

/// What actions and condition keys are for, in AWS's words.
///
/// ```
/// use reference::{Descriptions, Reference};
/// # let read = |name: &str| std::fs::read_to_string(format!("../../data/{name}.txt")).unwrap();
/// let reference = Reference::load(read("services")).unwrap();
/// let descriptions = Descriptions::load(read("descriptions"), &reference).unwrap();
///
/// let pass = reference.action("iam:PassRole").unwrap();
/// assert_eq!(descriptions.action(pass).unwrap(), "Grants permission to pass a role to a service");
/// ```
#[derive(Debug)]
pub struct Descriptions {
    text: Box<str>,
    /// Where the sentences of each service start.
    services: Box<[u32]>,
}

const FILE: File = File::Descriptions;

impl Descriptions {
    /// How sentences about actions start, with few exceptions.
    pub const ACTION: &str = "Grants permission to ";
    /// How sentences about condition keys start, with few exceptions.
    pub const CONDITION_KEY: &str = "Filters access by ";

    /// Reads the text of `descriptions.txt`.
    ///
    /// # Errors
    ///
    /// Where the text is damaged, cut off, or was made for another version of the service data.
    pub fn load(text: impl Into<Box<str>>, reference: &Reference) -> Result<Self, LoadError> {
        let text = text.into();
        u32::try_from(text.len()).map_err(|_| LoadError::new(FILE, 0, Kind::Size))?;
        let services = starts(&text, reference)?;
        Ok(Self { services, text })
    }

    /// The second line of the descriptions of `reference`.
    pub fn subject(reference: &Reference) -> String {
        let services = reference.services();
        let actions: usize = services.clone().map(|service| service.actions().len()).sum();
        let keys: usize = services.clone().map(|service| service.condition_keys().len()).sum();
        format!("for {} {} {actions} {keys}", reference.date(), services.len())
    }

    /// What an action lets its caller do.
    pub fn action(&self, action: Action<'_>) -> Option<String> {
        let place = action.service().actions().position(|other| other == action)?;
        self.sentence(action.service(), place, Self::ACTION)
    }

    /// What the actions of a service let their callers do, in the order of [`Service::actions`].
    pub fn actions_of(&self, service: Service<'_>) -> impl Iterator<Item = Option<String>> {
        self.sentences(service).take(service.actions().len()).map(|line| whole(line, Self::ACTION))
    }

    /// What the condition keys of a service hold, in the order of [`Service::condition_keys`].
    pub fn condition_keys_of(&self, service: Service<'_>) -> impl Iterator<Item = Option<String>> {
        let keys = self.sentences(service).skip(service.actions().len()).take(service.condition_keys().len());
        keys.map(|line| whole(line, Self::CONDITION_KEY))
    }

    /// What a condition key holds; AWS describes the same key differently for each service.
    pub fn condition_key(&self, service: Service<'_>, key: ConditionKey<'_>) -> Option<String> {
        let place = service.condition_keys().position(|other| other == key)?;
        self.sentence(service, service.actions().len() + place, Self::CONDITION_KEY)
    }

    fn sentence(&self, service: Service<'_>, place: usize, start: &str) -> Option<String> {
        whole(self.sentences(service).nth(place)?, start)
    }

    /// The lines of a service and of those behind it.
    fn sentences(&self, service: Service<'_>) -> core::str::Lines<'_> {
        let services = &service.reference.services;
        let same = |entry| caseless(Service { reference: service.reference, entry }.prefix(), service.prefix());
        let at = services.binary_search_by(same).ok().and_then(|place| self.services.get(place));
        lines(&self.text, at.copied().unwrap_or(u32::MAX))
    }
}

/// A sentence with the words that most of its kind start with.
fn whole(line: &str, start: &str) -> Option<String> {
    match line.strip_prefix('!') {
        Some(whole) => Some(whole.to_owned()),
        None if line.is_empty() => None,
        None => Some(format!("{start}{line}")),
    }
}

/// Checks the text, and finds where the sentences of each service start.
fn starts(text: &str, reference: &Reference) -> Result<Box<[u32]>, LoadError> {
    let mut lines = numbered(text).enumerate();
    let wrong = |line, kind| LoadError::new(FILE, line, kind);
    if lines.next().is_none_or(|(_, (_, line))| line != FILE.header()) {
        return Err(wrong(0, Kind::Header));
    }
    if lines.next().is_none_or(|(_, (_, line))| line != Descriptions::subject(reference)) {
        return Err(wrong(1, Kind::Mismatch));
    }
    let mut starts = Vec::with_capacity(reference.services.len());
    let mut last = 1;
    for service in reference.services() {
        let (number, (at, line)) = lines.next().ok_or(wrong(last, Kind::Counts))?;
        if line.strip_prefix('@') != Some(service.prefix()) {
            return Err(wrong(number, Kind::Line));
        }
        starts.push(at + line.len() as u32 + 1);
        last = number;
        for _ in 0..service.actions().len() + service.condition_keys().len() {
            (last, _) = lines.next().ok_or(wrong(last, Kind::Counts))?;
        }
    }
    match lines.next() {
        Some((number, _)) => Err(wrong(number, Kind::Outside)),
        None => Ok(starts.into()),
    }
}

//! Reading `services.txt`. What a line is, its first character says:
//!
//! ```text
//! iam-playground services 1                    the format
//! date 2026-09-26                              when AWS's documentation was read
//! counts 62 456 2578 2334 22091                global keys, services, their keys, resource types, actions
//! %String aws:userid                           a condition key: type, name; before the first service: global
//! @s3 Amazon S3                                a service: prefix, name; all that follows is the service's
//! !rcp                                         resource control policies apply to it
//! %String s3:prefix                            a condition key that its actions use, whatever the key's prefix
//! /bucket⇥arn:…${BucketName}⇥s3:BucketTag/…    a resource type: name, ARN formats, keys that apply to it
//! +bucket⇥aws:TagKeys                          what the next actions work on: `+` required, `-` not; keys in
//! -object                                      that case only. A lone `+`: the next actions work on no resource
//! =s3:TlsVersion s3:authType                   keys of the next actions, until the next `+`, `-` or `=`
//! RGetObject kms:Decrypt                       an action: level (`L` `R` `T` `P` `W`), name, dependent actions
//! ```
//!
//! One line an action and the lines in a fixed order: a refresh is a diff that can be read.

use core::ops::Range;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::action::AccessLevel;
use crate::error::{File, Kind, LoadError};
use crate::key::KeyType;
use crate::text::{self, caseless, head, line, numbered};

/// The service data: look-up by name, by pattern and by ARN.
///
/// Names compare without ASCII case, as AWS compares them.
#[derive(Debug)]
pub struct Reference {
    pub(crate) text: Box<str>,
    date: u32,
    pub(crate) services: Box<[ServiceEntry]>,
    /// By service, then by name.
    pub(crate) actions: Box<[ActionEntry]>,
    /// The lines of resource types, by service, then by name.
    pub(crate) types: Box<[u32]>,
    /// The lines of condition keys: the global ones, then by service, then by name.
    pub(crate) keys: Box<[u32]>,
    pub(crate) global_keys: Range<u32>,
    /// Keys that a service uses without their bearing its prefix, such as `saml:aud` of `sts`: places in `keys`.
    pub(crate) guest_keys: Box<[u32]>,
    /// Where the names of ARN parts stand that a slash follows: these parts hold no slash themselves. By service.
    pub(crate) slashed: Box<[u32]>,
    /// Made when first asked for.
    pub(crate) by_vendor: OnceLock<ByVendor>,
}

/// For the service of an ARN, the resource types whose ARNs have it: the place of their own service, and their line.
pub(crate) type ByVendor = BTreeMap<Box<str>, Vec<(u32, u32)>>;

#[derive(Debug)]
pub(crate) struct ServiceEntry {
    pub(crate) line: u32,
    pub(crate) rcp: bool,
    pub(crate) actions: Range<u32>,
    pub(crate) types: Range<u32>,
    pub(crate) keys: Range<u32>,
    pub(crate) slashed: Range<u32>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ActionEntry {
    pub(crate) line: u32,
    /// The first of its `+` and `-` lines.
    pub(crate) resources: u32,
    /// Its `=` line; [`NONE`] where it has none.
    pub(crate) keys: u32,
}

/// No line.
pub(crate) const NONE: u32 = u32::MAX;

const FILE: File = File::Services;

impl Reference {
    /// Reads the text of `services.txt` and checks every line of it.
    ///
    /// # Errors
    ///
    /// Where the text is damaged or cut off. No text makes it panic.
    ///
    /// ```
    /// use reference::Reference;
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// assert!(Reference::load(&text[..text.len() / 2]).is_err());
    /// assert!(Reference::load(text).unwrap().services().count() > 400);
    /// ```
    pub fn load(text: impl Into<Box<str>>) -> Result<Self, LoadError> {
        let text = text.into();
        if u32::try_from(text.len()).map_or(true, |length| length == NONE) {
            return Err(LoadError::new(FILE, 0, Kind::Size));
        }
        let mut loader = Loader::default();
        let mut counts = None;
        let mut date = None;
        for (number, (at, line)) in numbered(&text).enumerate() {
            let wrong = |kind| LoadError::new(FILE, number, kind);
            match number {
                0 if line != FILE.header() => return Err(wrong(Kind::Header)),
                0 => {}
                1 if line.starts_with("date ") => date = Some(at),
                2 => counts = Some(Counts::read(line).ok_or(wrong(Kind::Line))?),
                _ => loader.line(at, line).map_err(wrong)?,
            }
        }
        loader.close_service();
        let (Some(counts), Some(date)) = (counts, date) else {
            return Err(LoadError::new(FILE, 0, Kind::Header));
        };
        if counts != loader.counts() {
            return Err(LoadError::new(FILE, 2, Kind::Counts));
        }
        let guest_keys = loader.guest_keys(&text);
        let Loader { services, actions, types, keys, slashed, global_keys, .. } = loader;
        if !services.is_sorted_by(|a, b| caseless(prefix(&text, a.line), prefix(&text, b.line)).is_lt()) {
            return Err(LoadError::new(FILE, 2, Kind::Line));
        }
        let lines = |entries: Vec<(&str, u32)>| entries.into_iter().map(|(_, line)| line).collect();
        let actions = actions.into_iter().map(|(_, entry)| entry).collect();
        let (types, keys, slashed) = (lines(types), lines(keys), lines(slashed));
        let by_vendor = OnceLock::new();
        Ok(Self {
            date,
            services: services.into(),
            actions,
            types,
            keys,
            global_keys,
            guest_keys,
            slashed,
            by_vendor,
            text,
        })
    }

    /// The day on which AWS's documentation was read, such as `2026-09-26`.
    pub fn date(&self) -> &str {
        line(&self.text, self.date).strip_prefix("date ").unwrap_or("")
    }
}

fn prefix(text: &str, at: u32) -> &str {
    text::name(text, at + 1)
}

/// What the head of the file promises.
#[derive(Debug, PartialEq, Eq)]
struct Counts([usize; 5]);

impl Counts {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("counts ")?.split(' ');
        let mut counts = [0; 5];
        for count in &mut counts {
            *count = words.next()?.parse().ok()?;
        }
        words.next().is_none().then_some(Self(counts))
    }
}

#[derive(Default)]
struct Loader<'t> {
    services: Vec<ServiceEntry>,
    actions: Vec<(&'t str, ActionEntry)>,
    types: Vec<(&'t str, u32)>,
    keys: Vec<(&'t str, u32)>,
    slashed: Vec<(&'t str, u32)>,
    global_keys: Range<u32>,
    resources: Option<u32>,
    /// Whether the last line was a `+` or `-` too.
    in_resources: bool,
    key_line: Option<u32>,
}

impl<'t> Loader<'t> {
    fn line(&mut self, at: u32, line: &'t str) -> Result<(), Kind> {
        let mut characters = line.chars();
        let tag = characters.next().ok_or(Kind::Line)?;
        let rest = characters.as_str();
        let in_resources = core::mem::take(&mut self.in_resources);
        match tag {
            '@' => self.service(at, rest),
            '%' => self.key(at, rest),
            _ if self.services.is_empty() => Err(Kind::Outside),
            '!' if rest == "rcp" => {
                self.services.last_mut().ok_or(Kind::Outside)?.rcp = true;
                Ok(())
            }
            '/' => {
                let (name, rest) = head(rest, '\t');
                if name.is_empty() || !rest.starts_with("arn:") {
                    return Err(Kind::Line);
                }
                self.types.push((name, at));
                self.slashed(at + 2 + name.len() as u32, head(rest, '\t').0);
                Ok(())
            }
            '+' | '-' => {
                if !in_resources {
                    self.resources = Some(at);
                    self.key_line = None;
                }
                self.in_resources = true;
                Ok(())
            }
            '=' => {
                self.key_line = Some(at);
                Ok(())
            }
            level => {
                AccessLevel::read(level).ok_or(Kind::Line)?;
                let name = head(rest, ' ').0;
                if name.is_empty() {
                    return Err(Kind::Line);
                }
                let resources = self.resources.ok_or(Kind::Outside)?;
                self.actions.push((name, ActionEntry { line: at, resources, keys: self.key_line.unwrap_or(NONE) }));
                Ok(())
            }
        }
    }

    fn service(&mut self, at: u32, rest: &str) -> Result<(), Kind> {
        if head(rest, ' ').0.is_empty() {
            return Err(Kind::Line);
        }
        self.close_service();
        let here = |length: usize| length as u32..length as u32;
        self.services.push(ServiceEntry {
            line: at,
            rcp: false,
            actions: here(self.actions.len()),
            types: here(self.types.len()),
            keys: here(self.keys.len()),
            slashed: here(self.slashed.len()),
        });
        self.resources = None;
        self.key_line = None;
        Ok(())
    }

    fn key(&mut self, at: u32, rest: &'t str) -> Result<(), Kind> {
        let (type_name, name) = head(rest, ' ');
        KeyType::read(type_name).ok_or(Kind::Line)?;
        if name.is_empty() {
            return Err(Kind::Line);
        }
        self.keys.push((name, at));
        Ok(())
    }

    /// Notes the parts of ARN formats that a slash follows.
    fn slashed(&mut self, at: u32, formats: &'t str) {
        let since = self.services.last().map_or(0, |service| service.slashed.start as usize);
        for (end, _) in formats.match_indices("}/") {
            let before = formats.get(..end).unwrap_or("");
            let Some(start) = before.rfind("${").map(|start| start + 2) else { continue };
            let name = before.get(start..).unwrap_or("");
            if !self.slashed.iter().skip(since).any(|(known, _)| *known == name) {
                self.slashed.push((name, at + start as u32));
            }
        }
    }

    /// Sorts what belongs to the last service, or the global keys before the first.
    fn close_service(&mut self) {
        let Some(service) = self.services.last_mut() else {
            sort(&mut self.keys, &mut self.global_keys);
            return;
        };
        sort(&mut self.actions, &mut service.actions);
        sort(&mut self.types, &mut service.types);
        sort(&mut self.keys, &mut service.keys);
        service.slashed.end = self.slashed.len() as u32;
    }

    fn counts(&self) -> Counts {
        let global = self.global_keys.len();
        let keys = self.keys.len().saturating_sub(global);
        Counts([global, self.services.len(), keys, self.types.len(), self.actions.len()])
    }

    fn guest_keys(&self, text: &str) -> Box<[u32]> {
        let mut guests = Vec::new();
        for service in &self.services {
            let prefix = prefix(text, service.line);
            for place in service.keys.clone() {
                let Some((name, _)) = self.keys.get(place as usize) else { continue };
                let own = head(name, ':').0;
                if !own.eq_ignore_ascii_case(prefix) && !own.eq_ignore_ascii_case("aws") {
                    guests.push(place);
                }
            }
        }
        guests.into()
    }
}

/// Ends `range` at the end of `entries` and sorts what is in it by name.
fn sort<T>(entries: &mut [(&str, T)], range: &mut Range<u32>) {
    range.end = entries.len() as u32;
    if let Some(part) = entries.get_mut(range.start as usize..) {
        part.sort_unstable_by(|(a, _), (b, _)| caseless(a, b));
    }
}

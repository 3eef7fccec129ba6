//! What actions and keys are for: `descriptions.txt`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use reference::{Descriptions, Reference};
use serde::Deserialize;

use super::fetch::Archive;
use super::services::template;

/// The sentences of each service: of its actions, then of its keys, in the order of the service data.
pub(super) struct Source(Vec<(String, Vec<String>, Vec<String>)>);

#[derive(Deserialize)]
struct Described {
    #[serde(alias = "name")]
    key: String,
    description: String,
}

impl Source {
    pub(super) fn read(iam_data: &Archive, reference: &Reference) -> Result<Self> {
        let mut services = Vec::new();
        for service in reference.services() {
            let prefix = service.prefix();
            let actions = sentences(iam_data, &format!("package/data/actions/{prefix}.json"))?;
            let keys = sentences(iam_data, &format!("package/data/conditionKeys/{prefix}.json"))?;
            ensure!(actions.len() == service.actions().len(), "{prefix}: other actions than in the service data");
            // Some keys come from elsewhere, without a sentence.
            let sentence = |known: &BTreeMap<String, String>, name: &str| {
                known.get(&name.to_ascii_lowercase()).cloned().unwrap_or_default()
            };
            let actions = service.actions().map(|action| sentence(&actions, action.name())).collect();
            let keys = service.condition_keys().map(|key| sentence(&keys, key.name())).collect();
            services.push((prefix.to_owned(), actions, keys));
        }
        Ok(Self(services))
    }

    pub(super) fn encode(&self, reference: &Reference) -> String {
        let mut text = format!("iam-playground descriptions 1\n{}\n", Descriptions::subject(reference));
        let add = |text: &mut String, sentence: &str, start: &str| {
            match sentence.strip_prefix(start) {
                Some(rest) if !rest.is_empty() && !rest.starts_with('!') => text.push_str(rest),
                _ if sentence.is_empty() => {}
                _ => {
                    text.push('!');
                    text.push_str(sentence);
                }
            }
            text.push('\n');
        };
        for (prefix, actions, keys) in &self.0 {
            text.push('@');
            text.push_str(prefix);
            text.push('\n');
            actions.iter().for_each(|sentence| add(&mut text, sentence, Descriptions::ACTION));
            keys.iter().for_each(|sentence| add(&mut text, sentence, Descriptions::CONDITION_KEY));
        }
        text
    }

    pub(super) fn compare(&self, decoded: &Descriptions, reference: &Reference) -> Result<()> {
        for (prefix, actions, keys) in &self.0 {
            let service = reference.service(prefix).context("a service is lost")?;
            let decoded_actions = service.actions().map(|action| decoded.action(action).unwrap_or_default());
            let decoded_keys =
                service.condition_keys().map(|key| decoded.condition_key(service, key).unwrap_or_default());
            ensure!(decoded_actions.eq(actions.iter().cloned()), "{prefix}: descriptions of actions are lost");
            ensure!(decoded_keys.eq(keys.iter().cloned()), "{prefix}: descriptions of keys are lost");
        }
        Ok(())
    }
}

/// The sentences, each on one line, by name in small letters.
fn sentences(iam_data: &Archive, path: &str) -> Result<BTreeMap<String, String>> {
    let described: BTreeMap<String, Described> = iam_data.json(path)?;
    let sentence = |described: Described| {
        let words: Vec<_> = described.description.split_whitespace().collect();
        (template(&described.key).to_ascii_lowercase(), words.join(" "))
    };
    Ok(described.into_values().map(sentence).collect())
}

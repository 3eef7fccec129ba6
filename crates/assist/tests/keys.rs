//! The evaluator has a small table of condition keys of its own, because it must not depend on the reference data. The two
//! agree, but for what is listed here.

use evaluator::keys::{KEYS, KeyType};
use reference::Reference;

/// Keys of the table that differ from AWS's data, with the reason.
const EXCEPTIONS: &[(&str, &str)] =
    &[("aws:FederatedProvider", "a word for built-in providers, an ARN for others: as an ARN it takes both operators")];

fn reference() -> Reference {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/services.txt");
    Reference::load(std::fs::read_to_string(file).unwrap()).unwrap()
}

fn same_type(ours: KeyType, aws: reference::KeyType) -> bool {
    use reference::KeyType as Aws;
    match ours {
        KeyType::String => aws == Aws::String,
        KeyType::Arn => aws == Aws::Arn,
        KeyType::Bool => aws == Aws::Bool,
        KeyType::Numeric => aws == Aws::Numeric,
        KeyType::Date => aws == Aws::Date,
        KeyType::IpAddress => aws == Aws::IpAddress,
    }
}

#[test]
fn the_evaluators_keys_have_the_types_that_aws_documents() {
    let reference = reference();
    let mut differing = Vec::new();
    for key in KEYS {
        let name = if key.is_family() { format!("{}member", key.name) } else { key.name.to_owned() };
        let found = reference.condition_key(&name);
        let same = found
            .is_some_and(|aws| same_type(key.key_type, aws.value_type()) && key.multivalued == aws.is_multivalued());
        if !same {
            let aws = found.map(|aws| (aws.name(), aws.value_type().name(), aws.is_multivalued()));
            differing.push((key.name, format!("{key:?} is {aws:?} in AWS's data")));
        }
    }
    let names: Vec<&str> = differing.iter().map(|(name, _)| *name).collect();
    let excepted: Vec<&str> = EXCEPTIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, excepted, "{differing:#?}");
}

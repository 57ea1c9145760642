//! Entries as a FHIR R4 collection: a `CodeSystem` of what denials mean, and a `ConceptMap` from
//! reason codes to it.

use domain::dictionary::{Compiled, Entry};
use serde_json::{Value, json};

/// Reason codes, as FHIR names the list.
pub const CARC_SYSTEM: &str = "https://x12.org/codes/claim-adjustment-reason-codes";
/// Remark codes.
pub const RARC_SYSTEM: &str = "https://x12.org/codes/remittance-advice-remark-codes";
/// Group codes.
pub const GROUP_SYSTEM: &str = "https://x12.org/codes/claim-adjustment-group-codes";

/// A `Bundle` of type `collection` with the two resources.
///
/// A map says only which entries a reason code may lead to, and on what that depends besides; an
/// entry that asks for no reason code is in the code system and not in the map.
pub fn fhir(compiled: &Compiled) -> Value {
    let hash = compiled.revision().to_string();
    let system = format!("urn:overturn:dictionary:{hash}");
    let bundle = compiled.bundle();
    let concepts: Vec<Value> = bundle.entries.iter().map(concept).collect();
    json!({
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            { "resource": {
                "resourceType": "CodeSystem",
                "url": system,
                "version": hash,
                "name": "OverturnDenialMeanings",
                "title": bundle.title,
                "status": if bundle.starting_point { "draft" } else { "active" },
                "experimental": bundle.starting_point,
                "content": "complete",
                "caseSensitive": true,
                "count": concepts.len(),
                "property": properties(),
                "concept": concepts,
            } },
            { "resource": {
                "resourceType": "ConceptMap",
                "url": format!("{system}:from-reason-codes"),
                "version": hash,
                "name": "OverturnReasonCodesToMeanings",
                "status": if bundle.starting_point { "draft" } else { "active" },
                "group": [{
                    "source": CARC_SYSTEM,
                    "target": system,
                    "element": elements(&bundle.entries),
                }],
            } },
        ],
    })
}

/// What each concept says of itself, and of what type it is.
const PROPERTIES: [(&str, &str); 9] = [
    ("record_class", "code"),
    ("category", "code"),
    ("hardness", "code"),
    ("preventable", "code"),
    ("appealable", "code"),
    ("owner_function", "code"),
    ("next_action", "code"),
    ("root_cause", "string"),
    ("expected_overturn_basis_points", "integer"),
];

fn properties() -> Vec<Value> {
    PROPERTIES.iter().map(|(code, kind)| json!({ "code": code, "type": kind })).collect()
}

fn concept(entry: &Entry) -> Value {
    let meaning = &entry.meaning;
    let code = |code: &str, value: &str| json!({ "code": code, "valueCode": value });
    json!({
        "code": entry.slug,
        "display": meaning.label,
        "definition": meaning.action_words,
        "property": [
            code("record_class", meaning.record_class.as_str()),
            code("category", meaning.category.as_str()),
            code("hardness", meaning.hardness.as_str()),
            code("preventable", meaning.preventable.as_str()),
            code("appealable", meaning.appealable.as_str()),
            code("owner_function", meaning.owner_function.as_str()),
            code("next_action", meaning.next_action.as_str()),
            json!({ "code": "root_cause", "valueString": meaning.root_cause.words }),
            json!({
                "code": "expected_overturn_basis_points",
                "valueInteger": meaning.expected_overturn.as_u32(),
            }),
        ],
    })
}

/// Each reason code once, with every entry it may lead to, the most specific first.
fn elements(entries: &[Entry]) -> Vec<Value> {
    let mut by_code = std::collections::BTreeMap::<String, Vec<&Entry>>::new();
    for entry in entries {
        for carc in entry.matches.carc.values() {
            by_code.entry(carc.to_string()).or_default().push(entry);
        }
    }
    by_code
        .into_iter()
        .map(|(code, entries)| {
            let targets: Vec<Value> = super::ranked(entries).into_iter().map(target).collect();
            json!({ "code": code, "target": targets })
        })
        .collect()
}

fn target(entry: &Entry) -> Value {
    let asked = &entry.matches;
    let mut depends = Vec::new();
    for group in asked.group.values() {
        depends.push(json!({
            "property": "group", "system": GROUP_SYSTEM, "value": group.to_string(),
        }));
    }
    for (role, codes) in [
        ("remark_any", &asked.rarc.any),
        ("remark_all", &asked.rarc.all),
        ("remark_none", &asked.rarc.none),
    ] {
        for code in codes {
            depends.push(json!({
                "property": role, "system": RARC_SYSTEM, "value": code.to_string(),
            }));
        }
    }
    let mut target = json!({
        "code": entry.slug,
        "display": entry.meaning.label,
        // A reason code says less than what it leads to.
        "equivalence": "narrower",
    });
    if !depends.is_empty() {
        target["dependsOn"] = depends.into();
    }
    target
}

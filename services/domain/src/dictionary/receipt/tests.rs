use proptest::prelude::*;
use serde_json::Value;

use super::super::tests::samples::{CHOICES, bundle, carc, entry, rarcs, small_facts, small_match};
use super::*;
use crate::starter;

/// Every receipt that differs from this one in one leaf, with the name of its field.
fn tampered(receipt: &Receipt) -> Vec<(String, Receipt)> {
    let whole = serde_json::to_value(receipt).unwrap();
    let mut all = Vec::new();
    for (field, value) in whole.as_object().unwrap() {
        for other in others(field, value) {
            let mut changed = whole.clone();
            changed[field] = other;
            if let Ok(read) = serde_json::from_value::<Receipt>(changed) {
                all.push((field.clone(), read));
            }
        }
    }
    all
}

fn others(field: &str, value: &Value) -> Vec<Value> {
    let words = match field {
        "record_class" => vec!["denial", "pending"],
        "next_action" => vec!["appeal", "close"],
        "appealable" => vec!["yes", "no"],
        "owner_function" => vec!["appeals", "coding"],
        "unmapped" => vec!["unknown_code", "unknown_group"],
        "overridden_by" => vec!["N1", "N2"],
        "entry" | "team" | "owner_rule" => vec!["other", "another"],
        "revision" | "inputs_hash" => {
            return vec![Value::from("0".repeat(64)), Value::from("f".repeat(64))];
        }
        "evaluator_semantics" => return vec![Value::from(0), Value::from(2)],
        _ => return changed_lists(value),
    };
    let all = words.into_iter().map(Value::from).chain([Value::Null]);
    all.filter(|other| other != value).collect()
}

/// A list without its last item, and one with its last item's words changed.
fn changed_lists(value: &Value) -> Vec<Value> {
    let mut items = value.as_array().unwrap().clone();
    let Some(last) = items.pop() else { return vec![serde_json::json!(["nsa_indicator"])] };
    let shorter = Value::from(items.clone());
    let text = last.to_string().replace("words\":\"", "words\":\"not ");
    items.push(serde_json::from_str(&text).unwrap());
    let longer = Value::from(items);
    [shorter, longer].into_iter().filter(|other| other != value).collect()
}

#[test]
fn a_receipt_says_what_was_compared_and_what_nearly_spoke() {
    let bundle = starter::bundle();
    let compiled = Compiled::new(&bundle).unwrap();
    let remarks = rarcs(&["MA130", "M16"]);
    let facts = Facts::of_codes(Group::CO, carc("50"), &remarks);
    let receipt = compiled.explain(&facts);
    let why: Vec<(&str, &str)> =
        receipt.why.iter().map(|reason| (&*reason.field, &*reason.words)).collect();
    assert_eq!(
        why,
        [
            ("carc", "50, and the entry asks for exactly 50"),
            ("group", "CO, and the entry asks for one of CO OA PI"),
            (
                "remark",
                "remark MA130 has the effect no_appeal_resubmit: the next action becomes new_claim"
            ),
            (
                "team",
                "owner rule `clinical-appeals` gives clinical_appeals to team `clinical-appeals`"
            ),
        ]
    );
    let near = &receipt.near_misses[0];
    assert_eq!(near.entry.as_str(), "carc-50-patient");
    assert_eq!(near.reason.words, "CO, but the entry asks for exactly PR");
}

#[test]
fn an_outranked_entry_is_named_with_the_field_that_decided() {
    let wide = entry("wide", small_match([0, 1, 0, 0, 0]));
    let close = entry("close", small_match([0, 1, 0, 1, 0]));
    let compiled = Compiled::new(&bundle(vec![wide, close])).unwrap();
    let facts = Facts { payer: Some("aetna"), ..Facts::of_codes(Group::CO, carc("50"), &[]) };
    let receipt = compiled.explain(&facts);
    assert_eq!(compiled.outranked(&facts, 8), receipt.near_misses);
    assert!(compiled.outranked(&facts, 0).is_empty());
    assert_eq!(receipt.entry.unwrap().as_str(), "close");
    assert_eq!(receipt.near_misses[0].reason.field, "payer");
    let words = "it matches as well, but `close` is closer on payer";
    assert_eq!(receipt.near_misses[0].reason.words, words);
}

#[test]
fn an_unmapped_denial_has_a_receipt_too() {
    let bundle = starter::bundle();
    let compiled = Compiled::new(&bundle).unwrap();
    let facts = Facts::of_codes(Group::CO, carc("999"), &[]);
    let receipt = compiled.explain(&facts);
    assert_eq!(receipt.unmapped, Some(Unmapped::UnknownCode));
    assert_eq!(receipt.why[0].words, "no entry names CARC 999");
    assert_eq!(verify(&receipt, &bundle, &facts), Ok(()));
}

#[test]
fn inputs_hash_alike_whatever_the_order_of_remarks() {
    let hash = |remarks: &[&str]| {
        RecordedFacts::of(&Facts::of_codes(Group::CO, carc("50"), &rarcs(remarks))).hash()
    };
    assert_eq!(hash(&["N1", "M15", "N1"]), hash(&["M15", "N1"]));
    assert_ne!(hash(&["N1"]), hash(&["M15"]));
}

#[test]
fn an_amount_without_canonical_form_still_has_a_hash_of_its_own() {
    let hash = |amount: i64| {
        let facts = Facts::of_codes(Group::CO, carc("50"), &[]);
        RecordedFacts::of(&Facts { amount: Some(Cents::new(amount)), ..facts }).hash()
    };
    assert_ne!(hash(i64::MAX), hash(i64::MAX - 1));
    assert_ne!(hash(i64::MAX), hash(0));
}

#[test]
fn a_receipt_does_not_stand_under_another_bundle() {
    let bundle = starter::bundle();
    let facts = Facts::of_codes(Group::CO, carc("50"), &[]);
    let receipt = Compiled::new(&bundle).unwrap().explain(&facts);
    let mut other = bundle.clone();
    other.notes.push("a word more".to_owned());
    let refused = verify(&receipt, &other, &facts);
    assert!(matches!(refused, Err(Unverified::OtherRevision { .. })), "{refused:?}");
    let changed = Facts::of_codes(Group::CO, carc("51"), &[]);
    assert_eq!(verify(&receipt, &bundle, &changed), Err(Unverified::OtherInputs));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_receipt_verifies_and_no_changed_one_does(
        choices in prop::collection::vec(CHOICES.map(|end| 0..end), 1..6),
        at in any::<prop::sample::Index>(),
    ) {
        let mut entries: Vec<_> = Vec::new();
        for (number, choice) in choices.into_iter().enumerate() {
            entries.push(entry(&format!("e{number}"), small_match(choice)));
            if Compiled::new(&bundle(entries.clone())).is_err() {
                entries.pop();
            }
        }
        let bundle = bundle(entries);
        let compiled = Compiled::new(&bundle).unwrap();
        let facts = small_facts();
        let facts = facts[at.index(facts.len())].facts();
        let receipt = compiled.explain(&facts);
        prop_assert_eq!(verify(&receipt, &bundle, &facts), Ok(()));
        let text = canonical::to_canonical(&receipt).unwrap();
        let read: Receipt = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(compiled.verify(&read, &facts), Ok(()));
        let changed = tampered(&receipt);
        prop_assert!(changed.len() >= 12);
        for (field, changed) in changed {
            prop_assert!(compiled.verify(&changed, &facts).is_err(), "{} {:?}", field, changed);
            prop_assert_eq!(receipt.differences(&changed), [field.as_str()]);
        }
    }
}

use domain::dictionary::{Bundle, Compiled};
use domain::starter;

use super::*;

fn compiled() -> Compiled {
    Compiled::new(&starter::bundle()).unwrap()
}

#[test]
fn the_first_row_of_the_table_that_holds_is_the_entry_that_decides() {
    let compiled = compiled();
    let text = decision_table(compiled.bundle());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let order: Vec<String> =
        reader.records().map(|record| record.unwrap().get(0).unwrap().to_owned()).collect();
    assert_eq!(order.len(), compiled.bundle().entries.len());
    for vector in vectors(&compiled) {
        let facts = vector.facts.facts();
        let first = order.iter().find(|slug| compiled.entry(slug).unwrap().matches.admits(&facts));
        let decided = compiled.decide(&facts);
        let decided = decided.entry().map(|entry| entry.slug.to_string());
        assert_eq!(first, decided.as_ref(), "{:?}", vector.facts);
    }
}

#[test]
fn every_vector_is_verified_and_most_entries_decide_one() {
    let compiled = compiled();
    let vectors = vectors(&compiled);
    let mut decided = std::collections::BTreeSet::new();
    for vector in &vectors {
        compiled.verify(&vector.receipt, &vector.facts.facts()).unwrap();
        decided.extend(vector.receipt.entry.clone());
    }
    let entries = compiled.bundle().entries.len();
    assert!(decided.len() * 10 >= entries * 9, "{} of {entries}", decided.len());
    assert!(vectors.last().unwrap().receipt.entry.is_none(), "nobody knows that code");
}

#[test]
fn fhir_has_a_concept_an_entry_and_a_target_for_each_reason_code() {
    let compiled = compiled();
    let resources = fhir(&compiled);
    let system = &resources["entry"][0]["resource"];
    let map = &resources["entry"][1]["resource"];
    let entries = &compiled.bundle().entries;
    assert_eq!(system["concept"].as_array().unwrap().len(), entries.len());
    assert_eq!(system["status"], "draft", "a starting point is not in force");
    let elements = map["group"][0]["element"].as_array().unwrap();
    let targets: usize =
        elements.iter().map(|element| element["target"].as_array().unwrap().len()).sum();
    let named: usize = entries.iter().map(|entry| entry.matches.carc.values().len()).sum();
    assert_eq!(targets, named);
    assert_eq!(map["group"][0]["target"], system["url"]);
}

#[test]
fn a_cell_that_looks_like_a_formula_is_text() {
    let mut bundle: Bundle = starter::bundle();
    bundle.entries.truncate(1);
    bundle.entries[0].meaning.label = "=HYPERLINK(\"http://example.org\")".to_owned();
    bundle.entries[0].meaning.action_words = "call, then\n\"wait\"".to_owned();
    let text = decision_table(&bundle);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let record = reader.records().next().unwrap().unwrap();
    assert!(record.iter().any(|cell| cell == "'=HYPERLINK(\"http://example.org\")"));
    assert!(record.iter().any(|cell| cell == "call, then\n\"wait\""));
}

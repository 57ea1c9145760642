//! Any bytes below headings: every row is counted, and the remittance of those that are taken reads
//! back whole.

#![no_main]

use std::collections::HashMap;

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use open_denials::{Field, name_by_id, read};
use remitted::{Context, FacilityFact, PayerFact};
use x12::Assembled;

fn context() -> Context {
    let payer = PayerFact {
        id: Default::default(),
        slug: "p".to_owned(),
        name: String::new(),
        aliases: Vec::new(),
        lob: None,
        network: None,
        zone: None,
    };
    let facility = FacilityFact {
        id: Default::default(),
        slug: "f".to_owned(),
        name: String::new(),
        npis: Vec::new(),
        tax_ids: Vec::new(),
        ccn: String::new(),
        zone: None,
    };
    let (payers, facilities) = (vec![payer], vec![facility]);
    let mut context = Context { payers, facilities, ..Context::default() };
    name_by_id(&mut context);
    context
}

fuzz_target!(|bytes: &[u8]| {
    let names: Vec<String> = Field::ALL.iter().map(ToString::to_string).collect();
    let columns: HashMap<String, String> =
        names.iter().map(|name| (name.clone(), name.clone())).collect();
    let csv = [names.join(",").as_bytes(), b"\n", bytes].concat();
    let today = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
    let Ok(import) = read(&csv, &columns, &context(), today) else { return };
    assert!(import.refused.len() <= import.rows);
    if import.claims == 0 {
        return assert!(import.remittance.is_empty());
    }
    let mut claims = 0;
    x12::claims(&import.remittance, &mut |said| match said {
        Assembled::Claim(claim) => claims += usize::from(claim.last),
        Assembled::Closed(closing) => assert!(closing.complete && closing.balance.is_balanced()),
        Assembled::Finding(finding) => panic!("{finding:?}"),
        _ => {}
    });
    assert_eq!(claims, import.claims);
});

//! Signatures, months and spans.

use domain::codes::{Group, Lob, Network};
use domain::dictionary::Facts;
use domain::dictionary::vocabulary::{Authorization, ClaimType, Eligibility, FilingProof};
use proptest::collection::vec;
use proptest::prelude::*;

use super::random::row;
use super::*;

fn full(rarcs: &[Rarc]) -> Facts<'_> {
    Facts {
        payer: Some("aetna"),
        lob: Some(Lob::Commercial),
        network: Some(Network::InNetwork),
        facility: Some("main"),
        service_line: Some("surgery"),
        claim_type: Some(ClaimType::Professional),
        authorization: Some(Authorization::Approved),
        eligibility: Some(Eligibility::ALL[0]),
        filing_proof: Some(FilingProof::ALL[0]),
        procedure: Some("99213"),
        amount: Some(Cents::new(1)),
        service_on: Some(day("2026-01-01")),
        ..Facts::of_codes(Group::CO, carc("197"), rarcs)
    }
}

#[test]
fn amount_date_and_the_order_of_remarks_do_not_matter() {
    let (one, other) = ([rarc("N1"), rarc("MA01"), rarc("N1")], [rarc("MA01"), rarc("N1")]);
    let known = Signature::of(&full(&one));
    let same = Facts { amount: None, service_on: None, ..full(&other) };
    assert_eq!(known, Signature::of(&same));
    assert_eq!(known.key(), Signature::of(&same).key());
    assert_eq!((known.facts().amount, known.facts().service_on), (None, None));
}

#[test]
fn every_other_field_makes_another_key() {
    let remarks = [rarc("N1")];
    let base = full(&remarks);
    let others = [
        Facts { group: Group::PR, ..base },
        Facts { group: Group::from_raw("XX"), ..base },
        Facts { carc: carc("50"), ..base },
        Facts { rarcs: &[], ..base },
        Facts { payer: None, ..base },
        Facts { payer: Some(""), ..base },
        Facts { lob: None, ..base },
        Facts { network: None, ..base },
        Facts { facility: None, ..base },
        Facts { service_line: None, ..base },
        Facts { claim_type: None, ..base },
        Facts { authorization: None, ..base },
        Facts { eligibility: None, ..base },
        Facts { filing_proof: None, ..base },
        Facts { procedure: None, ..base },
        base,
    ];
    let mut keys: Vec<_> = others.iter().map(|facts| Signature::of(facts).key()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), others.len());
    for facts in &others {
        let signature = Signature::of(facts);
        assert_eq!(Signature::decode(signature.encoded()), Ok(signature));
    }
}

/// Stored forms outlive a build: whoever changes the layout must raise its number.
#[test]
fn the_key_is_the_one_that_is_stored() {
    let key = Signature::of(&full(&[rarc("N1"), rarc("MA01")])).key().to_string();
    assert_eq!(key, "926a01c4eeb5fce821d2521fc1efb73e194ec910d484c8b02b59f206846a0a2e");
}

#[test]
fn what_is_not_canonical_is_refused() {
    let long = "9".repeat(300);
    let remarks = [rarc("M15"), rarc("N1")];
    let facts = Facts { procedure: Some(&long), ..full(&remarks) };
    let signature = Signature::of(&facts);
    let encoded = signature.encoded();
    assert!(Signature::decode(encoded).is_ok());
    for cut in 0..encoded.len() {
        // Cut between remarks, what is left is another signature.
        if let Ok(other) = Signature::decode(&encoded[..cut]) {
            assert!(other.facts().rarcs.len() < 2);
        }
    }
    let refused = |bytes: &[u8]| Signature::decode(bytes).unwrap_err().to_string();
    assert_eq!(refused(&[2]), "not a signature: its layout is not known");
    let mut unsorted = Signature::of(&full(&[])).encoded().to_vec();
    unsorted.extend_from_slice(b"\x03N1\x04M15");
    assert_eq!(refused(&unsorted), "not a signature: it is not canonical");
    assert_eq!(refused(b"\x01\x03CO\x0550"), "not a signature: it ends early");
    assert_eq!(
        refused(&[1, 0xff, 0xff, 0xff, 0xff, 0xff]),
        "not a signature: a length is too long"
    );
}

proptest! {
    #[test]
    fn a_signature_reads_back_and_junk_is_refused(
        bytes in vec(any::<u8>(), 18),
        at in any::<usize>(),
        junk in any::<u8>(),
    ) {
        let signature = row(1, &bytes).signature();
        let mut encoded = signature.encoded().to_vec();
        prop_assert_eq!(Signature::decode(&encoded), Ok(signature));
        let at = at % encoded.len();
        encoded[at] = junk;
        if let Ok(other) = Signature::decode(&encoded) {
            prop_assert_eq!(other.encoded(), encoded);
        }
    }
}

#[test]
fn a_month_is_a_number_that_sorts() {
    let month = Month::of(day("2024-02-17"));
    assert_eq!(month.number(), 202_402);
    assert_eq!(Month::from_number(202_402), Some(month));
    assert_eq!((Month::from_number(202_400), Month::from_number(202_413)), (None, None));
    assert_eq!(month.first_day(), day("2024-02-01"));
    assert_eq!(month.last_day(), day("2024-02-29"));
    assert!(month < Month::of(day("2024-03-01")));
}

#[test]
fn a_span_is_whole_months_and_never_less_than_was_asked_for() {
    let span = Span::until(day("2026-11-26"), None);
    assert_eq!(span.first.first_day(), day("2025-11-01"));
    assert_eq!(span.last.last_day(), day("2026-11-30"));
    assert!(span.contains(day("2025-11-01")) && !span.contains(day("2025-10-31")));
    assert!(span.contains(day("2026-11-30")) && !span.contains(day("2026-12-01")));
    let asked = Span::until(day("2026-11-26"), Some(day("2026-09-30")));
    assert_eq!(asked.first, Month::of(day("2026-09-01")));
    let future = Span::until(day("2026-11-26"), Some(day("2027-01-01")));
    assert_eq!((future.first, future.last), (Month::of(day("2026-11-01")), future.first));
}

#[test]
fn under_ninety_days_of_history_are_short() {
    let of = |days: u64| {
        let starts_on = day("2026-01-01");
        History { starts_on, ends_on: starts_on + chrono::Days::new(days - 1) }
    };
    assert!(of(1).is_short() && of(89).is_short());
    assert!(!of(90).is_short());
}

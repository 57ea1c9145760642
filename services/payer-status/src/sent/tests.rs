use chrono::{TimeDelta, TimeZone};
use platform::clock::timestamp;

use super::*;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 15, 12, 0, 0).unwrap()
}

fn good() -> PayerStatus {
    PayerStatus {
        patient_control_number: " pcn-1 ".to_owned(),
        payer_claim_number: "ICN77".to_owned(),
        payer_id: Uuid::from_u128(7).to_string(),
        source: PayerStatusSource::X277ca.into(),
        category_code: "a3".to_owned(),
        status_code: "21".to_owned(),
        entity_code: "85".to_owned(),
        stated_at: Some(timestamp(now())),
        ..PayerStatus::default()
    }
}

fn at_fault(change: impl FnOnce(&mut PayerStatus)) -> Vec<String> {
    let mut sent = good();
    change(&mut sent);
    match Sent::of(sent, now()) {
        Err(Fault::Invalid(found)) => found.into_iter().map(|one| one.field).collect(),
        judged => panic!("{judged:?}"),
    }
}

#[test]
fn what_is_good_is_kept_as_it_is_compared_and_printed_without_patient_data() {
    let sent = Sent::of(good(), now()).unwrap();
    assert_eq!((sent.control_number.0.as_str(), sent.category.as_str()), ("PCN-1", "A3"));
    assert_eq!((sent.outcome, sent.source), (Outcome::Rejected, Source::X277ca));
    assert!(!format!("{sent:?}").contains("PCN"));
    let portal = PayerStatus {
        source: PayerStatusSource::Portal.into(),
        category_code: String::new(),
        status_code: String::new(),
        entity_code: String::new(),
        outcome: PayerStatusOutcome::Finalized.into(),
        ..good()
    };
    assert_eq!(Sent::of(portal, now()).unwrap().outcome, Outcome::Finalized);
}

#[test]
fn each_field_that_is_wrong_is_named_and_no_other() {
    let field = |name: &str| vec![format!("payer_status.{name}")];
    assert_eq!(at_fault(|s| s.payer_id = "x".to_owned()), field("payer_id"));
    let both = |s: &mut PayerStatus| {
        (s.patient_control_number, s.payer_claim_number) = (" ".to_owned(), String::new());
    };
    assert_eq!(at_fault(both), field("patient_control_number"));
    assert_eq!(
        at_fault(|s| s.patient_control_number = "9".repeat(39)),
        field("patient_control_number")
    );
    assert_eq!(
        at_fault(|s| s.patient_control_number = "A\nB".to_owned()),
        field("patient_control_number")
    );
    assert_eq!(at_fault(|s| s.payer_claim_number = "9".repeat(51)), field("payer_claim_number"));
    assert_eq!(at_fault(|s| s.source = 0), field("source"));
    assert_eq!(at_fault(|s| s.source = 99), field("source"));
    for code in ["3", "33", "A", "A345", "A\u{df}"] {
        assert!(at_fault(|s| s.category_code = code.to_owned())[0].ends_with("category_code"));
    }
    assert_eq!(at_fault(|s| s.category_code = String::new()), field("category_code"));
    for code in ["", "12345", "2A", "-1"] {
        assert_eq!(at_fault(|s| s.status_code = code.to_owned()), field("status_code"));
    }
    for code in ["8", "8555", "8-5"] {
        assert_eq!(at_fault(|s| s.entity_code = code.to_owned()), field("entity_code"));
    }
    assert_eq!(at_fault(|s| s.note = "x".repeat(4_001)), field("note"));
    assert_eq!(at_fault(|s| s.stated_at = None), field("stated_at"));
    let later = now() + TimeDelta::minutes(6);
    assert_eq!(at_fault(|s| s.stated_at = Some(timestamp(later))), field("stated_at"));
    let accepted = PayerStatusOutcome::Accepted.into();
    assert_eq!(at_fault(|s| s.outcome = accepted), field("outcome"));
    assert_eq!(at_fault(|s| s.outcome = 99), field("outcome"));
}

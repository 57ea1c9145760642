use contracts::google::r#type::Date;

use super::*;
use ledger::document::{AmountDocument, ReferenceDocument};

fn adjustment_of(reason: &str, cents: i64) -> AdjustmentDocument {
    AdjustmentDocument {
        group: "CO".to_owned(),
        reason: reason.to_owned(),
        amount_cents: Some(cents),
        ..AdjustmentDocument::default()
    }
}

fn dated_on(qualifier: &str, value: &str) -> DatedDocument {
    DatedDocument { qualifier: qualifier.to_owned(), value: value.to_owned() }
}

#[test]
fn parts_of_a_long_claim_are_one_occurrence_and_lose_nothing() {
    let mut whole = ClaimDocument {
        lines: vec![LineDocument {
            adjustments: vec![adjustment_of("45", 100)],
            ..LineDocument::default()
        }],
        ..ClaimDocument::default()
    };
    let more = |index, continued, reason: &str| LineDocument {
        index,
        continued,
        adjustments: vec![adjustment_of(reason, 1)],
        ..LineDocument::default()
    };
    let part = ClaimDocument {
        adjustments: vec![adjustment_of("23", 5)],
        lines: vec![more(0, true, "97"), more(1, false, "197")],
        ..ClaimDocument::default()
    };
    join(&mut whole, part);
    let reasons = |line: &LineDocument| {
        line.adjustments.iter().map(|one| one.reason.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        whole.lines.iter().map(reasons).collect::<Vec<_>>(),
        [vec!["45", "97"], vec!["197"]]
    );
    assert_eq!(whole.adjustments.len(), 1);
}

#[test]
fn a_line_shows_its_allowed_amount_its_number_and_its_days() {
    let document = LineDocument {
        index: 4,
        amounts: vec![AmountDocument {
            qualifier: "B6".to_owned(),
            cents: Some(1_250),
            ..AmountDocument::default()
        }],
        references: vec![ReferenceDocument { qualifier: "6R".to_owned(), value: "L-4".to_owned() }],
        dates: vec![dated_on("472", "20260115")],
        ..LineDocument::default()
    };
    let shown = line(&document);
    assert_eq!((shown.number, shown.allowed_cents), (5, Some(1_250)));
    assert_eq!(shown.line_control_number, "L-4");
    let served = Some(Date { year: 2026, month: 1, day: 15 });
    assert_eq!((shown.service_starts_on, shown.service_ends_on), (served, served));
}

#[test]
fn a_range_of_service_days_counts_more_than_one_day() {
    let document = LineDocument {
        dates: vec![dated_on("472", "20260101"), dated_on("150", "20260110"), dated_on("151", "x")],
        ..LineDocument::default()
    };
    let shown = line(&document);
    assert_eq!(shown.service_starts_on.map(|day| day.day), Some(10));
    assert_eq!(shown.service_ends_on.map(|day| day.day), Some(1));
}

#[test]
fn an_unreadable_amount_is_absent_and_never_zero() {
    let unreadable =
        AdjustmentDocument { unreadable: "1O.00".to_owned(), ..adjustment_of("45", 0) };
    let unreadable = AdjustmentDocument { amount_cents: None, ..unreadable };
    assert_eq!(adjustment(&unreadable).amount, None);
    assert_eq!(adjustment(&adjustment_of("45", 0)).amount, Some(money(0)));
}

#[test]
fn pharmacy_remarks_are_of_another_list() {
    let of = |list: &str| RemarkDocument { code: "M1".to_owned(), list: list.to_owned() };
    assert!(!remark(&of("HE")).label.is_empty());
    assert_eq!(remark(&of("RX")).label, "");
    assert_eq!(remark(&of("RX")).code, "M1");
}

#[test]
fn a_number_is_shown_as_it_was_sent() {
    assert_eq!(as_sent("A100", ""), "A100");
    assert_eq!(as_sent("A100", "a100 "), "a100 ");
}

use contracts::money::v1::Money;
use contracts::routing::v1 as pb;
use domain_work::UserId;
use ledger::document::WorkCode;

use super::*;

fn code(group: &str) -> WorkCode {
    WorkCode {
        group: group.to_owned(),
        carc: "197".to_owned(),
        rarcs: Vec::new(),
        label: String::new(),
        count: 1,
        denied_cents: 100,
    }
}

fn stated(kind: ResolutionKind) -> Stated<'static> {
    Stated {
        kind,
        recovered: Cents::new(60_00),
        written_off: Cents::new(30_00),
        corrected_claim_number: "SECRETCLAIM",
        write_off_code: "WO-7",
        reason: "SECRETWORDS",
        by: UserId(Uuid::from_u128(1)),
    }
}

#[test]
fn each_group_is_known_once_and_no_group_is_none() {
    let codes = ["PR", "CO", "", "PR"].map(code);
    assert_eq!(groups(&codes), [Group::CO, Group::PR]);
    assert_eq!(groups(&[code("")]), []);
}

#[test]
fn every_kind_of_the_contract_is_one_of_the_rules() {
    let numbers = 1..=i32::try_from(ResolutionKind::ALL.len()).unwrap();
    let mut kinds = Vec::new();
    for number in numbers {
        let sent = pb::ResolutionKind::try_from(number).unwrap();
        let mut violations = Violations::default();
        kinds.extend(face::resolution_kind(sent, &mut violations));
        violations.into_result().unwrap();
    }
    assert_eq!(kinds, ResolutionKind::ALL);
    let mut violations = Violations::default();
    let none = face::resolution_kind(pb::ResolutionKind::Unspecified, &mut violations);
    assert!(none.is_none() && violations.into_result().is_err());
}

#[test]
fn an_amount_is_in_dollars_and_in_bounds() {
    let read = |currency: &str, amount_cents| {
        let sent = Money { currency_code: currency.to_owned(), amount_cents };
        let mut violations = Violations::default();
        let cents = face::cents("recovered", Some(&sent), &mut violations);
        violations.into_result().map(|()| cents.as_i64())
    };
    let most = 9_007_199_254_740_991;
    for (currency, amount) in [("USD", 5), ("", -5), ("USD", most), ("USD", -most)] {
        assert_eq!(read(currency, amount).unwrap(), amount);
    }
    for (currency, amount) in [("EUR", 5), ("usd", 5), ("USD", most + 1), ("USD", i64::MIN)] {
        assert!(read(currency, amount).is_err(), "{currency} {amount}");
    }
    let mut violations = Violations::default();
    assert_eq!(face::cents("recovered", None, &mut violations), Cents::ZERO);
    violations.into_result().unwrap();
}

#[test]
fn an_end_is_told_in_full_to_people_only() {
    let accepted = Accepted { left: Cents::new(10_00), approved_by: None };
    let words = rules::ended(&stated(ResolutionKind::Resubmission), &accepted);
    let full = "done: a new claim was sent, SECRETCLAIM; $60.00 came back; $30.00 written off under \
                WO-7; $10.00 left: SECRETWORDS";
    assert_eq!(words, full);
    let bare = Stated {
        recovered: Cents::ZERO,
        written_off: Cents::ZERO,
        corrected_claim_number: "",
        write_off_code: "",
        reason: "",
        ..stated(ResolutionKind::PatientBill)
    };
    let accepted = Accepted { left: Cents::ZERO, ..accepted };
    assert_eq!(rules::ended(&bare, &accepted), "done: the patient was billed");
}

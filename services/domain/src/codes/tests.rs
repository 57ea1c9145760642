use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn carc(raw: &str) -> Carc {
    Carc::new(raw).unwrap()
}

#[test]
fn leading_zeros_and_case_make_no_other_code() {
    for (raw, normal) in
        [("0012", "12"), ("12", "12"), (" 045 ", "45"), ("a1", "A1"), ("A0", "A0"), ("P01", "P1")]
    {
        assert_eq!(carc(raw).as_str(), normal);
    }
    for (raw, normal) in
        [("ma1", "MA01"), ("MA01", "MA01"), ("MA130", "MA130"), ("N0704", "N704"), ("M01", "M1")]
    {
        assert_eq!(Rarc::new(raw).unwrap().as_str(), normal);
    }
}

#[test]
fn what_is_no_code_is_refused_with_its_reason() {
    assert_eq!(Carc::new("  "), Err(NotACode::Empty));
    assert_eq!(Carc::new("000"), Err(NotACode::Zero));
    assert_eq!(Carc::new("1-6"), Err(NotACode::IllegalCharacter(2)));
    assert_eq!(Carc::new("ABCDEFGHI"), Err(NotACode::TooLong));
    assert_eq!(Rarc::new("N7\u{e9}"), Err(NotACode::IllegalCharacter(3)));
}

#[test]
fn codes_order_as_people_list_them() {
    let mut listed: Vec<Carc> =
        ["P12", "10", "2", "A1", "B23", "B4", "253", "P3"].map(carc).to_vec();
    listed.sort();
    assert_eq!(
        listed.iter().map(Carc::as_str).collect::<Vec<_>>(),
        ["2", "10", "253", "A1", "B4", "B23", "P3", "P12"]
    );
    let mut remarks =
        ["N10", "MA01", "M15", "N9", "M2"].map(|raw| Rarc::new(raw).unwrap()).to_vec();
    remarks.sort();
    assert_eq!(
        remarks.iter().map(Rarc::as_str).collect::<Vec<_>>(),
        ["M2", "M15", "MA01", "N9", "N10"]
    );
}

#[test]
fn an_unknown_group_is_kept_and_is_no_known_one() {
    assert_eq!(Group::from_raw("co"), Group::CO);
    let odd = Group::from_raw("DE");
    assert!(matches!(odd, Group::Other(_)) && odd.as_str() == "DE");
    assert!(!Group::VALID.contains(&Group::from_raw("CR")));
    assert_eq!(Group::from_raw("").as_str(), "");
    assert_eq!(Group::from_raw("na\u{ef}ve").as_str(), "NA??VE");
}

#[test]
fn the_filing_indicator_names_the_line_of_business() {
    let lob = Lob::from_filing_indicator;
    assert_eq!(lob("MA"), Some(Lob::MedicareFfs), "MA is Part A, not Advantage");
    assert_eq!(lob("16"), Some(Lob::MedicareAdvantage));
    assert_eq!(lob("HM"), Some(Lob::Commercial));
    assert_eq!(lob("WC"), Some(Lob::PropertyCasualty));
    assert_eq!((lob("ZZ"), lob("")), (None, None));
}

#[test]
fn every_word_reads_back() {
    for status in ClaimStatus::ALL {
        assert_eq!(ClaimStatus::parse(status.as_str()), Some(*status));
    }
    for reason in PlbReason::ALL {
        assert_eq!(PlbReason::parse(reason.as_str()), Some(*reason));
    }
    assert_eq!((ClaimStatus::ALL.len(), PlbReason::ALL.len()), (10, 41));
    assert_eq!(ClaimStatus::parse("5"), None);
}

/// N411 stopped in 2009 and came back on 2016-07-01.
fn reactivated() -> Code {
    let period =
        |start, stop: Option<&str>| Period { start_on: Some(day(start)), stop_on: stop.map(day) };
    Code {
        code: "N411".into(),
        label: "Service allowed once".into(),
        periods: vec![period("2007-08-01", Some("2009-02-01")), period("2016-07-01", None)],
        alert: false,
        remark_required: false,
        groups_allowed: vec![],
    }
}

#[test]
fn a_reactivated_code_is_valid_in_each_of_its_periods() {
    let code = reactivated();
    for (on, valid) in [
        ("2007-07-31", false),
        ("2007-08-01", true),
        ("2009-02-01", true),
        ("2009-02-02", false),
        ("2016-06-30", false),
        ("2026-11-23", true),
    ] {
        assert_eq!(code.is_valid_on(day(on)), valid, "{on}");
    }
}

#[test]
fn a_stopped_code_stays_legal_in_derivative_messages() {
    let code = reactivated();
    assert!(!code.legal_in(Message::Original(day("2010-01-01"))));
    assert!(code.legal_in(Message::Derivative { adjudicated_on: day("2008-12-31") }));
    assert!(!code.legal_in(Message::Derivative { adjudicated_on: day("2010-01-01") }));
}

#[test]
fn a_code_bound_to_groups_refuses_the_others() {
    let bound = Code { groups_allowed: vec![Group::OA], ..reactivated() };
    assert!(bound.allows_group(Group::OA) && !bound.allows_group(Group::CO));
    assert!(reactivated().allows_group(Group::from_raw("XX")));
}

#[test]
fn codes_are_strings_in_files() {
    let codes: (Group, Carc, Rarc) = serde_json::from_str(r#"["CO","0016","MA1"]"#).unwrap();
    assert_eq!(serde_json::to_string(&codes).unwrap(), r#"["CO","16","MA01"]"#);
    assert!(serde_json::from_str::<Carc>(r#""""#).is_err());
    assert!(serde_json::from_str::<Group>(r#""C O""#).is_err());
    let code = reactivated();
    let text = serde_json::to_string(&code).unwrap();
    assert_eq!(serde_json::from_str::<Code>(&text).unwrap(), code);
}

proptest! {
    #[test]
    fn any_text_is_a_code_or_a_reason_and_never_a_panic(raw in "\\PC{0,12}") {
        if let Ok(code) = Carc::new(&raw) {
            prop_assert_eq!(Carc::new(code.as_str()), Ok(code));
        }
        let group = Group::from_raw(&raw);
        prop_assert_eq!(Group::from_raw(group.as_str()), group);
    }

    #[test]
    fn equal_codes_have_equal_bits_and_order(
        a in "[A-C]{0,2}[0-9]{1,4}", b in "[A-C]{0,2}[0-9]{1,4}",
    ) {
        if let (Ok(a), Ok(b)) = (Carc::new(&a), Carc::new(&b)) {
            prop_assert_eq!(a == b, a.bits() == b.bits());
            prop_assert_eq!(a == b, a.cmp(&b).is_eq());
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        }
    }

    #[test]
    fn numbers_order_by_size(a in 1_u32..99_999, b in 1_u32..99_999) {
        prop_assert_eq!(carc(&a.to_string()).cmp(&carc(&b.to_string())), a.cmp(&b));
    }
}

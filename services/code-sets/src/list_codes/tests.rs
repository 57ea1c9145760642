use super::*;
use domain::codes::{Code, Period};

fn listed(label: &str, stop_on: Option<NaiveDate>) -> ListedCode {
    ListedCode {
        code_set: "CARC".to_owned(),
        position: 1,
        effect: String::new(),
        code: Code {
            code: "15".to_owned(),
            label: label.to_owned(),
            periods: vec![Period { start_on: None, stop_on }],
            alert: false,
            remark_required: false,
            groups_allowed: Vec::new(),
        },
    }
}

#[test]
fn the_documented_filter_narrows_by_every_term() {
    let wanted = Wanted::read(r#"current = true AND label : "Authorization""#).unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
    let admits = |listed: &ListedCode| wanted.iter().all(|wanted| wanted.admits(listed, today));
    assert!(admits(&listed("Prior authorization missing", None)));
    assert!(!admits(&listed("Prior authorization missing", today.pred_opt())));
    assert!(!admits(&listed("Duplicate", None)));
}

#[test]
fn a_code_is_current_on_its_last_day() {
    let today = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
    assert!(Wanted::Current(true).admits(&listed("x", Some(today)), today));
}

#[test]
fn other_fields_operators_and_values_are_refused() {
    for wrong in ["code = 1", "current > true", "current = yes", "label = x", "label : \" \""] {
        assert!(Wanted::read(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Wanted::read("").unwrap(), []);
}

#[test]
fn the_colon_needs_no_blanks_and_may_stand_in_a_value() {
    let spaced = Wanted::read(r#"label : "a:b""#).unwrap();
    assert_eq!(spaced, [Wanted::LabelHas("a:b".to_owned())]);
    assert_eq!(Wanted::read(r#"label:"a:b""#).unwrap(), spaced);
}

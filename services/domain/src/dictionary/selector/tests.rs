use proptest::prelude::*;

use super::*;

#[test]
fn a_slug_has_its_alphabet_and_length() {
    for good in ["a", "9-days", "carc-50.patient_bill"] {
        assert!(Slug::new(good).is_ok(), "{good}");
    }
    for bad in ["", "-a", "A", "a b", "a/b", "ä"] {
        assert!(Slug::new(bad).is_err(), "{bad}");
    }
    assert!(Slug::new("a".repeat(96)).is_ok());
    assert!(Slug::new("a".repeat(97)).is_err());
}

#[test]
fn an_unknown_value_is_accepted_only_where_any_will_do() {
    assert!(Selector::<u8>::Any.admits(None));
    assert!(!Selector::Exact(1_u8).admits(None));
    assert!(!AmountRange { at_least: Some(Cents::ZERO), at_most: None }.admits(None));
    assert!(AmountRange::default().admits(None));
    assert!(!ProcedureMatch::Exact("99213".to_owned()).admits(None));
}

#[test]
fn a_procedure_range_holds_codes_of_its_own_length() {
    let range = ProcedureMatch::Range { from: "99202".to_owned(), to: "99499".to_owned() };
    assert!(range.admits(Some("99202")) && range.admits(Some("99499")));
    assert!(!range.admits(Some("992020")) && !range.admits(Some("99500")));
}

fn any_selector() -> impl Strategy<Value = Selector<u8>> {
    prop::collection::vec(0_u8..6, 0..4).prop_map(Selector::of)
}

fn any_remarks() -> impl Strategy<Value = RarcMatch> {
    let list = || prop::sample::subsequence(vec!["N1", "N2", "N3", "N4"], 0..=2);
    (list(), list(), list()).prop_map(|(any, all, none)| {
        let codes =
            |list: Vec<&str>| list.into_iter().map(|code| Rarc::new(code).unwrap()).collect();
        RarcMatch { any: codes(any), all: codes(all), none: codes(none) }
    })
}

fn any_amounts() -> impl Strategy<Value = AmountRange> {
    let end = || prop::option::of(0_i64..8);
    (end(), end()).prop_filter_map("sound", |(low, high)| {
        let range = AmountRange { at_least: low.map(Cents::new), at_most: high.map(Cents::new) };
        range.is_sound().then_some(range)
    })
}

fn any_procedures() -> impl Strategy<Value = ProcedureMatch> {
    let code = || prop::sample::select(vec!["1", "3", "5", "10", "30", "50"]);
    prop_oneof![
        Just(ProcedureMatch::Any),
        code().prop_map(|code| ProcedureMatch::Exact(code.to_owned())),
        (code(), code()).prop_filter_map("sound", |(from, to)| {
            let range = ProcedureMatch::Range { from: from.to_owned(), to: to.to_owned() };
            range.is_sound().then_some(range)
        }),
    ]
}

proptest! {
    #[test]
    fn selectors_overlap_exactly_when_a_value_fits_both(a in any_selector(), b in any_selector()) {
        let shared = (0_u8..7).any(|value| a.admits(Some(&value)) && b.admits(Some(&value)));
        prop_assert_eq!(a.overlaps(&b), shared);
    }

    #[test]
    fn remarks_overlap_exactly_when_a_set_fits_both(a in any_remarks(), b in any_remarks()) {
        let codes = ["N1", "N2", "N3", "N4", "N5"].map(|code| Rarc::new(code).unwrap());
        let shared = (0..32_usize).any(|set| {
            let set: Vec<Rarc> =
                (0..5).filter(|at| set >> at & 1 == 1).map(|at| codes[at]).collect();
            a.admits(&set) && b.admits(&set)
        });
        prop_assert_eq!(a.overlaps(&b), shared);
    }

    #[test]
    fn amounts_overlap_exactly_when_one_fits_both(a in any_amounts(), b in any_amounts()) {
        let both = |value: i64| a.admits(Some(Cents::new(value))) && b.admits(Some(Cents::new(value)));
        prop_assert_eq!(a.overlaps(&b), (-1..9).any(both));
    }

    #[test]
    fn procedures_overlap_exactly_when_a_code_fits_both(
        a in any_procedures(),
        b in any_procedures(),
    ) {
        let codes = (0..100).flat_map(|number| [number.to_string(), format!("{number:02}")]);
        let shared = codes.into_iter().any(|code| a.admits(Some(&code)) && b.admits(Some(&code)));
        prop_assert_eq!(a.overlaps(&b), shared);
    }
}

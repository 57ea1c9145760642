use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

fn faults(set: CodeSet, text: &str) -> Vec<String> {
    let bad = read(set, text.as_bytes()).unwrap_err();
    bad.listed().iter().map(|fault| fault.field.clone()).collect()
}

fn listed(code: &str, label: &str) -> ListedCode {
    ListedCode {
        code_set: "CARC".to_owned(),
        position: 7,
        effect: String::new(),
        code: Code {
            code: code.to_owned(),
            label: label.to_owned(),
            periods: vec![Period { start_on: None, stop_on: None }],
            alert: false,
            remark_required: true,
            groups_allowed: vec![Group::CO],
        },
    }
}

#[test]
fn a_reactivated_code_has_a_row_per_period_in_any_order() {
    let text = "code,label,start,stop,alert\nN411,Again,2020-03-01,,Y\nma1,Other,,,\n\
                n0411,Again,2010-01-01,2015-06-30,Y\n";
    let read = read(CodeSet::Rarc, text.as_bytes()).unwrap();
    let codes: Vec<_> = read.iter().map(|stated| stated.code.as_str()).collect();
    assert_eq!(codes, ["N411", "MA01"]);
    let period = |start: &str, stop_on| Period { start_on: day(start), stop_on };
    let periods = [period("2010-01-01", day("2015-06-30")), period("2020-03-01", None)];
    assert_eq!(read[0].periods, periods);
    assert_eq!((read[0].alert, read[1].alert), (Some(true), Some(false)));
    assert_eq!((read[0].remark_required, &read[0].groups), (None, &None));
}

#[test]
fn every_bad_cell_is_listed_with_its_line() {
    let text = "code,label,start,stop,remark_code_required,group_codes_allowed\n\
                1,Deductible,1995-01-01,,,\n\
                00,,1995-13-01,soon,maybe,CO or XX\n\
                2,Coinsurance,2020-01-01,2019-12-31,,\n\
                3,Copayment,1995-01-01,2000-01-01,,PR\n\
                3,Copayment,1999-01-01,,,PR\n\
                3,Another text,2001-01-01,,,PR\n\
                4,ok,0195-01-01,,Y,CO or PR\n";
    let expected = [
        "csv[3].code",
        "csv[3].label",
        "csv[3].start",
        "csv[3].stop",
        "csv[3].remark_code_required",
        "csv[3].group_codes_allowed",
        "csv[4].stop",
        "csv[6].start",
        "csv[7].code",
        "csv[8].start",
    ];
    assert_eq!(faults(CodeSet::Carc, text), expected);
    let unknown = faults(CodeSet::Clp02, "code,label,start,stop,alert\n1,x,,,Y\n");
    assert_eq!(unknown, ["csv[1]"], "only remark codes are alerts");
    assert_eq!(faults(CodeSet::Clp02, "code,label,start,stop\n1*,x,,\n"), ["csv[2].code"]);
}

#[test]
fn a_code_has_so_many_periods_and_no_more() {
    let rows = |count: usize| {
        (0..count).fold("code,label,start,stop\n".to_owned(), |text, at| {
            let year = 1950 + at;
            text + &format!("16,x,{year}-01-01,{year}-06-30\n")
        })
    };
    let most = read(CodeSet::Carc, rows(PERIODS_MAX).as_bytes()).unwrap();
    assert_eq!(most[0].periods.len(), PERIODS_MAX);
    assert_eq!(faults(CodeSet::Carc, &rows(PERIODS_MAX + 2)), ["csv[22].code", "csv[23].code"]);
}

#[test]
fn what_a_release_leaves_out_stays_and_new_codes_find_their_place() {
    let text = "code,label,start,stop\n16,New text,1995-01-01,\n5,Five,,\n";
    let stated = read(CodeSet::Carc, text.as_bytes()).unwrap();
    let after = applied(CodeSet::Carc, vec![listed("2", "Two"), listed("16", "Old")], stated);
    let codes: Vec<_> = after.iter().map(|it| (it.position, it.code.code.as_str())).collect();
    assert_eq!(codes, [(1, "2"), (2, "5"), (3, "16")]);
    let old = &after[2].code;
    assert_eq!((old.label.as_str(), old.remark_required), ("New text", true));
    assert_eq!((&old.groups_allowed, after[1].code.remark_required), (&vec![Group::CO], false));
    assert_eq!(after[0].code, listed("2", "Two").code);
    let text = "code,label,start,stop,remark_code_required,group_codes_allowed\n16,New text,,,,\n";
    let stated = read(CodeSet::Carc, text.as_bytes()).unwrap();
    let after = applied(CodeSet::Carc, vec![listed("16", "Old")], stated);
    let said = &after[0].code;
    assert!(!said.remark_required && said.groups_allowed.is_empty(), "what is said counts");
}

proptest! {
    #[test]
    fn a_set_never_loses_a_code_and_the_same_release_twice_changes_nothing(
        before in prop::collection::btree_set(1_u16..60, 0..20),
        rows in prop::collection::btree_map(1_u16..60, "[a-z]{1,5}", 1..20),
    ) {
        let text = rows.iter().fold("code,label,start,stop\n".to_owned(), |text, (code, label)| {
            text + &format!("{code},{label},,\n")
        });
        let stated = read(CodeSet::Carc, text.as_bytes()).unwrap();
        let held: Vec<_> = before.iter().map(|code| listed(&code.to_string(), "x")).collect();
        let once = applied(CodeSet::Carc, held, stated.clone());
        let codes: Vec<u16> = once.iter().map(|it| it.code.code.parse().unwrap()).collect();
        let wanted: std::collections::BTreeSet<u16> =
            before.iter().chain(rows.keys()).copied().collect();
        prop_assert_eq!(codes, wanted.into_iter().collect::<Vec<_>>());
        let twice = applied(CodeSet::Carc, once.clone(), stated);
        let both = once.iter().zip(&twice);
        prop_assert!(both.into_iter().all(|(a, b)| a.code == b.code && a.position == b.position));
    }
}

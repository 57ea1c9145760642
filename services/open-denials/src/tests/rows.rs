use super::{file, heading, import, mapping, row};
use crate::{Field, Refused, read};

/// What is said of the only row that is refused, beside a good one of another account.
fn refused(others: &[(Field, &str)]) -> Refused {
    let good = row(&[(Field::PatientControlNumber, "GOOD")]);
    let import = import(&[good, row(others)]);
    assert_eq!((import.rows, import.claims, import.refused.len()), (2, 1, 1), "{others:?}");
    let refused = import.refused.into_iter().next().unwrap();
    assert_eq!(refused.row, 2);
    refused
}

#[test]
fn each_fault_of_a_cell_names_its_column_and_none_of_its_content() {
    let cases = [
        (Field::PatientControlNumber, "", "is empty"),
        (Field::PatientControlNumber, "A\nB", "control character"),
        (Field::PatientControlNumber, &"SECRET".repeat(10), "longer than 50"),
        (Field::Payer, "SECRET", "no payer of the directory"),
        (Field::Payer, "", "no payer of the directory"),
        (Field::Payer, "TWIN", "several payers"),
        (Field::Facility, "SECRET", "no facility"),
        (Field::PayerClaimNumber, &"SECRET".repeat(10), "longer than 50"),
        (Field::ServiceFrom, "", "is empty"),
        (Field::ServiceFrom, "SECRET", "no day"),
        (Field::ServiceFrom, "2026-06-11", "after the day of the denial"),
        (Field::ServiceTo, "2026-04-30", "before the first day"),
        (Field::ClaimCharge, "", "is empty"),
        (Field::ClaimCharge, "0", "more than zero"),
        (Field::ClaimCharge, "SECRET", "no amount"),
        (Field::ClaimPaid, "-1", "negative"),
        (Field::ClaimPaid, "381", "comes, with the amounts"),
        (Field::LineNumber, "SECRET", "whole number"),
        (Field::Procedure, "SEC RET", "letters and digits"),
        (Field::Modifiers, "SECRET", "letters and digits"),
        (Field::RevenueCode, "SECRET", "four digits"),
        (Field::LineCharge, "SECRET", "no amount"),
        (Field::Group, "SECRET", "CO, OA, PI or PR"),
        (Field::Group, "CR", "CO, OA, PI or PR"),
        (Field::Carc, "", "is empty"),
        (Field::Carc, "SECRET-1", "not an ASCII letter or digit"),
        (Field::Rarcs, "SECRET-1", "separate codes"),
        (Field::DeniedAmount, "-1", "more than zero"),
        (Field::DeniedAmount, "500.01", "come to more than its charge"),
        (Field::RemitDate, "2026-06-16", "future"),
        (Field::MemberId, &"SECRET".repeat(20), "longer than 80"),
        (Field::PatientName, &"SECRET".repeat(30), "longer than 120"),
    ];
    for (field, cell, words) in cases {
        let refused = refused(&[(field, cell)]);
        assert_eq!(refused.column, heading(field), "{field}: {}", refused.reason);
        assert!(refused.reason.contains(words), "{field}: {}", refused.reason);
        assert!(!refused.reason.contains("SECRET"), "{}", refused.reason);
    }
    let seen: Vec<Field> = cases.map(|(field, ..)| field).to_vec();
    assert!(Field::ALL.iter().all(|field| seen.contains(field)), "every field has a case");
}

#[test]
fn a_row_with_several_faults_names_them_all() {
    let refused = refused(&[(Field::Carc, "?"), (Field::Group, "?"), (Field::RemitDate, "?")]);
    assert_eq!(refused.column, "The remit date");
    assert!(refused.reason.ends_with("also at fault: `The group`, `The carc`"), "{refused:?}");
}

#[test]
fn lines_need_a_code_and_no_more_than_their_charge() {
    for other in [(Field::LineCharge, "10"), (Field::LineNumber, "1"), (Field::Modifiers, "25")] {
        assert_eq!(refused(&[other]).column, "The procedure");
    }
    for charge in ["119.99", "500.01"] {
        let line = refused(&[(Field::Procedure, "99213"), (Field::LineCharge, charge)]);
        assert_eq!(line.column, "The line charge", "{charge}: {}", line.reason);
    }
    let fits = [row(&[(Field::Procedure, "99213"), (Field::LineCharge, "120")])];
    assert_eq!(import(&fits).refused, []);
}

#[test]
fn rows_that_are_none_stop_no_other() {
    let good = |account| row(&[(Field::PatientControlNumber, account)]);
    let commas = ",".repeat(Field::ALL.len() - 1);
    let broken = good("BAD").replacen("BAD", "B\u{0}\u{1}\u{2}", 1);
    let mut text = file(&[good("A"), "short,row".to_owned(), commas, String::new(), broken]);
    text.push_str(&good("B"));
    text.push('\n');
    let mut bytes = text.into_bytes();
    let at = bytes.iter().position(|byte| *byte == 2).unwrap();
    bytes[at] = 0xff;
    let open = format!("\"{}", "a,b\n".repeat(20_000));
    bytes.extend_from_slice(open.as_bytes());
    let import = read(&bytes, &mapping(), &super::context(), super::today()).unwrap();
    let told: Vec<(usize, &str)> =
        import.refused.iter().map(|refused| (refused.row, &refused.reason[..12])).collect();
    assert_eq!(
        told,
        [(2, "has 2 cells "), (3, "is empty: re"), (4, "is not UTF-8"), (6, "is longer th")]
    );
    assert_eq!((import.rows, import.claims), (6, 2));
}

#[test]
fn a_claim_is_taken_whole_or_not_at_all() {
    let with = |more: &[(Field, &str)]| {
        row(&[more, &[(Field::Carc, "29"), (Field::DeniedAmount, "1")]].concat())
    };
    let cases = [
        ("The facility", with(&[(Field::Facility, "west")])),
        ("The claim charge", with(&[(Field::ClaimCharge, "501")])),
        ("", row(&[(Field::DeniedAmount, "1")])),
        ("The carc", with(&[(Field::Carc, "?")])),
    ];
    for (column, bad) in cases {
        let good = row(&[(Field::PatientControlNumber, "GOOD")]);
        let import = import(&[row(&[]), bad, good]);
        let told: Vec<(usize, &str)> =
            import.refused.iter().map(|one| (one.row, one.column.as_str())).collect();
        assert_eq!(told, [(1, ""), (2, column)], "{import:?}");
        let words = &import.refused[0].reason;
        assert!(words.starts_with("row 2 of this account"), "{words}");
        assert_eq!(import.claims, 1);
    }
    for (field, said, also) in [
        (Field::MemberId, "M1", "M2"),
        (Field::PatientName, "DOE", "ROE"),
        (Field::PayerClaimNumber, "I1", "I2"),
    ] {
        let odd = import(&[row(&[(field, said)]), with(&[(field, also)])]);
        assert_eq!((odd.claims, odd.refused[1].column.as_str()), (0, heading(field).as_str()));
        // What one row says the others may leave out.
        let even = import(&[row(&[]), with(&[(field, also)])]);
        assert_eq!((even.claims, even.refused), (1, Vec::new()));
    }
    // Lines that were billed alike are told apart by their number.
    let line = |number| row(&[(Field::Procedure, "99213"), (Field::LineNumber, number)]);
    assert_eq!(import(&[line("1"), line("2")]).refused, []);
    assert_eq!(import(&[line("1"), line("1")]).refused.len(), 2);
}

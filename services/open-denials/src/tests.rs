use std::collections::HashMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use remitted::{Alias, AliasKind, Context, FacilityFact, PayerFact, alias};
use uuid::Uuid;
use x12::Assembled;
use x12::model::{ClaimPart, Transaction};

use crate::{Field, Import, Unusable, name_by_id, read};

mod cells;
mod rows;

fn payer(id: u128, slug: &str, name: &str) -> PayerFact {
    PayerFact {
        id: Uuid::from_u128(id),
        slug: slug.to_owned(),
        name: name.to_owned(),
        aliases: vec![Alias { kind: AliasKind::Name, value: alias(name) }],
        lob: None,
        network: None,
        zone: None,
    }
}

fn facility(id: u128, slug: &str, npi: &str) -> FacilityFact {
    FacilityFact {
        id: Uuid::from_u128(id),
        slug: slug.to_owned(),
        name: format!("{slug} hospital"),
        npis: vec![npi.to_owned()],
        tax_ids: Vec::new(),
        ccn: String::new(),
        zone: None,
    }
}

/// Two payers who are called the same and one who is not; two facilities.
fn context() -> Context {
    let mut context = Context {
        payers: vec![
            payer(1, "sample", "Sample Plan"),
            payer(2, "twin-a", "Twin"),
            payer(3, "twin-b", "Twin"),
        ],
        facilities: vec![facility(11, "main", "1234567893"), facility(12, "west", "1245319599")],
        ..Context::default()
    };
    name_by_id(&mut context);
    context
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

/// Every field, under a heading of its own.
fn mapping() -> HashMap<String, String> {
    Field::ALL.iter().map(|field| (field.to_string(), heading(*field))).collect()
}

fn heading(field: Field) -> String {
    format!("The {}", field.as_str().replace('_', " "))
}

/// The cells of a row that is good, with some of them others.
fn row(others: &[(Field, &str)]) -> String {
    let good = |field: &Field| match field {
        Field::PatientControlNumber => "ACCT-1",
        Field::Payer => "sample plan",
        Field::Facility => "1234567893",
        Field::ServiceFrom => "2026-05-01",
        Field::ClaimCharge => "500.00",
        Field::Group => "CO",
        Field::Carc => "197",
        Field::DeniedAmount => "120",
        Field::RemitDate => "6/10/2026",
        _ => "",
    };
    let cells: Vec<String> = Field::ALL
        .iter()
        .map(|field| others.iter().find(|(one, _)| one == field).map_or(good(field), |it| it.1))
        .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
        .collect();
    cells.join(",")
}

fn file(rows: &[String]) -> String {
    let headings: Vec<String> = Field::ALL.iter().map(|field| heading(*field)).collect();
    format!("{}\n{}\n", headings.join(","), rows.join("\n"))
}

fn import(rows: &[String]) -> Import {
    read(file(rows).as_bytes(), &mapping(), &context(), today()).unwrap()
}

/// What the reader of remittances makes of a file: nothing odd may be in it.
fn read_back(bytes: &[u8]) -> Vec<(Transaction, ClaimPart)> {
    let (mut header, mut claims) = (None, Vec::new());
    if bytes.is_empty() {
        return claims;
    }
    x12::claims(bytes, &mut |said| match said {
        Assembled::Header(read) => header = Some(read),
        Assembled::Claim(claim) => claims.push((header.clone().unwrap(), claim)),
        Assembled::Closed(closing) => {
            assert!(closing.complete && closing.balance.is_balanced(), "{closing:?}");
        }
        Assembled::Finding(finding) => panic!("{finding:?}"),
        _ => {}
    });
    claims
}

#[test]
fn rows_of_an_account_and_day_are_one_claim_that_comes_out() {
    let lines = [
        (Field::Procedure, "99213"),
        (Field::Modifiers, "25|GT"),
        (Field::LineCharge, "$1,200.00"),
        (Field::ClaimCharge, "2000"),
        (Field::Rarcs, "n130 M62|N130"),
    ];
    let with = |more: &[(Field, &str)]| row(&[more, &lines[..]].concat());
    let rows = [
        with(&[(Field::DeniedAmount, "300.5"), (Field::MemberId, "M*1~:")]),
        with(&[(Field::Carc, "45"), (Field::DeniedAmount, ".50")]),
        row(&[
            (Field::ClaimCharge, "2,000.00"),
            (Field::Group, "pr"),
            (Field::Carc, "1"),
            (Field::DeniedAmount, "20"),
            (Field::Rarcs, "M1 M2 M3 M4 M5 M6"),
            (Field::PatientName, "DOE, JANE"),
            (Field::PayerClaimNumber, "icn 7"),
            (Field::ServiceTo, "2026-05-03"),
        ]),
        row(&[(Field::RemitDate, "20260611")]),
        row(&[(Field::PatientControlNumber, "acct-2"), (Field::Facility, "West Hospital")]),
    ];
    let import = import(&rows);
    assert_eq!((import.rows, import.claims, import.refused), (5, 3, Vec::new()));
    let claims = read_back(&import.remittance);
    let (header, claim) = &claims[0];
    let context = context();
    assert_eq!(context.payer(header).unwrap().slug, "sample");
    assert_eq!(header.payment.as_ref().unwrap().date, "20260610");
    assert!(header.trace.starts_with("IMPORT-"), "{}", header.trace);
    assert_eq!((claim.number.reveal(), claim.payer_control.reveal()), ("ACCT-1", "ICN 7"));
    assert_eq!(
        (claim.charge.cents(), claim.paid.cents(), claim.patient_responsibility.cents()),
        (Some(200_000), Some(167_900), Some(2_000))
    );
    assert_eq!((claim.date("232"), claim.date("233")), (Some("20260501"), Some("20260503")));
    let name = claim.name("QC").unwrap();
    assert_eq!(
        (name.last.reveal(), name.first.reveal(), name.id.reveal()),
        ("DOE", "JANE", "M*1~:")
    );
    assert_eq!(claim.remarks.len(), 6);
    let line = &claim.lines[0];
    assert_eq!((line.charge.cents(), line.paid.cents()), (Some(120_000), Some(89_900)));
    assert_eq!((line.procedure.as_str(), line.modifiers.len()), ("99213", 2));
    let said = |codes: &[x12::model::RemarkValue]| -> Vec<String> {
        codes.iter().map(|code| code.code.clone()).collect()
    };
    assert_eq!(said(&line.remarks), ["M62", "N130"]);
    assert_eq!(line.adjustments.len(), 2);
    // By day, payer and account.
    let order: Vec<&str> = claims.iter().map(|(_, claim)| claim.number.reveal()).collect();
    assert_eq!(order, ["ACCT-1", "ACCT-2", "ACCT-1"]);
    let remitted::Payee::Ours(west) = context.payee(&claims[1].0.payee) else { panic!("ours") };
    assert_eq!(west.slug, "west");
}

#[test]
fn what_was_neither_paid_nor_named_is_contractual() {
    let paid = |cell: &str| row(&[(Field::Carc, "197"), (Field::ClaimPaid, cell)]);
    let adjusted = |cell: &str| -> Vec<(String, Option<i64>)> {
        let (_, claim) = read_back(&import(&[paid(cell)]).remittance).remove(0);
        let all = claim.adjustments.iter();
        all.map(|one| (one.reason.clone(), one.amount.cents())).collect()
    };
    let refused = ("197".to_owned(), Some(12_000));
    let contract = |cents| ("45".to_owned(), Some(cents));
    assert_eq!(adjusted("100"), [contract(28_000), refused.clone()]);
    assert_eq!(adjusted("0"), [contract(38_000), refused.clone()]);
    // All is named, or nobody says what was paid.
    assert_eq!(adjusted("380"), std::slice::from_ref(&refused));
    assert_eq!(adjusted(""), [refused]);
}

#[test]
fn the_same_claims_are_the_same_bytes_whatever_they_are_called() {
    let rows = [
        row(&[]),
        row(&[(Field::Carc, "29"), (Field::DeniedAmount, "1")]),
        row(&[(Field::PatientControlNumber, "B"), (Field::Payer, "twin-b")]),
    ];
    let one = import(&rows);
    let again = [
        rows[2].clone(),
        row(&[(Field::Carc, "029"), (Field::DeniedAmount, "1.00"), (Field::Payer, "SAMPLE")]),
        row(&[(Field::PatientControlNumber, "Acct-1"), (Field::Facility, "MAIN")]),
    ];
    assert_eq!(import(&again), one);
    let mut renamed = context();
    renamed.payers[0].name = "Another Name".to_owned();
    let again = read(file(&rows).as_bytes(), &mapping(), &renamed, today()).unwrap();
    assert_eq!(again.remittance, one.remittance);
    // A claim more leaves the others as they are.
    let more = import(&[&rows[..], &[row(&[(Field::PatientControlNumber, "C")])]].concat());
    let traces = |import: &Import| -> Vec<String> {
        read_back(&import.remittance).into_iter().map(|(header, _)| header.trace).collect()
    };
    assert!(traces(&one).iter().all(|trace| traces(&more).contains(trace)));
    assert_eq!((traces(&one).len(), traces(&more).len()), (2, 3));
}

#[test]
fn an_institutional_and_a_dental_line_are_told_apart() {
    let lines = [
        row(&[(Field::RevenueCode, "450"), (Field::LineNumber, "1")]),
        row(&[(Field::Procedure, "d0120"), (Field::ServiceTo, "2026-05-02")]),
        row(&[(Field::Procedure, "99285"), (Field::RevenueCode, "0450")]),
    ];
    let import = import(&lines);
    assert_eq!(import.refused, []);
    let claims = read_back(&import.remittance);
    let shown: Vec<(&str, &str, &str)> = claims[0]
        .1
        .lines
        .iter()
        .map(|line| (line.procedure_kind.as_str(), line.procedure.as_str(), line.revenue.as_str()))
        .collect();
    assert_eq!(shown, [("NU", "0450", ""), ("HC", "99285", "0450"), ("AD", "D0120", "")]);
    // Without a charge of its own a line is what was refused of it.
    assert!(claims[0].1.lines.iter().all(|line| line.charge.cents() == Some(12_000)));
    assert_eq!(claims[0].1.lines[2].date("151"), Some("20260502"));
}

fn unusable(csv: &[u8], columns: &HashMap<String, String>) -> Vec<(String, String)> {
    let Unusable(faults) = read(csv, columns, &context(), today()).unwrap_err();
    faults
}

#[test]
fn a_mapping_that_does_not_fit_the_file_is_told_all_at_once() {
    let mut columns = mapping();
    columns.remove("payer");
    columns.insert("cpt".to_owned(), "The procedure".to_owned());
    columns.insert("carc".to_owned(), "Nowhere".to_owned());
    columns.insert("group".to_owned(), " ".to_owned());
    columns.insert("rarcs".to_owned(), "The rarcs".to_owned());
    let doubled = file(&[row(&[])]).replace("The member id", "the RARCS");
    columns.remove("member_id");
    let faults = unusable(doubled.as_bytes(), &columns);
    let told: Vec<(&str, &str)> =
        faults.iter().map(|(field, words)| (field.as_str(), &words[..16])).collect();
    assert_eq!(
        told,
        [
            ("header.columns.carc", "no column has th"),
            ("header.columns.cpt", "is no field: the"),
            ("header.columns.group", "needs the headin"),
            ("header.columns.rarcs", "its heading stan"),
            ("header.columns.payer", "is needed: name "),
        ]
    );
    // The control: any case of a heading, a mark of UTF-8 before it, and columns nobody asked for.
    let mut columns = mapping();
    columns.insert("carc".to_owned(), "  tHe CARC ".to_owned());
    columns.remove("member_id");
    let marked = format!("\u{feff}{}", file(&[row(&[])]));
    assert_eq!(read(marked.as_bytes(), &columns, &context(), today()).unwrap().claims, 1);
}

#[test]
fn a_file_that_is_none_says_so() {
    let only = |csv: &[u8]| {
        let faults = unusable(csv, &mapping());
        assert_eq!((faults.len(), faults[0].0.as_str()), (1, "chunk"), "{faults:?}");
        faults[0].1.clone()
    };
    assert!(only(b"").starts_with("the file is empty"));
    assert!(only(b"\xff\xfea\0,\0b\0\n\0").contains("not UTF-8"));
    assert!(only(file(&[]).as_bytes()).starts_with("no row stands"));
    assert!(only(&vec![b','; 600]).contains("512 columns"));
    assert!(only(&vec![b'a'; crate::CSV_MAX + 1]).contains("16 MiB"));
    let mut long = file(&[]);
    long.push_str(&"x\n".repeat(crate::ROWS_MAX + 1));
    assert!(only(long.as_bytes()).contains("50000 rows"));
    let long = &long.as_bytes()[..long.len() - 2];
    let most = read(long, &mapping(), &context(), today()).unwrap();
    assert_eq!((most.rows, most.refused.len()), (crate::ROWS_MAX, crate::ROWS_MAX));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        read(&bytes, &mapping(), &context(), today()).ok();
        let below = [file(&[]).into_bytes(), bytes].concat();
        if let Ok(import) = read(&below, &mapping(), &context(), today()) {
            read_back(&import.remittance);
        }
    }

    #[test]
    fn every_row_is_taken_or_refused_and_what_is_taken_comes_out(
        cells in proptest::collection::vec(
            (0..Field::ALL.len(), prop_oneof!["\\PC{0,12}", "[0-9.,/$-]{0,10}", "[A-Z0-9 |]{0,6}"]),
            0..40,
        ),
    ) {
        let rows: Vec<String> = cells
            .chunks(2)
            .map(|some| {
                let others: Vec<(Field, &str)> =
                    some.iter().map(|(at, cell)| (Field::ALL[*at], cell.as_str())).collect();
                row(&others)
            })
            .collect();
        let Ok(import) = read(file(&rows).as_bytes(), &mapping(), &context(), today()) else {
            return Ok(());
        };
        let claims = read_back(&import.remittance);
        prop_assert_eq!(claims.len(), import.claims);
        let taken: usize = claims
            .iter()
            .map(|(_, claim)| {
                let lines = claim.lines.iter().map(|line| line.adjustments.len()).sum::<usize>();
                claim.adjustments.len() + lines
            })
            .sum();
        // A claim may have one more that no row names: what is neither paid nor refused.
        let rows = import.rows - import.refused.len();
        prop_assert!((rows..=rows + import.claims).contains(&taken), "{} of {}", taken, rows);
        for (header, claim) in &claims {
            prop_assert!(context().payer(header).is_some());
            prop_assert!(claim.balance.unwrap().is_balanced());
            prop_assert!(claim.lines.iter().all(|line| line.balance.unwrap().is_balanced()));
        }
    }
}

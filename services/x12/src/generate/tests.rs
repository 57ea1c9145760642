use super::{Day, Options, Written, write_remittance};
use crate::inspect::summary;

fn written(options: Options) -> (Vec<u8>, Written) {
    let mut file = Vec::new();
    let written = write_remittance(options, &mut file).unwrap();
    (file, written)
}

#[test]
fn a_generated_file_is_clean_and_holds_what_was_written() {
    let options = Options { claims: 3_000, reversals_permille: 40, ..Options::default() };
    let (file, written) = written(options);
    let summary = summary(&file);
    assert_eq!(summary.findings, []);
    assert!(summary.balanced);
    assert_eq!(summary.transactions, written.transactions);
    assert_eq!(summary.claims, written.claims);
    assert_eq!(summary.service_lines, written.service_lines);
    assert_eq!(summary.adjustments, written.adjustments);
    assert_eq!(summary.remarks, written.remarks);
    assert_eq!(summary.reversals, written.reversals);
    assert_eq!(summary.provider_adjustments, written.provider_adjustments);
    assert_eq!(file.len() as u64, written.bytes);
    assert!(written.reversals > 20 && written.claims == 3_000 + 2 * written.reversals);
    assert!(summary.claim_remarks > 0 && written.provider_adjustments > 0);
}

#[test]
fn lines_and_denials_have_the_shape_asked_for() {
    let (_, written) = written(Options { claims: 20_000, seed: 7, ..Options::default() });
    let lines = written.service_lines * 100 / written.claims;
    let denied = written.denied_claims * 1_000 / written.claims;
    assert!((340..=360).contains(&lines), "{lines} lines in a hundred claims");
    assert!((112..=128).contains(&denied), "{denied} denied in a thousand");
}

#[test]
fn the_seed_decides_the_bytes() {
    let file = |seed| written(Options { seed, ..Options::default() }).0;
    assert_eq!(file(3), file(3));
    assert_ne!(file(3), file(4));
}

#[test]
fn a_file_without_claims_is_still_an_interchange() {
    let (file, written) = written(Options { claims: 0, ..Options::default() });
    assert_eq!((written.transactions, written.payment_cents), (0, 0));
    assert!(file.starts_with(b"ISA*") && file.ends_with(b"IEA*1*000000001~\n"));
}

#[test]
fn days_follow_the_calendar() {
    let day = |year, month, day| Day::from_ymd(year, month, day);
    assert_eq!(day(2024, 2, 29).unwrap().plus_days(1), day(2024, 3, 1).unwrap());
    assert_eq!(day(2023, 2, 29), None);
    assert_eq!(day(2025, 1, 1).unwrap().plus_days(-1).to_string(), "20241231");
    assert_eq!(day(1970, 1, 1), Some(Day::default()));
}

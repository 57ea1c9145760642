use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn key(control: &'static str) -> LineKey<'static> {
    LineKey {
        control,
        procedure: "99213",
        modifiers: "25 59",
        service_on: NaiveDate::from_ymd_opt(2026, 3, 2),
        charge: Cents::new(100_000),
        nth: 0,
    }
}

fn carc(code: &str) -> Carc {
    Carc::new(code).unwrap()
}

fn earlier(number: u128, control: &'static str, code: &str, denied: i64) -> Earlier<'static> {
    Earlier {
        id: Uuid::from_u128(number),
        occurrence: Uuid::from_u128(100),
        line: Some(key(control)),
        group: Group::CO,
        carc: carc(code),
        denied: Cents::new(denied),
        paid: Cents::ZERO,
        state: EarlierState::Open,
        settled_by: None,
        times: 1,
    }
}

fn line(control: &'static str, paid: i64, denials: &[(&str, i64)]) -> LaterLine<'static> {
    let denial = |(code, denied): &(&str, i64)| LaterDenial {
        group: Group::CO,
        carc: carc(code),
        denied: Cents::new(*denied),
    };
    LaterLine {
        line: Some(key(control)),
        paid: Cents::new(paid),
        denials: denials.iter().map(denial).collect(),
    }
}

fn adjudicated(lines: Vec<LaterLine<'static>>) -> Later<'static> {
    Later::Adjudicated { lines, sent: Sent::Other }
}

fn outcomes(settled: &Settlement) -> Vec<(Outcome, i64)> {
    settled.fates.iter().map(|fate| (fate.outcome, fate.recovered.as_i64())).collect()
}

#[test]
fn what_is_paid_and_not_refused_any_more_is_overturned() {
    let denied = [earlier(1, "1", "197", 100_000)];
    // The rest went to the contract; the denial is gone all the same.
    let later = adjudicated(vec![line("1", 60_000, &[])]);
    let settled = settle(&denied, &later, Match::Sure);
    assert_eq!(outcomes(&settled), [(Outcome::Overturned, 60_000)]);
    assert_eq!(
        settled.fates[0].words,
        "$1,000.00 was refused with CO-197; it is not refused any more, and $600.00 was paid"
    );
    let lines = vec![line("1", 60_000, &[])];
    let corrected = Later::Adjudicated { lines, sent: Sent::CorrectedClaim };
    let settled = settle(&denied, &corrected, Match::Sure);
    assert_eq!(outcomes(&settled), [(Outcome::Corrected, 60_000)]);
    let later = adjudicated(vec![line("1", 0, &[])]);
    assert_eq!(outcomes(&settle(&denied, &later, Match::Sure)), [(Outcome::Closed, 0)]);
}

#[test]
fn only_what_is_paid_beyond_before_came_back() {
    let denied = [Earlier { paid: Cents::new(50_000), ..earlier(1, "1", "97", 20_000) }];
    let paid = |cents| adjudicated(vec![line("1", cents, &[])]);
    assert_eq!(
        outcomes(&settle(&denied, &paid(65_000), Match::Sure)),
        [(Outcome::Overturned, 15_000)]
    );
    assert_eq!(outcomes(&settle(&denied, &paid(50_000), Match::Sure)), [(Outcome::Closed, 0)]);
    assert_eq!(
        outcomes(&settle(&denied, &paid(90_000), Match::Sure)),
        [(Outcome::Overturned, 20_000)]
    );
}

#[test]
fn what_is_refused_again_is_a_repeat_with_its_lineage() {
    let denied = [Earlier { times: 2, ..earlier(1, "1", "197", 100_000) }];
    let later = adjudicated(vec![line("1", 0, &[("197", 100_000)])]);
    let settled = settle(&denied, &later, Match::Sure);
    assert_eq!(outcomes(&settled), [(Outcome::Repeated, 0)]);
    assert_eq!(
        settled.lineages,
        [Lineage {
            line: 0,
            denial: 0,
            repeat_of: Some(denied[0].id),
            times: 3,
            goes_to: GoesTo::ProcessOwner,
        }]
    );
    let second = settle(&[earlier(1, "1", "197", 100_000)], &later, Match::Sure);
    assert_eq!((second.lineages[0].times, second.lineages[0].goes_to), (2, GoesTo::Owner));
    // Another code on the same line is a repeat too.
    let other = adjudicated(vec![line("1", 0, &[("16", 100_000)])]);
    let settled = settle(&denied, &other, Match::Sure);
    assert_eq!(outcomes(&settled), [(Outcome::Repeated, 0)]);
    assert_eq!(settled.lineages[0].repeat_of, Some(denied[0].id));
    // On a line that was never refused it is an initial one.
    let elsewhere = adjudicated(vec![LaterLine {
        line: Some(LineKey { control: "2", ..key("2") }),
        ..line("2", 0, &[("16", 100_000)])
    }]);
    let settled = settle(&denied, &elsewhere, Match::Sure);
    assert_eq!((settled.lineages[0].times, settled.lineages[0].repeat_of), (1, None));
    assert_eq!(outcomes(&settled), [(Outcome::Untouched, 0)]);
}

#[test]
fn what_is_refused_for_less_is_overturned_in_part() {
    let denied = [earlier(1, "1", "151", 100_000)];
    let later = adjudicated(vec![line("1", 45_000, &[("151", 40_000)])]);
    let settled = settle(&denied, &later, Match::Sure);
    assert_eq!(outcomes(&settled), [(Outcome::PartiallyOverturned, 45_000)]);
    assert_eq!(settled.lineages[0].times, 2);
}

#[test]
fn codes_of_one_line_are_told_apart() {
    let denied = [earlier(1, "1", "16", 30_000), earlier(2, "1", "197", 70_000)];
    let later = adjudicated(vec![line("1", 20_000, &[("197", 70_000)])]);
    let settled = settle(&denied, &later, Match::Sure);
    assert_eq!(outcomes(&settled), [(Outcome::Overturned, 20_000), (Outcome::Repeated, 0)]);
    let both = adjudicated(vec![line("1", 50_000, &[])]);
    let settled = settle(&denied, &both, Match::Sure);
    assert_eq!(outcomes(&settled), [(Outcome::Overturned, 15_000), (Outcome::Overturned, 35_000)]);
}

#[test]
fn lines_match_by_control_number_or_by_service() {
    let bare = |charge| LineKey { control: "", charge: Cents::new(charge), ..key("") };
    assert!(key("7").is_same(&key("7")) && !key("7").is_same(&key("8")));
    assert!(bare(100_000).is_same(&key("7")));
    assert!(!bare(100_000).is_same(&LineKey { modifiers: "25", ..bare(100_000) }));
    assert!(!bare(100_000).is_same(&LineKey { nth: 1, ..bare(100_000) }), "the second of two");
    assert!(!bare(100_000).is_same(&bare(100_001)));
    // Two lines that look alike settle nothing.
    let denied = [Earlier { line: Some(bare(100_000)), ..earlier(1, "", "16", 100) }];
    let twice = adjudicated(vec![line("", 100, &[]), line("", 0, &[("16", 100)])]);
    assert_eq!(outcomes(&settle(&denied, &twice, Match::Sure)), [(Outcome::Unsure, 0)]);
    let whole = [Earlier { line: None, ..earlier(1, "", "16", 100) }];
    assert_eq!(outcomes(&settle(&whole, &twice, Match::Sure)), [(Outcome::Untouched, 0)]);
}

#[test]
fn a_reversal_nets_what_it_takes_back_and_reopens_what_that_had_settled() {
    let (first, second) = (Uuid::from_u128(100), Uuid::from_u128(200));
    let settled_by_second = Earlier {
        state: EarlierState::Settled,
        settled_by: Some(second),
        ..earlier(1, "1", "16", 100)
    };
    let of_second = Earlier { occurrence: second, ..earlier(2, "2", "197", 50) };
    let all = [settled_by_second, of_second, earlier(3, "3", "29", 70)];
    let reverse = |occurrence| settle(&all, &Later::Reversed { occurrence }, Match::Sure);
    assert_eq!(
        outcomes(&reverse(Some(second))),
        [(Outcome::Reopened, 0), (Outcome::Netted, 0), (Outcome::Untouched, 0)]
    );
    assert_eq!(
        outcomes(&reverse(Some(first))),
        [(Outcome::Netted, 0), (Outcome::Untouched, 0), (Outcome::Netted, 0)]
    );
    assert_eq!(
        outcomes(&reverse(None)),
        [(Outcome::Untouched, 0), (Outcome::Unsure, 0), (Outcome::Unsure, 0)]
    );
    // The corrected adjudication that follows takes the place of the one that was taken back.
    let netted = [Earlier { state: EarlierState::Netted, times: 2, ..earlier(1, "1", "16", 100) }];
    let again = settle(&netted, &adjudicated(vec![line("1", 0, &[("16", 100)])]), Match::Sure);
    assert_eq!((again.lineages[0].times, again.lineages[0].goes_to), (2, GoesTo::Owner));
    assert_eq!(outcomes(&again), [(Outcome::Repeated, 0)]);
    // Payers overturn a denial by a reversal and a correction that pays.
    let paid = settle(&netted, &adjudicated(vec![line("1", 80, &[])]), Match::Sure);
    assert_eq!(outcomes(&paid), [(Outcome::Overturned, 80)]);
}

#[test]
fn a_match_that_is_not_sure_settles_nothing() {
    let denied = [
        earlier(1, "1", "197", 100_000),
        Earlier { state: EarlierState::Settled, ..earlier(2, "2", "16", 100) },
    ];
    let later = adjudicated(vec![line("1", 100_000, &[])]);
    let settled = settle(&denied, &later, Match::Unsure("the control number changed"));
    assert_eq!(outcomes(&settled), [(Outcome::Unsure, 0), (Outcome::Untouched, 0)]);
    assert!(settled.fates[0].words.ends_with("the control number changed"));
    assert!(settled.lineages.is_empty());
}

const CODES: [&str; 4] = ["16", "29", "97", "197"];
const LINES: [&str; 3] = ["1", "2", "3"];

prop_compose! {
    fn any_earlier()(
        number in 1..1_000_u128,
        control in prop::sample::select(&LINES[..]),
        code in prop::sample::select(&CODES[..]),
        denied in 0..100_000_i64,
        paid in 0..50_000_i64,
        state in prop::sample::select(EarlierState::ALL),
        times in 1..4_u32,
    ) -> Earlier<'static> {
        Earlier { paid: Cents::new(paid), state, times, ..earlier(number, control, code, denied) }
    }
}

prop_compose! {
    fn any_line(control: &'static str)(
        paid in 0..150_000_i64,
        denials in prop::collection::vec((prop::sample::select(&CODES[..]), 0..100_000_i64), 0..4),
    ) -> LaterLine<'static> {
        line(control, paid, &denials)
    }
}

proptest! {
    #[test]
    fn money_never_comes_back_twice(
        earlier in prop::collection::vec(any_earlier(), 0..8),
        one in any_line("1"),
        two in any_line("2"),
    ) {
        let lines = vec![one, two];
        let settled = settle(&earlier, &adjudicated(lines.clone()), Match::Sure);
        prop_assert_eq!(settled.fates.len(), earlier.len());
        for (denial, fate) in earlier.iter().zip(&settled.fates) {
            prop_assert_eq!(denial.id, fate.id);
            prop_assert!(Cents::ZERO <= fate.recovered && fate.recovered <= denial.denied);
            let open = denial.state != EarlierState::Settled;
            prop_assert!(open || fate.outcome == Outcome::Untouched);
        }
        for line in &lines {
            let here: Vec<usize> = (0..earlier.len())
                .filter(|at| earlier[*at].state != EarlierState::Settled)
                .filter(|at| earlier[*at].line.unwrap().is_same(&line.line.unwrap()))
                .collect();
            let back: i64 = here.iter().map(|at| settled.fates[*at].recovered.as_i64()).sum();
            let before = here.iter().map(|at| earlier[*at].paid.as_i64()).max().unwrap_or(0);
            prop_assert!(back <= (line.paid.as_i64() - before).max(0));
            // As long as something is refused on a line, no open denial of it simply disappears.
            if !line.denials.is_empty() && here.len() <= line.denials.len() {
                for at in &here {
                    prop_assert!(settled.fates[*at].outcome != Outcome::Untouched);
                }
            }
        }
        let all: usize = lines.iter().map(|line| line.denials.len()).sum();
        prop_assert_eq!(settled.lineages.len(), all, "every later denial has its lineage");
        for lineage in &settled.lineages {
            prop_assert!(lineage.times >= 1);
            prop_assert_eq!(
                lineage.goes_to == GoesTo::ProcessOwner, lineage.times >= PROCESS_OWNER_FROM
            );
        }
    }
}

use proptest::prelude::*;

use super::*;

fn day(of: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1 + of / 28, 1 + of % 28).unwrap()
}

fn key(control: &'static str) -> LineKey<'static> {
    LineKey {
        control,
        procedure: "99213",
        modifiers: "",
        service_on: NaiveDate::from_ymd_opt(2025, 12, 2),
        charge: Cents::new(100_000),
        nth: 0,
    }
}

fn refused(id: u128, code: &str, denied: i64) -> Refused {
    Refused {
        id: Uuid::from_u128(id),
        group: Group::CO,
        carc: Carc::new(code).unwrap(),
        denied: Cents::new(denied),
    }
}

fn line(control: &'static str, paid: i64, denials: Vec<Refused>) -> AdjudicatedLine<'static> {
    AdjudicatedLine { line: Some(key(control)), paid: Cents::new(paid), denials }
}

fn paid(
    id: u128,
    number: &'static str,
    on: u32,
    lines: Vec<AdjudicatedLine<'static>>,
) -> Occurrence<'static> {
    Occurrence {
        id: Uuid::from_u128(id),
        numbers: vec![number],
        remittance: Uuid::from_u128(u128::from(on)),
        remit_on: day(on),
        charge: Cents::new(100_000),
        said: Said::Adjudicated { lines, sent: Sent::Other },
    }
}

fn reversed(id: u128, numbers: &[&'static str], on: u32) -> Occurrence<'static> {
    let numbers = numbers.to_vec();
    Occurrence { numbers, said: Said::Reversed, ..paid(id, "", on, Vec::new()) }
}

type Stands = (u128, EarlierState, Option<Outcome>, i64, u32);

fn stands(folded: &Folded) -> Vec<Stands> {
    let one = |one: &Standing| {
        (one.id.as_u128(), one.state, one.outcome, one.recovered.as_i64(), one.times)
    };
    folded.standings.iter().map(one).collect()
}

#[test]
fn a_later_payment_overturns_whatever_came_first_to_hand() {
    let first = paid(1, "A", 1, vec![line("1", 0, vec![refused(11, "197", 100_000)])]);
    let second = paid(2, "B", 30, vec![line("1", 60_000, vec![])]);
    let overturned = (11, EarlierState::Settled, Some(Outcome::Overturned), 60_000, 1);
    for order in [[first.clone(), second.clone()], [second.clone(), first.clone()]] {
        assert_eq!(stands(&fold(order.to_vec())), [overturned]);
    }
    // Read later, paid earlier: it settles nothing that came after it.
    let before = Occurrence { remit_on: day(0), ..second };
    let open = (11, EarlierState::Open, None, 0, 1);
    assert_eq!(stands(&fold(vec![first, before])), [open]);
}

#[test]
fn the_third_refusal_is_the_process_owners() {
    let no = |id: u128, on, code| {
        let number = ["A", "B", "C"][usize::try_from(id).unwrap() - 1];
        paid(id, number, on, vec![line("1", 0, vec![refused(10 + id, code, 100_000)])])
    };
    let folded = fold(vec![no(1, 1, "197"), no(2, 20, "16"), no(3, 40, "197")]);
    let repeated = Some(Outcome::Repeated);
    assert_eq!(
        stands(&folded),
        [
            (11, EarlierState::Settled, repeated, 0, 1),
            (12, EarlierState::Settled, repeated, 0, 2),
            (13, EarlierState::Open, None, 0, 3),
        ]
    );
    let goes_to: Vec<GoesTo> = folded.standings.iter().map(|one| one.goes_to).collect();
    assert_eq!(goes_to, [GoesTo::Owner, GoesTo::Owner, GoesTo::ProcessOwner]);
    assert_eq!(folded.standings[2].repeat_of, Some(Uuid::from_u128(12)));
}

#[test]
fn a_reversal_and_its_correction_take_the_place_of_what_was_said() {
    let denied = |id, denial| vec![line("1", 0, vec![refused(denial, "197", id)])];
    let first = paid(1, "A", 1, denied(100_000, 11));
    let back = reversed(2, &["A"], 20);
    let netted = (11, EarlierState::Netted, Some(Outcome::Netted), 0, 1);
    let folded = fold(vec![first.clone(), back.clone()]);
    assert_eq!(stands(&folded), [netted]);
    assert_eq!(folded.taken_back, [(Uuid::from_u128(2), Uuid::from_u128(1))]);
    // On the same day and under another number: it follows the reversal.
    let pays = paid(3, "C", 20, vec![line("1", 80_000, vec![])]);
    let overturned = (11, EarlierState::Settled, Some(Outcome::Overturned), 80_000, 1);
    let folded = fold(vec![first.clone(), back.clone(), pays.clone()]);
    assert_eq!(stands(&folded), [overturned]);
    assert!(folded.standings[0].taken_back);
    // The correction is taken back as well: nothing of it stands, nor is anything open.
    let again = reversed(4, &["C"], 30);
    assert_eq!(stands(&fold(vec![first.clone(), back.clone(), pays, again])), [netted]);
    // The corrected one refuses: that is no second denial.
    let refuses = paid(3, "C", 20, denied(70_000, 13));
    let folded = fold(vec![first, back, refuses]);
    let partly = (11, EarlierState::Settled, Some(Outcome::Repeated), 0, 1);
    assert_eq!(stands(&folded), [partly, (13, EarlierState::Open, None, 0, 1)]);
}

#[test]
fn what_a_payment_settled_is_open_again_when_it_is_taken_back() {
    let first = paid(1, "A", 1, vec![line("1", 0, vec![refused(11, "197", 100_000)])]);
    let pays = paid(2, "B", 20, vec![line("1", 90_000, vec![])]);
    let back = reversed(3, &["B"], 40);
    let open = (11, EarlierState::Open, None, 0, 1);
    let folded = fold(vec![first.clone(), pays.clone(), back.clone()]);
    assert_eq!(stands(&folded), [open]);
    assert_eq!(folded.standings[0].words, "");
    // Paid again, for less: what was taken back does not count as paid before.
    let less = paid(4, "D", 50, vec![line("1", 40_000, vec![])]);
    let folded = fold(vec![first, pays, back, less]);
    let overturned = (11, EarlierState::Settled, Some(Outcome::Overturned), 40_000, 1);
    assert_eq!(stands(&folded), [overturned]);
}

#[test]
fn parts_of_a_split_claim_say_nothing_of_each_other() {
    let first = paid(1, "A", 1, vec![line("1", 0, vec![refused(11, "197", 100_000)])]);
    let beside = paid(2, "B", 1, vec![line("1", 90_000, vec![])]);
    assert_eq!(stands(&fold(vec![first.clone(), beside])), [(11, EarlierState::Open, None, 0, 1)]);
    // Under the same number it is the same claim, also on the same day.
    let again = paid(2, "A", 1, vec![line("1", 90_000, vec![])]);
    let overturned = (11, EarlierState::Settled, Some(Outcome::Overturned), 90_000, 1);
    assert_eq!(stands(&fold(vec![first, again])), [overturned]);
}

#[test]
fn a_claim_as_a_whole_under_another_number_and_charge_is_a_doubt() {
    let whole =
        |paid, denials| vec![AdjudicatedLine { line: None, paid: Cents::new(paid), denials }];
    let first = paid(1, "A", 1, whole(0, vec![refused(11, "197", 100_000)]));
    let later = paid(2, "B", 30, whole(90_000, vec![]));
    let overturned = (11, EarlierState::Settled, Some(Outcome::Overturned), 90_000, 1);
    assert_eq!(stands(&fold(vec![first.clone(), later.clone()])), [overturned]);
    let other = Occurrence { charge: Cents::new(70_000), ..later };
    let folded = fold(vec![first.clone(), other.clone()]);
    assert_eq!(stands(&folded), [(11, EarlierState::Open, None, 0, 1)]);
    assert_eq!(folded.doubts.len(), 1);
    assert_eq!(folded.doubts[0].occurrence, other.id);
    assert!(folded.doubts[0].words.contains("another number"), "{}", folded.doubts[0].words);
    // It names the first one as its original.
    let named = Occurrence { numbers: vec!["B", "A"], ..other };
    assert_eq!(stands(&fold(vec![first, named])), [overturned]);
}

#[test]
fn a_reversal_takes_back_what_it_names_or_the_only_claim_there_is() {
    let of = |id, number, denial| {
        paid(id, number, 1, vec![line("1", 0, vec![refused(denial, "50", 100)])])
    };
    let both = vec![of(1, "A", 11), of(2, "B", 12)];
    let with = |back: Occurrence<'static>| {
        let mut all = both.clone();
        all.push(back);
        fold(all)
    };
    let netted = |folded: &Folded| -> Vec<u128> {
        let rows = folded.standings.iter().filter(|one| one.state == EarlierState::Netted);
        rows.map(|one| one.id.as_u128()).collect()
    };
    assert_eq!(netted(&with(reversed(3, &["B"], 9))), [12]);
    assert_eq!(netted(&with(reversed(3, &["X", "A"], 9))), [11]);
    let nobody = with(reversed(3, &["X"], 9));
    assert_eq!(netted(&nobody), []);
    assert_eq!(nobody.doubts.len(), 2, "a person must look");
    assert_eq!(netted(&fold(vec![of(1, "A", 11), reversed(3, &["X"], 9)])), [11]);
}

#[test]
fn equal_lines_are_told_apart_by_their_order() {
    let nth = |nth, paid, denials| AdjudicatedLine {
        line: Some(LineKey { nth, ..key("") }),
        paid: Cents::new(paid),
        denials,
    };
    let denied: Vec<_> =
        (0..20).map(|at| nth(at, 0, vec![refused(100 + u128::from(at), "197", 5_000)])).collect();
    let pays: Vec<_> = (0..20).map(|at| nth(at, 5_000, vec![])).collect();
    let folded = fold(vec![paid(1, "A", 1, denied), paid(2, "B", 9, pays)]);
    assert_eq!(folded.standings.len(), 20);
    let back: i64 = folded.standings.iter().map(|one| one.recovered.as_i64()).sum();
    assert_eq!(back, 100_000);
    assert!(folded.doubts.is_empty());
}

const LINES: [&str; 2] = ["1", "2"];
const NUMBERS: [&str; 3] = ["A", "B", "C"];
const CODES: [&str; 3] = ["16", "97", "197"];

prop_compose! {
    /// An occurrence without ids; those are given by its place.
    fn any_occurrence()(
        number in prop::sample::select(&NUMBERS[..]),
        on in 0..60_u32,
        back in prop::bool::weighted(0.25),
        lines in prop::collection::vec((
            0..90_000_i64,
            prop::collection::vec((prop::sample::select(&CODES[..]), 1..90_000_i64), 0..3),
        ), 2),
    ) -> (&'static str, u32, bool, Vec<(i64, Vec<(&'static str, i64)>)>) {
        (number, on, back, lines)
    }
}

proptest! {
    #[test]
    fn a_case_does_not_depend_on_the_order_of_its_files(
        said in prop::collection::vec(any_occurrence(), 0..7),
        seed in any::<u64>(),
    ) {
        let mut next = 1_000;
        let mut all = Vec::new();
        for (at, (number, on, back, lines)) in said.into_iter().enumerate() {
            let id = at as u128 + 1;
            if back {
                all.push(reversed(id, &[number], on));
                continue;
            }
            let lines = lines.into_iter().zip(LINES).map(|((sum, denials), control)| {
                let denials = denials.into_iter().map(|(code, denied)| {
                    next += 1;
                    refused(next, code, denied)
                });
                line(control, sum, denials.collect())
            });
            let lines = lines.collect();
            all.push(paid(id, number, on, lines));
        }
        let folded = fold(all.clone());
        let mut shuffled = all.clone();
        let length = shuffled.len().max(1);
        shuffled.rotate_left(usize::try_from(seed % length as u64).unwrap());
        prop_assert_eq!(&fold(shuffled), &folded);
        prop_assert_eq!(folded.standings.len(), usize::try_from(next - 1_000).unwrap());
        for one in &folded.standings {
            let made = all.iter().filter_map(|one| match &one.said {
                Said::Adjudicated { lines, .. } => Some(lines),
                Said::Reversed => None,
            });
            let mut made = made.flatten().flat_map(|line| &line.denials);
            let made = made.find(|denial| denial.id == one.id).unwrap();
            prop_assert!(Cents::ZERO <= one.recovered && one.recovered <= made.denied);
            let settled = one.state != EarlierState::Open;
            prop_assert_eq!(settled, one.settled_by.is_some());
            prop_assert_eq!(settled, one.outcome.is_some());
            prop_assert_eq!(settled, !one.words.is_empty());
            prop_assert!(settled || !one.taken_back);
            // What a taken back occurrence said settles nothing.
            let gone = |by: Uuid| folded.taken_back.iter().any(|(_, taken)| *taken == by);
            if one.state == EarlierState::Settled {
                prop_assert!(!gone(one.settled_by.unwrap()));
            }
        }
    }
}

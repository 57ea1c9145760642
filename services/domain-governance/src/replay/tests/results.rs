//! What a replay says, on histories one can count by hand.

use domain::codes::{Group, Lob};
use domain::dictionary::selector::{AmountRange, Selector};
use domain::dictionary::vocabulary::{NextAction, OwnerFunction, RecordClass};
use domain::dictionary::{Facts, Match};

use super::*;

/// A denial by code and cents, remitted on a day by original Medicare.
fn denial(number: u128, code: &str, cents: i64, remit_on: &str) -> Row {
    let facts = Facts {
        lob: Some(Lob::MedicareFfs),
        amount: Some(Cents::new(cents)),
        ..Facts::of_codes(Group::CO, carc(code), &[])
    };
    Row::new(number, RecordedFacts::of(&facts), day(remit_on))
}

fn meaning<'b>(bundle: &'b mut Bundle, entry: &str) -> &'b mut domain::dictionary::Meaning {
    let entry = bundle.entries.iter_mut().find(|held| held.slug.as_str() == entry);
    &mut entry.unwrap().meaning
}

fn change(field: Field, from: &str, to: &str, denials: u64, cents: i64) -> Change {
    let tally = Tally::of(denials, Cents::new(cents));
    Change { field, from: from.to_owned(), to: to.to_owned(), tally }
}

#[test]
fn the_same_revision_changes_nothing_and_asks_for_no_denial() {
    let active = compiled(&small_bundle());
    let rows = [denial(1, "50", 100, "2026-01-02"), denial(2, "9999", 50, "2026-01-02")];
    let (summary, residual) = replay(&active, &active, &rows);
    assert_eq!((residual, summary.changed, summary.changes.len()), (0, Tally::ZERO, 0));
    assert_eq!(summary.replayed, Tally::of(2, Cents::new(150)));
    assert_eq!(summary.denied.active, Tally::of(1, Cents::new(100)));
    assert_eq!(summary.unmapped.draft, Tally::of(1, Cents::new(50)));
    assert!(summary.examples.is_empty() && summary.team_loads.is_empty());
}

#[test]
fn changes_come_with_the_most_money_first_and_name_their_signature() {
    let mut bundle = small_bundle();
    meaning(&mut bundle, "carc-16").owner_function = OwnerFunction::Coding;
    meaning(&mut bundle, "carc-18").next_action = NextAction::CorrectedClaim;
    let rows = [
        denial(1, "16", 100, "2026-01-02"),
        denial(2, "16", 150, "2026-02-02"),
        denial(3, "18", 900, "2026-01-02"),
    ];
    let active = compiled(&small_bundle());
    let (summary, residual) = replay(&active, &compiled(&bundle), &rows);
    let expected = [
        change(Field::NextAction, "payer_inquiry", "corrected_claim", 1, 900),
        change(Field::OwnerFunction, "billing", "coding", 2, 250),
        change(Field::Team, "billing", "coding", 2, 250),
    ];
    assert_eq!((residual, &summary.changes[..]), (0, &expected[..]));
    assert_eq!(summary.changed, Tally::of(3, Cents::new(1_150)));
    assert_eq!(summary.changed_in(Field::Team).denials, 2);
    let load = |team: &str, items: i64| TeamLoad {
        team: team.to_owned(),
        items,
        minutes: items * i64::from(meaning(&mut bundle.clone(), "carc-16").effort_minutes),
    };
    assert_eq!(summary.team_loads, [load("billing", -2), load("coding", 2)]);
    let keys = [&rows[2], &rows[0]].map(|row| Example::Signature(row.signature().key()));
    assert_eq!(summary.examples, keys);
}

#[test]
fn an_amount_is_asked_only_of_denials_it_may_matter_for() {
    let mut bundle = small_bundle();
    let base = bundle.entries.iter().find(|entry| entry.slug.as_str() == "carc-50").unwrap();
    let mut large = Entry { slug: slug("large"), ..base.clone() };
    large.matches = Match {
        amount: AmountRange { at_least: Some(Cents::new(500)), at_most: None },
        ..base.matches.clone()
    };
    large.meaning.record_class = RecordClass::Pending;
    bundle.entries.push(large);
    let rows = [
        denial(1, "50", 499, "2026-01-02"),
        denial(2, "50", 500, "2026-01-02"),
        denial(3, "16", 500, "2026-01-02"),
    ];
    let active = compiled(&small_bundle());
    let (summary, residual) = replay(&active, &compiled(&bundle), &rows);
    assert_eq!(residual, 2);
    assert_eq!(summary.examples, [Example::Denial(rows[1].id)]);
    assert_eq!(summary.changed_in(Field::RecordClass), Tally::of(1, Cents::new(500)));
    // What is pending has no work and no deadline.
    assert_eq!(summary.changed_in(Field::Deadline), Tally::of(1, Cents::new(500)));
    assert_eq!(summary.team_loads.len(), 1);

    // Where a closer entry speaks whatever the amount, the amount is not asked for.
    let base = bundle.entries.iter().find(|entry| entry.slug.as_str() == "carc-50").unwrap();
    let mut closer = Entry { slug: slug("closer"), ..base.clone() };
    closer.matches.lob = Selector::Exact(Lob::MedicareFfs);
    bundle.entries.push(closer);
    let (_, residual) = replay(&active, &compiled(&bundle), &rows);
    assert_eq!(residual, 0);
}

#[test]
fn a_shorter_window_says_how_much_earlier_and_what_has_passed() {
    let mut bundle = small_bundle();
    let rule = |bundle: &mut Bundle, count| {
        let rules = &mut bundle.deadline_rules;
        let rule = rules.iter_mut().find(|rule| rule.slug == "medicare-redetermination").unwrap();
        (rule.count, rule.notes) = (Some(count), "shortened".to_owned());
    };
    rule(&mut bundle, 30);
    let active = compiled(&small_bundle());
    let rows = [
        // 120 days and 5 presumed ones: open until after today.
        denial(1, "50", 700, "2026-09-01"),
        // Passed under both.
        denial(2, "50", 100, "2026-01-05"),
        // Bounded by another regime.
        Row::new(3, RecordedFacts { lob: Some(Lob::Tricare), ..rows_of_50() }, day("2026-09-01")),
    ];
    let (summary, residual) = replay(&active, &compiled(&bundle), &rows);
    assert_eq!(residual, 2);
    assert_eq!(summary.missed_deadlines, Tally::of(1, Cents::new(700)));
    let name = "medicare-redetermination";
    // Both ends move to a business day, so the difference is not always the same.
    let moved = format!("{name}, 90 to 91 days earlier");
    assert_eq!(summary.changes, [change(Field::Deadline, name, &moved, 2, 800)]);
    assert_eq!(summary.changed, Tally::of(2, Cents::new(800)));

    // Words alone move nothing.
    let mut reworded = small_bundle();
    rule(&mut reworded, 120);
    assert_eq!(replay(&active, &compiled(&reworded), &rows).1, 0);
}

fn rows_of_50() -> RecordedFacts {
    denial(0, "50", 1, "2026-09-01").facts
}

#[test]
fn a_removed_entry_sends_its_denials_to_the_exception_owner() {
    let mut bundle = small_bundle();
    bundle.entries.retain(|entry| !entry.slug.as_str().starts_with("carc-50"));
    let rows = [denial(1, "50", 700, "2026-09-01")];
    let active = compiled(&small_bundle());
    let (summary, _) = replay(&active, &compiled(&bundle), &rows);
    let one = Tally::of(1, Cents::new(700));
    assert_eq!((summary.unmapped.active, summary.unmapped.draft), (Tally::ZERO, one));
    let class = summary.changes.iter().find(|change| change.field == Field::RecordClass).unwrap();
    assert_eq!(*class, change(Field::RecordClass, "denial", UNMAPPED, 1, 700));
    let load = summary.team_loads.iter().find(|load| load.team == "exceptions").unwrap();
    assert_eq!((load.items, load.minutes), (1, i64::from(EXCEPTION_MINUTES)));
}

#[test]
fn at_most_twenty_examples_are_kept_whatever_comes_first() {
    let mut bundle = small_bundle();
    meaning(&mut bundle, "carc-16").next_action = NextAction::Appeal;
    let facts = |facility: &str| RecordedFacts {
        facility: Some(facility.to_owned()),
        ..denial(0, "16", 1, "2026-01-02").facts
    };
    let mut rows: Vec<Row> = (1..=40)
        .map(|number| {
            let mut facts = facts(&format!("facility-{number}"));
            facts.amount = Some(Cents::new(number * 100));
            Row::new(number as u128, facts, day("2026-01-02"))
        })
        .collect();
    let active = compiled(&small_bundle());
    let draft = compiled(&bundle);
    let (summary, _) = replay(&active, &draft, &rows);
    let largest: Vec<Example> =
        rows[20..].iter().rev().map(|row| Example::Signature(row.signature().key())).collect();
    assert_eq!(summary.examples, largest);
    rows.reverse();
    assert_eq!(replay(&active, &draft, &rows).0, summary);
}

#[test]
fn denials_that_do_not_add_up_to_their_signatures_are_refused() {
    let mut bundle = small_bundle();
    let entry = bundle.entries.iter_mut().find(|entry| entry.slug.as_str() == "carc-50").unwrap();
    entry.matches.amount.at_least = Some(Cents::new(5));
    let (active, draft) = (compiled(&small_bundle()), compiled(&bundle));
    let row = denial(1, "50", 10, "2026-01-02");
    let run = |given: usize| {
        let mut replay = Replay::new(&active, &draft, day(TODAY));
        let answer = replay.add(&row.signature(), Tally::of(2, Cents::new(20)));
        assert_eq!(answer, Answer::Residual);
        for _ in 0..given {
            replay.add_denial(&row.signature(), &row.denial());
        }
        replay.finish(history())
    };
    assert!(run(2).is_ok());
    let refused = run(1).unwrap_err();
    assert_eq!((refused.expected.denials, refused.given.denials), (2, 1));
    assert!(run(3).is_err());
}

#[test]
fn the_signature_depends_on_every_denial_and_not_on_the_day_of_the_replay() {
    let mut bundle = small_bundle();
    let entry = bundle.entries.iter_mut().find(|entry| entry.slug.as_str() == "carc-50").unwrap();
    entry.matches.amount.at_least = Some(Cents::new(5));
    let (active, draft) = (compiled(&small_bundle()), compiled(&bundle));
    let run = |cents: i64, today: &str| {
        let row = denial(1, "50", cents, "2026-01-02");
        let mut replay = Replay::new(&active, &draft, day(today));
        assert_eq!(replay.add(&row.signature(), Tally::one(row.amount)), Answer::Residual);
        replay.add_denial(&row.signature(), &row.denial());
        let settled = denial(2, "16", cents, "2026-01-02");
        assert_eq!(replay.add(&settled.signature(), Tally::one(row.amount)), Answer::Counted);
        replay.finish(history()).unwrap().signature
    };
    assert_eq!(run(10, TODAY), run(10, "2026-02-01"));
    assert_ne!(run(10, TODAY), run(11, TODAY));
}

use domain::codes::{Carc, Group, Rarc};
use domain::dictionary::Facts;
use domain::starter;

use super::*;
use crate::diff::Kind;

fn change(code: &str, words: &str) -> Change {
    Change { code: code.to_owned(), kind: Kind::Stopping, words: words.to_owned() }
}

fn facts(carc: &str, rarcs: &[&str]) -> RecordedFacts {
    let rarcs: Vec<Rarc> = rarcs.iter().map(|rarc| Rarc::new(rarc).unwrap()).collect();
    RecordedFacts::of(&Facts::of_codes(Group::CO, Carc::new(carc).unwrap(), &rarcs))
}

#[test]
fn an_entry_stands_with_the_denials_it_speaks_for_and_the_largest_money_stands_first() {
    let active = Compiled::new(&starter::bundle()).unwrap();
    let changes =
        [change("197", "stops on 2026-12-31"), change("197", "is reworded"), change("29", "x")];
    let mut preflight = Preflight::of(CodeSet::Carc, &changes, active.bundle());
    let tally = |denials, cents| Tally { denials, cents };
    preflight.count(&active, &facts("197", &[]), tally(2, 123_456));
    preflight.count(&active, &facts("197", &["M62"]), tally(1, 100));
    preflight.count(&active, &facts("16", &[]), tally(100, 10_000));
    let reason = preflight.reason("CARC release of 2026-06-01", History::Counted).unwrap();
    let lines: Vec<&str> = reason.lines().collect();
    assert!(lines[0].starts_with("The CARC release of 2026-06-01 changes codes"));
    let first = "- entry carc-197: 3 denials, $1,235.56 (197 stops on 2026-12-31, is reworded)";
    assert_eq!(lines[1], first);
    assert!(reason.contains("- entry carc-29: 0 denials, $0.00 (29 x)"), "{reason}");
    assert!(!reason.contains("carc-16"), "it did not change");
}

#[test]
fn a_release_that_touches_nothing_has_no_reason_and_history_alone_is_one() {
    let active = Compiled::new(&starter::bundle()).unwrap();
    let mut preflight = Preflight::of(CodeSet::Carc, &[change("9999", "is new")], active.bundle());
    assert_eq!(preflight.reason("x", History::Counted), None);
    preflight.count(&active, &facts("9999", &[]), Tally { denials: 1, cents: 500 });
    let reason = preflight.reason("x", History::Counted).unwrap();
    let expected = "- denials that no entry speaks for: 1 denial, $5.00 (9999 is new)";
    assert!(reason.ends_with(expected), "{reason}");
}

#[test]
fn what_was_not_counted_is_not_called_nothing() {
    let active = Compiled::new(&starter::bundle()).unwrap();
    let changes = [change("197", "stops on 2026-12-31")];
    let preflight = Preflight::of(CodeSet::Carc, &changes, active.bundle());
    let reason = preflight.reason("CARC release of 2026-06-01", History::NotAsked).unwrap();
    assert!(reason.contains("were not counted") && reason.contains("ListCodeChanges"), "{reason}");
    assert!(reason.contains("\n- entry carc-197 (197 stops on 2026-12-31)\n"), "{reason}");
    assert!(!reason.contains("0 denials") && !reason.contains('$'), "{reason}");
    let unnamed = Preflight::of(CodeSet::Carc, &[change("9999", "is new")], active.bundle());
    assert_eq!(unnamed.reason("x", History::NotAsked), None);
}

#[test]
fn a_remark_touches_its_rule() {
    let active = Compiled::new(&starter::bundle()).unwrap();
    let rule = active.bundle().remark_rules.iter().find(|rule| rule.effect.is_some()).unwrap();
    let changes = [change(rule.rarc.as_str(), "stops on 2026-12-31")];
    let mut preflight = Preflight::of(CodeSet::Rarc, &changes, active.bundle());
    let tally = Tally { denials: 2, cents: 1_000 };
    preflight.count(&active, &facts("197", &[rule.rarc.as_str()]), tally);
    let reason = preflight.reason("x", History::Counted).unwrap();
    let line = format!("- remark rule {}: 2 denials, $10.00", rule.slug.as_str());
    assert!(reason.contains(&line) && reason.contains("- entry carc-197: 2 denials"), "{reason}");
}

#[test]
fn a_long_reason_is_cut_and_says_so() {
    let active = Compiled::new(&starter::bundle()).unwrap();
    let changes: Vec<Change> = (1..300)
        .map(|code| change(&code.to_string(), "stops on 2026-12-31, after a very long time"))
        .collect();
    let preflight = Preflight::of(CodeSet::Carc, &changes, active.bundle());
    let reason = preflight.reason("CARC release of 2026-06-01", History::Counted).unwrap();
    assert!(reason.chars().count() <= REASON_MAX, "{}", reason.chars().count());
    let last = reason.lines().last().unwrap();
    assert!(last.starts_with("- and ") && last.contains("more"), "{last}");
    let shown = reason.lines().count() - 2;
    assert!(last.contains(&(preflight.touched.len() - shown).to_string()), "{last}");
}

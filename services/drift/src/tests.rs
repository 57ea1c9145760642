use chrono::{DateTime, TimeDelta};
use contracts::dictionary::v1 as pb;
use domain::dictionary::Entry;
use platform::rejection::{Fault, Rejection, Violations};
use prost_types::Timestamp;
use uuid::Uuid;

use super::*;
use crate::store::Row;

fn sent() -> pb::EntryOutcome {
    pb::EntryOutcome {
        id: Uuid::from_u128(7).to_string(),
        entry: "carc-197".to_owned(),
        revision: "a".repeat(64),
        overturned: true,
        decision_days: Some(0),
        decided_at: Some(Timestamp { seconds: 1_000, nanos: 1_999 }),
    }
}

fn reading(sent: pb::EntryOutcome) -> Result<Outcome, String> {
    let mut violations = Violations::default();
    let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(1_001);
    let read = read(&[sent], now, &mut violations).pop();
    match violations.into_result() {
        Ok(()) => Ok(read.unwrap()),
        Err(fault) => {
            let violation = &fault.violations()[0];
            Err(format!("{}: {}", violation.field, violation.description))
        }
    }
}

#[test]
fn an_outcome_is_read_to_the_microsecond_and_no_further() {
    let outcome = reading(sent()).unwrap();
    assert_eq!(outcome.decided_at.timestamp_subsec_nanos(), 1_000);
    assert_eq!(outcome.decision_days, Some(0));
    let unknown = pb::EntryOutcome { decision_days: None, ..sent() };
    assert_eq!(reading(unknown).unwrap().decision_days, None);
    let last = pb::EntryOutcome { decision_days: Some(3_650), ..sent() };
    assert_eq!(reading(last).unwrap().decision_days, Some(3_650));
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    let at = |seconds, nanos| Some(Timestamp { seconds, nanos });
    for (bad, words) in [
        (pb::EntryOutcome { decided_at: at(1_002, 0), ..sent() }, "decided_at: is in the future"),
        (pb::EntryOutcome { decided_at: at(-1, 0), ..sent() }, "decided_at: is before 1970"),
        (pb::EntryOutcome { decided_at: at(1, -1), ..sent() }, "decided_at: is no instant"),
        (pb::EntryOutcome { decided_at: None, ..sent() }, "decided_at: is required"),
        (
            pb::EntryOutcome { decision_days: Some(3_651), ..sent() },
            "decision_days: is not between 0 and 3,650",
        ),
        (pb::EntryOutcome { id: "PCN1".to_owned(), ..sent() }, "id: is no UUID"),
    ] {
        assert_eq!(reading(bad).unwrap_err(), format!("outcomes[0].{words}"));
    }
}

fn entry() -> Entry {
    let entries = domain::starter::bundle().entries;
    entries.into_iter().find(|entry| entry.slug.as_str() == "carc-197").unwrap()
}

fn counted(outcomes: i64, overturned: i64) -> Evidence {
    let (expected_overturn, expected_days) = evidence::stated(&entry());
    Evidence::of(Row {
        tenant_id: Uuid::nil(),
        id: Uuid::nil(),
        entry: "carc-197".to_owned(),
        expected_overturn,
        expected_days,
        outcomes,
        overturned,
        answers: 0,
        late: 0,
        low: 0,
        high: 10_000,
        words: String::new(),
        suspect_since: None,
        change_request_id: None,
        drafted_at: 0,
    })
}

#[test]
fn an_entry_turns_suspect_once_and_is_asked_about_again_when_outcomes_doubled() {
    let entry = entry();
    let fair = i64::from(entry.meaning.expected_overturn.as_u32()) / 100;
    let calm = counted(100, fair).judged(&entry).unwrap();
    assert!(!calm.turned && calm.words().is_empty());
    assert_eq!(calm.proposal(&entry).unwrap(), None);
    let mut suspect = counted(300, 3).judged(&entry).unwrap();
    assert!(suspect.turned && suspect.words().starts_with("3 of 300"));
    assert!(suspect.proposal(&entry).unwrap().is_some());
    suspect.row.suspect_since = Some(DateTime::UNIX_EPOCH);
    (suspect.row.change_request_id, suspect.row.drafted_at) = (Some(Uuid::nil()), 300);
    let again = Evidence::of(suspect.row.clone()).judged(&entry).unwrap();
    assert!(!again.turned, "it was suspect already");
    assert_eq!(again.proposal(&entry).unwrap(), None);
    (suspect.row.outcomes, suspect.row.overturned) = (600, 6);
    assert!(suspect.proposal(&entry).unwrap().is_some());
}

#[test]
fn evidence_is_of_an_entry_as_long_as_that_states_the_same() {
    let (evidence, mut entry) = (counted(10, 5), entry());
    assert!(evidence.is_of(&entry));
    entry.meaning.effort_minutes += 1;
    assert!(evidence.is_of(&entry), "other words are the same statement");
    entry.meaning.expected_days += 1;
    assert!(!evidence.is_of(&entry));
    let broken = Evidence::of(Row { outcomes: -1, ..evidence.row });
    assert!(matches!(broken.proposal(&entry), Err(Fault::Broken(_))));
}

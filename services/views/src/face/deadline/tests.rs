use contracts::google::r#type::Date;

use super::*;
use crate::tests::samples;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn rules() -> RuleWords {
    RuleWords::from([("medicare-redetermination".to_owned(), "120 days".to_owned())])
}

#[test]
fn a_deadline_says_where_it_comes_from() {
    let one = samples::deadline("2026-03-01");
    let sent = deadline(&one, &rules(), at("2026-02-27T12:00:00Z"));
    assert_eq!(sent.due_on, Some(Date { year: 2026, month: 3, day: 1 }));
    assert_eq!(
        (sent.rule.as_str(), sent.rule_words.as_str()),
        ("medicare-redetermination", "120 days")
    );
    assert_eq!(sent.source, one.source);
    assert!(!sent.source.is_empty());
    assert_eq!(sent.path, i32::from(dictionary::Path::AppealLevel1));
    assert_eq!(sent.confidence, i32::from(dictionary::Confidence::A));
    assert_eq!(sent.basis, i32::from(dictionary::RuleBasis::Statute));
    assert_eq!(sent.clock_evidence, i32::from(pb::ClockEvidence::PresumedReceipt));
    assert_eq!(sent.counted_from, i32::from(dictionary::ClockEvent::NoticeReceipt));
    assert_eq!(sent.steps, one.steps);
    assert_eq!(sent.days_left, 2);
}

#[test]
fn the_day_ends_in_the_time_zone_of_the_payer() {
    let one = samples::deadline("2026-03-01");
    // 2 March in UTC is still 1 March in New York.
    let evening = deadline(&one, &rules(), at("2026-03-02T04:59:59Z"));
    assert_eq!((evening.state, evening.days_left), (pb::DeadlineState::Open.into(), 0));
    assert_eq!(evening.due_at.map(|at| at.seconds), Some(at("2026-03-02T05:00:00Z").timestamp()));
    let night = deadline(&one, &rules(), at("2026-03-02T05:00:00Z"));
    assert_eq!((night.state, night.days_left), (pb::DeadlineState::Passed.into(), -1));
}

#[test]
fn what_was_assumed_is_said_in_words() {
    let mut one = samples::deadline("2026-03-01");
    assert_eq!(deadline(&one, &rules(), at("2026-02-27T12:00:00Z")).assumption, "");
    one.assumptions = vec![Assumption::LineOfBusinessUnknown, Assumption::ContractNotOnFile];
    let sent = deadline(&one, &rules(), at("2026-02-27T12:00:00Z"));
    assert!(sent.assumed);
    assert!(sent.assumption.contains("line of business is unknown"), "{}", sent.assumption);
    assert!(sent.assumption.contains("contract"), "{}", sent.assumption);
}

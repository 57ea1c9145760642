use super::*;
use crate::tests::samples;
use ledger::document::to_json;

fn moment(now: &str) -> Moment {
    let words = RuleWords::from([("medicare-redetermination".to_owned(), "120 days".to_owned())]);
    let rules = BTreeMap::from([(samples::REVISION.to_owned(), Arc::new(words))]);
    Moment { now: samples::at(now), seqs: BTreeMap::new(), rules }
}

#[test]
fn an_item_says_everything_a_person_needs_to_start() {
    let row = samples::work_item("2026-03-01", "2026-02-01");
    let shown = work_item(&row, &[], &moment("2026-02-01T15:00:00Z")).unwrap();
    assert_eq!(shown.patient_control_number, "A100");
    assert_eq!((shown.payer_id.as_str(), shown.payer_name.as_str()), ("", "EVERGREEN HEALTH"));
    let code = &shown.codes[0];
    assert_eq!(code.reason.as_ref().map(|reason| reason.code.as_str()), Some("197"));
    assert!(code.reason.as_ref().is_some_and(|reason| !reason.label.is_empty()));
    assert_eq!((code.label.as_str(), code.denial_count), ("Authorization missing", 2));
    assert_eq!(shown.at_stake, Some(money(90_000)));
    assert_eq!((shown.team.as_str(), shown.team_name.as_str()), ("authorization", "Authorization"));
    assert_eq!(shown.next_action(), dictionary::NextAction::Appeal);
    assert_eq!(shown.category(), dictionary::Category::AuthorizationReferral);
    assert_eq!(shown.evidence_missing_count, 1);
    assert_eq!(shown.evidence[0].state(), pb::EvidenceState::Missing);
    let deadline = shown.deadline.unwrap();
    assert_eq!((deadline.days_left, deadline.source.as_str()), (28, "42 CFR 405.942"));
    assert_eq!(deadline.rule_words, "120 days");
    let priority = shown.priority.unwrap();
    assert_eq!(priority.score, row.priority);
    assert_eq!(priority.reasons.len(), 7);
    assert_eq!(shown.follow_up_on, None);
}

#[test]
fn the_days_left_are_counted_today_and_not_when_the_item_was_ranked() {
    let row = samples::work_item("2026-03-01", "2026-02-01");
    let shown = work_item(&row, &[], &moment("2026-02-09T15:00:00Z")).unwrap();
    let priority = shown.priority.unwrap();
    assert_eq!(priority.days_left, Some(20));
    assert!(
        priority.reasons.iter().any(|reason| reason.words.contains("20 days left")),
        "{:?}",
        priority.reasons
    );
}

#[test]
fn the_reasons_make_the_score_also_after_a_band_has_passed_unranked() {
    let row = samples::work_item("2026-03-01", "2026-02-01");
    // Three days left: a fresh rank would be three times the yield, the row still says 125 %.
    let shown = work_item(&row, &[], &moment("2026-02-26T15:00:00Z")).unwrap();
    let priority = shown.priority.unwrap();
    assert_eq!((priority.score, priority.days_left), (337_500, Some(3)));
    assert_eq!(priority.band(), pb::DeadlineBand::Within30Days);
    let of = |code: &str| priority.reasons.iter().find(|r| r.code == code).unwrap().number;
    assert_eq!(of("yield") * of("urgency") / 100, priority.score);
}

#[test]
fn an_item_without_a_window_has_no_deadline_and_no_days_left() {
    let mut row = samples::work_item("2026-03-01", "2026-02-01");
    let mut document = samples::document("2026-03-01", "2026-02-01");
    document.deadlines.clear();
    row.document = to_json(&document);
    row.due_on = samples::day("9999-12-31");
    let shown = work_item(&row, &[], &moment("2026-02-09T15:00:00Z")).unwrap();
    assert_eq!(shown.deadline, None);
    assert_eq!(shown.priority.and_then(|priority| priority.days_left), None);
}

#[test]
fn an_item_whose_windows_have_all_closed_shows_the_last_one_as_passed() {
    let mut row = samples::work_item("2026-03-01", "2026-02-01");
    let mut document = samples::document("2026-03-01", "2026-02-01");
    document.passed = vec![samples::deadline("2026-01-20"), samples::deadline("2026-01-10")];
    document.deadlines.clear();
    row.document = to_json(&document);
    row.due_on = samples::day("9999-12-31");
    let shown = work_item(&row, &[], &moment("2026-02-01T15:00:00Z")).unwrap();
    let deadline = shown.deadline.unwrap();
    assert_eq!(deadline.due_on, Some(date(samples::day("2026-01-20"))));
    assert_eq!(
        (deadline.state().as_str_name(), deadline.days_left),
        ("DEADLINE_STATE_PASSED", -12)
    );
}

#[test]
fn an_exception_is_looked_at_again_on_the_day_of_its_policy() {
    let mut row = samples::work_item("2026-02-05", "2026-02-01");
    let mut document = samples::document("2026-02-05", "2026-02-01");
    document.deadlines.clear();
    document.policy = "unknown-code".to_owned();
    row.document = to_json(&document);
    row.kind = "EXCEPTION".to_owned();
    row.exception = "unknown_code".to_owned();
    let shown = work_item(&row, &[], &moment("2026-02-01T15:00:00Z")).unwrap();
    assert_eq!(shown.follow_up_on, Some(date(samples::day("2026-02-05"))));
    assert_eq!(shown.exception(), dictionary::ExceptionKind::UnknownCode);
    assert_eq!(shown.deadline, None);
}

#[test]
fn lists_leave_the_other_paths_and_the_receipts_out() {
    let row = samples::work_item("2026-03-01", "2026-02-01");
    let line = ItemDenial {
        id: row.id,
        work_item_id: row.id,
        line: -1,
        denied_cents: 90_000,
        state: "OPEN".to_owned(),
        recovered_cents: 0,
    };
    let listed = work_item(&row, &[line], &moment("2026-02-01T15:00:00Z")).unwrap();
    assert!(listed.paths.is_empty());
    assert_eq!((listed.denials[0].line_number, listed.denials[0].receipt.clone()), (0, None));
    let full =
        work_item_in_full(&row, &[], &BTreeMap::new(), &moment("2026-02-01T15:00:00Z")).unwrap();
    assert_eq!(full.paths.len(), 1);
    assert_eq!(full.deadline, listed.deadline);
}

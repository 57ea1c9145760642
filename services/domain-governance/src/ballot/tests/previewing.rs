use super::*;

fn standing(hash: ContentHash) -> ActiveRevision {
    ActiveRevision { hash, since: hour(0), by: By::Base }
}

fn tried(request: &Request, stage: Stage, active: ContentHash) -> Result<(), CannotTry> {
    request.may_be_tried(stage, &standing(active), &sitting(&board(), 2))
}

#[test]
fn nothing_decides_on_an_emergency_that_nobody_ratified() {
    let by = By::Emergency { change: change(7), reverts_at: hour(26) };
    let on_trial = ActiveRevision { by, ..standing(approved().base) };
    let try_it = |stage| approved().may_be_tried(stage, &on_trial, &sitting(&board(), 2));
    let refused = CannotTry::EmergencyRuns { reverts_at: hour(26) };
    assert_eq!(try_it(Stage::Canary), Err(refused));
    assert_eq!(try_it(Stage::Shadow), Ok(()), "it has no effect");
    let ratified = ActiveRevision { by: By::Approved { change: change(7) }, ..on_trial };
    let canary = approved().may_be_tried(Stage::Canary, &ratified, &sitting(&board(), 2));
    assert_eq!(canary, Ok(()));
}

#[test]
fn a_shadow_run_needs_checks_and_a_canary_an_approval_that_still_holds() {
    let base = draft().base;
    let unchecked = draft().submit().unwrap();
    let (shadow, canary) = (Stage::Shadow, Stage::Canary);
    let early = tried(&draft(), shadow, base);
    assert_eq!(early, Err(CannotTry::NotBeforeTheCommittee(State::Draft)));
    assert!(matches!(tried(&unchecked, shadow, base), Err(CannotTry::Unproven(_))));
    assert_eq!(tried(&in_review(), shadow, base), Ok(()));
    assert_eq!(tried(&in_review(), canary, base), Err(CannotTry::NotApproved(State::InReview)));
    assert_eq!(tried(&approved(), canary, base), Ok(()));
    assert_eq!(tried(&approved(), canary, hash(77)), Err(CannotTry::BaseMoved(hash(77))));
    let nobody = Committee { seats: Vec::new(), ..board() };
    let lost = approved().may_be_tried(canary, &standing(base), &sitting(&nobody, 2));
    assert!(matches!(lost, Err(CannotTry::ApprovalLost(_))), "{lost:?}");
    let shadowed = approved().may_be_tried(shadow, &standing(base), &sitting(&nobody, 2));
    assert_eq!(shadowed, Ok(()));
}

#[test]
fn a_preview_goes_on_only_with_its_content_on_its_base() {
    let on = approved();
    let content = (on.base, on.result_hash);
    let end = |request: &Request, active| request.preview_end(Stage::Canary, content, active);
    assert_eq!(end(&on, on.base), None);
    let stopped = |end| matches!(end, Some(PreviewEnd::Stopped(_)));
    assert!(stopped(end(&on, hash(77))));
    assert!(stopped(end(&Request { result_hash: hash(77), ..on.clone() }, on.base)));
    assert!(stopped(end(&Request { state: State::InReview, ..on.clone() }, on.base)));
    let activated = Request { state: State::Activated, ..on.clone() };
    assert_eq!(end(&activated, on.result_hash), Some(PreviewEnd::Committed));
}

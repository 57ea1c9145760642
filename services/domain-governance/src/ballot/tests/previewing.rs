use super::*;

fn tried(request: &Request, stage: Stage, active: ContentHash) -> Result<(), CannotTry> {
    request.may_be_tried(stage, active, &sitting(&board(), 2))
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
    let lost = approved().may_be_tried(canary, base, &sitting(&nobody, 2));
    assert!(matches!(lost, Err(CannotTry::ApprovalLost(_))), "{lost:?}");
    assert_eq!(approved().may_be_tried(shadow, base, &sitting(&nobody, 2)), Ok(()));
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

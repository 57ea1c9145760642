use super::*;

fn call(by: u128) -> EmergencyCall {
    EmergencyCall { by: user(by), reason: "appeals go to a dead fax".to_owned(), hours: 24 }
}

fn force(request: &Request, call: EmergencyCall) -> Result<Request, CannotActivateInEmergency> {
    let committee = board();
    let changed = request.activate_in_emergency(call, &log(), &sitting(&committee, 2))?;
    assert!(changed.event.is_some());
    Ok(changed.request)
}

fn forced() -> Request {
    force(&in_review(), call(1)).unwrap()
}

fn refused(request: &Request, call: EmergencyCall) -> CannotActivateInEmergency {
    force(request, call).unwrap_err()
}

fn at_hour(
    request: &Request,
    vote: Vote,
    hours: i64,
) -> Result<Changed<&'static str>, CannotReview> {
    let committee = board();
    request.review(vote, &sitting(&committee, hours))
}

#[test]
fn a_seat_holder_activates_for_some_hours() {
    let committee = board();
    let changed =
        in_review().activate_in_emergency(call(1), &log(), &sitting(&committee, 2)).unwrap();
    assert_eq!(changed.request.state, State::Activated);
    let emergency = changed.request.emergency.unwrap();
    assert_eq!((emergency.by, emergency.seat), (user(1), slug(CODING)));
    assert_eq!((emergency.reverts_at, emergency.end), (hour(26), None));
    let mut log = log();
    log.append(changed.event.unwrap()).unwrap();
    let active = log.active_at(hour(3)).unwrap();
    let by = By::Emergency { change: change(1), reverts_at: hour(26) };
    assert_eq!(active, ActiveRevision { hash: hash(2), since: hour(2), by });
}

#[test]
fn it_needs_a_reason_and_1_to_72_hours() {
    use CannotActivateInEmergency::{Hours, NoReason};
    let silent = EmergencyCall { reason: " ".to_owned(), ..call(1) };
    assert_eq!(refused(&draft(), silent), NoReason);
    let unexplained = Request { reason: " ".to_owned(), ..draft() };
    assert_eq!(refused(&unexplained, call(1)), NoReason, "the committee is to ratify it");
    for hours in [0, 73] {
        assert_eq!(refused(&draft(), EmergencyCall { hours, ..call(1) }), Hours);
    }
    for hours in [1, 72] {
        assert!(force(&draft(), EmergencyCall { hours, ..call(1) }).is_ok());
    }
}

#[test]
fn only_the_holder_of_a_seat_in_its_term_does_it() {
    use CannotActivateInEmergency::NotASeatHolder;
    assert_eq!(refused(&draft(), call(11)), NotASeatHolder, "a delegate holds none");
    assert_eq!(refused(&draft(), call(9)), NotASeatHolder);
    let mut committee = board();
    committee.seats[0].ends_on = hour(-24).date_naive().into();
    let late = draft().activate_in_emergency(call(1), &log(), &sitting(&committee, 2));
    assert_eq!(late, Err(NotASeatHolder));
}

#[test]
fn it_takes_an_open_change_with_an_edit_on_the_active_base() {
    use CannotActivateInEmergency::{BaseMoved, NotOpen, NothingEdited};
    for state in State::ALL {
        let request = Request { state: *state, ..in_review() };
        if matches!(state, State::Draft | State::InReview) {
            assert!(force(&request, call(1)).is_ok(), "{state}");
        } else {
            assert_eq!(refused(&request, call(1)), NotOpen(*state));
        }
    }
    let undone = draft().edit(user(8), hash(1), [].into()).unwrap();
    assert_eq!(refused(&undone, call(1)), NothingEdited);
    let moved = Request { base: hash(5), ..draft() };
    assert_eq!(refused(&moved, call(1)), BaseMoved { active: hash(1) });
    let committee = board();
    let nothing =
        draft().activate_in_emergency(call(1), &Activations::default(), &sitting(&committee, 2));
    assert_eq!(nothing, Err(CannotActivateInEmergency::NothingActive));
}

#[test]
fn emergencies_do_not_pile_up_or_come_again() {
    use CannotActivateInEmergency::{EmergencyRuns, HadOne};
    let committee = board();
    let mut log = log();
    let first = draft().activate_in_emergency(call(1), &log, &sitting(&committee, 2)).unwrap();
    log.append(first.event.unwrap()).unwrap();
    let other = Request { id: change(2), base: hash(2), result_hash: hash(3), ..draft() };
    let second = other.activate_in_emergency(call(2), &log, &sitting(&committee, 3));
    assert_eq!(second, Err(EmergencyRuns { reverts_at: hour(26) }));

    let reverted = first.request.revert(hour(26)).unwrap();
    log.append(reverted.event.unwrap()).unwrap();
    let taken_up = Request { state: State::InReview, ..reverted.request };
    let again = taken_up.activate_in_emergency(call(2), &log, &sitting(&committee, 30));
    assert_eq!(again, Err(HadOne));
    let same_content = Request { id: change(2), ..draft() };
    let again = same_content.activate_in_emergency(call(2), &log, &sitting(&committee, 30));
    assert_eq!(again, Err(HadOne));
    let new = Request { id: change(2), result_hash: hash(3), ..draft() };
    assert!(new.activate_in_emergency(call(2), &log, &sitting(&committee, 30)).is_ok());
}

#[test]
fn a_quorum_ratifies_in_time() {
    let request = approve(&forced(), 11, CODING);
    assert_eq!(request.emergency.as_ref().unwrap().end, None);
    let last = vote(&request, 3, FINANCE, Verdict::Approve);
    let changed = at_hour(&request, last, 25).unwrap();
    assert_eq!(changed.request.state, State::Activated);
    let end = EmergencyEnd::Ratified { at: hour(25) };
    assert_eq!(changed.request.emergency.as_ref().unwrap().end, Some(end));
    let act = Act::Ratified { change: change(1) };
    assert_eq!(changed.event, Some(Event { at: hour(25), act }));
    assert_eq!(changed.request.revert(hour(99)), Err(CannotRevert::NotRunning));
}

#[test]
fn a_vote_comes_too_late_from_the_hour_it_ends() {
    let request = approve(&forced(), 11, CODING);
    let late = vote(&request, 3, FINANCE, Verdict::Approve);
    let over = CannotReview::EmergencyOver { reverts_at: hour(26) };
    assert_eq!(at_hour(&request, late, 26), Err(over));
    let mut lenient = board();
    lenient.policies[0].quorum = 1;
    let settled = |hours| request.settle(&sitting(&lenient, hours)).event;
    assert!(settled(25).is_some());
    assert_eq!(settled(26), None, "nor does a committee that asks for less save it");
}

#[test]
fn whoever_forced_it_does_not_ratify_it() {
    let own = vote(&forced(), 1, CODING, Verdict::Approve);
    assert_eq!(at_hour(&forced(), own, 3), Err(CannotReview::Interested));
    // Not by a vote cast before it either, and the seat is free for the delegate.
    let before = force(&approve(&in_review(), 1, CODING), call(1)).unwrap();
    assert_eq!(before.reviews[0].state, ReviewState::Dismissed);
    let request = approve(&before, 3, FINANCE);
    assert_eq!(request.emergency.as_ref().unwrap().end, None);
    let request = approve(&request, 11, CODING);
    assert!(request.emergency.unwrap().end.is_some());
}

#[test]
fn votes_of_others_before_it_count_toward_ratification() {
    let before = force(&approve(&in_review(), 2, COMPLIANCE), call(3)).unwrap();
    let ratified = approve(&before, 1, CODING);
    assert!(ratified.emergency.unwrap().end.is_some());
}

#[test]
fn the_author_may_force_it_and_others_ratify() {
    let request = Request { author: user(1), ..in_review() };
    let forced = force(&request, call(1)).unwrap();
    let request = approve(&approve(&forced, 11, CODING), 2, COMPLIANCE);
    assert!(request.emergency.unwrap().end.is_some());
}

#[test]
fn ratification_needs_both_checks() {
    let forced = force(&draft(), call(3)).unwrap();
    let early = vote(&forced, 1, CODING, Verdict::Approve);
    assert_eq!(at_hour(&forced, early, 3), Err(CannotReview::Unproven(CheckKind::Verify)));
    let no = vote(&forced, 1, CODING, Verdict::Decline);
    assert!(at_hour(&forced, no, 3).unwrap().event.is_some(), "a decline needs none");
    let request = approve(&approve(&proven(forced), 1, CODING), 2, COMPLIANCE);
    assert!(request.emergency.unwrap().end.is_some());
}

/// How the emergency of 1, of hour 2 to 26, may end, and when it did.
fn endings() -> [(Act, i64); 3] {
    let back = Act::RolledBack { change: change(9), base: hash(2), hash: hash(1), by: user(2) };
    let reverted = Act::Reverted { change: change(1) };
    [(reverted, 30), (reverted, 10), (back, 5)]
}

#[test]
fn whoever_forced_what_nobody_ratified_waits_30_days() {
    use CannotActivateInEmergency::Paused;
    let committee = board();
    for (act, at) in endings() {
        let mut log = log();
        let first = draft().activate_in_emergency(call(1), &log, &sitting(&committee, 2)).unwrap();
        log.append(first.event.unwrap()).unwrap();
        log.append(Event { at: hour(at), act }).unwrap();
        let next = Request { id: change(2), result_hash: hash(3), ..draft() };
        let force =
            |by, hours| next.activate_in_emergency(call(by), &log, &sitting(&committee, hours));
        // From its end on, which is its hour at the latest, however late that was recorded.
        let end = at.min(26);
        let until = hour(end + 30 * 24);
        assert_eq!(force(1, at), Err(Paused { until }));
        assert_eq!(force(1, end + 30 * 24 - 1), Err(Paused { until }));
        assert!(force(2, at).is_ok(), "another one may");
        let later = force(1, end + 30 * 24).unwrap();
        assert!(log.clone().append(later.event.unwrap()).is_ok());
        // The second wall: whatever a request says of itself.
        let mut early = force(2, at).unwrap().event.unwrap();
        if let Act::ActivatedInEmergency { by, .. } = &mut early.act {
            *by = user(1);
        }
        assert_eq!(log.append(early), Err(NotNext::Paused(until)));
    }
}

#[test]
fn whoever_forced_what_was_ratified_may_force_again() {
    let committee = board();
    let mut log = log();
    let first = draft().activate_in_emergency(call(1), &log, &sitting(&committee, 2)).unwrap();
    log.append(first.event.unwrap()).unwrap();
    assert_eq!(log.paused_until(user(1)), Some(hour(26 + 30 * 24)), "unless it is ratified");
    log.append(Event { at: hour(5), act: Act::Ratified { change: change(1) } }).unwrap();
    assert_eq!(log.paused_until(user(1)), None);
    let next = Request { id: change(2), base: hash(2), result_hash: hash(3), ..draft() };
    assert!(next.activate_in_emergency(call(1), &log, &sitting(&committee, 6)).is_ok());
}

#[test]
fn a_decline_ends_it_on_the_spot() {
    let decline = vote(&forced(), 2, COMPLIANCE, Verdict::Decline);
    let changed = at_hour(&forced(), decline, 3).unwrap();
    assert_eq!(changed.request.state, State::Rejected);
    let act = Act::Reverted { change: change(1) };
    assert_eq!(changed.event, Some(Event { at: hour(3), act }));
    assert!(!changed.request.revert_due(hour(99)));
}

#[test]
fn it_reverts_itself_at_its_hour() {
    assert!(!forced().revert_due(hour(25)) && forced().revert_due(hour(26)));
    assert_eq!(forced().revert(hour(25)), Err(CannotRevert::NotDue { reverts_at: hour(26) }));
    let changed = forced().revert(hour(27)).unwrap();
    let ended = Some(Suspension::EmergencyEnded { at: hour(27) });
    assert_eq!(
        (changed.request.state, changed.request.suspension.clone()),
        (State::Suspended, ended)
    );
    let act = Act::Reverted { change: change(1) };
    assert_eq!(changed.event, Some(Event { at: hour(27), act }));
    assert_eq!(changed.request.revert(hour(28)), Err(CannotRevert::NotRunning));
    assert_eq!(draft().revert(hour(28)), Err(CannotRevert::NotRunning));
}

#[test]
fn what_reverted_may_still_be_approved_without_whoever_forced_it() {
    let suspended = forced().revert(hour(26)).unwrap().request;
    let same = Rebase {
        onto: hash(1),
        result_hash: hash(2),
        sections: [ENTRIES].into(),
        touched_by_both: false,
        reruns: Vec::new(),
    };
    let committee = board();
    let open = suspended.rebase(same, &sitting(&committee, 30)).unwrap();
    assert_eq!(open.state, State::InReview);
    let own = vote(&open, 1, CODING, Verdict::Approve);
    assert_eq!(at_hour(&open, own, 30), Err(CannotReview::Interested));
    assert_eq!(approve(&approve(&open, 11, CODING), 3, FINANCE).state, State::Approved);
}

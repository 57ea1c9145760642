use super::*;

fn activate(request: &Request, active: ActiveRevision, hours: i64) -> Changed<&'static str> {
    let committee = board();
    request.activate(&active, &sitting(&committee, hours)).unwrap()
}

fn suspension(changed: Changed<&'static str>) -> Suspension {
    assert_eq!((changed.request.state, changed.event), (State::Suspended, None));
    changed.request.suspension.unwrap()
}

#[test]
fn an_approved_change_becomes_active() {
    let changed = activate(&approved(), active(2), 2);
    assert_eq!(changed.request.state, State::Activated);
    let act = Act::Activated { change: change(1), base: hash(1), hash: hash(2) };
    assert_eq!(changed.event, Some(Event { at: hour(2), act }));
}

#[test]
fn a_schedule_is_in_the_future() {
    let now = hour(2);
    for past in [hour(1), now] {
        let refused = approved().schedule(past, now);
        assert_eq!(refused, Err(CannotSchedule::Past { activate_at: past, now }));
    }
    let scheduled = approved().schedule(hour(3), now).unwrap();
    assert_eq!((scheduled.state, scheduled.activate_at), (State::Scheduled, Some(hour(3))));
}

#[test]
fn only_what_is_approved_is_scheduled_and_only_a_schedule_is_taken_back() {
    for state in State::ALL {
        let request = Request { state: *state, ..approved() };
        let scheduled = request.schedule(hour(9), hour(2)).map(|_| ());
        let expected =
            (*state == State::Approved).then_some(()).ok_or(CannotSchedule::NotApproved(*state));
        assert_eq!(scheduled, expected);
        if *state != State::Scheduled {
            assert_eq!(request.cancel_schedule(), Err(CannotCancelSchedule(*state)));
        }
    }
    let back = approved().schedule(hour(9), hour(2)).unwrap().cancel_schedule().unwrap();
    assert_eq!(back, approved());
}

#[test]
fn a_scheduled_change_waits_for_its_time_and_fires_once() {
    let committee = board();
    let scheduled = approved().schedule(hour(9), hour(2)).unwrap();
    let early = scheduled.activate(&active(8), &sitting(&committee, 8));
    assert_eq!(early, Err(CannotActivate::TooEarly { activate_at: hour(9) }));
    let done = activate(&scheduled, active(9), 9).request;
    assert_eq!((done.state, done.activate_at), (State::Activated, None));
    let again = done.activate(&active(9), &sitting(&committee, 9));
    assert_eq!(again, Err(CannotActivate::NotApproved(State::Activated)));
}

#[test]
fn only_approved_and_scheduled_changes_are_activated() {
    let committee = board();
    for state in State::ALL {
        let request = Request { state: *state, ..approved() };
        let activated = request.activate(&active(2), &sitting(&committee, 2)).map(|_| ());
        let expected =
            (*state == State::Approved).then_some(()).ok_or(CannotActivate::NotApproved(*state));
        assert_eq!(activated, expected, "a schedule without a time is never due");
    }
}

#[test]
fn a_moved_base_suspends() {
    let moved = ActiveRevision { hash: hash(5), ..active(2) };
    let changed = activate(&approved(), moved, 2);
    assert_eq!(suspension(changed), Suspension::BaseMoved { active: hash(5) });
}

#[test]
fn nothing_is_built_on_an_emergency_that_runs() {
    let by = By::Emergency { change: change(7), reverts_at: hour(9) };
    let trial = ActiveRevision { by, ..active(2) };
    let changed = activate(&approved(), trial, 2);
    assert_eq!(suspension(changed), Suspension::EmergencyRuns { reverts_at: hour(9) });
}

#[test]
fn an_approval_that_no_longer_holds_suspends() {
    let mut committee = board();
    committee.policies[0] = policy(None, &[CODING, COMPLIANCE], 2);
    let scheduled = approved().schedule(hour(9), hour(2)).unwrap();
    let changed = scheduled.activate(&active(9), &sitting(&committee, 9)).unwrap();
    let suspended = suspension(changed);
    assert_eq!(suspended, Suspension::ApprovalLost { missing: vec!["seat_compliance".to_owned()] });
    assert_eq!(suspended.to_string(), "the approval no longer holds: seat_compliance");
}

#[test]
fn a_check_that_failed_since_suspends() {
    let failed = approved().record_check(Check {
        finished_at: hour(1),
        ..check(&approved(), CheckKind::Verify, false)
    });
    let changed = activate(&failed, active(2), 2);
    let missing = vec!["verify_passed".to_owned()];
    assert_eq!(suspension(changed), Suspension::ApprovalLost { missing });
}

#[test]
fn an_approval_of_another_content_is_none() {
    let swapped = Request { result_hash: hash(3), ..approved() };
    let Suspension::ApprovalLost { missing } = suspension(activate(&swapped, active(2), 2)) else {
        panic!("the approval is lost");
    };
    assert!(missing.contains(&"seat_coding".to_owned()), "{missing:?}");
    assert!(missing.contains(&"verify_fresh".to_owned()), "{missing:?}");
}

use super::*;

/// Revision 1, then 2 by change 1.
fn moved_on() -> Activations {
    let committee = board();
    let changed = approved().activate(&active(2), &sitting(&committee, 2)).unwrap();
    let mut log = log();
    log.append(changed.event.unwrap()).unwrap();
    log
}

fn ask(by: u128, to: u8) -> RollBack<&'static str> {
    RollBack {
        id: change(50),
        by: user(by),
        reason: "queue of access overflows".to_owned(),
        to: hash(to),
        sections: [ENTRIES].into(),
    }
}

fn roll_back(
    ask: RollBack<&'static str>,
    emergency: Option<&Request>,
    log: &Activations,
) -> Result<RolledBack<&'static str>, CannotRollBack> {
    let committee = board();
    Request::roll_back(ask, emergency, log, &sitting(&committee, 5))
}

/// Change 7 in emergency on what is active, from hour 3 to 27.
fn emergency_on(log: &mut Activations) -> Request {
    let committee = board();
    let base = log.active_at(hour(3)).unwrap().hash;
    let request = Request { id: change(7), base, result_hash: hash(7), ..draft() };
    let call = EmergencyCall { by: user(1), reason: "now".to_owned(), hours: 24 };
    let changed = request.activate_in_emergency(call, log, &sitting(&committee, 3)).unwrap();
    log.append(changed.event.unwrap()).unwrap();
    changed.request
}

#[test]
fn a_seat_holder_returns_to_what_stood_before() {
    let mut log = moved_on();
    let done = roll_back(ask(3, 1), None, &log).unwrap();
    let request = &done.request;
    assert_eq!((request.state, request.route), (State::Activated, Route::PreApproved));
    assert_eq!((request.base, request.result_hash), (hash(2), hash(1)));
    assert_eq!(done.ended, None);
    log.append(done.event).unwrap();
    let by = By::Rollback { change: change(50) };
    let active = log.active_at(hour(6)).unwrap();
    assert_eq!(active, ActiveRevision { hash: hash(1), since: hour(5), by });
    assert!(roll_back(ask(3, 2), None, &log).is_ok(), "and forward again");
}

#[test]
fn it_needs_a_seat_and_a_reason() {
    let log = moved_on();
    for by in [9, 11] {
        assert_eq!(roll_back(ask(by, 1), None, &log), Err(CannotRollBack::NotASeatHolder));
    }
    let silent = RollBack { reason: String::new(), ..ask(1, 1) };
    assert_eq!(roll_back(silent, None, &log), Err(CannotRollBack::NoReason));
}

#[test]
fn only_what_was_active_comes_back() {
    let log = moved_on();
    assert_eq!(roll_back(ask(1, 9), None, &log), Err(CannotRollBack::NeverStood(hash(9))));
    assert_eq!(roll_back(ask(1, 2), None, &log), Err(CannotRollBack::AlreadyActive(hash(2))));
    let empty = Activations::default();
    assert_eq!(roll_back(ask(1, 1), None, &empty), Err(CannotRollBack::NothingActive));
}

#[test]
fn what_was_only_active_in_emergency_does_not_come_back() {
    let mut log = moved_on();
    let running = emergency_on(&mut log);
    let reverted = Event { at: hour(4), act: Act::Reverted { change: running.id } };
    log.append(reverted).unwrap();
    assert_eq!(roll_back(ask(1, 7), None, &log), Err(CannotRollBack::NeverStood(hash(7))));
}

#[test]
fn what_was_ratified_comes_back() {
    let mut log = moved_on();
    let running = emergency_on(&mut log);
    log.append(Event { at: hour(4), act: Act::Ratified { change: running.id } }).unwrap();
    log.append(roll_back(ask(1, 1), None, &log).unwrap().event).unwrap();
    assert!(roll_back(ask(1, 7), None, &log).is_ok());
}

#[test]
fn it_ends_an_emergency_for_good() {
    let mut log = moved_on();
    let running = emergency_on(&mut log);
    assert_eq!(roll_back(ask(1, 2), None, &log), Err(CannotRollBack::EmergencyRuns(change(7))));
    let other = draft();
    assert_eq!(
        roll_back(ask(1, 2), Some(&other), &log),
        Err(CannotRollBack::EmergencyRuns(change(7)))
    );
    let done = roll_back(ask(1, 2), Some(&running), &log).unwrap();
    let ended = done.ended.unwrap();
    assert_eq!(ended.state, State::Suspended);
    assert!(!ended.revert_due(hour(99)));
    log.append(done.event).unwrap();
    assert_eq!(log.active_at(hour(99)).unwrap().hash, hash(2));
    assert_eq!(log.revert_due(hour(99)), None);
    let late = Event { at: hour(6), act: Act::Ratified { change: change(7) } };
    assert_eq!(log.append(late), Err(NotNext::NoEmergency(change(7))));
}

#[test]
fn an_emergency_that_ran_out_is_ended_first() {
    let mut log = moved_on();
    let running = emergency_on(&mut log);
    let committee = board();
    let late = Request::roll_back(ask(1, 1), Some(&running), &log, &sitting(&committee, 27));
    assert_eq!(late, Err(CannotRollBack::RevertDue(change(7))));
}

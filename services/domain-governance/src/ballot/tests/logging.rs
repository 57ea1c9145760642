use super::*;

fn event(hours: i64, act: Act) -> Event {
    Event { at: hour(hours), act }
}

fn activated(hours: i64, id: u128, base: u8, to: u8) -> Event {
    event(hours, Act::Activated { change: change(id), base: hash(base), hash: hash(to) })
}

fn forced(hours: i64, id: u128, base: u8, to: u8) -> Event {
    let (change, reverts_at) = (change(id), hour(hours + 24));
    let (base, hash, by) = (hash(base), hash(to), user(1));
    event(hours, Act::ActivatedInEmergency { change, base, hash, by, reverts_at })
}

fn rolled_back(hours: i64, base: u8, to: u8) -> Event {
    let (base, hash, by) = (hash(base), hash(to), user(1));
    event(hours, Act::RolledBack { change: change(50), base, hash, by })
}

fn ratified(hours: i64, id: u128) -> Event {
    event(hours, Act::Ratified { change: change(id) })
}

fn reverted(hours: i64, id: u128) -> Event {
    event(hours, Act::Reverted { change: change(id) })
}

/// The log after revision 1 and these events.
fn read(events: &[Event]) -> Result<Activations, NotNext> {
    let start = log().events()[0];
    Activations::read([start].into_iter().chain(events.iter().copied()))
}

fn active_hash(log: &Activations, hours: i64) -> ContentHash {
    log.active_at(hour(hours)).unwrap().hash
}

#[test]
fn nothing_is_active_before_the_start_and_a_log_starts_once() {
    assert_eq!(log().active_at(hour(-1)), None);
    assert_eq!(active(0).by, By::Base);
    assert_eq!(Activations::read([activated(1, 1, 1, 2)]), Err(NotNext::Start));
    assert_eq!(read(&[event(1, Act::Started { hash: hash(2) })]), Err(NotNext::Start));
}

#[test]
fn what_was_active_can_be_asked_of_any_instant() {
    let log = read(&[activated(2, 1, 1, 2), rolled_back(4, 2, 1), activated(6, 2, 1, 3)]).unwrap();
    let seen = [0, 2, 3, 4, 5, 6, 9].map(|hours| active_hash(&log, hours));
    assert_eq!(seen, [1, 2, 2, 1, 1, 3, 3].map(hash));
    assert_eq!(log.active_at(hour(3)).unwrap().by, By::Approved { change: change(1) });
    assert_eq!(log.active_at(hour(5)).unwrap().since, hour(4));
}

#[test]
fn an_event_follows_from_those_before_it() {
    let moved = NotNext::BaseMoved { active: hash(1) };
    assert_eq!(read(&[activated(1, 1, 9, 2)]), Err(moved));
    assert_eq!(read(&[activated(1, 1, 1, 1)]), Err(NotNext::AlreadyActive(hash(1))));
    let backwards = NotNext::Backwards { last: hour(2), at: hour(1) };
    assert_eq!(read(&[activated(2, 1, 1, 2), activated(1, 2, 2, 3)]), Err(backwards));
    assert_eq!(read(&[rolled_back(1, 1, 9)]), Err(NotNext::NeverStood(hash(9))));
    assert_eq!(read(&[ratified(1, 1)]), Err(NotNext::NoEmergency(change(1))));
    assert_eq!(read(&[reverted(1, 1)]), Err(NotNext::NoEmergency(change(1))));
}

#[test]
fn an_emergency_is_over_at_its_hour_whenever_that_is_recorded() {
    let running = read(&[activated(1, 1, 1, 2), forced(2, 7, 2, 7)]).unwrap();
    let seen = [2, 25, 26, 99].map(|hours| active_hash(&running, hours));
    assert_eq!(seen, [7, 7, 2, 2].map(hash));
    assert_eq!([25, 26].map(|it| running.revert_due(hour(it))), [None, Some(change(7))]);

    let ended = read(&[activated(1, 1, 1, 2), forced(2, 7, 2, 7), reverted(30, 7)]).unwrap();
    assert_eq!([25, 26, 99].map(|hours| active_hash(&ended, hours)), [7, 2, 2].map(hash));
    let by = By::Approved { change: change(1) };
    let back = ActiveRevision { hash: hash(2), since: hour(26), by };
    assert_eq!(ended.active_at(hour(99)), Some(back), "with the right it had");
    assert_eq!(ended.revert_due(hour(99)), None);
}

#[test]
fn an_emergency_that_is_ratified_or_ended_early_stays_so() {
    let stays = read(&[forced(2, 7, 1, 7), ratified(25, 7)]).unwrap();
    let now = stays.active_at(hour(99)).unwrap();
    assert_eq!((now.hash, now.by), (hash(7), By::Approved { change: change(7) }));
    assert_eq!(now.since, hour(2));
    let declined = read(&[forced(2, 7, 1, 7), reverted(3, 7)]).unwrap();
    assert_eq!(declined.active_at(hour(3)).unwrap().since, hour(3));
    assert_eq!(active_hash(&declined, 3), hash(1));
}

#[test]
fn nothing_but_its_end_follows_an_emergency() {
    let after = |next: Event| read(&[forced(2, 7, 1, 7), next]).map(|_| ());
    let runs = Err(NotNext::EmergencyRuns(change(7)));
    assert_eq!(after(activated(3, 1, 7, 2)), runs);
    assert_eq!(after(forced(3, 8, 7, 8)), runs);
    assert_eq!(after(ratified(3, 8)), Err(NotNext::NoEmergency(change(8))));
    assert_eq!(after(rolled_back(3, 7, 1)), Ok(()));
    assert_eq!(after(ratified(25, 7)), Ok(()));
    let due = Err(NotNext::RevertDue(change(7)));
    for late in [ratified(26, 7), rolled_back(26, 7, 1), activated(26, 1, 1, 2)] {
        assert_eq!(after(late), due);
    }
    assert_eq!(after(reverted(26, 7)), Ok(()));
}

#[test]
fn an_emergency_has_its_limits_in_the_log_too() {
    let lasting = |hours: i64| {
        let mut event = forced(2, 7, 1, 7);
        if let Act::ActivatedInEmergency { reverts_at, .. } = &mut event.act {
            *reverts_at = hour(2 + hours);
        }
        read(&[event]).map(|_| ())
    };
    assert_eq!([1, 72].map(lasting), [Ok(()), Ok(())]);
    assert_eq!([0, 73].map(lasting), [Err(NotNext::EmergencyTime), Err(NotNext::EmergencyTime)]);
    let again = |next| read(&[forced(2, 7, 1, 7), reverted(3, 7), next]).map(|_| ());
    assert_eq!(again(forced(4, 7, 1, 8)), Err(NotNext::SecondEmergency));
    assert_eq!(again(forced(4, 8, 1, 7)), Err(NotNext::SecondEmergency));
    let until = hour(3 + 30 * 24);
    let append = |next| read(&[forced(2, 7, 1, 7), reverted(3, 7)]).unwrap().append(next);
    assert_eq!(append(forced(4, 8, 1, 8)), Err(NotNext::Paused(until)));
    assert_eq!(append(forced(3 + 30 * 24, 8, 1, 8)), Ok(()));
    let mut by_another = forced(4, 8, 1, 8);
    if let Act::ActivatedInEmergency { by, .. } = &mut by_another.act {
        *by = user(2);
    }
    assert_eq!(append(by_another), Ok(()));
}

#[test]
fn a_log_from_before_there_was_a_pause_is_read_and_the_pause_holds_for_what_comes() {
    let old = [forced(2, 7, 1, 7), reverted(3, 7), forced(4, 8, 1, 8), reverted(5, 8)];
    let mut log = read(&old).unwrap();
    assert_eq!(log.active_at(hour(4)).unwrap().hash, hash(8));
    let until = 5 + 30 * 24;
    assert_eq!(log.append(forced(6, 9, 1, 9)), Err(NotNext::Paused(hour(until))));
    assert_eq!(log.append(forced(until, 9, 1, 9)), Ok(()));
}

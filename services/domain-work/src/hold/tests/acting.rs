use super::*;

fn reason(result: Result<Step, Refusal>) -> &'static str {
    result.expect_err("the act is refused").reason()
}

fn claimed(by: u128, at: i64) -> Hold {
    Hold::NEW.claim(user(by), Standing::Member, minute(at)).unwrap().hold
}

#[test]
fn an_item_is_held_by_one_person_at_a_time() {
    let held = claimed(1, 0);
    assert_eq!(held.holder(minute(14)), Some(user(1)));
    let refused = held.claim(user(2), Standing::Lead, minute(14)).unwrap_err();
    assert_eq!(refused.reason(), "HELD_BY_ANOTHER");
    // Whoever holds it may claim it again, as after a lost answer, and gets a new number.
    let again = held.claim(user(1), Standing::Member, minute(5)).unwrap().hold;
    assert_eq!(again.fencing_number, 2);
    assert_eq!(reason(again.heartbeat(user(1), 1, minute(6))), "LEASE_LOST");
}

#[test]
fn a_lost_lease_returns_and_its_holder_cannot_write() {
    let held = claimed(1, 0);
    assert_eq!(held.holder(minute(15)), None, "at its end a lease is over");
    let second = held.claim(user(2), Standing::Member, minute(15)).unwrap();
    let lost = Happened::LeaseLost { holder: user(1), fencing_number: 1 };
    assert_eq!(second.happened[0], lost);
    let second = second.hold;
    assert_eq!(second.fencing_number, 2);
    let ended = EndedBy::Writer(lease(1, 1));
    assert_eq!(reason(second.resolve(ended, minute(16))), "LEASE_LOST");
    // Also when the clock is set back to when the first lease still ran.
    assert_eq!(reason(second.resolve(ended, minute(5))), "LEASE_LOST");
    assert!(second.resolve(EndedBy::Writer(lease(2, 2)), minute(16)).is_ok());
    // The right number in the wrong hands.
    assert_eq!(reason(second.heartbeat(user(1), 2, minute(16))), "HELD_BY_ANOTHER");
}

#[test]
fn a_heartbeat_extends_and_never_shortens() {
    let held = claimed(1, 100);
    let later = held.heartbeat(user(1), 1, minute(110)).unwrap().hold;
    assert_eq!(later.holder(minute(124)), Some(user(1)));
    let back = later.heartbeat(user(1), 1, minute(50)).unwrap().hold;
    assert_eq!(back, later);
    assert_eq!(reason(later.heartbeat(user(1), 1, minute(125))), "LEASE_LOST");
}

#[test]
fn a_lead_takes_an_item_away_with_a_reason() {
    let held = claimed(1, 0);
    assert!(matches!(held.release(lead(9), " ", minute(1)), Err(Refusal::Invalid(_))));
    let taken = held.release(lead(9), "on vacation", minute(1)).unwrap();
    let told = Happened::TakenAway { by: user(9), from: user(1), reason: "on vacation".to_owned() };
    assert_eq!(taken.happened, [told]);
    assert_eq!(reason(taken.hold.heartbeat(user(1), 1, minute(2))), "LEASE_LOST");
    assert_eq!(reason(taken.hold.release(lead(9), "again", minute(2))), "INVALID_TRANSITION");
    assert_eq!(reason(held.release(unheld(2), "mine", minute(1))), "HELD_BY_ANOTHER");
    assert!(held.release(lease(1, 1), "", minute(1)).is_ok(), "a holder needs no reason");
}

#[test]
fn what_is_given_to_a_person_is_kept_for_a_while() {
    let to = |number, standing| Recipient::Person { user: user(number), standing };
    let held = claimed(1, 0);
    let member = Some(Standing::Member);
    assert_eq!(
        reason(held.hand_over(lease(1, 1), to(2, None), "yours", minute(1))),
        "NOT_OF_THIS_QUEUE"
    );
    assert!(held.hand_over(lease(1, 1), to(2, member), "", minute(1)).is_err());
    let given = held.hand_over(lease(1, 1), to(2, member), "yours", minute(1)).unwrap().hold;
    assert!(given.is_next_for(user(2), minute(2)) && !given.is_next_for(user(3), minute(2)));
    let kept = given.claim(user(3), Standing::Member, minute(2)).unwrap_err();
    assert_eq!(kept.reason(), "HELD_BY_ANOTHER");
    assert!(given.claim(user(2), Standing::Member, minute(2)).is_ok());
    assert!(given.claim(user(3), Standing::Lead, minute(2)).is_ok());
    let days = RESERVATION.num_minutes() + 1;
    assert!(given.claim(user(3), Standing::Member, minute(days)).is_ok());
    let team = Recipient::Team(Slug::new("coding").unwrap());
    let moved = held.hand_over(lead(9), team, "wrong team", minute(1)).unwrap();
    assert!(matches!(moved.happened[0], Happened::TakenAway { .. }));
    assert!(moved.hold.is_next_for(user(3), minute(2)));
}

#[test]
fn a_follow_up_leaves_time_to_act() {
    let held = claimed(1, 0);
    let last = Some(day("2026-03-20"));
    let aside = |on: &str, last| {
        held.set_follow_up(lease(1, 1), WaitingFor::Payer, day(on), last, minute(1))
    };
    assert_eq!(reason(aside("2026-03-21", last)), "FOLLOW_UP_TOO_LATE");
    assert_eq!(reason(aside("2026-03-02", last)), "FOLLOW_UP_NOT_LATER");
    assert_eq!(reason(aside("2026-04-02", None)), "FOLLOW_UP_TOO_LATE");
    assert!(aside("2026-04-01", None).is_ok());
    let waiting = aside("2026-03-20", last).unwrap().hold;
    assert_eq!(waiting.next_change(), Some(NextChange::On(day("2026-03-20"))));
    let morning = minute(18 * 24 * 60);
    assert!(!waiting.is_next_for(user(1), minute(18 * 24 * 60 - 1)));
    assert!(waiting.is_next_for(user(1), morning), "it is back, and kept for who put it aside");
    assert!(!waiting.is_next_for(user(2), morning));
    assert!(waiting.claim(user(2), Standing::Member, minute(3)).is_ok(), "the payer called back");
    let woken = waiting.wake(minute(3)).unwrap();
    assert_eq!(woken.happened.len(), 1);
    assert!(woken.hold.is_next_for(user(1), minute(3)));
}

#[test]
fn people_cannot_change_what_is_over() {
    let done = claimed(1, 0).resolve(EndedBy::Writer(lease(1, 1)), minute(1)).unwrap().hold;
    let gone = claimed(1, 0).supersede().unwrap().hold;
    for over in [done, gone] {
        assert_eq!(reason(over.claim(user(1), Standing::Lead, minute(2))), "INVALID_TRANSITION");
        assert_eq!(reason(over.heartbeat(user(1), 1, minute(2))), "LEASE_LOST");
        assert_eq!(reason(over.resolve(EndedBy::Remittance, minute(2))), "INVALID_TRANSITION");
        assert_eq!(reason(over.supersede()), "INVALID_TRANSITION");
        let to = Recipient::Team(Slug::new("coding").unwrap());
        assert_eq!(reason(over.hand_over(lead(9), to, "so", minute(2))), "INVALID_TRANSITION");
        let on = day("2026-03-09");
        let aside = over.set_follow_up(lead(9), WaitingFor::Payer, on, None, minute(2));
        assert_eq!(reason(aside), "INVALID_TRANSITION");
    }
    assert_eq!(reason(gone.reopen("needed")), "INVALID_TRANSITION");
    assert_eq!(gone.restore().unwrap().hold.state, State::Open(None));
    assert!(matches!(done.reopen(""), Err(Refusal::Invalid(_))));
    let reopened = done.reopen("denied again").unwrap().hold;
    assert_eq!(
        reopened.claim(user(2), Standing::Member, minute(3)).unwrap().hold.fencing_number,
        2
    );
}

#[test]
fn automation_never_takes_an_item_from_a_person() {
    let held = claimed(1, 0);
    assert_eq!(reason(held.resolve(EndedBy::Automation, minute(1))), "HELD_BY_ANOTHER");
    assert!(held.resolve(EndedBy::Remittance, minute(1)).is_ok(), "the payer settles it");
    assert!(Hold::NEW.resolve(EndedBy::Automation, minute(1)).is_ok());
    assert_eq!(reason(held.resolve(EndedBy::Writer(lead(9)), minute(1))), "HELD_BY_ANOTHER");
}

#[test]
fn what_is_appealed_waits_for_the_decision_whoever_holds_it() {
    let until = day("2026-04-01");
    let open = Hold::NEW.await_decision(until, minute(0)).unwrap().hold;
    let wait = |hold: &Hold| match hold.state {
        State::Waiting(wait) => (wait.waiting_for, wait.follow_up_on, wait.back_to),
        _ => panic!("{hold:?} waits for nothing"),
    };
    assert_eq!(wait(&open), (WaitingFor::Payer, until, None));
    let held = Hold::NEW.claim(user(1), Standing::Member, minute(0)).unwrap().hold;
    let waiting = held.await_decision(until, minute(1)).unwrap().hold;
    assert_eq!(wait(&waiting), (WaitingFor::Payer, until, Some(user(1))));
    // Its holder has no lease any more, and finds it kept on the day.
    assert!(waiting.heartbeat(user(1), held.fencing_number, minute(2)).is_err());
    let awake = waiting.wake(minute(3)).unwrap().hold;
    assert!(awake.is_next_for(user(1), minute(3)) && !awake.is_next_for(user(2), minute(3)));
    // A day that has passed is tomorrow; what is over waits for nobody.
    let late = Hold::NEW.await_decision(day("2026-02-01"), minute(0)).unwrap().hold;
    assert_eq!(wait(&late).1, day("2026-03-03"));
    let over = Hold::NEW.resolve(EndedBy::Decision, minute(0)).unwrap().hold;
    assert!(over.await_decision(until, minute(1)).is_err());
    assert!(over.resolve(EndedBy::Decision, minute(1)).is_err());
}

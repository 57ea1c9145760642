use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::*;

const HISTORIES: u32 = 2_000;

/// What one person tries in a history; numbers are of people and minutes.
#[derive(Clone, Debug)]
enum Try {
    Claim(u128),
    /// Under the newest number the person was given, which may be stale.
    Heartbeat(u128),
    Release(u128),
    TakeAway,
    HandOver(u128, u128),
    PutAside(u128, u64),
    Resolve(u128),
    Payer,
    Reopen,
    Supersede,
    Restore,
    Wake,
}

fn any_try() -> impl Strategy<Value = Try> {
    let who = 1..4_u128;
    prop_oneof![
        6 => who.clone().prop_map(Try::Claim),
        4 => who.clone().prop_map(Try::Heartbeat),
        2 => who.clone().prop_map(Try::Release),
        1 => Just(Try::TakeAway),
        2 => (who.clone(), who.clone()).prop_map(|(by, to)| Try::HandOver(by, to)),
        6 => (who.clone(), 0..4_u64).prop_map(|(by, days)| Try::PutAside(by, days)),
        3 => who.prop_map(Try::Resolve),
        1 => Just(Try::Payer),
        3 => Just(Try::Reopen),
        1 => Just(Try::Supersede),
        2 => Just(Try::Restore),
        1 => Just(Try::Wake),
    ]
}

/// One item, its people and what each of them believes to hold.
struct World {
    hold: Hold,
    /// The newest number each person was given.
    given: BTreeMap<u128, i64>,
    /// Numbers whose lease ended for good: taken, run out in the item's row, or given up.
    stale: BTreeSet<i64>,
}

impl World {
    fn apply(&self, tried: &Try, now: Moment) -> Result<Step, Refusal> {
        let own = |by: &u128| lease(*by, self.given.get(by).copied().unwrap_or(0));
        let to = |user| Recipient::Person { user, standing: Some(Standing::Member) };
        match tried {
            Try::Claim(by) => self.hold.claim(user(*by), Standing::Member, now),
            Try::Heartbeat(by) => {
                self.hold.heartbeat(user(*by), self.given.get(by).copied().unwrap_or(0), now)
            }
            Try::Release(by) => self.hold.release(own(by), "", now),
            Try::TakeAway => self.hold.release(lead(9), "needed elsewhere", now),
            Try::HandOver(by, other) => self.hold.hand_over(own(by), to(user(*other)), "so", now),
            Try::PutAside(by, days) => {
                let on = now.today + chrono::Days::new(*days);
                let last = Some(day("2026-03-05"));
                self.hold.set_follow_up(own(by), WaitingFor::Documents, on, last, now)
            }
            Try::Resolve(by) => self.hold.resolve(EndedBy::Writer(own(by)), now),
            Try::Payer => self.hold.resolve(EndedBy::Remittance, now),
            Try::Reopen => self.hold.reopen("denied again"),
            Try::Supersede => self.hold.supersede(),
            Try::Restore => self.hold.restore(),
            Try::Wake => self.hold.wake(now),
        }
    }

    /// Whether the try is a write under the person's newest lease, and under which number.
    fn number_of(&self, tried: &Try) -> Option<i64> {
        match tried {
            Try::Heartbeat(by)
            | Try::Release(by)
            | Try::HandOver(by, _)
            | Try::PutAside(by, _)
            | Try::Resolve(by) => Some(self.given.get(by).copied().unwrap_or(0)),
            _ => None,
        }
    }

    fn step(&mut self, tried: &Try, now: Moment) -> Result<(), String> {
        let named = self.number_of(tried);
        let before = self.hold;
        let Ok(step) = self.apply(tried, now) else { return Ok(()) };
        if let Some(number) = named
            && (self.stale.contains(&number) || number != before.fencing_number)
        {
            return Err(format!("{tried:?} was accepted under stale lease {number}"));
        }
        let grown = step.hold.fencing_number.cmp(&before.fencing_number);
        let claimed = matches!(tried, Try::Claim(_));
        if grown != (if claimed { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Equal })
        {
            return Err(format!("{tried:?}: {before:?} became {:?}", step.hold));
        }
        if let Try::Claim(by) = tried {
            self.given.insert(*by, step.hold.fencing_number);
        }
        let still = |number: i64| {
            matches!(step.hold.state, State::Claimed(_)) && number == step.hold.fencing_number
        };
        self.stale.extend(self.given.values().copied().filter(|number| !still(*number)));
        self.hold = step.hold;
        // Of all who believe to hold it, at most one may write.
        let able = (1..4_u128)
            .filter(|by| {
                let number = self.given.get(by).copied().unwrap_or(0);
                self.hold.may_write(lease(*by, number), now).is_ok()
            })
            .count();
        if able > 1 {
            return Err(format!("{able} people may write {:?}", self.hold));
        }
        Ok(())
    }
}

#[test]
fn in_any_history_one_holds_and_numbers_grow_and_every_state_is_reached() {
    let seen = RefCell::new(BTreeMap::<StateName, u32>::new());
    let config = Config { cases: HISTORIES, failure_persistence: None, ..Config::default() };
    // Minutes between tries: mostly some, sometimes a night, sometimes back.
    let pause = prop_oneof![6 => 0..12_i64, 2 => 12..60_i64, 1 => 600..3_000_i64, 2 => -30..0_i64];
    let ran = TestRunner::new(config).run(&vec((any_try(), pause), 5..60), |tries| {
        let mut world = World { hold: Hold::NEW, given: BTreeMap::new(), stale: BTreeSet::new() };
        let mut minutes = 0;
        for (tried, pause) in &tries {
            minutes += pause;
            world.step(tried, minute(minutes)).map_err(TestCaseError::fail)?;
            *seen.borrow_mut().entry(world.hold.state.name()).or_default() += 1;
        }
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
    let seen = seen.into_inner();
    for name in StateName::ALL {
        assert!(seen.get(name).is_some_and(|times| *times > 200), "{name}: {seen:?}");
    }
}

proptest! {
    #[test]
    fn time_alone_answers_once(minutes in 0..10_000_i64, later in 0..5_000_i64) {
        let held = Hold::NEW.claim(user(1), Standing::Member, minute(0)).unwrap().hold;
        let aside = held
            .set_follow_up(lease(1, 1), WaitingFor::Payer, day("2026-03-04"), None, minute(1))
            .unwrap()
            .hold;
        for hold in [held, aside] {
            let first = hold.at(minute(minutes));
            prop_assert!(first.hold.at(minute(minutes)).happened.is_empty());
            // Nothing that time did is undone by a clock that moves back.
            prop_assert!(first.hold.at(minute(minutes - later)).happened.is_empty()
                || first.hold == hold);
        }
    }
}

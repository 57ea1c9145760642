use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::auditor::{Told, audit};
use super::world::{Seen, World};
use super::*;

const HISTORIES: u32 = 10_000;

/// How many of the histories must show it, so that the property is about something.
const SHOWN_MIN: [(Seen, u32); 23] = [
    (Seen::Approved, 5_000),
    (Seen::Activated, 4_000),
    (Seen::ActivatedOnTime, 500),
    (Seen::ActivatedAfterCarryOver, 10),
    (Seen::ActivatedByDelegate, 1_000),
    (Seen::BaseMoved, 400),
    (Seen::ApprovalLost, 40),
    (Seen::HeldByEmergency, 40),
    (Seen::Forced, 1_000),
    (Seen::Ratified, 300),
    (Seen::RanOut, 200),
    (Seen::DeclinedInEmergency, 5),
    (Seen::RolledBack, 300),
    (Seen::RolledBackEmergency, 40),
    (Seen::Recused, 200),
    (Seen::Rejected, 20),
    (Seen::RefusedSelf, 1_000),
    (Seen::RefusedStale, 200),
    (Seen::RefusedUnproven, 1_000),
    (Seen::RefusedSeatVoted, 400),
    (Seen::RefusedPaused, 10),
    (Seen::Reseated, 1_000),
    (Seen::ReseatRefused, 1_000),
];

/// What the log says of the past is what the machine said when it was the present.
fn remembered(world: &World) -> bool {
    let last_of_instant = world.tape.windows(2).filter(|pair| pair[0].at < pair[1].at);
    last_of_instant.map(|pair| &pair[0]).all(|entry| match &entry.told {
        Told::Active(claimed) => {
            world.log.active_at(entry.at).is_some_and(|active| active.hash == *claimed)
        }
        _ => true,
    })
}

#[test]
fn in_ten_thousand_histories_nothing_unlawful_is_ever_active() {
    let shown = RefCell::new(BTreeMap::<Seen, u32>::new());
    let config = Config { cases: HISTORIES, failure_persistence: None, ..Config::default() };
    let ran = TestRunner::new(config).run(&vec(any::<u64>(), 10..60), |words| {
        let mut world = World::new();
        words.into_iter().for_each(|word| world.step(word));
        let faults = audit(&world.tape);
        if !faults.is_empty() || !remembered(&world) {
            return Err(TestCaseError::fail(format!("{faults:?}\n{:#?}", world.tape)));
        }
        let mut shown = shown.borrow_mut();
        world.seen.iter().for_each(|seen| *shown.entry(*seen).or_default() += 1);
        // What the log was folded to is what its events say to whoever reads them.
        let read = Activations::read(world.log.events().iter().copied());
        if read.as_ref() != Ok(&world.log) {
            return Err(TestCaseError::fail(format!("{read:?}")));
        }
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
    let shown = shown.into_inner();
    for (seen, least) in SHOWN_MIN {
        let count = shown.get(&seen).copied().unwrap_or_default();
        assert!(least <= count, "{seen:?} in {count} histories, wanted {least}: {shown:?}");
    }
    println!("{shown:?}");
}

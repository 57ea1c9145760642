use std::sync::Mutex;

use domain::tenancy::TenantId;
use futures::stream;
use platform::clock::Clock;
use platform::events::Event;

use super::*;

/// A peer with `last` events, of which some never have an effect here and one fails once.
#[derive(Default)]
struct Peer {
    last: i64,
    poisoned: Vec<i64>,
    fails_at: Mutex<Option<i64>>,
}

impl Consumer for Peer {
    fn name(&self) -> &'static str {
        "tests.peer"
    }

    fn open<'a>(&'a self, _: &'a Caller, seq: i64) -> BoxFuture<'a, Result<Events, Status>> {
        let event = |seq| Ok(pb::Event { seq, ..pb::Event::default() });
        let events = stream::iter((seq + 1..=self.last).map(event)).boxed();
        Box::pin(async move { Ok(events) })
    }

    fn effect<'a>(
        &'a self,
        tx: &'a TenantTx,
        event: &'a pb::Event,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            if self.poisoned.contains(&event.seq) {
                return Err(Fault::Broken("it does not read"));
            }
            if self.fails_at.lock().unwrap().take_if(|at| *at == event.seq).is_some() {
                return Err(Fault::Busy);
            }
            let effect = Event {
                kind: "effect.had",
                subject: subject(event.seq),
                revision: String::new(),
                payload: b"{}".to_vec(),
            };
            tx.emit("tests", vec![effect]).await
        })
    }
}

fn subject(seq: i64) -> Uuid {
    Uuid::from_u128(u128::try_from(seq).unwrap())
}

fn tenant() -> Caller {
    Caller::on_duty(TenantId::from_uuid(platform::ids::new()), "tests.follow")
}

/// What had its effect, in its order.
async fn effects(database: &Database, caller: &Caller) -> Vec<Uuid> {
    let (mut had, mut seq) = (Vec::new(), 0);
    loop {
        let read = platform::events::read(database, caller, "tests", seq, 500).await.unwrap();
        let Some(last) = read.last() else { return had };
        seq = last.seq;
        had.extend(read.iter().map(|event| event.subject));
    }
}

fn all(seqs: impl Iterator<Item = i64>) -> Vec<Uuid> {
    seqs.map(subject).collect()
}

#[tokio::test]
async fn each_event_has_its_effect_once_page_by_page() {
    bench_database::on(Clock::system(), async |_, database| {
        let (caller, mut peer) = (tenant(), Peer { last: 2_345, ..Peer::default() });
        assert!(!follow(&database, &caller, &peer).await.unwrap());
        assert_eq!(effects(&database, &caller).await, all(1..=2_345));
        peer.last = 2_346;
        follow(&database, &caller, &peer).await.unwrap();
        follow(&database, &caller, &peer).await.unwrap();
        assert_eq!(effects(&database, &caller).await, all(1..=2_346));
        // Another tenant begins at the beginning.
        let other = tenant();
        follow(&database, &other, &Peer { last: 3, ..Peer::default() }).await.unwrap();
        assert_eq!(effects(&database, &other).await, all(1..=3));
    })
    .await;
}

#[tokio::test]
async fn what_fails_is_tried_again_and_what_never_can_is_passed_over() {
    bench_database::on(Clock::system(), async |_, database| {
        let caller = tenant();
        let peer = Peer { last: 250, poisoned: vec![7, 8, 250], fails_at: Mutex::new(Some(150)) };
        // The second batch fails as a whole, and leaves no half of itself.
        assert!(follow(&database, &caller, &peer).await.is_err());
        let sound = |seq: &i64| ![7, 8, 250].contains(seq);
        assert_eq!(effects(&database, &caller).await, all((1..=100).filter(sound)));
        follow(&database, &caller, &peer).await.unwrap();
        assert_eq!(effects(&database, &caller).await, all((1..=250).filter(sound)));
    })
    .await;
}

#[tokio::test]
async fn two_workers_at_once_have_no_effect_twice() {
    bench_database::on(Clock::system(), async |_, database| {
        let (caller, peer) = (tenant(), Peer { last: 500, ..Peer::default() });
        let worker = || follow(&database, &caller, &peer);
        // Whoever comes second stops; what is left is the next pass's.
        let _ = tokio::join!(worker(), worker());
        follow(&database, &caller, &peer).await.unwrap();
        assert_eq!(effects(&database, &caller).await, all(1..=500));
    })
    .await;
}

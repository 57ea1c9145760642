use domain::tenancy::TenantId;
use platform::clock::Clock;
use platform::events::Event;
use platform::keys::Keys;
use platform::rejection::Fault;
use platform::tenant_tx::{Database, DatabaseSettings};
use uuid::Uuid;

use super::*;

/// A database file that is removed with its folder.
struct World {
    reading: Views,
    caller: Caller,
    folder: std::path::PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl World {
    async fn new() -> Self {
        let name = format!("overturn-feed-{}", platform::ids::new());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        let url = format!("sqlite://{}/r.db", folder.display());
        let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
        let database = Database::open(&settings, Clock::system()).await.unwrap();
        let reading = Views::on(database, Keys::ephemeral());
        let tenant = TenantId::from_uuid(platform::ids::new());
        Self { reading, caller: Caller::on_duty(tenant, "tests.routing"), folder }
    }

    async fn tell(&self, kinds: &[&'static str]) {
        let tx = self.reading.database.begin(&self.caller).await.unwrap();
        let event = |kind| Event {
            kind,
            subject: Uuid::nil(),
            revision: String::new(),
            payload: b"{}".to_vec(),
        };
        tx.emit(FEED, kinds.iter().copied().map(event).collect()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn watch(&self, request: WatchEventsRequest) -> Result<Events, CannotWatch> {
        self.reading.events(&self.caller, request).await
    }

    /// The sequence numbers of what there is.
    async fn seqs(&self, request: WatchEventsRequest) -> Vec<i64> {
        let events = self.watch(WatchEventsRequest { stop_at_end: true, ..request }).await.unwrap();
        events.map(|event| event.unwrap().event.unwrap().seq).collect().await
    }
}

fn after(after_seq: i64) -> WatchEventsRequest {
    WatchEventsRequest { after_seq, ..WatchEventsRequest::default() }
}

#[tokio::test]
async fn the_feed_goes_on_after_the_cursor() {
    let world = World::new().await;
    world.tell(&["remittance.posted", "denial.recorded", "work_item.opened"]).await;
    assert_eq!(world.seqs(after(0)).await, [1, 2, 3]);
    assert_eq!(world.seqs(after(2)).await, [3]);
    assert_eq!(world.seqs(after(3)).await, Vec::<i64>::new());
}

#[tokio::test]
async fn only_the_wanted_types_are_sent() {
    let world = World::new().await;
    world.tell(&["remittance.posted", "denial.recorded", "work_item.opened"]).await;
    let types = vec!["work_item.opened".to_owned()];
    assert_eq!(world.seqs(WatchEventsRequest { types, ..after(0) }).await, [3]);
}

#[tokio::test]
async fn a_cursor_beyond_the_end_or_below_zero_is_refused() {
    let world = World::new().await;
    world.tell(&["remittance.posted"]).await;
    assert!(matches!(world.watch(after(2)).await.err(), Some(CannotWatch::CursorAhead)));
    let below = world.watch(after(-1)).await.err();
    assert!(matches!(below, Some(CannotWatch::Fault(Fault::Invalid(_)))), "{below:?}");
}

#[tokio::test]
async fn a_waiting_stream_hears_of_a_commit() {
    let world = World::new().await;
    let mut events = world.watch(after(0)).await.unwrap();
    let (next, ()) = tokio::join!(events.next(), world.tell(&["remittance.posted"]));
    assert_eq!(next.unwrap().unwrap().event.unwrap().r#type, "remittance.posted");
}

//! A service's feed as a stream: what is there, then what comes, until the gate ends it; and how a
//! peer follows it.
//!
//! Every service that has a feed answers `WatchEvents` with it. Absent: what an event says, and how
//! feeds are kept without gaps (`platform::events`).

use std::collections::VecDeque;
use std::time::Duration;

use contracts::events::v1 as pb;
use futures::StreamExt;
use futures::stream::{BoxStream, try_unfold};
use tonic::Status;

use platform::access::Caller;
use platform::clock::timestamp;
use platform::events::{Sealed, read};
use platform::rejection::{Fault, Violations, reject};
use platform::tenant_tx::Database;

mod appeals;
mod follow;
mod refusal;

pub use appeals::of_appeals;
pub use follow::{Consumer, begin, job};
pub use refusal::CannotWatch;

/// How long a stream waits for a hint: another process's commits give none.
const POLL: Duration = Duration::from_millis(500);
/// Events read at a time.
const BATCH: u64 = 500;
/// Event types a stream can be narrowed to.
const TYPES_MAX: usize = 100;
/// Version of the payloads of every type so far.
const SCHEMA_VERSION: i32 = 1;

/// Events on the wire.
pub type Events = BoxStream<'static, Result<pb::Event, Status>>;

/// What of a feed is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The last `seq` handled; 0 begins at the first event.
    pub after_seq: i64,
    /// Event types; empty means all.
    pub types: Vec<String>,
    /// Whether to end after the newest event instead of waiting for more.
    pub stop_at_end: bool,
}

/// Streams a feed after a cursor. It ends at the newest event where that is asked; the gate ends it
/// with the token and with the process.
///
/// # Errors
/// [`CannotWatch::CursorAhead`] when the cursor names no event, or when the database fails.
pub async fn watch(
    database: &Database,
    caller: &Caller,
    feed: &'static str,
    wanted: Wanted,
) -> Result<Events, CannotWatch> {
    wanted.check()?;
    if wanted.after_seq > 0 {
        // The event that the cursor names must be there.
        let at = read(database, caller, feed, wanted.after_seq - 1, 1).await?;
        if at.is_empty() {
            return Err(CannotWatch::CursorAhead);
        }
    }
    let watch = Watch {
        database: database.clone(),
        caller: caller.clone(),
        feed,
        wanted,
        read: VecDeque::new(),
    };
    Ok(try_unfold(watch, |mut watch| async move {
        let event = watch.next().await.map_err(reject)?.map(on_the_wire);
        event.transpose().map_err(reject).map(|event| event.map(|event| (event, watch)))
    })
    .boxed())
}

impl Wanted {
    fn check(&self) -> Result<(), Fault> {
        let mut violations = Violations::default();
        if self.after_seq < 0 {
            violations.add("after_seq", "is 0 or more");
        }
        if self.types.len() > TYPES_MAX {
            violations.add("types", format!("has more than {TYPES_MAX} items"));
        }
        violations.into_result()
    }
}

/// A stream in progress.
struct Watch {
    database: Database,
    caller: Caller,
    feed: &'static str,
    /// Its cursor names the last event that was read.
    wanted: Wanted,
    read: VecDeque<Sealed>,
}

impl Watch {
    /// The next event that is wanted; nothing when the stream ends.
    async fn next(&mut self) -> Result<Option<Sealed>, Fault> {
        let types = &self.wanted.types;
        loop {
            while let Some(event) = self.read.pop_front() {
                if types.is_empty() || types.contains(&event.kind) {
                    return Ok(Some(event));
                }
            }
            let cursor = &mut self.wanted.after_seq;
            match read(&self.database, &self.caller, self.feed, *cursor, BATCH).await {
                Ok(more) if !more.is_empty() => {
                    *cursor = more.last().map_or(*cursor, |event| event.seq);
                    self.read = more.into();
                    continue;
                }
                Ok(_) if self.wanted.stop_at_end => return Ok(None),
                // Another reader seals at this moment.
                Ok(_) | Err(Fault::Contended) => {}
                Err(fault) => return Err(fault),
            }
            self.database.hints().wait(POLL).await;
        }
    }
}

fn on_the_wire(event: Sealed) -> Result<pb::Event, Fault> {
    let payload_json = String::from_utf8(event.payload)
        .map_err(|_| Fault::Broken("a payload of the feed is no text"))?;
    Ok(pb::Event {
        seq: event.seq,
        event_id: event.id.to_string(),
        r#type: event.kind,
        occurred_at: Some(timestamp(event.occurred_at)),
        subject: event.subject.to_string(),
        schema_version: SCHEMA_VERSION,
        dictionary_revision: event.revision,
        payload_json,
    })
}

//! The feed as a stream: what is there, then what comes, until the gate ends it.

use std::collections::VecDeque;
use std::time::Duration;

use contracts::routing::v1::{WatchEventsRequest, WatchEventsResponse};
use futures::StreamExt;
use futures::stream::{BoxStream, try_unfold};
use platform::access::Caller;
use platform::events::{self, Sealed};
use platform::rejection::{Fault, Violation, reject};
use platform::tenant_tx::Database;
use tonic::Status;

use super::{Reading, face};
use crate::Error;
use crate::intake::FEED;

/// How long a stream waits for a hint: another process's commits give none.
const POLL: Duration = Duration::from_millis(500);
/// Events read at a time.
const BATCH: u64 = 500;
/// Event types a stream can be narrowed to.
const TYPES_MAX: usize = 100;

/// The answer of `WatchEvents`.
pub(crate) type Events = BoxStream<'static, Result<WatchEventsResponse, Status>>;

impl Reading {
    /// Streams the feed after a cursor. It ends at the newest event where that is asked; the gate
    /// ends it with the token and with the process.
    pub(crate) async fn events(
        &self,
        caller: &Caller,
        request: WatchEventsRequest,
    ) -> Result<Events, Error> {
        check(&request)?;
        if request.after_seq > 0 {
            // The event that the cursor names must be there.
            let at = events::read(&self.database, caller, FEED, request.after_seq - 1, 1).await?;
            if at.is_empty() {
                return Err(Error::CursorAhead);
            }
        }
        let watch = Watch {
            database: self.database.clone(),
            caller: caller.clone(),
            cursor: request.after_seq,
            types: request.types,
            stop_at_end: request.stop_at_end,
            read: VecDeque::new(),
        };
        Ok(try_unfold(watch, |mut watch| async move {
            let event = watch.next().await.map_err(reject)?;
            event
                .map(face::event)
                .transpose()
                .map_err(reject)
                .map(|event| event.map(|event| (WatchEventsResponse { event: Some(event) }, watch)))
        })
        .boxed())
    }
}

fn check(request: &WatchEventsRequest) -> Result<(), Fault> {
    let mut violations = Vec::new();
    let mut add = |field: &str, description: String| {
        violations.push(Violation { field: field.to_owned(), description });
    };
    if request.after_seq < 0 {
        add("after_seq", "is 0 or more".to_owned());
    }
    if request.types.len() > TYPES_MAX {
        add("types", format!("has more than {TYPES_MAX} items"));
    }
    if violations.is_empty() { Ok(()) } else { Err(Fault::Invalid(violations)) }
}

/// A stream in progress.
struct Watch {
    database: Database,
    caller: Caller,
    /// The last event that was read.
    cursor: i64,
    types: Vec<String>,
    stop_at_end: bool,
    read: VecDeque<Sealed>,
}

impl Watch {
    /// The next event that is wanted; nothing when the stream ends.
    async fn next(&mut self) -> Result<Option<Sealed>, Fault> {
        loop {
            while let Some(event) = self.read.pop_front() {
                if self.types.is_empty() || self.types.contains(&event.kind) {
                    return Ok(Some(event));
                }
            }
            let more = events::read(&self.database, &self.caller, FEED, self.cursor, BATCH).await;
            match more {
                Ok(more) if !more.is_empty() => {
                    self.cursor = more.last().map_or(self.cursor, |event| event.seq);
                    self.read = more.into();
                    continue;
                }
                Ok(_) if self.stop_at_end => return Ok(None),
                // Another reader seals at this moment.
                Ok(_) | Err(Fault::Contended) => {}
                Err(fault) => return Err(fault),
            }
            self.database.hints().wait(POLL).await;
        }
    }
}

#[cfg(test)]
mod tests;

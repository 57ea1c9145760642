//! How far a replay is, told beside it.
//!
//! The reader holds the connection that it reads by for as long as it reads. If it waited for a
//! second one to tell its progress, as many replays as a pool has connections would wait for each
//! other, and everybody for them.

use platform::access::Caller;
use platform::tenant_tx::Database;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

/// Denials done and in all.
type HowFar = (i64, i64);

/// Tells how far a job is, until it is dropped.
#[derive(Debug)]
pub(crate) struct Teller {
    how_far: watch::Sender<HowFar>,
    ended: CancellationToken,
    /// Aborted when this is dropped.
    _task: JoinSet<()>,
}

impl Teller {
    /// Of the job `id`.
    pub(crate) fn of(database: &Database, caller: &Caller, id: Uuid) -> Self {
        let (how_far, seen) = watch::channel((0, 0));
        let ended = CancellationToken::new();
        let mut task = JoinSet::new();
        let telling = tell(database.clone(), caller.clone(), id, seen, ended.clone());
        task.spawn(telling.in_current_span());
        Self { how_far, ended, _task: task }
    }

    /// Notes how far the job is, without waiting for anybody to be told.
    pub(crate) fn tell(&self, done: i64, total: i64) {
        self.how_far.send_replace((done, total));
    }

    /// Whether somebody ended the job meanwhile, as far as is known.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.is_cancelled()
    }
}

async fn tell(
    database: Database,
    caller: Caller,
    id: Uuid,
    mut seen: watch::Receiver<HowFar>,
    ended: CancellationToken,
) {
    while seen.changed().await.is_ok() {
        let (done, total) = *seen.borrow_and_update();
        match database.tell_job(&caller, id, done, total).await {
            Ok(true) => {}
            Ok(false) => return ended.cancel(),
            // Progress is no result: the next figure is told, and the end looks at the job itself.
            Err(fault) => tracing::warn!(job.id = %id, %fault, "progress could not be told"),
        }
    }
}

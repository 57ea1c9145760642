//! Background tasks: named, cancellable, and waited for when the process ends.
//!
//! The only place that spawns; what a request starts and awaits itself is the exception, named
//! where it stands.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// The tasks of one process; clones share them.
#[derive(Clone, Default)]
pub struct Tasks {
    running: Arc<Mutex<JoinSet<()>>>,
    cancel: CancellationToken,
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tasks").field("running", &self.lock().len()).finish_non_exhaustive()
    }
}

impl Tasks {
    /// Starts `name`; the future it makes must end soon after its token is cancelled.
    pub fn spawn<F, T>(&self, name: &'static str, task: F)
    where
        F: FnOnce(CancellationToken) -> T,
        T: Future<Output = ()> + Send + 'static,
    {
        let span = tracing::info_span!("task", otel.name = name);
        let task = task(self.cancel.child_token()).instrument(span);
        let mut running = self.lock();
        // What has ended is dropped here, or a long life would collect it.
        while let Some(ended) = running.try_join_next() {
            if let Err(error) = ended
                && error.is_panic()
            {
                tracing::error!("a task panicked");
            }
        }
        running.spawn(task);
    }

    /// Cancels all tasks, waits up to `grace` and cuts what is left; answers how many were cut.
    pub async fn end(&self, grace: Duration) -> usize {
        self.cancel.cancel();
        let mut running = std::mem::take(&mut *self.lock());
        let all = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, all).await.is_ok() {
            return 0;
        }
        let cut = running.len();
        running.shutdown().await;
        cut
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

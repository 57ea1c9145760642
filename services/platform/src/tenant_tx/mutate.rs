//! The one way to change something on a caller's behalf.

use futures::future::BoxFuture;
use prost::Message;
use tracing::Instrument;

use super::{Database, TenantTx};
use crate::access::Caller;
use crate::idempotency::{Once, Recorded};
use crate::rejection::Fault;

impl Database {
    /// Runs `act` in a transaction and commits it, at most once for `once`'s request id.
    ///
    /// The work runs in a task of its own, which this call awaits: a caller who hangs up does not
    /// cut it half way. A repeated request gets the first answer and `act` does not run. `act`
    /// must not call a peer: gather facts first.
    ///
    /// # Errors
    /// What `act` answers, and the platform's faults; nothing was changed then.
    pub async fn mutate<R, E, F>(&self, caller: &Caller, once: Once, act: F) -> Result<R, E>
    where
        R: Message + Default + Send + 'static,
        E: From<Fault> + Send + 'static,
        F: for<'tx> FnOnce(&'tx TenantTx) -> BoxFuture<'tx, Result<R, E>> + Send + 'static,
    {
        let (database, caller) = (self.clone(), caller.clone());
        let work = async move {
            let tx = database.begin(&caller).await.map_err(Fault::from)?;
            if let Recorded::Before(answer) = once.open(&tx).await? {
                return Ok(R::decode(answer.as_slice())
                    .map_err(|_| Fault::Broken("a recorded answer does not decode"))?);
            }
            let answer = act(&tx).await?;
            once.close(&tx, &answer.encode_to_vec()).await?;
            tx.commit().await.map_err(Fault::from)?;
            Ok(answer)
        };
        #[expect(clippy::disallowed_methods, reason = "awaited here; it ends with its transaction")]
        let task = tokio::spawn(work.in_current_span());
        task.await.unwrap_or_else(|_| Err(Fault::Broken("a mutation panicked").into()))
    }
}

use std::time::Duration;

use contracts::dictionary::v1::PublishBaseRevisionResponse;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::{Base, Bases, NewBase, PUBLICATION, UPGRADE, far, store};

/// How often publishing is tried while another process publishes.
const TRIES: usize = 3;
/// How often one looks how many tenants are done.
const LOOK_EVERY: Duration = Duration::from_millis(250);

impl Bases {
    /// Publishes the first base, unless there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start(&self, first: NewBase) -> Result<(), Fault> {
        let mut tried = 1;
        while let Err(fault) = self.publish_first(&first).await {
            // Another process may publish it meanwhile: the next look finds it.
            if tried == TRIES {
                return Err(fault);
            }
            tried += 1;
        }
        Ok(())
    }

    /// Whether there is a base.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_any(&self) -> Result<bool, Fault> {
        let looking = self.database.operate_read().await?;
        Ok(store::last(&looking).await?.is_some())
    }

    async fn publish_first(&self, first: &NewBase) -> Result<(), Fault> {
        let tx = self.database.operate().await?;
        if store::last(&tx).await?.is_none() {
            store::publish(&tx, 1, first).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Publishes a base and calls every tenant to it; answers once it is published, with the job
    /// that tells how many tenants are done. What the newest base says already gets no number.
    ///
    /// # Errors
    /// When the request id was used for something else, or the database fails.
    pub async fn publish(
        &self,
        caller: &Caller,
        once: Once,
        new: NewBase,
    ) -> Result<PublishBaseRevisionResponse, Fault> {
        let hash = new.described.hash.clone();
        let (told, published) = oneshot::channel();
        let bases = self.clone();
        let begin = move |caller: Caller, record: Record, cancel: CancellationToken| async move {
            // Nobody listens when the caller has hung up.
            match bases.publish_and_call(&new).await {
                Ok((base, tenants)) => {
                    told.send(Ok(())).ok();
                    bases.follow(&caller, &record, (base, tenants), cancel).await
                }
                Err(fault) => {
                    let end = End::failed(&fault);
                    told.send(Err(fault)).ok();
                    Some(end)
                }
            }
        };
        let watched = Watched { kind: PUBLICATION, unit: "tenants" };
        let answer =
            |record: Record| PublishBaseRevisionResponse { job: Some(record.into()), ..empty() };
        let ways = (&self.database, &self.tasks);
        let answer: Result<_, Fault> = watched.start(ways, caller, once, answer, begin).await;
        let answer = answer?;
        // Nothing is sent when the request is a repeated one.
        published.await.unwrap_or(Ok(()))?;
        Ok(PublishBaseRevisionResponse { hash, ..answer })
    }

    /// The base, and how many tenants were called to it; both are there or neither.
    async fn publish_and_call(&self, new: &NewBase) -> Result<(Base, u64), Fault> {
        let mut tried = 1;
        loop {
            match self.publish_once(new).await {
                // Another operator took the number: the next look finds it taken.
                Err(_) if tried < TRIES => tried += 1,
                done => return done,
            }
        }
    }

    async fn publish_once(&self, new: &NewBase) -> Result<(Base, u64), Fault> {
        let tx = self.database.operate().await?;
        let last = store::last(&tx).await?;
        let base = match last {
            Some(last) if last.described.hash == new.described.hash => last,
            last => store::publish(&tx, last.map_or(1, |last| last.number + 1), new).await?,
        };
        let called = tx.call_all(UPGRADE, self.database.clock().now()).await?;
        tx.commit().await?;
        Ok((base, called))
    }

    /// Tells how many tenants are done until all are; one that is cancelled calls nobody further.
    async fn follow(
        &self,
        caller: &Caller,
        record: &Record,
        (base, called): (Base, u64),
        cancel: CancellationToken,
    ) -> Option<End> {
        loop {
            match self.look(caller, record, called).await {
                Ok(Some(0)) => return Some(End::Succeeded(Some(base.id))),
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(fault) => {
                    let reason = fault.reason();
                    tracing::warn!(job.id = %record.id, reason, "how far a base is is not known");
                }
            }
            tokio::select! {
                () = cancel.cancelled() => return Some(End::interrupted()),
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// How many tenants wait; nothing when the job was ended meanwhile.
    async fn look(
        &self,
        caller: &Caller,
        record: &Record,
        called: u64,
    ) -> Result<Option<u64>, Fault> {
        let now = self.database.clock().now();
        let looking = self.database.operate_read().await?;
        let waiting = looking.due(UPGRADE, now).await?;
        drop(looking);
        let count = |tenants: u64| i64::try_from(tenants).unwrap_or(i64::MAX);
        let done = count(called.saturating_sub(waiting));
        if self.database.tell_job(caller, record.id, done, count(called)).await? {
            return Ok(Some(waiting));
        }
        let tx = self.database.read(caller).await?;
        let ended = tx.job(&[PUBLICATION], record.id).await?;
        drop(tx);
        // One that ran out of time is merely not followed any longer.
        if ended.is_some_and(|ended| ended.state == "CANCELLED") {
            let tx = self.database.operate().await?;
            tx.call_all(UPGRADE, far(now)).await?;
            tx.commit().await?;
        }
        Ok(None)
    }
}

fn empty() -> PublishBaseRevisionResponse {
    PublishBaseRevisionResponse::default()
}

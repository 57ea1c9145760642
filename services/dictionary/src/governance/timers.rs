//! What happens by itself: a scheduled activation at its time, and the end of an emergency.
//!
//! Each row is due once; the act and the removal of its row are one transaction, so a crash before
//! the commit leaves it due and a crash after it finds nothing to do.

use std::sync::Arc;

use domain_governance::ballot::State;
use platform::jobs::{Handler, Job};
use platform::rejection::Rejection;
use platform::tenant_tx::{Database, TenantTx};
use uuid::Uuid;

use super::{Matter, activate_revision, log};
use crate::Error;
use registry::changes;

/// A change becomes active at its time.
pub(super) const ACTIVATION: &str = "dictionary.activate_revision";
/// An emergency ends unless it was ratified.
pub(super) const REVERSION: &str = "dictionary.revert_emergency";

/// The timer of scheduled activations.
pub(crate) fn activations(database: Database) -> Job {
    job(ACTIVATION, database, |tx, change| Box::pin(activate(tx, change)))
}

/// The timer of emergencies.
pub(crate) fn reversions(database: Database) -> Job {
    job(REVERSION, database, |tx, _| Box::pin(async move { log::settled(tx).await.map(|_| ()) }))
}

async fn activate(tx: &TenantTx, change: Uuid) -> Result<(), Error> {
    // It may have been withdrawn, or its time taken back.
    let log = log::settled(tx).await?;
    let Some(row) = changes::find(tx, change).await? else { return Ok(()) };
    let matter = Matter::of(row)?;
    if matter.ballot.state == State::Scheduled {
        activate_revision::now(tx, matter, &log).await?;
    }
    Ok(())
}

type Act = for<'tx> fn(&'tx TenantTx, Uuid) -> futures::future::BoxFuture<'tx, Result<(), Error>>;

fn job(kind: &'static str, database: Database, act: Act) -> Job {
    let handler: Handler = Arc::new(move |caller, change| {
        let database = database.clone();
        Box::pin(async move {
            let tx = database.begin(&caller).await?;
            match act(&tx, change).await {
                Ok(()) => {}
                Err(Error::Fault(fault)) => return Err(fault),
                Err(error) => {
                    // To try again would be refused again; the change says where it stands.
                    tracing::error!(reason = error.reason(), job.key = %change, "a timer gave up");
                    drop(tx);
                    let tx = database.begin(&caller).await?;
                    tx.done(kind, change).await?;
                    return Ok(tx.commit().await?);
                }
            }
            tx.done(kind, change).await?;
            Ok(tx.commit().await?)
        })
    });
    Job::new(kind, handler)
}

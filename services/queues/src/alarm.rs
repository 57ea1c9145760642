//! What time alone does to an item: a lease runs out, a day to look again comes.

use std::sync::Arc;

use platform::access::Caller;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tenant_tx::Database;
use uuid::Uuid;

use crate::Error;
use crate::taken::Taken;

/// The job; its key is the item's id.
pub(crate) const KIND: &str = "routing.work_item_alarm";

/// The job that lets time do its part.
#[must_use]
pub fn alarm(database: Database) -> Job {
    let handler: Handler = Arc::new(move |caller, item| {
        let database = database.clone();
        Box::pin(async move {
            let rung = ring(&database, &caller, item).await;
            rung.map_err(|error| error.of_job("time may do anything"))
        })
    });
    Job::new(KIND, handler)
}

async fn ring(database: &Database, caller: &Caller, item: Uuid) -> Result<(), Error> {
    let tx = database.begin(caller).await?;
    let taken = match Taken::find(&tx, item).await {
        Ok(taken) => taken,
        Err(Fault::NotFound) => {
            tx.done(KIND, item).await?;
            return Ok(tx.commit().await?);
        }
        Err(fault) => return Err(fault.into()),
    };
    let step = taken.hold.at(taken.now);
    taken.keep(&tx, step).await?;
    Ok(tx.commit().await?)
}

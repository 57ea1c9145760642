//! Appeals that nobody sends: each of our days that passes is told, and the payer's is recorded as
//! missed with its cause.
//!
//! The alarm of an appeal is a due row; what is told stands in the appeal's row from the same
//! transaction on, so that it is told once, also after a crash and under a clock that moves back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::calendar::spoken;
use domain_appeals::expiry::{Passed, cause, next_day, passed};
use domain_appeals::state::Act;
use domain_appeals::window::Step;
use platform::access::Caller;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tenant_tx::{Database, TenantTx};
use uuid::Uuid;

use crate::store::{self, Document, Row};
use crate::{Error, acts};

/// The job; its key is the appeal.
const KIND: &str = "appeals.expire_appeals";

/// The job that calls what is late.
pub(crate) fn expire_appeals(database: Database) -> Job {
    let handler: Handler = Arc::new(move |caller, appeal| {
        let database = database.clone();
        Box::pin(async move {
            let called = call(&database, &caller, appeal).await;
            called.map_err(|error| error.of_job("an appeal cannot be called"))
        })
    });
    Job::new(KIND, handler)
}

/// Sets the alarm of an appeal anew.
pub(crate) async fn watch_over(tx: &TenantTx, row: &Row) -> Result<(), Fault> {
    tx.done(KIND, row.id).await?;
    match alarm(row, &row.document()?)? {
        Some(at) => tx.schedule(KIND, row.id, at).await,
        None => Ok(()),
    }
}

/// The end of the first day that is to be called.
fn alarm(row: &Row, document: &Document) -> Result<Option<DateTime<Utc>>, Fault> {
    // What was sent has its day, also where it came back and is before its reviewers again.
    if !document.submissions.is_empty() {
        return Ok(None);
    }
    let last_day = document.window.deadline().map(|deadline| deadline.last_day);
    let day = next_day(row.state()?, &document.steps, last_day, &document.called);
    Ok(day.and_then(|day| document.zone.end_of(day)))
}

async fn call(database: &Database, caller: &Caller, appeal: Uuid) -> Result<(), Error> {
    let tx = database.begin(caller).await?;
    let mut row = store::held(&tx, appeal).await?;
    let mut document = row.document()?;
    let today = document.zone.day_of(tx.clock().now());
    let last_day = document.window.deadline().map(|deadline| deadline.last_day);
    let passed = if document.submissions.is_empty() {
        passed(row.state()?, &document.steps, last_day, &document.called, today)
    } else {
        Vec::new()
    };
    for one in &passed {
        let (kind, words) = match one {
            Passed::Ours(step, on) => {
                document.called.push(*step);
                let words = format!("the day to {} passed on {}", todo(*step), spoken(*on));
                ("appeal.reminded", words)
            }
            Passed::Last(last_day) => {
                let cause = cause(row.state()?);
                document.expiry_cause = format!("its last day was {}: {cause}", spoken(*last_day));
                row.state = row.state()?.after(Act::Expire)?.as_str().to_owned();
                ("appeal.expired", format!("missed: {}", document.expiry_cause))
            }
        };
        row.document = document.encoded();
        row = acts::told(&tx, row, kind, &words).await?;
    }
    if passed.is_empty() {
        watch_over(&tx, &row).await?;
    }
    Ok(tx.commit().await?)
}

/// What was to be done by a day of ours.
fn todo(step: Step) -> &'static str {
    match step {
        Step::Draft => "have it written",
        Step::Review => "have it reviewed",
        Step::Send => "send it",
    }
}

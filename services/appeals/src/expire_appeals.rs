//! Appeals that nobody sends: each of our days that passes is told, and the payer's is recorded as
//! missed with its cause.
//!
//! The alarm of an appeal is a due row; what is told stands in the appeal's row from the same
//! transaction on, so that it is told once, also after a crash and under a clock that moves back.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain_appeals::expiry::{Passed, cause, next_day, passed};
use domain_appeals::state::Act;
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
            call(&database, &caller, appeal).await.map_err(|error| match error {
                Error::Fault(fault) => fault,
                _ => Fault::Broken("an appeal cannot be called"),
            })
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
    let passed = passed(row.state()?, &document.steps, last_day, &document.called, today);
    for one in &passed {
        let kind = match one {
            Passed::Ours(step, on) => {
                document.called.push(*step);
                document.words =
                    format!("the day to {} passed on {}", todo(step.as_str()), read(*on));
                "appeal.reminded"
            }
            Passed::Last(last_day) => {
                let cause = cause(row.state()?);
                document.expiry_cause = format!("its last day was {}: {cause}", read(*last_day));
                document.words = format!("missed: {}", document.expiry_cause);
                row.state = row.state()?.after(Act::Expire)?.as_str().to_owned();
                "appeal.expired"
            }
        };
        row.document = document.encoded();
        acts::written(&tx, row, kind).await?;
        row = store::held(&tx, appeal).await?;
    }
    watch_over(&tx, &row).await?;
    Ok(tx.commit().await?)
}

/// A day as people here read one.
fn read(day: NaiveDate) -> impl std::fmt::Display {
    day.format("%m/%d/%Y")
}

/// What was to be done by a day of ours.
fn todo(step: &str) -> &str {
    match step {
        "draft" => "have it written",
        "review" => "have it reviewed",
        _ => "send it",
    }
}

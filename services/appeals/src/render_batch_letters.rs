//! The letters of a batch, as a job: each is written and made the one in force in a transaction of
//! its own, with the job's progress. What was written stands when the job is cancelled.

use std::collections::HashMap;

use contracts::appeals::v1::{RenderBatchLettersRequest, RenderBatchLettersResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection, Violation, Violations};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::face::id_in;
use crate::render_letter::{self, changed, ordered};
use crate::{Appeals, Error, store};

/// The job.
pub(crate) const KIND: &str = "appeals.render_batch_letters";
/// Letters that could not be written and are named; all of them are counted.
const NAMED_MAX: usize = 5;

/// What is to be written.
struct Order {
    batch: Uuid,
    appeals: Vec<Uuid>,
    template: String,
    blanks: HashMap<String, String>,
}

impl Appeals {
    /// Writes the letters of all appeals of a batch that are not sent.
    ///
    /// # Errors
    /// When there is no such batch, nothing of it can be written any more, or the database fails.
    pub(crate) async fn render_batch_letters(
        &self,
        caller: &Caller,
        request: RenderBatchLettersRequest,
    ) -> Result<RenderBatchLettersResponse, Error> {
        let template = ordered(&request.template, &request.blanks);
        let content =
            RenderBatchLettersRequest { template, blanks: HashMap::new(), ..request.clone() };
        let once = Once::of(&request.request_id, &content)?;
        let batch = id_in("batch_id", &request.batch_id)?;
        let tx = self.database.read(caller).await?;
        store::batch(&tx, batch).await?.ok_or(Fault::NotFound)?;
        let mut appeals = Vec::new();
        for row in store::of_batch(&tx, batch).await? {
            if changed(row.state()?).is_ok() {
                appeals.push(row.id);
            }
        }
        drop(tx);
        if appeals.is_empty() {
            let mut violations = Violations::default();
            violations.add("batch_id", "has no appeal whose letter could still be written");
            violations.into_result()?;
        }
        let (template, blanks) = (request.template, request.blanks);
        let order = Order { batch, appeals, template, blanks };
        let this = self.clone();
        let answer = |record: Record| RenderBatchLettersResponse { job: Some(record.into()) };
        Watched { kind: KIND, unit: "letters" }
            .start(
                (&self.database, &self.tasks),
                caller,
                once,
                answer,
                move |caller, job, stop| async move {
                    Box::pin(this.write_batch(&caller, &job, &order, &stop)).await
                },
            )
            .await
    }

    async fn write_batch(
        &self,
        caller: &Caller,
        job: &Record,
        order: &Order,
        stop: &CancellationToken,
    ) -> Option<End> {
        let (mut done, mut refused) = (0, Vec::new());
        for appeal in &order.appeals {
            if stop.is_cancelled() {
                return Some(End::interrupted());
            }
            match self.write_one(caller, job, order, (*appeal, done + 1)).await {
                Ok(true) => done += 1,
                Ok(false) => return None,
                Err(error) => refused.push(format!("appeal {appeal}: {}", told(&error))),
            }
        }
        if refused.is_empty() {
            return Some(End::Succeeded(Some(order.batch)));
        }
        let count = refused.len();
        refused.truncate(NAMED_MAX);
        let text = format!("{count} letters could not be written: {}", refused.join("; "));
        Some(End::Failed { reason: "LETTERS_NOT_WRITTEN", text })
    }

    /// Writes one letter with the job's progress; false when the job has ended meanwhile.
    async fn write_one(
        &self,
        caller: &Caller,
        job: &Record,
        order: &Order,
        (appeal, done): (Uuid, i64),
    ) -> Result<bool, Error> {
        let row = self.row(caller, appeal).await?;
        changed(row.state()?)?;
        let letter = self.letter_of(caller, &row, (&order.template, &order.blanks), false).await?;
        let tx = self.database.begin(caller).await?;
        render_letter::keep(&tx, row.version, letter).await?;
        let total = i64::try_from(order.appeals.len()).unwrap_or(i64::MAX);
        if !tx.tell_job(job.id, done, total).await? {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Why a letter is not written, field by field where fields are at fault.
fn told(error: &Error) -> String {
    let of_field = |wrong: &Violation| format!("`{}` {}", wrong.field, wrong.description);
    let fields: Vec<String> = error.violations().iter().map(of_field).collect();
    if fields.is_empty() { error.to_string() } else { fields.join(", ") }
}

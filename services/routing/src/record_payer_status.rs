use contracts::routing::v1::{RecordPayerStatusRequest, RecordPayerStatusResponse};
use payer_status::{Compiling, Ground, Sent};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::jobs::Job;

use crate::intake::Intake;
use crate::{Error, Routing};

impl Routing {
    /// Keeps what a payer says of a claim, once the dictionary knows the payer and says who owns
    /// the work that follows.
    ///
    /// # Errors
    /// When nobody knows the payer, no revision is active, a field is no good, or the database
    /// fails.
    pub(crate) async fn record_payer_status(
        &self,
        caller: &Caller,
        request: RecordPayerStatusRequest,
    ) -> Result<RecordPayerStatusResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let status = request.payer_status.unwrap_or_default();
        let id = status.payer_id.clone();
        let sent = Sent::of(status, self.database.clock().now())?;
        let payer = self.peers.know_payer(caller, "payer_status.payer_id", &id).await?;
        let ground = Ground {
            payer_slug: payer.slug,
            payer_name: payer.display_name,
            compiled: self.peers.active(caller, &self.revisions).await?.revision.compiled().clone(),
            teams: self.peers.teams(caller).await?,
        };
        Ok(self.payer_statuses.record_payer_status(caller, once, sent, ground).await?)
    }
}

/// The job that listens for payers that are silent past their usual time.
pub(crate) fn silent(intake: Intake) -> Job {
    let database = intake.database().clone();
    let compiling = Compiling::new(move |caller, hash| {
        let intake = intake.clone();
        Box::pin(async move {
            match intake.revision(&caller, &hash).await {
                Ok(revision) => Ok(Some(revision.compiled().clone())),
                // A revision that no file was decided under is not kept.
                Err(Error::UnusableRevision) => Ok(None),
                Err(error) => Err(error.of_job("who asks a payer cannot be told")),
            }
        })
    });
    payer_status::silent(database, compiling)
}

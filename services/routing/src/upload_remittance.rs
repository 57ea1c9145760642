//! Takes one file in, exactly once per tenant by the hash of its bytes.

use std::time::Duration;

use contracts::routing::v1::upload_remittance_request::Part;
use contracts::routing::v1::{
    GetRemittanceFileRequest, RemittanceHeader, RemittancePurpose, UploadRemittanceRequest,
    UploadRemittanceResponse,
};
use originals::{Expected, Received};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};
use tokio::sync::oneshot;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;
use uuid::Uuid;

use crate::Routing;
use crate::error::Error;
use crate::intake::{Accepted, Arrival, Ended};

/// How often a posting that runs elsewhere is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

impl Routing {
    /// Receives, accepts and posts a file; answers it as it stands then.
    pub(crate) async fn upload(
        &self,
        caller: &Caller,
        messages: impl Stream<Item = Result<UploadRemittanceRequest, Status>> + Send + Unpin,
    ) -> Result<UploadRemittanceResponse, Error> {
        let (header, received) = self.receive(messages).await?;
        let accepted = match self.accept(caller, header, &received).await {
            Ok(accepted) => accepted,
            Err(error) => {
                self.intake.originals().drop_received(&received).await.ok();
                return Err(error);
            }
        };
        self.post(caller, accepted.file).await?;
        let request = GetRemittanceFileRequest { id: accepted.file.to_string() };
        let file = self.views.file(caller, request).await?.remittance_file;
        Ok(UploadRemittanceResponse { remittance_file: file, already_received: accepted.before })
    }

    /// Writes the bytes to the store of originals, and checks them against the header.
    async fn receive(
        &self,
        mut messages: impl Stream<Item = Result<UploadRemittanceRequest, Status>> + Send + Unpin,
    ) -> Result<(RemittanceHeader, Received), Error> {
        let first = messages.next().await.transpose().map_err(|_| originals::Error::CutShort)?;
        let Some(Part::Header(header)) = first.and_then(|first| first.part) else {
            return Err(originals::Error::HeaderMissing.into());
        };
        let (header, expected) = checked(header, self.settings.file_bytes_max)?;
        let chunks = messages.map(|message| {
            Ok(match message?.part {
                Some(Part::Chunk(chunk)) => Some(chunk),
                Some(Part::Header(_)) | None => None,
            })
        });
        Ok((header, self.intake.originals().take_in(chunks, &expected).await?))
    }

    /// Pins the facts and makes the file durable. The same bytes need no facts.
    async fn accept(
        &self,
        caller: &Caller,
        header: RemittanceHeader,
        received: &Received,
    ) -> Result<Accepted, Error> {
        let tx = self.database.read(caller).await?;
        let before = ledger::files::by_hash(&tx, &received.sha256).await?;
        drop(tx);
        if let Some(first) = before
            && header.request_id.is_empty()
            && !ledger::files::report(&first)?.retriable
        {
            self.intake.originals().drop_received(received).await?;
            return Ok(Accepted { file: first.id, before: true });
        }
        let (context, active) = self.peers.context(caller, &self.revisions).await?;
        let arrival = Arrival {
            header,
            received: received.clone(),
            context,
            revision: active.revision,
            trial: active.trial.map(|(_, revision)| revision),
            approvers: active.approvers,
        };
        self.intake.accept(caller, arrival).await
    }

    /// Posts in a task of its own, so that a caller who hangs up does not stop it, and waits.
    pub(crate) async fn post(&self, caller: &Caller, file: Uuid) -> Result<(), Error> {
        let (done, ended) = oneshot::channel();
        let (intake, on_behalf) = (self.intake.clone(), caller.clone());
        self.tasks.spawn("routing.post_file", move |_| async move {
            // Nobody listens when the caller has hung up; the job looks after a failure.
            done.send(intake.run(&on_behalf, file).await).ok();
        });
        match ended.await.map_err(|_| Fault::Contended)?? {
            Ended::Finished => Ok(()),
            Ended::Elsewhere => self.wait(caller, file).await,
        }
    }

    /// Waits for a posting that runs elsewhere; the call's own deadline ends the wait.
    async fn wait(&self, caller: &Caller, file: Uuid) -> Result<(), Error> {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let tx = self.database.read(caller).await?;
            let file = ledger::files::find(&tx, file).await?.ok_or(Fault::NotFound)?;
            if [ledger::files::POSTED, ledger::files::QUARANTINED].contains(&file.state.as_str()) {
                return Ok(());
            }
        }
    }
}

/// The header, with paths cut off the name, and what it says of the bytes.
fn checked(mut header: RemittanceHeader, most: u64) -> Result<(RemittanceHeader, Expected), Fault> {
    header.file_name = originals::file_name(&header.file_name);
    let mut violations = Violations::default();
    violations.text("header.file_name", &header.file_name, 255);
    if header.size_bytes < 0 {
        violations.add("header.size_bytes", "must not be negative; 0 means not known");
    }
    let size = u64::try_from(header.size_bytes).unwrap_or_default();
    let expected = Expected { most, size, sha256: header.sha256.clone() };
    expected.check(&header.request_id, &mut violations);
    match RemittancePurpose::try_from(header.purpose) {
        Ok(RemittancePurpose::Live | RemittancePurpose::History) => {}
        Ok(RemittancePurpose::Unspecified) | Err(_) => {
            violations.add("header.purpose", "must be LIVE or HISTORY");
        }
    }
    violations.into_result()?;
    Ok((header, expected))
}

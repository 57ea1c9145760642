//! Takes one file in, exactly once per tenant by the hash of its bytes.

use std::time::Duration;

use contracts::routing::v1::upload_remittance_request::Part;
use contracts::routing::v1::{
    GetRemittanceFileRequest, RemittanceHeader, RemittancePurpose, UploadRemittanceRequest,
    UploadRemittanceResponse,
};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};
use tokio::sync::oneshot;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;
use uuid::Uuid;

use crate::Routing;
use crate::error::Error;
use crate::intake::{Accepted, Arrival, Ended};
use crate::originals::Received;

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
        let first = messages.next().await.transpose().map_err(|_| Error::CutShort)?;
        let Some(Part::Header(header)) = first.and_then(|first| first.part) else {
            return Err(Error::HeaderMissing);
        };
        let header = checked(header)?;
        let stated = u64::try_from(header.size_bytes).unwrap_or_default();
        let most = self.settings.file_bytes_max;
        let most = if stated > 0 { most.min(stated) } else { most };
        let mut receiving = self.intake.originals().receive().await?;
        while let Some(message) = messages.next().await {
            let Some(Part::Chunk(chunk)) = message.map_err(|_| Error::CutShort)?.part else {
                return Err(Error::HeaderMissing);
            };
            if receiving.size() + chunk.len() as u64 > most {
                return Err(Error::TooLarge(most));
            }
            receiving.write(&chunk).await?;
        }
        if receiving.size() == 0 {
            return Err(Error::Empty);
        }
        if receiving.size() < stated {
            return Err(Error::CutShort);
        }
        let received = receiving.finish().await?;
        if !header.sha256.is_empty() && header.sha256 != received.sha256 {
            self.intake.originals().drop_received(&received).await?;
            return Err(Error::HashMismatch);
        }
        Ok((header, received))
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

/// The header, with paths cut off the name.
fn checked(mut header: RemittanceHeader) -> Result<RemittanceHeader, Fault> {
    let name = header.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    header.file_name = name.trim().to_owned();
    let mut violations = Violations::default();
    violations.text("header.file_name", &header.file_name, 255);
    if header.size_bytes < 0 {
        violations.add("header.size_bytes", "must not be negative; 0 means not known");
    }
    let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let sha256 = &header.sha256;
    if !sha256.is_empty() && (sha256.len() != 64 || !sha256.bytes().all(hexadecimal)) {
        violations.add("header.sha256", "must be 64 lowercase hexadecimal digits, or empty");
    }
    if !header.request_id.is_empty() && Uuid::parse_str(&header.request_id).is_err() {
        violations.add("header.request_id", "must be a UUID, the same one when repeated");
    }
    match RemittancePurpose::try_from(header.purpose) {
        Ok(RemittancePurpose::Live | RemittancePurpose::History) => {}
        Ok(RemittancePurpose::Unspecified) | Err(_) => {
            violations.add("header.purpose", "must be LIVE or HISTORY");
        }
    }
    violations.into_result()?;
    Ok(header)
}

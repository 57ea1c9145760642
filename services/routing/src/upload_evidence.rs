//! Evidence meets the standards of the dictionary that is active.

use contracts::routing::v1::{UploadEvidenceRequest, UploadEvidenceResponse};
use platform::access::Caller;
use tokio_stream::Stream;
use tonic::Status;

use crate::{Error, Routing};

impl Routing {
    pub(crate) async fn upload_evidence(
        &self,
        caller: &Caller,
        messages: impl Stream<Item = Result<UploadEvidenceRequest, Status>> + Send + Unpin,
    ) -> Result<UploadEvidenceResponse, Error> {
        let active = self.peers.active(caller, &self.revisions).await?;
        let standards = &active.revision.compiled().bundle().documentation_standards;
        let known: Vec<String> = standards.iter().map(|it| it.slug.to_string()).collect();
        Ok(self.evidence.upload_evidence(caller, messages, &known).await?)
    }
}

use contracts::dictionary::v1::{GetRevisionRequest, GetRevisionResponse};
use platform::access::Caller;

use crate::compiled::{self, RevisionName};
use crate::{Dictionary, Error, grpc};
use registry::{approvers, revisions};

impl Dictionary {
    /// Reads one revision without its content.
    pub(crate) async fn revision(
        &self,
        caller: &Caller,
        request: GetRevisionRequest,
    ) -> Result<GetRevisionResponse, Error> {
        let name = RevisionName::read("revision", &request.revision)?;
        let tx = self.database.read(caller).await?;
        let row = compiled::find(&tx, &name).await?;
        let active = revisions::active(&tx).await?.filter(|active| active.hash == row.hash);
        let acts = approvers::of(&tx, vec![row.hash.clone()]).await?;
        let revision = grpc::revision(row, &acts, active.map(|active| active.since));
        Ok(GetRevisionResponse { revision: Some(revision) })
    }
}

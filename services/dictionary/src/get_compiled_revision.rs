use contracts::dictionary::v1::{GetCompiledRevisionRequest, GetCompiledRevisionResponse};
use platform::access::Caller;

use crate::compiled::{self, RevisionName};
use crate::store::revisions;
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Answers a revision's content for evaluation in the caller's process.
    pub(crate) async fn content(
        &self,
        caller: &Caller,
        request: GetCompiledRevisionRequest,
    ) -> Result<GetCompiledRevisionResponse, Error> {
        let name = RevisionName::hash("revision", &request.revision)?;
        let tx = self.database.read(caller).await?;
        let row = compiled::find(&tx, &name).await?;
        let active = revisions::active(&tx).await?.filter(|active| active.hash == row.hash);
        let canonical_json = if request.known_hash == row.hash {
            Vec::new()
        } else {
            revisions::content(&tx, &row.hash).await?
        };
        Ok(GetCompiledRevisionResponse {
            hash: row.hash,
            canonical_json,
            evaluator_semantics: row.evaluator_semantics,
            number: row.number,
            preview: None,
            activated_at: active.map(|active| grpc::timestamp(active.since)),
        })
    }
}

use contracts::dictionary::v1::{
    CompiledPreview, GetCompiledRevisionRequest, GetCompiledRevisionResponse,
};
use platform::access::Caller;
use platform::tenant_tx::TenantTx;

use crate::compiled::{self, RevisionName};
use crate::{Dictionary, Error, governance, grpc};
use registry::{approvers, revisions};

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
        let acts = approvers::of(&tx, vec![row.hash.clone()]).await?;
        let active = revisions::active(&tx).await?.filter(|active| active.hash == row.hash);
        let canonical_json = if request.known_hash == row.hash {
            Vec::new()
        } else {
            revisions::content(&tx, &row.hash).await?
        };
        let preview = match name {
            RevisionName::Active => on_trial(&tx, &request.known_preview_hash).await?,
            RevisionName::Hash(_) | RevisionName::Number(_) => None,
        };
        Ok(GetCompiledRevisionResponse {
            approvers: grpc::approvers(&row, &acts),
            hash: row.hash,
            canonical_json,
            evaluator_semantics: row.evaluator_semantics,
            number: row.number,
            activated_at: active.map(|active| grpc::timestamp(active.since)),
            preview,
        })
    }
}

/// The change on trial, without its content where the caller holds it.
async fn on_trial(tx: &TenantTx, known: &str) -> Result<Option<CompiledPreview>, Error> {
    let Some((row, matter)) = governance::on_trial(tx).await? else { return Ok(None) };
    let canonical_json = if known == row.result_hash {
        Vec::new()
    } else {
        governance::canonical(tx, &matter).await?
    };
    // The content may have stood before: who approved it then is named as well.
    let mut acts = approvers::of(tx, vec![row.result_hash.clone()]).await?;
    let committee = governance::Chamber::now(tx).await?.committee;
    let mut votes = grpc::voted(&matter.ballot, &committee);
    votes.retain(|vote| !acts.iter().any(|act| act.key() == vote.key()));
    acts.extend(votes);
    Ok(Some(grpc::compiled_preview(&row, canonical_json, grpc::acted(&acts))?))
}

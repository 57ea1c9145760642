//! Opening a draft on the active revision, whoever asks for it: a person, or the service itself.

use contracts::dictionary::v1::ChangeSource;
use domain::dictionary::ContentHash;
use domain_governance::ballot::UserId;
use platform::tenant_tx::TenantTx;

use super::draft::{self, DraftEdit};
use super::matter::{self, Matter, New};
use crate::{Error, grpc};

/// What a draft begins with.
#[derive(Debug)]
pub(crate) struct Drafting {
    /// Who opens it.
    pub(crate) by: UserId,
    pub(crate) title: String,
    pub(crate) reason: String,
    pub(crate) source: ChangeSource,
    pub(crate) source_id: String,
    pub(crate) edits: Vec<DraftEdit>,
}

/// Opens a draft on `base`, which is the active revision of a settled log.
pub(crate) async fn open(
    tx: &TenantTx,
    base: ContentHash,
    drafting: Drafting,
) -> Result<Matter, Error> {
    let (id, by, edits) = (platform::ids::new(), drafting.by, drafting.edits);
    let mut ballot = matter::draft(id, by, drafting.reason, base);
    if !edits.is_empty() {
        let outcome = draft::outcome(draft::base(tx, &base.to_string()).await?, &edits).await?;
        // What waits for a choice keeps what stands: it may change nothing yet.
        let waiting = edits.iter().any(|edit| edit.conflict.is_some());
        if outcome.hash != base || !waiting {
            ballot = ballot.edit(by, outcome.hash, outcome.sections)?;
        }
    }
    let new = New {
        id,
        title: drafting.title,
        source: grpc::source_word(drafting.source),
        source_id: drafting.source_id,
        ballot,
        edits,
    };
    Matter::open(tx, new).await
}

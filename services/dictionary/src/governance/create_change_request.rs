use contracts::dictionary::v1::{
    ChangeSource, CreateChangeRequestRequest, CreateChangeRequestResponse,
};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;

use super::draft::{self, DraftEdit};
use super::drafting::{self, Drafting};
use super::{log, prose, user};
use crate::{Dictionary, Error};

impl Dictionary {
    /// Opens a draft on the active revision.
    pub(crate) async fn create_change(
        &self,
        caller: &Caller,
        mut request: CreateChangeRequestRequest,
    ) -> Result<CreateChangeRequestResponse, Error> {
        let once = Once::of(&request.request_id, &request);
        let mut violations = Violations::default();
        violations.text("title", &request.title, 200);
        prose(&mut violations, "reason", &request.reason, 4_000);
        let source = match request.source() {
            ChangeSource::Unspecified => ChangeSource::Person,
            source @ (ChangeSource::Person
            | ChangeSource::Exception
            | ChangeSource::DriftFinding
            | ChangeSource::CodeSetRelease
            | ChangeSource::OutcomeEvidence) => source,
            ChangeSource::BaseUpgrade | ChangeSource::Rollback => {
                violations.add("source", "the service itself drafts these");
                ChangeSource::Person
            }
        };
        if source == ChangeSource::Person {
            if !request.source_id.is_empty() {
                violations.add("source_id", "must be empty when a person is the source");
            }
        } else {
            violations.check(
                "source_id",
                uuid::Uuid::try_parse(&request.source_id).map_err(|_| "is no UUID"),
            );
        }
        let edits = draft::read(std::mem::take(&mut request.edits), &[], "edits", &mut violations);
        violations.into_result()?;
        self.act(caller, once?, request.validate_only, move |tx| {
            Box::pin(async move { create(tx, request, source, edits).await })
        })
        .await
    }
}

async fn create(
    tx: &TenantTx,
    request: CreateChangeRequestRequest,
    source: ChangeSource,
    edits: Vec<DraftEdit>,
) -> Result<CreateChangeRequestResponse, Error> {
    let log = log::settled(tx).await?;
    let base = log::active(tx, &log)?.hash;
    let drafting = Drafting {
        by: user(tx.caller())?,
        title: request.title,
        reason: request.reason,
        source,
        source_id: request.source_id,
        edits,
    };
    let matter = drafting::open(tx, base, drafting).await?;
    Ok(CreateChangeRequestResponse { change_request: Some(matter.shown(tx).await?) })
}

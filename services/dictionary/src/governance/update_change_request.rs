use std::collections::BTreeSet;

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::{UpdateChangeRequestRequest, UpdateChangeRequestResponse};
use domain_governance::ballot::State;
use domain_governance::edit::SectionKind;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;

use super::draft::{self, DraftEdit};
use super::{Matter, Refusal, etag, id, log, prose, user};
use crate::{Dictionary, Error};

/// What is written.
#[derive(Debug, Default)]
struct Fields {
    title: Option<String>,
    reason: Option<String>,
    edits: Option<Vec<pb::Edit>>,
}

impl Dictionary {
    /// Writes the fields of the mask; other edits make it a draft again and dismiss its votes.
    pub(crate) async fn update_change(
        &self,
        caller: &Caller,
        request: UpdateChangeRequestRequest,
    ) -> Result<UpdateChangeRequestResponse, Error> {
        let mut change = request.change_request.clone().unwrap_or_default();
        let mut violations = Violations::default();
        etag(&mut violations, &change.etag);
        let mut fields = Fields::default();
        let paths = request.update_mask.clone().unwrap_or_default().paths;
        if paths.is_empty() {
            violations.add("update_mask", "is required: `title`, `reason`, `edits`");
        }
        for path in &paths {
            match path.as_str() {
                "title" => {
                    violations.text("change_request.title", &change.title, 200);
                    fields.title = Some(change.title.clone());
                }
                "reason" => {
                    prose(&mut violations, "change_request.reason", &change.reason, 4_000);
                    fields.reason = Some(change.reason.clone());
                }
                "edits" => fields.edits = Some(std::mem::take(&mut change.edits)),
                other => violations.add(
                    "update_mask",
                    format!("`{other:.96}` cannot be written; `title`, `reason`, `edits` can"),
                ),
            }
        }
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let matter = Matter::read(tx, id(&change.id)?, &change.etag).await?;
                let matter = update(tx, matter, fields).await?;
                Ok(UpdateChangeRequestResponse { change_request: Some(matter.shown(tx).await?) })
            })
        })
        .await
    }
}

async fn update(tx: &TenantTx, mut matter: Matter, fields: Fields) -> Result<Matter, Error> {
    let mut ballot = matter.ballot.clone();
    if let Some(sent) = fields.edits {
        let mut violations = Violations::default();
        let edits = draft::read(sent, &matter.edits, "change_request.edits", &mut violations);
        violations.into_result()?;
        let base = draft::base(tx, &matter.row.base_revision).await?;
        let outcome = draft::outcome(base, &edits).await?;
        let by = user(tx.caller())?;
        // A choice for what stands there already changes no content, and is one all the same.
        let chosen = waiting(&edits) != waiting(&matter.edits);
        if outcome.hash == ballot.result_hash && chosen && ballot.state == State::Draft {
            ballot.editors.insert(by);
        } else {
            ballot = ballot.edit(by, outcome.hash, outcome.sections)?;
        }
        matter.edits = edits;
    }
    if (fields.title.is_some() || fields.reason.is_some()) && ballot.state != State::Draft {
        let words = "title and reason can be changed while it is a draft".to_owned();
        return Err(Error::Refused(Refusal::InvalidTransition, words));
    }
    if let Some(title) = fields.title {
        matter.row.title = title;
    }
    if let Some(reason) = fields.reason {
        ballot.reason = reason;
    }
    matter.keep(tx, log::quiet(ballot), "change_request.edited").await
}

/// The items over which somebody must choose.
fn waiting(edits: &[DraftEdit]) -> BTreeSet<(SectionKind, &str)> {
    let waiting = edits.iter().filter(|edit| edit.conflict.is_some());
    waiting.map(|edit| (edit.kind, edit.slug.as_str())).collect()
}

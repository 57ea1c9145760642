use contracts::appeals::v1::{UpdateAppealRequest, UpdateAppealResponse};
use domain_appeals::state::Act;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::create_appeal::denial_ids;
use crate::dossier::Dossier;
use crate::draft::{Before, draft};
use crate::face::id_in;
use crate::store::{self, Document, Row};
use crate::{Appeals, Error, acts};

/// What may be written.
const FIELDS: [&str; 2] = ["denial_ids", "level_words"];
/// The most characters of how a payer calls a level.
const WORDS_MAX: usize = 200;

/// What is written.
struct Change {
    dossier: Option<Dossier>,
    level_words: Option<String>,
}

impl Appeals {
    /// Writes the fields of the mask.
    ///
    /// # Errors
    /// When the etag is stale, it was sent, what is named cannot be appealed so, or the database
    /// fails.
    pub(crate) async fn update_appeal(
        &self,
        caller: &Caller,
        request: UpdateAppealRequest,
    ) -> Result<UpdateAppealResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let sent = request.appeal.unwrap_or_default();
        let paths = request.update_mask.unwrap_or_default().paths;
        let id = id_in("appeal.id", &sent.id)?;
        let mut violations = Violations::default();
        violations.text("appeal.etag", &sent.etag, 64);
        if paths.is_empty() {
            violations.add("update_mask", format!("is required: {}", FIELDS.join(", ")));
        }
        for path in paths.iter().filter(|path| !FIELDS.contains(&path.as_str())) {
            violations.add("update_mask", format!("`{path:.96}` cannot be written"));
        }
        let has = |field: &str| paths.iter().any(|path| path == field);
        let level_words = has("level_words").then(|| sent.level_words.trim().to_owned());
        if let Some(words) = &level_words {
            violations.text("appeal.level_words", words, WORDS_MAX);
        }
        let ids = has("denial_ids")
            .then(|| denial_ids("appeal.denial_ids", &sent.denial_ids, &mut violations));
        violations.into_result()?;
        // Whoever names an appeal that is not theirs hears that, and not of its denials.
        self.know(caller, id).await?;
        let dossier = match ids {
            Some(ids) => Some(self.dossier(caller, &ids).await?),
            None => None,
        };
        let change = Change { dossier, level_words };
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, id, &sent.etag, change).await })
            })
            .await
    }

    /// Refuses an appeal that the caller's tenant does not have.
    async fn know(&self, caller: &Caller, id: Uuid) -> Result<(), Fault> {
        let tx = self.database.read(caller).await?;
        store::find(&tx, id).await?.map(|_| ()).ok_or(Fault::NotFound)
    }
}

async fn write(
    tx: &TenantTx,
    id: Uuid,
    etag: &str,
    change: Change,
) -> Result<UpdateAppealResponse, Error> {
    let mut row = acts::begun(tx, id, etag, Act::Change).await?;
    if let Some(dossier) = &change.dossier {
        appeal_others(tx, &mut row, dossier).await?;
    }
    let mut document = row.document()?;
    if let Some(words) = change.level_words {
        document.level_words = words;
    }
    document.write_as(tx.caller().actor());
    row.document = document.encoded();
    Ok(UpdateAppealResponse { appeal: Some(acts::written(tx, row, "appeal.updated").await?) })
}

/// Puts other denials of the claim in the place of those that were appealed.
async fn appeal_others(tx: &TenantTx, row: &mut Row, dossier: &Dossier) -> Result<(), Error> {
    if dossier.case != row.case_id {
        let mut violations = Violations::default();
        violations.add("appeal.denial_ids", "are of another claim than the appeal");
        violations.into_result()?;
    }
    let standing = store::standing(tx, row.case_id, Some(row.id)).await?;
    let lifted = store::lifted(tx, row.case_id).await?;
    let before = Before { standing: &standing, lifted: &lifted };
    let draft = draft(dossier, Some(row.level()?), &before, "", tx.clock().now())?;
    let held = row.document()?;
    let drafted = draft.document;
    let document = Document {
        denial_ids: drafted.denial_ids,
        work_item: drafted.work_item,
        previous: drafted.previous,
        override_reason: drafted.override_reason,
        zone: drafted.zone,
        window: drafted.window,
        rule: drafted.rule,
        steps: drafted.steps,
        remitted_on: drafted.remitted_on,
        coverage: drafted.coverage,
        wanted: drafted.wanted,
        reviews: drafted.reviews,
        entries: drafted.entries,
        ..held
    };
    row.in_dispute_cents = draft.in_dispute.as_i64();
    row.due_on = document.window.due_on();
    row.revision = dossier.compiled.revision().to_string();
    row.document = document.encoded();
    Ok(store::replace_lines(tx, row, &dossier.lines()).await?)
}

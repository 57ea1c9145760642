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
use crate::face::{self, id_in};
use crate::store::{self, Row};
use crate::{Appeals, Error, FEED};

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
    let mut row = store::held(tx, id).await?;
    if row.version.to_string() != etag {
        return Err(Fault::StaleEtag.into());
    }
    row.state = row.state()?.after(Act::Change)?.as_str().to_owned();
    if let Some(dossier) = &change.dossier {
        appeal_others(tx, &mut row, dossier).await?;
    }
    if let Some(words) = change.level_words {
        let mut document = row.document()?;
        document.level_words = words;
        row.document = document.encoded();
    }
    let former = row.version;
    (row.version, row.updated_at) = (former + 1, tx.clock().now());
    if !store::update(tx, &row, former).await? {
        return Err(Fault::StaleEtag.into());
    }
    tx.emit(FEED, vec![face::told(&row, "appeal.updated")?]).await?;
    Ok(UpdateAppealResponse { appeal: Some(face::appeal(&row, row.updated_at)?) })
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
    let words = row.document()?.level_words;
    let mut document = draft.document;
    document.level_words = words;
    row.in_dispute_cents = draft.in_dispute.as_i64();
    row.due_on = document.window.due_on();
    row.revision = dossier.compiled.revision().to_string();
    row.document = document.encoded();
    Ok(store::replace_lines(tx, row, &dossier.lines()).await?)
}

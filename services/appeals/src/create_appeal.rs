use std::collections::BTreeSet;

use contracts::appeals::v1::{CreateAppealRequest, CreateAppealResponse};
use domain::deadline::Path;
use domain_appeals::state::State;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::dossier::{DENIALS_MAX, Dossier};
use crate::draft::{Before, draft};
use crate::face;
use crate::override_stop::lift;
use crate::store::{self, Row};
use crate::{Appeals, Error, FEED, expire_appeals, follow_routing};

/// What a caller asks for, beside the denials.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) level: Option<Path>,
    pub(crate) batch: Option<Uuid>,
    pub(crate) override_reason: String,
    pub(crate) may_override: bool,
}

impl Appeals {
    /// Opens a draft of denials of one claim.
    ///
    /// # Errors
    /// When a field is no good, a peer knows no such denial, the claim cannot be appealed so, or
    /// the database fails.
    pub(crate) async fn create_appeal(
        &self,
        caller: &Caller,
        request: CreateAppealRequest,
    ) -> Result<CreateAppealResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        let ids = denial_ids("denial_ids", &request.denial_ids, &mut violations);
        let level = face::level(request.path, &mut violations);
        if !request.override_reason.is_empty() {
            face::reason("override_reason", &request.override_reason, &mut violations);
        }
        violations.into_result()?;
        let dossier = self.dossier(caller, &ids).await?;
        let asked = Asked {
            level,
            batch: None,
            override_reason: request.override_reason,
            may_override: self.may_override(caller),
        };
        if request.validate_only {
            let tx = self.database.begin(caller).await?;
            return answer(keep(&tx, &dossier, &asked).await?);
        }
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { answer(keep(tx, &dossier, &asked).await?) })
            })
            .await
    }
}

/// The denials that a request names, each once.
pub(crate) fn denial_ids(field: &str, sent: &[String], violations: &mut Violations) -> Vec<Uuid> {
    if sent.is_empty() || sent.len() > DENIALS_MAX {
        violations.add(field, format!("has 1 to {DENIALS_MAX} items"));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut ids = Vec::with_capacity(sent.len());
    for (at, text) in sent.iter().enumerate() {
        match Uuid::try_parse(text) {
            Ok(id) if seen.insert(id) => ids.push(id),
            Ok(_) => violations.add(format!("{field}[{at}]"), "stands there twice"),
            Err(_) => violations.add(format!("{field}[{at}]"), "is not a UUID"),
        }
    }
    ids
}

fn answer(row: Row) -> Result<CreateAppealResponse, Error> {
    Ok(CreateAppealResponse { appeal: Some(face::appeal(&row, row.created_at)?) })
}

/// Opens a draft, unless the claim cannot be appealed so.
pub(crate) async fn keep(tx: &TenantTx, dossier: &Dossier, asked: &Asked) -> Result<Row, Error> {
    store::hold_claim(tx, dossier.case).await?;
    let standing = store::standing(tx, dossier.case, None).await?;
    let lifted = store::lifted(tx, dossier.case).await?;
    let before = Before { standing: &standing, lifted: &lifted };
    let now = tx.clock().now();
    let mut draft = draft(dossier, asked.level, &before, &asked.override_reason, now)?;
    draft.document.write_as(tx.caller().actor());
    if !draft.to_lift.is_empty() && !asked.may_override {
        return Err(Error::MayNotOverride);
    }
    for rarc in draft.to_lift {
        lift(tx, dossier.case, rarc, &asked.override_reason).await?;
    }
    let row = Row {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        case_id: dossier.case,
        payer_id: dossier.payer,
        batch_id: asked.batch,
        state: State::Draft.as_str().to_owned(),
        path: draft.open.level.as_str().to_owned(),
        patient_control_number: dossier.control_number.trim().to_uppercase(),
        in_dispute_cents: draft.in_dispute.as_i64(),
        due_on: draft.document.window.due_on(),
        revision: dossier.compiled.revision().to_string(),
        document: draft.document.encoded(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let lapsed = standing.iter().filter(|one| one.state == State::Expired);
    let lapsed: Vec<Uuid> = lapsed.map(|one| one.appeal).collect();
    store::release_lines(tx, &lapsed).await?;
    let row = store::insert(tx, row, &dossier.lines()).await?;
    expire_appeals::watch_over(tx, &row).await?;
    follow_routing::begin_to_follow(tx).await?;
    tx.emit(FEED, vec![face::told(&row, "appeal.created", (tx.caller().actor(), ""))?]).await?;
    Ok(row)
}

use std::collections::BTreeSet;

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::{PreviewLimits, PreviewStage};
use contracts::dictionary::v1::{StartPreviewRequest, StartPreviewResponse};
use contracts::routing::v1::PreviewTally;
use domain_governance::ballot::Stage;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use prost::Message;
use uuid::Uuid;

use super::chamber::Chamber;
use super::{Matter, Refusal, draft, id, log, preview};
use crate::{Dictionary, Error, grpc};
use registry::payers;
use registry::previews::{self, Preview, RUNNING};

/// Most facilities, and most payers, of a canary.
const SLUGS_MAX: usize = 500;

/// What a preview is to be.
#[derive(Debug)]
struct Plan {
    stage: Stage,
    facilities: Vec<String>,
    payers: Vec<String>,
    limits: PreviewLimits,
}

impl Dictionary {
    /// Puts a change on trial: beside the active revision, or with effect at some facilities or
    /// payers.
    pub(crate) async fn start_preview(
        &self,
        caller: &Caller,
        request: StartPreviewRequest,
    ) -> Result<StartPreviewResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let (validate_only, change) = (request.validate_only, request.change_request_id.clone());
        let plan = plan(request)?;
        if !plan.facilities.is_empty() {
            let known = self.peers.facilities(caller).await?;
            known_only("facilities", "facility", &plan.facilities, &known)?;
        }
        self.act(caller, once, validate_only, move |tx| {
            Box::pin(async move {
                let row = start(tx, id(&change)?, plan).await?;
                let preview = grpc::preview(row, &PreviewTally::default())?;
                Ok(StartPreviewResponse { preview: Some(preview) })
            })
        })
        .await
    }
}

fn plan(request: StartPreviewRequest) -> Result<Plan, Fault> {
    let mut violations = Violations::default();
    let stage = match request.stage() {
        PreviewStage::Unspecified => None,
        PreviewStage::Shadow => Some(Stage::Shadow),
        PreviewStage::Canary => Some(Stage::Canary),
    };
    let stage = violations.check("stage", stage.ok_or("is required"));
    let sent = request.limits.unwrap_or_default();
    let nowhere = request.facilities.is_empty() && request.payers.is_empty();
    match stage {
        Some(Stage::Shadow) if !nowhere => {
            let words = "a shadow run has no effect anywhere: name facilities and payers of a \
                         canary only";
            let field = if request.facilities.is_empty() { "payers" } else { "facilities" };
            violations.add(field, words);
        }
        Some(Stage::Canary) if nowhere => {
            violations.add("facilities", "a canary needs at least one facility or payer");
        }
        _ => {}
    }
    for (field, slugs) in [("facilities", &request.facilities), ("payers", &request.payers)] {
        if slugs.len() > SLUGS_MAX {
            violations.add(field, format!("are more than {SLUGS_MAX}"));
        }
    }
    let shares = [
        ("limits.diverged_basis_points_max", sent.diverged_basis_points_max, 2_500),
        ("limits.unmapped_basis_points_max", sent.unmapped_basis_points_max, 500),
    ];
    let [diverged_basis_points_max, unmapped_basis_points_max] =
        shares.map(|(field, share, usual)| {
            if !(0..=10_000).contains(&share) {
                violations.add(field, format!("must be 0 to 10000; 0 means {usual}"));
            }
            if share == 0 { usual } else { share }
        });
    if sent.short_deadlines_max < 0 {
        violations.add("limits.short_deadlines_max", "must not be negative; 0 means 20");
    }
    let short_deadlines_max =
        if sent.short_deadlines_max == 0 { 20 } else { sent.short_deadlines_max };
    violations.into_result()?;
    let stage = stage.ok_or(Fault::Broken("a violation was lost"))?;
    let distinct = |slugs: Vec<String>| slugs.into_iter().collect::<BTreeSet<_>>();
    Ok(Plan {
        stage,
        facilities: distinct(request.facilities).into_iter().collect(),
        payers: distinct(request.payers).into_iter().collect(),
        limits: PreviewLimits {
            diverged_basis_points_max,
            unmapped_basis_points_max,
            short_deadlines_max,
        },
    })
}

/// Refuses slugs that nothing of the tenant has.
fn known_only(
    field: &str,
    kind: &str,
    slugs: &[String],
    known: &BTreeSet<String>,
) -> Result<(), Fault> {
    let mut violations = Violations::default();
    for slug in slugs.iter().filter(|slug| !known.contains(*slug)) {
        violations.add(field, format!("the tenant has no {kind} `{slug:.96}`"));
    }
    violations.into_result()
}

async fn start(tx: &TenantTx, change: Uuid, plan: Plan) -> Result<Preview, Error> {
    let log = log::settled(tx).await?;
    let matter = Matter::find(tx, change).await?;
    if !plan.payers.is_empty() {
        let known = payers::slugs(tx).await?.into_iter().collect();
        known_only("payers", "payer", &plan.payers, &known)?;
    }
    draft::decided(&matter.edits)?;
    let chamber = Chamber::now(tx).await?;
    let active = log::active(tx, &log)?;
    matter.ballot.may_be_tried(plan.stage, &active, &chamber.sitting())?;
    preview::settle(tx).await?;
    let now = tx.clock().now();
    let scope = pb::Preview {
        facilities: plan.facilities,
        payers: plan.payers,
        limits: Some(plan.limits),
        ..pb::Preview::default()
    };
    let row = Preview {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        change_request_id: change,
        base_revision: matter.row.base_revision,
        result_hash: matter.row.result_hash,
        stage: plan.stage.as_str().to_owned(),
        state: RUNNING.to_owned(),
        slot: RUNNING.to_owned(),
        scope: scope.encode_to_vec(),
        suspended_words: String::new(),
        stopped_words: String::new(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    if !previews::insert(tx, row.clone()).await? {
        let words = "another preview runs, and a tenant has one at a time; stop it first";
        return Err(Error::Refused(Refusal::PreviewRunning, words.to_owned()));
    }
    preview::tell(tx, &row, "preview.started").await?;
    Ok(row)
}

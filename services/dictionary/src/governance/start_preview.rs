use std::collections::BTreeSet;

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::{PreviewLimits, PreviewStage};
use contracts::dictionary::v1::{StartPreviewRequest, StartPreviewResponse};
use contracts::routing::v1::PreviewTally;
use domain_governance::ballot::CheckKind;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use prost::Message;
use uuid::Uuid;

use super::chamber::Chamber;
use super::{Ballot, Matter, Refusal, draft, id, log, preview};
use crate::store::payers;
use crate::store::previews::{self, Preview, RUNNING};
use crate::{Dictionary, Error, grpc};

/// Most facilities, and most payers, of a canary.
const SLUGS_MAX: usize = 500;

/// What a preview is to be.
#[derive(Debug)]
struct Plan {
    stage: PreviewStage,
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
    let stage = request.stage();
    let sent = request.limits.unwrap_or_default();
    let nowhere = request.facilities.is_empty() && request.payers.is_empty();
    match stage {
        PreviewStage::Unspecified => violations.add("stage", "is required"),
        PreviewStage::Shadow if !nowhere => {
            let words = "a shadow run has no effect anywhere: name facilities and payers of a \
                         canary only";
            let field = if request.facilities.is_empty() { "payers" } else { "facilities" };
            violations.add(field, words);
        }
        PreviewStage::Canary if nowhere => {
            violations.add("facilities", "a canary needs at least one facility or payer");
        }
        PreviewStage::Shadow | PreviewStage::Canary => {}
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
    log::settled(tx).await?;
    let matter = Matter::find(tx, change).await?;
    if !plan.payers.is_empty() {
        let known = payers::slugs(tx).await?.into_iter().collect();
        known_only("payers", "payer", &plan.payers, &known)?;
    }
    may_be_tried(tx, &matter, plan.stage).await?;
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
        stage: grpc::preview_stage_word(plan.stage),
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

/// Refuses a change that may not be tried so far.
async fn may_be_tried(tx: &TenantTx, matter: &Matter, stage: PreviewStage) -> Result<(), Error> {
    let ballot = &matter.ballot;
    if !preview::fits(stage, ballot.state) {
        let needs = match stage {
            PreviewStage::Canary => "a canary needs an approved change",
            PreviewStage::Shadow | PreviewStage::Unspecified => {
                "a shadow run needs a change before the committee"
            }
        };
        let words = format!("{needs}, and this one is {}", ballot.state);
        return Err(Error::Refused(Refusal::InvalidTransition, words));
    }
    draft::decided(&matter.edits)?;
    if !preview::on_active(tx, ballot).await? {
        let words = "another revision became active since; rebase the change first".to_owned();
        return Err(Error::Refused(Refusal::BaseMoved, words));
    }
    if let Some(check) = unproven(ballot) {
        let words = format!("{check} has not passed on exactly this content; run it first");
        return Err(Error::Refused(Refusal::ChecksNotFresh, words));
    }
    // What has effect must still be what the committee would let become active: a seat may have
    // ended since its vote.
    let requirements = Chamber::now(tx).await?.requirements(ballot);
    match requirements.into_iter().find(|needed| !needed.met) {
        Some(unmet) if stage == PreviewStage::Canary => {
            let words = format!("the approval no longer holds: {}", unmet.words);
            Err(Error::Refused(Refusal::InvalidTransition, words))
        }
        _ => Ok(()),
    }
}

/// The check that has not passed on what is asked for now.
fn unproven(ballot: &Ballot) -> Option<&'static str> {
    let passed = |kind| ballot.fresh_check(kind).is_some_and(|check| check.passed);
    CheckKind::ALL.iter().find(|kind| !passed(**kind)).map(|kind| kind.as_str())
}

use chrono::NaiveDate;
use contracts::appeals::v1::{RecordPeerToPeerRequest, RecordPeerToPeerResponse};
use contracts::routing::v1::DenialState;
use domain::calendar::spoken;
use domain_appeals::outcome::Kind;
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::dossier::{DENIALS_MAX, Dossier, remitted_on};
use crate::draft::peer_to_peer_window;
use crate::face::{self, id_in};
use crate::store::{self, PeerToPeer};
use crate::{Appeals, Error, FEED, acts, follow_routing};

/// The most characters of what was said.
const NOTE_MAX: usize = 4_000;

/// A call as it is told.
struct Said {
    held_on: NaiveDate,
    outcome: Kind,
    note: String,
}

impl Appeals {
    /// Records a call between physicians about what is open of a claim, before an appeal of it was
    /// filed. A late one is recorded, never refused.
    ///
    /// # Errors
    /// When a field is no good, nothing of the claim is open, an appeal of it was filed before the
    /// call, a peer knows no such case, or the database fails.
    pub(crate) async fn record_peer_to_peer(
        &self,
        caller: &Caller,
        request: RecordPeerToPeerRequest,
    ) -> Result<RecordPeerToPeerResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let case = id_in("case_id", &request.case_id)?;
        let mut violations = Violations::default();
        let held_on = acts::day_in("held_on", request.held_on, &mut violations);
        let outcome = face::outcome_kind(request.outcome());
        if outcome.is_none() {
            violations.add("outcome", "is required: how it ended");
        }
        if request.note.chars().count() > NOTE_MAX {
            violations.add("note", format!("is longer than {NOTE_MAX} characters"));
        }
        violations.into_result()?;
        let said = held_on.zip(outcome).map(|(held_on, outcome)| Said {
            held_on,
            outcome,
            note: request.note.trim().to_owned(),
        });
        let said = said.ok_or(Fault::Broken("a violation was lost"))?;
        let dossier = self.dossier(caller, &self.open_denials(caller, case).await?).await?;
        self.database
            .mutate(caller, once, move |tx| Box::pin(async move { keep(tx, &dossier, said).await }))
            .await
    }

    /// What is open of a case, which is not of another tenant.
    async fn open_denials(&self, caller: &Caller, case: Uuid) -> Result<Vec<Uuid>, Error> {
        let denials = self.peers.denials_of_case(caller, case).await?;
        if denials.is_empty() {
            return Err(Fault::NotFound.into());
        }
        let open = denials.iter().filter(|denial| denial.state() == DenialState::Open);
        let ids = open.filter_map(|denial| Uuid::try_parse(&denial.id).ok()).take(DENIALS_MAX);
        let ids: Vec<Uuid> = ids.collect();
        if ids.is_empty() { Err(Error::NothingOpen) } else { Ok(ids) }
    }
}

async fn keep(
    tx: &TenantTx,
    dossier: &Dossier,
    said: Said,
) -> Result<RecordPeerToPeerResponse, Error> {
    store::hold_claim(tx, dossier.case).await?;
    let now = tx.clock().now();
    let today = dossier.zone.day_of(now);
    let mut violations = Violations::default();
    if said.held_on > today {
        violations.add("held_on", "lies in the future where the payer is");
    }
    if let Some(remitted_on) = remitted_on(dossier).filter(|day| said.held_on < *day) {
        violations.add("held_on", format!("lies before the remittance of {remitted_on}"));
    }
    violations.into_result()?;
    if store::filed_by(tx, dossier.case, said.held_on).await? {
        return Err(Error::AppealFiled);
    }
    let window = peer_to_peer_window(dossier, today);
    let last_day = window.deadline().map(|deadline| deadline.last_day);
    let days_late = last_day.map_or(0, |last| (said.held_on - last).num_days().max(0));
    let row = PeerToPeer {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        case_id: dossier.case,
        held_on: said.held_on,
        outcome: said.outcome.as_str().to_owned(),
        note: said.note,
        last_day,
        rule: window.deadline().map(|deadline| deadline.rule.clone()).unwrap_or_default(),
        days_late,
        recorded_by: tx.caller().actor().to_owned(),
        created_at: now,
    };
    follow_routing::begin_to_follow(tx).await?;
    tx.emit(FEED, vec![told(&row, dossier)]).await?;
    let row = store::keep_peer_to_peer(tx, row).await?;
    Ok(RecordPeerToPeerResponse { peer_to_peer_id: row.id.to_string() })
}

fn told(row: &PeerToPeer, dossier: &Dossier) -> Event {
    let late = if row.days_late > 0 { ", after its last day" } else { "" };
    let outcome = row.outcome.to_lowercase().replace('_', " ");
    let denials: Vec<Uuid> = dossier.denials.iter().map(|denial| denial.id).collect();
    let payload = json!({
        "case": row.case_id,
        "denials": denials,
        "path": "peer_to_peer",
        "by": row.recorded_by,
        "words": format!("held on {}{late}: {outcome}", spoken(row.held_on)),
        "first_filed_on": row.held_on,
        "outcome": row.outcome,
        "days_late": row.days_late,
    });
    Event {
        kind: "peer_to_peer.recorded",
        subject: row.id,
        revision: dossier.compiled.revision().to_string(),
        payload: payload.to_string().into_bytes(),
    }
}

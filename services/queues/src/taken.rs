//! An item at the moment of an act: read, judged, kept with what happened.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Zone;
use domain_work::hold::{Happened, Hold, NextChange, Refusal, Right, State, Step, Writer};
use domain_work::queue::Standing;
use domain_work::{Moment, UserId};
use ledger::FEED;
use ledger::document::{WorkDocument, to_json};
use ledger::reading::work_items::WorkItem;
use ledger::{held, timeline};
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::standing::Lanes;
use crate::{Error, alarm, questions, rules};

/// An item and how it is held.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) row: WorkItem,
    pub(crate) hold: Hold,
    pub(crate) now: Moment,
    zone: Zone,
    /// Whose it was, where it was given to another team.
    former_team: Option<String>,
    /// What acts where nobody does: a rule.
    duty: Option<&'static str>,
}

/// What the feed calls the end of a lease that nobody ended.
const LEASE_LOST: &str = "work_item.lease_lost";

/// Something that is told: in words on the timeline, in facts on the feed.
#[derive(Debug)]
pub(crate) struct Act {
    /// The type of its event.
    pub(crate) kind: &'static str,
    /// What happened, after the name of who did it.
    pub(crate) words: String,
    /// What stands in its event beside how the item stands: an object, or nothing.
    pub(crate) facts: Value,
}

impl Act {
    fn of(happened: &Happened) -> Self {
        let (kind, words) = (happened.event_type(), rules::words(happened));
        Self { kind, words, facts: Value::Null }
    }
}

impl Taken {
    /// The item with this id.
    pub(crate) async fn find(tx: &TenantTx, id: Uuid) -> Result<Self, Fault> {
        Self::of(held::locked(tx, id).await?.ok_or(Fault::NotFound)?, tx)
    }

    /// The item with this id, as its caller last read it.
    pub(crate) async fn read(tx: &TenantTx, id: Uuid, etag: &str) -> Result<Self, Fault> {
        let taken = Self::find(tx, id).await?;
        if taken.row.version.to_string() == etag { Ok(taken) } else { Err(Fault::StaleEtag) }
    }

    /// From its row.
    pub(crate) fn of(row: WorkItem, tx: &TenantTx) -> Result<Self, Fault> {
        let hold = held::hold(&row)?;
        let zone = WorkDocument::of(&row)?.zone();
        Ok(Self {
            hold,
            now: Moment::in_zone(tx.clock().now(), zone),
            zone,
            row,
            former_team: None,
            duty: None,
        })
    }

    /// The same, as the timeline shall say that `duty` acted and no caller.
    pub(crate) fn on_behalf_of(self, duty: &'static str) -> Self {
        Self { duty: Some(duty), ..self }
    }

    /// By what right a caller writes who names no lease: as its holder, whom the etag vouches for,
    /// as a lead, or as somebody who may work it.
    pub(crate) fn writer(&self, user: UserId, standing: Standing) -> Writer {
        let right = match standing {
            _ if self.hold.holder(self.now) == Some(user) => Right::Lease(self.hold.fencing_number),
            Standing::Lead => Right::Lead,
            Standing::Member => Right::Unheld,
        };
        Writer { user, right }
    }

    /// The last day of the deadline that ranks it.
    pub(crate) fn last_day(&self) -> Option<NaiveDate> {
        held::known_day(self.row.due_on)
    }

    /// Gives it to another team.
    pub(crate) fn give_to_team(&mut self, team: &str) -> Result<(), Fault> {
        let mut document = WorkDocument::of(&self.row)?;
        // What people call the team only identity knows.
        team.clone_into(&mut document.team_name);
        self.former_team = Some(self.row.owner_team.clone());
        team.clone_into(&mut self.row.owner_team);
        self.row.document = to_json(&document);
        Ok(())
    }

    /// What its row keeps encoded.
    pub(crate) fn document(&self) -> Result<WorkDocument, Fault> {
        WorkDocument::of(&self.row)
    }

    /// Keeps what an act made of it: the row, the timeline, the feed, the alarm.
    pub(crate) async fn keep(self, tx: &TenantTx, step: Step) -> Result<WorkItem, Error> {
        self.keep_and_tell(tx, step, None).await
    }

    /// As [`Taken::keep`]; what the hold does not say is told after it.
    pub(crate) async fn keep_and_tell(
        self,
        tx: &TenantTx,
        step: Step,
        act: Option<Act>,
    ) -> Result<WorkItem, Error> {
        let happened = step.happened.iter().filter(|happened| happened.is_told());
        let told: Vec<Act> = happened.map(Act::of).chain(act).collect();
        let seen = !told.is_empty();
        let row = held::write(tx, held::with(self.row, &step.hold), seen).await?;
        tx.done(alarm::KIND, row.id).await?;
        if let Some(at) = step.hold.next_change().and_then(|change| instant(change, self.zone)) {
            tx.schedule(alarm::KIND, row.id, at).await?;
        }
        let events = told.iter().map(|act| event(act, &row, self.former_team.as_deref()));
        let events = events.collect();
        let actor = self.duty.unwrap_or(tx.caller().actor());
        let lines = told.into_iter().map(|act| {
            // What time did, nobody did.
            let actor = if act.kind == LEASE_LOST { alarm::KIND } else { actor };
            timeline::line(tx, row.id, act.kind, actor, act.words)
        });
        timeline::tell(tx, lines.collect()).await?;
        tx.emit(FEED, events).await?;
        if matches!(step.hold.state, State::Resolved | State::Superseded) {
            questions::withdraw_questions(tx, &[row.id]).await?;
        }
        Ok(row)
    }
}

/// The item as its caller last read it, kept from other writers until the transaction ends, for
/// somebody who may work it; what is done cannot be `act`, a participle.
///
/// # Errors
/// When the caller may not, the item is done, or the database fails.
pub async fn worked(
    tx: &TenantTx,
    id: Uuid,
    etag: &str,
    act: &'static str,
) -> Result<WorkItem, Error> {
    let taken = Taken::read(tx, id, etag).await?;
    let lanes = Lanes::of_team(tx, &taken.row.owner_team).await?;
    lanes.standing(tx.caller(), &taken.row)?;
    let state = taken.hold.state.name();
    if matches!(taken.hold.state, State::Resolved | State::Superseded) {
        return Err(Refusal::InvalidTransition { state, act }.into());
    }
    Ok(taken.row)
}

/// The event of what happened; what people wrote stays out of it.
pub(crate) fn event(act: &Act, row: &WorkItem, former_team: Option<&str>) -> Event {
    let mut payload = json!({
        "state": row.state,
        "team": row.owner_team,
        "holder": row.holder,
        "fencing_number": row.fencing_number,
    });
    if let Some(former) = former_team {
        payload["from_team"] = former.into();
    }
    if let (Value::Object(payload), Value::Object(facts)) = (&mut payload, &act.facts) {
        payload.extend(facts.clone());
    }
    Event {
        kind: act.kind,
        subject: row.id,
        revision: row.revision.clone(),
        payload: payload.to_string().into_bytes(),
    }
}

/// When time alone changes a hold.
fn instant(change: NextChange, zone: Zone) -> Option<DateTime<Utc>> {
    match change {
        NextChange::At(at) => Some(at),
        NextChange::On(day) => zone.end_of(day.pred_opt()?),
    }
}

//! What waits in queues: how much, for how much money, until when.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::dictionary::Slug;
use ledger::held::known_day;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::standing::{Lanes, Parts};
use crate::store;

/// What waits in one queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) count: i64,
    pub(crate) at_stake_cents: i64,
    pub(crate) earliest_due_on: Option<NaiveDate>,
}

/// What waits in the queues of these teams, by the queue's slug.
pub(crate) async fn of_teams(
    tx: &TenantTx,
    lanes: &Lanes,
    teams: Vec<String>,
) -> Result<BTreeMap<Slug, Waiting>, Fault> {
    let mut waiting: BTreeMap<Slug, Waiting> = BTreeMap::new();
    for alike in store::open_alike(tx, teams).await? {
        let parts = Parts {
            team: &alike.owner_team,
            payer: alike.payer_id,
            facility: alike.facility_id,
            kind: &alike.kind,
            skills: [&alike.owner_function, &alike.next_action, &alike.category],
        };
        let Some(queue) = lanes.of_parts(parts)? else { continue };
        let held = waiting.entry(queue.slug.clone()).or_default();
        held.count += alike.count;
        held.at_stake_cents = held.at_stake_cents.saturating_add(alike.sum);
        held.earliest_due_on =
            [held.earliest_due_on, known_day(alike.least)].into_iter().flatten().min();
    }
    Ok(waiting)
}

/// Open items that no queue can tell apart.
#[derive(Debug, sea_orm::FromQueryResult)]
pub(crate) struct Alike {
    pub(crate) owner_team: String,
    pub(crate) payer_id: Uuid,
    pub(crate) facility_id: Uuid,
    pub(crate) kind: String,
    pub(crate) owner_function: String,
    pub(crate) next_action: String,
    pub(crate) category: String,
    pub(crate) count: i64,
    pub(crate) sum: i64,
    pub(crate) least: NaiveDate,
}

//! What later remittances make of denials, in their rows.

use std::collections::BTreeMap;

use domain_work::settlement::{EarlierState, Outcome, Standing};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Order;
use sea_orm::{ColumnTrait, FromQueryResult};
use uuid::Uuid;

use crate::adjudications::{
    DENIAL_CLOSED, DENIAL_CORRECTED, DENIAL_OPEN, DENIAL_OVERTURNED, DENIAL_PARTIALLY_OVERTURNED,
    DENIAL_REPEATED, DENIAL_REVERSED,
};
use crate::entity::denial::{ActiveModel, Column, Entity};
use crate::put::put;
use crate::usual::Counted;

/// Denials that one query locks.
const LOCKED: usize = 500;

/// How a denial stands after a remittance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The denial.
    pub id: Uuid,
    /// The state that was read.
    pub former: String,
    /// Its state now.
    pub state: String,
    /// The occurrence that settled it.
    pub settled_by: Option<Uuid>,
    /// What came back, in cents.
    pub recovered_cents: i64,
    /// The denial it repeats; nil for an initial one.
    pub repeat_of: Uuid,
    /// How many came before it.
    pub repeats: i64,
}

impl Verdict {
    /// What all that was said makes of a denial that was in the state `former`.
    #[must_use]
    pub fn of(id: Uuid, former: &str, standing: &Standing) -> Self {
        Self {
            id,
            former: former.to_owned(),
            state: state(standing).to_owned(),
            settled_by: standing.settled_by,
            recovered_cents: standing.recovered.as_i64(),
            repeat_of: standing.repeat_of.unwrap_or_default(),
            repeats: i64::from(standing.times) - 1,
        }
    }
}

/// The state of a denial, as its column says it.
fn state(standing: &Standing) -> &'static str {
    match (standing.state, standing.outcome) {
        (EarlierState::Netted, _) => DENIAL_REVERSED,
        (EarlierState::Settled, Some(Outcome::Overturned)) => DENIAL_OVERTURNED,
        (EarlierState::Settled, Some(Outcome::Corrected)) => DENIAL_CORRECTED,
        (EarlierState::Settled, Some(Outcome::PartiallyOverturned)) => DENIAL_PARTIALLY_OVERTURNED,
        // The corrected adjudication refuses in the place of the one that was taken back.
        (EarlierState::Settled, Some(Outcome::Repeated)) if standing.taken_back => DENIAL_REVERSED,
        (EarlierState::Settled, Some(Outcome::Repeated)) => DENIAL_REPEATED,
        (EarlierState::Settled, Some(Outcome::Closed)) if standing.taken_back => DENIAL_REVERSED,
        (EarlierState::Settled, Some(Outcome::Closed)) => DENIAL_CLOSED,
        (EarlierState::Open | EarlierState::Settled, _) => DENIAL_OPEN,
    }
}

/// `INITIAL` or `REPEAT`.
#[must_use]
pub fn lineage(repeat_of: Uuid) -> &'static str {
    if repeat_of.is_nil() { "INITIAL" } else { "REPEAT" }
}

/// A denial as a verdict finds it.
#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    payer_id: Uuid,
    group_code: String,
    carc: String,
    state: String,
}

/// Writes verdicts over the states that were read; answers what they add to what is usual.
///
/// # Errors
/// [`Fault::Contended`] when somebody changed one meanwhile, or when the database fails.
pub async fn write(tx: &TenantTx, verdicts: &[Verdict]) -> Result<Counted, Fault> {
    let mut counted = Counted::default();
    for some in verdicts.chunks(LOCKED) {
        let these = Column::Id.is_in(some.iter().map(|verdict| verdict.id));
        let rows = tx.find::<Entity>().filter(these).order_by(Column::Id, Order::Asc).lock();
        let columns = [Column::Id, Column::PayerId, Column::GroupCode, Column::Carc, Column::State];
        let rows: Vec<Found> = rows.columns(columns).await?;
        let found: BTreeMap<Uuid, Found> = rows.into_iter().map(|row| (row.id, row)).collect();
        for verdict in some {
            let row = found.get(&verdict.id).filter(|row| row.state == verdict.former);
            let row = row.ok_or(Fault::Contended)?;
            let code = (row.payer_id, row.group_code.as_str(), row.carc.as_str());
            counted.moved(code, &verdict.former, &verdict.state);
        }
    }
    let rows = verdicts.iter().map(|verdict| ActiveModel {
        id: Set(verdict.id),
        state: Set(verdict.state.clone()),
        settled_by: Set(verdict.settled_by),
        recovered_cents: Set(verdict.recovered_cents),
        lineage: Set(lineage(verdict.repeat_of).to_owned()),
        repeat_of: Set(verdict.repeat_of),
        repeats: Set(verdict.repeats),
        ..Default::default()
    });
    let written = [
        Column::State,
        Column::SettledBy,
        Column::RecoveredCents,
        Column::Lineage,
        Column::RepeatOf,
        Column::Repeats,
    ];
    put(tx, rows.collect(), &written).await?;
    Ok(counted)
}

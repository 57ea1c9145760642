//! What is usual with payers: how much of a charge they allow, and how denials of their codes end.
//!
//! A row a payer and a row a payer and code, moved in the transaction that posts a claim or settles
//! a denial; nothing is ever counted again. What they are good for says `domain_work::priority`.
//!
//! Limits: a claim that the payer takes back later stays counted, with what it first allowed, and
//! so does its corrected adjudication; of secondary payers nothing is counted, for what they pay
//! says nothing of what they allow.

use std::collections::{BTreeMap, BTreeSet};

use domain::money::{BasisPoints, Cents};
use domain_work::priority::{Paid, Settled};
use platform::tenant_tx::TenantTx;
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

use crate::adjudications::{
    DENIAL_CLOSED, DENIAL_CORRECTED, DENIAL_OVERTURNED, DENIAL_PARTIALLY_OVERTURNED,
};
use crate::entity::{claim, usual_allowed, usual_outcome};
use crate::set;

/// CLP02 of claims that the payer processed as the primary one.
pub(crate) const PRIMARY: [&str; 2] = ["1", "19"];

/// A payer, a group code and a reason code.
type Code = (Uuid, String, String);

/// What is usual with some payers.
#[derive(Clone, Debug, Default)]
pub struct Usual {
    paid: BTreeMap<Uuid, Paid>,
    settled: BTreeMap<Code, Settled>,
}

/// What a transaction adds to what is usual.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Claims, charges and what was allowed of them.
    paid: BTreeMap<Uuid, [i64; 3]>,
    /// Settled denials, and twice those that were won.
    settled: BTreeMap<Code, [i64; 2]>,
}

impl Usual {
    /// What is known of these payers; nil is no payer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(tx: &TenantTx, payers: &BTreeSet<Uuid>) -> Result<Self, DbErr> {
        let payers = || payers.iter().copied().filter(|payer| !payer.is_nil());
        if payers().next().is_none() {
            return Ok(Self::default());
        }
        let these = usual_allowed::Column::PayerId.is_in(payers());
        let paid = tx.find::<usual_allowed::Entity>().filter(these).all().await?;
        let these = usual_outcome::Column::PayerId.is_in(payers());
        let settled = tx.find::<usual_outcome::Entity>().filter(these).all().await?;
        Ok(Self {
            paid: paid.into_iter().map(|row| (row.payer_id, Paid::from(&row))).collect(),
            settled: settled
                .into_iter()
                .map(|row| {
                    let settled = Settled::from(&row);
                    ((row.payer_id, row.group_code, row.carc), settled)
                })
                .collect(),
        })
    }

    /// What a payer paid.
    #[must_use]
    pub fn paid(&self, payer: Uuid) -> Paid {
        self.paid.get(&payer).copied().unwrap_or_default()
    }

    /// The share of a payer's denials of a code that comes back, and how many settled ones show it;
    /// nothing where too few do.
    #[must_use]
    pub fn rate(&self, payer: Uuid, group: &str, carc: &str) -> Option<(BasisPoints, u32)> {
        let settled = self.settled.get(&(payer, group.to_owned(), carc.to_owned()))?;
        Some((settled.rate()?, settled.denials))
    }
}

impl From<&usual_allowed::Model> for Paid {
    fn from(row: &usual_allowed::Model) -> Self {
        Self {
            claims: count(row.claims),
            charged: Cents::new(row.charged_cents),
            allowed: Cents::new(row.allowed_cents),
        }
    }
}

impl From<&usual_outcome::Model> for Settled {
    fn from(row: &usual_outcome::Model) -> Self {
        Self { denials: count(row.settled), won_halves: count(row.won_halves) }
    }
}

/// A binary that counts nothing may post beside one that does, so that a sum can begin below zero.
fn count(sum: i64) -> u32 {
    u32::try_from(sum.max(0)).unwrap_or(u32::MAX)
}

impl Counted {
    /// Counts a claim as it is posted, where it says what its payer allows: paid by the primary
    /// payer, and nothing refused.
    pub fn posted(&mut self, row: &claim::Model) {
        let allowed = row.paid_cents.saturating_add(row.patient_cents);
        let says = !row.payer_id.is_nil()
            && !row.reversal
            && PRIMARY.contains(&row.status.as_str())
            && row.denied_cents == 0
            && row.paid_cents > 0
            && (1..=row.charge_cents).contains(&allowed);
        if says {
            add(self.paid.entry(row.payer_id).or_default(), [1, row.charge_cents, allowed]);
        }
    }

    /// Counts that a denial of a payer, a group and a reason code went from one state to another;
    /// the first state of one that is new is empty.
    pub fn moved(&mut self, (payer, group, carc): (Uuid, &str, &str), from: &str, to: &str) {
        let ([settled, won], [now, won_now]) = (ended(from), ended(to));
        let more = [now - settled, won_now - won];
        if more != [0, 0] && !payer.is_nil() {
            let code = (payer, group.to_owned(), carc.to_owned());
            add(self.settled.entry(code).or_default(), more);
        }
    }

    /// Adds what something else counted.
    pub fn and(&mut self, more: Self) {
        for (payer, sums) in more.paid {
            add(self.paid.entry(payer).or_default(), sums);
        }
        for (code, sums) in more.settled {
            add(self.settled.entry(code).or_default(), sums);
        }
    }

    /// Writes it, rows by payer and code, as everybody does who moves several.
    ///
    /// Rows that every posting of a payer moves: as late as possible in a transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(self, tx: &TenantTx) -> Result<(), DbErr> {
        use usual_allowed::Column as Allowed;
        use usual_outcome::Column as Outcome;
        let paid = self.paid.into_iter().map(|(payer_id, [claims, charged, allowed])| {
            set::<usual_allowed::ActiveModel>(usual_allowed::Model {
                tenant_id: Uuid::nil(),
                payer_id,
                claims,
                charged_cents: charged,
                allowed_cents: allowed,
            })
        });
        let sums = [Allowed::Claims, Allowed::ChargedCents, Allowed::AllowedCents];
        tx.add_all(paid.collect(), &sums).await?;
        let settled = self.settled.into_iter().filter(|(_, sums)| *sums != [0, 0]);
        let settled = settled.map(|((payer_id, group_code, carc), [settled, won_halves])| {
            set::<usual_outcome::ActiveModel>(usual_outcome::Model {
                tenant_id: Uuid::nil(),
                payer_id,
                group_code,
                carc,
                settled,
                won_halves,
            })
        });
        tx.add_all(settled.collect(), &[Outcome::Settled, Outcome::WonHalves]).await
    }
}

fn add<const N: usize>(sums: &mut [i64; N], more: [i64; N]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum = sum.saturating_add(more);
    }
}

/// Whether a denial in this state is settled, and twice how much of it was won.
fn ended(state: &str) -> [i64; 2] {
    match state {
        DENIAL_OVERTURNED | DENIAL_CORRECTED => [1, 2],
        DENIAL_PARTIALLY_OVERTURNED => [1, 1],
        DENIAL_CLOSED => [1, 0],
        _ => [0, 0],
    }
}

//! Keeps history: what a posting denies is counted in the transaction that denies it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::deadline::{ClockEvent, ClockStarts, Evidence};
use domain::money::Cents;
use domain_governance::replay::Signature;
use platform::tenant_tx::TenantTx;
use sea_orm::{ActiveModelTrait, ActiveValue, DbErr};
use uuid::Uuid;

use crate::store::entity::year::{self, Column};
use crate::store::entity::{denial, signature};
use crate::store::key;

/// A denial as history keeps it.
#[derive(Clone, Debug)]
pub struct Denied {
    /// Its id in the ledger.
    pub id: Uuid,
    /// The facts it was decided on, without amount and date of service.
    pub signature: Signature,
    /// What was refused.
    pub amount: Cents,
    /// The date of service it was decided on.
    pub service_on: Option<NaiveDate>,
    /// Its days.
    pub days: Days,
}

/// The days from which the clocks of a claim run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The remittance's.
    pub remit_on: NaiveDate,
    /// The claim's date of service.
    pub service_on: Option<NaiveDate>,
    /// When the payer had the claim.
    pub payer_received_on: Option<NaiveDate>,
}

impl Days {
    /// The clocks that a remittance starts, or says have started.
    #[must_use]
    pub fn starts(&self) -> ClockStarts {
        let mut starts = ClockStarts::new()
            .with(ClockEvent::NoticeDate, self.remit_on, Evidence::Remittance)
            .with(ClockEvent::RequestDate, self.remit_on, Evidence::Remittance);
        if let Some(service_on) = self.service_on {
            starts = starts.with(ClockEvent::ServiceDate, service_on, Evidence::Remittance);
        }
        if let Some(received_on) = self.payer_received_on {
            starts = starts.with(ClockEvent::PayerReceipt, received_on, Evidence::Remittance);
        }
        starts
    }
}

impl From<&denial::Model> for Days {
    fn from(row: &denial::Model) -> Self {
        Self {
            remit_on: row.remit_on,
            service_on: row.claim_service_on,
            payer_received_on: row.payer_received_on,
        }
    }
}

/// Adds denials, each once in its life.
///
/// Counts are rows that every posting of a tenant moves, so this comes last in a transaction:
/// whoever moves them next waits until it ends.
///
/// # Errors
/// When the database fails, or knows one of the denials.
pub async fn fold(tx: &TenantTx, denied: Vec<Denied>) -> Result<(), DbErr> {
    let mut signatures: BTreeMap<Uuid, signature::ActiveModel> = BTreeMap::new();
    let mut years: BTreeMap<(Uuid, i32), [Counted; 12]> = BTreeMap::new();
    let mut denials = Vec::with_capacity(denied.len());
    for one in denied {
        let signature = key(&one.signature.key());
        let year = years.entry((signature, one.days.remit_on.year())).or_default();
        let month = &mut year[one.days.remit_on.month0() as usize];
        month.denials += 1;
        month.cents = month.cents.saturating_add(one.amount.as_i64());
        signatures.entry(signature).or_insert_with(|| {
            let encoded = one.signature.encoded().to_vec();
            signature::Model { tenant_id: Uuid::nil(), signature, encoded }.into()
        });
        let row = denial::Model {
            tenant_id: Uuid::nil(),
            denial_id: one.id,
            signature,
            remit_on: one.days.remit_on,
            denied_cents: one.amount.as_i64(),
            service_on: one.service_on,
            claim_service_on: one.days.service_on,
            payer_received_on: one.days.payer_received_on,
        };
        denials.push(denial::ActiveModel::from(row));
    }
    tx.insert_all(denials).await?;
    tx.add_all(signatures.into_values().collect(), &[]).await?;
    let years = years.into_iter().map(|((signature, year), months)| row(signature, year, months));
    let sums = [Column::DENIALS, Column::CENTS].concat();
    tx.add_all(years.collect(), &sums).await
}

/// What is counted of a month.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    denials: i64,
    cents: i64,
}

fn row(signature: Uuid, year: i32, months: [Counted; 12]) -> year::ActiveModel {
    let mut row = year::ActiveModel {
        signature: ActiveValue::Set(signature),
        year: ActiveValue::Set(year),
        ..Default::default()
    };
    for ((denials, cents), month) in Column::DENIALS.into_iter().zip(Column::CENTS).zip(months) {
        row.set(denials, month.denials.into());
        row.set(cents, month.cents.into());
    }
    row
}

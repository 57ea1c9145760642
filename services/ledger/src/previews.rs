//! What changes on trial did on live intake.

use domain_governance::preview::{Limits, Tally};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

pub use crate::entity::preview::Model as Preview;
use crate::entity::preview::{ActiveModel, Column, Entity};

/// The tally of a preview, once something was decided under it.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Preview>, DbErr> {
    tx.find::<Entity>().filter(Column::Id.eq(id)).one().await
}

/// Adds to a tally. Answers it when it is suspended: by this, or before.
///
/// # Errors
/// [`Fault::Contended`] when somebody added at the same time, or when the database fails.
pub async fn add(
    tx: &TenantTx,
    id: Uuid,
    more: Tally,
    limits: &Limits,
) -> Result<Option<Preview>, Fault> {
    let Some(held) = find(tx, id).await? else {
        let row = Preview {
            tenant_id: Uuid::nil(),
            id,
            decided: 0,
            diverged: 0,
            unmapped: 0,
            short: 0,
            suspended_words: String::new(),
            suspended_at: None,
            version: 1,
        };
        let row = row.with(tx, more, limits);
        let suspended = row.suspended_at.is_some().then(|| row.clone());
        if !tx.insert_if_absent(crate::set::<ActiveModel>(row)).await? {
            return Err(Fault::Contended);
        }
        return Ok(suspended);
    };
    if held.suspended_at.is_some() {
        return Ok(Some(held));
    }
    let row = held.clone().with(tx, more, limits);
    let written = tx
        .update::<Entity>()
        .set(Column::Decided, row.decided)
        .set(Column::Diverged, row.diverged)
        .set(Column::Unmapped, row.unmapped)
        .set(Column::Short, row.short)
        .set(Column::SuspendedWords, row.suspended_words.clone())
        .set(Column::SuspendedAt, row.suspended_at)
        .set(Column::Version, row.version + 1)
        .filter(Column::Id.eq(id).and(Column::Version.eq(held.version)))
        .exec()
        .await?;
    if written != 1 {
        return Err(Fault::Contended);
    }
    Ok(row.suspended_at.is_some().then_some(row))
}

impl Preview {
    /// Whether a limit was passed.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }

    fn with(self, tx: &TenantTx, more: Tally, limits: &Limits) -> Self {
        let (decided, diverged) = (self.decided, self.diverged);
        let tally = Tally { decided, diverged, unmapped: self.unmapped, short: self.short };
        let tally = tally.and(more);
        let words = tally.passes(limits);
        Self {
            decided: tally.decided,
            diverged: tally.diverged,
            unmapped: tally.unmapped,
            short: tally.short,
            suspended_at: words.is_some().then(|| tx.clock().now()),
            suspended_words: words.unwrap_or_default(),
            ..self
        }
    }
}

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

/// What adding to a tally did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It goes on.
    Running,
    /// It passed a limit by this, in words.
    Passed(String),
    /// It had passed one before, and counts nothing any more.
    Suspended,
}

/// Adds to a tally.
///
/// # Errors
/// [`Fault::Contended`] when somebody added at the same time, or when the database fails.
pub async fn add(tx: &TenantTx, id: Uuid, more: Tally, limits: &Limits) -> Result<Added, Fault> {
    let held = find(tx, id).await?;
    if held.as_ref().is_some_and(Preview::is_suspended) {
        return Ok(Added::Suspended);
    }
    let row = held.clone().unwrap_or_else(|| Preview::begun(id)).with(tx, more, limits);
    let added = match &row.suspended_at {
        Some(_) => Added::Passed(row.suspended_words.clone()),
        None => Added::Running,
    };
    let written = match held {
        Some(held) => update(tx, row, held.version).await?,
        None => tx.insert_if_absent(crate::set::<ActiveModel>(row)).await?,
    };
    if written { Ok(added) } else { Err(Fault::Contended) }
}

async fn update(tx: &TenantTx, row: Preview, former: i64) -> Result<bool, DbErr> {
    let written = tx
        .update::<Entity>()
        .set(Column::Decided, row.decided)
        .set(Column::Diverged, row.diverged)
        .set(Column::Unmapped, row.unmapped)
        .set(Column::Short, row.short)
        .set(Column::SuspendedWords, row.suspended_words)
        .set(Column::SuspendedAt, row.suspended_at)
        .set(Column::Version, former + 1)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    Ok(written == 1)
}

impl Preview {
    fn begun(id: Uuid) -> Self {
        Self {
            tenant_id: Uuid::nil(),
            id,
            decided: 0,
            diverged: 0,
            unmapped: 0,
            short: 0,
            suspended_words: String::new(),
            suspended_at: None,
            version: 1,
        }
    }

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

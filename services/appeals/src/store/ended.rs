//! How appeals ended: a narrow row for each entry of a decided appeal, for figures.

use chrono::NaiveDate;
use domain_appeals::state::State;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::ExprTrait;
use uuid::Uuid;

use super::{Document, Row};

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod end {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "appeals_ended")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub appeal_id: Uuid,
        /// Empty where no entry spoke for its denials.
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry: String,
        pub payer_id: Uuid,
        pub path: String,
        /// Slug and revision of its letter's template; empty where none was rendered.
        pub template: String,
        /// The documentation standards that it met, sorted, with commas.
        pub evidence: String,
        /// What the payer decided.
        pub kind: String,
        pub decided_on: Date,
        /// From the first filing to the decision.
        pub days: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use end::Model as Ended;
use end::{ActiveModel, Column, Entity};

/// Writes how an appeal ended, in the place of what was there; what is open again has no end.
pub(crate) async fn put_end(tx: &TenantTx, row: &Row, document: &Document) -> Result<(), Fault> {
    tx.delete::<Entity>().filter(Column::AppealId.eq(row.id)).exec().await?;
    let decided = document.outcome.as_ref().filter(|_| row.state().ok() == Some(State::Decided));
    let Some((decided, sent)) = decided.zip(document.submissions.first()) else { return Ok(()) };
    let mut wanted: Vec<&str> = document.wanted.iter().map(|it| it.standard.as_str()).collect();
    wanted.sort_unstable();
    let none = [String::new()];
    let entries = if document.entries.is_empty() { &none[..] } else { &document.entries };
    let rows = entries.iter().map(|entry| Ended {
        tenant_id: Uuid::nil(),
        appeal_id: row.id,
        entry: entry.clone(),
        payer_id: row.payer_id,
        path: row.path.clone(),
        template: document.template.clone(),
        evidence: wanted.join(","),
        kind: decided.kind.as_str().to_owned(),
        decided_on: decided.decided_on,
        days: (decided.decided_on - sent.filed_on).num_days(),
    });
    let rows: Vec<ActiveModel> = rows.map(Into::into).collect();
    Ok(tx.insert_all(rows).await?)
}

/// How appeals ended that were decided from one day to another.
pub(crate) async fn ended(
    tx: &TenantTx,
    from: NaiveDate,
    to: NaiveDate,
    limit: u64,
) -> Result<Vec<Ended>, Fault> {
    let these = Column::DecidedOn.gte(from).and(Column::DecidedOn.lte(to));
    Ok(tx.find::<Entity>().filter(these).limit(limit).all().await?)
}

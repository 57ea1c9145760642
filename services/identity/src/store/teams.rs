use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Order, Value};
use uuid::Uuid;

use super::entity::team::{ActiveModel, Column, Entity, Model};
use super::{Stamp, from_json, stamp, to_json};

/// A team; its owner functions are names of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Team {
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) display_name: String,
    pub(crate) owner_functions: Vec<String>,
    pub(crate) facility_ids: Vec<Uuid>,
    pub(crate) stamp: Stamp,
}

impl TryFrom<Model> for Team {
    type Error = Fault;

    fn try_from(row: Model) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            stamp: stamp!(row),
            slug: row.slug,
            display_name: row.display_name,
            owner_functions: from_json(&row.owner_functions)?,
            facility_ids: from_json(&row.facility_ids)?,
        })
    }
}

/// Stores a team; false when the slug is taken.
pub(crate) async fn insert(tx: &TenantTx, team: &Team) -> Result<bool, Fault> {
    let row = ActiveModel {
        tenant_id: Set(Uuid::nil()),
        id: Set(team.id),
        slug: Set(team.slug.clone()),
        display_name: Set(team.display_name.clone()),
        owner_functions: Set(to_json(&team.owner_functions)?),
        facility_ids: Set(to_json(&team.facility_ids)?),
        created_at: Set(team.stamp.created_at),
        updated_at: Set(team.stamp.updated_at),
        version: Set(team.stamp.version),
    };
    Ok(tx.insert_if_absent(row).await?)
}

/// A page by slug, after the slug `after`.
pub(crate) async fn page(
    tx: &TenantTx,
    after: Option<String>,
    limit: u64,
) -> Result<Vec<Team>, Fault> {
    let after = after.map(|slug| [Value::from(slug)]);
    let rows = tx
        .find::<Entity>()
        .keyset(&[(Column::Slug, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?;
    rows.into_iter().map(Team::try_from).collect()
}

/// How many of `ids` are teams of this tenant.
pub(crate) async fn count(tx: &TenantTx, ids: &[Uuid]) -> Result<u64, Fault> {
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(tx.find::<Entity>().filter(Column::Id.is_in(ids.iter().copied())).count().await?)
}

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Order, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::service_line::{ActiveModel, Column, Entity, Model};
use super::{Stamp, from_json, stamp, to_json};

/// A range of codes, compared as text, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CodeRange {
    pub(crate) first: String,
    pub(crate) last: String,
}

/// What a billed line must show; every list that is not empty must be met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) revenue_codes: Vec<CodeRange>,
    pub(crate) procedure_codes: Vec<CodeRange>,
    pub(crate) bill_types: Vec<String>,
}

/// A service line and its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceLine {
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) display_name: String,
    pub(crate) rules: Vec<Rule>,
    pub(crate) stamp: Stamp,
}

impl TryFrom<Model> for ServiceLine {
    type Error = Fault;

    fn try_from(row: Model) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            stamp: stamp!(row),
            slug: row.slug,
            display_name: row.display_name,
            rules: from_json(&row.rules)?,
        })
    }
}

/// Stores a service line; false when the slug is taken.
pub(crate) async fn insert(tx: &TenantTx, line: &ServiceLine) -> Result<bool, Fault> {
    let row = ActiveModel {
        tenant_id: Set(Uuid::nil()),
        id: Set(line.id),
        slug: Set(line.slug.clone()),
        display_name: Set(line.display_name.clone()),
        rules: Set(to_json(&line.rules)?),
        created_at: Set(line.stamp.created_at),
        updated_at: Set(line.stamp.updated_at),
        version: Set(line.stamp.version),
    };
    Ok(tx.insert_if_absent(row).await?)
}

/// A page by slug, after the slug `after`.
pub(crate) async fn page(
    tx: &TenantTx,
    after: Option<String>,
    limit: u64,
) -> Result<Vec<ServiceLine>, Fault> {
    let after = after.map(|slug| [Value::from(slug)]);
    let rows = tx
        .find::<Entity>()
        .keyset(&[(Column::Slug, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?;
    rows.into_iter().map(ServiceLine::try_from).collect()
}

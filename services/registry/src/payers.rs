//! Payers and their aliases.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::{payer, payer_alias};
use crate::alias::{Alias, AliasKind};

pub use payer::{Column as PayerColumn, Model as Payer};

/// An alias and the payer it belongs to.
#[derive(Clone, Debug)]
pub struct OwnedAlias {
    pub alias: Alias,
    pub payer: Uuid,
}

/// The payer with this id or slug.
pub async fn named(tx: &TenantTx, name: &str) -> Result<Option<Payer>, Fault> {
    let mut either = Condition::any().add(payer::Column::Slug.eq(name));
    if let Ok(id) = Uuid::try_parse(name) {
        either = either.add(payer::Column::Id.eq(id));
    }
    Ok(tx.find::<payer::Entity>().filter(either).one().await?)
}

/// The payers with these ids, by id.
pub async fn with_ids(tx: &TenantTx, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, Payer>, Fault> {
    let rows = tx.find::<payer::Entity>().filter(payer::Column::Id.is_in(ids)).all().await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The payers that meet `narrow` by slug, after `after`.
pub async fn page(
    tx: &TenantTx,
    narrow: Condition,
    after: Option<String>,
    limit: u64,
) -> Result<Vec<Payer>, Fault> {
    let after: Option<[Value; 1]> = after.map(|slug| [slug.into()]);
    Ok(tx
        .find::<payer::Entity>()
        .filter(narrow)
        .keyset(&[(payer::Column::Slug, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}

/// Id and display name of every payer.
pub async fn display_names(tx: &TenantTx) -> Result<Vec<(Uuid, String)>, Fault> {
    let rows = tx.find::<payer::Entity>().all().await?;
    Ok(rows.into_iter().map(|row| (row.id, row.display_name)).collect())
}

/// The slug of every payer.
pub async fn slugs(tx: &TenantTx) -> Result<Vec<String>, Fault> {
    let rows = tx.find::<payer::Entity>().all().await?;
    Ok(rows.into_iter().map(|row| row.slug).collect())
}

/// Stores a payer; false when its slug is in use.
pub async fn insert(tx: &TenantTx, row: Payer) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Notes that a payer changed.
pub async fn touch(tx: &TenantTx, id: Uuid) -> Result<(), Fault> {
    let next = Expr::col(payer::Column::Version).add(1);
    tx.update::<payer::Entity>()
        .set(payer::Column::Version, next)
        .set(payer::Column::UpdatedAt, tx.clock().now())
        .filter(payer::Column::Id.eq(id))
        .exec()
        .await?;
    Ok(())
}

/// Writes `row` over its `former` version; false when somebody else wrote meanwhile.
pub async fn update(tx: &TenantTx, row: &Payer, former: i64) -> Result<bool, Fault> {
    use payer::Column;
    let changed = tx
        .update::<payer::Entity>()
        .set(Column::DisplayName, row.display_name.clone())
        .set(Column::LineOfBusiness, row.line_of_business.clone())
        .set(Column::Network, row.network.clone())
        .set(Column::TimeZone, row.time_zone.clone())
        .set(Column::Version, row.version)
        .set(Column::UpdatedAt, row.updated_at)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    Ok(changed == 1)
}

/// Takes an alias away from a payer; false when it has none such.
pub async fn remove_alias(tx: &TenantTx, alias: &Alias, payer: Uuid) -> Result<bool, Fault> {
    use payer_alias::Column;
    let this = Column::Kind
        .eq(alias.kind.as_str())
        .and(Column::Normalized.eq(alias.normalized()))
        .and(Column::PayerId.eq(payer));
    Ok(tx.delete::<payer_alias::Entity>().filter(this).exec().await? == 1)
}

/// The event that says a payer changed.
pub fn changed(row: &Payer, kind: &'static str) -> Event {
    Event {
        kind,
        subject: row.id,
        revision: String::new(),
        payload: serde_json::json!({ "slug": row.slug }).to_string().into_bytes(),
    }
}

/// Gives an alias to a payer; false when some payer has it.
pub async fn insert_alias(tx: &TenantTx, alias: &Alias, payer: Uuid) -> Result<bool, Fault> {
    let row = payer_alias::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        kind: Set(alias.kind.as_str().to_owned()),
        normalized: Set(alias.normalized()),
        value: Set(alias.value.clone()),
        payer_id: Set(payer),
        created_at: Set(tx.clock().now()),
    };
    Ok(tx.insert_if_absent(row).await?)
}

/// The aliases of these payers, in a stable order.
pub async fn aliases_of(tx: &TenantTx, payers: Vec<Uuid>) -> Result<Vec<OwnedAlias>, Fault> {
    aliases(tx, payer_alias::Column::PayerId.is_in(payers).into()).await
}

/// Every name that is an alias.
pub async fn names(tx: &TenantTx) -> Result<Vec<OwnedAlias>, Fault> {
    aliases(tx, payer_alias::Column::Kind.eq(AliasKind::Name.as_str()).into()).await
}

/// Those of `wanted` that belong to some payer.
pub async fn known(tx: &TenantTx, wanted: &[Alias]) -> Result<Vec<OwnedAlias>, Fault> {
    let any = wanted.iter().fold(Condition::any(), |any, alias| {
        let kind = payer_alias::Column::Kind.eq(alias.kind.as_str());
        any.add(kind.and(payer_alias::Column::Normalized.eq(alias.normalized())))
    });
    aliases(tx, any).await
}

async fn aliases(tx: &TenantTx, narrow: Condition) -> Result<Vec<OwnedAlias>, Fault> {
    tx.find::<payer_alias::Entity>()
        .filter(narrow)
        .order_by(payer_alias::Column::Kind, Order::Asc)
        .order_by(payer_alias::Column::Normalized, Order::Asc)
        .all()
        .await?
        .into_iter()
        .map(|row| {
            let kind = AliasKind::parse(&row.kind)
                .ok_or(Fault::Broken("a stored alias is of no known kind"))?;
            Ok(OwnedAlias { alias: Alias { kind, value: row.value }, payer: row.payer_id })
        })
        .collect()
}

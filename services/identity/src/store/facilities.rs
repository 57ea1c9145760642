use std::collections::BTreeMap;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SimpleExpr, Value};
use uuid::Uuid;

use super::entity::facility::{ActiveModel, Column, Entity, Model};
use super::entity::{facility_npi, facility_tax_id};
use super::{Stamp, stamp};

/// A facility with its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facility {
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) display_name: String,
    pub(crate) npis: Vec<String>,
    pub(crate) tax_ids: Vec<String>,
    pub(crate) ccn: String,
    pub(crate) state_code: String,
    pub(crate) time_zone: String,
    pub(crate) stamp: Stamp,
}

/// What of a facility was in use already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    Slug,
    Npi,
}

/// Stores a facility and its numbers, or says what is taken.
pub(crate) async fn insert(tx: &TenantTx, facility: &Facility) -> Result<Option<Taken>, Fault> {
    let row = ActiveModel {
        tenant_id: Set(Uuid::nil()),
        id: Set(facility.id),
        slug: Set(facility.slug.clone()),
        display_name: Set(facility.display_name.clone()),
        ccn: Set(facility.ccn.clone()),
        state_code: Set(facility.state_code.clone()),
        time_zone: Set(facility.time_zone.clone()),
        created_at: Set(facility.stamp.created_at),
        updated_at: Set(facility.stamp.updated_at),
        version: Set(facility.stamp.version),
    };
    if !tx.insert_if_absent(row).await? {
        return Ok(Some(Taken::Slug));
    }
    for npi in &facility.npis {
        let row = facility_npi::ActiveModel {
            tenant_id: Set(Uuid::nil()),
            npi: Set(npi.clone()),
            facility_id: Set(facility.id),
        };
        if !tx.insert_if_absent(row).await? {
            return Ok(Some(Taken::Npi));
        }
    }
    let rows = facility.tax_ids.iter().map(|tax_id| facility_tax_id::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        tax_id: Set(tax_id.clone()),
        facility_id: Set(facility.id),
    });
    tx.insert_all(rows.collect()).await?;
    Ok(None)
}

/// What names one facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Id(Uuid),
    Slug(String),
}

/// One facility.
pub(crate) async fn find(tx: &TenantTx, name: &Name) -> Result<Option<Facility>, Fault> {
    let condition = match name {
        Name::Id(id) => Column::Id.eq(*id),
        Name::Slug(slug) => Column::Slug.eq(slug.as_str()),
    };
    let rows = tx.find::<Entity>().filter(condition).limit(1).all().await?;
    Ok(with_numbers(tx, rows).await?.pop())
}

/// A page by slug, after the slug `after`.
pub(crate) async fn page(
    tx: &TenantTx,
    narrow: Condition,
    after: Option<String>,
    limit: u64,
) -> Result<Vec<Facility>, Fault> {
    let after = after.map(|slug| [Value::from(slug)]);
    let rows = tx
        .find::<Entity>()
        .filter(narrow)
        .keyset(&[(Column::Slug, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?;
    with_numbers(tx, rows).await
}

/// How many of `ids` are facilities of this tenant.
pub(crate) async fn count(tx: &TenantTx, ids: &[Uuid]) -> Result<u64, Fault> {
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(tx.find::<Entity>().filter(Column::Id.is_in(ids.iter().copied())).count().await?)
}

async fn with_numbers(tx: &TenantTx, rows: Vec<Model>) -> Result<Vec<Facility>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut npis: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    let found = tx
        .find::<facility_npi::Entity>()
        .filter(facility_npi::Column::FacilityId.is_in(ids.iter().copied()))
        .order_by(facility_npi::Column::Npi, Order::Asc);
    for row in found.all().await? {
        npis.entry(row.facility_id).or_default().push(row.npi);
    }
    let mut tax_ids: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    let found = tx
        .find::<facility_tax_id::Entity>()
        .filter(facility_tax_id::Column::FacilityId.is_in(ids))
        .order_by(facility_tax_id::Column::TaxId, Order::Asc);
    for row in found.all().await? {
        tax_ids.entry(row.facility_id).or_default().push(row.tax_id);
    }
    let join = |row: Model| Facility {
        npis: npis.remove(&row.id).unwrap_or_default(),
        tax_ids: tax_ids.remove(&row.id).unwrap_or_default(),
        stamp: stamp!(row),
        id: row.id,
        slug: row.slug,
        display_name: row.display_name,
        ccn: row.ccn,
        state_code: row.state_code,
        time_zone: row.time_zone,
    };
    Ok(rows.into_iter().map(join).collect())
}

/// The facilities with that slug.
pub(crate) fn slug_is(slug: &str) -> SimpleExpr {
    Column::Slug.eq(slug)
}

/// The facilities with that CCN.
pub(crate) fn ccn_is(ccn: &str) -> SimpleExpr {
    Column::Ccn.eq(ccn)
}

/// The facilities with that NPI.
pub(crate) fn has_npi(npi: &str) -> SimpleExpr {
    use facility_npi::{Column as Npi, Entity as Npis};
    let mut same = Query::select();
    same.column(Npi::FacilityId)
        .from(Npis)
        .and_where(Expr::col((Npis, Npi::TenantId)).equals((Entity, Column::TenantId)))
        .and_where(Expr::col((Npis, Npi::Npi)).eq(npi));
    Expr::col((Entity, Column::Id)).in_subquery(same)
}

/// The facilities with that tax id.
pub(crate) fn has_tax_id(tax_id: &str) -> SimpleExpr {
    use facility_tax_id::{Column as TaxId, Entity as TaxIds};
    let mut same = Query::select();
    same.column(TaxId::FacilityId)
        .from(TaxIds)
        .and_where(Expr::col((TaxIds, TaxId::TenantId)).equals((Entity, Column::TenantId)))
        .and_where(Expr::col((TaxIds, TaxId::TaxId)).eq(tax_id));
    Expr::col((Entity, Column::Id)).in_subquery(same)
}

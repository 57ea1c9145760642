//! Releases as they were imported: a tenant's own with its codes, and those for everybody.

use std::collections::BTreeMap;

use sea_orm::ActiveModelTrait;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use sea_orm::{ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::ListedCode;
use super::entity::{own_code, own_release, published_release};

pub(crate) use own_release::Model as Release;

/// The queries of releases of one kind, which [`TenantTx`] reads with `$read`.
macro_rules! releases {
    ($(#[$meta:meta])* $kind:ident, $entity:ident, $read:ident) => {
        $(#[$meta])*
        pub(crate) mod $kind {
            use super::*;
            use super::$entity::{ActiveModel, Column, Entity, Model};

            /// The newest of a set.
            pub(crate) async fn newest(
                tx: &TenantTx,
                code_set: &str,
            ) -> Result<Option<Release>, Fault> {
                let of = Column::CodeSet.eq(code_set);
                let newest = [(Column::ReleasedOn, Order::Desc), (Column::Id, Order::Desc)];
                let find = tx.$read::<Entity>().filter(of).keyset(&newest, None).limit(1);
                Ok(find.one().await?.map(Into::into))
            }

            /// The newest of each set.
            pub(crate) async fn newest_of_each(
                tx: &TenantTx,
            ) -> Result<BTreeMap<String, Release>, Fault> {
                let oldest = [(Column::ReleasedOn, Order::Asc), (Column::Id, Order::Asc)];
                let all = tx.$read::<Entity>().keyset(&oldest, None).all().await?;
                let all = all.into_iter().map(Release::from);
                Ok(all.map(|release| (release.code_set.clone(), release)).collect())
            }

            /// The one with this id.
            pub(crate) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Release>, Fault> {
                let this = Column::Id.eq(id);
                Ok(tx.$read::<Entity>().filter(this).one().await?.map(Into::into))
            }

            /// The one of a set with this number.
            pub(crate) async fn numbered(
                tx: &TenantTx,
                code_set: &str,
                number: i64,
            ) -> Result<Option<Release>, Fault> {
                let this = Column::CodeSet.eq(code_set).and(Column::Number.eq(number));
                Ok(tx.$read::<Entity>().filter(this).one().await?.map(Into::into))
            }

            /// The number of the last one of a set; 0 before there is one.
            pub(crate) async fn last_number(tx: &TenantTx, code_set: &str) -> Result<i64, Fault> {
                let of = tx.$read::<Entity>().filter(Column::CodeSet.eq(code_set));
                let last = of.order_by(Column::Number, Order::Desc).limit(1).one().await?;
                Ok(last.map_or(0, |last| last.number))
            }

            /// Those of a set, or of all, the newest import first, before `before`.
            pub(crate) async fn page(
                tx: &TenantTx,
                code_set: &str,
                before: Option<Uuid>,
                limit: u64,
            ) -> Result<Vec<Release>, Fault> {
                let before: Option<[Value; 1]> = before.map(|id| [id.into()]);
                let mut narrow = Condition::all();
                if !code_set.is_empty() {
                    narrow = narrow.add(Column::CodeSet.eq(code_set));
                }
                let rows = tx
                    .$read::<Entity>()
                    .filter(narrow)
                    .keyset(&[(Column::Id, Order::Desc)], before.as_ref().map(|id| id.as_slice()))
                    .limit(limit)
                    .all()
                    .await?;
                Ok(rows.into_iter().map(Into::into).collect())
            }

            /// Stores one; false when somebody else has its number.
            pub(crate) async fn insert(tx: &TenantTx, release: Release) -> Result<bool, Fault> {
                let row: ActiveModel = Model::from(release).into_active_model().reset_all();
                Ok(tx.insert_if_absent(row).await?)
            }
        }
    };
}

releases! {
    /// The tenant's own.
    own, own_release, find
}
releases! {
    /// Those for everybody.
    published, published_release, reference
}

/// One row is written as the other's twin: both tables have the same columns.
macro_rules! twins {
    ($from:ty => $to:ident: $($column:ident)+) => {
        impl From<$from> for $to::Model {
            fn from(row: $from) -> Self {
                Self { $($column: row.$column),+ }
            }
        }
    };
    ($($column:ident)+) => {
        twins!(own_release::Model => published_release: $($column)+);
        twins!(published_release::Model => own_release: $($column)+);
    };
}

twins! {
    tenant_id id code_set number released_on source previous code_count added_count reworded_count
    stopping_count stopped_count reactivated_count amended_count imported_by imported_at
}

/// Stores the codes of one of the tenant's own.
pub(crate) async fn insert_codes(
    tx: &TenantTx,
    release: Uuid,
    codes: &[ListedCode],
) -> Result<(), Fault> {
    let mut rows = Vec::with_capacity(codes.len());
    for listed in codes {
        rows.push(own_code::ActiveModel {
            tenant_id: Set(Uuid::nil()),
            release_id: Set(release),
            code: Set(listed.code.code.clone()),
            position: Set(listed.position),
            effect: Set(listed.effect.clone()),
            content: Set(super::written(&listed.code)?),
        });
    }
    Ok(tx.insert_all(rows).await?)
}

/// The codes of one of the tenant's own in the order of the set, after the place `after`.
pub(crate) async fn codes(
    tx: &TenantTx,
    release: Uuid,
    code_set: &str,
    after: i32,
) -> Result<Vec<ListedCode>, Fault> {
    use own_code::Column;
    let these = Column::ReleaseId.eq(release).and(Column::Position.gt(after));
    let find = tx.find::<own_code::Entity>().filter(these);
    let rows = find.order_by(Column::Position, Order::Asc).all().await?;
    rows.into_iter().map(|row| listed(row, code_set)).collect()
}

/// The code of one of the tenant's own under one of its spellings.
pub(crate) async fn code(
    tx: &TenantTx,
    release: Uuid,
    code_set: &str,
    spellings: Vec<String>,
) -> Result<Option<ListedCode>, Fault> {
    use own_code::Column;
    let this = Column::ReleaseId.eq(release).and(Column::Code.is_in(spellings));
    let row = tx.find::<own_code::Entity>().filter(this).one().await?;
    row.map(|row| listed(row, code_set)).transpose()
}

fn listed(row: own_code::Model, code_set: &str) -> Result<ListedCode, Fault> {
    let (code, code_set) = (super::read(&row.content)?, code_set.to_owned());
    Ok(ListedCode { code_set, position: row.position, effect: row.effect, code })
}

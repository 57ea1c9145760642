//! Reference rows of one release, the same for every tenant.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait, Order};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};

use platform::rejection::Fault;
use platform::tenant_tx::{OperatorTx, TenantTx};

use super::ListedCode;
use super::entity::{code, code_set};

pub(crate) use code_set::Model as CodeSet;

/// Whether the release was published; it is published as a whole or not at all.
pub(crate) async fn is_published(tx: &OperatorTx, release: &str) -> Result<bool, Fault> {
    let any = tx.reference::<code_set::Entity>().filter(code_set::Column::Release.eq(release));
    Ok(any.limit(1).one().await?.is_some())
}

/// Publishes a release.
pub(crate) async fn publish(
    tx: &OperatorTx,
    release: &str,
    sets: &[CodeSet],
    codes: &[ListedCode],
) -> Result<(), Fault> {
    let sets = sets.iter().map(|set| set.clone().into_active_model().reset_all());
    tx.publish(sets.collect()).await?;
    let mut rows = Vec::with_capacity(codes.len());
    for listed in codes {
        rows.push(code::ActiveModel {
            release: Set(release.to_owned()),
            code_set: Set(listed.code_set.clone()),
            code: Set(listed.code.code.clone()),
            position: Set(listed.position),
            effect: Set(listed.effect.clone()),
            content: Set(super::written(&listed.code)?),
        });
    }
    Ok(tx.publish(rows).await?)
}

/// The sets of a release.
pub(crate) async fn sets(tx: &TenantTx, release: &str) -> Result<Vec<CodeSet>, Fault> {
    let of = code_set::Column::Release.eq(release);
    Ok(tx.reference::<code_set::Entity>().filter(of).all().await?)
}

/// Whether the release has a set of this slug.
pub(crate) async fn has_set(tx: &TenantTx, release: &str, slug: &str) -> Result<bool, Fault> {
    let this = code_set::Column::Release.eq(release).and(code_set::Column::Slug.eq(slug));
    Ok(tx.reference::<code_set::Entity>().filter(this).one().await?.is_some())
}

/// The codes of a set in its order, after the place `after`.
pub(crate) async fn codes(
    tx: &TenantTx,
    release: &str,
    slug: &str,
    after: i32,
) -> Result<Vec<ListedCode>, Fault> {
    tx.reference::<code::Entity>()
        .filter(code::Column::Release.eq(release).and(code::Column::CodeSet.eq(slug)))
        .filter(code::Column::Position.gt(after))
        .order_by(code::Column::Position, Order::Asc)
        .all()
        .await?
        .into_iter()
        .map(listed)
        .collect()
}

/// The code of a set under one of its spellings.
pub(crate) async fn code(
    tx: &TenantTx,
    release: &str,
    slug: &str,
    spellings: Vec<String>,
) -> Result<Option<ListedCode>, Fault> {
    tx.reference::<code::Entity>()
        .filter(code::Column::Release.eq(release).and(code::Column::CodeSet.eq(slug)))
        .filter(code::Column::Code.is_in(spellings))
        .one()
        .await?
        .map(listed)
        .transpose()
}

fn listed(row: code::Model) -> Result<ListedCode, Fault> {
    let code = super::read(&row.content)?;
    Ok(ListedCode { code_set: row.code_set, position: row.position, effect: row.effect, code })
}

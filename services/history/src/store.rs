//! Rows of history, each query a function that takes the tenant's transaction.

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod entity;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::dictionary::ContentHash;
use domain::money::Cents;
use domain_governance::replay::{Signature, Span, Tally};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Order, SimpleExpr};
use sea_orm::{ColumnTrait, FromQueryResult};
use uuid::Uuid;

use crate::FromTo;
use entity::{denial, replay, signature, year};

/// Values a look-up binds at most.
const AT_ONCE: usize = 5_000;

/// How rows name a signature: by the first half of its hash.
pub(crate) fn key(hash: &ContentHash) -> Uuid {
    let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
    Uuid::from_bytes(*first)
}

/// A signature and what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) key: Uuid,
    pub(crate) encoded: Vec<u8>,
    pub(crate) denials: u64,
    pub(crate) cents: i64,
}

impl Counted {
    pub(crate) fn tally(&self) -> Tally {
        Tally::of(self.denials, Cents::new(self.cents))
    }
}

/// Reads a stored signature.
pub(crate) fn decoded(encoded: &[u8]) -> Result<Signature, Fault> {
    Signature::decode(encoded).map_err(|_| Fault::Broken("a stored signature does not decode"))
}

/// The signatures with denials in the span after the one with a key, in order of keys.
pub(crate) async fn signatures(
    tx: &TenantTx,
    span: Span,
    mut after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Counted>, Fault> {
    loop {
        let mut sums = sums(tx, span, after, limit).await?;
        let (Some((first, ..)), Some((last, ..))) = (sums.first(), sums.last()) else {
            return Ok(Vec::new());
        };
        let within = signature::Column::Signature.between(*first, *last);
        after = Some(*last);
        // Those that have denials in other months of these years alone.
        sums.retain(|(_, denials, _)| *denials != 0);
        if sums.is_empty() {
            continue;
        }
        let mut known = encodings(tx, within).await?.into_iter();
        let counted = sums.into_iter().map(|(key, denials, cents)| {
            let found = known.find(|one| one.signature == key);
            let Encoded { encoded, .. } =
                found.ok_or(Fault::Broken("a counted signature is missing"))?;
            Ok(Counted { key, encoded, denials: denials.unsigned_abs(), cents })
        });
        return counted.collect();
    }
}

/// What signatures count in the span, also nothing where they count something in its years.
async fn sums(
    tx: &TenantTx,
    span: Span,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(Uuid, i64, i64)>, Fault> {
    let [first, last] = [span.first, span.last].map(|month| month.number() / 100);
    let mut find = tx.find::<year::Entity>().filter(year::Column::Year.between(first, last));
    if let Some(after) = after {
        find = find.filter(year::Column::Signature.gt(after));
    }
    let find = find.order_by(year::Column::Signature, Order::Asc).limit(limit);
    let of = [year::Column::DENIALS, year::Column::CENTS].map(|months| within(span, months));
    Ok(find.sums::<Uuid>(year::Column::Signature, of).await?)
}

/// The months of a year's row that belong to the span, added up.
fn within(span: Span, months: [year::Column; 12]) -> SimpleExpr {
    let [first, last] = [span.first, span.last].map(|month| month.number());
    let of = |year: i32| {
        let within = |month: &i32| (first..=last).contains(&(year * 100 + month));
        let columns = (1..=12).zip(months).filter(|(month, _)| within(month));
        columns.map(|(_, column)| column.into_expr()).reduce(ExprTrait::add)
    };
    // The years between the first and the last are whole.
    let mut cases = CaseStatement::new();
    for year in [first / 100, last / 100] {
        cases = cases.case(year::Column::Year.eq(year), of(year).unwrap_or_else(|| Expr::val(0)));
    }
    let whole = months.into_iter().map(|column| column.into_expr()).reduce(ExprTrait::add);
    cases.finally(whole.unwrap_or_else(|| Expr::val(0))).into()
}

/// The signatures with these keys.
pub(crate) async fn with_keys(
    tx: &TenantTx,
    keys: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, Signature>, Fault> {
    let keys: Vec<Uuid> = keys.into_iter().collect();
    let mut found = BTreeMap::new();
    for some in keys.chunks(AT_ONCE) {
        let these = signature::Column::Signature.is_in(some.iter().copied());
        for one in encodings(tx, these).await? {
            found.insert(one.signature, decoded(&one.encoded)?);
        }
    }
    Ok(found)
}

#[derive(Debug, FromQueryResult)]
struct Encoded {
    signature: Uuid,
    encoded: Vec<u8>,
}

/// Canonical forms, in order of keys.
async fn encodings(tx: &TenantTx, these: SimpleExpr) -> Result<Vec<Encoded>, Fault> {
    use signature::Column;
    let find = tx.find::<signature::Entity>().filter(these);
    let find = find.order_by(Column::Signature, Order::Asc);
    Ok(find.columns([Column::Signature, Column::Encoded]).await?)
}

fn of(signatures: &[Uuid], days: FromTo) -> SimpleExpr {
    use denial::Column;
    Column::Signature
        .is_in(signatures.iter().copied())
        .and(Column::RemitOn.between(days[0], days[1]))
}

/// Every denial of these signatures from one day to another, signature by signature.
pub(crate) async fn denials_of(
    tx: &TenantTx,
    signatures: &[Uuid],
    days: FromTo,
) -> Result<Vec<denial::Model>, Fault> {
    let mut rows = tx.find::<denial::Entity>().filter(of(signatures, days)).all().await?;
    rows.sort_unstable_by_key(|row| row.signature);
    Ok(rows)
}

/// The denials of one signature after `after`, by day and id.
pub(crate) async fn denials_after(
    tx: &TenantTx,
    signature: Uuid,
    days: FromTo,
    after: Option<(NaiveDate, Uuid)>,
    limit: u64,
) -> Result<Vec<denial::Model>, Fault> {
    use denial::Column;
    // The day itself too: a database finds its place by it, and not by a choice of days and ids.
    let from = after.map_or(days[0], |(day, _)| day);
    let after = after.map(|(day, id)| [day.into(), id.into()]);
    let order = [(Column::RemitOn, Order::Asc), (Column::DenialId, Order::Asc)];
    Ok(tx
        .find::<denial::Entity>()
        .filter(Column::Signature.eq(signature).and(Column::RemitOn.between(from, days[1])))
        .keyset(&order, after.as_ref().map(|after| after.as_slice()))
        .limit(limit)
        .all()
        .await?)
}

/// The denials with these ids.
pub(crate) async fn denials(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<denial::Model>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let these = denial::Column::DenialId.is_in(some.iter().copied());
        found.extend(tx.find::<denial::Entity>().filter(these).all().await?);
    }
    Ok(found)
}

/// The latest denial of a signature from one day to another.
pub(crate) async fn latest(
    tx: &TenantTx,
    signature: Uuid,
    days: FromTo,
) -> Result<Option<Uuid>, Fault> {
    let find = tx
        .find::<denial::Entity>()
        .filter(of(&[signature], days))
        .order_by(denial::Column::RemitOn, Order::Desc)
        .order_by(denial::Column::DenialId, Order::Desc);
    Ok(find.one().await?.map(|row| row.denial_id))
}

/// The replay with this id.
pub(crate) async fn replay(tx: &TenantTx, id: Uuid) -> Result<Option<replay::Model>, Fault> {
    Ok(tx.find::<replay::Entity>().filter(replay::Column::Id.eq(id)).one().await?)
}

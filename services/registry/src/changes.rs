//! Change requests, what was said about them, and the ledger of their votes.

use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;

use super::entity::{change_request, comment, review};

pub use change_request::{Column as ChangeColumn, Model as Change};
pub use comment::Model as Comment;
pub use review::Model as Vote;

/// Most comments that a change shows.
pub const COMMENTS_MAX: u64 = 1_000;

/// The change request with this id.
pub async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Change>, Fault> {
    let this = change_request::Column::Id.eq(id);
    Ok(tx.find::<change_request::Entity>().filter(this).one().await?)
}

/// The number after the last one.
pub async fn next_number(tx: &TenantTx) -> Result<i64, Fault> {
    let last = tx
        .find::<change_request::Entity>()
        .order_by(change_request::Column::Number, Order::Desc)
        .limit(1)
        .one()
        .await?;
    Ok(last.map_or(1, |last| last.number + 1))
}

/// Change requests that meet `narrow`, the newest first, before the number `before`.
pub async fn page(
    tx: &TenantTx,
    narrow: Condition,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Change>, Fault> {
    let before: Option<[Value; 1]> = before.map(|number| [number.into()]);
    Ok(tx
        .find::<change_request::Entity>()
        .filter(narrow)
        .keyset(
            &[(change_request::Column::Number, Order::Desc)],
            before.as_ref().map(<[Value; 1]>::as_slice),
        )
        .limit(limit)
        .all()
        .await?)
}

/// The scheduled change that becomes active first.
pub async fn next(tx: &TenantTx) -> Result<Option<Change>, Fault> {
    Ok(tx
        .find::<change_request::Entity>()
        .filter(change_request::Column::State.eq("scheduled"))
        .order_by(change_request::Column::ActivateAt, Order::Asc)
        .limit(1)
        .one()
        .await?)
}

/// Changes from a source that are not over.
pub async fn open_of(tx: &TenantTx, source: &str) -> Result<Vec<Change>, Fault> {
    use change_request::Column;
    let over = Column::State.is_in(["activated", "rejected", "withdrawn"]);
    let open = Column::Source.eq(source).and(over.not());
    Ok(tx.find::<change_request::Entity>().filter(open).all().await?)
}

/// Whether there ever was a change from this.
pub async fn was_drafted(tx: &TenantTx, source: &str, id: Uuid) -> Result<bool, Fault> {
    use change_request::Column;
    let this = Column::Source.eq(source).and(Column::SourceId.eq(id.to_string()));
    Ok(tx.find::<change_request::Entity>().filter(this).limit(1).one().await?.is_some())
}

/// Changes whose approval hangs on the committee: in review, approved, or active and perhaps not
/// ratified yet.
pub async fn before_the_committee(tx: &TenantTx) -> Result<Vec<Change>, Fault> {
    let waiting = change_request::Column::State.is_in(["in_review", "approved"]);
    // The last one that was activated is the only one that can be active in emergency.
    let mut changes = tx.find::<change_request::Entity>().filter(waiting).all().await?;
    let active = change_request::Column::State.eq("activated");
    let last = tx
        .find::<change_request::Entity>()
        .filter(active)
        .order_by(change_request::Column::UpdatedAt, Order::Desc)
        .limit(1)
        .one()
        .await?;
    changes.extend(last);
    Ok(changes)
}

/// Stores a new one; false when its number was taken meanwhile.
pub async fn insert(tx: &TenantTx, row: Change) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

/// Writes `row` over its `former` version; false when somebody else wrote meanwhile.
pub async fn update(tx: &TenantTx, row: &Change, former: i64) -> Result<bool, Fault> {
    use change_request::Column;
    let this = Column::Id.eq(row.id).and(Column::Version.eq(former));
    let changed = tx
        .update::<change_request::Entity>()
        .set(Column::Title, row.title.clone())
        .set(Column::Reason, row.reason.clone())
        .set(Column::State, row.state.clone())
        .set(Column::BaseRevision, row.base_revision.clone())
        .set(Column::ResultHash, row.result_hash.clone())
        .set(Column::Sections, row.sections.clone())
        .set(Column::Edits, row.edits.clone())
        .set(Column::Ballot, row.ballot.clone())
        .set(Column::ContentVersion, row.content_version)
        .set(Column::ActivateAt, row.activate_at)
        .set(Column::UpdatedAt, row.updated_at)
        .set(Column::Version, row.version)
        .filter(this)
        .exec()
        .await?;
    Ok(changed == 1)
}

/// Stores something said.
pub async fn comment(tx: &TenantTx, row: Comment) -> Result<(), Fault> {
    tx.insert_all(vec![row.into_active_model().reset_all()]).await?;
    Ok(())
}

/// What was said about some changes, the oldest first.
pub async fn comments(tx: &TenantTx, changes: Vec<Uuid>) -> Result<Vec<Comment>, Fault> {
    Ok(tx
        .find::<comment::Entity>()
        .filter(comment::Column::ChangeRequestId.is_in(changes))
        .order_by(comment::Column::Id, Order::Asc)
        .all()
        .await?)
}

/// How many comments a change has.
pub async fn count_comments(tx: &TenantTx, change: Uuid) -> Result<u64, Fault> {
    let of = comment::Column::ChangeRequestId.eq(change);
    Ok(tx.find::<comment::Entity>().filter(of).count().await?)
}

/// Enters a vote into the ledger; false when its seat has spoken on this version of the change.
pub async fn vote(tx: &TenantTx, row: Vote) -> Result<bool, Fault> {
    Ok(tx.insert_if_absent(row.into_active_model().reset_all()).await?)
}

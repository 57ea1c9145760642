//! Questions to other departments.

use domain_work::clarification::ClarificationState;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use uuid::Uuid;

use super::entity::clarification;

pub(crate) use clarification::{Column as ClarificationColumn, Model as ClarificationRow};

/// Where it stands.
pub(crate) fn state(row: &ClarificationRow) -> Result<ClarificationState, Fault> {
    ClarificationState::parse(&row.state).ok_or(Fault::Broken("a clarification has no such state"))
}

/// Codes as their column holds them, so that one of them is found: ` 16 197 `.
pub(crate) fn codes<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::from(" ");
    for code in codes.filter(|code| !code.is_empty()) {
        if !text.contains(&format!(" {code} ")) {
            text.push_str(code);
            text.push(' ');
        }
    }
    text
}

/// Those that say something of a code.
pub(crate) fn of_code(code: &str) -> Condition {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Condition::all().add(ClarificationColumn::Codes.like(format!("% {code} %")))
}

/// Keeps a question.
pub(crate) async fn ask(tx: &TenantTx, row: ClarificationRow) -> Result<ClarificationRow, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}

/// The item of the one with this id.
pub(crate) async fn item_of(tx: &TenantTx, id: Uuid) -> Result<Uuid, Fault> {
    let this = tx.find::<clarification::Entity>().filter(ClarificationColumn::Id.eq(id));
    Ok(this.one().await?.ok_or(Fault::NotFound)?.work_item_id)
}

/// The one with this id, as its caller last read it; its item is locked before.
pub(crate) async fn read(tx: &TenantTx, id: Uuid, etag: &str) -> Result<ClarificationRow, Fault> {
    let row = tx.find::<clarification::Entity>().filter(ClarificationColumn::Id.eq(id)).lock();
    let row = row.one().await?.ok_or(Fault::NotFound)?;
    if row.version.to_string() == etag { Ok(row) } else { Err(Fault::StaleEtag) }
}

/// Writes one over the version that was read.
pub(crate) async fn write(tx: &TenantTx, row: ClarificationRow) -> Result<ClarificationRow, Fault> {
    use ClarificationColumn as Column;
    let former = row.version;
    let row = ClarificationRow { version: former + 1, updated_at: tx.clock().now(), ..row };
    let written = tx
        .update::<clarification::Entity>()
        .set(Column::State, row.state.clone())
        .set(Column::Answer, row.answer.clone())
        .set(Column::DueOn, row.due_on)
        .set(Column::AnsweredBy, row.answered_by.clone())
        .set(Column::AnsweredAt, row.answered_at)
        .set(Column::Version, row.version)
        .set(Column::UpdatedAt, row.updated_at)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    if written == 1 { Ok(row) } else { Err(Fault::Contended) }
}

/// Those of an item for which an answer is owed, by id.
pub(crate) async fn owed(tx: &TenantTx, items: &[Uuid]) -> Result<Vec<ClarificationRow>, Fault> {
    use ClarificationColumn as Column;
    let all = ClarificationState::ALL.iter().filter(|state| state.is_owed());
    let owed = Column::State.is_in(all.map(|state| state.as_str()));
    let mut rows = Vec::new();
    for some in items.chunks(1_000) {
        let these = Column::WorkItemId.is_in(some.iter().copied()).and(owed.clone());
        let these = tx.find::<clarification::Entity>().filter(these);
        rows.append(&mut these.order_by(Column::Id, Order::Asc).lock().all().await?);
    }
    Ok(rows)
}

/// Those that a filter wants, the newest first, before the one named `before`.
pub(crate) async fn list(
    tx: &TenantTx,
    wanted: Condition,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<ClarificationRow>, Fault> {
    let before: Option<[Value; 1]> = before.map(|id| [id.into()]);
    Ok(tx
        .find::<clarification::Entity>()
        .filter(wanted)
        .keyset(
            &[(ClarificationColumn::Id, Order::Desc)],
            before.as_ref().map(<[Value; 1]>::as_slice),
        )
        .limit(limit)
        .all()
        .await?)
}

/// How many cases a filter's clarifications are of.
pub(crate) async fn accounts(tx: &TenantTx, wanted: Condition) -> Result<usize, Fault> {
    let found = tx.find::<clarification::Entity>().filter(wanted);
    // The greatest of a number: PostgreSQL 15 knows none of UUIDs.
    let cases: Vec<(Uuid, i64)> =
        found.greatest(ClarificationColumn::CaseId, ClarificationColumn::Version).await?;
    Ok(cases.len())
}

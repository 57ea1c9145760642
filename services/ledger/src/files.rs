//! Files, and the revisions they were decided under.

use contracts::routing::v1::RemittancePurpose;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DbErr};
use uuid::Uuid;

use super::entity::{file, revision};
use crate::document::{Report, to_json};
use platform::rejection::Fault;

/// Stored; reading has not ended.
pub const RECEIVED: &str = "RECEIVED";
/// Read to its end; not yet in the ledger.
pub const PARSED: &str = "PARSED";
/// In the ledger.
pub const POSTED: &str = "POSTED";
/// Cannot be taken in.
pub const QUARANTINED: &str = "QUARANTINED";

/// Makes work.
pub const LIVE: &str = "LIVE";
/// Makes none.
pub const HISTORY: &str = "HISTORY";

/// How a purpose is stored; not said means LIVE.
pub fn purpose(purpose: RemittancePurpose) -> &'static str {
    match purpose {
        RemittancePurpose::History => HISTORY,
        RemittancePurpose::Live | RemittancePurpose::Unspecified => LIVE,
    }
}

/// The file with this id.
pub async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<file::Model>, DbErr> {
    tx.find::<file::Entity>().filter(file::Column::Id.eq(id)).one().await
}

/// The file with these bytes.
pub async fn by_hash(tx: &TenantTx, sha256: &str) -> Result<Option<file::Model>, DbErr> {
    tx.find::<file::Entity>().filter(file::Column::Sha256.eq(sha256)).one().await
}

/// What reading a file found.
pub fn report(file: &file::Model) -> Result<Report, Fault> {
    serde_json::from_slice(&file.report)
        .map_err(|_| Fault::Broken("a file's report does not decode"))
}

/// The canonical JSON of a revision.
pub async fn revision(tx: &TenantTx, hash: &str) -> Result<Option<Vec<u8>>, DbErr> {
    let found = tx.find::<revision::Entity>().filter(revision::Column::Hash.eq(hash)).one().await?;
    Ok(found.map(|row| row.canonical))
}

/// Keeps a revision, once.
pub async fn keep_revision(tx: &TenantTx, hash: &str, canonical: &[u8]) -> Result<(), DbErr> {
    let there = tx.find::<revision::Entity>().filter(revision::Column::Hash.eq(hash));
    if there.count().await? > 0 {
        return Ok(());
    }
    let row = revision::Model {
        tenant_id: Uuid::nil(),
        hash: hash.to_owned(),
        canonical: canonical.to_vec(),
        approvers: Vec::new(),
    };
    tx.insert_if_absent(super::set::<revision::ActiveModel>(row)).await.map(drop)
}

/// By whose acts a revision has its right, in the words of its tenant's dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approvers {
    /// The content hash of the revision.
    pub revision: String,
    /// A receipt with nothing but its approvers, in protobuf.
    pub encoded: Vec<u8>,
}

/// Notes them beside the revision, which is kept by then; a ratification adds to what was known,
/// and nothing takes it away.
pub async fn note_approvers(tx: &TenantTx, approvers: &Approvers) -> Result<(), DbErr> {
    // A receipt that names nobody takes no bytes.
    if approvers.encoded.is_empty() {
        return Ok(());
    }
    let of = revision::Column::Hash.eq(approvers.revision.as_str());
    let other = revision::Column::Approvers.ne(approvers.encoded.clone());
    let noting = tx.update::<revision::Entity>();
    let noting = noting.set(revision::Column::Approvers, approvers.encoded.clone());
    noting.filter(of.and(other)).exec().await.map(drop)
}

/// Sends a quarantined file back to reading, under the facts of `fresh`; whether it was this call.
pub async fn read_again(
    tx: &TenantTx,
    first: &file::Model,
    fresh: &file::Model,
) -> Result<bool, DbErr> {
    let changed = tx
        .update::<file::Entity>()
        .set(file::Column::State, RECEIVED)
        .set(file::Column::Purpose, fresh.purpose.clone())
        .set(file::Column::Context, fresh.context.clone())
        .set(file::Column::Revision, fresh.revision.clone())
        .set(file::Column::Report, to_json(&Report::default()))
        .set(file::Column::Version, first.version + 1)
        .filter(at(first).and(file::Column::State.eq(QUARANTINED)))
        .exec()
        .await?;
    Ok(changed == 1)
}

/// Moves a file from the state and version it was read in to `state`; whether it was this call.
pub async fn advance(
    tx: &TenantTx,
    file: &file::Model,
    state: &'static str,
    report: &Report,
) -> Result<bool, DbErr> {
    let finished = [POSTED, QUARANTINED].contains(&state).then(|| tx.clock().now());
    let changed = tx
        .update::<file::Entity>()
        .set(file::Column::State, state)
        .set(file::Column::FinishedAt, Expr::value(finished))
        .set(file::Column::Report, to_json(report))
        .set(file::Column::Version, file.version + 1)
        .filter(at(file).and(file::Column::State.eq(file.state.as_str())))
        .exec()
        .await?;
    Ok(changed == 1)
}

fn at(file: &file::Model) -> sea_orm::sea_query::SimpleExpr {
    file::Column::Id.eq(file.id).and(file::Column::Version.eq(file.version))
}

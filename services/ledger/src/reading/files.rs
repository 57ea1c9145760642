//! Files as they came, and the revisions they were decided under.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use contracts::dictionary::v1::{Approver, Receipt};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use prost::Message;
use sea_orm::{ColumnTrait, FromQueryResult};
use uuid::Uuid;

use super::Page;
use crate::entity::{file, revision};

pub use file::Column as FileColumn;

/// A file without the facts it was posted under.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FileRow {
    pub id: Uuid,
    pub sha256: String,
    pub name: String,
    pub purpose: String,
    pub state: String,
    pub size_bytes: i64,
    pub received_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub uploaded_by: String,
    pub revision: String,
    pub report: Vec<u8>,
}

const COLUMNS: [FileColumn; 11] = [
    FileColumn::Id,
    FileColumn::Sha256,
    FileColumn::Name,
    FileColumn::Purpose,
    FileColumn::State,
    FileColumn::SizeBytes,
    FileColumn::ReceivedAt,
    FileColumn::FinishedAt,
    FileColumn::UploadedBy,
    FileColumn::Revision,
    FileColumn::Report,
];

/// The file with this id.
pub async fn with_id(tx: &TenantTx, id: Uuid) -> Result<Option<FileRow>, Fault> {
    let found = tx.find::<file::Entity>().filter(FileColumn::Id.eq(id)).columns(COLUMNS);
    Ok(found.await?.pop())
}

/// A page of files.
pub async fn page(tx: &TenantTx, page: Page<FileColumn>) -> Result<Vec<FileRow>, Fault> {
    Ok(tx
        .find::<file::Entity>()
        .filter(page.narrow)
        .keyset(&page.order, page.after.as_deref())
        .limit(page.limit)
        .columns(COLUMNS)
        .await?)
}

#[derive(FromQueryResult)]
struct Hash {
    hash: String,
}

/// Whether the tenant has a file that was decided under this revision.
pub async fn has_revision(tx: &TenantTx, hash: &str) -> Result<bool, Fault> {
    let found = tx.find::<revision::Entity>().filter(revision::Column::Hash.eq(hash));
    let rows: Vec<Hash> = found.limit(1).columns([revision::Column::Hash]).await?;
    Ok(rows.first().is_some_and(|row| row.hash == hash))
}

/// The canonical JSON of the revision with this hash.
pub async fn revision(tx: &TenantTx, hash: &str) -> Result<Option<Vec<u8>>, Fault> {
    let found = tx.find::<revision::Entity>().filter(revision::Column::Hash.eq(hash)).one();
    Ok(found.await?.map(|row| row.canonical))
}

#[derive(FromQueryResult)]
struct Noted {
    hash: String,
    approvers: Vec<u8>,
}

/// By whose acts these revisions have their right, by content hash.
pub async fn approvers(
    tx: &TenantTx,
    hashes: BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<Approver>>, Fault> {
    let found = tx.find::<revision::Entity>().filter(revision::Column::Hash.is_in(hashes));
    let rows: Vec<Noted> =
        found.columns([revision::Column::Hash, revision::Column::Approvers]).await?;
    let read = rows.into_iter().map(|row| {
        let receipt = Receipt::decode(row.approvers.as_slice());
        let receipt = receipt.map_err(|_| Fault::Broken("noted approvers cannot be read"))?;
        Ok((row.hash, receipt.approvers))
    });
    read.collect()
}

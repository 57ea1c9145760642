//! Documents, letters and packets of appeals; a row never changes.

use contracts::routing::v1::EvidenceState;
use domain::dictionary::vocabulary::Media;
use letters::job::Sheet;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod document {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "appeals_document")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub appeal_id: Uuid,
        pub file_name: String,
        pub media: String,
        pub size_bytes: i64,
        pub sha256: String,
        /// Empty where it fulfills none.
        pub standard: String,
        pub object_path: String,
        pub uploaded_by: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod letter {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "appeals_letter")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub appeal_id: Uuid,
        pub template: String,
        pub revision: String,
        /// What was laid out, as JSON.
        pub sheet: Vec<u8>,
        pub sha256: String,
        pub object_path: String,
        pub page_count: i64,
        pub written_by: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod packet {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "appeals_packet")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub appeal_id: Uuid,
        pub letter_id: Uuid,
        /// What is in it and what had to be, as JSON.
        pub contents: Vec<u8>,
        pub sha256: String,
        pub object_path: String,
        pub page_count: i64,
        pub assembled_by: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use document::Model as Paper;
pub(crate) use letter::Model as Letter;
pub(crate) use packet::Model as Packet;

/// Column `contents` of a packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contents {
    pub(crate) documents: Vec<Uuid>,
    pub(crate) evidence: Vec<Required>,
    /// The index of exhibits; patient data.
    pub(crate) index: String,
    /// Bytes of its PDF.
    pub(crate) size: u64,
}

/// A documentation standard that the appeal asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Required {
    pub(crate) standard: String,
    pub(crate) title: String,
    pub(crate) state: RequiredState,
    /// Empty when nothing is missing.
    pub(crate) missing: String,
    /// The exhibit that fulfills it.
    pub(crate) source: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RequiredState {
    Missing,
    Present,
    Waived,
}

impl From<RequiredState> for EvidenceState {
    fn from(state: RequiredState) -> Self {
        match state {
            RequiredState::Missing => Self::Missing,
            RequiredState::Present => Self::Present,
            RequiredState::Waived => Self::Waived,
        }
    }
}

impl Paper {
    pub(crate) fn media(&self) -> Result<Media, Fault> {
        Media::parse(&self.media).ok_or(Fault::Broken("a document of no kind was kept"))
    }
}

impl Letter {
    pub(crate) fn sheet(&self) -> Result<Sheet, Fault> {
        serde_json::from_slice(&self.sheet)
            .map_err(|_| Fault::Broken("a stored letter does not read"))
    }
}

impl Packet {
    pub(crate) fn contents(&self) -> Result<Contents, Fault> {
        serde_json::from_slice(&self.contents)
            .map_err(|_| Fault::Broken("a stored packet does not read"))
    }
}

/// Keeps a document.
pub(crate) async fn keep_document(tx: &TenantTx, row: Paper) -> Result<Paper, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}

/// Keeps a letter.
pub(crate) async fn keep_letter(tx: &TenantTx, row: Letter) -> Result<Letter, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}

/// Keeps a packet.
pub(crate) async fn keep_packet(tx: &TenantTx, row: Packet) -> Result<Packet, Fault> {
    Ok(tx.insert(row.into_active_model().reset_all()).await?)
}

/// The document with this id.
pub(crate) async fn document(tx: &TenantTx, id: Uuid) -> Result<Option<Paper>, Fault> {
    Ok(tx.find::<document::Entity>().filter(document::Column::Id.eq(id)).one().await?)
}

/// The letter with this id.
pub(crate) async fn letter(tx: &TenantTx, id: Uuid) -> Result<Option<Letter>, Fault> {
    Ok(tx.find::<letter::Entity>().filter(letter::Column::Id.eq(id)).one().await?)
}

/// The packet with this id.
pub(crate) async fn packet(tx: &TenantTx, id: Uuid) -> Result<Option<Packet>, Fault> {
    Ok(tx.find::<packet::Entity>().filter(packet::Column::Id.eq(id)).one().await?)
}

/// Where the bytes of a document, a letter or a packet are.
pub(crate) async fn object_path(tx: &TenantTx, id: Uuid) -> Result<Option<String>, Fault> {
    if let Some(found) = document(tx, id).await? {
        return Ok(Some(found.object_path));
    }
    if let Some(found) = letter(tx, id).await? {
        return Ok(Some(found.object_path));
    }
    Ok(packet(tx, id).await?.map(|found| found.object_path))
}

/// Documents of an appeal, the newest first, before the one named `before`.
pub(crate) async fn documents(
    tx: &TenantTx,
    appeal: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Paper>, Fault> {
    let before: Option<[Value; 1]> = before.map(|id| [id.into()]);
    let order = [(document::Column::Id, Order::Desc)];
    let rows = tx
        .find::<document::Entity>()
        .filter(document::Column::AppealId.eq(appeal))
        .keyset(&order, before.as_ref().map(<[Value; 1]>::as_slice));
    Ok(rows.limit(limit).all().await?)
}

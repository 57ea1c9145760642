//! Rows of documents and words, each query a function of the tenant's transaction.

use std::collections::BTreeMap;

use domain::dictionary::Slug;
use domain::dictionary::vocabulary::Media;
use domain_work::UserId;
use domain_work::checklist::{EvidenceState, Said};
use ledger::set;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{ExprTrait, Order, Value};
use uuid::Uuid;

/// Cases that one query asks for.
const CASES: usize = 1_000;

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod document {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_evidence_document")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case_id: Uuid,
        pub file_name: String,
        /// A list of slugs as JSON.
        pub standards: String,
        /// Empty where it is no kind that payers take.
        pub media: String,
        pub size_bytes: i64,
        pub sha256: String,
        pub object_path: String,
        pub dated_on: Option<Date>,
        pub uploaded_by: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod word {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_evidence_word")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case_id: Uuid,
        pub standard: String,
        pub state: String,
        pub said_by: Uuid,
        pub reason: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod withdrawal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_evidence_withdrawal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub document_id: Uuid,
        pub case_id: Uuid,
        pub reason: String,
        pub withdrawn_by: String,
        pub withdrawn_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) use document::Model as Document;
pub(crate) use withdrawal::Model as Withdrawal;

impl Document {
    /// Slugs of the standards it shall fulfill.
    pub(crate) fn standards(&self) -> Result<Vec<String>, Fault> {
        serde_json::from_str(&self.standards)
            .map_err(|_| Fault::Broken("the standards of a document do not read"))
    }

    pub(crate) fn media(&self) -> Option<Media> {
        Media::parse(&self.media)
    }
}

/// Keeps a document.
pub(crate) async fn keep(tx: &TenantTx, row: Document) -> Result<(), Fault> {
    Ok(tx.insert_all(vec![set::<document::ActiveModel>(row)]).await?)
}

/// The document with this id.
pub(crate) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Document>, Fault> {
    Ok(tx.find::<document::Entity>().filter(document::Column::Id.eq(id)).one().await?)
}

/// Documents of a case but for those of `left_out`, the newest first, before the one named
/// `before`.
pub(crate) async fn page(
    tx: &TenantTx,
    (case, left_out): (Uuid, Vec<Uuid>),
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Document>, Fault> {
    let before: Option<[Value; 1]> = before.map(|id| [id.into()]);
    let these = document::Column::CaseId.eq(case);
    Ok(tx
        .find::<document::Entity>()
        .filter(these.and(document::Column::Id.is_not_in(left_out)))
        .keyset(&[(document::Column::Id, Order::Desc)], before.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}

/// The documents of cases that nobody withdrew, by case.
pub(crate) async fn documents(
    tx: &TenantTx,
    cases: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Document>>, Fault> {
    let mut found: BTreeMap<Uuid, Vec<Document>> = BTreeMap::new();
    for some in cases.chunks(CASES) {
        let these = document::Column::CaseId.is_in(some.iter().copied());
        for row in tx.find::<document::Entity>().filter(these).all().await? {
            found.entry(row.case_id).or_default().push(row);
        }
    }
    let filed: Vec<Uuid> = found.keys().copied().collect();
    let withdrawn = withdrawals(tx, &filed).await?;
    for rows in found.values_mut() {
        rows.retain(|row| !withdrawn.contains_key(&row.id));
    }
    found.retain(|_, rows| !rows.is_empty());
    Ok(found)
}

/// Keeps that a document was withdrawn.
pub(crate) async fn withdraw(tx: &TenantTx, row: Withdrawal) -> Result<(), Fault> {
    Ok(tx.insert_all(vec![set::<withdrawal::ActiveModel>(row)]).await?)
}

/// How a document was withdrawn.
pub(crate) async fn withdrawal(tx: &TenantTx, document: Uuid) -> Result<Option<Withdrawal>, Fault> {
    let this = withdrawal::Column::DocumentId.eq(document);
    Ok(tx.find::<withdrawal::Entity>().filter(this).one().await?)
}

/// What was withdrawn of cases, by document.
pub(crate) async fn withdrawals(
    tx: &TenantTx,
    cases: &[Uuid],
) -> Result<BTreeMap<Uuid, Withdrawal>, Fault> {
    let mut found = BTreeMap::new();
    for some in cases.chunks(CASES) {
        let these = withdrawal::Column::CaseId.is_in(some.iter().copied());
        let rows = tx.find::<withdrawal::Entity>().filter(these).all().await?;
        found.extend(rows.into_iter().map(|row| (row.document_id, row)));
    }
    Ok(found)
}

/// Keeps what a person said of a case.
pub(crate) async fn note(tx: &TenantTx, case: Uuid, said: &Said) -> Result<(), Fault> {
    let row = word::Model {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        case_id: case,
        standard: said.standard.to_string(),
        state: said.state.as_str().to_owned(),
        said_by: said.by.0,
        reason: said.reason.clone(),
        created_at: said.at,
    };
    Ok(tx.insert_all(vec![set::<word::ActiveModel>(row)]).await?)
}

/// What people said of cases, by case.
pub(crate) async fn said(
    tx: &TenantTx,
    cases: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Said>>, Fault> {
    let broken = || Fault::Broken("what a person said of evidence does not read");
    let mut found: BTreeMap<Uuid, Vec<Said>> = BTreeMap::new();
    for some in cases.chunks(CASES) {
        let these = word::Column::CaseId.is_in(some.iter().copied());
        for row in tx.find::<word::Entity>().filter(these).all().await? {
            let said = Said {
                standard: Slug::new(row.standard).map_err(|_| broken())?,
                state: EvidenceState::parse(&row.state).ok_or_else(broken)?,
                by: UserId(row.said_by),
                reason: row.reason,
                at: row.created_at,
            };
            found.entry(row.case_id).or_default().push(said);
        }
    }
    Ok(found)
}

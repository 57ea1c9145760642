//! The audit trail: who changed what, who saw which patient data, who was refused.
//!
//! Rows are only ever inserted: the application's role may not update or delete them, and SQLite
//! has triggers that refuse it. A change's row commits with the change; patient data leaves only
//! after its row has been committed.

use sea_orm::ActiveValue::Set;
use sea_orm::DbErr;
use sea_orm::sea_query::{Condition, Order, Value};
use uuid::Uuid;

use crate::access::Caller;
use crate::rejection::Fault;
use crate::tenant_tx::{Database, TenantTx};

mod entity;

pub use entity::{Column, Model as Row};

/// What kind of thing was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A committed change.
    Change,
    /// Patient data that left.
    Disclosure,
    /// A call that was refused for want of permission.
    Denial,
    /// Something done at the machine, outside any RPC.
    Local,
}

impl Kind {
    /// Its name in rows and filters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Disclosure => "disclosure",
            Self::Denial => "denial",
            Self::Local => "local",
        }
    }
}

/// Patient data that is about to leave: which records, and which of their fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosure {
    /// Ids of the records, sorted, each once.
    pub records: Vec<String>,
    /// Names of the fields that were set, sorted, each once.
    pub fields: Vec<String>,
    /// Why they are read, as the caller says; empty where nobody asks.
    pub purpose: String,
}

/// Why a caller reads patient data. A method that asks for it puts it into the extensions of its
/// answer; the gate records it with what leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purpose(pub String);

/// Writes the rows that no transaction of a use case writes.
#[derive(Clone, Debug)]
pub struct Ledger(Database);

impl Ledger {
    /// A ledger in `database`.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(database)
    }

    /// Records that `caller` lacked the permission for the method it called.
    ///
    /// # Errors
    /// When the row cannot be stored.
    pub async fn denied(&self, caller: &Caller) -> Result<(), DbErr> {
        self.write(caller, Kind::Denial, &Disclosure::default()).await
    }

    /// Records what is about to leave; when this fails, nothing may.
    ///
    /// # Errors
    /// When the row cannot be stored.
    pub async fn disclosed(&self, caller: &Caller, what: &Disclosure) -> Result<(), DbErr> {
        self.write(caller, Kind::Disclosure, what).await
    }

    /// Records something done at the machine itself.
    ///
    /// # Errors
    /// When the row cannot be stored.
    pub async fn local(&self, caller: &Caller) -> Result<(), DbErr> {
        self.write(caller, Kind::Local, &Disclosure::default()).await
    }

    async fn write(&self, caller: &Caller, kind: Kind, what: &Disclosure) -> Result<(), DbErr> {
        let tx = self.0.keep_books(caller).await?;
        insert(&tx, kind, what).await?;
        tx.commit().await
    }
}

/// Records the change that `tx` is about to commit.
pub(crate) async fn changed(tx: &TenantTx) -> Result<(), DbErr> {
    insert(tx, Kind::Change, &Disclosure::default()).await
}

async fn insert(tx: &TenantTx, kind: Kind, what: &Disclosure) -> Result<(), DbErr> {
    let caller = tx.caller();
    let list = |items: &[String]| serde_json::json!(items).to_string();
    tx.insert(entity::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        id: Set(crate::ids::new()),
        recorded_at: Set(tx.clock().now()),
        kind: Set(kind.name().to_owned()),
        actor: Set(caller.actor().to_owned()),
        client: Set(caller.client_id().to_owned()),
        rpc: Set(caller.rpc().to_owned()),
        request: Set(caller.request_id().to_owned()),
        records: Set(list(&what.records)),
        fields: Set(list(&what.fields)),
        purpose: Set(what.purpose.clone()),
    })
    .await
    .map(drop)
}

/// A page of the trail, newest first, after the row with id `after`.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &TenantTx,
    narrow: Condition,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Row>, Fault> {
    let after: Option<[Value; 1]> = after.map(|id| [id.into()]);
    let order = [(Column::Id, Order::Desc)];
    Ok(tx
        .find::<entity::Entity>()
        .filter(narrow)
        .keyset(&order, after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?)
}

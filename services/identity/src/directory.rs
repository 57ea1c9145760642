//! Look-ups before a tenant is known: whose slug, client or user name this is.
//!
//! The only place of this service that reads across tenants. A row says which tenant a name belongs
//! to and which row it names, and nothing else; it is written in the tenant's own transaction.

use domain::tenancy::TenantId;
use platform::rejection::Fault;
use platform::tenant_tx::{Database, TenantTx};
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, Order};
use uuid::Uuid;

use crate::store::entity::directory::{ActiveModel, Column, Entity};

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The slug of a tenant, unique in the installation.
    Tenant,
    /// The OAuth client id of an application, unique in the installation.
    Client,
    /// The address of a user in the form of comparison, unique in its tenant.
    User,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Client => "client",
            Self::User => "user",
        }
    }
}

/// Where a name leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Whose it is.
    pub(crate) tenant: TenantId,
    /// The row it names.
    pub(crate) subject: Uuid,
}

/// Whom `name` may mean, at most `limit` answers: one for a name of the installation.
pub(crate) async fn look_up(
    database: &Database,
    kind: Kind,
    name: &str,
    limit: u64,
) -> Result<Vec<Found>, Fault> {
    let tx = database.operate_read().await?;
    let named = Condition::all().add(Column::Kind.eq(kind.name())).add(Column::Name.eq(name));
    let rows = tx
        .find::<Entity>()
        .filter(named)
        .order_by(Column::Realm, Order::Asc)
        .limit(limit)
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Found { tenant: TenantId::from_uuid(row.tenant_id), subject: row.subject })
        .collect())
}

/// Which row of `tenant` that `name` names.
pub(crate) async fn look_up_in(
    database: &Database,
    tenant: TenantId,
    kind: Kind,
    name: &str,
) -> Result<Option<Uuid>, Fault> {
    let tx = database.operate_read().await?;
    let named = Condition::all()
        .add(Column::TenantId.eq(tenant.as_uuid()))
        .add(Column::Kind.eq(kind.name()))
        .add(Column::Name.eq(name));
    Ok(tx.find::<Entity>().filter(named).one().await?.map(|row| row.subject))
}

/// Enters `name` for the tenant of `tx`; false when it is taken.
pub(crate) async fn enter(
    tx: &TenantTx,
    kind: Kind,
    name: &str,
    subject: Uuid,
) -> Result<bool, Fault> {
    let realm = match kind {
        Kind::Tenant | Kind::Client => String::new(),
        Kind::User => tx.caller().tenant().to_string(),
    };
    let row = ActiveModel {
        tenant_id: Set(Uuid::nil()),
        kind: Set(kind.name().to_owned()),
        name: Set(name.to_owned()),
        realm: Set(realm),
        subject: Set(subject),
        created_at: Set(tx.clock().now()),
    };
    Ok(tx.insert_if_absent(row).await?)
}

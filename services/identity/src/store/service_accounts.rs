use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use uuid::Uuid;

use super::entity::service_account::{ActiveModel, Column, Entity, Model};
use super::entity::{assertion, service_account_key};
use super::{Stamp, from_json, stamp, to_json};
use crate::public_key::Algorithm;

/// The name of the state of an application that may get tokens.
pub(crate) const ACTIVE: &str = "ACTIVE";

/// A key that assertions may be signed with, as a JSON Web Key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountKey {
    pub(crate) kid: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) jwk: String,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// A partner application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceAccount {
    pub(crate) id: Uuid,
    pub(crate) client_id: String,
    pub(crate) display_name: String,
    pub(crate) keys: Vec<AccountKey>,
    pub(crate) scopes: Vec<String>,
    pub(crate) state: String,
    pub(crate) stamp: Stamp,
}

/// Stores an application with its keys; false when the client id is taken.
pub(crate) async fn insert(tx: &TenantTx, account: &ServiceAccount) -> Result<bool, Fault> {
    let row = ActiveModel {
        tenant_id: Set(Uuid::nil()),
        id: Set(account.id),
        client_id: Set(account.client_id.clone()),
        display_name: Set(account.display_name.clone()),
        scopes: Set(to_json(&account.scopes)?),
        state: Set(account.state.clone()),
        created_at: Set(account.stamp.created_at),
        updated_at: Set(account.stamp.updated_at),
        version: Set(account.stamp.version),
    };
    if !tx.insert_if_absent(row).await? {
        return Ok(false);
    }
    for key in &account.keys {
        tx.insert(service_account_key::ActiveModel {
            tenant_id: Set(Uuid::nil()),
            account_id: Set(account.id),
            kid: Set(key.kid.clone()),
            algorithm: Set(key.algorithm.name().to_owned()),
            jwk: Set(key.jwk.clone()),
            expires_at: Set(key.expires_at),
        })
        .await?;
    }
    Ok(true)
}

/// One application.
pub(crate) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<ServiceAccount>, Fault> {
    let rows = tx.find::<Entity>().filter(Column::Id.eq(id)).limit(1).all().await?;
    Ok(with_keys(tx, rows).await?.pop())
}

/// A page by id, after the id `after`.
pub(crate) async fn page(
    tx: &TenantTx,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<ServiceAccount>, Fault> {
    let after = after.map(|id| [Value::from(id)]);
    let rows = tx
        .find::<Entity>()
        .keyset(&[(Column::Id, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?;
    with_keys(tx, rows).await
}

async fn with_keys(tx: &TenantTx, rows: Vec<Model>) -> Result<Vec<ServiceAccount>, Fault> {
    use service_account_key::{Column as Key, Entity as Keys};
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut keys: BTreeMap<Uuid, Vec<AccountKey>> = BTreeMap::new();
    let found = tx.find::<Keys>().filter(Key::AccountId.is_in(ids)).order_by(Key::Kid, Order::Asc);
    for row in found.all().await? {
        let algorithm = Algorithm::named(&row.algorithm)
            .ok_or(Fault::Broken("a stored key has an algorithm we never accepted"))?;
        keys.entry(row.account_id).or_default().push(AccountKey {
            kid: row.kid,
            algorithm,
            jwk: row.jwk,
            expires_at: row.expires_at,
        });
    }
    let join = |row: Model| {
        Ok(ServiceAccount {
            keys: keys.remove(&row.id).unwrap_or_default(),
            scopes: from_json(&row.scopes)?,
            stamp: stamp!(row),
            id: row.id,
            client_id: row.client_id,
            display_name: row.display_name,
            state: row.state,
        })
    };
    rows.into_iter().map(join).collect()
}

/// Notes that an assertion was used, until it ends; false when it was used before.
///
/// A concurrent twin waits here for the first one to end.
pub(crate) async fn use_assertion(
    tx: &TenantTx,
    account: Uuid,
    jti: &str,
    expires_at: DateTime<Utc>,
) -> Result<bool, Fault> {
    let row = assertion::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        account_id: Set(account),
        jti: Set(jti.to_owned()),
        expires_at: Set(expires_at),
    };
    Ok(tx.insert_if_absent(row).await?)
}

/// Forgets the assertions of `account` that ended before `before` and could not be used anyway.
pub(crate) async fn forget_assertions(
    tx: &TenantTx,
    account: Uuid,
    before: DateTime<Utc>,
) -> Result<u64, Fault> {
    use assertion::{Column as Assertion, Entity as Assertions};
    let ended = Assertion::AccountId.eq(account).and(Assertion::ExpiresAt.lt(before));
    Ok(tx.delete::<Assertions>().filter(Condition::all().add(ended)).exec().await?)
}

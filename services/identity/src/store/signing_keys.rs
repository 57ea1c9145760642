use chrono::{DateTime, Utc};
use platform::rejection::Fault;
use platform::tenant_tx::{Database, OperatorTx};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Order;
use sea_orm::{DbErr, SqlErr};

use super::entity::signing_key::{ActiveModel, Column, Entity, Model};

/// One generation of our signing keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredKey {
    /// 1, 2, 3 and so on.
    pub(crate) generation: i64,
    pub(crate) kid: String,
    /// The 32 bytes of the public key in unpadded URL-safe base64.
    pub(crate) public_key: String,
    /// The private key in PKCS #8, sealed under the master key.
    pub(crate) sealed_key: Vec<u8>,
    pub(crate) signs_from: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
}

impl From<Model> for StoredKey {
    fn from(row: Model) -> Self {
        Self {
            generation: row.generation,
            kid: row.kid,
            public_key: row.public_key,
            sealed_key: row.sealed_key,
            signs_from: row.signs_from,
            created_at: row.created_at,
        }
    }
}

/// The newest generations, the newest first.
pub(crate) async fn newest(tx: &OperatorTx, limit: u64) -> Result<Vec<StoredKey>, Fault> {
    let rows =
        tx.find::<Entity>().order_by(Column::Generation, Order::Desc).limit(limit).all().await?;
    Ok(rows.into_iter().map(StoredKey::from).collect())
}

/// Stores a generation; false when another process made it first.
pub(crate) async fn insert(database: &Database, key: StoredKey) -> Result<bool, Fault> {
    let tx = database.operate().await?;
    let row = ActiveModel {
        generation: Set(key.generation),
        kid: Set(key.kid),
        public_key: Set(key.public_key),
        sealed_key: Set(key.sealed_key),
        signs_from: Set(key.signs_from),
        created_at: Set(key.created_at),
    };
    match tx.insert(row).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(true)
        }
        Err(error) if is_taken(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

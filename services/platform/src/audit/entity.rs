//! The audit table.

use sea_orm::entity::prelude::*;

/// One recorded fact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_audit")]
pub struct Model {
    /// Whose trail it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// UUIDv7: the order of recording.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When it was recorded.
    pub recorded_at: DateTimeUtc,
    /// As [`super::Kind::name`].
    pub kind: String,
    /// The token's subject, or the duty of a background job.
    pub actor: String,
    /// The application the actor used.
    pub client: String,
    /// `/package.Service/Method`, or the duty.
    pub rpc: String,
    /// The request id of the call, as in logs and traces.
    pub request: String,
    /// JSON list of the ids of disclosed records.
    pub records: String,
    /// JSON list of the names of disclosed fields.
    pub fields: String,
    /// Why they were read, as the caller said; empty where nobody asks.
    pub purpose: String,
}

/// None: the trail stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
crate::tenant_owned!();

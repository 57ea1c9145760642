//! A mutation's `request_id`: the same id returns the first answer, other content under it is
//! refused. The row is written in the transaction of the effect.

use aws_lc_rs::digest;
use prost::Message;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::ExprTrait;
use uuid::Uuid;

use crate::rejection::{Fault, Violation};
use crate::tenant_tx::TenantTx;

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_idempotency")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub rpc: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub request_id: Uuid,
        pub request_hash: Vec<u8>,
        pub answer: Vec<u8>,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::tenant_owned!();
}

/// What makes two requests the same: their id and the hash of their content.
#[derive(Clone, Debug)]
pub struct Once(Option<(Uuid, Vec<u8>)>);

/// Whether this request was answered before.
pub(crate) enum Recorded {
    First,
    Before(Vec<u8>),
}

impl Once {
    /// The identity of `request`, whose own field `request_id` is a UUID, or empty when its sender
    /// does not mean to repeat it.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when it is neither.
    pub fn of<M: Message>(request_id: &str, request: &M) -> Result<Self, Fault> {
        if request_id.is_empty() {
            return Ok(Self(None));
        }
        let id = Uuid::parse_str(request_id).map_err(|_| {
            Fault::Invalid(vec![Violation {
                field: "request_id".to_owned(),
                description: "must be a UUID, the same one when the request is repeated".to_owned(),
            }])
        })?;
        let hash = digest::digest(&digest::SHA256, &request.encode_to_vec());
        Ok(Self(Some((id, hash.as_ref().to_vec()))))
    }

    /// Takes the id's place; a concurrent twin waits here until the first one has ended.
    pub(crate) async fn open(&self, tx: &TenantTx) -> Result<Recorded, Fault> {
        let Some((id, hash)) = &self.0 else { return Ok(Recorded::First) };
        let rpc = tx.caller().rpc().to_owned();
        let row = entity::ActiveModel {
            tenant_id: Set(Uuid::nil()),
            rpc: Set(rpc.clone()),
            request_id: Set(*id),
            request_hash: Set(hash.clone()),
            answer: Set(Vec::new()),
            created_at: Set(tx.clock().now()),
        };
        if tx.insert_if_absent(row).await? {
            return Ok(Recorded::First);
        }
        let first = tx
            .find::<entity::Entity>()
            .filter(entity::Column::Rpc.eq(rpc).and(entity::Column::RequestId.eq(*id)))
            .one()
            .await?
            .ok_or(Fault::Contended)?;
        if first.request_hash == *hash {
            Ok(Recorded::Before(first.answer))
        } else {
            Err(Fault::RequestIdReused)
        }
    }

    /// Records the answer for whoever repeats the request.
    pub(crate) async fn close(&self, tx: &TenantTx, answer: &[u8]) -> Result<(), Fault> {
        let Some((id, _)) = &self.0 else { return Ok(()) };
        let rpc = tx.caller().rpc().to_owned();
        tx.update::<entity::Entity>()
            .set(entity::Column::Answer, answer.to_vec())
            .filter(entity::Column::Rpc.eq(rpc).and(entity::Column::RequestId.eq(*id)))
            .exec()
            .await?;
        Ok(())
    }
}

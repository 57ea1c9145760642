use contracts::dictionary::v1::{AddCommentRequest, AddCommentResponse};
use domain_governance::ballot::UserId;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::{Matter, id, prose, user};
use crate::{Dictionary, Error, grpc};
use registry::changes::{self, COMMENTS_MAX, Comment};

impl Dictionary {
    /// Adds something said about a change; a comment is never changed.
    pub(crate) async fn add_comment(
        &self,
        caller: &Caller,
        request: AddCommentRequest,
    ) -> Result<AddCommentResponse, Error> {
        let mut violations = Violations::default();
        prose(&mut violations, "text", &request.text, 4_000);
        violations.into_result()?;
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, false, move |tx| {
            Box::pin(async move {
                let matter = Matter::find(tx, id(&request.change_request_id)?).await?;
                room(tx, &matter).await?;
                let comment = matter.say(tx, request.text).await?;
                matter.tell(tx, "change_request.commented").await?;
                Ok(AddCommentResponse { comment: Some(grpc::comment(&comment)) })
            })
        })
        .await
    }
}

/// Refuses one comment too many. What a withdrawal or a cancellation says is kept all the same.
async fn room(tx: &TenantTx, matter: &Matter) -> Result<(), Error> {
    let mut violations = Violations::default();
    if changes::count_comments(tx, matter.row.id).await? >= COMMENTS_MAX {
        violations.add("text", format!("the change has {COMMENTS_MAX} comments, the most"));
    }
    Ok(violations.into_result()?)
}

impl Matter {
    /// Keeps something the caller says about it.
    pub(super) async fn say(&self, tx: &TenantTx, words: String) -> Result<Comment, Error> {
        let comment = Comment {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            change_request_id: self.row.id,
            author: user(tx.caller()).unwrap_or(UserId::SERVICE).0.to_string(),
            words,
            created_at: tx.clock().now(),
        };
        changes::comment(tx, comment.clone()).await?;
        Ok(comment)
    }
}

use contracts::appeals::v1::{SignOffAppealRequest, SignOffAppealResponse};
use domain::dictionary::vocabulary::SignOffKind;
use domain_appeals::sign_off::{SignOff, sign};
use domain_appeals::state::Act;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::{self, id_in};
use crate::store::{self, Signed};
use crate::{Appeals, Error, acts};

/// The most characters of what a reviewer says.
const REASON_MAX: usize = 4_000;

/// A review as it is said.
struct Said {
    kind: SignOffKind,
    approved: bool,
    reason: String,
}

impl Appeals {
    /// Approves an appeal in review, or declines it, which makes it a draft again.
    ///
    /// # Errors
    /// When the etag is stale, it is not in review, needs no such review, the caller wrote it or
    /// reviewed it, or the database fails.
    pub(crate) async fn sign_off_appeal(
        &self,
        caller: &Caller,
        request: SignOffAppealRequest,
    ) -> Result<SignOffAppealResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let kind = SignOffKind::parse(&request.kind);
        if kind.is_none() {
            violations.add("kind", "must be `clinical`, `compliance` or `legal`");
        }
        let reason = request.reason.trim().to_owned();
        if !request.approved {
            face::reason("reason", &reason, &mut violations);
        } else if reason.chars().count() > REASON_MAX {
            violations.add("reason", format!("is longer than {REASON_MAX} characters"));
        }
        violations.into_result()?;
        let kind = kind.ok_or(Fault::Broken("a violation was lost"))?;
        let said = Said { kind, approved: request.approved, reason };
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, (id, &request.etag), said).await })
            })
            .await
    }
}

async fn write(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    said: Said,
) -> Result<SignOffAppealResponse, Error> {
    let act = if said.approved { Act::Clear } else { Act::Decline };
    let held = store::held(tx, id).await?;
    let before = held.state.clone();
    let mut row = acts::moved(held, etag, act)?;
    let mut document = row.document()?;
    let (reviewer, content) = (tx.caller().actor().to_owned(), document.content());
    let new = SignOff {
        kind: said.kind,
        reviewer: &reviewer,
        approved: said.approved,
        content: &content,
    };
    sign(&document.reviews, &document.written_by, &document.given(), &new)?;
    document.sign_offs.push(Signed {
        kind: said.kind,
        reviewer,
        approved: said.approved,
        reason: said.reason,
        content,
        at: tx.clock().now(),
    });
    if said.approved && !document.unsigned().is_empty() {
        row.state = before;
    }
    row.document = document.encoded();
    let kind = if said.approved { "appeal.signed_off" } else { "appeal.declined" };
    let row = acts::told(tx, row, kind, &format!("{} review", said.kind)).await?;
    Ok(SignOffAppealResponse { appeal: Some(face::appeal(&row, row.updated_at)?) })
}

use contracts::dictionary::v1::{ConfirmCommitteeRequest, ConfirmCommitteeResponse};
use domain::dictionary::ContentHash;
use domain_governance::ballot::{Confirmation, Proposal, UserId};
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use super::chamber::Chamber;
use super::{Refusal, id, update_committee, user};
use crate::{Dictionary, Error, grpc};
use registry::committees::{self, Committee as Row, Consent};

impl Dictionary {
    /// Makes a proposed change of the committee count.
    pub(crate) async fn confirm_committee(
        &self,
        caller: &Caller,
        request: ConfirmCommitteeRequest,
    ) -> Result<ConfirmCommitteeResponse, Error> {
        let mut violations = Violations::default();
        let hash_read = violations.check("hash", request.hash.parse::<ContentHash>());
        violations.into_result()?;
        let hash_read = hash_read.ok_or(Fault::Broken("a violation was lost"))?;
        let administers = caller.has_role(Role::TenantAdmin);
        let word = Confirmation { by: user(caller)?, administers, hash_read };
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let row = confirm(tx, &word).await?;
                Ok(ConfirmCommitteeResponse { committee: Some(grpc::committee(row)?) })
            })
        })
        .await
    }
}

async fn confirm(tx: &TenantTx, word: &Confirmation) -> Result<Row, Error> {
    let former = committees::find(tx).await?;
    let version = former.as_ref().map_or(0, |row| row.version);
    let (Some(former), Some(waiting)) = (former, committees::proposal(tx, version).await?) else {
        let words = "no change of the committee waits: it counts already, or the committee changed \
                     meanwhile and it must be proposed again";
        return Err(Error::Refused(Refusal::InvalidTransition, words.to_owned()));
    };
    let unreadable = |_| Fault::Broken("a stored proposal is named by no hash");
    let proposal = Proposal {
        by: UserId(id(&waiting.author)?),
        hash: waiting.hash.parse().map_err(unreadable)?,
    };
    proposal.confirm(word, &Chamber::now(tx).await?.sitting())?;
    let row = Row {
        title: waiting.title,
        time_zone: waiting.time_zone,
        document: waiting.document,
        updated_at: tx.clock().now(),
        version: waiting.base_version + 1,
        ..former
    };
    let consent = Consent {
        confirmed_by: word.by.0.to_string(),
        hash: waiting.hash,
        ..Consent::of(&row, "confirmed", waiting.author, waiting.reason)
    };
    update_committee::keep(tx, row, consent, "committee.updated").await
}

use contracts::dictionary::v1::{DelegateSeatRequest, DelegateSeatResponse};
use domain_governance::ballot::UserId;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::{Refusal, chamber, etag, update_committee, user};
use crate::{Dictionary, Error, grpc};
use registry::committees::{self, Committee as Row, Consent};

impl Dictionary {
    /// Names who votes in the absence of a seat's holder; only the holder may.
    pub(crate) async fn delegate(
        &self,
        caller: &Caller,
        request: DelegateSeatRequest,
    ) -> Result<DelegateSeatResponse, Error> {
        let mut violations = Violations::default();
        violations.text("seat", &request.seat, 96);
        etag(&mut violations, &request.etag);
        let mut delegate = None;
        if !request.delegate.is_empty() {
            let read = Uuid::try_parse(&request.delegate).map_err(|_| "is no UUID");
            delegate = violations.check("delegate", read);
        }
        violations.into_result()?;
        self.peers.users_are_there(caller, delegate.into_iter().collect()).await?;
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                let row = hand_over(tx, &request, delegate.map(UserId)).await?;
                Ok(DelegateSeatResponse { committee: Some(grpc::committee(row)?) })
            })
        })
        .await
    }
}

async fn hand_over(
    tx: &TenantTx,
    request: &DelegateSeatRequest,
    delegate: Option<UserId>,
) -> Result<Row, Error> {
    let row = committees::find(tx).await?.ok_or(Fault::NotFound)?;
    if row.version.to_string() != request.etag {
        return Err(Fault::StaleEtag.into());
    }
    let mut committee = chamber::seated(Some(&row))?;
    let caller = user(tx.caller())?;
    let seat = committee.seats.iter_mut().find(|seat| *seat.slug.as_str() == request.seat);
    let seat = seat.filter(|seat| seat.holder == Some(caller)).ok_or_else(|| {
        let words = "only the holder of a seat may name who votes in the holder's absence";
        Error::Refused(Refusal::NoSeat, words.to_owned())
    })?;
    seat.delegate = delegate;
    update_committee::sound(&committee)?;
    let next = Row {
        document: update_committee::write(&committee)?,
        updated_at: tx.clock().now(),
        version: row.version + 1,
        ..row
    };
    // The vote is the holder's own: nobody else has to agree.
    let author = tx.caller().actor().to_owned();
    let consent = Consent::of(&next, "delegated", author, String::new());
    update_committee::keep(tx, next, consent, "committee.seat_delegated").await
}

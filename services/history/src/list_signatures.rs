use contracts::routing::v1::{CountedSignature, ListSignaturesRequest, ListSignaturesResponse};
use domain_governance::replay::Span;
use futures::StreamExt;
use futures::stream::{BoxStream, try_unfold};
use platform::access::Caller;
use platform::rejection::{Fault, Violations, reject};
use platform::tenant_tx::Database;
use tonic::Status;
use uuid::Uuid;

use crate::store::Counted;
use crate::wire::{count, day, today};
use crate::{Replays, store};

/// Signatures a message.
const PAGE: u64 = 500;

/// The answer of `ListSignatures`.
pub type Signatures = BoxStream<'static, Result<ListSignaturesResponse, Status>>;

impl Replays {
    /// Streams the signatures that have denials. Each page is read by itself, so that a slow reader
    /// holds no transaction: what is posted meanwhile is counted where it still comes.
    ///
    /// # Errors
    /// When the first day is none.
    pub async fn signatures(
        &self,
        caller: &Caller,
        request: ListSignaturesRequest,
    ) -> Result<Signatures, Fault> {
        let mut violations = Violations::default();
        let starts_on = violations.check("starts_on", day(request.starts_on)).flatten();
        violations.into_result()?;
        let listing = Listing {
            database: self.database.clone(),
            caller: caller.clone(),
            span: Span::until(today(self.database.clock()), starts_on),
            after: None,
        };
        let pages = try_unfold(listing, |mut listing| async move {
            let page = listing.next().await.map_err(reject)?;
            Ok((!page.is_empty()).then(|| (answer(page), listing)))
        });
        Ok(pages.boxed())
    }
}

/// A stream in progress.
struct Listing {
    database: Database,
    caller: Caller,
    span: Span,
    /// The last signature that was read.
    after: Option<Uuid>,
}

impl Listing {
    /// The next page; an empty one at the end.
    async fn next(&mut self) -> Result<Vec<Counted>, Fault> {
        let tx = self.database.read(&self.caller).await?;
        let page = store::signatures(&tx, self.span, self.after, PAGE).await?;
        self.after = page.last().map(|last| last.key);
        Ok(page)
    }
}

fn answer(page: Vec<Counted>) -> ListSignaturesResponse {
    let signature = |one: Counted| CountedSignature {
        encoded: one.encoded,
        denial_count: count(one.denials),
        denied_cents: one.cents,
    };
    ListSignaturesResponse { signatures: page.into_iter().map(signature).collect() }
}

use contracts::dictionary::v1::{CreateReviewRequest, CreateReviewResponse, ReviewVerdict};
use domain::dictionary::{ContentHash, Slug};
use domain_governance::ballot::{State, Verdict, Vote};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::Violations;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::chamber::Chamber;
use super::{Matter, Refusal, id, log, prose, user};
use crate::{Dictionary, Error, grpc};
use registry::changes::{self, Vote as Entry};

impl Dictionary {
    /// Casts a vote on exactly the content that its voter has read.
    pub(crate) async fn review(
        &self,
        caller: &Caller,
        request: CreateReviewRequest,
    ) -> Result<CreateReviewResponse, Error> {
        let mut violations = Violations::default();
        let seat = violations.check("seat", Slug::new(request.seat.clone()));
        let hash = request.result_hash.parse::<ContentHash>();
        let hash = violations.check("result_hash", hash);
        let verdict = match request.verdict() {
            ReviewVerdict::Approve => Some(Verdict::Approve),
            ReviewVerdict::Decline => Some(Verdict::Decline),
            ReviewVerdict::Recuse => Some(Verdict::Recuse),
            ReviewVerdict::Unspecified => None,
        };
        if verdict.is_none() {
            violations.add("verdict", "is required");
        }
        if verdict == Some(Verdict::Decline) || !request.reason.is_empty() {
            prose(&mut violations, "reason", &request.reason, 4_000);
        }
        violations.into_result()?;
        let (Some(seat), Some(hash_read), Some(verdict)) = (seat, hash, verdict) else {
            return Err(platform::rejection::Fault::Broken("a violation was lost").into());
        };
        let by = user(caller)?;
        let vote = Vote {
            id: platform::ids::new(),
            seat,
            by,
            verdict,
            reason: request.reason.clone(),
            hash_read,
        };
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move { cast(tx, id(&request.change_request_id)?, vote).await })
        })
        .await
    }
}

async fn cast(tx: &TenantTx, change: Uuid, vote: Vote) -> Result<CreateReviewResponse, Error> {
    log::settled(tx).await?;
    let matter = Matter::find(tx, change).await?;
    let chamber = Chamber::now(tx).await?;
    let entry = Entry {
        tenant_id: Uuid::nil(),
        id: vote.id,
        change_request_id: change,
        content_version: matter.row.content_version,
        speaker: match vote.verdict {
            Verdict::Recuse => format!("recused/{}", vote.by.0),
            Verdict::Approve | Verdict::Decline => vote.seat.to_string(),
        },
        reviewer: vote.by.0.to_string(),
        verdict: vote.verdict.as_str().to_owned(),
        result_hash: matter.row.result_hash.clone(),
        created_at: chamber.at,
    };
    let (cast, verdict) = (vote.id, vote.verdict);
    let changed = matter.ballot.review(vote, &chamber.sitting())?;
    if !changes::vote(tx, entry).await? {
        let words = "the seat voted on this content already, and votes are final".to_owned();
        return Err(Error::Refused(Refusal::VoteFinal, words));
    }
    let act = match (changed.request.state, verdict) {
        (State::Approved, _) => "change_request.approved",
        (State::Rejected, _) => "change_request.rejected",
        (_, Verdict::Recuse) => "change_request.recused",
        (_, Verdict::Approve | Verdict::Decline) => "change_request.reviewed",
    };
    let matter = matter.keep(tx, changed, act).await?;
    let review = matter.ballot.reviews.iter().find(|review| review.id == cast);
    Ok(CreateReviewResponse {
        review: review.map(|review| grpc::review(change, review)),
        change_request: Some(matter.shown(tx).await?),
    })
}

//! Votes: who may cast one, and which count.

use chrono::{DateTime, Utc};
use domain::dictionary::{ContentHash, Slug};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::emergency::EmergencyEnd;
use super::{
    ChangeRequest, Changed, CheckKind, Event, SectionName, Sitting, State, UserId, says_something,
};
use domain::words;

words! {
    /// A vote.
    Verdict {
        /// Agreed.
        Approve = "approve",
        /// Declined; rejects the change.
        Decline = "decline",
        /// The person has an interest and does not vote on this change.
        Recuse = "recuse",
    }
}

/// Whether a vote counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// It counts, for the content it was cast on.
    Counting,
    /// The content changed after it, or its voter forced the change.
    Dismissed,
    /// The base moved under it and nothing else did; it counts, marked.
    CarriedOver {
        /// The content it counts for now.
        result_hash: ContentHash,
    },
}

/// A vote that was cast; it is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Which.
    pub id: Uuid,
    /// The seat it was cast for.
    pub seat: Slug,
    /// Who cast it.
    pub reviewer: UserId,
    /// The vote.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// The content it was cast on.
    pub result_hash: ContentHash,
    /// When.
    pub cast_at: DateTime<Utc>,
    /// Whether it counts.
    pub state: ReviewState,
}

/// A vote about to be cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Which.
    pub id: Uuid,
    /// For which seat.
    pub seat: Slug,
    /// Who casts it.
    pub by: UserId,
    /// The vote.
    pub verdict: Verdict,
    /// Why; mandatory for a decline.
    pub reason: String,
    /// The content the voter has read.
    pub hash_read: ContentHash,
}

/// Why a vote is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotReview {
    /// Not before the committee.
    #[error("a change that is {0} is not open for votes")]
    NotInReview(State),
    /// The emergency it would ratify has had its time.
    #[error("the emergency ended at {reverts_at}")]
    EmergencyOver {
        /// When it ended.
        reverts_at: DateTime<Utc>,
    },
    /// The voter has read another content.
    #[error("the content changed: it is {now} now")]
    StaleHash {
        /// What is asked for now.
        now: ContentHash,
    },
    /// No such seat.
    #[error("there is no seat `{0}`")]
    NoSuchSeat(Slug),
    /// A seat whose term has not begun or has ended.
    #[error("seat `{0}` is not in its term today")]
    OutOfTerm(Slug),
    /// Neither holder nor delegate.
    #[error("only the holder of seat `{0}` or the holder's delegate may vote for it")]
    NotTheirSeat(Slug),
    /// The voter has an interest by what they did.
    #[error("whoever wrote, edited or forced a change does not vote on it")]
    Interested,
    /// The voter declared an interest.
    #[error("whoever recused from a change does not vote on it")]
    Recused,
    /// The voter spoke on this content, and now wants out.
    #[error("whoever voted on this content cannot recuse from it")]
    Voted,
    /// The seat spoke on this content.
    #[error("seat `{0}` voted on this content already, and votes are final")]
    SeatVoted(Slug),
    /// A decline that does not say why.
    #[error("a decline needs a reason")]
    NoReason,
    /// A check that is missing, stale or failed.
    #[error("no approval counts before {0} passes on this content")]
    Unproven(CheckKind),
}

impl<S: SectionName> ChangeRequest<S> {
    /// Casts a vote on exactly the content that was read.
    ///
    /// An approval that completes the requirements approves the change, or ratifies its emergency;
    /// a decline rejects it, and ends its emergency on the spot. Only an approval needs checks: a
    /// seat may decline at any time, and a recusal is no vote and leaves the seat to its other
    /// person.
    pub fn review(&self, vote: Vote, sitting: &Sitting<'_, S>) -> Result<Changed<S>, CannotReview> {
        self.open_for_votes(sitting.at)?;
        if vote.hash_read != self.result_hash {
            return Err(CannotReview::StaleHash { now: self.result_hash });
        }
        self.entitle(&vote, sitting)?;
        match vote.verdict {
            Verdict::Recuse if self.approvals().any(|review| review.reviewer == vote.by) => {
                return Err(CannotReview::Voted);
            }
            Verdict::Recuse => {}
            Verdict::Approve | Verdict::Decline => self.may_speak(&vote)?,
        }
        let mut request = self.clone();
        request.reviews.push(Review {
            id: vote.id,
            seat: vote.seat,
            reviewer: vote.by,
            verdict: vote.verdict,
            reason: vote.reason,
            result_hash: self.result_hash,
            cast_at: sitting.at,
            state: ReviewState::Counting,
        });
        let event = match vote.verdict {
            Verdict::Approve => request.settle_in_place(sitting),
            Verdict::Decline => request.reject(sitting.at),
            Verdict::Recuse => None,
        };
        Ok(Changed { request, event })
    }

    fn open_for_votes(&self, at: DateTime<Utc>) -> Result<(), CannotReview> {
        let running = self.emergency.as_ref().filter(|emergency| emergency.end.is_none());
        match (self.state, running) {
            (State::InReview, _) => Ok(()),
            (State::Activated, Some(emergency)) if at < emergency.reverts_at => Ok(()),
            (State::Activated, Some(emergency)) => {
                Err(CannotReview::EmergencyOver { reverts_at: emergency.reverts_at })
            }
            (state, _) => Err(CannotReview::NotInReview(state)),
        }
    }

    /// Whether the voter may speak for the seat, interests aside.
    fn entitle(&self, vote: &Vote, sitting: &Sitting<'_, S>) -> Result<(), CannotReview> {
        let slug = || vote.seat.clone();
        let seat =
            sitting.committee.seat(&vote.seat).ok_or_else(|| CannotReview::NoSuchSeat(slug()))?;
        if !seat.in_term(sitting.today) {
            return Err(CannotReview::OutOfTerm(slug()));
        }
        if !seat.may_vote(vote.by, sitting.today) {
            return Err(CannotReview::NotTheirSeat(slug()));
        }
        if self.is_recused(vote.by) {
            return Err(CannotReview::Recused);
        }
        Ok(())
    }

    fn may_speak(&self, vote: &Vote) -> Result<(), CannotReview> {
        if self.is_interested(vote.by) {
            return Err(CannotReview::Interested);
        }
        if self.approvals().any(|review| review.seat == vote.seat) {
            return Err(CannotReview::SeatVoted(vote.seat.clone()));
        }
        if vote.verdict == Verdict::Decline {
            // Nobody needs a proof to say no; a yes is to something that was proved.
            let silent = !says_something(&vote.reason);
            return if silent { Err(CannotReview::NoReason) } else { Ok(()) };
        }
        self.unproven().map_or(Ok(()), |kind| Err(CannotReview::Unproven(kind)))
    }

    fn reject(&mut self, at: DateTime<Utc>) -> Option<Event> {
        let event = self.end_emergency(EmergencyEnd::Reverted { at });
        self.enter(State::Rejected);
        event
    }
}

impl<S> ChangeRequest<S> {
    /// The approvals that count for exactly what is asked for now.
    ///
    /// Interests are looked at again, so that rows which should not be there approve nothing.
    pub fn approvals(&self) -> impl Iterator<Item = &Review> {
        self.reviews.iter().filter(|review| {
            review.verdict == Verdict::Approve
                && review.counts_for() == Some(self.result_hash)
                && !self.is_interested(review.reviewer)
                && !self.is_recused(review.reviewer)
        })
    }

    /// Whether a seat declined what is asked for now.
    pub(super) fn is_declined(&self) -> bool {
        self.reviews.iter().any(|review| {
            review.verdict == Verdict::Decline && review.counts_for() == Some(self.result_hash)
        })
    }
}

impl Review {
    /// The content it counts for, if it counts.
    pub fn counts_for(&self) -> Option<ContentHash> {
        match self.state {
            ReviewState::Counting => Some(self.result_hash),
            ReviewState::Dismissed => None,
            ReviewState::CarriedOver { result_hash } => Some(result_hash),
        }
    }
}

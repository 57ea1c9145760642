//! A change brought onto another base.

use std::collections::BTreeSet;

use domain::dictionary::ContentHash;

use super::{ChangeRequest, Check, CheckKind, ReviewState, SectionName, Sitting, State, Verdict};

/// What a merge onto another base came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebase<S> {
    /// The base it is brought to.
    pub onto: ContentHash,
    /// The content it has there.
    pub result_hash: ContentHash,
    /// Every section in which the two differ.
    pub sections: BTreeSet<S>,
    /// Whether both sides touched an item; then somebody must look, and it is a draft again.
    pub touched_by_both: bool,
    /// The checks that ran on it already.
    pub reruns: Vec<Rerun>,
}

/// A check that ran on the rebased content before it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rerun {
    /// The check.
    pub check: Check,
    /// Whether it found what it found before.
    pub unchanged: bool,
}

/// Why a change is not rebased.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotRebase {
    /// It is scheduled, or over.
    #[error("a change that is {0} cannot be rebased")]
    Closed(State),
    /// It stands on this base, and waits for nothing.
    #[error("the change is on that base already")]
    NothingMoved,
    /// Another content on the same base is an edit, and its votes must fall.
    #[error("the base is the same and the content is not: that is an edit")]
    AnEdit,
    /// A rerun that ran on something else.
    #[error("{0} ran on another content or base")]
    OtherContent(CheckKind),
    /// A changed content that touches no section, or the base that touches some.
    #[error("the touched sections do not fit the content")]
    SectionsDoNotFit,
}

impl<S: SectionName> ChangeRequest<S> {
    /// Brings it onto another base.
    ///
    /// Votes fall, unless nothing was touched by both sides, it touches the same sections, and both
    /// checks ran again, passed, and found what they found before: then they carry over, marked.
    /// What was before the committee goes back before it; what somebody must look at becomes a
    /// draft. A suspended change whose base is active again is taken up by naming that base.
    pub fn rebase(
        &self,
        rebase: Rebase<S>,
        sitting: &Sitting<'_, S>,
    ) -> Result<Self, CannotRebase> {
        let moved = self.moves(&rebase)?;
        let carries = !rebase.touched_by_both
            && rebase.sections == self.sections
            && CheckKind::ALL.iter().all(|kind| {
                let same = |rerun: &Rerun| rerun.check.kind == *kind && rerun.unchanged;
                rebase.reruns.iter().any(same)
            });
        let mut request = self.clone();
        request.checks.extend(rebase.reruns.iter().map(|rerun| rerun.check));
        (request.base, request.result_hash) = (rebase.onto, rebase.result_hash);
        request.sections = rebase.sections;
        if moved && carries && request.unproven().is_none() {
            request.carry_approvals_over(self.result_hash);
        } else if moved {
            request.dismiss_reviews();
        }
        if rebase.touched_by_both || !request.has_edits() || self.state == State::Draft {
            request.enter(State::Draft);
        } else {
            request.enter(State::InReview);
            request.settle_in_place(sitting);
        }
        Ok(request)
    }

    /// Whether the base moves; otherwise the change is only taken up again.
    fn moves(&self, rebase: &Rebase<S>) -> Result<bool, CannotRebase> {
        match self.state {
            State::Draft | State::InReview | State::Approved | State::Suspended => {}
            State::Scheduled | State::Activated | State::Rejected | State::Withdrawn => {
                return Err(CannotRebase::Closed(self.state));
            }
        }
        if (rebase.result_hash == rebase.onto) != rebase.sections.is_empty() {
            return Err(CannotRebase::SectionsDoNotFit);
        }
        let elsewhere =
            |check: &Check| check.base != rebase.onto || check.result_hash != rebase.result_hash;
        if let Some(rerun) = rebase.reruns.iter().find(|rerun| elsewhere(&rerun.check)) {
            return Err(CannotRebase::OtherContent(rerun.check.kind));
        }
        if rebase.onto != self.base {
            return Ok(true);
        }
        if rebase.result_hash != self.result_hash || rebase.sections != self.sections {
            return Err(CannotRebase::AnEdit);
        }
        if self.state == State::Suspended { Ok(false) } else { Err(CannotRebase::NothingMoved) }
    }

    /// Makes the approvals that counted for the former content count for the present one.
    fn carry_approvals_over(&mut self, former: ContentHash) {
        let state = ReviewState::CarriedOver { result_hash: self.result_hash };
        for review in &mut self.reviews {
            if review.verdict == Verdict::Approve && review.counts_for() == Some(former) {
                review.state = state;
            }
        }
    }
}

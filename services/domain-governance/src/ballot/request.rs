//! A change request: what is asked for, and where it stands.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::dictionary::ContentHash;
use serde::{Deserialize, Serialize};

use super::{
    ChangeId, Check, Emergency, Event, Review, ReviewState, SectionName, Sitting, Suspension,
    UserId, Verdict, says_something,
};
use domain::words;

words! {
    /// Where a change request stands.
    State {
        /// Being written.
        Draft = "draft",
        /// Before the committee.
        InReview = "in_review",
        /// Every requirement holds for exactly this content.
        Approved = "approved",
        /// Becomes active at its time.
        Scheduled = "scheduled",
        /// Its revision was activated.
        Activated = "activated",
        /// Declined.
        Rejected = "rejected",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Could not be activated, or did not last: rebase or edit it.
        Suspended = "suspended",
    }
}

words! {
    /// How a change comes to be approved.
    Route {
        /// By the votes of the committee.
        Ballot = "ballot",
        /// By an approval it already had: a return to a revision that stood before.
        PreApproved = "pre_approved",
    }
}

/// A proposed change on its way to a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Ord + Deserialize<'de>"))]
pub struct ChangeRequest<S> {
    /// Which.
    pub id: ChangeId,
    /// Who opened it, or the duty that drafted it.
    pub author: UserId,
    /// Why.
    pub reason: String,
    /// How it comes to be approved.
    pub route: Route,
    /// Where it stands.
    pub state: State,
    /// The revision it changes.
    pub base: ContentHash,
    /// The revision it would make; the base itself while nothing is edited.
    pub result_hash: ContentHash,
    /// Every section in which the two differ; it decides whose agreement is needed.
    pub sections: BTreeSet<S>,
    /// Everyone who ever edited it.
    pub editors: BTreeSet<UserId>,
    /// Checks of any content it had.
    pub checks: Vec<Check>,
    /// Votes on any content it had.
    pub reviews: Vec<Review>,
    /// When it becomes active, while SCHEDULED.
    pub activate_at: Option<DateTime<Utc>>,
    /// Why it is SUSPENDED, while it is.
    pub suspension: Option<Suspension>,
    /// Its activation in emergency, if there was one; at most one in its life.
    pub emergency: Option<Emergency>,
}

/// What a draft begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which.
    pub id: ChangeId,
    /// Who opens it.
    pub author: UserId,
    /// Why; may be blank until it is submitted.
    pub reason: String,
    /// The revision it changes.
    pub base: ContentHash,
}

/// What an act made of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Changed<S> {
    /// The request as it stands now.
    pub request: ChangeRequest<S>,
    /// What goes into the activation log with it.
    pub event: Option<Event>,
}

/// Why an edit is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotEdit {
    /// It is scheduled, or over.
    #[error("a change that is {0} cannot be edited")]
    Closed(State),
    /// The content is what it was.
    #[error("the edit changes nothing")]
    NothingChanged,
    /// A changed content that touches no section, or the base that touches some.
    #[error("the touched sections do not fit the content")]
    SectionsDoNotFit,
}

/// Why a draft cannot be put before the committee.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotSubmit {
    /// It is not a draft.
    #[error("a change that is {0} cannot be submitted")]
    NotADraft(State),
    /// Its result is its base.
    #[error("the change has no edit")]
    NothingEdited,
    /// It does not say why.
    #[error("the change has no reason")]
    NoReason,
}

/// Why a change cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotWithdraw {
    /// It is over, or active.
    #[error("a change that is {0} cannot be withdrawn")]
    Closed(State),
    /// Somebody else's.
    #[error("only the author or an editor may withdraw a change")]
    NotTheirs,
    /// It does not say why.
    #[error("a withdrawal needs a reason")]
    NoReason,
}

impl<S: SectionName> ChangeRequest<S> {
    /// Opens a draft without edits.
    pub fn draft(draft: Draft) -> Self {
        let Draft { id, author, reason, base } = draft;
        Self {
            id,
            author,
            reason,
            route: Route::Ballot,
            state: State::Draft,
            base,
            result_hash: base,
            sections: BTreeSet::new(),
            editors: BTreeSet::new(),
            checks: Vec::new(),
            reviews: Vec::new(),
            activate_at: None,
            suspension: None,
            emergency: None,
        }
    }

    /// Gives it another content and makes it a draft again: what lies before the committee never
    /// moves under it.
    ///
    /// `sections` are all in which the content differs from the base, not only those of this edit.
    pub fn edit(
        &self,
        by: UserId,
        result_hash: ContentHash,
        sections: BTreeSet<S>,
    ) -> Result<Self, CannotEdit> {
        match self.state {
            State::Draft | State::InReview | State::Approved | State::Suspended => {}
            State::Scheduled | State::Activated | State::Rejected | State::Withdrawn => {
                return Err(CannotEdit::Closed(self.state));
            }
        }
        if result_hash == self.result_hash {
            return Err(CannotEdit::NothingChanged);
        }
        if (result_hash == self.base) != sections.is_empty() {
            return Err(CannotEdit::SectionsDoNotFit);
        }
        let mut edited = self.clone();
        edited.editors.insert(by);
        (edited.result_hash, edited.sections) = (result_hash, sections);
        edited.dismiss_reviews();
        edited.enter(State::Draft);
        Ok(edited)
    }

    /// Puts a draft before the committee.
    pub fn submit(&self) -> Result<Self, CannotSubmit> {
        if self.state != State::Draft {
            return Err(CannotSubmit::NotADraft(self.state));
        }
        if !self.has_edits() {
            return Err(CannotSubmit::NothingEdited);
        }
        if !says_something(&self.reason) {
            return Err(CannotSubmit::NoReason);
        }
        let mut submitted = self.clone();
        submitted.enter(State::InReview);
        Ok(submitted)
    }

    /// Takes it back for good, also when it is scheduled; what the service drafted, whoever may.
    pub fn withdraw(&self, by: UserId, reason: &str) -> Result<Self, CannotWithdraw> {
        if matches!(self.state, State::Activated | State::Rejected | State::Withdrawn) {
            return Err(CannotWithdraw::Closed(self.state));
        }
        let nobodys = self.author == UserId::SERVICE;
        if !nobodys && by != self.author && !self.editors.contains(&by) {
            return Err(CannotWithdraw::NotTheirs);
        }
        if !says_something(reason) {
            return Err(CannotWithdraw::NoReason);
        }
        let mut withdrawn = self.clone();
        withdrawn.enter(State::Withdrawn);
        Ok(withdrawn)
    }

    /// Follows the requirements: an approval that became complete is given, one that is complete no
    /// longer is taken back, and an emergency that found its quorum in time is ratified.
    ///
    /// A vote does so by itself; it is for what changes around a request: a check, the committee.
    pub fn settle(&self, sitting: &Sitting<'_, S>) -> Changed<S> {
        let mut request = self.clone();
        let event = request.settle_in_place(sitting);
        Changed { request, event }
    }

    pub(super) fn settle_in_place(&mut self, sitting: &Sitting<'_, S>) -> Option<Event> {
        let approved = || self.unmet(sitting.committee, sitting.today).next().is_none();
        match self.state {
            State::InReview if approved() => self.enter(State::Approved),
            State::Approved if !approved() => self.enter(State::InReview),
            State::Activated if self.emergency_runs(sitting.at) && approved() => {
                return self.ratify(sitting.at);
            }
            _ => {}
        }
        None
    }
}

impl<S> ChangeRequest<S> {
    /// Whether it changes anything, in a section that somebody answers for.
    pub(super) fn has_edits(&self) -> bool {
        self.result_hash != self.base && !self.sections.is_empty()
    }

    /// Whether somebody wrote, edited or forced it, and so has no vote on it.
    pub fn is_interested(&self, who: UserId) -> bool {
        self.author == who
            || self.editors.contains(&who)
            || self.emergency.as_ref().is_some_and(|emergency| emergency.by == who)
    }

    /// Whether somebody declared an interest; it lasts as long as the request.
    pub fn is_recused(&self, who: UserId) -> bool {
        self.reviews
            .iter()
            .any(|review| review.verdict == Verdict::Recuse && review.reviewer == who)
    }

    /// Goes to a state and leaves behind what belonged to the former one.
    pub(super) fn enter(&mut self, state: State) {
        (self.state, self.activate_at, self.suspension) = (state, None, None);
    }

    /// Dismisses every vote; recusals stay, for an interest does not end with an edit.
    pub(super) fn dismiss_reviews(&mut self) {
        for review in &mut self.reviews {
            if review.verdict != Verdict::Recuse {
                review.state = ReviewState::Dismissed;
            }
        }
    }
}

//! A change of the committee: nobody makes it alone.

use domain::dictionary::ContentHash;

use super::{SectionName, Sitting, UserId};

/// A change of the committee that waits for a second person; the content is a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who asks for it.
    pub by: UserId,
    /// What is asked for.
    pub hash: ContentHash,
}

/// A second person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Whose.
    pub by: UserId,
    /// Whether they administer the tenant; such a word counts where nobody but the proposer holds
    /// a seat.
    pub administers: bool,
    /// What they have read.
    pub hash_read: ContentHash,
}

/// Why a change of the committee is not confirmed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotConfirm {
    /// Another change of it is proposed by now.
    #[error("another change of the committee is proposed by now: read {now}")]
    StaleHash {
        /// The one that waits.
        now: ContentHash,
    },
    /// Their own.
    #[error("whoever proposed a change of the committee does not confirm it")]
    Own,
    /// No seat of the committee as it stands, where somebody else has one.
    #[error(
        "only who holds a seat in its term may confirm it; who administers the tenant may where \
         nobody but the proposer holds one"
    )]
    NoSeat,
}

impl Proposal {
    /// Refuses a word that does not make it count. The committee that judges is the one that
    /// stands: what is proposed seats nobody yet.
    pub fn confirm<S: SectionName>(
        &self,
        word: &Confirmation,
        sitting: &Sitting<'_, S>,
    ) -> Result<(), CannotConfirm> {
        if word.hash_read != self.hash {
            return Err(CannotConfirm::StaleHash { now: self.hash });
        }
        if word.by == self.by {
            return Err(CannotConfirm::Own);
        }
        let mut in_term = sitting.committee.seats.iter().filter(|it| it.in_term(sitting.today));
        // Who administers the tenant makes accounts: such a word is no second one where somebody
        // can give a better.
        let counts = if in_term.any(|seat| seat.holder.is_some_and(|holder| holder != self.by)) {
            sitting.committee.held_by(word.by, sitting.today).is_some()
        } else {
            word.administers
        };
        if counts { Ok(()) } else { Err(CannotConfirm::NoSeat) }
    }
}

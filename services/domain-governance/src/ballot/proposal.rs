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
    /// Whether they administer the tenant; such a word counts without a seat.
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
    /// Neither a seat of the committee as it stands, nor the tenant's.
    #[error("only who holds a seat in its term, or administers the tenant, may confirm it")]
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
        let seated = sitting.committee.held_by(word.by, sitting.today).is_some();
        if seated || word.administers { Ok(()) } else { Err(CannotConfirm::NoSeat) }
    }
}

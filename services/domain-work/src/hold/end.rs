//! How an item ends, and how an end is taken back.

use super::acts::said;
use super::{Happened, Hold, Refusal, State, Step, Writer};
use crate::Moment;

/// Who says that an item is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// A person, by this right.
    Writer(Writer),
    /// A rule of automation, which never takes an item from a person.
    Automation,
    /// The payer's remittance, which settles it whoever holds it.
    Remittance,
    /// The payer's decision on an appeal, which does too.
    Decision,
}

impl Hold {
    /// Ends an item; what its resolution needs is judged by [`crate::resolution`].
    ///
    /// # Errors
    /// When it is over already, or whoever ends it may not.
    pub fn resolve(&self, by: EndedBy, now: Moment) -> Result<Step, Refusal> {
        let mut step = self.at(now);
        match (by, step.hold.state) {
            (EndedBy::Writer(writer), _) => step.hold.writable(writer, "resolved")?,
            (_, State::Resolved | State::Superseded) => {
                return Err(step.hold.cannot_be("resolved"));
            }
            (EndedBy::Automation, State::Claimed(lease)) => {
                return Err(Refusal::HeldByAnother { holder: lease.holder });
            }
            (EndedBy::Automation | EndedBy::Remittance | EndedBy::Decision, _) => {}
        }
        step.hold.state = State::Resolved;
        step.happened.push(Happened::Resolved);
        Ok(step)
    }

    /// Opens a resolved item again: after an undo, a new denial, or a second thought.
    ///
    /// # Errors
    /// When it is not resolved, or no reason is given.
    pub fn reopen(&self, reason: &str) -> Result<Step, Refusal> {
        if self.state != State::Resolved {
            return Err(self.cannot_be("reopened"));
        }
        said(reason)?;
        let hold = Self { state: State::Open(None), ..*self };
        Ok(Step { hold, happened: vec![Happened::Reopened { reason: reason.to_owned() }] })
    }

    /// Ends an item that the dictionary no longer calls for; its holder loses it. What is resolved
    /// stays so: it is history.
    ///
    /// # Errors
    /// When it is over already.
    pub fn supersede(&self) -> Result<Step, Refusal> {
        if matches!(self.state, State::Resolved | State::Superseded) {
            return Err(self.cannot_be("superseded"));
        }
        let hold = Self { state: State::Superseded, ..*self };
        Ok(Step { hold, happened: vec![Happened::Superseded] })
    }

    /// Opens an item that the dictionary calls for again. No person can ask for it.
    ///
    /// # Errors
    /// When it is not superseded.
    pub fn restore(&self) -> Result<Step, Refusal> {
        if self.state != State::Superseded {
            return Err(self.cannot_be("restored"));
        }
        let hold = Self { state: State::Open(None), ..*self };
        Ok(Step { hold, happened: vec![Happened::Restored] })
    }
}

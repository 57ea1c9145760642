//! Where an appeal stands, and from where it goes.

use domain::words;

words! {
    /// Where an appeal stands.
    State {
        /// Being written.
        Draft = "DRAFT",
        /// Waiting for sign-off.
        InReview = "IN_REVIEW",
        /// Complete and signed off.
        Ready = "READY",
        /// Sent.
        Submitted = "SUBMITTED",
        /// Sent back by the payer; what is sent again keeps the first day.
        Returned = "RETURNED",
        /// The payer has it.
        Acknowledged = "ACKNOWLEDGED",
        /// The payer decided.
        Decided = "DECIDED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
        /// Its date passed; recorded with its cause.
        Expired = "EXPIRED",
    }
}

words! {
    /// What is done to an appeal.
    Act {
        /// What is appealed, or how the payer calls it, is changed.
        Change = "change",
        /// It is put before its reviewers.
        RequestSignOff = "request_sign_off",
        /// The last review that policy asks for is given.
        Clear = "clear",
        /// A reviewer declines.
        Decline = "decline",
        /// It is sent.
        Submit = "submit",
        /// The payer says that it has it.
        Acknowledge = "acknowledge",
        /// The payer sends it back.
        Return = "return",
        /// The payer's decision is recorded.
        Decide = "decide",
        /// What a remittance showed of the decision is confirmed, or corrected.
        Confirm = "confirm",
        /// What the payer paid is taken back: it has to decide once more.
        TakeBack = "take_back",
        /// It is taken back.
        Withdraw = "withdraw",
        /// Its date has passed unfiled.
        Expire = "expire",
    }
}

/// Why an act is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the appeal is {from}; to {act} it is possible from: {}", from_words(*act))]
pub struct CannotMove {
    /// Where the appeal stands.
    pub from: State,
    /// What was to be done.
    pub act: Act,
}

fn from_words(act: Act) -> String {
    let states: Vec<&str> =
        State::ALL.iter().filter(|from| from.to(act).is_some()).map(|from| from.as_str()).collect();
    states.join(", ")
}

impl State {
    /// Where an act leads.
    ///
    /// # Errors
    /// [`CannotMove`] where it leads nowhere from here.
    pub fn after(self, act: Act) -> Result<Self, CannotMove> {
        self.to(act).ok_or(CannotMove { from: self, act })
    }

    fn to(self, act: Act) -> Option<Self> {
        use State as S;
        let unsent = matches!(self, S::Draft | S::InReview | S::Ready);
        let sent = matches!(self, S::Submitted | S::Acknowledged);
        Some(match act {
            // What was signed is not what is written now.
            Act::Change if unsent => S::Draft,
            Act::Change if self == S::Returned => S::Returned,
            Act::RequestSignOff if matches!(self, S::Draft | S::Returned) => S::InReview,
            Act::Clear if self == S::InReview => S::Ready,
            Act::Decline if self == S::InReview => S::Draft,
            // Whether reviews or documents are missing is asked beside this.
            // A late filing is recorded, never refused.
            Act::Submit if unsent || matches!(self, S::Returned | S::Expired) => S::Submitted,
            Act::Acknowledge if self == S::Submitted => S::Acknowledged,
            Act::Return if sent => S::Returned,
            Act::Decide if sent => S::Decided,
            Act::Withdraw if unsent || sent || self == S::Returned => S::Withdrawn,
            Act::Confirm if self == S::Decided => S::Decided,
            Act::TakeBack if self == S::Decided => S::Submitted,
            Act::Expire if unsent => S::Expired,
            _ => return None,
        })
    }

    /// Whether it stands in the way of another appeal of the same line and level: open or decided.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_so_but_for_a_late_filing_and_a_payer_that_goes_back_on_its_word() {
        let acts = |from: State| -> Vec<Act> {
            Act::ALL.iter().copied().filter(|act| from.after(*act).is_ok()).collect()
        };
        assert_eq!(acts(State::Withdrawn), []);
        assert_eq!(acts(State::Expired), [Act::Submit]);
        assert_eq!(acts(State::Decided), [Act::Confirm, Act::TakeBack]);
    }

    #[test]
    fn every_state_is_reached_from_a_draft_and_every_act_is_possible_somewhere() {
        let mut reached = vec![State::Draft];
        let mut at = 0;
        while let Some(from) = reached.get(at).copied() {
            for act in Act::ALL {
                if let Ok(to) = from.after(*act)
                    && !reached.contains(&to)
                {
                    reached.push(to);
                }
            }
            at += 1;
        }
        reached.sort();
        assert_eq!(reached, State::ALL);
        assert!(Act::ALL.iter().all(|act| !from_words(*act).is_empty()));
    }

    #[test]
    fn a_change_takes_back_what_was_signed_and_a_returned_one_stays_returned() {
        for from in [State::Draft, State::InReview, State::Ready] {
            assert_eq!(from.after(Act::Change), Ok(State::Draft));
        }
        assert_eq!(State::Returned.after(Act::Change), Ok(State::Returned));
        let refused = State::Submitted.after(Act::Change).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the appeal is SUBMITTED; to change it is possible from: DRAFT, IN_REVIEW, READY, \
             RETURNED"
        );
    }

    #[test]
    fn only_what_was_sent_is_decided_and_a_second_sending_needs_a_return() {
        for from in State::ALL {
            let sent = matches!(from, State::Submitted | State::Acknowledged);
            assert_eq!(from.after(Act::Decide).is_ok(), sent, "{from}");
        }
        assert!(State::Submitted.after(Act::Submit).is_err());
        assert_eq!(State::Returned.after(Act::Submit), Ok(State::Submitted));
    }
}

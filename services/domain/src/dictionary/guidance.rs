//! What the person who acts is told and needs, and what the work is expected to bring: the entry's
//! word, unless a remark has put another step in the place of the entry's own.

use super::decide::Decision;
use super::remark::{Effect, RemarkRule};
use super::selector::Slug;
use super::vocabulary::NextAction;
use crate::money::BasisPoints;

/// Minutes that it takes to settle what a remark has decided.
const SETTLED_MINUTES: u32 = 15;

impl<'c> Decision<'c> {
    /// What the person who acts is told.
    pub fn action_words(&self) -> &'c str {
        match (self.outcome, self.exception) {
            (Ok(entry), _) => match self.overridden_by {
                Some(rule) => instruction(self.next_action, rule),
                None => &entry.meaning.action_words,
            },
            (Err(_), Some(policy)) => &policy.action_words,
            (Err(_), None) => "",
        }
    }

    /// The documentation standards that the next step must meet: those of the entry, as far as it
    /// was written for such a step.
    pub fn evidence(&self) -> &'c [Slug] {
        let Some(entry) = self.entry() else { return &[] };
        let of_appeal = entry.meaning.next_action == NextAction::Appeal
            && matches!(self.next_action, NextAction::NewClaim | NextAction::CorrectedClaim);
        if self.is_settled() || (self.overridden_by.is_some() && of_appeal) {
            return &[];
        }
        &entry.meaning.evidence
    }

    /// The share of the money that the work is expected to bring back; nothing for what no entry
    /// speaks for, and for what a remark leaves no step for.
    pub fn expected_overturn(&self) -> BasisPoints {
        match self.entry() {
            Some(entry) if !self.is_settled() => entry.meaning.expected_overturn,
            _ => BasisPoints::new(0),
        }
    }

    /// Minutes of work expected.
    pub fn effort_minutes(&self) -> u32 {
        let stated = self.entry().map_or(SETTLED_MINUTES, |entry| entry.meaning.effort_minutes);
        if self.is_settled() { stated.min(SETTLED_MINUTES) } else { stated }
    }

    /// Whether a remark leaves nothing to send to this payer.
    fn is_settled(&self) -> bool {
        self.overridden_by.is_some()
            && matches!(
                self.next_action,
                NextAction::Wait
                    | NextAction::WriteOff
                    | NextAction::Close
                    | NextAction::ExceptionReview
            )
    }
}

/// The step that a remark puts in the place of the entry's own, in words.
fn instruction(action: NextAction, rule: &RemarkRule) -> &'static str {
    match action {
        NextAction::NewClaim => {
            "Fix what the remark names and send a new claim: this one was never adjudicated, so it \
             can be neither corrected nor appealed"
        }
        NextAction::CorrectedClaim => {
            "Fix what the remark names and send a corrected claim (frequency 7); no appeal is open"
        }
        NextAction::SendDocuments => {
            "Send the documents that the payer asks for, with the reference it gives"
        }
        NextAction::Wait if rule.effect == Some(Effect::ForwardedToOtherPayer) => {
            "Wait for the next payer: this one has forwarded the claim, and billing it again makes \
             a duplicate"
        }
        NextAction::Wait => {
            "Wait: the payer reprocesses the claim by itself; sending it again makes a duplicate"
        }
        NextAction::WriteOff => {
            "Write it off: the payer states that the appeal window has closed. First look for good \
             cause and for proof of filing in time"
        }
        NextAction::Close if rule.effect == Some(Effect::NoAppealExceptDuplicateIssue) => {
            "Close it: only the question whether it is a duplicate is open to appeal"
        }
        NextAction::Close => {
            "Close it: the payer states that there is no right to appeal. Where that is plainly \
             wrong, ask a lead to override the stop"
        }
        NextAction::ExceptionReview => {
            "Find the earlier claim that the payer names: that one may be appealed, this one not"
        }
        NextAction::Appeal => "File the appeal that the remark calls for",
        NextAction::RebillOtherPayer => "Bill the payer that the remark names",
        NextAction::PatientBill => "Bill the patient, as the remark says",
        NextAction::PayerInquiry => "Ask the payer what the remark means for this claim",
    }
}

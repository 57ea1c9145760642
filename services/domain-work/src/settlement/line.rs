//! When two lines are the same.

use chrono::NaiveDate;
use domain::money::Cents;

/// What identifies a service line across the remittances of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineKey<'a> {
    /// The line control number (REF 6R); empty when it was not sent.
    pub control: &'a str,
    /// Procedure code; a payer that paid another names the submitted one (SVC06).
    pub procedure: &'a str,
    /// Modifiers, sorted, separated by blanks.
    pub modifiers: &'a str,
    /// Day of service.
    pub service_on: Option<NaiveDate>,
    /// Charge.
    pub charge: Cents,
    /// The how manieth of the lines of its claim that have this procedure, modifiers, day and
    /// charge, from 0: twenty equal lines are told apart by their order.
    pub nth: u32,
}

impl LineKey<'_> {
    /// Whether both are the same line: by control number where both have one, else by procedure,
    /// modifiers, day of service and charge, and in their order where several are alike.
    pub fn is_same(&self, other: &LineKey<'_>) -> bool {
        if !self.control.is_empty() && !other.control.is_empty() {
            return self.control == other.control;
        }
        self.nth == other.nth
            && self.procedure == other.procedure
            && self.service_on == other.service_on
            && self.charge == other.charge
            && self.modifiers == other.modifiers
    }
}

/// Whether both are the claim as a whole, or the same line.
pub(super) fn is_same(a: Option<&LineKey<'_>>, b: Option<&LineKey<'_>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.is_same(b),
        (None, Some(_)) | (Some(_), None) => false,
    }
}

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
    /// Modifiers, in any order.
    pub modifiers: &'a [&'a str],
    /// Day of service.
    pub service_on: Option<NaiveDate>,
    /// Charge.
    pub charge: Cents,
}

impl LineKey<'_> {
    /// Whether both are the same line: by control number where both have one, else by procedure,
    /// modifiers, day of service and charge.
    pub fn is_same(&self, other: &LineKey<'_>) -> bool {
        if !self.control.is_empty() && !other.control.is_empty() {
            return self.control == other.control;
        }
        let sorted = |modifiers: &[&str]| {
            let mut sorted: Vec<String> =
                modifiers.iter().map(|modifier| (*modifier).to_owned()).collect();
            sorted.sort();
            sorted
        };
        self.procedure == other.procedure
            && self.service_on == other.service_on
            && self.charge == other.charge
            && sorted(self.modifiers) == sorted(other.modifiers)
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

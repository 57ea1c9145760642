//! Stated specificity: thirteen fields in a fixed order, the first difference wins.

use super::entry::{ContextMatch, Match};
use super::selector::Closeness;

/// The fields of a match in the order in which they compare.
pub(super) const FIELDS: [&str; 13] = [
    "rarc",
    "carc",
    "group",
    "payer",
    "lob",
    "network",
    "facility",
    "service_line",
    "claim_type",
    "context",
    "procedure",
    "amount",
    "service_dates",
];

/// How specific a match is: the closeness of each field, most important first, two bits each.
///
/// Compares as a number, which is the field-by-field comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specificity(u32);

impl Specificity {
    pub(super) fn of(wanted: &Match) -> Self {
        Self(closeness(wanted).iter().fold(0, |packed, field| packed << 2 | *field as u32))
    }

    /// The packed number; equal ranks are equally specific.
    pub(super) fn rank(self) -> u32 {
        self.0
    }

    /// The first field in which two differ.
    pub(super) fn first_difference(self, other: Self) -> Option<&'static str> {
        let differing = self.0 ^ other.0;
        let top_field = (31u32.checked_sub(differing.leading_zeros())? / 2) as usize;
        FIELDS.get(FIELDS.len() - 1 - top_field).copied()
    }
}

pub(super) fn closeness(wanted: &Match) -> [Closeness; 13] {
    [
        wanted.rarc.closeness(),
        wanted.carc.closeness(),
        wanted.group.closeness(),
        wanted.payer.closeness(),
        wanted.lob.closeness(),
        wanted.network.closeness(),
        wanted.facility.closeness(),
        wanted.service_line.closeness(),
        wanted.claim_type.closeness(),
        context_closeness(&wanted.context),
        wanted.procedure.closeness(),
        wanted.amount.closeness(),
        wanted.service_dates.closeness(),
    ]
}

/// The closest of the three systems' answers: they are one field.
fn context_closeness(context: &ContextMatch) -> Closeness {
    context
        .authorization
        .closeness()
        .max(context.eligibility.closeness())
        .max(context.filing_proof.closeness())
}

/// Whether some denial exists that both accept, of two that share a reason code or name none.
pub(super) fn overlap_beside_carc(a: &Match, b: &Match) -> bool {
    a.group.overlaps(&b.group)
        && a.payer.overlaps(&b.payer)
        && a.lob.overlaps(&b.lob)
        && a.network.overlaps(&b.network)
        && a.facility.overlaps(&b.facility)
        && a.service_line.overlaps(&b.service_line)
        && a.claim_type.overlaps(&b.claim_type)
        && a.context.authorization.overlaps(&b.context.authorization)
        && a.context.eligibility.overlaps(&b.context.eligibility)
        && a.context.filing_proof.overlaps(&b.context.filing_proof)
        && a.procedure.overlaps(&b.procedure)
        && a.amount.overlaps(&b.amount)
        && a.service_dates.overlaps(&b.service_dates)
        && a.rarc.overlaps(&b.rarc)
}

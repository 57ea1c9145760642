//! What an end makes of the denials behind the item.

use domain::money::Cents;

use super::{Accepted, ResolutionKind, Stated};
use domain::words;

words! {
    /// Where a denial stands once its item has ended.
    Settled {
        /// Paid after all.
        Overturned = "OVERTURNED",
        /// Paid in part.
        PartiallyOverturned = "PARTIALLY_OVERTURNED",
        /// Settled without payment.
        Closed = "CLOSED",
    }
}

/// What an end that may stand makes of the denials that are open; `None` leaves them so.
///
/// Money tells: nobody knows which line of an item a payment was for, so that a part of it is a
/// part of each. Without money a claim that was sent again, or somebody outside of the queue, has
/// the answer still to come; a later remittance settles nothing that is settled.
pub fn settles(stated: &Stated<'_>, accepted: &Accepted) -> Option<Settled> {
    let given_up = stated.written_off > Cents::ZERO;
    let over = accepted.left == Cents::ZERO;
    if stated.recovered > Cents::ZERO {
        return Some(if over && !given_up {
            Settled::Overturned
        } else {
            Settled::PartiallyOverturned
        });
    }
    match stated.kind {
        ResolutionKind::Correction | ResolutionKind::Resubmission | ResolutionKind::Escalation => {
            (over && given_up).then_some(Settled::Closed)
        }
        ResolutionKind::Appeal
        | ResolutionKind::Adjustment
        | ResolutionKind::PatientBill
        | ResolutionKind::OtherPayer
        | ResolutionKind::Closed => Some(Settled::Closed),
    }
}

//! What payers take back at provider level (PLB) for a claim, over time.
//!
//! PLB03-1 = WO recovers an overpayment and FB carries a balance from one remittance to the next
//! (ASC X12N/005010X221, PLB). Both lower the payment of their remittance by PLB04, and raise it
//! where that is negative. A payer that reverses a claim (CLP02 = 22) and takes the money later
//! raises the first remittance and lowers a later one by the same (X12 RFI 968, 1604), so that the
//! two come to nothing: what is over is taken by the reversal. So, over all pairs of a claim:
//!
//! ```text
//! sum > 0   so much was taken for which no reversal accounts: work for a person
//! sum < 0   so much of what a reversal took is still to come off a later payment
//! ```
//!
//! Invariant: what waits for a person and what people settled cover what was taken. Absent: which
//! claim a pair is about, but for the number that names it.

#[cfg(test)]
mod tests;

use domain::money::Cents;
use domain::words;

words! {
    /// Reasons at provider level (PLB03-1) that give or take money of single claims.
    Reason {
        /// Overpayment recovery.
        Overpayment = "WO",
        /// Forwarding balance.
        Balance = "FB",
    }
}

/// The number by which a reference (PLB03-2) names a claim: its first word, which some payers let a
/// member's number follow; empty where it names none.
pub fn number(reference: &str) -> &str {
    reference.split_whitespace().next().unwrap_or_default()
}

/// What is over of all that a payer gave and took for one claim.
pub fn taken(pairs: impl Iterator<Item = Cents>) -> Cents {
    let sum = pairs.fold(0_i64, |sum, cents| sum.saturating_add(cents.as_i64()));
    Cents::new(sum.max(0))
}

/// An item about what was taken for a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is about.
    pub at_stake: Cents,
    /// Where it stands.
    pub state: ItemState,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Waits for a person, or is in hand.
    Open,
    /// A remittance ended it.
    Answered,
    /// A person ended it: the same money is not asked about again.
    Settled,
}

/// What becomes of the items of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// One is opened about so much.
    Open(Cents),
    /// The item at this place is about so much now.
    About(usize, Cents),
    /// The item at this place is open again, about so much.
    Reopen(usize, Cents),
    /// The item at this place is done: nothing is over.
    End(usize),
}

/// What becomes of a claim's items when so much is over.
pub fn change(taken: Cents, items: &[Item]) -> Change {
    let of = |state: ItemState| move |item: &Item| item.state == state;
    let settled = items.iter().filter(|item| item.state == ItemState::Settled);
    let settled = settled.fold(0_i64, |sum, item| sum.saturating_add(item.at_stake.as_i64()));
    let left = Cents::new(taken.as_i64().saturating_sub(settled).max(0));
    let open = items.iter().position(of(ItemState::Open));
    let answered = items.iter().position(of(ItemState::Answered));
    match (open, answered) {
        (Some(at), _) if left == Cents::ZERO => Change::End(at),
        (Some(at), _) if items[at].at_stake != left => Change::About(at, left),
        (Some(_), _) => Change::Nothing,
        (None, _) if left == Cents::ZERO => Change::Nothing,
        (None, Some(at)) => Change::Reopen(at, left),
        (None, None) => Change::Open(left),
    }
}

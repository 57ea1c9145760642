//! Claims that were paid less than their contract allows.
//!
//! With an expected allowed amount, which only a partner can state, of a claim as it stands (every
//! adjudication of it by its primary payer that was not taken back):
//!
//! ```text
//! owed     = expected allowed, less the part of it that other work is about, less what the patient
//!            owes, less what sequestration took (CARC 253, which the law takes and no contract)
//! missing  = owed less all that was paid
//! underpaid where missing is more than $5.00 and more than 1 % of the expected allowed amount
//! ```
//!
//! The part that other work is about is its share of the charge: what was refused, is pending, or
//! is an exception has an item of its own, and no money is in two.
//!
//! Without one, a downgrade that hides in what the contract takes: CARC 186 (level of care), B22
//! (diagnosis) and 172 (specialty), and lines that were adjudicated under another procedure than
//! was billed (SVC06 beside SVC01). What is at stake is then what was taken there, a charge; where
//! a partner's expectation is met, the downgrade has cost nothing. Only what the dictionary calls
//! contractual hides: a code that it leaves to a contract review is an exception with its own item.
//!
//! The tolerance is our convention: payers round line by line, and what a contract allows is
//! modeled. Absent on purpose: whose work it is, and claims that another payer paid first, of which
//! no one payer owes the contract's amount.

use domain::money::{BasisPoints, Cents};

use crate::priority::Worth;

/// Adjustment reasons that a payer states as contractual where it pays for less than was billed.
pub const DOWNGRADES: [&str; 3] = ["172", "186", "B22"];

/// Sequestration: reduction in federal payment (2 U.S.C. 901a), by X12 source 139.
pub const SEQUESTRATION: &str = "253";

/// Missing money that is not worth asking for.
const TOLERATED: Cents = Cents::new(500);
/// As [`TOLERATED`], of the expected allowed amount.
const TOLERATED_SHARE: BasisPoints = BasisPoints::from_percent(1);

/// One adjudication of a claim by its primary payer that stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adjudication {
    /// What it paid.
    pub paid: Cents,
    /// What it leaves to the patient, without refusals that name the patient.
    pub patient: Cents,
    /// What sequestration took.
    pub sequestered: Cents,
    /// What was taken where it seems to pay for less than was billed: a charge.
    pub downgraded: Cents,
}

/// A claim as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// What was charged.
    pub charge: Cents,
    /// What a partner expects the contract to allow; nothing where nobody says.
    pub expected: Option<Cents>,
    /// Charges that other work is about.
    pub elsewhere: Cents,
    /// Its adjudications, the newest last.
    pub standing: &'a [Adjudication],
}

/// What is missing of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Underpaid {
    /// Less was paid than a partner expects.
    Short {
        /// The money that is missing.
        missing: Cents,
        /// What was paid in all.
        paid: Cents,
        /// What a partner expects to be allowed.
        expected: Cents,
    },
    /// It seems to be paid for less than was billed.
    Downgraded {
        /// What was taken there: a charge.
        taken: Cents,
    },
}

impl Underpaid {
    /// The money at stake; of a downgrade a charge.
    pub const fn at_stake(self) -> Cents {
        match self {
            Self::Short { missing, .. } => missing,
            Self::Downgraded { taken } => taken,
        }
    }

    /// What to do about it, in words.
    pub fn words(self) -> String {
        match self {
            Self::Short { missing, paid, expected } => format!(
                "Compare the payment with the contract and have the payer pay the difference: it \
                 paid {paid}, and of the {expected} that a partner expects to be allowed \
                 {missing} are missing, beside what the patient owes and what other work is about"
            ),
            Self::Downgraded { taken } => format!(
                "Find out whether the payer paid for less than was billed: it took {taken} as \
                 contractual where it changed the level, the diagnosis, the specialty or the \
                 procedure"
            ),
        }
    }
}

/// What is missing of a claim; nothing where it was paid as expected, or where nobody can tell.
pub fn underpaid(claim: &Claim<'_>) -> Option<Underpaid> {
    let newest = claim.standing.last()?;
    let Some(expected) = claim.expected else {
        let taken = newest.downgraded;
        return (taken > Cents::ZERO).then_some(Underpaid::Downgraded { taken });
    };
    let exact = |amount: Cents| i128::from(amount.as_i64());
    let sum = |of: fn(&Adjudication) -> Cents| -> i128 {
        claim.standing.iter().map(|one| exact(of(one))).sum()
    };
    // Each adjudication states the patient's share of the whole claim, or none at all.
    let patient = claim.standing.iter().map(|one| one.patient).max().unwrap_or_default();
    let elsewhere = Worth::Stated { allowed: expected, charge: claim.charge }.of(claim.elsewhere);
    let paid = sum(|one| one.paid);
    let owed = exact(expected)
        - exact(elsewhere)
        - exact(patient.max(Cents::ZERO))
        - sum(|one| one.sequestered).max(0);
    let missing = cents(owed - paid);
    let share = expected.share(TOLERATED_SHARE).unwrap_or(Cents::MAX);
    let short = missing > TOLERATED.max(share);
    short.then_some(Underpaid::Short { missing, paid: cents(paid), expected })
}

fn cents(exact: i128) -> Cents {
    let end = if exact < 0 { i64::MIN } else { i64::MAX };
    Cents::new(i64::try_from(exact).unwrap_or(end))
}

#[cfg(test)]
mod tests;

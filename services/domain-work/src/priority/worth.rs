//! What the money at stake is expected to be worth: what a payer refuses is a charge, and what it
//! pays when it gives in is what the contract allows.
//!
//! ```text
//! known, the first that is                              worth of a charge
//! what a partner expects the contract to allow of the   charge x allowed / charge of the claim
//! claim (`ClaimEdit.expected_allowed_cents`)
//! at least 30 claims that this payer paid               charge x allowed / charges of those
//! neither                                               charge x 40 %, marked as assumed
//! money that the contract owes already                  all of it
//! ```
//!
//! Rounded down, and never more than what is at stake. 40 % is our convention: no source gives one
//! ratio for all payers, and it only sets work of unknown payers against that of known ones.

use domain::money::{BasisPoints, Cents};
use serde::{Deserialize, Serialize};

use super::ENOUGH;

/// The share of a charge that counts as allowed where nobody knows.
pub const ASSUMED_SHARE: BasisPoints = BasisPoints::from_percent(40);

/// Claims that a payer paid without refusing anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paid {
    /// How many.
    pub claims: u32,
    /// What was charged for them.
    pub charged: Cents,
    /// What was allowed of that: payments and patients' shares.
    pub allowed: Cents,
}

impl Paid {
    /// The share that is usually allowed, at most all; nothing where too few claims say it.
    pub fn ratio(&self) -> Option<BasisPoints> {
        let enough = self.claims >= ENOUGH && self.charged > Cents::ZERO;
        let ratio = self.allowed.max(Cents::ZERO).ratio_of(self.charged).filter(|_| enough)?;
        Some(ratio.min(BasisPoints::ALL))
    }
}

/// What a charge at stake is expected to be worth, and how that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Worth {
    /// A partner states what the contract should allow.
    Stated {
        /// Of the claim as a whole.
        allowed: Cents,
        /// Charge of the claim.
        charge: Cents,
    },
    /// The payer's paid claims show it.
    Usual {
        /// The share it allows.
        ratio: BasisPoints,
        /// Claims that show it.
        claims: u32,
    },
    /// Nobody knows; counts as [`ASSUMED_SHARE`].
    #[default]
    Assumed,
    /// The contract owes it already: no charge, but money.
    Owed,
}

impl Worth {
    /// Of charges of a claim, by the best that is known: what a partner states of the claim, what
    /// its payer usually allows, or neither.
    pub fn of_claim(stated: Option<Cents>, charge: Cents, paid: &Paid) -> Self {
        match (stated, paid.ratio()) {
            (Some(allowed), _) => Self::Stated { allowed, charge },
            (None, Some(ratio)) => Self::Usual { ratio, claims: paid.claims },
            (None, None) => Self::Assumed,
        }
    }

    /// What so much at stake is worth: zero or more, never more than that.
    pub fn of(self, at_stake: Cents) -> Cents {
        let at_stake = at_stake.max(Cents::ZERO);
        match self {
            Self::Stated { allowed, charge } if charge > Cents::ZERO => {
                part(at_stake, allowed.max(Cents::ZERO).as_i64(), charge.as_i64())
            }
            Self::Stated { allowed, .. } => allowed.max(Cents::ZERO).min(at_stake),
            Self::Usual { ratio, .. } => part(at_stake, ratio.as_u32().into(), 10_000),
            Self::Assumed => part(at_stake, ASSUMED_SHARE.as_u32().into(), 10_000),
            Self::Owed => at_stake,
        }
    }

    pub(super) fn words(self, worth: Cents) -> String {
        match self {
            Self::Stated { allowed, charge } => format!(
                "{worth} of it expected to be allowed: a partner expects {allowed} for the claim's \
                 charge of {charge}"
            ),
            Self::Usual { ratio, claims } => format!(
                "{worth} of it expected to be allowed: the payer allowed {ratio} of what was \
                 charged on {claims} claims that it paid"
            ),
            Self::Assumed => format!(
                "{worth} of it assumed to be allowed: no partner states it and too few claims that \
                 the payer paid are known, so that a charge counts as {ASSUMED_SHARE}"
            ),
            Self::Owed => format!("{worth} of it expected to be allowed: it is owed already"),
        }
    }
}

/// `amount` times `share` of `whole`, rounded down, at most `amount`.
fn part(amount: Cents, share: i64, whole: i64) -> Cents {
    let exact = i128::from(amount.as_i64()) * i128::from(share) / i128::from(whole);
    Cents::new(i64::try_from(exact).unwrap_or(i64::MAX)).min(amount)
}

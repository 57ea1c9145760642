//! What share of the money is expected to come back.
//!
//! The dictionary states it for each entry. Once at least 30 denials of one payer, group and reason
//! code are settled, how those ended counts in its place: one that was overturned or corrected
//! whole, one that was overturned in part half, one that was closed without payment not at all; one
//! that was refused again is not settled. All of this is our convention.

use domain::money::BasisPoints;
use serde::{Deserialize, Serialize};

use super::ENOUGH;

/// What an unknown share counts as: the lowest that the starter dictionary expects of a denial
/// worth fighting, so that what nobody understands does not outrank what is known to be winnable.
pub const UNKNOWN_SHARE: BasisPoints = BasisPoints::from_percent(25);

/// How denials of one payer and code ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// How many are settled.
    pub denials: u32,
    /// Twice those that were overturned whole, and once those that were in part.
    pub won_halves: u32,
}

impl Settled {
    /// The share that came back, at most all; nothing where too few are settled.
    pub fn rate(&self) -> Option<BasisPoints> {
        let share = u64::from(self.won_halves) * 5_000 / u64::from(self.denials.max(1));
        let share = u32::try_from(share).unwrap_or(u32::MAX).min(BasisPoints::ALL.as_u32());
        (self.denials >= ENOUGH).then_some(BasisPoints::new(share))
    }
}

/// How much settled denials have to do with a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Experience {
    /// Nothing: the dictionary states it.
    #[default]
    None,
    /// So many make part of it: of some codes at stake too few are settled.
    Part(u32),
    /// So many make it.
    Whole(u32),
    /// Nothing, and no dictionary states it either.
    Unknown,
}

/// What share of the money work is expected to bring back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The dictionary states it.
    Stated(BasisPoints),
    /// Settled denials show it, as far as their [`Experience`] says.
    Shown(BasisPoints, Experience),
    /// Nobody knows what a person will find; counts as [`UNKNOWN_SHARE`].
    Unknown,
}

impl Expectation {
    /// The share that counts.
    pub const fn share(self) -> BasisPoints {
        match self {
            Self::Stated(share) | Self::Shown(share, _) => share,
            Self::Unknown => UNKNOWN_SHARE,
        }
    }

    /// A share, and how it is known.
    pub const fn known(share: BasisPoints, experience: Experience) -> Self {
        match experience {
            Experience::None => Self::Stated(share),
            Experience::Part(_) | Experience::Whole(_) => Self::Shown(share, experience),
            Experience::Unknown => Self::Unknown,
        }
    }

    pub(super) fn words(self) -> String {
        match self {
            Self::Stated(share) | Self::Shown(share, Experience::None) => {
                format!("{share} of such denials are expected to be overturned")
            }
            Self::Shown(share, Experience::Whole(denials)) => format!(
                "{share} of such denials are expected to be overturned, as {denials} settled ones \
                 of this payer were"
            ),
            Self::Shown(share, Experience::Part(denials)) => format!(
                "{share} of such denials are expected to be overturned: in part as {denials} \
                 settled ones of this payer were, in part as the dictionary states"
            ),
            Self::Unknown | Self::Shown(_, Experience::Unknown) => {
                format!("what it will bring is not known: counted as {UNKNOWN_SHARE}")
            }
        }
    }
}

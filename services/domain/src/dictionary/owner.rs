//! Which team an owner function is, at one facility, for one payer and service line.

use serde::{Deserialize, Serialize};

use super::selector::{Closeness, Selector, Slug};
use super::vocabulary::OwnerFunction;

/// Maps an owner function to a team; fields compare in the order they stand here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerRule {
    /// The rule's name, unique in its bundle.
    pub slug: Slug,
    /// The function that needs an owner.
    pub owner_function: OwnerFunction,
    /// Payers, by slug.
    #[serde(default, skip_serializing_if = "Selector::is_any")]
    pub payer: Selector<Slug>,
    /// Facilities, by slug.
    #[serde(default, skip_serializing_if = "Selector::is_any")]
    pub facility: Selector<Slug>,
    /// Service lines, by slug.
    #[serde(default, skip_serializing_if = "Selector::is_any")]
    pub service_line: Selector<Slug>,
    /// The team, by slug.
    pub team: Slug,
}

impl OwnerRule {
    pub(super) fn specificity(&self) -> [Closeness; 3] {
        [self.payer.closeness(), self.facility.closeness(), self.service_line.closeness()]
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.owner_function == other.owner_function
            && self.payer.overlaps(&other.payer)
            && self.facility.overlaps(&other.facility)
            && self.service_line.overlaps(&other.service_line)
    }

    pub(super) fn admits(&self, place: Place<'_>) -> bool {
        self.payer.admits_text(place.payer)
            && self.facility.admits_text(place.facility)
            && self.service_line.admits_text(place.service_line)
    }
}

/// Where a denial stands, as far as owners are concerned; unknown is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// The payer's slug.
    pub payer: Option<&'a str>,
    /// The facility's slug.
    pub facility: Option<&'a str>,
    /// The service line's slug.
    pub service_line: Option<&'a str>,
}

/// The team that owns a denial, and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Team<'c> {
    /// The team's slug.
    pub slug: &'c str,
    /// The rule that named it; `None` when no rule did and the exception owner stepped in.
    pub rule: Option<&'c str>,
}

impl Team<'_> {
    /// How the team was found, in words.
    pub fn words(&self, function: OwnerFunction) -> String {
        match self.rule {
            Some(rule) => format!("owner rule `{rule}` gives {function} to team `{}`", self.slug),
            None => format!(
                "no owner rule names a team for {function}: the exception owner `{}` has it",
                self.slug
            ),
        }
    }
}

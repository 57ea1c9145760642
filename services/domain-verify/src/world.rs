//! What a draft is judged against.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::codes::{Carc, Code, CodeSet, NotACode, Rarc};
use domain::dictionary::RecordedFacts;

/// What stands outside a bundle and decides whether it makes sense.
#[derive(Clone, Debug)]
pub struct World {
    /// The day it is judged on: codes are current, stopped or not started as of it.
    pub day: NaiveDate,
    /// Reason codes, with their periods, groups and whether they need a remark.
    pub carcs: BTreeMap<Carc, Code>,
    /// Remark codes, with their periods and whether they are alerts.
    pub rarcs: BTreeMap<Rarc, Code>,
    /// Slugs of teams.
    pub teams: BTreeSet<String>,
    /// Slugs of payers.
    pub payers: BTreeSet<String>,
    /// Slugs of facilities.
    pub facilities: BTreeSet<String>,
    /// Slugs of service lines.
    pub service_lines: BTreeSet<String>,
    /// The combinations of 12 months.
    pub seen: Vec<Seen>,
}

/// A combination that was seen, and how much of it.
///
/// What its facts leave out counts as unknown: a combination without amounts and dates does not
/// reach entries that ask for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What is known of each of its denials.
    pub facts: RecordedFacts,
    /// How many denials.
    pub denials: u64,
    /// Their money in cents.
    pub cents: i64,
}

impl World {
    /// A world that knows codes and nothing else; sets other than CARC and RARC are not needed.
    ///
    /// # Errors
    /// When a reason or remark code is not one by its letters.
    pub fn new<'c>(
        day: NaiveDate,
        codes: impl IntoIterator<Item = &'c (CodeSet, Code)>,
    ) -> Result<Self, NotACode> {
        let mut world = Self {
            day,
            carcs: BTreeMap::new(),
            rarcs: BTreeMap::new(),
            teams: BTreeSet::new(),
            payers: BTreeSet::new(),
            facilities: BTreeSet::new(),
            service_lines: BTreeSet::new(),
            seen: Vec::new(),
        };
        for (set, code) in codes {
            match set {
                CodeSet::Carc => {
                    world.carcs.insert(Carc::new(&code.code)?, code.clone());
                }
                CodeSet::Rarc => {
                    world.rarcs.insert(Rarc::new(&code.code)?, code.clone());
                }
                CodeSet::Cagc
                | CodeSet::Clp02
                | CodeSet::Plb
                | CodeSet::ClaimStatusCategory
                | CodeSet::ClaimStatus
                | CodeSet::Proprietary => {}
            }
        }
        Ok(world)
    }
}

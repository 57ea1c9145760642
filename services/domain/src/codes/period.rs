//! A code of a code set and the periods in which it may be used.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::reason::Group;
use crate::words::words;

words! {
    /// A published list of codes.
    CodeSet {
        /// Claim adjustment reason codes (X12 code source 139).
        Carc = "CARC",
        /// Remittance advice remark codes (X12 code source 411).
        Rarc = "RARC",
        /// Claim adjustment group codes (CAS01).
        Cagc = "CAGC",
        /// Claim status of an 835 (CLP02).
        Clp02 = "CLP02",
        /// Provider-level adjustment reasons (PLB03-1).
        Plb = "PLB03-1",
        /// Claim status category codes of a 277 (X12 code source 507).
        ClaimStatusCategory = "CLAIM_STATUS_CATEGORY",
        /// Claim status codes of a 277 (X12 code source 508).
        ClaimStatus = "CLAIM_STATUS",
        /// Codes a payer invented.
        Proprietary = "PROPRIETARY",
    }
}

/// A stretch of days in which a code may be used; both ends included, an absent end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day; `None` when it was not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_on: Option<NaiveDate>,
    /// The last day; `None` while the code is current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_on: Option<NaiveDate>,
}

impl Period {
    /// Whether the day lies in the period.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start_on.is_none_or(|start| start <= day)
            && self.stop_on.is_none_or(|stop| day <= stop)
    }
}

/// The message a code stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// The payer's first word on the claim, on this day.
    Original(NaiveDate),
    /// A reversal or a coordination-of-benefits claim that repeats what was adjudicated on this
    /// day, possibly after the code stopped.
    Derivative {
        /// When the repeated adjudication was made.
        adjudicated_on: NaiveDate,
    },
}

/// One code of a set with our label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The normalized code.
    pub code: String,
    /// Our label, never X12 text.
    pub label: String,
    /// When it may be used: a list, because codes get reactivated. Sorted, disjoint.
    pub periods: Vec<Period>,
    /// A remark that only informs: it never explains an adjustment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alert: bool,
    /// Whether the code is legal only together with a remark that is no alert.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remark_required: bool,
    /// The only groups it may stand under; empty allows all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups_allowed: Vec<Group>,
}

impl Code {
    /// Whether the code may stand in an original message of that day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.periods.iter().any(|period| period.contains(day))
    }

    /// Whether the code may stand in that message: a stopped code stays legal in messages that
    /// repeat an adjudication from before the stop.
    pub fn legal_in(&self, message: Message) -> bool {
        match message {
            Message::Original(day) | Message::Derivative { adjudicated_on: day } => {
                self.is_valid_on(day)
            }
        }
    }

    /// Whether the code may stand under that group.
    pub fn allows_group(&self, group: Group) -> bool {
        self.groups_allowed.is_empty() || self.groups_allowed.contains(&group)
    }
}

//! When clocks started, and how we know.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::rule::{ClockEvent, Rule};
use crate::words::words;

words! {
    /// How we know the day on which a clock started.
    Evidence {
        /// The remittance carries the date.
        Remittance = "remittance",
        /// The claim carries the date.
        Claim = "claim",
        /// A letter or portal of the payer carries the date.
        PayerNotice = "payer_notice",
        /// A person or a partner system stated it.
        Stated = "stated",
        /// The regulation presumes receipt so many days after the date of the notice.
        PresumedReceipt = "presumed_receipt",
    }
}

/// A clock that started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockStart {
    /// What started it.
    pub event: ClockEvent,
    /// The day, in the payer's time zone.
    pub on: NaiveDate,
    /// How we know.
    pub evidence: Evidence,
    /// The date of the notice whose receipt was presumed, for [`Evidence::PresumedReceipt`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_on: Option<NaiveDate>,
}

/// Everything that is known of a claim's clocks: at most one start per event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClockStarts(BTreeMap<ClockEvent, (NaiveDate, Evidence)>);

impl ClockStarts {
    /// Nothing has started.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a start; a second one for the same event replaces the first.
    #[must_use]
    pub fn with(mut self, event: ClockEvent, on: NaiveDate, evidence: Evidence) -> Self {
        self.0.insert(event, (on, evidence));
        self
    }

    /// The start of one event, if it is known.
    pub fn get(&self, event: ClockEvent) -> Option<ClockStart> {
        let (on, evidence) = *self.0.get(&event)?;
        Some(ClockStart { event, on, evidence, notice_on: None })
    }

    /// Where the rule's clock starts. A receipt that nobody stated is presumed from the date of
    /// the notice; without a presumption it counts from that date itself, the safe side.
    pub(super) fn resolve(&self, rule: &Rule) -> Option<ClockStart> {
        if let Some(stated) = self.get(rule.counted_from) {
            return Some(stated);
        }
        let notice = match rule.counted_from {
            ClockEvent::NoticeReceipt => self.get(ClockEvent::NoticeDate)?,
            ClockEvent::DecisionReceipt => self.get(ClockEvent::DecisionDate)?,
            _ => return None,
        };
        if rule.presumed_receipt_days == 0 {
            return Some(notice);
        }
        let presumed = Days::new(rule.presumed_receipt_days.into());
        Some(ClockStart {
            event: rule.counted_from,
            on: notice.on.checked_add_days(presumed)?,
            evidence: Evidence::PresumedReceipt,
            notice_on: Some(notice.on),
        })
    }
}

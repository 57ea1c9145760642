//! From a rule and a clock start to a last day, step by step.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::rule::{Basis, ClockEvent, Confidence, FiledWhen, Path, PayerType, Rule, Unit};
use super::start::{ClockStart, ClockStarts, Evidence};
use crate::calendar::{self, MonthEnd, Zone};
use crate::words::words;

words! {
    /// Something a deadline takes for granted because nobody knows better.
    Assumption {
        /// The line of business is unknown; the earliest candidate was taken.
        LineOfBusinessUnknown = "line_of_business_unknown",
        /// The line of business leaves several regimes possible; the earliest was taken.
        RegimeUnsettled = "regime_unsettled",
        /// The rule depends on the network status, which is unknown.
        NetworkUnknown = "network_unknown",
        /// A contract may say otherwise; it is not on file.
        ContractNotOnFile = "contract_not_on_file",
        /// The count is the lower bound of a range.
        CountIsLowerBound = "count_is_lower_bound",
    }
}

/// The last day on which a payer accepts something, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The rule, by slug.
    pub rule: String,
    /// What must be done.
    pub path: Path,
    /// The regime the rule belongs to.
    pub payer_type: PayerType,
    /// Whose word the rule is.
    pub basis: Basis,
    /// The last day, in the payer's time zone; the day itself still counts.
    pub last_day: NaiveDate,
    /// The payer's time zone.
    pub zone: Zone,
    /// What must have happened by then.
    pub filed_when: FiledWhen,
    /// The clause or page the rule comes from.
    pub source: String,
    /// How well that was read.
    pub confidence: Confidence,
    /// Where the clock started, and how we know.
    pub start: ClockStart,
    /// The calculation in words, first step first.
    pub steps: Vec<String>,
    /// What was taken for granted; sorted. Empty means nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Assumption>,
}

impl Deadline {
    /// Whether anything was taken for granted.
    pub fn assumed(&self) -> bool {
        !self.assumptions.is_empty()
    }

    /// Whether there is still time: the last day itself counts.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        today <= self.last_day
    }

    /// Days until the last day: 0 on it, negative after it.
    pub fn days_left(&self, today: NaiveDate) -> i64 {
        (self.last_day - today).num_days()
    }

    /// The first instant at which it is too late; `None` on the last day of the calendar.
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.zone.end_of(self.last_day)
    }

    /// The day on which so many percent of the window have passed, rounded up to a whole day and
    /// never past the last day: when an escalation step is due.
    pub fn day_at_percent(&self, percent: u8) -> NaiveDate {
        let window = (self.last_day - self.start.on).num_days().unsigned_abs();
        let passed = (window * u64::from(percent)).div_ceil(100).min(window);
        self.start.on.checked_add_days(Days::new(passed)).unwrap_or(self.last_day)
    }

    pub(super) fn assume(&mut self, assumption: Assumption) {
        if let Err(at) = self.assumptions.binary_search(&assumption) {
            self.assumptions.insert(at, assumption);
        }
    }
}

/// Why a rule gives no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDeadline {
    /// The contract holds the window, and it is not on file.
    #[error("the contract holds the window of `{rule}`")]
    NeedsContract {
        /// The rule, by slug.
        rule: String,
    },
    /// The window is what is left of another rule's, which was not at hand.
    #[error("the window is what is left of `{of}`")]
    NeedsWindow {
        /// The other rule, by slug.
        of: String,
    },
    /// The clock has not started, or nobody knows when.
    #[error("the clock has not started: {0} is unknown")]
    NotStarted(ClockEvent),
    /// The rule was not in force when the clock started.
    #[error("the rule does not govern a clock that started on {0}")]
    NotInForce(NaiveDate),
    /// The rule's source conflicts or is unverified, so it is never used as fact.
    #[error("the rule's source is unverified")]
    Unverified,
    /// The rule contradicts itself: a count or a day that its unit needs is missing.
    #[error("the rule lacks what its unit `{0}` needs")]
    Incomplete(Unit),
    /// The last day lies beyond the calendar.
    #[error("the last day lies beyond the calendar")]
    OutOfRange,
}

/// Computes the last day of one rule. The same arguments always give the same deadline.
///
/// The start day is not counted: one day after 1 March is 2 March.
pub fn compute(rule: &Rule, starts: &ClockStarts, zone: Zone) -> Result<Deadline, NoDeadline> {
    date(rule, starts).map(|dated| dated.deadline(zone))
}

/// A rule's last day, not yet in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dated<'r> {
    pub(super) rule: &'r Rule,
    pub(super) last_day: NaiveDate,
    start: ClockStart,
    counted: NaiveDate,
}

/// Finds the last day of one rule.
pub(super) fn date<'r>(rule: &'r Rule, starts: &ClockStarts) -> Result<Dated<'r>, NoDeadline> {
    if rule.confidence == Confidence::D {
        return Err(NoDeadline::Unverified);
    }
    match (rule.unit, &rule.shares_window_of) {
        (Unit::Contract, _) => {
            return Err(NoDeadline::NeedsContract { rule: rule.slug.clone() });
        }
        (Unit::RemainingWindow, Some(of)) => {
            return Err(NoDeadline::NeedsWindow { of: of.clone() });
        }
        _ => {}
    }
    let start = starts.resolve(rule).ok_or(NoDeadline::NotStarted(rule.counted_from))?;
    if !rule.governs(start.on) {
        return Err(NoDeadline::NotInForce(start.on));
    }
    let counted = count(rule, start.on)?;
    let last_day = calendar::roll(counted, rule.roll).ok_or(NoDeadline::OutOfRange)?;
    Ok(Dated { rule, last_day, start, counted })
}

impl Dated<'_> {
    /// The deadline with every step in words.
    pub(super) fn deadline(self, zone: Zone) -> Deadline {
        let Self { rule, last_day, start, counted } = self;
        let mut steps =
            vec![start_words(rule, start), format!("{} is {counted}", count_words(rule))];
        if last_day != counted {
            steps.push(format!("{counted} is no business day; the next one is {last_day}"));
        }
        let assumptions = if rule.guess { vec![Assumption::CountIsLowerBound] } else { Vec::new() };
        Deadline {
            rule: rule.slug.clone(),
            path: rule.path,
            payer_type: rule.payer_type,
            basis: rule.basis,
            last_day,
            zone,
            filed_when: rule.filed_when,
            source: rule.source.clone(),
            confidence: rule.confidence,
            start,
            steps,
            assumptions,
        }
    }
}

/// Computes a rule that shares the window of another, whose deadline is at hand.
pub(super) fn share_window(rule: &Rule, other: Deadline) -> Deadline {
    let mut steps = other.steps;
    steps.push(format!("`{}` has what is left of the window of `{}`", rule.slug, other.rule));
    Deadline {
        rule: rule.slug.clone(),
        path: rule.path,
        payer_type: rule.payer_type,
        basis: rule.basis,
        filed_when: rule.filed_when,
        source: rule.source.clone(),
        confidence: rule.confidence.min(other.confidence),
        steps,
        ..other
    }
}

/// The day the count ends on.
fn count(rule: &Rule, start: NaiveDate) -> Result<NaiveDate, NoDeadline> {
    let incomplete = NoDeadline::Incomplete(rule.unit);
    if let Some(fixed) = rule.fixed.filter(|_| rule.unit == Unit::Fixed) {
        let year = i32::try_from(fixed.years_after).ok().and_then(|n| start.year().checked_add(n));
        return year
            .and_then(|year| NaiveDate::from_ymd_opt(year, fixed.month, fixed.day))
            .filter(|day| *day >= start)
            .ok_or(NoDeadline::OutOfRange);
    }
    let count = rule.count.ok_or(incomplete.clone())?;
    let month_end = rule.month_end.unwrap_or(MonthEnd::Clamp);
    let day = match rule.unit {
        Unit::Day => start.checked_add_days(Days::new(count.into())),
        Unit::Hour => start.checked_add_days(Days::new((count / 24).into())),
        Unit::BusinessDay => calendar::add_business_days(start, count),
        Unit::Month => calendar::add_months(start, count, month_end),
        Unit::Year => {
            let months = count.checked_mul(12).ok_or(NoDeadline::OutOfRange)?;
            calendar::add_months(start, months, month_end)
        }
        Unit::Fixed | Unit::Contract | Unit::RemainingWindow => return Err(incomplete),
    };
    day.ok_or(NoDeadline::OutOfRange)
}

/// The count of a rule that [`count`] could count, in words.
fn count_words(rule: &Rule) -> String {
    let unit = match rule.unit {
        Unit::Day => "calendar day(s)",
        Unit::Hour => "hour(s)",
        Unit::BusinessDay => "business day(s)",
        Unit::Month => "month(s)",
        Unit::Year => "year(s)",
        Unit::Fixed | Unit::Contract | Unit::RemainingWindow => {
            let years = rule.fixed.map_or(0, |fixed| fixed.years_after);
            return format!("the fixed day {years} year(s) after");
        }
    };
    format!("{} {unit} later", rule.count.unwrap_or_default())
}

fn start_words(rule: &Rule, start: ClockStart) -> String {
    let on = start.on;
    match (start.evidence, start.notice_on) {
        (Evidence::PresumedReceipt, Some(notice_on)) => format!(
            "the notice is dated {notice_on}; receipt is presumed {} days later, on {on}",
            rule.presumed_receipt_days
        ),
        _ if start.event != rule.counted_from => format!(
            "{} is unknown and nothing presumes it; the clock starts on {on}, the {} ({})",
            rule.counted_from, start.event, start.evidence
        ),
        _ => format!("the clock starts on {on}, the {} ({})", start.event, start.evidence),
    }
}

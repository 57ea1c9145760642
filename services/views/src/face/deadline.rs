//! Deadlines with where they come from.

use chrono::{DateTime, Utc};
use contracts::deadline::v1 as pb;
use contracts::dictionary::v1 as dictionary;
use domain::deadline::{Assumption, Deadline};

use super::values::{date, small, timestamp};
use super::words::listed;
use crate::pinned_rules::RuleWords;

/// A deadline as it stands at `now`.
pub(super) fn deadline(deadline: &Deadline, rules: &RuleWords, now: DateTime<Utc>) -> pb::Deadline {
    let today = deadline.zone.day_of(now);
    let state =
        if deadline.is_open(today) { pb::DeadlineState::Open } else { pb::DeadlineState::Passed };
    let assumptions: Vec<&str> = deadline.assumptions.iter().map(|one| assumption(*one)).collect();
    pb::Deadline {
        path: listed::<dictionary::Path>(deadline.path.as_str()),
        state: state.into(),
        due_on: Some(date(deadline.last_day)),
        time_zone: deadline.zone.name().to_owned(),
        due_at: deadline.ends_at().map(timestamp),
        days_left: small(deadline.days_left(today)),
        rule: deadline.rule.clone(),
        rule_words: rules.get(&deadline.rule).cloned().unwrap_or_default(),
        source: deadline.source.clone(),
        confidence: listed::<dictionary::Confidence>(deadline.confidence.as_str()),
        basis: listed::<dictionary::RuleBasis>(deadline.basis.as_str()),
        filed_when: listed::<dictionary::FiledWhen>(deadline.filed_when.as_str()),
        counted_from: listed::<dictionary::ClockEvent>(deadline.start.event.as_str()),
        counted_from_on: Some(date(deadline.start.on)),
        clock_evidence: listed::<pb::ClockEvidence>(deadline.start.evidence.as_str()),
        assumed: deadline.assumed(),
        assumption: assumptions.join("; "),
        steps: deadline.steps.clone(),
    }
}

fn assumption(assumption: Assumption) -> &'static str {
    match assumption {
        Assumption::LineOfBusinessUnknown => {
            "the line of business is unknown; the earliest window still open was taken"
        }
        Assumption::RegimeUnsettled => {
            "the line of business leaves several regimes possible; the earliest was taken"
        }
        Assumption::NetworkUnknown => "whether the provider is contracted is unknown",
        Assumption::ContractNotOnFile => "the contract may say otherwise and is not on file",
        Assumption::CountIsLowerBound => "the source gives a range; its lower bound was taken",
    }
}

#[cfg(test)]
mod tests;

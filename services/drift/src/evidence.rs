//! Counts for what an entry states, and what they say against it.

use contracts::dictionary::v1 as pb;
use domain::dictionary::Entry;
use domain_governance::edit::Edit;
use domain_governance::evidence::{Counts, Outcomes};
use platform::events::Event;
use platform::rejection::Fault;
use uuid::Uuid;

use crate::store::Row;
use crate::{ONE_IN, Outcome, budget};

/// How what an entry states stands against outcomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub(crate) row: Row,
    /// Whether it became suspect with the outcomes that were just recorded.
    pub turned: bool,
}

impl Evidence {
    pub(crate) fn of(row: Row) -> Self {
        Self { row, turned: false }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.row.id
    }

    /// The slug of the entry.
    #[must_use]
    pub fn entry(&self) -> &str {
        &self.row.entry
    }

    /// What stands against it, in words; empty while nothing does.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.row.words
    }

    /// The change that was drafted of it last.
    #[must_use]
    pub fn change(&self) -> Option<Uuid> {
        self.row.change_request_id
    }

    /// Whether an entry states what this is about.
    #[must_use]
    pub fn is_of(&self, entry: &Entry) -> bool {
        let (overturn, days) = stated(entry);
        let row = &self.row;
        row.entry == entry.slug.as_str()
            && (row.expected_overturn, row.expected_days) == (overturn, days)
    }

    /// The edit of an entry that states this: the rate that was observed; none unless it is suspect
    /// for its rate, or when the change that proposed it is over and outcomes have not doubled
    /// since: whoever declined it has heard that.
    ///
    /// # Errors
    /// When what is stored is no count.
    pub fn proposal(&self, entry: &Entry) -> Result<Option<Edit>, Fault> {
        let asked_before = self.row.change_request_id.is_some();
        if asked_before && self.row.outcomes < self.row.drafted_at.saturating_mul(2) {
            return Ok(None);
        }
        let suspicion = counted(&self.row)?.against(entry, budget());
        Ok(suspicion.and_then(|suspicion| suspicion.proposal(entry)))
    }

    /// How often a true statement is called suspect, in words.
    #[must_use]
    pub fn false_alarms() -> String {
        format!(
            "at most one true statement in {ONE_IN} is ever called suspect, however often outcomes \
             are looked at"
        )
    }

    /// That it became suspect, as the feed tells; decisions are made with `revision`.
    #[must_use]
    pub fn suspected(&self, revision: String) -> Event {
        let row = &self.row;
        let payload = serde_json::json!({
            "entry": row.entry,
            "expected_overturn_basis_points": row.expected_overturn,
            "expected_days": row.expected_days,
            "outcome_count": row.outcomes,
            "overturned_count": row.overturned,
            "interval_basis_points": [row.low, row.high],
            "words": row.words,
            "change_request_id": row.change_request_id,
        });
        let payload = payload.to_string().into_bytes();
        Event { kind: "entry.suspected", subject: row.id, revision, payload }
    }

    /// Counts an outcome.
    pub(crate) fn count(&mut self, outcome: &Outcome) {
        let row = &mut self.row;
        row.outcomes += 1;
        row.overturned += i64::from(outcome.overturned);
        if let Some(days) = outcome.decision_days {
            row.answers += 1;
            row.late += i64::from(i64::from(days) > i64::from(row.expected_days));
        }
    }

    /// Judges an entry that states this; takes milliseconds once thousands are counted.
    pub(crate) fn judged(mut self, entry: &Entry) -> Result<Self, Fault> {
        let outcomes = counted(&self.row)?;
        let (low, high) = outcomes.overturned.standing(budget());
        let part = |rate: domain::money::BasisPoints| i32::try_from(rate.as_u32());
        let (Ok(low), Ok(high)) = (part(low), part(high)) else {
            return Err(Fault::Broken("a rate is more than the whole"));
        };
        (self.row.low, self.row.high) = (low, high);
        if let Some(suspicion) = outcomes.against(entry, budget()) {
            self.turned = self.row.suspect_since.is_none();
            self.row.words = suspicion.words.join("; ");
        }
        Ok(self)
    }
}

/// What an entry expects, as rows keep it.
pub(crate) fn stated(entry: &Entry) -> (i32, i32) {
    let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    (whole(entry.meaning.expected_overturn.as_u32()), whole(entry.meaning.expected_days))
}

fn counted(row: &Row) -> Result<Outcomes, Fault> {
    let counts = |outcomes: i64, hits: i64| match (u32::try_from(outcomes), u32::try_from(hits)) {
        (Ok(outcomes), Ok(hits)) => Ok(Counts { outcomes, hits }),
        _ => Err(Fault::Broken("a stored count of outcomes is none")),
    };
    Ok(Outcomes {
        overturned: counts(row.outcomes, row.overturned)?,
        late: counts(row.answers, row.late)?,
    })
}

/// Evidence as its readers see it.
#[must_use]
pub fn shown(evidence: &Evidence) -> pb::EntryEvidence {
    let row = &evidence.row;
    let observed = (row.overturned * 10_000).checked_div(row.outcomes).unwrap_or_default();
    pb::EntryEvidence {
        entry: row.entry.clone(),
        expected_overturn_basis_points: row.expected_overturn,
        observed_overturn_basis_points: i32::try_from(observed).unwrap_or_default(),
        interval_low_basis_points: row.low,
        interval_high_basis_points: row.high,
        outcome_count: row.outcomes,
        suspect: row.suspect_since.is_some(),
        change_request_id: row.change_request_id.map(|id| id.to_string()).unwrap_or_default(),
        expected_days: row.expected_days,
        answer_count: row.answers,
        late_count: row.late,
        words: row.words.clone(),
        false_alarm_budget: Evidence::false_alarms(),
        suspect_since: row.suspect_since.map(|at| std::time::SystemTime::from(at).into()),
    }
}

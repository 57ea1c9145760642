//! What rows keep in one encoded column, because nothing is searched in it.
//!
//! [`ClaimDocument`] is protobuf without a contract: compact, and fields can be added. The others
//! are JSON of the domain's own types. Neither holds a name, a member number or a record number.

use chrono::NaiveDate;
use domain::calendar::Zone;
use domain::deadline::Deadline;
use domain::dictionary::entry::EscalationStep;
use domain::dictionary::receipt::{Receipt, RecordedFacts};
use domain::dictionary::vocabulary::EscalationLevel;
use domain::money::{BasisPoints, Cents};

use domain_work::checklist::{Checklist, EvidenceState, NOTHING, OnFile, Requirement, Source};
use domain_work::escalation::{Plan, Told};
use domain_work::priority::{
    Expectation, Experience, Priority, Stakes, UNKNOWN_SHARE, Worth, rank,
};
use platform::rejection::Fault;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entity::work_item;
use crate::held::{NEVER, known_day};

mod claim;
mod report;
mod tally;

pub use claim::{
    AdjustmentDocument, AmountDocument, ClaimDocument, DatedDocument, LineDocument,
    QuantityDocument, ReferenceDocument, RemarkDocument,
};
pub use report::{Counts, FindingRecord, Report, TransactionReport};
pub use tally::{Changed, Move, Tally, Task};

/// Column `receipt` of a denial: what was decided and on which facts; enough to verify it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What was decided.
    pub receipt: Receipt,
    /// On which facts.
    pub facts: RecordedFacts,
}

/// Column `document` of a work item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkDocument {
    /// What people called the owner team; empty in documents of an earlier release.
    #[serde(default)]
    pub team_name: String,
    /// The code combinations of its denials, each once.
    pub codes: Vec<WorkCode>,
    /// The next thing to do, in words.
    pub action_words: String,
    /// Why a person must look first; empty when none must.
    pub review_reason: String,
    /// What must be on file, and whether it is.
    pub evidence: Vec<Evidence>,
    /// Every open path, the earliest first; the first one ranks.
    pub deadlines: Vec<Deadline>,
    /// Every path whose windows have closed, the latest first.
    pub passed: Vec<Deadline>,
    /// Paths and rules without a date, in words.
    pub unavailable: Vec<String>,
    /// Why the ranking deadline ranks, in words.
    pub why: String,
    /// Whom to tell while the window runs out.
    pub escalation: Vec<Escalation>,
    /// The rank as it was when the item last changed.
    pub priority: Priority,
    /// What the money at stake is expected to be worth; assumed in documents of an earlier release.
    #[serde(default)]
    pub worth: Worth,
    /// Share expected to be overturned, in basis points.
    pub expected_overturn_bps: u32,
    /// How much settled denials have to do with that share.
    #[serde(default)]
    pub experience: Experience,
    /// Minutes of work expected.
    pub effort_minutes: u32,
    /// Days until the payer is expected to answer.
    pub expected_days: u32,
    /// Slug of the exception policy whose day `due_on` is; empty unless it is an exception.
    pub policy: String,
    /// The appeal by which its window is kept; `None` before one is filed, and once one is decided
    /// against us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appealed: Option<OnAppeal>,
}

/// An appeal of all that is open of a work item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnAppeal {
    /// Which.
    pub appeal: Uuid,
    /// When it was first filed.
    pub filed_on: NaiveDate,
}

impl WorkDocument {
    /// What an item's row keeps of it.
    ///
    /// # Errors
    /// When it does not read.
    pub fn of(row: &work_item::Model) -> Result<Self, Fault> {
        serde_json::from_slice(&row.document)
            .map_err(|_| Fault::Broken("the document of a work item does not read"))
    }

    /// What an item keeps that no denial is behind: nothing is dated or wanted by a payer's codes.
    pub fn of_no_denial(priority: Priority, effort_minutes: u32) -> Self {
        Self {
            team_name: String::new(),
            codes: Vec::new(),
            action_words: String::new(),
            review_reason: String::new(),
            evidence: Vec::new(),
            deadlines: Vec::new(),
            passed: Vec::new(),
            unavailable: Vec::new(),
            why: String::new(),
            escalation: Vec::new(),
            priority,
            worth: Worth::Assumed,
            expected_overturn_bps: UNKNOWN_SHARE.as_u32(),
            experience: Experience::Unknown,
            effort_minutes,
            expected_days: 0,
            policy: String::new(),
            appealed: None,
        }
    }

    /// What ranks the item whose row this is.
    pub fn stakes(&self, row: &work_item::Model) -> Stakes {
        Stakes {
            at_stake: Cents::new(row.at_stake_cents),
            worth: self.worth,
            expected_overturn: self.expectation(),
            effort_minutes: self.effort_left(),
            last_day: known_day(row.due_on),
        }
    }

    /// Minutes of work that are left. Half of the effort is getting together what must be on file,
    /// and goes with each piece that is: our convention, nobody has measured it.
    pub fn effort_left(&self) -> u32 {
        let (all, missing) = (self.evidence.len() as u64, u64::from(self.evidence_missing()));
        let effort = u64::from(self.effort_minutes);
        let saved = (effort * (all - missing)).checked_div(2 * all).unwrap_or(0);
        u32::try_from(effort - saved).unwrap_or(self.effort_minutes)
    }

    /// How many items of the checklist are missing.
    pub fn evidence_missing(&self) -> u32 {
        let missing = self.evidence.iter().filter(|it| it.state == EvidenceState::Missing);
        u32::try_from(missing.count()).unwrap_or(u32::MAX)
    }

    /// Compares the checklist with what is on file; whether anything changed.
    pub fn fulfil(&mut self, on_file: &OnFile<'_>) -> bool {
        let wanted: Vec<Requirement> = self.evidence.iter().map(|it| it.wanted.clone()).collect();
        let found = Checklist::of(&wanted, on_file).0.into_iter().zip(wanted);
        let now: Vec<Evidence> = found
            .map(|(found, wanted)| Evidence {
                wanted,
                state: found.state,
                source: found.source,
                missing_words: found.missing_words,
            })
            .collect();
        let changed = now != self.evidence;
        self.evidence = now;
        changed
    }

    /// Ranks the item whose row this is by what it and its document say by now.
    ///
    /// # Errors
    /// When what was told of it does not read.
    pub fn rank_anew(&mut self, row: &mut work_item::Model, today: NaiveDate) -> Result<(), Fault> {
        self.priority = rank(&self.stakes(row), today);
        self.put_rank(&self.priority, &Telling::of(row)?, row);
        Ok(())
    }

    /// Puts a rank into the columns of the item's row; `told` is what people were told of it.
    pub fn put_rank(&self, priority: &Priority, told: &Telling, row: &mut work_item::Model) {
        row.priority = priority.score;
        row.expected_cents = priority.expected_recovery.as_i64();
        row.effort_minutes = self.effort_left().into();
        row.evidence_missing = self.evidence_missing().into();
        row.next_band_on = priority.next_band_on.unwrap_or(NEVER);
        row.look_on = self.look_on(priority.next_band_on, told).unwrap_or(NEVER);
    }

    /// The steps of its escalation path, each on its day.
    pub fn plan(&self) -> Plan {
        let step =
            |of: &Escalation| (of.on, EscalationStep { at_percent: of.at_percent, tell: of.tell });
        Plan::on_days(self.zone(), self.escalation.iter().map(step))
    }

    /// The first day on which its rank changes, somebody must be told, or its window has closed and
    /// that is not on record; `None` when time alone changes nothing. A window that an appeal keeps
    /// is nobody's alarm.
    pub fn look_on(&self, next_band_on: Option<NaiveDate>, told: &Telling) -> Option<NaiveDate> {
        if self.appealed.is_some() {
            return next_band_on;
        }
        let plan = self.plan();
        let untold = plan.steps().iter().filter(|planned| !told.steps.has(planned.step));
        let last_day = self.ranking().map(|deadline| deadline.last_day);
        let closed = last_day.filter(|last| told.missed != Some(*last));
        let closed = closed.and_then(|last| last.succ_opt());
        let days = untold.map(|planned| planned.on).chain(next_band_on).chain(closed);
        days.min()
    }

    /// The deadline that ranks the item: the earliest that was open when it was ranked, or the last
    /// one to close where all had.
    pub fn ranking(&self) -> Option<&Deadline> {
        self.deadlines.first().or(self.passed.first())
    }

    /// Where its days end: at the payer of its deadline.
    pub fn zone(&self) -> Zone {
        self.ranking().map_or(Zone::EASTERN, |deadline| deadline.zone)
    }

    /// What share the work is expected to bring back: of an exception nobody knows.
    pub fn expectation(&self) -> Expectation {
        if self.policy.is_empty() {
            Expectation::known(BasisPoints::new(self.expected_overturn_bps), self.experience)
        } else {
            Expectation::Unknown
        }
    }
}

/// One code combination of a work item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCode {
    /// Group code; empty when no adjustment is behind it.
    pub group: String,
    /// Reason code; empty when no adjustment is behind it.
    pub carc: String,
    /// Remark codes.
    pub rarcs: Vec<String>,
    /// What the dictionary calls the combination; empty when unknown.
    pub label: String,
    /// How many denials or exceptions have it.
    pub count: u32,
    /// What was refused under it.
    pub denied_cents: i64,
}

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What the documentation standard asks.
    #[serde(flatten)]
    pub wanted: Requirement,
    /// Whether it is on file.
    #[serde(default = "missing")]
    pub state: EvidenceState,
    /// What fulfills it, or who waived it; nothing while it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What exactly is missing, in words; empty when nothing is.
    #[serde(default = "nothing")]
    pub missing_words: String,
}

impl Evidence {
    /// Of which nothing is known yet.
    #[must_use]
    pub fn missing(wanted: Requirement) -> Self {
        Self { wanted, state: missing(), source: None, missing_words: nothing() }
    }
}

fn missing() -> EvidenceState {
    EvidenceState::Missing
}

fn nothing() -> String {
    NOTHING.to_owned()
}

/// Column `told` of a work item: what people were told of its window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// Steps of the escalation path.
    pub steps: Told,
    /// Whether it is on record that the last day was missed, and which one.
    pub missed: Option<NaiveDate>,
}

impl Telling {
    /// What an item's row keeps of it.
    ///
    /// # Errors
    /// When it does not read.
    pub fn of(row: &work_item::Model) -> Result<Self, Fault> {
        if row.told.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(&row.told)
            .map_err(|_| Fault::Broken("what was told of an item does not read"))
    }
}

/// One step of the escalation path, as a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// How much of the window has passed then, in percent.
    pub at_percent: u8,
    /// The day.
    pub on: NaiveDate,
    /// Whom to tell.
    pub tell: EscalationLevel,
}

/// Encodes a document; the types above hold nothing that JSON cannot.
pub fn to_json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("string keys and plain values always encode")
}

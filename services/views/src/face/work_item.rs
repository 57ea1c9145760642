//! Work items: what to do, by whom, with what, by when, and how urgent it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1 as pb;
use domain::codes::CodeSet;
use domain_work::priority::{Priority, rank};
use platform::rejection::Fault;
use uuid::Uuid;

use super::deadline::deadline;
use super::denial::{line_number, proven};
use super::labels::code;
use super::receipt::{ApproversOf, receipt};
use super::values::{date, id, known_day, money, small, timestamp};
use super::words::listed;
use crate::pinned_rules::RuleWords;
use domain_work::checklist::Source;
use domain_work::hold::State;
use ledger::document::{Evidence, WorkCode, WorkDocument};
use ledger::held;
use ledger::reading::denials::{Denial, ItemDenial};
use ledger::reading::work_items::WorkItem;

/// When it is, what the rules say, and how far the feed has come.
pub(crate) struct Moment {
    pub(crate) now: DateTime<Utc>,
    /// The feed's number of the last event of each item that has one.
    pub(crate) seqs: BTreeMap<Uuid, i64>,
    /// The words of deadline rules by revision.
    pub(crate) rules: BTreeMap<String, Arc<RuleWords>>,
}

impl Moment {
    fn rules_of(&self, revision: &str) -> Arc<RuleWords> {
        self.rules.get(revision).cloned().unwrap_or_default()
    }
}

/// An item as lists show it: without its other paths, and its denials without receipts.
pub(crate) fn work_item(
    row: &WorkItem,
    denials: &[ItemDenial],
    moment: &Moment,
) -> Result<pb::WorkItem, Fault> {
    let document = WorkDocument::of(row)?;
    let lines = denials.iter().map(|denial| pb::WorkItemDenial {
        denial_id: id(denial.id),
        line_number: line_number(denial.line),
        denied: Some(money(denial.denied_cents)),
        receipt: None,
        state: listed::<pb::DenialState>(&denial.state),
        recovered: Some(money(denial.recovered_cents)),
    });
    Ok(pb::WorkItem { denials: lines.collect(), ..item(row, &document, moment)? })
}

/// An item with every path and every receipt.
pub(crate) fn work_item_in_full(
    row: &WorkItem,
    denials: &[Denial],
    approvers: &ApproversOf,
    moment: &Moment,
) -> Result<pb::WorkItem, Fault> {
    let document = WorkDocument::of(row)?;
    let rules = moment.rules_of(&row.revision);
    let every_path = document.deadlines.iter().chain(&document.passed);
    let lines = denials.iter().map(|denial| {
        Ok(pb::WorkItemDenial {
            denial_id: id(denial.id),
            line_number: line_number(denial.line),
            denied: Some(money(denial.denied_cents)),
            receipt: Some(receipt(&proven(denial)?.receipt, approvers)),
            state: listed::<pb::DenialState>(&denial.state),
            recovered: Some(money(denial.recovered_cents)),
        })
    });
    Ok(pb::WorkItem {
        unavailable_words: document.unavailable.clone(),
        paths: every_path.map(|path| deadline(path, &rules, moment.now)).collect(),
        denials: lines.collect::<Result<_, Fault>>()?,
        ..item(row, &document, moment)?
    })
}

fn item(row: &WorkItem, document: &WorkDocument, moment: &Moment) -> Result<pb::WorkItem, Fault> {
    let rules = moment.rules_of(&row.revision);
    let ranking = document.ranking();
    let evidence: Vec<pb::EvidenceItem> = document.evidence.iter().map(on_file).collect();
    // An exception has no window at a payer; its policy says when to look at it.
    let by_policy = known_day(row.due_on).filter(|_| !document.policy.is_empty());
    let wait = match held::hold(row)?.state {
        State::Waiting(wait) => Some(wait),
        State::Open(_) | State::Claimed(_) | State::Resolved | State::Superseded => None,
    };
    let waiting_for = wait.map(|wait| wait.waiting_for.as_str()).unwrap_or_default();
    let follow_up_on = wait.map(|wait| wait.follow_up_on).or(by_policy);
    Ok(pb::WorkItem {
        id: id(row.id),
        kind: listed::<pb::WorkItemKind>(&row.kind),
        state: listed::<pb::WorkItemState>(&row.state),
        case_id: id(row.case_id),
        claim_occurrence_id: id(row.claim_id),
        patient_control_number: row.patient_control_number.clone(),
        payer_claim_number: row.payer_claim_number.clone(),
        payer_id: id(row.payer_id),
        payer_name: row.payer_name.clone(),
        facility_id: id(row.facility_id),
        facility_name: row.facility_name.clone(),
        service_on: row.service_on.map(date),
        codes: document.codes.iter().map(codes).collect(),
        at_stake: Some(money(row.at_stake_cents)),
        category: listed::<dictionary::Category>(&row.category),
        exception: listed::<dictionary::ExceptionKind>(&row.exception),
        owner_function: listed::<dictionary::OwnerFunction>(&row.owner_function),
        team: row.owner_team.clone(),
        team_name: document.team_name.clone(),
        next_action: listed::<dictionary::NextAction>(&row.next_action),
        action_words: document.action_words.clone(),
        evidence_missing_count: small(document.evidence_missing()),
        evidence,
        deadline: ranking.map(|ranking| deadline(ranking, &rules, moment.now)),
        paths: Vec::new(),
        priority: Some(priority(row, document, moment.now)),
        review_reason: document.review_reason.clone(),
        denials: Vec::new(),
        dictionary_revision: row.revision.clone(),
        holder: row.holder.clone(),
        waiting_for: listed::<pb::WaitingFor>(waiting_for),
        follow_up_on: follow_up_on.map(date),
        // Sealing numbers an event after its change: whoever reads the row looks the number up.
        seq: moment.seqs.get(&row.id).copied().unwrap_or_default(),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
        deadline_words: document.why.clone(),
        unavailable_words: Vec::new(),
    })
}

fn codes(of: &WorkCode) -> pb::WorkItemCode {
    pb::WorkItemCode {
        group: Some(code(CodeSet::Cagc, &of.group)),
        reason: Some(code(CodeSet::Carc, &of.carc)),
        remarks: of.rarcs.iter().map(|remark| code(CodeSet::Rarc, remark)).collect(),
        label: of.label.clone(),
        denial_count: small(of.count),
        denied: Some(money(of.denied_cents)),
    }
}

/// One item of the checklist. Whose word fulfills it stands on the timeline.
fn on_file(evidence: &Evidence) -> pb::EvidenceItem {
    let source = match evidence.source {
        Some(Source::Document(id) | Source::Context(id)) => id.to_string(),
        Some(Source::Person(_)) | None => String::new(),
    };
    pb::EvidenceItem {
        standard: evidence.wanted.standard.to_string(),
        title: evidence.wanted.title.clone(),
        state: listed::<pb::EvidenceState>(evidence.state.as_str()),
        missing_words: evidence.missing_words.clone(),
        source_id: source,
    }
}

/// The rank of an item, told as of today where that tells the score the list is sorted by, else as
/// it was when the item was ranked: what is said always makes the score that stands beside it.
fn priority(row: &WorkItem, document: &WorkDocument, now: DateTime<Utc>) -> pb::Priority {
    let today = document.zone().day_of(now);
    let fresh = rank(&document.stakes(row), today);
    let told = if fresh.score == row.priority { &fresh } else { &document.priority };
    message(told, row, document, today)
}

fn message(
    told: &Priority,
    row: &WorkItem,
    document: &WorkDocument,
    today: NaiveDate,
) -> pb::Priority {
    let days_left = known_day(row.due_on).map(|last| small((last - today).num_days()));
    let reasons = told.reasons.iter().map(|reason| pb::PriorityReason {
        code: reason.code.as_str().to_owned(),
        words: reason.words.clone(),
        number: reason.number,
    });
    pb::Priority {
        score: row.priority,
        expected_recoverable: Some(money(row.expected_cents)),
        expected_overturn_basis_points: small(document.expected_overturn_bps),
        days_left,
        effort_minutes: small(document.effort_left()),
        band: listed::<pb::DeadlineBand>(told.band.as_str()),
        next_band_on: told.next_band_on.map(date),
        reasons: reasons.collect(),
    }
}

#[cfg(test)]
mod tests;

//! Appeals and levels as callers see them, and what several requests have in common.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::appeals::v1 as pb;
use contracts::deadline::v1 as deadline;
use contracts::dictionary::v1 as dictionary;
use contracts::money::v1::Money;
use domain::deadline::{Assumption, Deadline, Fit, Path};
use domain_appeals::ladder::Rung;
use domain_appeals::outcome::Kind;
use domain_appeals::state::State;
use platform::clock::{date, timestamp};
use platform::events::Event;
use platform::rejection::{Fault, Violation, Violations};
use serde_json::json;
use uuid::Uuid;

use crate::store::{Batch, Decided, Document, KeptWindow, PeerToPeer, Row, RuleFacts, Sent};

/// The domain's spelling of a contract's enum value.
pub(crate) fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}

/// A level as the contract numbers it.
pub(crate) fn path(path: Path) -> i32 {
    let name = format!("PATH_{}", path.as_str().to_uppercase());
    dictionary::Path::from_str_name(&name).unwrap_or_default().into()
}

/// The level that a request names; `None` for UNSPECIFIED.
pub(crate) fn level(sent: i32, violations: &mut Violations) -> Option<Path> {
    let named = dictionary::Path::try_from(sent).ok();
    if named == Some(dictionary::Path::Unspecified) {
        return None;
    }
    let level = named.and_then(|sent| Path::parse(&word(sent.as_str_name(), "PATH_")));
    let level = level.filter(|level| domain_appeals::ladder::LEVELS.contains(level));
    if level.is_none() {
        violations.add("path", "is no level of appeal");
    }
    level
}

/// A state as the contract numbers it.
fn state(state: State) -> i32 {
    let name = format!("APPEAL_STATE_{state}");
    pb::AppealState::from_str_name(&name).unwrap_or_default().into()
}

/// Dollars on the wire.
fn money(cents: i64) -> Money {
    Money { currency_code: "USD".to_owned(), amount_cents: cents }
}

/// The id in field `field`: what is no UUID is bad input, not a missing row.
pub(crate) fn id_in(field: &str, text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| {
        let description = "is not a UUID".to_owned();
        Fault::Invalid(vec![Violation { field: field.to_owned(), description }])
    })
}

/// Notes a reason that a person gives unless it has 10 to 4,000 characters.
pub(crate) fn reason(field: &str, sent: &str, violations: &mut Violations) {
    if !(10..=4_000).contains(&sent.trim().chars().count()) {
        violations.add(field, "has 10 to 4,000 characters");
    }
}

/// An appeal as it stands at `now`.
pub(crate) fn appeal(row: &Row, now: DateTime<Utc>) -> Result<pb::Appeal, Fault> {
    let document = row.document()?;
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let dates = document.steps.iter().map(|(step, on)| pb::InternalDate {
        step: step.as_str().to_owned(),
        due_on: Some(date(*on)),
    });
    Ok(pb::Appeal {
        id: row.id.to_string(),
        state: state(row.state()?),
        case_id: row.case_id.to_string(),
        work_item_id: id(document.work_item),
        denial_ids: document.denial_ids.iter().map(Uuid::to_string).collect(),
        payer_id: row.payer_id.to_string(),
        path: path(row.level()?),
        level_words: document.level_words.clone(),
        previous: id(document.previous),
        in_dispute: Some(money(row.in_dispute_cents)),
        deadline: Some(window(&document, row.level()?, (&document.window, &document.rule), now)),
        internal_dates: dates.collect(),
        override_reason: document.override_reason.clone(),
        batch_id: id(row.batch_id),
        letter_id: id(document.letter),
        packet_id: id(document.packet),
        dictionary_revision: row.revision.clone(),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
        next_deadline: document
            .next
            .as_ref()
            .map(|next| window(&document, next.level, (&next.window, &next.rule), now)),
        sign_offs: sign_offs(&document),
        submissions: document.submissions.iter().map(submission).collect(),
        outcome: document.outcome.as_ref().map(outcome),
        acknowledged_on: document.acknowledged_on.map(date),
        returned_on: document.returned_on.map(date),
        payer_reference: document.payer_reference,
        return_reason: document.return_reason,
        withdrawal_reason: document.withdrawal_reason,
        taken_back_on: document.taken_back_on.map(date),
        expiry_cause: document.expiry_cause,
        patient_control_number: document.control_number,
        payer_claim_number: document.payer_number,
    })
}

fn window(
    document: &Document,
    level: Path,
    (window, rule): (&KeptWindow, &RuleFacts),
    now: DateTime<Utc>,
) -> deadline::Deadline {
    let said = deadline::Deadline {
        path: path(level),
        time_zone: document.zone.name().to_owned(),
        rule: rule.slug.clone(),
        rule_words: rule.words.clone(),
        source: rule.source.clone(),
        confidence: listed("CONFIDENCE_", rule.confidence.as_str(), confidence),
        basis: listed("RULE_BASIS_", rule.basis.as_str(), basis),
        filed_when: filed_when(rule),
        counted_from: listed("CLOCK_EVENT_", rule.counted_from.as_str(), clock_event),
        ..deadline::Deadline::default()
    };
    match window {
        KeptWindow::Until(kept) => dated(kept, said, kept.zone.day_of(now)),
        KeptWindow::NeedsContract => deadline::Deadline {
            state: deadline::DeadlineState::NeedsContract.into(),
            steps: vec!["the contract holds the window, and its term is not on file".to_owned()],
            ..said
        },
        KeptWindow::NotStarted { why } => deadline::Deadline {
            state: deadline::DeadlineState::NotStarted.into(),
            steps: vec![why.clone()],
            ..said
        },
    }
}

fn dated(kept: &Deadline, said: deadline::Deadline, today: NaiveDate) -> deadline::Deadline {
    use deadline::DeadlineState::{Open, Passed};
    let assumptions: Vec<&str> = kept.assumptions.iter().map(|one| assumption(*one)).collect();
    let evidence = kept.start.evidence.as_str();
    deadline::Deadline {
        state: if kept.is_open(today) { Open } else { Passed }.into(),
        due_on: Some(date(kept.last_day)),
        due_at: kept.ends_at().map(timestamp),
        days_left: i32::try_from(kept.days_left(today)).unwrap_or(i32::MAX),
        confidence: listed("CONFIDENCE_", kept.confidence.as_str(), confidence),
        counted_from: listed("CLOCK_EVENT_", kept.start.event.as_str(), clock_event),
        counted_from_on: Some(date(kept.start.on)),
        clock_evidence: listed("CLOCK_EVIDENCE_", evidence, clock_evidence),
        assumed: kept.assumed(),
        assumption: assumptions.join("; "),
        steps: kept.steps.clone(),
        ..said
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

/// The contract's number of a word of the domain; UNSPECIFIED for one that is not in its list.
fn listed(prefix: &str, word: &str, number: fn(&str) -> Option<i32>) -> i32 {
    number(&format!("{prefix}{}", word.to_uppercase())).unwrap_or_default()
}

fn confidence(name: &str) -> Option<i32> {
    dictionary::Confidence::from_str_name(name).map(i32::from)
}

fn basis(name: &str) -> Option<i32> {
    dictionary::RuleBasis::from_str_name(name).map(i32::from)
}

fn clock_event(name: &str) -> Option<i32> {
    dictionary::ClockEvent::from_str_name(name).map(i32::from)
}

fn clock_evidence(name: &str) -> Option<i32> {
    deadline::ClockEvidence::from_str_name(name).map(i32::from)
}

fn filed_when(rule: &RuleFacts) -> i32 {
    let number = |name: &str| dictionary::FiledWhen::from_str_name(name).map(i32::from);
    listed("FILED_WHEN_", rule.filed_when.as_str(), number)
}

/// A rung as callers see it, for what is filed in `year`.
pub(crate) fn rung(rung: &Rung<'_>, year: i32) -> pb::Level {
    let rule = rung.rule;
    pb::Level {
        path: path(rule.path),
        words: rule.level.clone(),
        rule: rule.slug.clone(),
        threshold: Some(money(rung.threshold(year).map_or(0, |found| found.least.as_i64()))),
        source: rule.source.clone(),
        basis: listed("RULE_BASIS_", rule.basis.as_str(), basis),
        beats: rung.beats.iter().map(|rule| rule.slug.clone()).collect(),
        confidence: listed("CONFIDENCE_", rule.confidence.as_str(), confidence),
        possible: rung.fit == Fit::Possible,
    }
}

/// The reviews as they were given, and those that are missing.
fn sign_offs(document: &Document) -> Vec<pb::SignOff> {
    let content = document.content();
    let given = document.sign_offs.iter().map(|one| pb::SignOff {
        kind: one.kind.to_string(),
        reviewer: one.reviewer.clone(),
        approved: one.approved,
        reason: one.reason.clone(),
        content_hash: one.content.clone(),
        signed_at: Some(timestamp(one.at)),
        in_force: one.approved && one.content == content,
    });
    let missing = document.unsigned().into_iter();
    let missing = missing.map(|kind| pb::SignOff { kind: kind.to_string(), ..Default::default() });
    given.chain(missing).collect()
}

fn submission(sent: &Sent) -> pb::Submission {
    let channel = |name: &str| pb::SubmissionChannel::from_str_name(name).map(i32::from);
    pb::Submission {
        channel: listed("SUBMISSION_CHANNEL_", &sent.channel, channel),
        filed_on: Some(date(sent.filed_on)),
        confirmation_number: sent.confirmation_number.clone(),
        proof_document_id: sent.proof_document.map(|id| id.to_string()).unwrap_or_default(),
        good_cause: sent.good_cause.clone(),
        late: sent.days_late > 0,
        sent_by: sent.sent_by.clone(),
        created_at: Some(timestamp(sent.at)),
    }
}

/// What a payer decided; `None` for what is not said.
pub(crate) fn outcome_kind(sent: pb::OutcomeKind) -> Option<Kind> {
    Kind::parse(sent.as_str_name().trim_start_matches("OUTCOME_KIND_"))
}

/// A call between physicians.
pub(crate) fn peer_to_peer(row: &PeerToPeer) -> pb::PeerToPeer {
    let kind = |name: &str| pb::OutcomeKind::from_str_name(name).map(i32::from);
    pb::PeerToPeer {
        id: row.id.to_string(),
        case_id: row.case_id.to_string(),
        held_on: Some(date(row.held_on)),
        outcome: listed("OUTCOME_KIND_", &row.outcome, kind),
        note: row.note.clone(),
        due_on: row.last_day.map(date),
        rule: row.rule.clone(),
        late: row.days_late > 0,
        recorded_by: row.recorded_by.clone(),
        created_at: Some(timestamp(row.created_at)),
    }
}

/// A batch.
pub(crate) fn batch(row: &Batch) -> Result<pb::AppealBatch, Fault> {
    let path = |name: &str| dictionary::Path::from_str_name(name).map(i32::from);
    let refused = row.refusals()?.into_iter().map(|one| pb::RefusedClaim {
        denial_id: one.denial.to_string(),
        reason: one.reason,
        words: one.words,
    });
    Ok(pb::AppealBatch {
        id: row.id.to_string(),
        filter: row.filter.clone(),
        path: listed("PATH_", &row.path, path),
        opened_count: row.opened,
        refused_count: row.refused,
        refused_claims: refused.collect(),
        created_by: row.created_by.clone(),
        created_at: Some(timestamp(row.created_at)),
    })
}

fn outcome(decided: &Decided) -> pb::Outcome {
    let kind = |name: &str| pb::OutcomeKind::from_str_name(name).map(i32::from);
    let source = |name: &str| pb::OutcomeSource::from_str_name(name).map(i32::from);
    pb::Outcome {
        kind: listed("OUTCOME_KIND_", decided.kind.as_str(), kind),
        recovered: Some(money(decided.recovered_cents)),
        decided_on: Some(date(decided.decided_on)),
        rationale: decided.rationale.clone(),
        source: listed("OUTCOME_SOURCE_", decided.source.as_str(), source),
        untimely: decided.untimely,
        remittance_file_id: decided.remittance_file.map(|id| id.to_string()).unwrap_or_default(),
    }
}

/// Tells the feed of an appeal, of who did it, and in words what its state does not say: codes,
/// amounts, days and ids.
pub(crate) fn told(
    row: &Row,
    kind: &'static str,
    (by, words): (&str, &str),
) -> Result<Event, Fault> {
    let document = row.document()?;
    let due_on = |window: &KeptWindow| match window {
        KeptWindow::Until(deadline) => Some(deadline.last_day.to_string()),
        KeptWindow::NeedsContract | KeptWindow::NotStarted { .. } => None,
    };
    let sent = document.submissions.last();
    let payload = json!({
        "case": row.case_id,
        "work_item": document.work_item,
        "denials": document.denial_ids,
        "payer_id": row.payer_id,
        "path": row.path,
        "state": row.state,
        "by": by,
        "words": words,
        "previous": document.previous,
        "in_dispute_cents": row.in_dispute_cents,
        "due_on": due_on(&document.window),
        "first_filed_on": document.submissions.first().map(|sent| sent.filed_on),
        "filed_on": sent.map(|sent| sent.filed_on.to_string()),
        "days_late": sent.map(|sent| sent.days_late),
        "outcome": document.outcome.as_ref().map(|it| it.kind.as_str()),
        "decided_on": document.outcome.as_ref().map(|it| it.decided_on),
        "untimely": document.outcome.as_ref().is_some_and(|it| it.untimely),
        "entries": document.entries,
        "rule": document.rule.slug,
        "source": document.outcome.as_ref().map(|it| it.source.as_str()),
        "recovered_cents": document.outcome.as_ref().map(|it| it.recovered_cents),
        "next": document.next.as_ref().map(|next| {
            json!({
                "path": next.level.as_str(),
                "due_on": due_on(&next.window),
                "deadline": next.window.deadline(),
            })
        }),
    });
    let payload = payload.to_string().into_bytes();
    Ok(Event { kind, subject: row.id, revision: row.revision.clone(), payload })
}

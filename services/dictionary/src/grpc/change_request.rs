use uuid::Uuid;

use contracts::dictionary::v1 as pb;
use domain::dictionary::Slug;
use domain_governance::ballot::{
    Policy, Requirement, Review, ReviewState, Seat, State, UserId, Verdict,
};
use domain_governance::edit::SectionKind;
use platform::rejection::{Fault, Violations};

use super::{date, day, timestamp};
use crate::governance::{Chamber, Committee, DraftEdit, Edited, Matter, seated};
use registry::changes::Comment;
use registry::committees::{Committee as Row, Proposal};

/// A section of the dictionary, unless none was said.
pub(crate) fn section_kind(kind: pb::SectionKind) -> Option<SectionKind> {
    let name = kind.as_str_name().trim_start_matches("SECTION_KIND_").to_lowercase();
    SectionKind::parse(&name)
}

/// The number of a section in the contract.
pub(crate) fn section_number(kind: SectionKind) -> i32 {
    let name = format!("SECTION_KIND_{}", kind.as_str().to_uppercase());
    pb::SectionKind::from_str_name(&name).unwrap_or_default().into()
}

/// The spelling of a source in rows.
pub(crate) fn source_word(source: pb::ChangeSource) -> &'static str {
    match source {
        pb::ChangeSource::Unspecified | pb::ChangeSource::Person => "person",
        pb::ChangeSource::Exception => "exception",
        pb::ChangeSource::DriftFinding => "drift_finding",
        pb::ChangeSource::CodeSetRelease => "code_set_release",
        pb::ChangeSource::BaseUpgrade => "base_upgrade",
        pb::ChangeSource::OutcomeEvidence => "outcome_evidence",
        pb::ChangeSource::Rollback => "rollback",
    }
}

/// The source with this spelling.
pub(crate) fn source_of(word: &str) -> Option<pb::ChangeSource> {
    pb::ChangeSource::from_str_name(&format!("CHANGE_SOURCE_{}", word.to_uppercase()))
        .filter(|source| *source != pb::ChangeSource::Unspecified)
}

/// A change request as its readers see it; `comments` may hold those of others.
pub(crate) fn change_request(
    matter: &Matter,
    comments: &[Comment],
    chamber: &Chamber,
) -> pb::ChangeRequest {
    let (row, ballot) = (&matter.row, &matter.ballot);
    let mine = comments.iter().filter(|comment| comment.change_request_id == row.id);
    let emergency = ballot.emergency.as_ref();
    let over = matches!(ballot.state, State::Activated | State::Rejected | State::Withdrawn)
        && emergency.is_none_or(|emergency| emergency.end.is_some());
    let requirements = if over { Vec::new() } else { chamber.requirements(ballot) };
    pb::ChangeRequest {
        id: row.id.to_string(),
        number: row.number,
        title: row.title.clone(),
        reason: row.reason.clone(),
        state: state(ballot.state).into(),
        source: source_of(&row.source).unwrap_or_default().into(),
        source_id: row.source_id.clone(),
        base_revision: row.base_revision.clone(),
        result_hash: row.result_hash.clone(),
        edits: matter.edits.iter().map(edit).collect(),
        author: row.author.clone(),
        editors: ballot.editors.iter().map(|editor| editor.0.to_string()).collect(),
        requirements: requirements.into_iter().map(requirement).collect(),
        activate_at: row.activate_at.map(timestamp),
        comments: mine.map(comment).collect(),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: matter.etag(),
        suspended_words: ballot.suspension.as_ref().map(ToString::to_string).unwrap_or_default(),
        reverts_at: emergency
            .filter(|emergency| emergency.end.is_none())
            .map(|emergency| timestamp(emergency.reverts_at)),
    }
}

fn state(state: State) -> pb::ChangeRequestState {
    match state {
        State::Draft => pb::ChangeRequestState::Draft,
        State::InReview => pb::ChangeRequestState::InReview,
        State::Approved => pb::ChangeRequestState::Approved,
        State::Scheduled => pb::ChangeRequestState::Scheduled,
        State::Activated => pb::ChangeRequestState::Activated,
        State::Rejected => pb::ChangeRequestState::Rejected,
        State::Withdrawn => pb::ChangeRequestState::Withdrawn,
        State::Suspended => pb::ChangeRequestState::Suspended,
    }
}

fn edit(edit: &DraftEdit) -> pb::Edit {
    let change = match edit.change {
        Edited::Add => pb::DifferenceKind::Added,
        Edited::Replace => pb::DifferenceKind::Changed,
        Edited::Remove => pb::DifferenceKind::Removed,
    };
    pb::Edit {
        change: change.into(),
        section: Some(pb::Section {
            kind: section_number(edit.kind),
            slug: edit.slug.clone(),
            json: edit.json.clone(),
        }),
        conflict: edit.conflict.is_some(),
        other_json: edit.conflict.clone().unwrap_or_default(),
    }
}

fn requirement(requirement: Requirement) -> pb::Requirement {
    pb::Requirement { code: requirement.code, words: requirement.words, met: requirement.met }
}

pub(crate) fn comment(row: &Comment) -> pb::Comment {
    pb::Comment {
        author: row.author.clone(),
        text: row.words.clone(),
        created_at: Some(timestamp(row.created_at)),
    }
}

/// A vote.
pub(crate) fn review(change: Uuid, review: &Review) -> pb::Review {
    let verdict = match review.verdict {
        Verdict::Approve => pb::ReviewVerdict::Approve,
        Verdict::Decline => pb::ReviewVerdict::Decline,
        Verdict::Recuse => pb::ReviewVerdict::Recuse,
    };
    let state = match review.state {
        ReviewState::Counting => pb::ReviewState::Counting,
        ReviewState::Dismissed => pb::ReviewState::Dismissed,
        ReviewState::CarriedOver { .. } => pb::ReviewState::CarriedOver,
    };
    pb::Review {
        id: review.id.to_string(),
        change_request_id: change.to_string(),
        seat: review.seat.to_string(),
        reviewer: review.reviewer.0.to_string(),
        verdict: verdict.into(),
        reason: review.reason.clone(),
        result_hash: review.result_hash.to_string(),
        state: state.into(),
        created_at: Some(timestamp(review.cast_at)),
    }
}

/// The committee that is not there yet.
pub(crate) fn no_committee() -> pb::Committee {
    pb::Committee { etag: "0".to_owned(), ..pb::Committee::default() }
}

/// The committee.
pub(crate) fn committee(row: Row) -> Result<pb::Committee, Fault> {
    let committee = seated(Some(&row))?;
    let of = |user: Option<UserId>| user.map(|user| user.0.to_string()).unwrap_or_default();
    let seat = |seat: &Seat| pb::Seat {
        slug: seat.slug.to_string(),
        holder: of(seat.holder),
        delegate: of(seat.delegate),
        starts_on: Some(date(seat.starts_on)),
        ends_on: seat.ends_on.map(date),
    };
    let policy = |policy: &Policy<SectionKind>| pb::Policy {
        section: policy.section.map(section_number).unwrap_or_default(),
        required_seats: policy.required_seats.iter().map(ToString::to_string).collect(),
        quorum_count: i32::try_from(policy.quorum).unwrap_or(i32::MAX),
    };
    Ok(pb::Committee {
        id: row.id.to_string(),
        title: row.title,
        seats: committee.seats.iter().map(seat).collect(),
        policies: committee.policies.iter().map(policy).collect(),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
    })
}

/// A change of the committee that waits.
pub(crate) fn committee_proposal(
    row: &Row,
    waiting: Proposal,
) -> Result<pb::CommitteeProposal, Fault> {
    let proposed = Row {
        title: waiting.title,
        document: waiting.document,
        version: waiting.base_version,
        ..row.clone()
    };
    Ok(pb::CommitteeProposal {
        committee: Some(committee(proposed)?),
        hash: waiting.hash,
        proposed_by: waiting.author,
        reason: waiting.reason,
        proposed_at: Some(timestamp(waiting.created_at)),
    })
}

/// Most seats and most policies of a committee.
const SEATS_MAX: usize = 50;

/// Seats and policies as they were sent.
pub(crate) fn read_committee(sent: &pb::Committee, violations: &mut Violations) -> Committee {
    let mut committee = Committee { seats: Vec::new(), policies: Vec::new() };
    for (name, count) in [("seats", sent.seats.len()), ("policies", sent.policies.len())] {
        if count > SEATS_MAX {
            violations.add(format!("committee.{name}"), format!("more than {SEATS_MAX}"));
            return committee;
        }
    }
    for (at, seat) in sent.seats.iter().enumerate() {
        committee.seats.extend(read_seat(seat, &format!("committee.seats[{at}]"), violations));
    }
    for (at, policy) in sent.policies.iter().enumerate() {
        let field = format!("committee.policies[{at}]");
        if pb::SectionKind::try_from(policy.section).is_err() {
            violations.add(format!("{field}.section"), "is none that this release knows");
        }
        let seats = policy.required_seats.iter().filter_map(|seat| {
            violations.check(&format!("{field}.required_seats"), Slug::new(seat.clone()))
        });
        committee.policies.push(Policy {
            section: section_kind(policy.section()),
            required_seats: seats.collect(),
            quorum: u32::try_from(policy.quorum_count).unwrap_or_default(),
        });
    }
    committee
}

fn read_seat(seat: &pb::Seat, field: &str, violations: &mut Violations) -> Option<Seat> {
    let slug = violations.check(&format!("{field}.slug"), Slug::new(seat.slug.clone()));
    let mut user = |name: &str, text: &str| {
        let read = Uuid::try_parse(text).map_err(|_| "is no UUID");
        (!text.is_empty()).then(|| violations.check(&format!("{field}.{name}"), read)).flatten()
    };
    let holder = user("holder", &seat.holder).map(UserId);
    let delegate = user("delegate", &seat.delegate).map(UserId);
    let starts_on = seat.starts_on.and_then(day).ok_or("is required: a day");
    let starts_on = violations.check(&format!("{field}.starts_on"), starts_on)?;
    let ends_on = match &seat.ends_on {
        None => None,
        Some(last) => {
            Some(violations.check(&format!("{field}.ends_on"), day(*last).ok_or("is no day"))?)
        }
    };
    Some(Seat { slug: slug?, holder, delegate, starts_on, ends_on })
}

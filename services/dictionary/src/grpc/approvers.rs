//! By whose acts a revision has its right: out of a ballot, into rows and onto the wire.

use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::ApproverAct;
use domain::dictionary::Slug;
use domain_governance::ballot::{Emergency, UserId};

use super::timestamp;
use crate::governance::{Ballot, Committee};
use registry::approvers::Approver;
use registry::revisions::Revision;

/// What a row calls a vote.
const VOTED: &str = "voted";
/// What a row calls an activation in emergency.
const FORCED: &str = "forced";

/// Of what a change leads to: whose votes count for it, by the committee's seats as they are.
pub(crate) fn voted(ballot: &Ballot, committee: &Committee) -> Vec<Approver> {
    let votes = ballot.approvals().filter(|review| committee.seat(&review.seat).is_some());
    votes
        .map(|review| row(ballot, VOTED, (&review.seat, review.reviewer), review.cast_at))
        .collect()
}

/// Of what a change leads to: who forced it.
pub(crate) fn forced(ballot: &Ballot) -> Vec<Approver> {
    let by = |it: &Emergency| row(ballot, FORCED, (&it.seat, it.by), it.at);
    ballot.emergency.iter().map(by).collect()
}

fn row(
    ballot: &Ballot,
    act: &str,
    (seat, who): (&Slug, UserId),
    acted_at: DateTime<Utc>,
) -> Approver {
    Approver {
        tenant_id: Uuid::nil(),
        revision: ballot.result_hash.to_string(),
        act: act.to_owned(),
        seat: seat.to_string(),
        user_id: who.0.to_string(),
        acted_at,
    }
}

/// Of a revision, among acts on several; what a tenant began with was published and came from no
/// change.
pub(crate) fn approvers(revision: &Revision, acts: &[Approver]) -> Vec<pb::Approver> {
    if revision.change_request_id.is_some() {
        return acted(acts.iter().filter(|act| act.revision == revision.hash));
    }
    vec![pb::Approver {
        user_id: revision.approved_by.clone(),
        seat: String::new(),
        act: ApproverAct::Published.into(),
        at: Some(timestamp(revision.created_at)),
    }]
}

/// On the wire.
pub(crate) fn acted<'a>(acts: impl IntoIterator<Item = &'a Approver>) -> Vec<pb::Approver> {
    let on_the_wire = acts.into_iter().map(|row| pb::Approver {
        user_id: row.user_id.clone(),
        seat: row.seat.clone(),
        act: if row.act == FORCED { ApproverAct::Forced } else { ApproverAct::Voted }.into(),
        at: Some(timestamp(row.acted_at)),
    });
    on_the_wire.collect()
}

/// The people among them, each once, with blanks between.
pub(super) fn people(approvers: &[pb::Approver]) -> String {
    let mut people: Vec<&str> = approvers.iter().map(|one| one.user_id.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    people.join(" ")
}

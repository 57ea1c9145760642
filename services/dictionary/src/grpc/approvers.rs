//! By whose acts a revision has its right: out of a ballot, into rows and onto the wire.

use sea_orm::prelude::Uuid;

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::ApproverAct;

use super::timestamp;
use crate::governance::Ballot;
use registry::approvers::Approver;
use registry::revisions::Revision;

/// What a row calls a vote.
const VOTED: &str = "voted";
/// What a row calls an activation in emergency.
const FORCED: &str = "forced";

/// Of what a change leads to: who voted for it, and who forced it.
pub(crate) fn of_ballot(ballot: &Ballot) -> Vec<Approver> {
    let revision = ballot.result_hash.to_string();
    let row = |act: &str, seat: &str, user_id: String, acted_at| Approver {
        tenant_id: Uuid::nil(),
        revision: revision.clone(),
        act: act.to_owned(),
        seat: seat.to_owned(),
        user_id,
        acted_at,
    };
    let voted = ballot.approvals().map(|review| {
        row(VOTED, review.seat.as_str(), review.reviewer.0.to_string(), review.cast_at)
    });
    let forced = ballot.emergency.iter().map(|emergency| {
        row(FORCED, emergency.seat.as_str(), emergency.by.0.to_string(), emergency.at)
    });
    voted.chain(forced).collect()
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

//! Queues, leases, timelines and ends on the wire.

mod clarification;
mod ends;

use std::collections::BTreeMap;

use contracts::routing::v1 as pb;
use domain::dictionary::Slug;
use domain::dictionary::selector::Selector;
use domain_work::hold::{Hold, State};
use domain_work::queue::{CAPACITY_MINUTES_MAX, Member, Queue, Scope};
use domain_work::{UserId, WorkKind};
use ledger::timeline::Line;
use platform::clock::{date, timestamp};
use platform::rejection::{Fault, Violations};
use uuid::Uuid;
pub(crate) use views::cents;
use views::{listed, money};

use crate::store::{self, QueueRow};
use crate::waiting::Waiting;
pub(crate) use clarification::clarification;
pub(crate) use ends::{resolution, resolution_kind, touch};

/// The most members, payers, facilities or skills that are listed.
const LISTED_MAX: usize = 500;

/// A queue with what waits in it.
pub(crate) fn queue(row: &QueueRow, waiting: &BTreeMap<Slug, Waiting>) -> Result<pb::Queue, Fault> {
    let rules = store::rules(row)?;
    let waiting = waiting.get(&rules.slug).cloned().unwrap_or_default();
    let texts = |ids: &Selector<Uuid>| ids.values().iter().map(Uuid::to_string).collect();
    let kind = |kind: &WorkKind| listed::<pb::WorkItemKind>(kind.as_str());
    let members = rules.members.iter().map(|member| pb::QueueMember {
        user_id: member.user.to_string(),
        skills: member.skills.iter().map(ToString::to_string).collect(),
        capacity_minutes: i32::try_from(member.capacity_minutes).unwrap_or(i32::MAX),
    });
    Ok(pb::Queue {
        id: row.id.to_string(),
        slug: row.slug.clone(),
        display_name: row.display_name.clone(),
        team: row.team.clone(),
        facility_ids: texts(&rules.scope.facilities),
        payer_ids: texts(&rules.scope.payers),
        kinds: rules.scope.kinds.values().iter().map(kind).collect(),
        skill: rules.scope.skill.map(String::from).unwrap_or_default(),
        members: members.collect(),
        lead: rules.lead.map(|lead| lead.to_string()).unwrap_or_default(),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        open_count: waiting.count,
        at_stake: Some(money(waiting.at_stake_cents)),
        earliest_due_on: waiting.earliest_due_on.map(date),
        etag: row.version.to_string(),
    })
}

/// A queue out of a message; every field at fault is noted.
pub(crate) fn read_queue(sent: &pb::Queue, violations: &mut Violations) -> Option<Queue> {
    let slug = violations.check("queue.slug", Slug::new(sent.slug.clone()));
    if Uuid::try_parse(&sent.slug).is_ok() {
        violations.add("queue.slug", "has the form of an id, which a queue is found by as well");
    }
    violations.text("queue.display_name", &sent.display_name, 200);
    let team = violations.check("queue.team", Slug::new(sent.team.clone()));
    let facilities = ids("queue.facility_ids", &sent.facility_ids, violations);
    let payers = ids("queue.payer_ids", &sent.payer_ids, violations);
    let kinds = sent.kinds.iter().filter_map(|kind| {
        let kind = kind_of(*kind);
        if kind.is_none() {
            violations.add("queue.kinds", "has a value that is no kind of work");
        }
        kind
    });
    let kinds = Selector::of(kinds);
    let skill = slug_or_none("queue.skill", &sent.skill, violations);
    let lead = user_or_none("queue.lead", &sent.lead, violations);
    if sent.members.len() > LISTED_MAX {
        violations.add("queue.members", format!("has more than {LISTED_MAX} items"));
    }
    let members = sent.members.iter().take(LISTED_MAX).enumerate();
    let members: Vec<Member> =
        members.filter_map(|(at, sent)| member(at, sent, violations)).collect();
    Some(Queue {
        slug: slug?,
        scope: Scope { team: team?, payers, facilities, kinds, skill },
        members,
        lead,
    })
}

fn member(at: usize, sent: &pb::QueueMember, violations: &mut Violations) -> Option<Member> {
    let field = |name: &str| format!("queue.members[{at}].{name}");
    let user = user_or_none(&field("user_id"), &sent.user_id, violations);
    if sent.user_id.is_empty() {
        violations.add(field("user_id"), "is required");
    }
    let skills = sent
        .skills
        .iter()
        .take(LISTED_MAX)
        .filter_map(|skill| violations.check(&field("skills"), Slug::new(skill.clone())));
    let skills = skills.collect();
    let minutes = u32::try_from(sent.capacity_minutes).ok();
    let capacity_minutes = minutes.filter(|minutes| *minutes <= CAPACITY_MINUTES_MAX);
    if capacity_minutes.is_none() {
        violations.add(field("capacity_minutes"), format!("must be 0 to {CAPACITY_MINUTES_MAX}"));
    }
    Some(Member { user: user?, skills, capacity_minutes: capacity_minutes? })
}

fn ids(field: &str, sent: &[String], violations: &mut Violations) -> Selector<Uuid> {
    if sent.len() > LISTED_MAX {
        violations.add(field, format!("has more than {LISTED_MAX} items"));
    }
    let read = sent.iter().take(LISTED_MAX).filter_map(|id| {
        violations.check(field, Uuid::try_parse(id).map_err(|_| "has an item that is not a UUID"))
    });
    Selector::of(read)
}

fn slug_or_none(field: &str, sent: &str, violations: &mut Violations) -> Option<Slug> {
    if sent.is_empty() { None } else { violations.check(field, Slug::new(sent)) }
}

/// The user with this id; none when there is no text.
pub(crate) fn user_or_none(field: &str, sent: &str, violations: &mut Violations) -> Option<UserId> {
    if sent.is_empty() {
        return None;
    }
    violations.check(field, Uuid::try_parse(sent).map_err(|_| "is not a UUID")).map(UserId)
}

fn kind_of(number: i32) -> Option<WorkKind> {
    let name = pb::WorkItemKind::try_from(number).ok()?.as_str_name();
    WorkKind::parse(name.strip_prefix("WORK_ITEM_KIND_")?)
}

/// The lease of an item that somebody holds.
pub(crate) fn lease(item: Uuid, hold: &Hold) -> Result<pb::Lease, Fault> {
    let State::Claimed(lease) = hold.state else {
        return Err(Fault::Broken("an item that was claimed is not held"));
    };
    Ok(pb::Lease {
        work_item_id: item.to_string(),
        holder: lease.holder.to_string(),
        fencing_number: hold.fencing_number,
        expires_at: Some(timestamp(lease.expires_at)),
    })
}

/// A line of the timeline.
pub(crate) fn line(row: Line) -> pb::TimelineItem {
    pb::TimelineItem {
        id: row.id.to_string(),
        work_item_id: row.work_item_id.to_string(),
        r#type: row.kind,
        actor: row.actor,
        words: row.words,
        occurred_at: Some(timestamp(row.occurred_at)),
    }
}

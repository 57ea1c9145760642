//! Which queue an item is in, and what a caller is to it.

use std::cmp::Reverse;

use domain_work::queue::{self, Item, Queue, Standing, place};
use domain_work::{UserId, WorkKind};
use ledger::reading::work_items::WorkItem;
use platform::access::{Caller, Role};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::store::{self, QueueRow};
use crate::{Error, worker};

/// The queues of a tenant, as the rules see them.
#[derive(Debug)]
pub(crate) struct Lanes(Vec<Queue>);

impl Lanes {
    /// Those that stand now.
    pub(crate) async fn of(tx: &TenantTx) -> Result<Self, Fault> {
        Self::read(&store::all(tx).await?)
    }

    /// Those of a team that stand now: of its items no other queue is asked.
    pub(crate) async fn of_team(tx: &TenantTx, team: &str) -> Result<Self, Fault> {
        Self::read(&store::of_team(tx, team).await?)
    }

    /// Those of these rows.
    pub(crate) fn read(rows: &[QueueRow]) -> Result<Self, Fault> {
        Ok(Self(rows.iter().map(store::rules).collect::<Result<_, _>>()?))
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Queue] {
        &self.0
    }

    /// Those that have an item rather than this one where both take it.
    pub(crate) fn before(&self, queue: &Queue) -> Vec<&Queue> {
        let rank = |of: &Queue| (of.scope.specificity(), Reverse(of.slug.clone()));
        let mine = rank(queue);
        let others = self.0.iter().filter(|other| other.scope.overlaps(&queue.scope));
        others.filter(|other| rank(other) > mine).collect()
    }

    /// The queue that has an item.
    pub(crate) fn of_item(&self, row: &WorkItem) -> Result<Option<&Queue>, Fault> {
        self.with_team(row, &row.owner_team)
    }

    /// The queue that would have an item if this team owned it.
    pub(crate) fn with_team(&self, row: &WorkItem, team: &str) -> Result<Option<&Queue>, Fault> {
        self.of_parts(Parts {
            team,
            payer: row.payer_id,
            facility: row.facility_id,
            kind: &row.kind,
            skills: [&row.owner_function, &row.next_action, &row.category],
        })
    }

    /// The queue that has items of which this is known.
    pub(crate) fn of_parts(&self, parts: Parts<'_>) -> Result<Option<&Queue>, Fault> {
        let known = |id: Uuid| (!id.is_nil()).then_some(id);
        let item = Item {
            team: parts.team,
            payer: known(parts.payer),
            facility: known(parts.facility),
            kind: kind(parts.kind)?,
            skills: &parts.skills,
        };
        Ok(place(&self.0, &item))
    }

    /// What the caller is to the queue of an item. A team lead leads every queue of the tenant:
    /// whoever is away is stood in for, and the timeline says who did.
    pub(crate) fn standing(&self, caller: &Caller, row: &WorkItem) -> Result<Standing, Error> {
        if caller.has_role(Role::TeamLead) {
            return Ok(Standing::Lead);
        }
        let queue = self.of_item(row)?.ok_or(Error::InNoQueue)?;
        Ok(standing_of(worker(caller)?, queue)?)
    }

    /// What somebody else is to the queue of an item; `None` for a stranger.
    pub(crate) fn of_person(
        &self,
        user: UserId,
        row: &WorkItem,
    ) -> Result<Option<Standing>, Fault> {
        let queue = self.of_item(row)?;
        Ok(queue.and_then(|queue| standing_of(user, queue).ok()))
    }

    /// Those that a person is a member or the lead of.
    pub(crate) fn worked_by(&self, user: UserId) -> impl Iterator<Item = &Queue> {
        self.0.iter().filter(move |queue| standing_of(user, queue).is_ok())
    }
}

/// What a queue knows of an item: ids as rows hold them, nil for none.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) team: &'a str,
    pub(crate) payer: Uuid,
    pub(crate) facility: Uuid,
    pub(crate) kind: &'a str,
    pub(crate) skills: [&'a str; 3],
}

/// What a person is to a queue by its members and its lead.
pub(crate) fn standing_of(user: UserId, queue: &Queue) -> Result<Standing, queue::Refusal> {
    queue.standing(&queue::Caller { user, leads: &[] })
}

/// The sort of work that a row spells so.
pub(crate) fn kind(word: &str) -> Result<WorkKind, Fault> {
    WorkKind::parse(word).ok_or(Fault::Broken("a work item is of no kind"))
}

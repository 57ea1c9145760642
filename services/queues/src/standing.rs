//! Which queue an item is in, and what a caller is to it.

use std::cmp::Reverse;

use domain_work::queue::{self, Item, Queue, Standing, place};
use domain_work::{UserId, WorkKind};
use ledger::reading::work_items::WorkItem;
use platform::access::{Caller, Role};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::{Error, store, worker};

/// The queues of a tenant, as the rules see them.
#[derive(Debug)]
pub(crate) struct Lanes(Vec<Queue>);

impl Lanes {
    /// Those that stand now.
    pub(crate) async fn of(tx: &TenantTx) -> Result<Self, Fault> {
        let rows = store::all(tx).await?;
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

    /// The queue that would have an item if another team owned it.
    pub(crate) fn of_team(&self, row: &WorkItem, team: &str) -> Result<Option<&Queue>, Fault> {
        self.of_item(&WorkItem { owner_team: team.to_owned(), ..row.clone() })
    }

    /// The queue that has an item.
    pub(crate) fn of_item(&self, row: &WorkItem) -> Result<Option<&Queue>, Fault> {
        let skills = [row.owner_function.as_str(), &row.next_action, &row.category];
        let item = Item {
            team: &row.owner_team,
            payer: known(row.payer_id),
            facility: known(row.facility_id),
            kind: kind(row)?,
            skills: &skills,
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
        Ok(queue.standing(&queue::Caller { user: worker(caller)?, leads: &[] })?)
    }

    /// What somebody else is to the queue of an item; `None` for a stranger.
    pub(crate) fn of_person(
        &self,
        user: UserId,
        row: &WorkItem,
    ) -> Result<Option<Standing>, Fault> {
        let queue = self.of_item(row)?;
        Ok(queue.and_then(|queue| queue.standing(&queue::Caller { user, leads: &[] }).ok()))
    }

    /// Those that a person is a member or the lead of.
    pub(crate) fn worked_by(&self, user: UserId) -> impl Iterator<Item = &Queue> {
        let caller = queue::Caller { user, leads: &[] };
        self.0.iter().filter(move |queue| queue.standing(&caller).is_ok())
    }
}

/// What sort of work an item is.
pub(crate) fn kind(row: &WorkItem) -> Result<WorkKind, Fault> {
    WorkKind::parse(&row.kind).ok_or(Fault::Broken("a work item is of no kind"))
}

/// An id that a row has; nil stands for none.
pub(crate) fn known(id: Uuid) -> Option<Uuid> {
    (!id.is_nil()).then_some(id)
}

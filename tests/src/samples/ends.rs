//! Items in the states that ends of work begin from.

use contracts::money::v1::Money;
use contracts::routing::v1::*;

use super::{Sample, sample as any};
use crate::fixtures::{Line, Remittance};
use crate::group::Group;
use crate::world::{World, id};

/// What ends of work begin from; the user with every role holds what is held, which no later
/// revision decides again.
#[derive(Clone, Debug)]
pub struct Ends {
    /// Held under `lease`.
    pub to_resolve: WorkItem,
    /// Of `to_resolve`.
    pub lease: Lease,
    /// Held.
    pub to_approve: WorkItem,
    /// Of an item that is resolved.
    pub to_undo: Resolution,
    /// Resolved.
    pub to_reopen: WorkItem,
}

/// Dollars, in cents.
#[must_use]
pub fn money(cents: i64) -> Option<Money> {
    Some(Money { currency_code: "USD".to_owned(), amount_cents: cents })
}

impl Ends {
    /// Gives `group` an item for each call.
    pub async fn of(world: &World, group: &Group) -> Self {
        let mut remittance = Remittance::to(&group.npi, "20260608").traced("ENDS");
        // Little money: what is next in a queue is none of them.
        let adjustments = [("CO", "197", 5_00)];
        let line = Line { charge: 5_00, paid: 0, adjustments: &adjustments, remarks: &[] };
        for at in 0..4 {
            remittance = remittance.claim(&format!("ENDS{at}"), "DOE", &[line]);
        }
        group.upload(world, &remittance.x12()).await;
        let token = group.everyone(world).await;
        let mut routing = world.routing(&token);
        let mut held = Vec::new();
        for at in 0..4 {
            let filter = format!("patient_control_number = \"ENDS{at}\"");
            let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
            let listed = routing.list_work_items(request).await.unwrap().into_inner();
            let request = ClaimWorkItemRequest {
                id: listed.work_items[0].id.clone(),
                request_id: id(),
                ..ClaimWorkItemRequest::default()
            };
            held.push(routing.claim_work_item(request).await.unwrap().into_inner());
        }
        let mut ended = Vec::new();
        for claimed in &held[2..] {
            let request = resolve(&claimed.work_item.clone().unwrap(), claimed.lease.as_ref());
            ended.push(routing.resolve_work_item(request).await.unwrap().into_inner());
        }
        Self {
            to_resolve: held[0].work_item.clone().unwrap(),
            lease: held[0].lease.clone().unwrap(),
            to_approve: held[1].work_item.clone().unwrap(),
            to_undo: ended[0].resolution.clone().unwrap(),
            to_reopen: ended[1].work_item.clone().unwrap(),
        }
    }

    /// The same with ids that nobody has.
    #[must_use]
    pub fn missing(&self) -> Self {
        let item = |item: &WorkItem| WorkItem { id: id(), ..item.clone() };
        Self {
            to_resolve: item(&self.to_resolve),
            lease: self.lease.clone(),
            to_approve: item(&self.to_approve),
            to_undo: Resolution { id: id(), ..self.to_undo.clone() },
            to_reopen: item(&self.to_reopen),
        }
    }

    /// A sample of every call about ends.
    pub(super) fn samples(&self) -> Vec<Sample> {
        let service = "Routing";
        let resolve = resolve(&self.to_resolve, Some(&self.lease));
        let approve = ApproveWriteOffRequest {
            work_item_id: self.to_approve.id.clone(),
            amount: money(5_00),
            reason: "too small to go on".to_owned(),
            etag: self.to_approve.etag.clone(),
            request_id: id(),
        };
        let undo = UndoResolutionRequest {
            resolution_id: self.to_undo.id.clone(),
            reason: "the wrong item".to_owned(),
            request_id: id(),
        };
        let reopen = ReopenWorkItemRequest {
            id: self.to_reopen.id.clone(),
            reason: "the payer asked again".to_owned(),
            etag: self.to_reopen.etag.clone(),
            request_id: id(),
        };
        let touch = RecordTouchRequest {
            work_item_id: self.to_approve.id.clone(),
            kind: TouchKind::PayerCall.into(),
            minutes: 12,
            request_id: id(),
            ..RecordTouchRequest::default()
        };
        vec![
            any(service, "ResolveWorkItem", &resolve, true),
            any(service, "ApproveWriteOff", &approve, true),
            any(service, "UndoResolution", &undo, true),
            any(service, "ReopenWorkItem", &reopen, true),
            any(service, "RecordTouch", &touch, true),
        ]
    }
}

/// An item that ends without money, under a lease if there is one.
#[must_use]
pub fn resolve(item: &WorkItem, lease: Option<&Lease>) -> ResolveWorkItemRequest {
    ResolveWorkItemRequest {
        id: item.id.clone(),
        fencing_number: lease.map(|lease| lease.fencing_number).unwrap_or_default(),
        kind: ResolutionKind::Closed.into(),
        reason: "nothing more comes".to_owned(),
        etag: item.etag.clone(),
        request_id: id(),
        ..ResolveWorkItemRequest::default()
    }
}

//! A payer that was asked and stays silent: the account is followed up.

use super::*;

impl House {
    /// Lets days pass until a claim has so many items, at most so many; answers how many passed.
    async fn until(&self, number: &str, items: usize, most: i64) -> i64 {
        for days in 1..=most {
            self.pass(1).await;
            if self.items(number).await.len() == items {
                return days;
            }
        }
        panic!("{number} has no {items} items after {most} days");
    }

    async fn of_kind(&self, number: &str, kind: WorkItemKind) -> Vec<WorkItem> {
        let items = self.items(number).await.into_iter();
        items.filter(|item| item.kind() == kind).collect()
    }

    async fn end(&self, item: &WorkItem) {
        let [specialist] = self.group.people(&self.world, [Role::Specialist]).await;
        let queue = queue(&format!("of-{}", item.team), &item.team, &[&specialist]);
        let mut lead = self.as_a(Role::TeamLead).await;
        let _ =
            lead.create_queue(CreateQueueRequest { queue: Some(queue), request_id: id() }).await;
        let mut specialist = self.as_a(Role::Specialist).await;
        let request =
            ClaimWorkItemRequest { id: item.id.clone(), request_id: id(), ..Default::default() };
        let held = specialist.claim_work_item(request).await.unwrap().into_inner();
        let request = ResolveWorkItemRequest {
            id: item.id.clone(),
            fencing_number: held.lease.unwrap().fencing_number,
            kind: ResolutionKind::Closed.into(),
            reason: "left a message".to_owned(),
            etag: held.work_item.unwrap().etag,
            request_id: id(),
            ..ResolveWorkItemRequest::default()
        };
        specialist.resolve_work_item(request).await.unwrap();
    }
}

#[tokio::test]
async fn an_account_is_followed_up_when_asking_brought_nothing() {
    let house = House::new().await;
    let waiting = house.waiting("MUTE", WaitingFor::Payer, 85).await;
    house.until("MUTE", 2, 60).await;
    let check = house.of_kind("MUTE", WorkItemKind::ClaimStatus).await.remove(0);
    assert_eq!(check.at_stake.as_ref().unwrap().amount_cents, 0);
    house.end(&check).await;
    let days = house.until("MUTE", 3, 60).await;
    assert!(days >= 30, "too early: {days}");
    let [follow_up] = house.of_kind("MUTE", WorkItemKind::ArFollowUp).await.try_into().unwrap();
    assert_eq!((follow_up.state(), follow_up.team.as_str()), (WorkItemState::Open, "billing"));
    assert_eq!(follow_up.next_action(), NextAction::PayerInquiry);
    assert_eq!(follow_up.at_stake, waiting.at_stake);
    assert_eq!(follow_up.case_id, waiting.case_id);
    assert!(follow_up.action_words.starts_with("Follow the account up"));
    // One is enough; a word of the payer is told, and its remittance ends it.
    house.pass(40).await;
    assert_eq!(house.of_kind("MUTE", WorkItemKind::ArFollowUp).await.len(), 1);
    let minutes = (house.world.clock().now() - World::noon()).num_minutes();
    house.said("MUTE", "P1", minutes).await;
    assert_eq!(house.get(&follow_up.id).await.state(), WorkItemState::Open);
    let line = Line { charge: 900_00, paid: 900_00, adjustments: &[], remarks: &[] };
    let paid = Remittance::to(NPI, "20261010").claim("MUTE", "DOE", &[line]);
    house.group.upload(&house.world, &paid.x12()).await;
    assert_eq!(house.get(&follow_up.id).await.state(), WorkItemState::Resolved);
}

#[tokio::test]
async fn a_payer_that_answered_and_falls_silent_is_asked_again() {
    let house = House::new().await;
    house.waiting("TALKS", WaitingFor::Payer, 85).await;
    house.until("TALKS", 2, 60).await;
    let minutes = (house.world.clock().now() - World::noon()).num_minutes();
    house.said("TALKS", "P1", minutes).await;
    house.until("TALKS", 3, 60).await;
    assert_eq!(house.of_kind("TALKS", WorkItemKind::ClaimStatus).await.len(), 2);
    assert!(house.of_kind("TALKS", WorkItemKind::ArFollowUp).await.is_empty());
}

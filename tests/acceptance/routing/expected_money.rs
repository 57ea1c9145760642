//! What work is expected to bring: by what a partner states, by what is usual with the payer, or
//! assumed; and the reasons say which.

use contracts::access::v1::Role;
use contracts::routing::v1::*;
use tests::samples::routing::expecting;
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, id};

const NPI: &str = "1234567893";

struct House {
    world: World,
    group: Group,
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

impl House {
    async fn new() -> Self {
        let world = World::new().await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        Self { world, group }
    }

    async fn as_a(&self, role: Role) -> Routing {
        let token = self.group.token(&self.world, role).await;
        self.world.routing(&token)
    }

    async fn take_in(&self, remittance: &Remittance) {
        self.group.upload(&self.world, &remittance.x12()).await;
    }

    async fn refuse(&self, number: &str) {
        self.take_in(&refused(Remittance::to(NPI, "20260610"), number)).await;
    }

    /// Claims of which the payer allowed 550.00 of 1,000.00, 50.00 of that from the patient.
    async fn pay(&self, prefix: &str, claims: usize) {
        let adjustments = [("CO", "45", 450_00), ("PR", "2", 50_00)];
        let line = Line { charge: 1_000_00, paid: 500_00, adjustments: &adjustments, remarks: &[] };
        let all = (0..claims).fold(Remittance::to(NPI, "20260609"), |all, at| {
            all.claim(&format!("{prefix}{at}"), "DOE", &[line])
        });
        self.take_in(&all).await;
    }

    async fn expect(&self, number: &str, cents: i64, source_at: i64) {
        let request = expecting(&self.group, number, cents, source_at);
        self.as_a(Role::Partner).await.upsert_claim_context(request).await.unwrap();
        self.world.app().run_due().await.unwrap();
    }

    async fn item(&self, number: &str) -> WorkItem {
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let listed = self.as_a(Role::Specialist).await.list_work_items(request).await.unwrap();
        listed.into_inner().work_items.remove(0)
    }
}

/// Another claim of 1,000.00, refused as a whole.
fn refused(remittance: Remittance, number: &str) -> Remittance {
    let adjustments = [("CO", "197", 1_000_00)];
    let line = Line { charge: 1_000_00, paid: 0, adjustments: &adjustments, remarks: &[] };
    remittance.claim(number, "DOE", &[line])
}

fn reason(item: &WorkItem, code: &str) -> (i64, String) {
    let reasons = &item.priority.as_ref().unwrap().reasons;
    let found = reasons.iter().find(|reason| reason.code == code).unwrap();
    (found.number, found.words.clone())
}

fn allowed(item: &WorkItem) -> (i64, String) {
    reason(item, "expected_allowed")
}

#[tokio::test]
async fn what_a_partner_expects_replaces_what_is_assumed() {
    let house = House::new().await;
    for number in ["FREE", "TAKEN"] {
        house.refuse(number).await;
    }
    let before = house.item("FREE").await;
    let (cents, words) = allowed(&before);
    assert_eq!((cents, words.contains("assumed")), (400_00, true), "{words}");
    let [specialist] = house.group.people(&house.world, [Role::Specialist]).await;
    let mine = queue("mine", &before.team, &[&specialist]);
    let request = CreateQueueRequest { queue: Some(mine), request_id: id() };
    house.as_a(Role::TeamLead).await.create_queue(request).await.unwrap();
    let id_of_taken = house.item("TAKEN").await.id;
    let request = ClaimWorkItemRequest { id: id_of_taken, request_id: id(), ..Default::default() };
    house.as_a(Role::Specialist).await.claim_work_item(request).await.unwrap();

    for number in ["FREE", "TAKEN"] {
        house.expect(number, 620_00, 100).await;
        let item = house.item(number).await;
        let (cents, words) = allowed(&item);
        assert_eq!(cents, 620_00, "{number}: {words}");
        assert!(words.contains("a partner expects $620.00"), "{number}: {words}");
        let priority = item.priority.unwrap();
        let back = priority.expected_recoverable.unwrap().amount_cents;
        let rate = i64::from(priority.expected_overturn_basis_points);
        assert_eq!(back, 620_00 * rate / 10_000);
        assert!(priority.score > before.priority.as_ref().unwrap().score);
        assert_eq!(item.at_stake.unwrap().amount_cents, 1_000_00);
    }
    assert_eq!(house.item("TAKEN").await.state(), WorkItemState::Claimed);
    // What is known before the remittance counts from its first day.
    house.expect("EARLY", 300_00, 100).await;
    house.refuse("EARLY").await;
    assert_eq!(allowed(&house.item("EARLY").await).0, 300_00);
}

#[tokio::test]
async fn of_a_claim_that_is_paid_in_part_the_refused_share_counts() {
    let house = House::new().await;
    house.expect("PART", 600_00, 100).await;
    let paid = [("CO", "45", 240_00)];
    let adjustments = [("CO", "197", 400_00)];
    let lines = [
        Line { charge: 600_00, paid: 360_00, adjustments: &paid, remarks: &[] },
        Line { charge: 400_00, paid: 0, adjustments: &adjustments, remarks: &[] },
    ];
    house.take_in(&Remittance::to(NPI, "20260610").claim("PART", "DOE", &lines)).await;
    assert_eq!(allowed(&house.item("PART").await).0, 240_00);
}

#[tokio::test]
async fn thirty_paid_claims_show_what_a_payer_allows() {
    let house = House::new().await;
    house.pay("FIRST", 29).await;
    house.refuse("FEW").await;
    assert_eq!(allowed(&house.item("FEW").await).0, 400_00);
    house.pay("LAST", 1).await;
    house.refuse("ENOUGH").await;
    let (cents, words) = allowed(&house.item("ENOUGH").await);
    assert_eq!(cents, 550_00);
    assert!(words.contains("the payer allowed 55% of what was charged on 30 claims"), "{words}");
    // Another payer's claims say nothing of it.
    let other = Remittance::to(NPI, "20260610").from_payer("OTHER PLAN", "1888888888", "CI");
    house.take_in(&refused(other, "OTHER")).await;
    assert_eq!(allowed(&house.item("OTHER").await).0, 400_00);
}

#[tokio::test]
async fn thirty_settled_denials_show_what_share_comes_back() {
    let house = House::new().await;
    let numbers: Vec<String> = (0..30).map(|at| format!("OLD{at}")).collect();
    let all = numbers.iter().fold(Remittance::to(NPI, "20260601"), |all, it| refused(all, it));
    house.take_in(&all).await;
    let stated = reason(&house.item("OLD7").await, "expected_overturn");
    let settled = numbers.iter().enumerate();
    let settled = settled.fold(Remittance::to(NPI, "20260605"), |all, (at, number)| {
        let share = [("PR", "1", 1_000_00)];
        // Two of three are paid after all; of the others the patient owes everything.
        let line = match at % 3 {
            0 => Line { charge: 1_000_00, paid: 0, adjustments: &share, remarks: &[] },
            _ => Line { charge: 1_000_00, paid: 1_000_00, adjustments: &[], remarks: &[] },
        };
        all.claim(number, "DOE", &[line])
    });
    house.take_in(&settled).await;
    house.refuse("NEW").await;
    let (basis_points, words) = reason(&house.item("NEW").await, "expected_overturn");
    assert_eq!(basis_points, 6_666, "{words}; before: {stated:?}");
    assert!(words.contains("as 30 settled ones of this payer were"), "{words}");
    assert_ne!(stated.0, basis_points);
}

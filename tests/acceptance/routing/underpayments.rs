//! Claims that were paid less than their contract allows are one item each.

use contracts::access::v1::Role;
use contracts::dictionary::v1::{NextAction, OwnerFunction};
use contracts::routing::v1::*;
use tests::samples::routing::expecting;
use tests::samples::work::close;
use tests::{Group, Line, NewGroup, Remittance, World};

const NPI: &str = "1234567893";

struct House {
    world: World,
    group: Group,
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

/// Of 1,000.00 the payer allowed 540.00 and paid 500.00; the patient owes the rest.
const SHORT: Line<'static> = Line {
    charge: 1_000_00,
    paid: 500_00,
    adjustments: &[("CO", "45", 460_00), ("PR", "2", 40_00)],
    remarks: &[],
};

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

    async fn take_in(&self, remittance: &Remittance) -> RemittanceCounts {
        self.group.upload(&self.world, &remittance.x12()).await.counts.unwrap()
    }

    async fn expect(&self, number: &str, cents: i64, source_at: i64) {
        let request = expecting(&self.group, number, cents, source_at);
        self.as_a(Role::Partner).await.upsert_claim_context(request).await.unwrap();
        self.world.app().run_due().await.unwrap();
    }

    async fn items(&self, number: &str) -> Vec<WorkItem> {
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let listed = self.as_a(Role::Specialist).await.list_work_items(request).await.unwrap();
        listed.into_inner().work_items
    }

    /// Kind, state and cents at stake of the items of a claim, the least at stake first.
    async fn work(&self, number: &str) -> Vec<(WorkItemKind, WorkItemState, i64)> {
        let items = self.items(number).await;
        let mut work: Vec<(WorkItemKind, WorkItemState, i64)> =
            items.iter().map(|item| (item.kind(), item.state(), cents(item))).collect();
        work.sort_by_key(|one| one.2);
        work
    }

    async fn words(&self, item: &WorkItem) -> Vec<String> {
        let request =
            ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
        let lines = self.as_a(Role::Specialist).await.list_timeline(request).await.unwrap();
        lines.into_inner().timeline_items.into_iter().map(|line| line.words).collect()
    }
}

fn cents(item: &WorkItem) -> i64 {
    item.at_stake.as_ref().unwrap().amount_cents
}

fn on(day: &str) -> Remittance {
    Remittance::to(NPI, day).served_on("20260601")
}

use WorkItemKind::{Denial, Underpayment};
use WorkItemState::{Open, Resolved};

#[tokio::test]
async fn what_is_missing_of_an_expected_amount_is_one_item_of_contracting() {
    let house = House::new().await;
    for (number, expected) in [("SHORT", 600_00), ("FULL", 540_00), ("NEARLY", 545_00)] {
        house.expect(number, expected, 100).await;
    }
    let paid = ["SHORT", "FULL", "NEARLY", "UNKNOWN"];
    let all = paid.iter().fold(on("20260610"), |all, it| all.claim(it, "DOE", &[SHORT]));
    assert_eq!(house.take_in(&all).await.work_items, 1);
    for number in &paid[1..] {
        assert_eq!(house.work(number).await, [], "{number}");
    }
    let item = house.items("SHORT").await.remove(0);
    assert_eq!((item.kind(), item.state(), cents(&item)), (Underpayment, Open, 60_00));
    assert_eq!(item.owner_function(), OwnerFunction::Contracting);
    assert_eq!((item.team.as_str(), item.next_action()), ("contracting", NextAction::PayerInquiry));
    assert!(item.action_words.contains("$60.00 are missing"), "{}", item.action_words);
    assert!(item.deadline_words.contains("within 20 business days"), "{}", item.deadline_words);
    let reasons = item.priority.unwrap().reasons;
    let allowed = reasons.iter().find(|reason| reason.code == "expected_allowed").unwrap();
    assert!((allowed.number, allowed.words.contains("owed already")) == (60_00, true));
}

#[tokio::test]
async fn it_is_found_when_the_expectation_comes_later_and_goes_with_it() {
    let house = House::new().await;
    house.take_in(&on("20260610").claim("LATER", "DOE", &[SHORT])).await;
    assert_eq!(house.work("LATER").await, []);
    house.expect("LATER", 700_00, 100).await;
    assert_eq!(house.work("LATER").await, [(Underpayment, Open, 160_00)]);
    // Nobody has touched it: it follows what is known.
    house.expect("LATER", 600_00, 200).await;
    assert_eq!(house.work("LATER").await, [(Underpayment, Open, 60_00)]);
    house.expect("LATER", 540_00, 300).await;
    assert_eq!(house.work("LATER").await, [(Underpayment, WorkItemState::Superseded, 60_00)]);
    house.expect("LATER", 620_00, 400).await;
    assert_eq!(house.work("LATER").await, [(Underpayment, Open, 80_00)]);
}

#[tokio::test]
async fn money_that_denials_are_about_is_not_counted_twice() {
    let house = House::new().await;
    house.expect("BOTH", 600_00, 100).await;
    house.expect("ONE", 600_00, 100).await;
    let refused = [("CO", "197", 400_00)];
    let lines = |paid: i64| {
        let adjusted: &[(&str, &str, i64)] = match paid {
            360_00 => &[("CO", "45", 240_00)],
            _ => &[("CO", "45", 300_00)],
        };
        let paid = Line { charge: 600_00, paid, adjustments: adjusted, remarks: &[] };
        [paid, Line { charge: 400_00, paid: 0, adjustments: &refused, remarks: &[] }]
    };
    let remittance = on("20260610").claim("BOTH", "DOE", &lines(300_00));
    house.take_in(&remittance.claim("ONE", "ROE", &lines(360_00))).await;
    assert_eq!(house.work("BOTH").await, [(Underpayment, Open, 60_00), (Denial, Open, 400_00)]);
    assert_eq!(house.work("ONE").await, [(Denial, Open, 400_00)]);
}

#[tokio::test]
async fn a_later_payment_of_the_difference_ends_it_and_its_reversal_opens_it_again() {
    let house = House::new().await;
    house.expect("MORE", 600_00, 100).await;
    let first = on("20260610").claim("MORE", "DOE", &[SHORT]);
    house.take_in(&first).await;
    // The same file again has no second effect.
    house.take_in(&first).await;
    let more = |cents: i64| Line {
        charge: 1_000_00,
        paid: cents,
        adjustments: if cents == 25_00 { &[("CO", "45", 975_00)] } else { &[("CO", "45", 965_00)] },
        remarks: &[],
    };
    house.take_in(&on("20260612").claim("MORE", "DOE", &[more(25_00)]).payer_control("B")).await;
    assert_eq!(house.work("MORE").await, [(Underpayment, Open, 35_00)]);
    let counts = house
        .take_in(&on("20260613").claim("MORE", "DOE", &[more(35_00)]).payer_control("C"))
        .await;
    assert_eq!(counts.work_items, 0);
    assert_eq!(house.work("MORE").await, [(Underpayment, Resolved, 35_00)]);
    let item = house.items("MORE").await.remove(0);
    let words = house.words(&item).await;
    assert!(words.iter().any(|line| line.contains("nothing is missing")), "{words:?}");
    // An expectation that changes nothing asks nobody again.
    house.expect("MORE", 600_00, 150).await;
    assert_eq!(house.work("MORE").await, [(Underpayment, Resolved, 35_00)]);
    let back = Line {
        charge: -1_000_00,
        paid: -35_00,
        adjustments: &[("CO", "45", -965_00)],
        remarks: &[],
    };
    house.take_in(&on("20260615").reversal("MORE", "DOE", &[back]).payer_control("C")).await;
    assert_eq!(house.work("MORE").await, [(Underpayment, Open, 35_00)]);
}

#[tokio::test]
async fn a_reversal_ends_it_and_the_corrected_adjudication_is_judged_anew() {
    let house = House::new().await;
    house.expect("AGAIN", 600_00, 100).await;
    house.take_in(&on("20260610").claim("AGAIN", "DOE", &[SHORT])).await;
    let back = Line {
        charge: -1_000_00,
        paid: -500_00,
        adjustments: &[("CO", "45", -460_00), ("PR", "2", -40_00)],
        remarks: &[],
    };
    let corrected = Line {
        charge: 1_000_00,
        paid: 530_00,
        adjustments: &[("CO", "45", 430_00), ("PR", "2", 40_00)],
        remarks: &[],
    };
    let remittance = on("20260612").reversal("AGAIN", "DOE", &[back]);
    house.take_in(&remittance.claim("AGAIN", "DOE", &[corrected]).payer_control("B")).await;
    let work = house.work("AGAIN").await;
    assert_eq!(work, [(Underpayment, Open, 30_00), (Underpayment, Resolved, 60_00)]);
    // Decided again, it stays the same one.
    house.expect("AGAIN", 600_00, 200).await;
    assert_eq!(house.work("AGAIN").await, work);
}

#[tokio::test]
async fn who_ended_one_is_not_asked_again() {
    let house = House::new().await;
    house.expect("ENDED", 600_00, 100).await;
    house.take_in(&on("20260610").claim("ENDED", "DOE", &[SHORT])).await;
    close(&house.world, &house.group, &house.items("ENDED").await[0], "the contract changed").await;
    house.expect("ENDED", 650_00, 200).await;
    let little =
        Line { charge: 1_000_00, paid: 10_00, adjustments: &[("CO", "45", 990_00)], remarks: &[] };
    house.take_in(&on("20260612").claim("ENDED", "DOE", &[little]).payer_control("B")).await;
    assert_eq!(house.work("ENDED").await, [(Underpayment, Resolved, 60_00)]);
}

#[tokio::test]
async fn a_downgrade_that_hides_in_contractual_codes_is_found() {
    let house = House::new().await;
    let down = Line {
        charge: 1_000_00,
        paid: 500_00,
        adjustments: &[("CO", "45", 300_00), ("CO", "172", 200_00)],
        remarks: &[],
    };
    // What a partner expects is met: it cost nothing.
    house.expect("MET", 500_00, 100).await;
    let remittance = on("20260610").claim("DOWN", "DOE", &[down]).claim("MET", "ROE", &[down]);
    house.take_in(&remittance).await;
    assert_eq!(house.work("MET").await, []);
    let item = house.items("DOWN").await.remove(0);
    assert_eq!((item.kind(), cents(&item)), (Underpayment, 200_00));
    assert_eq!(item.codes[0].reason.as_ref().unwrap().code, "172");
    assert!(item.action_words.contains("paid for less than was billed"), "{}", item.action_words);

    // What the dictionary leaves to a contract review is one exception, and nothing beside it.
    let level = Line { adjustments: &[("CO", "45", 300_00), ("CO", "186", 200_00)], ..down };
    house.take_in(&on("20260611").claim("LEVEL", "DOE", &[level])).await;
    assert_eq!(house.work("LEVEL").await, [(WorkItemKind::Exception, Open, 200_00)]);

    // Paid under another procedure (SVC01) than was billed (SVC06).
    let text = String::from_utf8(on("20260611").claim("CHANGED", "DOE", &[SHORT]).x12()).unwrap();
    let text = text.replace("*500.00**1~", "*500.00**1*HC:99215~");
    house.group.upload(&house.world, text.as_bytes()).await;
    assert_eq!(house.work("CHANGED").await, [(Underpayment, Open, 460_00)]);
    // The newest adjudication pays for what was billed.
    house.take_in(&on("20260614").claim("CHANGED", "DOE", &[SHORT]).payer_control("B")).await;
    assert_eq!(house.work("CHANGED").await, [(Underpayment, Resolved, 460_00)]);
}

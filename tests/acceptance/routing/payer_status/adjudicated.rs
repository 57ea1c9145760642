//! A remittance comes after statuses.

use chrono::TimeDelta;
use contracts::routing::v1::{WaitingFor, WorkItemKind, WorkItemState};
use tests::{Line, Remittance, World};

use super::{House, NPI, has};

#[tokio::test]
async fn a_remittance_answers_what_was_opened_in_front_of_it() {
    let house = House::new().await;
    let day = |minutes: i64| (World::noon() + TimeDelta::minutes(minutes)).format("%Y%m%d");
    let line = Line { charge: 80_00, paid: 80_00, adjustments: &[], remarks: &[] };
    let paid = async |number: &str, on: i64| {
        let remittance = Remittance::to(NPI, &day(on).to_string()).claim(number, "DOE", &[line]);
        house.group.upload(&house.world, &remittance.x12()).await;
    };
    let rejected = house.said("SENTBACK", "A3", 0).await.work_item_id;
    let puzzling = house.said("PUZZLE", "E1", 0).await.work_item_id;
    assert!(!rejected.is_empty() && !puzzling.is_empty());
    assert_eq!(house.get(&rejected).await.case_id, "");
    // A remittance from before the rejection is of an earlier bill.
    paid("SENTBACK", -2 * 24 * 60).await;
    let waits = house.get(&rejected).await;
    assert_eq!(waits.state(), WorkItemState::Open);
    assert!(!waits.case_id.is_empty(), "it has found its place");
    paid("SENTBACK", 0).await;
    assert_eq!(house.get(&rejected).await.state(), WorkItemState::Resolved);
    assert!(has(&house.words(&rejected).await, "done: the payer has answered"));
    paid("PUZZLE", 0).await;
    let puzzling = house.get(&puzzling).await;
    assert_eq!(puzzling.state(), WorkItemState::Open, "nobody has found out what it means");
    assert!(!puzzling.case_id.is_empty());
    // A check of a silent payer.
    let waiting = house.waiting("QUIET", WaitingFor::Payer, 85).await;
    house.pass(0).await;
    for _ in 0..100 {
        house.pass(1).await;
    }
    let items = house.items("QUIET").await;
    let check = items.iter().find(|item| item.kind() == WorkItemKind::ClaimStatus).unwrap();
    assert_eq!(check.state(), WorkItemState::Open);
    let again = [("CO", "29", 80_00)];
    let line = Line { charge: 80_00, paid: 0, adjustments: &again, remarks: &[] };
    let remittance = Remittance::to(NPI, &day(100 * 24 * 60).to_string());
    let remittance = remittance.claim("QUIET", "DOE", &[line]);
    house.group.upload(&house.world, &remittance.x12()).await;
    assert_eq!(house.get(&check.id).await.state(), WorkItemState::Resolved);
    assert_eq!(check.case_id, waiting.case_id);
}

use contracts::access::v1::Role;
use contracts::routing::v1::{ListWorkItemsRequest, WatchEventsRequest};
use futures::StreamExt;
use tests::{Group, Line, NewGroup, Remittance, World};

const NPI: &str = "1234567893";

#[tokio::test]
async fn the_feed_has_no_gaps_resumes_anywhere_and_names_no_patient() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let line = Line { charge: 70_00, paid: 0, adjustments: &[("CO", "197", 70_00)], remarks: &[] };
    for trace in ["A", "B", "C"] {
        let number = format!("SECRETPCN{trace}");
        let remittance = Remittance::to(NPI, "20260610").traced(trace);
        group.upload(&world, &remittance.claim(&number, "SECRETNAME", &[line]).x12()).await;
    }
    let token = group.token(&world, Role::Partner).await;
    let read = async |after_seq: i64| {
        let request = WatchEventsRequest { after_seq, types: Vec::new(), stop_at_end: true };
        let stream = world.routing(&token).watch_events(request).await.unwrap().into_inner();
        stream.map(|event| event.unwrap().event.unwrap()).collect::<Vec<_>>().await
    };
    let all = read(0).await;
    let seqs: Vec<i64> = all.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=i64::try_from(all.len()).unwrap()).collect::<Vec<_>>());
    let text = format!("{all:?}");
    assert!(!text.contains("SECRET"), "events carry no patient data");
    for kind in ["remittance.posted", "denial.recorded", "work_item.opened"] {
        let count = all.iter().filter(|event| event.r#type == kind).count();
        assert_eq!(count, 3, "{kind}");
    }
    let rest = read(seqs[2]).await;
    assert_eq!(rest, all[3..]);
    let items = world.routing(&token).list_work_items(ListWorkItemsRequest::default()).await;
    for item in items.unwrap().into_inner().work_items {
        let opened = all.iter().rfind(|event| event.subject == item.id).unwrap();
        assert_eq!(item.seq, opened.seq, "an item names its last event");
    }
}

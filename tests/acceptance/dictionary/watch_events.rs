use contracts::dictionary::v1::WatchEventsRequest;
use futures::TryStreamExt;
use tests::{Governing, Group, NewGroup, World};
use tonic::Code;
use tonic_types::StatusExt;

#[tokio::test]
async fn every_governance_act_stands_on_the_feed_in_its_order() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let group = Governing::of(&world, &group).await;
    let approved = group.approved("carc-197", "coding").await;
    group.activate(&approved, None).await.unwrap();
    let read = async |after_seq: i64, types: &[&str]| {
        let types = types.iter().map(|kind| (*kind).to_owned()).collect();
        let request = WatchEventsRequest { after_seq, types, stop_at_end: true };
        let stream = group.client(&group.analyst).watch_events(request).await?.into_inner();
        stream.map_ok(|answer| answer.event.unwrap()).try_collect::<Vec<_>>().await
    };
    let all = read(0, &[]).await.unwrap();
    let seqs: Vec<i64> = all.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=i64::try_from(all.len()).unwrap()).collect::<Vec<_>>());
    let of = |kind: &str| all.iter().filter(|event| event.r#type == kind).collect::<Vec<_>>();
    for kind in ["change_request.created", "change_request.approved", "change_request.activated"] {
        let told: Vec<&str> = of(kind).iter().map(|event| event.subject.as_str()).collect();
        assert_eq!(told, [approved.id.as_str()], "{kind}");
    }
    let activated = of("revision.activated");
    assert_eq!(activated.len(), 2, "the first revision, and this one");
    assert_eq!(activated[1].dictionary_revision, approved.result_hash);
    let rest = read(seqs[1], &["revision.activated"]).await.unwrap();
    assert!(rest.iter().all(|event| event.r#type == "revision.activated" && event.seq > seqs[1]));

    let ahead = read(seqs.len() as i64 + 1, &[]).await.unwrap_err();
    assert_eq!(ahead.code(), Code::InvalidArgument);
    assert_eq!(ahead.get_details_error_info().unwrap().reason, "CURSOR_AHEAD");
}

use contracts::access::v1::Role;
use contracts::routing::v1::{
    ListDenialsRequest, ListRemittanceFilesRequest, RemittanceFileState, RemittancePurpose,
};
use tests::{Group, Line, NewGroup, Remittance, World};

const NPI: &str = "1234567893";

fn remittance() -> Remittance {
    let line =
        Line { charge: 70_00, paid: 0, adjustments: &[("CO", "197", 70_00)], remarks: &["N54"] };
    Remittance::to(NPI, "20260610").traced("TRACE1").claim("ONCE", "DOE", &[line])
}

async fn effects(world: &World, group: &Group) -> (usize, usize) {
    let token = group.token(world, Role::Specialist).await;
    let mut routing = world.routing(&token);
    let denials = routing.list_denials(ListDenialsRequest::default()).await.unwrap();
    let files = routing.list_remittance_files(ListRemittanceFilesRequest::default()).await;
    let files = files.unwrap().into_inner().remittance_files;
    (denials.into_inner().denials.len(), files.len())
}

#[tokio::test]
async fn the_same_bytes_have_one_effect_however_often_they_come() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let bytes = remittance().x12();
    let first = group.upload(&world, &bytes).await;
    let uploads = (0..20).map(|_| group.try_upload(&world, &bytes, RemittancePurpose::Live));
    for answer in futures::future::join_all(uploads).await {
        let answer = answer.unwrap();
        assert!(answer.already_received);
        assert_eq!(answer.remittance_file.unwrap().id, first.id);
    }
    assert_eq!(effects(&world, &group).await, (1, 1));
}

#[tokio::test]
async fn twins_that_come_at_once_have_one_effect() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let bytes = remittance().x12();
    let uploads = (0..8).map(|_| group.try_upload(&world, &bytes, RemittancePurpose::Live));
    let answers = futures::future::join_all(uploads).await;
    let ids: std::collections::BTreeSet<String> =
        answers.into_iter().filter_map(|answer| Some(answer.ok()?.remittance_file?.id)).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(effects(&world, &group).await, (1, 1));
}

#[tokio::test]
async fn a_transaction_written_down_differently_is_still_the_same() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let bytes = remittance().x12();
    group.upload(&world, &bytes).await;
    let text = String::from_utf8(bytes).unwrap();
    let disguised = text
        .replace("*835*0001~", "*835*0777~")
        .replace("*0001~GE", "*0777~GE")
        .replace('~', "~\r\n");
    let file = group.upload(&world, disguised.as_bytes()).await;
    assert_eq!(file.counts.unwrap().duplicate_transactions, 1);
    assert_eq!(effects(&world, &group).await, (1, 2), "two files, one effect");
}

#[tokio::test]
async fn a_corrected_file_under_the_same_trace_is_posted_and_flagged() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    group.upload(&world, &remittance().x12()).await;
    let line =
        Line { charge: 75_00, paid: 0, adjustments: &[("CO", "197", 75_00)], remarks: &["N54"] };
    let corrected =
        Remittance::to(NPI, "20260610").traced("TRACE1").claim("ONCE", "DOE", &[line]).x12();
    let file = group.upload(&world, &corrected).await;
    assert_eq!(file.state(), RemittanceFileState::Posted);
    assert!(file.findings.iter().any(|f| f.code == "trace-reused"), "{:?}", file.findings);
    assert_eq!(effects(&world, &group).await.0, 2);
}

#[tokio::test]
async fn the_same_bytes_of_two_tenants_are_two_files() {
    let world = World::new().await;
    let north = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let south = Group::board(&world, &NewGroup::new("south", NPI)).await;
    let bytes = remittance().x12();
    let (ours, theirs) = (north.upload(&world, &bytes).await, south.upload(&world, &bytes).await);
    assert_ne!(ours.id, theirs.id);
    assert_eq!(effects(&world, &north).await, (1, 1));
    assert_eq!(effects(&world, &south).await, (1, 1));
}

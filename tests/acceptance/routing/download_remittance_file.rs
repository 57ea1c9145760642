//! Remittance files come back as they went in, or not at all.

use std::path::PathBuf;

use contracts::access::v1::Role;
use contracts::identity::v1::ListAuditEventsRequest;
use contracts::routing::v1::{
    DownloadEvidenceRequest, DownloadRemittanceFileRequest, GetWorkItemRequest, RemittanceFile,
    RemittancePurpose,
};
use tests::samples::Things;
use tests::samples::evidence::{PDF, header, parts};
use tests::{Group, Line, NewGroup, Remittance, World, fields, refusal};
use tokio_stream::StreamExt;
use tonic::{Code, Status};

const NPI: &str = "1234567893";

async fn house() -> (World, Group) {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    (world, group)
}

fn remittance() -> Vec<u8> {
    let refused = [("CO", "197", 100_00)];
    let line = Line { charge: 100_00, paid: 0, adjustments: &refused, remarks: &[] };
    Remittance::to(NPI, "20260610").claim("A1", "DOE", &[line]).x12()
}

async fn uploaded(world: &World, group: &Group, bytes: &[u8]) -> RemittanceFile {
    let uploaded = group.try_upload(world, bytes, RemittancePurpose::Live).await.unwrap();
    uploaded.remittance_file.unwrap()
}

fn asking(id: &str) -> DownloadRemittanceFileRequest {
    let purpose = "compared with the lockbox".to_owned();
    DownloadRemittanceFileRequest { id: id.to_owned(), purpose }
}

/// What comes, in its parts.
async fn download(
    world: &World,
    group: &Group,
    request: DownloadRemittanceFileRequest,
) -> Result<Vec<Vec<u8>>, Status> {
    let mut routing = world.routing(&group.token(world, Role::Analyst).await);
    let mut stream = routing.download_remittance_file(request.clone()).await?.into_inner();
    let mut parts = Vec::new();
    while let Some(part) = stream.next().await {
        let part = part?;
        assert_eq!(part.id, request.id);
        parts.push(part.chunk);
    }
    Ok(parts)
}

/// Where the store keeps the bytes with this hash.
fn place(world: &World, group: &Group, sha256: &str) -> PathBuf {
    world.store().folder().join("originals").join(&group.tenant_id).join(sha256)
}

#[tokio::test]
async fn a_file_comes_back_as_it_went_in_and_the_trail_says_why_it_was_read() {
    let (world, group) = house().await;
    let sent = remittance();
    let file = uploaded(&world, &group, &sent).await;
    assert_eq!(download(&world, &group, asking(&file.id)).await.unwrap().concat(), sent);
    let auditor = group.token(&world, Role::Auditor).await;
    let rpc = "/overturn.routing.v1.RoutingService/DownloadRemittanceFile";
    let request = ListAuditEventsRequest {
        filter: format!("kind = \"DISCLOSURE\" AND rpc = \"{rpc}\""),
        ..ListAuditEventsRequest::default()
    };
    let trail = world.identity(&auditor).list_audit_events(request).await.unwrap().into_inner();
    let [event] = trail.audit_events.try_into().unwrap();
    assert_eq!(event.purpose, "compared with the lockbox");
    assert_eq!(event.record_ids, [file.id]);
}

#[tokio::test]
async fn what_was_not_read_as_a_remittance_comes_back_too_in_parts() {
    let (world, group) = house().await;
    let sent: Vec<u8> = (0..3_000_000_u32).map(|at| b"no remittance\n"[at as usize % 14]).collect();
    let file = uploaded(&world, &group, &sent).await;
    assert_eq!(file.state().as_str_name(), "REMITTANCE_FILE_STATE_QUARANTINED");
    let parts = download(&world, &group, asking(&file.id)).await.unwrap();
    assert!(parts.len() > 2 && parts.iter().all(|part| part.len() <= 1 << 20));
    assert!(parts.concat() == sent);
}

#[tokio::test]
async fn a_purpose_is_asked_for_and_strangers_find_nothing() {
    let (world, group) = house().await;
    let file = uploaded(&world, &group, &remittance()).await;
    for purpose in ["", "  ", &"a".repeat(201), "two\nlines"] {
        let request =
            DownloadRemittanceFileRequest { id: file.id.clone(), purpose: purpose.to_owned() };
        let refused = download(&world, &group, request).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec!["purpose".to_owned()])
        );
    }
    let south = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let refused = download(&world, &south, asking(&file.id)).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    let mut specialist = world.routing(&group.token(&world, Role::Specialist).await);
    let refused = specialist.download_remittance_file(asking(&file.id)).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let longest = DownloadRemittanceFileRequest { id: file.id.clone(), purpose: "a".repeat(200) };
    download(&world, &group, longest).await.unwrap();
}

#[tokio::test]
async fn of_an_original_that_is_not_what_came_nothing_is_sent() {
    let (world, group) = house().await;
    let sent = remittance();
    let file = uploaded(&world, &group, &sent).await;
    let place = place(&world, &group, &file.sha256);
    assert_eq!(std::fs::read(&place).unwrap(), sent, "this is where it lies");
    let mut changed = sent.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&place, &changed).unwrap();
    let refused = download(&world, &group, asking(&file.id)).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::DataLoss, "ORIGINAL_ALTERED".to_owned()));
    std::fs::remove_file(&place).unwrap();
    let refused = download(&world, &group, asking(&file.id)).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::DataLoss, "ORIGINAL_MISSING".to_owned()));
    std::fs::write(&place, &sent).unwrap();
    assert_eq!(download(&world, &group, asking(&file.id)).await.unwrap().concat(), sent);
}

#[tokio::test]
async fn of_a_document_that_is_not_what_came_nothing_is_sent_either() {
    let (world, group) = house().await;
    let things = Things::of(&world, &group).await;
    let mut routing = world.routing(&group.token(&world, Role::Specialist).await);
    let request = GetWorkItemRequest { id: things.item_id.clone() };
    let item = routing.get_work_item(request).await.unwrap().into_inner().work_item.unwrap();
    let sent = parts(header(&item.case_id, &item.evidence[0].standard), PDF);
    let document = routing.upload_evidence(tokio_stream::iter(sent)).await.unwrap();
    let document = document.into_inner().document.unwrap();
    let request = DownloadEvidenceRequest { id: document.id };
    let mut stream = routing.download_evidence(request.clone()).await.unwrap().into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap().chunk, PDF);
    std::fs::write(place(&world, &group, &document.sha256), b"%PDF-1.7 forged").unwrap();
    let refused = routing.download_evidence(request).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::DataLoss, "ORIGINAL_ALTERED".to_owned()));
}

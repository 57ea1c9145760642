use contracts::dictionary::v1::*;
use domain::dictionary::Bundle;
use tests::{World, id, reason, refusal};
use tonic::Code;

use super::governed;

fn export(revision: &str, format: BundleFormat) -> ExportRevisionRequest {
    ExportRevisionRequest { revision: revision.to_owned(), format: format.into() }
}

#[tokio::test]
async fn a_revision_leaves_in_every_format() {
    let world = World::new().await;
    let group = governed(&world).await;
    let mut client = group.client(&group.member);
    let json = client.export_revision(export("active", BundleFormat::Json)).await.unwrap();
    let json = json.into_inner();
    let bundle = Bundle::parse(std::str::from_utf8(&json.content).unwrap()).unwrap();
    assert_eq!(bundle.hash().unwrap().to_string(), group.group.revision);
    assert_eq!(json.signature.split('.').count(), 3, "a detached JWS");

    let table = client.export_revision(export("1", BundleFormat::DecisionTableCsv)).await.unwrap();
    let table = String::from_utf8(table.into_inner().content).unwrap();
    assert!(table.starts_with("entry,rarc_any,"));
    assert!(table.contains("\r\ncarc-197,"));
    let fhir = client.export_revision(export("1", BundleFormat::Fhir)).await.unwrap().into_inner();
    let fhir: serde_json::Value = serde_json::from_slice(&fhir.content).unwrap();
    assert_eq!(fhir["entry"][1]["resource"]["resourceType"], "ConceptMap");

    let vectors = client.export_revision(export("1", BundleFormat::ConformanceVectors)).await;
    let vectors = String::from_utf8(vectors.unwrap().into_inner().content).unwrap();
    let vectors: Vec<serde_json::Value> =
        vectors.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(vectors.len() > 400, "{}", vectors.len());
    let ours = group.group.revision.as_str();
    assert!(vectors.iter().all(|vector| vector["receipt"]["revision"] == ours));
    let none = client.export_revision(export("1", BundleFormat::Unspecified)).await.unwrap_err();
    assert_eq!(none.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_revision_comes_back_as_a_change_that_must_be_agreed_to() {
    let world = World::new().await;
    let group = governed(&world).await;
    let approved = group.approved("carc-197", "coding").await;
    group.activate(&approved, None).await.unwrap();
    let mut client = group.client(&group.member);
    let first = client.export_revision(export("1", BundleFormat::Json)).await.unwrap();
    let first = first.into_inner();
    let import = ImportRevisionRequest {
        content: first.content.clone(),
        signature: first.signature.clone(),
        reason: "as the other hospital has it".to_owned(),
        request_id: id(),
        ..Default::default()
    };
    let drafted = client.import_revision(import.clone()).await.unwrap().into_inner();
    let drafted = drafted.change_request.unwrap();
    assert_eq!(drafted.state(), ChangeRequestState::Draft);
    assert_eq!(drafted.result_hash, group.group.revision, "the same content, the same address");
    assert_eq!(drafted.edits.len(), 1);

    let mut altered = first.content.clone();
    let at = altered.len() / 2;
    altered[at] ^= 1;
    let altered = ImportRevisionRequest { content: altered, request_id: id(), ..import.clone() };
    let altered = client.import_revision(altered).await.unwrap_err();
    assert_eq!(refusal(&altered), reason(Code::InvalidArgument, "UNTRUSTED_SIGNATURE"));
    let unsigned = ImportRevisionRequest { signature: String::new(), request_id: id(), ..import };
    let unsigned = client.import_revision(unsigned).await.unwrap_err();
    assert_eq!(refusal(&unsigned), reason(Code::InvalidArgument, "UNTRUSTED_SIGNATURE"));
}

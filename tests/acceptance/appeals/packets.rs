//! Packets: the letter, an index and the exhibits in one PDF.

use contracts::routing::v1::{EvidenceHeader, EvidenceState, SetEvidenceStateRequest};
use contracts::routing::v1::{GetWorkItemRequest, WorkItem};
use tests::samples::appeals::{render, submit};
use tests::samples::evidence::{header, parts};
use tests::{fields, reason, refusal};
use tonic::Code;

use super::papers::{authorized, page, text};
use super::*;

impl House {
    async fn assemble(&self, appeal: &Appeal, documents: &[&str]) -> Result<Packet, Status> {
        let request = AssemblePacketRequest {
            appeal_id: appeal.id.clone(),
            document_ids: documents.iter().map(|id| (*id).to_owned()).collect(),
            request_id: id(),
            ..AssemblePacketRequest::default()
        };
        let answer = self.as_a(Role::Partner).await.assemble_packet(request).await?;
        Ok(answer.into_inner().packet.unwrap())
    }

    async fn packet(&self, appeal: &Appeal) -> Result<Packet, Status> {
        let request = GetPacketRequest { appeal_id: appeal.id.clone() };
        let answer = self.as_a(Role::Auditor).await.get_packet(request).await?;
        Ok(answer.into_inner().packet.unwrap())
    }

    async fn work(&self, appeal: &Appeal) -> WorkItem {
        let token = self.group.token(&self.world, Role::Specialist).await;
        let request = GetWorkItemRequest { id: appeal.work_item_id.clone() };
        let answer = self.world.routing(&token).get_work_item(request).await.unwrap();
        answer.into_inner().work_item.unwrap()
    }

    /// Puts a document on file for the claim in routing.
    async fn on_file(&self, appeal: &Appeal, standards: &[&str], bytes: &[u8]) -> String {
        let standards = standards.iter().map(|standard| (*standard).to_owned()).collect();
        let header = EvidenceHeader { standards, ..header(&appeal.case_id, "") };
        let token = self.group.token(&self.world, Role::Specialist).await;
        let upload = tokio_stream::iter(parts(header, bytes));
        let answer = self.world.routing(&token).upload_evidence(upload).await.unwrap();
        answer.into_inner().document.unwrap().id
    }
}

#[tokio::test]
async fn a_packet_that_lacks_something_says_what_and_is_not_kept() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    let incomplete = reason(Code::FailedPrecondition, "PACKET_INCOMPLETE");
    let refused = house.assemble(&appeal, &[]).await.unwrap_err();
    assert_eq!(refusal(&refused), incomplete);
    assert!(refused.message().contains("a letter"), "{}", refused.message());
    house.render(authorized(&appeal)).await.unwrap();
    let wanted = house.work(&appeal).await.evidence;
    let wanted: Vec<&str> = wanted.iter().map(|item| item.standard.as_str()).collect();
    let refused = house.assemble(&appeal, &[]).await.unwrap_err();
    assert_eq!(refusal(&refused), incomplete);
    for standard in &wanted {
        assert!(refused.message().contains(&format!("`{standard}`")), "{}", refused.message());
    }
    // What is on file and not enclosed is still missing in the packet, and where it is is said.
    let held = house.on_file(&appeal, &wanted, &page()).await;
    let refused = house.assemble(&appeal, &[]).await.unwrap_err();
    assert_eq!(refusal(&refused), incomplete);
    assert!(refused.message().contains(&held), "{}", refused.message());
    assert_eq!(house.packet(&appeal).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(house.get(&appeal.id).await.packet_id, "");
    let packet = house.assemble(&appeal, &[&held]).await.unwrap();
    assert!(packet.evidence.iter().all(|item| item.state() == EvidenceState::Present));
    assert!(packet.evidence.iter().all(|item| item.source_id == held));
    assert_eq!(house.get(&appeal.id).await.packet_id, packet.id);
}

#[tokio::test]
async fn a_packet_is_the_letter_an_index_and_stamped_exhibits() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    house.render(authorized(&appeal)).await.unwrap();
    let wanted = house.work(&appeal).await.evidence;
    let (first, others) = wanted.split_first().unwrap();
    let own = house.file(&appeal, &first.standard, &page()).await.unwrap().id;
    let note = house.file(&appeal, "", b"A note of the day of service.").await.unwrap().id;
    // One that nobody needs, and documents of routing for the rest.
    let (waived, others) = others.split_first().unwrap();
    let work = house.work(&appeal).await;
    let said = SetEvidenceStateRequest {
        work_item_id: work.id.clone(),
        standard: waived.standard.clone(),
        state: EvidenceState::Waived.into(),
        reason: "the payer never asks for it".to_owned(),
        etag: work.etag.clone(),
        request_id: id(),
    };
    let lead = house.group.token(&house.world, Role::TeamLead).await;
    house.world.routing(&lead).set_evidence_state(said).await.unwrap();
    let others: Vec<&str> = others.iter().map(|item| item.standard.as_str()).collect();
    let mut documents = vec![own.clone(), note.clone()];
    if !others.is_empty() {
        let interchange = house.remittance("", "20260610").x12();
        documents.push(house.on_file(&appeal, &others, &interchange).await);
    }
    let ids: Vec<&str> = documents.iter().map(String::as_str).collect();
    let packet = house.assemble(&appeal, &ids).await.unwrap();
    assert_eq!(packet.document_ids, documents);
    assert_eq!(house.packet(&appeal).await.unwrap(), packet);
    let state = |standard: &str| {
        packet.evidence.iter().find(|item| item.standard == standard).unwrap().state()
    };
    assert_eq!(state(&first.standard), EvidenceState::Present);
    assert_eq!(state(&waived.standard), EvidenceState::Waived);
    let attachment = packet.attachment.as_ref().unwrap();
    assert_eq!(attachment.patient_control_number, "PCN1");
    assert_eq!(
        (attachment.payer_claim_number.as_str(), &*attachment.media_type),
        ("ICNPCN1", "application/pdf")
    );
    assert_eq!(attachment.attachment_control_number.len(), 32);
    let bytes = house.bytes(&packet.id).await.unwrap().len();
    assert_eq!(usize::try_from(attachment.size_bytes).unwrap(), bytes);
    assert!(packet.index_words.starts_with("Exhibit A: "), "{}", packet.index_words);
    assert!(packet.index_words.contains(&first.title), "{}", packet.index_words);
    let pdf = house.bytes(&packet.id).await.unwrap();
    if let Some(shown) = text(&pdf) {
        let pages = packet.page_count;
        for words in [
            "Index of exhibits",
            "Exhibit A, page 1 of 1",
            "Exhibit B, page 1 of 1",
            "A note of the day of service.",
            &format!("Page {pages} of {pages}"),
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
    }
    // A new letter makes the packet that holds the old one none.
    house.render(authorized(&appeal)).await.unwrap();
    assert_eq!(house.packet(&appeal).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(house.bytes(&packet.id).await.unwrap(), pdf, "it can still be read by its id");
}

#[tokio::test]
async fn what_is_no_exhibit_of_the_appeal_is_refused_by_its_place() {
    let house = House::lenient().await;
    let appeal = house.free("", "PCN1", "20260610").await;
    let other = house.free("", "PCN2", "20260610").await;
    house.render(render(&appeal.id)).await.unwrap();
    let own = house.file(&appeal, "", &page()).await.unwrap().id;
    let foreign = house.file(&other, "", &page()).await.unwrap().id;
    let strange = house.on_file(&appeal, &["full-record"], b"PK\x03\x04\x14\x00").await;
    let nobodys = id();
    for (documents, wrong) in [
        (vec![own.as_str(), foreign.as_str()], "document_ids[1]"),
        (vec![nobodys.as_str()], "document_ids[0]"),
        (vec![own.as_str(), own.as_str()], "document_ids[1]"),
        (vec!["7"], "document_ids[0]"),
        (vec![own.as_str(), strange.as_str()], "document_ids[1]"),
    ] {
        let refused = house.assemble(&appeal, &documents).await.unwrap_err();
        assert_eq!(fields(&refused), [wrong], "{refused}");
    }
    let broken = house.on_file(&appeal, &["full-record"], b"%PDF-1.7\nno\n%%EOF").await;
    let refused = house.assemble(&appeal, &[&own, &broken]).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::InvalidArgument, "UNSAFE_DOCUMENT"));
    let words = refused.message();
    assert!(words.contains("exhibit B (`document_ids[1]`): it does not read as PDF"), "{words}");
    let refused = house.assemble(&Appeal { id: id(), ..appeal.clone() }, &[&own]).await;
    assert_eq!(refusal(&refused.unwrap_err()), reason(Code::NotFound, "NOT_FOUND"));
    let packet = house.assemble(&appeal, &[&own]).await.unwrap();
    let sent = submit(&house.get(&appeal.id).await, 15, "FAX1");
    let sent = house.submit(sent).await.unwrap();
    assert_eq!(sent.packet_id, packet.id);
    let refused = house.assemble(&sent, &[&own]).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    assert_eq!(house.packet(&sent).await.unwrap(), packet);
}

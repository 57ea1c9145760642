//! Documents and words about the checklist of an item.

use contracts::routing::v1::upload_evidence_request::Part;
use contracts::routing::v1::*;
use prost::Message;

use super::work::Work;
use super::{Sample, sample as any};
use crate::group::Group;
use crate::world::{World, id};

/// What a document on file looks like.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n";

/// A document of the group.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// On file.
    pub document: EvidenceDocument,
    /// Filed by mistake.
    pub to_withdraw: EvidenceDocument,
    /// What an item asks for.
    pub standard: String,
}

/// The messages of an upload: a header, then the bytes.
#[must_use]
pub fn parts(header: EvidenceHeader, bytes: &[u8]) -> Vec<UploadEvidenceRequest> {
    std::iter::once(Part::Header(header))
        .chain(bytes.chunks(64 << 10).map(|chunk| Part::Chunk(chunk.to_vec())))
        .map(|part| UploadEvidenceRequest { part: Some(part) })
        .collect()
}

/// The header of a document for one standard.
#[must_use]
pub fn header(case: &str, standard: &str) -> EvidenceHeader {
    EvidenceHeader {
        case_id: case.to_owned(),
        file_name: "approval.pdf".to_owned(),
        standards: vec![standard.to_owned()],
        request_id: id(),
        ..EvidenceHeader::default()
    }
}

impl Evidence {
    /// Puts a document on file for an item whose etag no sample names.
    pub async fn of(world: &World, group: &Group, work: &Work) -> Self {
        let token = group.everyone(world).await;
        let standard = work.open.evidence[0].standard.clone();
        let case = &work.to_ask.case_id;
        let mut filed = Vec::new();
        for bytes in [PDF, b"%PDF-1.7\n% of another claim\n"] {
            let parts = tokio_stream::iter(parts(header(case, &standard), bytes));
            let uploaded = world.routing(&token).upload_evidence(parts).await.unwrap();
            filed.push(uploaded.into_inner().document.unwrap());
        }
        let [document, to_withdraw] = filed.try_into().unwrap();
        Self { document, to_withdraw, standard }
    }

    /// The same with ids that nobody has.
    #[must_use]
    pub fn missing(&self) -> Self {
        let document = EvidenceDocument { id: id(), case_id: id(), ..self.document.clone() };
        let to_withdraw = EvidenceDocument { id: id(), ..self.to_withdraw.clone() };
        Self { document, to_withdraw, standard: self.standard.clone() }
    }

    pub(super) fn samples(&self, work: &Work) -> Vec<Sample> {
        let service = "Routing";
        let case = &self.document.case_id;
        let said = SetEvidenceStateRequest {
            work_item_id: work.to_state.id.clone(),
            standard: self.standard.clone(),
            state: EvidenceState::Waived.into(),
            reason: "the payer never asks for it".to_owned(),
            etag: work.to_state.etag.clone(),
            request_id: id(),
        };
        let list = ListEvidenceRequest { case_id: case.clone(), ..ListEvidenceRequest::default() };
        let download = DownloadEvidenceRequest { id: self.document.id.clone() };
        let upload = parts(header(case, &self.standard), PDF);
        let withdraw = WithdrawEvidenceRequest {
            id: self.to_withdraw.id.clone(),
            reason: "it is about another claim".to_owned(),
            request_id: id(),
        };
        vec![
            Sample {
                path: "/overturn.routing.v1.RoutingService/UploadEvidence".to_owned(),
                messages: upload.iter().map(Message::encode_to_vec).collect(),
                names_a_resource: true,
            },
            any(service, "SetEvidenceState", &said, true),
            any(service, "WithdrawEvidence", &withdraw, true),
            any(service, "ListEvidence", &list, true),
            any(service, "DownloadEvidence", &download, true),
        ]
    }
}

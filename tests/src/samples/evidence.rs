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
        let parts = parts(header(&work.to_ask.case_id, &standard), PDF);
        let uploaded = world.routing(&token).upload_evidence(tokio_stream::iter(parts)).await;
        let document = uploaded.unwrap().into_inner().document.unwrap();
        Self { document, standard }
    }

    /// The same with ids that nobody has.
    #[must_use]
    pub fn missing(&self) -> Self {
        let document = EvidenceDocument { id: id(), case_id: id(), ..self.document.clone() };
        Self { document, standard: self.standard.clone() }
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
        vec![
            Sample {
                path: "/overturn.routing.v1.RoutingService/UploadEvidence".to_owned(),
                messages: upload.iter().map(Message::encode_to_vec).collect(),
                names_a_resource: true,
            },
            any(service, "SetEvidenceState", &said, true),
            any(service, "ListEvidence", &list, true),
            any(service, "DownloadEvidence", &download, true),
        ]
    }
}

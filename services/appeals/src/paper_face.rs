//! Documents, letters and packets as callers see them.

use contracts::appeals::v1 as pb;
use contracts::routing::v1::EvidenceItem;
use domain::dictionary::vocabulary::Media;
use letters::Text;
use platform::clock::timestamp;
use platform::rejection::Fault;
use uuid::Uuid;

use crate::store::Document;
use crate::store::papers::{Letter, Packet, Paper};

pub(crate) fn document(row: Paper) -> pb::Document {
    pb::Document {
        id: row.id.to_string(),
        appeal_id: row.appeal_id.to_string(),
        file_name: row.file_name,
        media_type: row.media,
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        standard: row.standard,
        uploaded_by: row.uploaded_by,
        created_at: Some(timestamp(row.created_at)),
    }
}

pub(crate) fn letter(row: Letter) -> Result<pb::Letter, Fault> {
    let sheet = row.sheet()?;
    Ok(pb::Letter {
        id: row.id.to_string(),
        appeal_id: row.appeal_id.to_string(),
        template: row.template,
        dictionary_revision: row.revision,
        text: Text { title: sheet.title, paragraphs: sheet.paragraphs }.plain(),
        sha256: row.sha256,
        page_count: i32::try_from(row.page_count).unwrap_or(i32::MAX),
        created_at: Some(timestamp(row.created_at)),
    })
}

/// A packet, of the appeal whose document this is.
pub(crate) fn packet(row: &Packet, of: Document) -> Result<pb::Packet, Fault> {
    let contents = row.contents()?;
    let evidence = contents.evidence.into_iter().map(|required| EvidenceItem {
        standard: required.standard,
        title: required.title,
        state: contracts::routing::v1::EvidenceState::from(required.state).into(),
        missing_words: required.missing,
        source_id: required.source.map(|id| id.to_string()).unwrap_or_default(),
    });
    Ok(pb::Packet {
        id: row.id.to_string(),
        appeal_id: row.appeal_id.to_string(),
        evidence: evidence.collect(),
        document_ids: contents.documents.iter().map(Uuid::to_string).collect(),
        index_words: contents.index,
        sha256: row.sha256.clone(),
        page_count: i32::try_from(row.page_count).unwrap_or(i32::MAX),
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.created_at)),
        etag: row.id.to_string(),
        attachment: Some(pb::AttachmentMetadata {
            patient_control_number: of.control_number,
            payer_claim_number: of.payer_number,
            attachment_control_number: row.id.simple().to_string().to_uppercase(),
            media_type: Media::Pdf.as_str().to_owned(),
            size_bytes: i64::try_from(contents.size).unwrap_or(i64::MAX),
        }),
    })
}

//! The letter of the appeal that is won, and the packet that it goes with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use contracts::appeals::v1::*;
use contracts::routing::v1::ListEvidenceRequest;

use super::aboard::request_id;
use crate::client::Clients;

/// The packet, beside the database of the demo.
const PACKET: &str = "appeal-packet.pdf";

/// What was sent: the letter, the packet, and where its PDF is.
pub(super) struct Written {
    pub(super) letter: Letter,
    pub(super) packet: Packet,
    pub(super) path: PathBuf,
}

/// Writes the letter of an appeal, encloses all that is on file for its claim, and leaves the PDF
/// in `folder`.
pub(super) async fn write(lead: &Clients, appeal: &Appeal, folder: &Path) -> Result<Written> {
    let blanks = [
        ("argument", "The record shows that the service was authorized and given as billed."),
        ("facility_address", "100 Main Street\nSpringfield, NY 10001"),
        ("facility_phone", "(555) 010-0100"),
        ("payer_address", "Appeals department\nP.O. Box 1000\nHartford, CT 06101"),
        ("signer_name", "Lee Park"),
        ("signer_title", "Lead, appeals"),
    ];
    let request = RenderLetterRequest {
        appeal_id: appeal.id.clone(),
        template: "level-1-general".to_owned(),
        blanks: blanks.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        request_id: request_id(),
        ..RenderLetterRequest::default()
    };
    let letter = lead.appeals().render_letter(request).await?.into_inner().letter;
    let request = ListEvidenceRequest { case_id: appeal.case_id.clone(), ..Default::default() };
    let on_file = lead.routing().list_evidence(request).await?.into_inner().documents;
    let request = AssemblePacketRequest {
        appeal_id: appeal.id.clone(),
        document_ids: on_file.into_iter().map(|document| document.id).collect(),
        request_id: request_id(),
        ..AssemblePacketRequest::default()
    };
    let packet = lead.appeals().assemble_packet(request).await?.into_inner().packet;
    let packet = packet.context("no packet was answered")?;
    let request = DownloadDocumentRequest { id: packet.id.clone() };
    let mut parts = lead.appeals().download_document(request).await?.into_inner();
    let mut pdf = Vec::new();
    while let Some(part) = parts.message().await? {
        pdf.extend(part.chunk);
    }
    let path = folder.join(PACKET);
    std::fs::write(&path, pdf).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Written { letter: letter.context("no letter was answered")?, packet, path })
}

//! Appeals in the states that calls begin from.

use std::collections::HashMap;

use contracts::access::v1::Role;
use contracts::appeals::v1::upload_document_request::Part;
use contracts::appeals::v1::*;
use contracts::google::r#type::Date;
use contracts::jobs::v1::JobState;
use contracts::routing::v1::{Denial, ListDenialsRequest};
use prost::Message;
use prost_types::FieldMask;

use super::{Sample, sample as any};
use crate::fixtures::{Line, Remittance};
use crate::group::Group;
use crate::world::{World, id};

/// What calls of appeals begin from.
#[derive(Clone, Debug)]
pub struct Appealed {
    /// The payer of all of it.
    pub payer_id: String,
    /// A denial that nobody has appealed.
    pub denial_id: String,
    /// A case whose appeal is stopped by N211.
    pub stopped_case: String,
    /// A draft.
    pub to_change: Appeal,
    /// A draft.
    pub to_withdraw: Appeal,
    /// The case of a denial that nobody has appealed.
    pub open_case: String,
    /// A batch.
    pub batch_id: String,
    /// A draft that asks for nothing.
    pub to_request: Appeal,
    /// In review by a clinician.
    pub to_sign: Appeal,
    /// A draft that asks for nothing.
    pub to_submit: Appeal,
    /// Sent.
    pub to_acknowledge: Appeal,
    /// Sent.
    pub to_return: Appeal,
    /// Sent.
    pub to_decide: Appeal,
    /// A draft that asks for nothing, with a letter, a packet and a document.
    pub to_write: Appeal,
    /// A document of it.
    pub document_id: String,
}

/// What a person fills in a letter about medical necessity.
#[must_use]
pub fn blanks() -> HashMap<String, String> {
    let filled = [
        ("argument", "The record shows why the service was needed."),
        ("clinical_summary", "Chest pain at rest with an elevated troponin."),
        ("criteria_met", "Criterion 2: troponin above the limit, page 3 of the record."),
        ("facility_address", "100 Main Street\nSpringfield, NY 10001"),
        ("facility_phone", "(555) 010-0100"),
        ("payer_address", "Appeals department\nP.O. Box 1000\nAlbany, NY 12201"),
        ("signer_name", "Dana Reyes, MD"),
        ("signer_title", "Physician advisor"),
    ];
    filled.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Writes the letter of an appeal about medical necessity.
#[must_use]
pub fn render(appeal: &str) -> RenderLetterRequest {
    RenderLetterRequest {
        appeal_id: appeal.to_owned(),
        blanks: blanks(),
        request_id: id(),
        ..RenderLetterRequest::default()
    }
}

/// The messages of an upload: its header, then its bytes.
#[must_use]
pub fn document(appeal: &str, standard: &str, bytes: &[u8]) -> Vec<UploadDocumentRequest> {
    let header = DocumentHeader {
        appeal_id: appeal.to_owned(),
        file_name: "record.pdf".to_owned(),
        standard: standard.to_owned(),
        request_id: id(),
        ..DocumentHeader::default()
    };
    std::iter::once(Part::Header(header))
        .chain(bytes.chunks(64 << 10).map(|chunk| Part::Chunk(chunk.to_vec())))
        .map(|part| UploadDocumentRequest { part: Some(part) })
        .collect()
}

/// Says that an appeal was sent on a day of June 2026, with a number for proof.
#[must_use]
pub fn submit(appeal: &Appeal, day: i32, number: &str) -> SubmitAppealRequest {
    SubmitAppealRequest {
        id: appeal.id.clone(),
        submission: Some(Submission {
            channel: SubmissionChannel::Fax.into(),
            filed_on: june(day),
            confirmation_number: number.to_owned(),
            ..Submission::default()
        }),
        etag: appeal.etag.clone(),
        request_id: id(),
        ..SubmitAppealRequest::default()
    }
}

fn june(day: i32) -> Option<Date> {
    Some(Date { year: 2026, month: 6, day })
}

/// Refuses what is appealed.
fn refusing(npi: &str) -> Remittance {
    let adjustments = [("CO", "197", 70_00)];
    let line = |remarks| Line { charge: 70_00, paid: 0, adjustments: &adjustments, remarks };
    let mut remittance = Remittance::to(npi, "20260608").traced("APPEALS");
    for at in 0..3 {
        remittance = remittance.claim(&format!("APPEAL{at}"), "DOE", &[line(&[])]);
    }
    let mut remittance = remittance.claim("APPEAL3", "DOE", &[line(&["N211"])]);
    // Code 50 asks for nothing in the second revision.
    let free = [("CO", "50", 70_00)];
    let free = Line { charge: 70_00, paid: 0, adjustments: &free, remarks: &[] };
    for at in 4..10 {
        remittance = remittance.claim(&format!("APPEAL{at}"), "DOE", &[free]);
    }
    // Of code 150 a clinician reads the appeal.
    let read = [("CO", "150", 70_00)];
    let read = Line { charge: 70_00, paid: 0, adjustments: &read, remarks: &[] };
    let remittance = remittance.claim("APPEAL10", "DOE", &[read]);
    // What the batch opens.
    remittance.claim("APPEAL11", "DOE", &[free])
}

/// Says that physicians spoke about a case.
fn call(case: &str) -> RecordPeerToPeerRequest {
    RecordPeerToPeerRequest {
        case_id: case.to_owned(),
        held_on: june(10),
        outcome: OutcomeKind::Upheld.into(),
        note: "the physician insists".to_owned(),
        request_id: id(),
    }
}

/// Opens a batch, and answers its id once its job has ended.
async fn batched(world: &World, group: &Group) -> String {
    let lead = group.token(world, Role::TeamLead).await;
    let mut lead = world.appeals(&lead);
    let answer = lead.create_appeal_batch(batch(&group.payer_id)).await.unwrap().into_inner();
    let batch_id = answer.batch_id;
    let mut state = answer.job.unwrap().state();
    while state == JobState::Running {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let request = GetJobRequest { id: batch_id.clone() };
        state = lead.get_job(request).await.unwrap().into_inner().job.unwrap().state();
    }
    batch_id
}

/// Opens appeals of what a payer refused under code 50.
fn batch(payer: &str) -> CreateAppealBatchRequest {
    CreateAppealBatchRequest {
        filter: format!("payer_id = \"{payer}\" AND group = \"CO\" AND carc = \"50\""),
        request_id: id(),
        ..CreateAppealBatchRequest::default()
    }
}

fn before_reviewers(appeal: &Appeal) -> RequestSignOffRequest {
    RequestSignOffRequest { id: appeal.id.clone(), etag: appeal.etag.clone(), request_id: id() }
}

/// Opens an appeal of one denial at the first level that is open.
fn create(denial: &str) -> CreateAppealRequest {
    CreateAppealRequest {
        denial_ids: vec![denial.to_owned()],
        request_id: id(),
        ..CreateAppealRequest::default()
    }
}

/// Puts a document behind the letter of an appeal.
fn assemble(appeal: &str, document: &str) -> AssemblePacketRequest {
    AssemblePacketRequest {
        appeal_id: appeal.to_owned(),
        document_ids: vec![document.to_owned()],
        request_id: id(),
        ..AssemblePacketRequest::default()
    }
}

impl Appealed {
    /// Gives `group` denials and appeals of some of them.
    pub async fn of(world: &World, group: &Group) -> Self {
        group.upload(world, &refusing(&group.npi).x12()).await;
        let token = group.token(world, Role::Specialist).await;
        let mut denials: Vec<Denial> = Vec::new();
        for at in 0..11 {
            let filter = format!("patient_control_number = \"APPEAL{at}\"");
            let request = ListDenialsRequest { filter, ..ListDenialsRequest::default() };
            let listed = world.routing(&token).list_denials(request).await.unwrap().into_inner();
            denials.push(listed.denials[0].clone());
        }
        let mut opened = Vec::new();
        let mut appeals = world.appeals(&token);
        for denial in denials[1..3].iter().chain(&denials[4..]) {
            let answer = appeals.create_appeal(create(&denial.id)).await.unwrap();
            opened.push(answer.into_inner().appeal.unwrap());
        }
        for (at, appeal) in opened.iter_mut().enumerate().take(6).skip(3) {
            let sent = submit(appeal, 10, &format!("SENT{at}"));
            let answer = appeals.submit_appeal(sent).await.unwrap();
            *appeal = answer.into_inner().appeal.unwrap();
        }
        let answer = appeals.request_sign_off(before_reviewers(&opened[8])).await.unwrap();
        opened[8] = answer.into_inner().appeal.unwrap();
        let to_write = opened[7].clone();
        appeals.render_letter(render(&to_write.id)).await.unwrap();
        let upload = document(&to_write.id, "", b"A note of the day of service.");
        let uploaded = appeals.upload_document(tokio_stream::iter(upload)).await.unwrap();
        let document_id = uploaded.into_inner().document.unwrap().id;
        appeals.assemble_packet(assemble(&to_write.id, &document_id)).await.unwrap();
        let batch_id = batched(world, group).await;
        appeals.record_peer_to_peer(call(&denials[0].case_id)).await.unwrap();
        Self {
            batch_id,
            payer_id: group.payer_id.clone(),
            denial_id: denials[0].id.clone(),
            stopped_case: denials[3].case_id.clone(),
            to_change: opened[0].clone(),
            to_withdraw: opened[1].clone(),
            open_case: denials[0].case_id.clone(),
            to_request: opened[6].clone(),
            to_sign: opened[8].clone(),
            to_submit: opened[2].clone(),
            to_acknowledge: opened[3].clone(),
            to_return: opened[4].clone(),
            to_decide: opened[5].clone(),
            to_write,
            document_id,
        }
    }

    /// The same with ids that nobody has.
    #[must_use]
    pub fn missing(&self) -> Self {
        let appeal = |appeal: &Appeal| Appeal { id: id(), ..appeal.clone() };
        Self {
            payer_id: id(),
            denial_id: id(),
            stopped_case: id(),
            to_change: appeal(&self.to_change),
            to_withdraw: appeal(&self.to_withdraw),
            open_case: id(),
            batch_id: id(),
            to_request: appeal(&self.to_request),
            to_sign: appeal(&self.to_sign),
            to_submit: appeal(&self.to_submit),
            to_acknowledge: appeal(&self.to_acknowledge),
            to_return: appeal(&self.to_return),
            to_decide: appeal(&self.to_decide),
            to_write: appeal(&self.to_write),
            document_id: id(),
        }
    }

    /// A sample of every call about appeals.
    pub(super) fn samples(&self) -> Vec<Sample> {
        let service = "Appeals";
        let stop = OverrideStopRequest {
            case_id: self.stopped_case.clone(),
            rarc: "N211".to_owned(),
            reason: "this payer prints N211 on every claim".to_owned(),
            request_id: id(),
        };
        let changed = Appeal { level_words: "first review".to_owned(), ..self.to_change.clone() };
        let update = UpdateAppealRequest {
            appeal: Some(changed),
            update_mask: Some(FieldMask { paths: vec!["level_words".to_owned()] }),
            request_id: id(),
        };
        let withdraw = WithdrawAppealRequest {
            id: self.to_withdraw.id.clone(),
            reason: "the payer has called".to_owned(),
            etag: self.to_withdraw.etag.clone(),
            request_id: id(),
        };
        let acknowledge = AcknowledgeAppealRequest {
            id: self.to_acknowledge.id.clone(),
            payer_reference: "PAYER7".to_owned(),
            acknowledged_on: june(11),
            etag: self.to_acknowledge.etag.clone(),
            request_id: id(),
        };
        let returned = ReturnAppealRequest {
            id: self.to_return.id.clone(),
            returned_on: june(12),
            reason: "a page is missing".to_owned(),
            etag: self.to_return.etag.clone(),
            request_id: id(),
        };
        let decided = RecordOutcomeRequest {
            appeal_id: self.to_decide.id.clone(),
            outcome: Some(Outcome {
                kind: OutcomeKind::Upheld.into(),
                decided_on: june(13),
                ..Outcome::default()
            }),
            etag: self.to_decide.etag.clone(),
            request_id: id(),
        };
        let levels =
            ListLevelsRequest { payer_id: self.payer_id.clone(), ..ListLevelsRequest::default() };
        let get = GetAppealRequest { id: self.to_change.id.clone() };
        let watch = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let mut samples = self.before_and_beside();
        samples.extend([
            any(service, "ListLevels", &levels, true),
            any(service, "CreateAppeal", &create(&self.denial_id), true),
            any(service, "OverrideStop", &stop, true),
            any(service, "GetAppeal", &get, true),
            any(service, "ListAppeals", &ListAppealsRequest::default(), false),
            any(service, "UpdateAppeal", &update, true),
            any(service, "WithdrawAppeal", &withdraw, true),
            any(service, "SubmitAppeal", &submit(&self.to_submit, 11, "SENT9"), true),
            any(service, "AcknowledgeAppeal", &acknowledge, true),
            any(service, "ReturnAppeal", &returned, true),
            any(service, "RecordOutcome", &decided, true),
            any(service, "WatchEvents", &watch, false),
        ]);
        samples
    }

    /// Reviews, calls, batches and figures.
    fn before_and_beside(&self) -> Vec<Sample> {
        let service = "Appeals";
        let sign = SignOffAppealRequest {
            id: self.to_sign.id.clone(),
            kind: "clinical".to_owned(),
            approved: true,
            etag: self.to_sign.etag.clone(),
            request_id: id(),
            ..SignOffAppealRequest::default()
        };
        let call = call(&self.open_case);
        let calls = ListPeerToPeersRequest {
            case_id: self.open_case.clone(),
            ..ListPeerToPeersRequest::default()
        };
        let batch_id = || self.batch_id.clone();
        let figures = ListOutcomeStatisticsRequest::default();
        vec![
            any(service, "CreateAppealBatch", &batch(&self.payer_id), false),
            any(
                service,
                "RenderBatchLetters",
                &RenderBatchLettersRequest {
                    batch_id: batch_id(),
                    request_id: id(),
                    ..RenderBatchLettersRequest::default()
                },
                true,
            ),
            any(service, "GetAppealBatch", &GetAppealBatchRequest { id: batch_id() }, true),
            any(service, "GetJob", &GetJobRequest { id: batch_id() }, true),
            any(service, "CancelJob", &CancelJobRequest { id: batch_id(), request_id: id() }, true),
            any(service, "RequestSignOff", &before_reviewers(&self.to_request), true),
            any(service, "SignOffAppeal", &sign, true),
            any(service, "RecordPeerToPeer", &call, true),
            any(service, "ListPeerToPeers", &calls, false),
            any(service, "ListOutcomeStatistics", &figures, false),
        ]
        .into_iter()
        .chain(self.papers())
        .collect()
    }

    /// A sample of every call about documents, letters and packets.
    fn papers(&self) -> Vec<Sample> {
        let service = "Appeals";
        let appeal = &self.to_write.id;
        let list = ListDocumentsRequest { appeal_id: appeal.clone(), ..Default::default() };
        let preview = PreviewTemplateRequest {
            template_json: r#"{"slug": "drafted", "title": "Appeal of {{ payer_claim_number }}",
                "path": "appeal_level_1", "paragraphs": ["{{ argument }}"]}"#
                .to_owned(),
            denial_id: self.denial_id.clone(),
        };
        let upload = document(appeal, "", b"A note of the day after.");
        vec![
            Sample {
                path: "/overturn.appeals.v1.AppealsService/UploadDocument".to_owned(),
                messages: upload.iter().map(Message::encode_to_vec).collect(),
                names_a_resource: true,
            },
            any(
                service,
                "DownloadDocument",
                &DownloadDocumentRequest { id: self.document_id.clone() },
                true,
            ),
            any(service, "ListDocuments", &list, true),
            any(service, "RenderLetter", &render(appeal), true),
            any(service, "PreviewTemplate", &preview, true),
            any(service, "AssemblePacket", &assemble(appeal, &self.document_id), true),
            any(service, "GetPacket", &GetPacketRequest { appeal_id: appeal.clone() }, true),
        ]
    }
}

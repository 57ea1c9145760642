use contracts::routing::v1::*;
use prost::Message;

use super::{Sample, Things, sample as any};
use crate::fixtures::{Line, Remittance};
use crate::group::{Group, upload_parts};

/// What coders say of a claim: no decision turns on it.
pub(super) fn coded(group: &Group, number: &str) -> ClaimContext {
    let coding = CodingNote {
        note: "queried the physician".to_owned(),
        source_at: Some(prost_types::Timestamp { seconds: 1_780_000_000, nanos: 0 }),
        ..CodingNote::default()
    };
    ClaimContext {
        patient_control_number: number.to_owned(),
        payer_id: group.payer_id.clone(),
        coding: Some(coding),
        ..ClaimContext::default()
    }
}

/// A partner says what it expects a claim to be allowed; the later word stands.
pub fn expecting(
    group: &Group,
    number: &str,
    cents: i64,
    source_at: i64,
) -> UpsertClaimContextRequest {
    let claim_edit = ClaimEdit {
        expected_allowed_cents: Some(cents),
        source_at: Some(prost_types::Timestamp { seconds: source_at, nanos: 0 }),
        ..ClaimEdit::default()
    };
    let context = ClaimContext {
        patient_control_number: number.to_owned(),
        payer_id: group.payer_id.clone(),
        claim_edit: Some(claim_edit),
        ..ClaimContext::default()
    };
    UpsertClaimContextRequest { claim_context: Some(context), request_id: crate::world::id() }
}

/// A payer says in a 277CA that it does not take a claim.
pub(super) fn rejected(group: &Group, number: &str) -> RecordPayerStatusRequest {
    let status = PayerStatus {
        patient_control_number: number.to_owned(),
        payer_claim_number: format!("ICN{number}"),
        payer_id: group.payer_id.clone(),
        source: PayerStatusSource::X277ca.into(),
        category_code: "A3".to_owned(),
        status_code: "21".to_owned(),
        note: "the member of the claim is not ours".to_owned(),
        stated_at: Some(prost_types::Timestamp { seconds: 1_780_000_000, nanos: 0 }),
        ..PayerStatus::default()
    };
    RecordPayerStatusRequest { payer_status: Some(status), request_id: crate::world::id() }
}

/// A header and one row.
fn open_denials(group: &Group) -> Vec<ImportOpenDenialsRequest> {
    use import_open_denials_request::Part;
    let cells = [
        ("patient_control_number", "OPEN9"),
        ("payer", group.payer_id.as_str()),
        ("facility", "main"),
        ("service_from", "2026-05-01"),
        ("claim_charge", "90.00"),
        ("group", "CO"),
        ("carc", "29"),
        ("denied_amount", "90.00"),
        ("remit_date", "2026-06-01"),
    ];
    let [headings, row] = [cells.map(|(field, _)| field), cells.map(|(_, cell)| cell)];
    let header = ImportHeader {
        file_name: "open.csv".to_owned(),
        columns: headings.map(|field| (field.to_owned(), field.to_owned())).into(),
        request_id: crate::world::id(),
        ..ImportHeader::default()
    };
    let csv = format!("{}\n{}\n", headings.join(","), row.join(","));
    [Part::Header(header), Part::Chunk(csv.into_bytes())]
        .map(|part| ImportOpenDenialsRequest { part: Some(part) })
        .into()
}

pub(super) fn samples(things: &Things) -> Vec<Sample> {
    let service = "Routing";
    let line = Line { charge: 80_00, paid: 0, adjustments: &[("CO", "29", 80_00)], remarks: &[] };
    let bytes = Remittance::to(&things.group.npi, "20260611").claim("PCN9", "ROE", &[line]).x12();
    let parts = upload_parts("sample.835", &bytes, RemittancePurpose::Live);
    let watch = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
    let file = GetRemittanceFileRequest { id: things.file_id.clone() };
    let download = DownloadRemittanceFileRequest {
        id: things.file_id.clone(),
        purpose: "compared with the lockbox".to_owned(),
    };
    let occurrence = GetClaimOccurrenceRequest { id: things.occurrence_id.clone() };
    let list_occurrences = ListClaimOccurrencesRequest::default();
    let cancel = CancelJobRequest { id: things.job_id.clone(), request_id: crate::world::id() };
    let tally = GetPreviewTallyRequest { preview_id: things.changes.preview.id.clone() };
    let redecision = GetRedecisionRequest { id: things.redecision_id.clone() };
    let known = UpsertClaimContextRequest {
        claim_context: Some(coded(&things.group, "PCN9")),
        request_id: crate::world::id(),
    };
    let context = GetClaimContextRequest { case_id: things.case_id.clone() };
    let rejected = rejected(&things.group, "PCN8");
    let statuses = ListPayerStatusesRequest::default();
    vec![
        any(service, "RecordPayerStatus", &rejected, false),
        any(service, "ListPayerStatuses", &statuses, false),
        any(service, "UpsertClaimContext", &known, false),
        any(service, "GetClaimContext", &context, true),
        Sample {
            path: "/overturn.routing.v1.RoutingService/UploadRemittance".to_owned(),
            messages: parts.iter().map(Message::encode_to_vec).collect(),
            names_a_resource: false,
        },
        Sample {
            path: "/overturn.routing.v1.RoutingService/ImportOpenDenials".to_owned(),
            messages: open_denials(&things.group).iter().map(Message::encode_to_vec).collect(),
            names_a_resource: false,
        },
        any(service, "GetRemittanceFile", &file, true),
        any(service, "DownloadRemittanceFile", &download, true),
        any(service, "ListRemittanceFiles", &ListRemittanceFilesRequest::default(), false),
        any(service, "GetClaimOccurrence", &occurrence, true),
        any(service, "ListClaimOccurrences", &list_occurrences, false),
        any(service, "ListDenials", &ListDenialsRequest::default(), false),
        any(service, "ListTakeBacks", &ListTakeBacksRequest::default(), false),
        any(service, "GetDenial", &GetDenialRequest { id: things.denial_id.clone() }, true),
        any(service, "ListWorkItems", &ListWorkItemsRequest::default(), false),
        any(service, "GetWorkItem", &GetWorkItemRequest { id: things.item_id.clone() }, true),
        any(service, "GetCase", &GetCaseRequest { id: things.case_id.clone() }, true),
        any(service, "WatchEvents", &watch, false),
        any(service, "ReplayRevision", &super::replay(&things.group), false),
        any(service, "GetReplay", &GetReplayRequest { id: things.replay_id.clone() }, true),
        any(service, "GetPreviewTally", &tally, true),
        any(service, "RedecideWorkItems", &RedecideWorkItemsRequest::default(), false),
        any(service, "GetRedecision", &redecision, true),
        any(service, "ListSignatures", &ListSignaturesRequest::default(), false),
        any(service, "GetJob", &GetJobRequest { id: things.job_id.clone() }, true),
        any(service, "CancelJob", &cancel, true),
    ]
}

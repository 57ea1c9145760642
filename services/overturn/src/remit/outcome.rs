use std::path::Path;

use anyhow::{Context, Result, anyhow};
use contracts::routing::v1::{
    RemittanceFile, RemittanceFileState, RemittancePurpose, UploadRemittanceResponse,
};
use tonic::Status;
use tonic_types::StatusExt;

use crate::words::{counted, finding};

/// Findings that are printed; the server keeps more.
const FINDINGS: usize = 5;

/// What became of the file at `path` that was sent as `sent`.
pub(super) fn words(
    path: &Path,
    sent: RemittancePurpose,
    answer: &UploadRemittanceResponse,
) -> Result<String> {
    let file = answer.remittance_file.as_ref().context("the server named no file")?;
    let counts = file.counts.unwrap_or_default();
    let mut text = format!(
        "{}: {}; {}, {}, {}, {}; file {}",
        path.display(),
        state(file, sent, answer.already_received),
        counted(counts.claims, "claim"),
        counted(counts.denials, "denial"),
        counted(counts.work_items, "work item"),
        counted(file.finding_count, "finding"),
        file.id
    );
    for found in file.findings.iter().take(FINDINGS) {
        let told = finding(found.offset, &found.segment, &found.message, &found.code);
        text.push_str(&format!("\n  {told}"));
    }
    let untold = file.finding_count - file.findings.len().min(FINDINGS) as i64;
    if untold > 0 {
        text.push_str(&format!("\n  and {}", counted(untold, "more finding")));
    }
    Ok(text)
}

fn state(file: &RemittanceFile, sent: RemittancePurpose, already: bool) -> String {
    match file.state() {
        RemittanceFileState::Posted if already => before(file.purpose(), sent),
        RemittanceFileState::Posted => "posted".to_owned(),
        RemittanceFileState::Quarantined => "QUARANTINED".to_owned(),
        RemittanceFileState::Received
        | RemittanceFileState::Parsed
        | RemittanceFileState::Unspecified => "still being posted".to_owned(),
    }
}

/// The same bytes are taken in once, for what they were sent as then.
fn before(was: RemittancePurpose, sent: RemittancePurpose) -> String {
    let mut text = format!("was posted before as {}", name(was));
    if was == RemittancePurpose::History {
        text.push_str(", which opens no work items");
    }
    if was != sent {
        text.push_str(&format!("; sending it as {} changed nothing", name(sent)));
    }
    text
}

fn name(purpose: RemittancePurpose) -> &'static str {
    purpose.as_str_name().trim_start_matches("REMITTANCE_PURPOSE_")
}

/// A refusal with every field at fault.
pub(super) fn refusal(status: &Status) -> anyhow::Error {
    let mut text = match status.message() {
        "" => status.code().description().to_owned(),
        message => message.to_owned(),
    };
    let fields = status.get_details_bad_request().map(|bad| bad.field_violations);
    for field in fields.unwrap_or_default() {
        text.push_str(&format!("\n  {}: {}", field.field, field.description));
    }
    anyhow!(text)
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn a_refusal_names_its_fields() {
        let mut details = ErrorDetails::new();
        details.add_bad_request_violation("header.file_name", "is required");
        let message = "the request has 1 invalid field(s)";
        let status = Status::with_error_details(Code::InvalidArgument, message, details);
        let text = refusal(&status).to_string();
        assert_eq!(text, format!("{message}\n  header.file_name: is required"));
        assert!(!refusal(&Status::new(Code::Unavailable, "")).to_string().is_empty());
    }

    #[test]
    fn a_file_sent_again_for_another_purpose_says_so() {
        use RemittancePurpose::{History, Live};
        let text = before(History, Live);
        assert!(text.contains("before as HISTORY, which opens no work items"), "{text}");
        assert!(text.contains("sending it as LIVE changed nothing"), "{text}");
        assert_eq!(before(Live, Live), "was posted before as LIVE");
    }
}

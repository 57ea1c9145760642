use tonic::{Code, Status};
use tonic_types::StatusExt;

/// The code and the reason of a refusal.
#[must_use]
pub fn refusal(status: &Status) -> (Code, String) {
    let reason = status.get_details_error_info().map(|info| info.reason);
    (status.code(), reason.unwrap_or_default())
}

/// A refusal with this code and this reason, as [`refusal`] reads one.
#[must_use]
pub fn reason(code: Code, reason: &str) -> (Code, String) {
    (code, reason.to_owned())
}

/// The fields that a refusal of bad input names.
///
/// # Panics
/// When it is another refusal.
#[must_use]
pub fn fields(status: &Status) -> Vec<String> {
    assert_eq!(refusal(status), reason(Code::InvalidArgument, "INVALID_FIELDS"), "{status:?}");
    let named = status.get_details_bad_request().expect("it names them").field_violations;
    named.into_iter().map(|violation| violation.field).collect()
}

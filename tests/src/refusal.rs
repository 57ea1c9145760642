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

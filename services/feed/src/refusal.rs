use std::time::Duration;

use platform::rejection::{Fault, Rejection, Violation};
use tonic::Code;

/// Why a feed is not streamed.
#[derive(Debug, thiserror::Error)]
pub enum CannotWatch {
    /// What any service can run into.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The cursor names an event that is not there yet.
    #[error("the cursor lies beyond the end of the feed")]
    CursorAhead,
}

impl Rejection for CannotWatch {
    fn code(&self) -> Code {
        match self {
            Self::Fault(fault) => fault.code(),
            Self::CursorAhead => Code::InvalidArgument,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::CursorAhead => "CURSOR_AHEAD",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Fault(fault) => fault.violations(),
            Self::CursorAhead => &[],
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fault(fault) => fault.retry_after(),
            Self::CursorAhead => None,
        }
    }
}

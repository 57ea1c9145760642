//! Refusals on the wire: the only place that builds a `Status` with details.
//!
//! Every refusal carries exactly one `ErrorInfo` (reason, domain `overturn`); bad input names its
//! fields; a retryable one says when. An internal fault is logged here, once, and its text stays
//! in our logs: a database error may quote a row.

use std::collections::HashMap;
use std::time::Duration;

use sea_orm::{ConnAcquireErr, DbErr};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

/// The `ErrorInfo.domain` of every refusal.
pub const DOMAIN: &str = "overturn";
/// When to come back to what is unavailable at the moment.
const LATER: Duration = Duration::from_secs(1);

/// An error's face on the wire.
pub trait Rejection: std::error::Error {
    /// The gRPC code.
    fn code(&self) -> Code;
    /// The stable, documented reason in SCREAMING_SNAKE_CASE.
    fn reason(&self) -> &'static str;
    /// The fields at fault; empty unless the input was bad.
    fn violations(&self) -> &[Violation] {
        &[]
    }
    /// When a retry can help, how long to wait; what is UNAVAILABLE says so by its code.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// One field at fault: its path in the request and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Dotted path from the request, such as `payer.aliases[0].name`.
    pub field: String,
    /// What is wrong and what would be right; never the value itself.
    pub description: String,
}

/// Collects the field violations of one request, so that a caller sees them all at once.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes that `field` is at fault.
    pub fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.0.push(Violation { field: field.into(), description: description.into() });
    }

    /// Takes `value`'s success, or notes its error against `field`.
    pub fn check<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.add(field, error.to_string())).ok()
    }

    /// Notes `field` unless it holds 1 to `max` characters, none of them a control character.
    pub fn text(&mut self, field: &str, value: &str, max: usize) {
        let length = value.chars().count();
        if length == 0 {
            self.add(field, "is required");
        } else if length > max {
            self.add(field, format!("is longer than {max} characters"));
        } else if value.chars().any(char::is_control) {
            self.add(field, "holds a control character");
        }
    }

    /// `Ok` while nothing was noted.
    ///
    /// # Errors
    /// [`Fault::Invalid`] with everything noted.
    pub fn into_result(self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::Invalid(self.0)) }
    }
}

/// What can go wrong in the platform itself; every service's error has it as one variant.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The request does not say what it must.
    #[error("the request has {} invalid field(s)", .0.len())]
    Invalid(Vec<Violation>),
    /// The id names nothing this caller can see.
    #[error("not found")]
    NotFound,
    /// The page token was made by another call, for another list, or was altered.
    #[error("the page token is not valid for this request; start again without one")]
    PageToken,
    /// The same `request_id` came with other content.
    #[error("this request_id was used for other content; use a new one for a new change")]
    RequestIdReused,
    /// Somebody else changed the rows first.
    #[error("another change was faster; read again and retry")]
    Contended,
    /// No connection of the database came free in time.
    #[error("the database is busy; retry later")]
    Busy,
    /// The etag is not the resource's current one.
    #[error("the resource changed since it was read; read it again and retry with its new etag")]
    StaleEtag,
    /// A peer service refused or could not be reached.
    #[error("a peer service failed: {}", .0.code())]
    Peer(#[source] Box<Status>),
    /// The database failed.
    #[error("storage failed")]
    Storage(#[source] DbErr),
    /// Something that cannot happen by any input did.
    #[error("internal error: {0}")]
    Broken(&'static str),
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Busy,
            error if is_contention(&error) => Self::Contended,
            error => Self::Storage(error),
        }
    }
}

/// A refusal of a peer, except what only says that we asked wrongly, is passed on.
impl From<Status> for Fault {
    fn from(status: Status) -> Self {
        Self::Peer(Box::new(status))
    }
}

/// SQLite `BUSY`, PostgreSQL serialization failures and deadlocks: worth a retry.
fn is_contention(error: &DbErr) -> bool {
    let text = error.to_string();
    ["database is locked", "could not serialize", "deadlock detected"]
        .iter()
        .any(|sign| text.contains(sign))
}

impl Rejection for Fault {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) | Self::PageToken | Self::RequestIdReused => Code::InvalidArgument,
            Self::NotFound => Code::NotFound,
            Self::Contended | Self::StaleEtag => Code::Aborted,
            Self::Busy => Code::Unavailable,
            Self::Peer(status) => match status.code() {
                Code::Unavailable | Code::DeadlineExceeded => Code::Unavailable,
                code @ (Code::NotFound
                | Code::FailedPrecondition
                | Code::PermissionDenied
                | Code::ResourceExhausted
                | Code::Unauthenticated) => code,
                _ => Code::Internal,
            },
            Self::Storage(_) | Self::Broken(_) => Code::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_FIELDS",
            Self::NotFound => "NOT_FOUND",
            Self::PageToken => "INVALID_PAGE_TOKEN",
            Self::RequestIdReused => "REQUEST_ID_REUSED",
            Self::Contended => "CONTENDED",
            Self::Busy => "DATABASE_BUSY",
            Self::StaleEtag => "STALE_ETAG",
            Self::Peer(_) => "PEER_FAILED",
            Self::Storage(_) => "STORAGE_FAILED",
            Self::Broken(_) => "INTERNAL",
        }
    }

    fn violations(&self) -> &[Violation] {
        if let Self::Invalid(violations) = self { violations } else { &[] }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Contended => Some(Duration::from_millis(50)),
            _ => None,
        }
    }
}

/// Builds the `Status` of a refusal; an internal one is logged and its text withheld.
pub fn reject<E: Rejection>(error: E) -> Status {
    let code = error.code();
    let message = if code == Code::Internal {
        tracing::error!(reason = error.reason(), error = %chain(&error), "internal fault");
        "internal error".to_owned()
    } else {
        error.to_string()
    };
    let mut details = details(code, error.reason());
    if !error.violations().is_empty() {
        details.set_bad_request(
            error
                .violations()
                .iter()
                .map(|v| FieldViolation::new(v.field.clone(), v.description.clone()))
                .collect::<Vec<_>>(),
        );
    }
    if let Some(wait) = error.retry_after() {
        details.set_retry_info(Some(wait));
    }
    Status::with_error_details(code, message, details)
}

/// Builds a refusal of the platform's own layers, which have no error type of their own.
#[must_use]
pub fn refusal(code: Code, reason: &'static str, message: &str) -> Status {
    Status::with_error_details(code, message, details(code, reason))
}

fn details(code: Code, reason: &str) -> ErrorDetails {
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    if code == Code::Unavailable {
        details.set_retry_info(Some(LATER));
    }
    details
}

/// The kinds of error in a chain, without their texts: a driver's message quotes values.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let kind = cause.downcast_ref::<DbErr>().map_or("cause", kind_of);
        text.push_str(" <- ");
        text.push_str(kind);
        next = cause.source();
    }
    text
}

fn kind_of(error: &DbErr) -> &'static str {
    match error {
        DbErr::ConnectionAcquire(_) => "connection acquire",
        DbErr::Conn(_) => "connection",
        DbErr::Exec(_) => "execute",
        DbErr::Query(_) => "query",
        DbErr::RecordNotInserted => "not inserted",
        DbErr::RecordNotFound(_) => "not found",
        _ => "database",
    }
}

#![deny(clippy::wildcard_enum_match_arm)]

use platform::rejection::Rejection;
use tonic::Code;

/// Why an upload is refused, or a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The upload does not begin with its header, or has a second one.
    #[error("the first message of an upload must be its header, and only the first")]
    HeaderMissing,
    /// The upload has no bytes.
    #[error("the upload has no bytes")]
    Empty,
    /// More bytes than the limit, or than the header said.
    #[error("the upload has more than {0} bytes")]
    TooLarge(u64),
    /// Fewer bytes than the header said, or the stream broke off.
    #[error("the upload was cut short")]
    CutShort,
    /// The header states another hash.
    #[error("the bytes do not have the SHA-256 of the header")]
    HashMismatch,
    /// The store has no file where one was put.
    #[error(
        "the original is missing from the store of originals, so nothing is sent; an operator has \
         to bring it back from a backup"
    )]
    Missing,
    /// The store has other bytes than were received.
    #[error(
        "the original in the store is not what was received: its SHA-256 is another one, so \
         nothing is sent; an operator has to bring it back from a backup"
    )]
    Altered,
    /// The store of original files failed.
    #[error("the store of original files failed")]
    Store(#[from] object_store::Error),
}

impl Rejection for Error {
    fn code(&self) -> Code {
        match self {
            Self::HeaderMissing
            | Self::Empty
            | Self::TooLarge(_)
            | Self::CutShort
            | Self::HashMismatch => Code::InvalidArgument,
            Self::Missing | Self::Altered => Code::DataLoss,
            Self::Store(_) => Code::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::HeaderMissing => "UPLOAD_HEADER_MISSING",
            Self::Empty => "UPLOAD_EMPTY",
            Self::TooLarge(_) => "UPLOAD_TOO_LARGE",
            Self::CutShort => "UPLOAD_CUT_SHORT",
            Self::HashMismatch => "HASH_MISMATCH",
            Self::Missing => "ORIGINAL_MISSING",
            Self::Altered => "ORIGINAL_ALTERED",
            Self::Store(_) => "STORAGE_FAILED",
        }
    }
}

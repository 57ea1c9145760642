//! A streaming, zero-copy reader of X12 interchanges: 835 remittances, 277 and 277CA statuses.
//!
//! Bytes go in, in chunks of any size; typed [`Event`]s come out in file order, each with its
//! byte offset. [`Claims`] builds owned claims from them, [`inspect`] counts them, [`canonical`]
//! feeds a hash of a transaction that ignores how it was written down, [`generate`] writes files.
//!
//! Invariants:
//! - Nothing panics, whatever the bytes. Memory is bounded by [`MAX_SEGMENT_BYTES`], not by the
//!   input. The events do not depend on where chunks are cut.
//! - Each oddity is a [`Finding`] with a position; a finding holds no content of the file.
//! - No adjustment is lost: what is typed and what is reported as unreadable together is what
//!   stands in the file. Sums that do not come out are reported, never repaired.
//!
//! Absent on purpose: what a code means, what a denial is, whose claim it is, a clock, a network.

mod amount;
mod balance;
pub mod canonical;
mod claims;
mod discovery;
mod event;
mod finding;
pub mod generate;
pub mod inspect;
mod lexer;
pub mod model;
mod reader;
mod remark;
mod remittance;
mod scan;
mod segment;
mod status;

pub use amount::Amount;
pub use balance::Balance;
pub use claims::{Assembled, Assembler, Claims, PART_SEGMENTS, claims};
pub use event::{
    Address, Adjustment, Claim, ClaimEnd, Contact, Counts, Date, Event, Group, GroupCode, Header,
    Interchange, Level, LevelKind, Line, LineEnd, MonetaryAmount, Name, Party, Payment, Place,
    ProviderAdjustment, Quantity, Reference, Remark, RemarkSource, SetKind, Status, StatusCode,
    Trace, TransactionEnd, TransactionStart, plain_code,
};
pub use finding::{Detail, Finding, FindingCode, Severity};
pub use lexer::MAX_SEGMENT_BYTES;
pub use reader::{Reader, read};
pub use segment::{Components, Delimiters, Segment, SegmentId};
pub use status::model::{ClaimStatus, StatusCodeValue, StatusValue};

//! What rows look like on the wire.
//!
//! Absent values are empty, zero or unset as the contract says; a nil id is an empty one. Words of
//! the closed lists are stored as text and sent as numbers, see [`listed`].

mod case;
mod claim;
mod deadline;
mod denial;
mod file;
mod labels;
mod receipt;
mod redecision;
mod take_back;
mod values;
mod words;
mod work_item;

pub(crate) use case::{CaseRows, case};
pub(crate) use claim::{claim_occurrence, claim_occurrence_in_full};
pub(crate) use denial::{denial, denial_with_receipt};
pub(crate) use file::{file_in_list, remittance_file};
pub(crate) use redecision::redecision;
pub(crate) use take_back::take_back;
pub(crate) use values::timestamp;
pub use values::{CENTS_MAX, at_source, cents, money};
pub use words::{Listed, listed};
pub(crate) use work_item::{Moment, work_item, work_item_in_full};

//! The rows of the dictionary's tables.

pub mod activation;
pub mod approval;
pub mod approver;
pub mod change_request;
pub mod check;
pub mod comment;
pub mod committee;
pub mod committee_consent;
pub mod committee_proposal;
pub mod committee_version;
pub mod payer;
pub mod payer_alias;
pub mod preview;
pub mod review;
pub mod revision;
pub mod revision_alias;
pub mod revision_content;

//! The rows of the dictionary's tables.

pub mod code;
pub mod code_set;
pub mod payer;
pub mod payer_alias;
pub mod revision;
pub mod revision_alias;
pub mod revision_content;

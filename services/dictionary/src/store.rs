//! Queries of the dictionary, one function each, within the transaction they are handed.

pub(crate) mod code_sets;
#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity;
pub(crate) mod payers;
pub(crate) mod revisions;

//! Queries of the dictionary, one function each, within the transaction they are handed.

pub(crate) mod activations;
pub(crate) mod changes;
pub(crate) mod checks;
pub(crate) mod committees;
#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity;
pub(crate) mod payers;
pub(crate) mod previews;
pub(crate) mod revisions;

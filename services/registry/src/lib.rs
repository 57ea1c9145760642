//! What the dictionary keeps, as rows of one tenant: revisions and which of them is active,
//! changes, checks, the committee, previews, payers. Each query is a function that takes the
//! tenant's transaction. Absent: what any of it means (dictionary).

pub mod activations;
pub mod alias;
pub mod approvers;
pub mod changes;
pub mod checks;
pub mod committees;
pub mod entity;
pub mod payers;
pub mod previews;
pub mod revisions;

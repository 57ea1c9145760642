//! The rows of code sets.

pub mod code;
pub mod code_set;
pub mod combination;
pub mod combination_table;
pub mod own_code;
pub mod own_release;
pub mod payer_code;
pub mod published_release;
pub mod release_seen;

//! The tables of history, which routing owns; each row belongs to one tenant.

pub mod denial;
pub mod replay;
pub mod signature;
pub mod year;

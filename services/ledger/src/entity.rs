//! The tables of routing; each row belongs to one tenant.

pub mod case;
pub mod claim;
pub mod claim_part;
pub mod denial;
pub mod file;
pub mod preview;
pub mod redecision;
pub mod revision;
pub mod subject;
pub mod take_back;
pub mod timeline;
pub mod transaction;
pub mod unknown_payer;
pub mod usual_allowed;
pub mod usual_outcome;
pub mod work_item;

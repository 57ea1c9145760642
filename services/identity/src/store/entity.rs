//! The tables of this service as sea-orm sees them. Nothing outside `store` uses them.

pub mod assertion;
pub mod directory;
pub mod facility;
pub mod facility_npi;
pub mod facility_tax_id;
pub mod service_account;
pub mod service_account_key;
pub mod service_line;
pub mod signing_key;
pub mod team;
pub mod tenant;
pub mod user;
pub mod user_link;

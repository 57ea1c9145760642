//! What goes wrong around the product, with a ledger kept outside it.

mod audit_trail;
mod canaries;
mod cancelled;
mod catalog;
mod committees;
mod drain;
mod foreign_writes;
mod http2;
mod keys;
mod kills;
mod ledger;
mod process;
mod races;
mod resets;
mod steps;
mod telemetry;
mod walls;
mod years;

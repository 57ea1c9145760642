//! What codes mean, and proof of it.

mod bases;
mod code_sets;
mod combinations;
mod decisions;
mod evidence;
mod governance;
mod payer_codes;
mod payers;
mod releases;
mod revisions;
mod watch_events;

//! What codes mean, and proof of it.

mod code_sets;
mod combinations;
mod decisions;
mod governance;
mod payer_codes;
mod payers;
mod releases;
mod revisions;

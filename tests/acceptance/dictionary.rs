//! What codes mean, and proof of it.

mod code_sets;
mod decisions;
mod governance;
mod payers;
mod revisions;

//! What codes mean, and proof of it.

mod bases;
mod code_sets;
mod decisions;
mod evidence;
mod governance;
mod payers;
mod revisions;

//! routing

mod document;
mod store;

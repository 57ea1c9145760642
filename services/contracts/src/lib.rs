//! The contracts of Overturn: messages, clients, servers and the descriptor set, generated from
//! `proto/` by `build.rs`.
//!
//! Package `overturn.routing.v1` is the module [`routing::v1`], and so on. Messages that carry
//! patient data or credentials print them as `..`. A server trait answers UNIMPLEMENTED for every
//! method its service does not write; the gate refuses planned methods before that.
//!
//! Absent: hand-written logic of any kind.

pub use generated::google;
pub use generated::overturn::*;

/// The descriptor set of every file under `proto/` with imports, comments and options, encoded.
///
/// Decode it with a reflection library that keeps extension options; `prost-types` drops them.
pub const FILE_DESCRIPTOR_SET: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/descriptor_set.bin"));

#[allow(
    clippy::all,
    clippy::pedantic,
    missing_debug_implementations,
    missing_docs,
    rustdoc::all,
    unreachable_pub,
    reason = "the code below is generated and answers to nobody's style"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}

#[cfg(test)]
mod tests;

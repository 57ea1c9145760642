//! The command line of Overturn: serve, demo, migrate, token, era, remit. Thin: each command reads
//! its arguments, calls the crate that does the work, and prints. Whatever it makes is its user's
//! alone: databases, originals, keys and tokens are no business of others on the machine.

mod client;
mod command;
mod demo;
mod era;
mod migrate;
mod output;
mod remit;
mod serve;
mod token;
mod words;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use rustix::fs::Mode;

pub use client::{Bearer, Clients, Door};
pub use output::Output;
pub use token::sign;

/// Every service of the product, in the order they are mounted.
pub const MOUNTS: [(&str, platform::Mount); 6] = [
    ("identity", identity::mount),
    ("dictionary", dictionary::mount),
    ("routing", routing::mount),
    ("appeals", appeals::mount),
    ("reporting", reporting::mount),
    ("gateway", gateway::mount),
];

/// Reads the command line, runs the command, and prints why it failed.
#[must_use]
pub fn run() -> ExitCode {
    // Before anything is made: SQLite and the object store create files by modes of their own.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    match command::Overturn::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_unread(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

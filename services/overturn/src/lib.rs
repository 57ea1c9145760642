//! The command line of Overturn: serve, demo, migrate, token, era, remit. Thin: each command reads
//! its arguments, calls the crate that does the work, and prints.

mod client;
mod command;
mod demo;
mod era;
mod migrate;
mod output;
mod remit;
mod serve;
mod token;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

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
    match command::Overturn::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

//! The commands and their arguments.

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::era;

/// Turns denial codes on remittances into owned, ranked, dated work.
#[derive(Debug, Parser)]
#[command(name = "overturn", version, about)]
pub(crate) struct Overturn {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads, decides and writes remittance files, without a server
    #[command(subcommand)]
    Era(era::Era),
}

impl Overturn {
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Era(era) => era.run(),
        }
    }
}

//! `overturn era`: X12 files without a server.

mod inspect;

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Era {
    /// Counts what files hold and lists every oddity with its byte position
    Inspect {
        /// The files, 835, 277 or 277CA
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Prints a JSON object a file, a line each
        #[arg(long)]
        json: bool,
    },
}

impl Era {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Inspect { files, json } => inspect::inspect(&files, json),
        }
    }
}

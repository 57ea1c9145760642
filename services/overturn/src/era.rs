//! `overturn era`: X12 files without a server.

mod denials;
mod generate;
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
    /// Lists every denial of a file with its decision under the starter dictionary
    Denials {
        /// The 835 file
        file: PathBuf,
        /// Prints a JSON object a denial, a line each
        #[arg(long)]
        json: bool,
    },
    /// Writes a valid, balanced 835 of invented claims; the same seed gives the same bytes
    Generate {
        /// How many claims
        #[arg(long)]
        claims: u64,
        /// The seed
        #[arg(long)]
        seed: u64,
        /// The file to write; standard output without it
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

impl Era {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Inspect { files, json } => inspect::inspect(&files, json),
            Self::Denials { file, json } => denials::denials(&file, json),
            Self::Generate { claims, seed, out } => {
                generate::generate(claims, seed, out.as_deref())
            }
        }
    }
}

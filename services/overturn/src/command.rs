//! The commands and their arguments.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{demo, era, migrate, remit, serve, token};

/// Turns denial codes on remittances into owned, ranked, dated work.
#[derive(Debug, Parser)]
#[command(name = "overturn", version, about)]
pub(crate) struct Overturn {
    #[command(subcommand)]
    command: Command,
}

/// Where the options come from.
#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    /// TOML file with options; environment variables `OVERTURN_SECTION__KEY` win over it
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the product at work: two hospital groups, six months of remittances, a worklist
    Demo(demo::Arguments),
    /// Runs services until a signal; all of them when none is named
    Serve {
        /// identity, dictionary, routing, appeals, reporting, gateway
        services: Vec<String>,
        #[command(flatten)]
        config: Config,
    },
    /// Brings a database's schema up to date, as its owner
    Migrate {
        /// Also makes this login a member of the application's role; OVERTURN_LOGIN_PASSWORD sets
        /// its password
        #[arg(long)]
        login: Option<String>,
        #[command(flatten)]
        config: Config,
    },
    /// Prints a five-minute token of a user; only where `identity.local_tokens` is on
    Token {
        /// The user's email address; `operator` is whoever runs the installation
        #[arg(long)]
        user: String,
        /// Folder of a demo or of another SQLite database; without it and --config: `data` if a
        /// demo is there, else the database of `overturn serve`
        #[arg(long, conflicts_with = "config")]
        data: Option<PathBuf>,
        #[command(flatten)]
        config: Config,
    },
    /// Reads, decides and writes remittance files, without a server
    #[command(subcommand)]
    Era(era::Era),
    /// Sends remittance files to a running server
    #[command(subcommand)]
    Remit(remit::Remit),
    /// Typesets one letter or packet: a job on standard input, pages on standard output; the
    /// server starts it for itself
    #[command(hide = true)]
    Typeset {
        /// Address space in MiB
        memory_mib: u64,
        /// Processor time in seconds
        seconds: u64,
    },
}

impl Overturn {
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Demo(arguments) => demo::run(&arguments),
            Command::Serve { services, config } => serve::serve(&services, &config),
            Command::Migrate { login, config } => migrate::migrate(login.as_deref(), &config),
            Command::Token { user, data, config } => token::token(&user, data.as_deref(), &config),
            Command::Era(era) => era.run(),
            Command::Remit(remit) => remit.run(),
            Command::Typeset { memory_mib, seconds } => {
                let limits = typesetting::Limits { memory_mib, seconds };
                let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
                typesetting::run(&limits, &mut input, &mut output)?;
                Ok(())
            }
        }
    }
}

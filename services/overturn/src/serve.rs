//! `overturn serve`: some or all services in this process.

use anyhow::{Result, anyhow};
use platform::config::Settings;

use crate::MOUNTS;
use crate::command::Config;

/// Reads the options of `config` and of the environment.
pub(crate) fn settings(config: &Config) -> Result<Settings> {
    Ok(Settings::load(config.config.as_deref(), std::env::vars())?)
}

/// Runs the services called `names`, or all, until a signal.
pub(crate) fn serve(names: &[String], config: &Config) -> Result<()> {
    let known = |name: &String| {
        let found = MOUNTS.iter().find(|(known, _)| known == name);
        found.map(|(_, mount)| *mount).ok_or_else(|| {
            let names: Vec<&str> = MOUNTS.iter().map(|(name, _)| *name).collect();
            anyhow!("there is no service `{name}`; there are {}", names.join(", "))
        })
    };
    let mounts = if names.is_empty() {
        MOUNTS.map(|(_, mount)| mount).to_vec()
    } else {
        names.iter().map(known).collect::<Result<Vec<_>>>()?
    };
    Ok(platform::run(settings(config)?, &mounts)?)
}

//! `overturn migrate`: the schema, as its owner.

use anyhow::{Context, Result};
use migrations::Login;

use crate::Output;
use crate::command::Config;
use crate::serve::settings;
use crate::words::counted;

/// Migrates the configured database, and lets `login` use it.
pub(crate) fn migrate(login: Option<&str>, config: &Config) -> Result<()> {
    let settings = settings(config)?;
    #[expect(clippy::disallowed_methods, reason = "a secret of this one command, not an option")]
    let password = std::env::var("OVERTURN_LOGIN_PASSWORD").ok();
    let login = login.map(|name| Login { name, password: password.as_deref() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let applied = runtime
        .block_on(migrations::run(&settings.database.url, login))
        .context("the schema could not be brought up to date")?;
    let applied = counted(applied as u64, "migration");
    Ok(Output.line(&format!("{applied} applied; the schema is up to date"))?)
}

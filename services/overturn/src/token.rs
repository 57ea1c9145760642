//! `overturn token`: a short-lived token for someone at the machine.

use std::path::Path;

use anyhow::{Context, Result};
use platform::App;

use crate::command::Config;
use crate::serve::settings;
use crate::{Output, demo};

/// Prints a token of the user with email address `user`; the trail says so.
pub(crate) fn token(user: &str, data: &Path, config: &Config) -> Result<()> {
    let settings =
        if config.config.is_some() { settings(config)? } else { demo::settings(data, None)? };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let token = runtime.block_on(async {
        let app = platform::assemble(settings, &[identity::mount]).await?;
        sign(&app, user).await
    })?;
    Ok(Output.line(&token)?)
}

/// A five-minute token of the user with email address `user`, signed at this machine.
///
/// # Errors
/// When `identity.local_tokens` is off or there is no such user.
pub async fn sign(app: &App, user: &str) -> Result<String> {
    let env = app.env();
    identity::local::local_token(env.database(), env.keys(), env.options(), user)
        .await
        .with_context(|| format!("no token for {user}"))
}

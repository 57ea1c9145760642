//! `overturn token`: a short-lived token for someone at the machine.

use std::path::Path;

use anyhow::{Context, Result, bail};
use platform::App;
use platform::config::Settings;

use crate::command::Config;
use crate::{Output, demo, serve};

/// Prints a token of the user with email address `user`; the trail says so.
pub(crate) fn token(user: &str, data: Option<&Path>, config: &Config) -> Result<()> {
    let settings = settings(data, config)?;
    needs_database(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let token = runtime.block_on(async {
        let app = platform::assemble(settings, &[identity::mount]).await?;
        sign(&app, user).await
    })?;
    Ok(Output.line(&token)?)
}

/// The options of the folder or file that was named; else, where nothing names a database, those
/// of the demo that is here, and those that `serve` would take.
fn settings(data: Option<&Path>, config: &Config) -> Result<Settings> {
    if let Some(folder) = data {
        return demo::settings(folder, &demo::address(folder)?);
    }
    let served = serve::settings(config)?;
    let unnamed = served.database.url == Settings::default().database.url;
    let (demo, own) = (Path::new(demo::FOLDER), Path::new("."));
    if config.config.is_some() || !unnamed || !demo::is_in(demo) {
        return Ok(served);
    }
    if demo::is_in(own) {
        bail!(
            "there are two databases here: say `--data {}` for the demo's, `--data .` for the one \
             of `overturn serve`",
            demo::FOLDER
        );
    }
    demo::settings(demo, &demo::address(demo)?)
}

/// A token of a database that is made for it would open nothing.
fn needs_database(settings: &Settings) -> Result<()> {
    let path = settings.database.url.strip_prefix("sqlite://").unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    if !path.is_empty() && !Path::new(path).exists() {
        bail!("there is no database at {path}; start `overturn serve` or `overturn demo` first");
    }
    Ok(())
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

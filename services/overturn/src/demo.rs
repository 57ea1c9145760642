//! `overturn demo`: the whole product on one machine, with nothing else installed.

mod aboard;
mod answers;
mod appeal;
mod calls;
mod governance;
mod groups;
mod letter;
mod oddities;
mod partners;
mod queue;
mod remittances;
mod weeks;
mod worklist;

use std::fs::{OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use platform::App;
use platform::config::Settings;
use platform::telemetry::Telemetry;
use tokio::net::TcpListener;

use crate::MOUNTS;
use crate::client::Clients;
use crate::output::bar;
use crate::token::sign;

/// Where a demo keeps its data unless told otherwise.
pub(crate) const FOLDER: &str = "data";
/// Where a demo listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:8080";
/// The database in a demo's folder.
const DATABASE: &str = "overturn.db";
/// The file in a demo's folder that says where it last listened: who signs a token beside the
/// server must name the same issuer.
const ADDRESS: &str = "address";
/// Items of the printed worklist.
const SHOWN: i32 = 12;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Ends after printing the worklist
    #[arg(long)]
    once: bool,
    /// Folder for the database and the remittances
    #[arg(long, default_value = FOLDER)]
    data: PathBuf,
    /// Address to serve gRPC, gRPC-Web, JSON and HTTP on
    #[arg(long, default_value = LISTEN)]
    listen: String,
    /// Writes a token of the first group's administrator to this file
    #[arg(long)]
    token_file: Option<PathBuf>,
}

/// The options of a demo in `folder` that listens on `listen`.
pub(crate) fn settings(folder: &Path, listen: &str) -> Result<Settings> {
    // From the root: behind `sqlite://` the first part of another path is taken for a host.
    let folder = std::path::absolute(folder).context("cannot tell where the data folder is")?;
    let path = |name: &str| folder.join(name).display().to_string();
    let options = [
        ("SERVER__LISTEN", listen.to_owned()),
        ("DATABASE__URL", format!("sqlite://{}", path(DATABASE))),
        ("ACCESS__ISSUER", format!("http://{listen}")),
        ("ACCESS__OPEN_REFLECTION", "true".to_owned()),
        ("ROUTING__ORIGINALS_FOLDER", path("originals")),
        ("APPEALS__ORIGINALS_FOLDER", path("originals")),
        ("ROUTING__FOLLOW_SECONDS", "1".to_owned()),
        ("APPEALS__FOLLOW_SECONDS", "1".to_owned()),
        ("TELEMETRY__LEVEL", "warn".to_owned()),
    ];
    let options = options.into_iter().map(|(key, value)| (format!("OVERTURN_{key}"), value));
    Ok(Settings::load(None, options)?)
}

/// Whether there is a demo, or another SQLite database, in `folder`.
pub(crate) fn is_in(folder: &Path) -> bool {
    folder.join(DATABASE).exists()
}

/// Where the demo in `folder` last listened.
pub(crate) fn address(folder: &Path) -> Result<String> {
    match std::fs::read_to_string(folder.join(ADDRESS)) {
        Ok(address) => Ok(address.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(LISTEN.to_owned()),
        Err(error) => Err(error).context("cannot read where the demo listens"),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    std::fs::create_dir_all(&arguments.data)
        .with_context(|| format!("cannot make the folder {}", arguments.data.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(show(arguments))
}

async fn show(arguments: &Arguments) -> Result<()> {
    let mut listen = arguments.listen.clone();
    // The address first: a taken one should be known before any work is done.
    let listener = if arguments.once {
        None
    } else {
        let bound = TcpListener::bind(&listen).await;
        let bound = bound
            .with_context(|| format!("cannot listen on {listen}; choose another with --listen"))?;
        if listen.ends_with(":0") {
            listen = bound.local_addr()?.to_string();
        }
        Some(bound)
    };
    let settings = settings(&arguments.data, &listen)?;
    // Nothing is exported; what goes wrong is told on standard error.
    let _telemetry = Telemetry::start(&settings.telemetry)?;
    let app = platform::assemble(settings, &MOUNTS.map(|(_, mount)| mount)).await?;
    prepare(&app).await?;
    let first = &groups::GROUPS[0];
    governance::play(&app, first).await?;
    queue::play(&app, first).await?;
    partners::play(&app, first).await?;
    appeal::play(&app, first, &arguments.data).await?;
    if answers::play(&app, first).await? {
        weeks::play(&app, &arguments.data, first).await?;
    }
    worklist::print(&clients(&app, first.specialist).await?, first, SHOWN).await?;
    if let Some(path) = &arguments.token_file {
        let token = sign(&app, first.admin).await?;
        write_private(path, &token).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let Some(listener) = listener else { return Ok(()) };
    write_private(&arguments.data.join(ADDRESS), &listen)?;
    calls::print(&arguments.data, &listen, first)?;
    app.serve(listener, platform::run::signals()).await;
    Ok(())
}

/// Writes what only this user may read; a file that was there keeps its mode unless told.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    if file.metadata()?.is_file() {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}

/// Brings the groups aboard and posts their remittances, unless this folder has seen both.
async fn prepare(app: &App) -> Result<()> {
    let today = app.env().clock().today_utc();
    let steps = groups::GROUPS.len() * (1 + remittances::MONTHS);
    let bar = bar(steps as u64, "onboarding and posting");
    for group in &groups::GROUPS {
        if aboard::is_aboard(app, group).await {
            bar.inc(1 + remittances::MONTHS as u64);
            continue;
        }
        aboard::board(app, group).await?;
        bar.inc(1);
        for month in 0..remittances::MONTHS {
            let clients = clients(app, group.admin).await?;
            remittances::upload(&clients, group, month, today).await?;
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(())
}

async fn clients(app: &App, user: &str) -> Result<Clients> {
    let token = sign(app, user).await?;
    Ok(Clients::new(app.wire(), &token))
}

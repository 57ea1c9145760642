//! `overturn demo`: the whole product on one machine, with nothing else installed.

mod aboard;
mod groups;
mod remittances;
mod worklist;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use platform::App;
use platform::config::Settings;
use tokio::net::TcpListener;

use crate::client::Clients;
use crate::output::bar;
use crate::token::sign;
use crate::{MOUNTS, Output};

/// Where a demo keeps its data unless told otherwise.
pub(crate) const FOLDER: &str = "data";
/// Where a demo listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:8080";
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

/// The options of a demo in `folder`.
pub(crate) fn settings(folder: &Path, listen: Option<&str>) -> Result<Settings> {
    let listen = listen.unwrap_or(LISTEN);
    let path = |name: &str| folder.join(name).display().to_string();
    let options = [
        ("SERVER__LISTEN", listen.to_owned()),
        ("DATABASE__URL", format!("sqlite://{}", path("overturn.db"))),
        ("KEYS__MASTER_KEY_FILE", String::new()),
        ("ACCESS__OPEN_REFLECTION", "true".to_owned()),
        ("IDENTITY__LOCAL_TOKENS", "true".to_owned()),
        ("ROUTING__ORIGINALS_FOLDER", path("originals")),
        ("TELEMETRY__LEVEL", "warn".to_owned()),
    ];
    let options = options.into_iter().filter(|(_, value)| !value.is_empty());
    Ok(Settings::load(None, options.map(|(key, value)| (format!("OVERTURN_{key}"), value)))?)
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    std::fs::create_dir_all(&arguments.data)
        .with_context(|| format!("cannot make the folder {}", arguments.data.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(show(arguments))
}

async fn show(arguments: &Arguments) -> Result<()> {
    let settings = settings(&arguments.data, Some(&arguments.listen))?;
    // The address first: a taken one should be known before any work is done.
    let listener = if arguments.once {
        None
    } else {
        let bound = TcpListener::bind(&arguments.listen).await;
        Some(bound.with_context(|| {
            format!("cannot listen on {}; choose another with --listen", arguments.listen)
        })?)
    };
    let app = platform::assemble(settings, &MOUNTS.map(|(_, mount)| mount)).await?;
    prepare(&app).await?;
    let first = &groups::GROUPS[0];
    worklist::print(&clients(&app, first.specialist).await?, first, SHOWN).await?;
    if let Some(path) = &arguments.token_file {
        let token = sign(&app, first.admin).await?;
        std::fs::write(path, token).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let Some(listener) = listener else { return Ok(()) };
    how_to_call(arguments, first)?;
    app.serve(listener, platform::run::signals()).await;
    Ok(())
}

/// Brings the groups aboard and posts their remittances, unless this folder has seen both.
async fn prepare(app: &App) -> Result<()> {
    identity::local::bootstrap_operator(app.env().database()).await?;
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

fn how_to_call(arguments: &Arguments, group: &groups::DemoGroup) -> Result<()> {
    let program = std::env::args().next().unwrap_or_else(|| "overturn".to_owned());
    let mut token = format!("{program} token --user {}", group.specialist);
    if arguments.data != Path::new(FOLDER) {
        token.push_str(&format!(" --data {}", arguments.data.display()));
    }
    let call =
        format!("http://{}/overturn.routing.v1.RoutingService/ListWorkItems", arguments.listen);
    let output = Output;
    output.line("")?;
    output.line("Call it over gRPC (npm install -g @bufbuild/buf), as this group's specialist:")?;
    output.line("")?;
    output.line(&format!(
        "  buf curl --protocol grpc --http2-prior-knowledge \\\n    \
         --header \"authorization: Bearer $({token})\" \\\n    \
         --data '{{\"page_size\": 3}}' {call}"
    ))?;
    output.line("")?;
    output.line("or as JSON over HTTP:")?;
    output.line("")?;
    output.line(&format!(
        "  curl --json '{{\"page_size\": 3}}' \\\n    \
         --header \"authorization: Bearer $({token})\" \\\n    {call}"
    ))?;
    output.line("")?;
    Ok(output.line(&format!("Serving on {}; Ctrl-C ends it.", arguments.listen))?)
}

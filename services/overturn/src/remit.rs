//! `overturn remit`: remittances to a running server.

mod outcome;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use contracts::routing::v1::upload_remittance_request::Part;
use contracts::routing::v1::{
    RemittanceFileState, RemittanceHeader, RemittancePurpose, UploadRemittanceRequest,
    UploadRemittanceResponse,
};
use futures::{Stream, StreamExt};
use indicatif::ProgressBar;
use tokio::io::AsyncReadExt;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};

use crate::Output;
use crate::client::Bearer;
use crate::output::{bar, wait_for};
use crate::words::counted;

/// Bytes a message of an upload.
const CHUNK_BYTES: usize = 256 << 10;

type Routing = RoutingServiceClient<InterceptedService<Channel, Bearer>>;

#[derive(Debug, Subcommand)]
pub(crate) enum Remit {
    /// Uploads files and says what became of each
    Upload(Upload),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Upload {
    /// The 835 files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Address of the server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// The token; `$(overturn token --user NAME)`
    #[arg(long, env = "OVERTURN_TOKEN", hide_env_values = true)]
    token: String,
    /// Posts ledger and denials as history: no work items, no timers
    #[arg(long)]
    history: bool,
}

impl Remit {
    pub(crate) fn run(self) -> Result<()> {
        let Self::Upload(upload) = self;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(upload.run())
    }
}

impl Upload {
    /// Sends every file, whatever becomes of those before it.
    async fn run(&self) -> Result<()> {
        let server = Endpoint::from_shared(self.server.clone())?;
        let channel = server
            .connect()
            .await
            .with_context(|| format!("{} does not answer; is the server running?", self.server))?;
        let door = InterceptedService::new(channel, Bearer::new(&self.token));
        let mut routing = RoutingServiceClient::new(door);
        let (mut refused, mut quarantined) = (0_u32, 0_u32);
        for path in &self.files {
            match self.send(&mut routing, path).await {
                Ok(answer) => {
                    let state = answer.remittance_file.as_ref().map(|file| file.state());
                    quarantined += u32::from(state == Some(RemittanceFileState::Quarantined));
                    Output.line(&outcome::words(path, self.purpose(), &answer)?)?;
                }
                Err(error) => {
                    refused += 1;
                    writeln!(std::io::stderr(), "error: {error:#}")?;
                }
            }
        }
        let mut left = Vec::new();
        if refused > 0 {
            left.push(format!("{} not taken in", counted(refused, "file")));
        }
        if quarantined > 0 {
            left.push(format!("{} quarantined: kept, not posted", counted(quarantined, "file")));
        }
        if left.is_empty() { Ok(()) } else { bail!("{}", left.join("; ")) }
    }

    async fn send(&self, routing: &mut Routing, path: &Path) -> Result<UploadRemittanceResponse> {
        let about = tokio::fs::metadata(path).await;
        let about = about.with_context(|| format!("cannot read {}", path.display()))?;
        if about.is_dir() {
            bail!("{} is a folder; name the files in it", path.display());
        }
        let bar = bar(about.len(), "uploading");
        let parts = parts(path, about.len(), self.purpose(), bar.clone()).await;
        let parts = parts.with_context(|| format!("cannot read {}", path.display()))?;
        let answer = routing.upload_remittance(parts).await;
        bar.finish_and_clear();
        let answer = answer
            .map_err(|status| outcome::refusal(&status))
            .with_context(|| format!("{} was refused", path.display()))?;
        Ok(answer.into_inner())
    }

    fn purpose(&self) -> RemittancePurpose {
        if self.history { RemittancePurpose::History } else { RemittancePurpose::Live }
    }
}

/// The header, then the file in chunks; a read that fails ends the stream early, and the server
/// refuses a file shorter than its header says. Behind the last byte `bar` waits for the server.
async fn parts(
    path: &Path,
    size: u64,
    purpose: RemittancePurpose,
    bar: ProgressBar,
) -> Result<impl Stream<Item = UploadRemittanceRequest> + Send + 'static> {
    let file = tokio::fs::File::open(path).await?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let header = RemittanceHeader {
        file_name: name.unwrap_or_default(),
        purpose: purpose.into(),
        size_bytes: i64::try_from(size)?,
        request_id: platform::ids::new().to_string(),
        ..RemittanceHeader::default()
    };
    let chunks = futures::stream::unfold((file, bar), |(mut file, bar)| async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = file.read(&mut chunk).await.ok().filter(|read| *read > 0);
        let Some(read) = read else {
            wait_for(&bar, "the server reads and posts");
            return None;
        };
        chunk.truncate(read);
        bar.inc(read as u64);
        Some((Part::Chunk(chunk), (file, bar)))
    });
    let parts = futures::stream::once(async { Part::Header(header) }).chain(chunks);
    Ok(parts.map(|part| UploadRemittanceRequest { part: Some(part) }))
}

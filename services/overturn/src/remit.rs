//! `overturn remit`: remittances to a running server.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use contracts::routing::v1::upload_remittance_request::Part;
use contracts::routing::v1::{
    RemittanceFile, RemittanceFileState, RemittanceHeader, RemittancePurpose,
    UploadRemittanceRequest,
};
use futures::{Stream, StreamExt};
use indicatif::ProgressBar;
use tokio::io::AsyncReadExt;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Endpoint;

use crate::Output;
use crate::client::Bearer;
use crate::output::bar;

/// Bytes a message of an upload.
const CHUNK_BYTES: usize = 256 << 10;

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
    async fn run(&self) -> Result<()> {
        let server = Endpoint::from_shared(self.server.clone())?;
        let channel = server
            .connect()
            .await
            .with_context(|| format!("{} does not answer; is the server running?", self.server))?;
        let door = InterceptedService::new(channel, Bearer::new(&self.token));
        let mut routing = RoutingServiceClient::new(door);
        let mut quarantined = 0;
        for path in &self.files {
            let size = tokio::fs::metadata(path).await;
            let size = size.with_context(|| format!("cannot read {}", path.display()))?.len();
            let bar = bar(size, "uploading");
            let parts = parts(path, size, self.purpose(), bar.clone()).await?;
            let answer = routing.upload_remittance(parts).await;
            bar.finish_and_clear();
            let answer = answer
                .map_err(|status| anyhow::anyhow!("{}", status.message()))
                .with_context(|| format!("{} was refused", path.display()))?
                .into_inner();
            let file = answer.remittance_file.context("the server named no file")?;
            quarantined += usize::from(file.state() == RemittanceFileState::Quarantined);
            Output.line(&summary(path, &file, answer.already_received))?;
        }
        if quarantined > 0 {
            bail!("{quarantined} file(s) are quarantined: they are kept, and nothing was posted");
        }
        Ok(())
    }

    fn purpose(&self) -> RemittancePurpose {
        if self.history { RemittancePurpose::History } else { RemittancePurpose::Live }
    }
}

/// The header, then the file in chunks; a read that fails ends the stream early, and the server
/// refuses a file shorter than its header says.
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
        let read = file.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        chunk.truncate(read);
        bar.inc(read as u64);
        Some((Part::Chunk(chunk), (file, bar)))
    });
    let parts = futures::stream::once(async { Part::Header(header) }).chain(chunks);
    Ok(parts.map(|part| UploadRemittanceRequest { part: Some(part) }))
}

fn summary(path: &Path, file: &RemittanceFile, already: bool) -> String {
    let counts = file.counts.unwrap_or_default();
    let state = match file.state() {
        RemittanceFileState::Posted if already => "was posted before",
        RemittanceFileState::Posted => "posted",
        RemittanceFileState::Quarantined => "QUARANTINED",
        RemittanceFileState::Received
        | RemittanceFileState::Parsed
        | RemittanceFileState::Unspecified => "still being posted",
    };
    let mut text = format!(
        "{}: {state}; {} claim(s), {} denial(s), {} work item(s), {} finding(s); file {}",
        path.display(),
        counts.claims,
        counts.denials,
        counts.work_items,
        file.finding_count,
        file.id
    );
    for finding in file.findings.iter().take(5) {
        text.push_str(&format!(
            "\n  at byte {} in {}: {} ({})",
            finding.offset, finding.segment, finding.message, finding.code
        ));
    }
    text
}

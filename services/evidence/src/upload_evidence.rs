use contracts::routing::v1::upload_evidence_request::Part;
use contracts::routing::v1::{EvidenceHeader, UploadEvidenceRequest, UploadEvidenceResponse};
use futures::{Stream, StreamExt};
use ledger::cases;
use originals::{Expected, Received, file_name, media};
use platform::access::Caller;
use platform::clock::day;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use tonic::Status;
use uuid::Uuid;

use crate::refresh::{Cause, refresh};
use crate::shown::{Asked, shown};
use crate::store::{self, Document};
use crate::{Error, Evidence};

/// Standards that one document may name.
const STANDARDS: usize = 20;

impl Evidence {
    /// Takes a document in and compares the checklists of its claim's work with it; `known` has
    /// the slugs of the standards of the active dictionary.
    ///
    /// # Errors
    /// When the header is no good, the bytes are not what it says, there is no such case, or the
    /// database or the store fails; nothing is kept then.
    pub async fn upload_evidence(
        &self,
        caller: &Caller,
        mut messages: impl Stream<Item = Result<UploadEvidenceRequest, Status>> + Send + Unpin,
        known: &[String],
    ) -> Result<UploadEvidenceResponse, Error> {
        let first = messages.next().await.transpose().map_err(|_| originals::Error::CutShort)?;
        let Some(Part::Header(header)) = first.and_then(|first| first.part) else {
            return Err(originals::Error::HeaderMissing.into());
        };
        let (header, expected) = checked(header, self.bytes_max)?;
        let case = views::id_in("header.case_id", &header.case_id)?;
        self.admit(caller, case, &header, known).await?;
        let chunks = messages.map(|message| {
            Ok(match message?.part {
                Some(Part::Chunk(chunk)) => Some(chunk),
                Some(Part::Header(_)) | None => None,
            })
        });
        let received = self.originals.take_in(chunks, &expected).await?;
        let kept = self.keep(caller, case, header, &received).await;
        if kept.is_err() {
            self.originals.drop_received(&received).await.ok();
        }
        kept
    }

    /// Refuses a case that is not there and standards that nobody knows before any byte is read.
    async fn admit(
        &self,
        caller: &Caller,
        case: Uuid,
        header: &EvidenceHeader,
        known: &[String],
    ) -> Result<(), Error> {
        let tx = self.database.read(caller).await?;
        cases::with_id(&tx, case).await?.ok_or(Fault::NotFound)?;
        let asked = Asked::of(&tx, case).await?;
        let mut violations = Violations::default();
        for (at, slug) in header.standards.iter().enumerate() {
            if !known.contains(slug) && !asked.has(slug) {
                let field = format!("header.standards[{at}]");
                violations.add(field, "is no documentation standard of the active dictionary");
            }
        }
        Ok(violations.into_result()?)
    }

    async fn keep(
        &self,
        caller: &Caller,
        case: Uuid,
        mut header: EvidenceHeader,
        received: &Received,
    ) -> Result<UploadEvidenceResponse, Error> {
        header.sha256.clone_from(&received.sha256);
        let once = Once::of(&header.request_id, &header)?;
        let size = received.size;
        let row = Document {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            case_id: case,
            standards: serde_json::json!(header.standards).to_string(),
            media: media(&received.head).map_or("", |media| media.as_str()).to_owned(),
            size_bytes: i64::try_from(size).map_err(|_| originals::Error::TooLarge(size))?,
            sha256: header.sha256,
            object_path: self.originals.keep(caller.tenant(), received).await?,
            dated_on: header.dated_on.and_then(day),
            uploaded_by: caller.actor().to_owned(),
            created_at: self.database.clock().now(),
            file_name: header.file_name,
        };
        let standards = header.standards;
        self.database
            .mutate(caller, once, move |tx| Box::pin(async move { add(tx, row, standards).await }))
            .await
    }
}

async fn add(
    tx: &TenantTx,
    row: Document,
    standards: Vec<String>,
) -> Result<UploadEvidenceResponse, Error> {
    let case = row.case_id;
    cases::lock(tx, &[case]).await?;
    store::keep(tx, row.clone()).await?;
    let kind = if row.media.is_empty() { "of unknown kind" } else { &row.media };
    let words = format!("added a document ({kind})");
    let actor = tx.caller().actor().to_owned();
    refresh(tx, &[case], &Cause { actor, words, standards }).await?;
    let asked = Asked::of(tx, case).await?;
    Ok(UploadEvidenceResponse { document: Some(shown(row, &asked)?) })
}

/// The header, with paths cut off the name, and what it says of the bytes.
fn checked(mut header: EvidenceHeader, most: u64) -> Result<(EvidenceHeader, Expected), Fault> {
    header.file_name = file_name(&header.file_name);
    let mut violations = Violations::default();
    violations.text("header.file_name", &header.file_name, 255);
    if header.standards.is_empty() || header.standards.len() > STANDARDS {
        violations.add("header.standards", "must name 1 to 20 documentation standards");
    }
    let mut named = header.standards.clone();
    named.sort_unstable();
    if named.windows(2).any(|two| two[0] == two[1]) {
        violations.add("header.standards", "names a standard twice");
    }
    if header.dated_on.is_some_and(|on| day(on).is_none()) {
        violations.add("header.dated_on", "is no day");
    }
    let expected = Expected { most, size: 0, sha256: header.sha256.clone() };
    expected.check(&header.request_id, &mut violations);
    violations.into_result()?;
    Ok((header, expected))
}

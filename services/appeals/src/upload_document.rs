use contracts::appeals::v1::upload_document_request::Part;
use contracts::appeals::v1::{DocumentHeader, UploadDocumentRequest, UploadDocumentResponse};
use domain::dictionary::vocabulary::Media;
use futures::{Stream, StreamExt};
use letters::job::{Exhibit, Job, Packet, Sheet};
use originals::{Expected, Received, file_name, media};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use tonic::Status;
use uuid::Uuid;

use crate::face::id_in;
use crate::store::{self, papers};
use crate::{Appeals, Error, paper_face};

impl Appeals {
    /// Takes a document of an appeal in, once the typesetter could show it.
    ///
    /// # Errors
    /// When the header is no good, the bytes are not what it says or no document that a packet can
    /// hold, there is no such appeal, or the database or the store fails; nothing is kept then.
    pub(crate) async fn upload_document(
        &self,
        caller: &Caller,
        mut messages: impl Stream<Item = Result<UploadDocumentRequest, Status>> + Send + Unpin,
    ) -> Result<UploadDocumentResponse, Error> {
        let first = messages.next().await.transpose().map_err(|_| originals::Error::CutShort)?;
        let Some(Part::Header(header)) = first.and_then(|first| first.part) else {
            return Err(originals::Error::HeaderMissing.into());
        };
        let (header, expected) = checked(header, self.document_bytes_max)?;
        let appeal = id_in("header.appeal_id", &header.appeal_id)?;
        self.admit(caller, appeal, &header).await?;
        let chunks = messages.map(|message| {
            Ok(match message?.part {
                Some(Part::Chunk(chunk)) => Some(chunk),
                Some(Part::Header(_)) | None => None,
            })
        });
        let received = self.originals.take_in(chunks, &expected).await?;
        let kept = self.keep_document(caller, appeal, header, &received).await;
        if kept.is_err() {
            self.originals.drop_received(&received).await.ok();
        }
        kept
    }

    /// Refuses an appeal that is not there and a standard that nobody knows before a byte is read.
    async fn admit(
        &self,
        caller: &Caller,
        appeal: Uuid,
        header: &DocumentHeader,
    ) -> Result<(), Error> {
        let wanted = {
            let tx = self.database.read(caller).await?;
            store::find(&tx, appeal).await?.ok_or(Fault::NotFound)?.document()?.wanted
        };
        let standard = &header.standard;
        if standard.is_empty() || wanted.iter().any(|wanted| wanted.standard == *standard) {
            return Ok(());
        }
        let compiled = self.peers.active(caller).await?;
        let standards = &compiled.bundle().documentation_standards;
        let mut violations = Violations::default();
        if !standards.iter().any(|known| known.slug.as_str() == standard) {
            let words = "is no documentation standard of the active dictionary";
            violations.add("header.standard", words);
        }
        Ok(violations.into_result()?)
    }

    async fn keep_document(
        &self,
        caller: &Caller,
        appeal: Uuid,
        mut header: DocumentHeader,
        received: &Received,
    ) -> Result<UploadDocumentResponse, Error> {
        header.sha256.clone_from(&received.sha256);
        let once = Once::of(&header.request_id, &header)?;
        let Some(media) = media(&received.head) else {
            return Err(Error::UnknownDocument);
        };
        self.try_out(media, received).await?;
        let row = papers::Paper {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            appeal_id: appeal,
            media: media.as_str().to_owned(),
            size_bytes: i64::try_from(received.size)
                .map_err(|_| originals::Error::TooLarge(received.size))?,
            sha256: header.sha256,
            standard: header.standard,
            object_path: self.originals.keep(caller.tenant(), received).await?,
            uploaded_by: caller.actor().to_owned(),
            created_at: self.database.clock().now(),
            file_name: header.file_name,
        };
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    store::find(tx, row.appeal_id).await?.ok_or(Fault::NotFound)?;
                    let row = papers::keep_document(tx, row).await?;
                    Ok(UploadDocumentResponse { document: Some(paper_face::document(row)) })
                })
            })
            .await
    }

    /// Has the document typeset by itself: what cannot be an exhibit is refused while whoever has
    /// it is there.
    async fn try_out(&self, media: Media, received: &Received) -> Result<(), Error> {
        let place = self.typesetter.place().await?;
        let bytes = self.originals.read_received(received).await?;
        let exhibit = Exhibit {
            title: "Document".to_owned(),
            file_name: "document".to_owned(),
            media,
            size: bytes.len() as u64,
        };
        let letter = Sheet { title: "Document".to_owned(), ..Sheet::default() };
        let job = Job { letter, packet: Some(Packet { exhibits: vec![exhibit] }) };
        place.typeset(&job, vec![bytes]).await.map(|_| ()).map_err(|error| match error {
            Error::UnsafeDocument { words, .. } => Error::BadDocument(words),
            other => other,
        })
    }
}

/// The header, with paths cut off the name, and what it says of the bytes.
fn checked(mut header: DocumentHeader, most: u64) -> Result<(DocumentHeader, Expected), Fault> {
    header.file_name = file_name(&header.file_name);
    let mut violations = Violations::default();
    violations.text("header.file_name", &header.file_name, 255);
    if header.standard.len() > 96 {
        violations.add("header.standard", "is longer than 96 characters");
    }
    let expected = Expected { most, size: 0, sha256: header.sha256.clone() };
    expected.check(&header.request_id, &mut violations);
    violations.into_result()?;
    Ok((header, expected))
}

//! Documents of appeals: what is taken in, what is refused, and how it is read again.

use std::collections::HashMap;
use std::io::Write as _;

use contracts::appeals::v1::upload_document_request::Part;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};
use tests::samples::appeals::{document, render};
use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

impl House {
    pub(crate) async fn file(
        &self,
        appeal: &Appeal,
        standard: &str,
        bytes: &[u8],
    ) -> Result<Document, Status> {
        let parts = tokio_stream::iter(document(&appeal.id, standard, bytes));
        let answer = self.as_a(Role::Partner).await.upload_document(parts).await?;
        Ok(answer.into_inner().document.unwrap())
    }

    pub(crate) async fn bytes(&self, id: &str) -> Result<Vec<u8>, Status> {
        let request = DownloadDocumentRequest { id: id.to_owned() };
        let parts = self.as_a(Role::Auditor).await.download_document(request).await?;
        let parts: Vec<_> = parts.into_inner().try_collect().await?;
        assert!(parts.iter().all(|part| part.id == id));
        Ok(parts.into_iter().flat_map(|part| part.chunk).collect())
    }

    pub(crate) async fn documents(&self, appeal: &Appeal) -> Vec<Document> {
        let request = ListDocumentsRequest { appeal_id: appeal.id.clone(), ..Default::default() };
        let answer = self.as_a(Role::Analyst).await.list_documents(request).await.unwrap();
        answer.into_inner().documents
    }

    pub(crate) async fn render(&self, request: RenderLetterRequest) -> Result<Letter, Status> {
        let answer = self.as_a(Role::Specialist).await.render_letter(request).await?;
        Ok(answer.into_inner().letter.unwrap())
    }

    /// A draft of a denial for an authorization, whose evidence is not on file.
    pub(crate) async fn unauthorized(&self, number: &str) -> Appeal {
        let denial = self.refused(number, &[("CO", "197", 60_00)], &[]).await.remove(0);
        self.appeal(&[&denial]).await.unwrap()
    }
}

/// Writes the letter of an appeal about an authorization.
pub(crate) fn authorized(appeal: &Appeal) -> RenderLetterRequest {
    let mut request = render(&appeal.id);
    let blanks: HashMap<String, String> = [
        ("argument", "The service that was billed is the one that was approved."),
        ("authorization_facts", "Approved on May 1, 2026 by telephone."),
        ("signer_name", "Dana Reyes"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    request.blanks = blanks;
    request
}

/// The text of a PDF by a tool that is not ours; `None` where it is not installed.
pub(crate) fn text(pdf: &[u8]) -> Option<String> {
    use std::process::{Command, Stdio};
    let tool = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut tool = tool.ok()?;
    let (mut stdin, pdf) = (tool.stdin.take().unwrap(), pdf.to_vec());
    let write = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = tool.wait_with_output().unwrap();
    write.join().unwrap().unwrap();
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A PDF of one page whose content is `content`, packed.
pub(crate) fn pdf(content: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(content).unwrap();
    let packed = packed.finish().unwrap();
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<>>>>".to_vec(),
        [
            format!("<</Length {}/Filter/FlateDecode>>\nstream\n", packed.len()).as_bytes(),
            &packed,
            b"\nendstream",
        ]
        .concat(),
    ];
    for (at, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", at + 1).bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let trailer = format!("trailer<</Size 5/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
    bytes.extend(trailer.bytes());
    bytes
}

/// A page with a line across it.
pub(crate) fn page() -> Vec<u8> {
    pdf(b"2 w 72 72 m 540 720 l S")
}

#[tokio::test]
async fn a_document_is_what_its_bytes_say_and_reads_again() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    for (bytes, kind) in [
        (page(), "application/pdf"),
        (b"A note.".to_vec(), "text/plain"),
        (b"<?xml version=\"1.0\"?><Claim/>".to_vec(), "application/xml"),
    ] {
        let held = house.file(&appeal, "", &bytes).await.unwrap();
        assert_eq!((held.media_type.as_str(), held.appeal_id), (kind, appeal.id.clone()));
        assert_eq!(held.size_bytes, i64::try_from(bytes.len()).unwrap());
        let sha256: String =
            Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(held.sha256, sha256);
        assert_eq!(house.bytes(&held.id).await.unwrap(), bytes);
    }
    let listed = house.documents(&appeal).await;
    let kinds: Vec<&str> = listed.iter().map(|one| one.media_type.as_str()).collect();
    assert_eq!(kinds, ["application/xml", "text/plain", "application/pdf"], "the newest first");
    assert_eq!(house.get(&appeal.id).await, appeal, "a document changes no appeal");
    // The same request again is the same document; other bytes under its id are refused.
    let upload = document(&appeal.id, "", b"Once.");
    let mut client = house.as_a(Role::Specialist).await;
    let once = client.upload_document(tokio_stream::iter(upload.clone())).await.unwrap();
    let again = client.upload_document(tokio_stream::iter(upload.clone())).await.unwrap();
    assert_eq!(once.into_inner(), again.into_inner());
    let mut other = upload;
    other[1].part = Some(Part::Chunk(b"Twice.".to_vec()));
    let reused = client.upload_document(tokio_stream::iter(other)).await.unwrap_err();
    assert_eq!(refusal(&reused).1, "REQUEST_ID_REUSED");
    assert_eq!(house.documents(&appeal).await.len(), 4);
}

#[tokio::test]
async fn what_no_packet_can_show_is_refused_and_not_kept() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    // A word processor's file with macros: a zip archive by its bytes, whatever its name.
    let docx = b"PK\x03\x04\x14\x00\x06\x00\x08\x00word/vbaProject.bin".to_vec();
    let unsafe_document = reason(Code::InvalidArgument, "UNSAFE_DOCUMENT");
    for (bytes, words) in [
        (docx, "macros"),
        (b"MZ\x90\x00\x03".to_vec(), "none of PDF"),
        (b"%PDF-1.7\nnothing of it is true\n%%EOF".to_vec(), "it does not read as PDF"),
        (b"II*\x00\x08\x00\x00\x00\x0f\x00\xfe\x00".to_vec(), "picture"),
        ([b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".as_slice(), &[0; 64]].concat(), "picture"),
        // A head that reads, and a body that does not.
        ([vec![b'a'; 5_000], b"caf\xe9".to_vec()].concat(), "byte 5004 does not read"),
        ("hieroglyph \u{13000}".into(), "U+13000"),
    ] {
        let refused = house.file(&appeal, "", &bytes).await.unwrap_err();
        assert_eq!(refusal(&refused), unsafe_document, "{}", refused.message());
        assert!(refused.message().contains(words), "{}", refused.message());
    }
    // 400 MiB of nothing in half a MiB.
    let bomb = pdf(&vec![b' '; 400 << 20]);
    assert!(bomb.len() < 1 << 20);
    let refused = house.file(&appeal, "", &bomb).await.unwrap_err();
    assert_eq!(refusal(&refused), unsafe_document);
    assert!(refused.message().contains("unpack"), "{}", refused.message());
    assert_eq!(house.documents(&appeal).await, []);
    house.file(&appeal, "", &page()).await.unwrap();
}

#[tokio::test]
async fn an_upload_of_300_mb_is_refused_by_its_size() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    let head = document(&appeal.id, "", b"%PDF-1.7\n");
    let chunk = UploadDocumentRequest { part: Some(Part::Chunk(vec![0; 1 << 20])) };
    let parts = head.into_iter().chain(std::iter::repeat_n(chunk, 300));
    let mut client = house.as_a(Role::Partner).await;
    let refused = client.upload_document(tokio_stream::iter(parts)).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::InvalidArgument, "UPLOAD_TOO_LARGE"));
    assert!(refused.message().contains("67108864"), "{}", refused.message());
    assert_eq!(house.documents(&appeal).await, []);
}

#[tokio::test]
async fn the_header_of_a_document_is_judged_first() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    let refused = |change: fn(&mut DocumentHeader), wrong: &'static str| {
        let mut parts = document(&appeal.id, "", b"A note.");
        if let Some(Part::Header(header)) = &mut parts[0].part {
            change(header);
        }
        (parts, wrong)
    };
    for (parts, wrong) in [
        refused(|header| header.appeal_id = "7".to_owned(), "header.appeal_id"),
        refused(|header| header.file_name = " ".to_owned(), "header.file_name"),
        refused(|header| header.standard = "no-such".to_owned(), "header.standard"),
        refused(|header| header.sha256 = "ABC".to_owned(), "header.sha256"),
    ] {
        let mut client = house.as_a(Role::Specialist).await;
        let status = client.upload_document(tokio_stream::iter(parts)).await.unwrap_err();
        assert_eq!(fields(&status), [wrong], "{status}");
    }
    let nobodys = document(&id(), "", b"A note.");
    let mut client = house.as_a(Role::Specialist).await;
    let status = client.upload_document(tokio_stream::iter(nobodys)).await.unwrap_err();
    assert_eq!(refusal(&status), reason(Code::NotFound, "NOT_FOUND"));
    let headless = document(&appeal.id, "", b"A note.").split_off(1);
    let status = client.upload_document(tokio_stream::iter(headless)).await.unwrap_err();
    assert_eq!(refusal(&status).1, "UPLOAD_HEADER_MISSING");
    let status = house.bytes(&id()).await.unwrap_err();
    assert_eq!(refusal(&status), reason(Code::NotFound, "NOT_FOUND"));
    house.file(&appeal, "", b"A note.").await.unwrap();
}

use std::collections::{BTreeMap, BTreeSet};

use contracts::appeals::v1::{AssemblePacketRequest, AssemblePacketResponse};
use contracts::routing::v1 as routing;
use domain::dictionary::vocabulary::Media;
use futures::TryStreamExt;
use letters::job::{EXHIBITS_BYTES_MAX, EXHIBITS_MAX, Exhibit, Job, Packet, Sheet, letter_of};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use routing::EvidenceState;
use uuid::Uuid;

use crate::face::id_in;
use crate::render_letter::changed;
use crate::store::papers::{self, Contents, Required, RequiredState};
use crate::store::{self, Document, Row};
use crate::typesetter::Pages;
use crate::{Appeals, Error, acts, paper_face};

/// A document that is to be an exhibit.
struct Chosen {
    id: Uuid,
    standards: Vec<String>,
    file_name: String,
    media: Media,
    size: u64,
    /// Where the store has it; nothing where routing has it.
    path: Option<String>,
}

/// What is on file for the claim of an appeal.
struct OnFile {
    documents: Vec<routing::EvidenceDocument>,
    /// Items of the checklists of its work.
    asked: Vec<routing::EvidenceItem>,
}

impl Appeals {
    /// Puts the letter in force, an index and the exhibits into one PDF.
    ///
    /// # Errors
    /// When the appeal was sent or has no letter, something it needs is not among the exhibits, an
    /// exhibit cannot be shown, or the database or the store fails.
    pub(crate) async fn assemble_packet(
        &self,
        caller: &Caller,
        request: AssemblePacketRequest,
    ) -> Result<AssemblePacketResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let appeal = id_in("appeal_id", &request.appeal_id)?;
        let ids = document_ids(&request.document_ids)?;
        let row = self.row(caller, appeal).await?;
        if let Err(refused) = changed(row.state()?) {
            return self.recorded_or(caller, once, refused).await;
        }
        let document = row.document()?;
        let (letter, mut own) = self.own(caller, &document, &ids).await?;
        let on_file = self.on_file(caller, &row, &document).await?;
        own.retain(|paper| paper.appeal_id == appeal);
        let chosen = chosen(&ids, own, &on_file.documents)?;
        let evidence = required(&document, &chosen, &on_file);
        let missing = evidence.iter().filter(|it| it.state == RequiredState::Missing);
        let missing: Vec<&str> = missing.map(|it| it.missing.as_str()).collect();
        if !missing.is_empty() {
            return Err(Error::Incomplete(missing.join("; ")));
        }
        let sheet = letter.sheet()?;
        let (exhibits, pages) = self.assembled(caller, &row, sheet, &chosen).await?;
        let index = index(&exhibits, &pages.of_exhibits);
        let size = pages.pdf.len() as u64;
        let contents = Contents { documents: ids, evidence, index, size };
        let kept = self.kept(caller, &pages.pdf, request.validate_only).await?;
        let packet = papers::Packet {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            appeal_id: appeal,
            letter_id: letter.id,
            contents: serde_json::to_vec(&contents).expect("plain values have a JSON form"),
            sha256: kept.sha256,
            object_path: kept.path,
            page_count: pages.count.into(),
            assembled_by: caller.actor().to_owned(),
            created_at: self.database.clock().now(),
        };
        let version = row.version;
        if request.validate_only {
            let tx = self.database.begin(caller).await?;
            return keep(&tx, version, packet).await;
        }
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { keep(tx, version, packet).await })
            })
            .await
    }

    /// The letter in force, and the appeal's own documents among those that are named.
    async fn own(
        &self,
        caller: &Caller,
        document: &Document,
        ids: &[Uuid],
    ) -> Result<(papers::Letter, Vec<papers::Paper>), Error> {
        let tx = self.database.read(caller).await?;
        let letter = match document.letter {
            Some(letter) => papers::letter(&tx, letter).await?,
            None => return Err(Error::Incomplete("a letter; render it first".to_owned())),
        };
        let mut own = Vec::new();
        for id in ids {
            own.extend(papers::document(&tx, *id).await?);
        }
        Ok((letter.ok_or(Fault::Broken("a letter in force is gone"))?, own))
    }

    async fn on_file(
        &self,
        caller: &Caller,
        row: &Row,
        document: &Document,
    ) -> Result<OnFile, Error> {
        let documents = self.peers.documents(caller, row.case_id).await?;
        let denials = self.peers.denials(caller, &document.denial_ids).await?;
        let items = denials.into_iter().map(|denial| denial.work_item_id);
        let items: BTreeSet<String> = items.filter(|item| !item.is_empty()).collect();
        let mut asked = Vec::new();
        for item in items {
            asked.extend(self.peers.checklist(caller, &item).await?);
        }
        Ok(OnFile { documents, asked })
    }

    /// Fetches the exhibits and has the packet typeset.
    async fn assembled(
        &self,
        caller: &Caller,
        row: &Row,
        letter: Sheet,
        chosen: &[Chosen],
    ) -> Result<(Vec<Exhibit>, Pages), Error> {
        let compiled = self.peers.active(caller).await?;
        let mut titles: BTreeMap<String, String> = BTreeMap::new();
        for known in &compiled.bundle().documentation_standards {
            titles.insert(known.slug.to_string(), known.title.clone());
        }
        titles.extend(row.document()?.wanted.into_iter().map(|it| (it.standard, it.title)));
        let place = self.typesetter.place().await?;
        let (mut exhibits, mut held) = (Vec::new(), Vec::new());
        for one in chosen {
            let bytes = match &one.path {
                Some(path) => {
                    let parts: Vec<_> = self.originals.read(path).await?.try_collect().await?;
                    parts.concat()
                }
                None => self.peers.evidence(caller, one.id, one.size).await?,
            };
            let shown = one.standards.iter().filter_map(|slug| titles.get(slug));
            let shown: Vec<&str> = shown.map(String::as_str).collect();
            exhibits.push(Exhibit {
                title: if shown.is_empty() { "Document".to_owned() } else { shown.join("; ") },
                file_name: one.file_name.clone(),
                media: one.media,
                size: bytes.len() as u64,
            });
            held.push(bytes);
        }
        let job = Job { letter, packet: Some(Packet { exhibits: exhibits.clone() }) };
        Ok((exhibits, place.typeset(&job, held).await?))
    }
}

/// The documents that a request names, each once.
fn document_ids(sent: &[String]) -> Result<Vec<Uuid>, Fault> {
    let mut violations = Violations::default();
    if sent.len() > EXHIBITS_MAX {
        violations.add("document_ids", format!("has more than {EXHIBITS_MAX} items"));
        violations.into_result()?;
        return Ok(Vec::new());
    }
    let mut ids = Vec::with_capacity(sent.len());
    for (at, text) in sent.iter().enumerate() {
        match Uuid::try_parse(text) {
            Ok(id) if ids.contains(&id) => {
                violations.add(format!("document_ids[{at}]"), "stands there twice");
            }
            Ok(id) => ids.push(id),
            Err(_) => violations.add(format!("document_ids[{at}]"), "is not a UUID"),
        }
    }
    violations.into_result()?;
    Ok(ids)
}

/// The documents behind the ids, in their order.
fn chosen(
    ids: &[Uuid],
    own: Vec<papers::Paper>,
    on_file: &[routing::EvidenceDocument],
) -> Result<Vec<Chosen>, Error> {
    let mut violations = Violations::default();
    let mut chosen = Vec::with_capacity(ids.len());
    for (at, id) in ids.iter().enumerate() {
        let field = format!("document_ids[{at}]");
        if let Some(paper) = own.iter().find(|paper| paper.id == *id) {
            chosen.push(of_appeal(paper)?);
        } else if let Some(held) = on_file.iter().find(|held| held.id == id.to_string()) {
            match of_claim(*id, held) {
                Some(one) => chosen.push(one),
                None => violations.add(field, "is of no kind that a packet can show"),
            }
        } else {
            violations.add(field, "is no document of the appeal and none on file for its claim");
        }
    }
    let in_all: u64 = chosen.iter().map(|one| one.size).sum();
    if in_all > EXHIBITS_BYTES_MAX {
        let most = EXHIBITS_BYTES_MAX >> 20;
        violations.add("document_ids", format!("have more than {most} MiB together"));
    }
    violations.into_result()?;
    Ok(chosen)
}

fn of_appeal(paper: &papers::Paper) -> Result<Chosen, Fault> {
    let standard = Some(paper.standard.clone()).filter(|standard| !standard.is_empty());
    Ok(Chosen {
        id: paper.id,
        standards: standard.into_iter().collect(),
        file_name: paper.file_name.clone(),
        media: paper.media()?,
        size: u64::try_from(paper.size_bytes).unwrap_or_default(),
        path: Some(paper.object_path.clone()),
    })
}

fn of_claim(id: Uuid, held: &routing::EvidenceDocument) -> Option<Chosen> {
    Some(Chosen {
        id,
        standards: held.standards.clone(),
        file_name: held.file_name.clone(),
        media: Media::parse(&held.media_type)?,
        size: u64::try_from(held.size_bytes).unwrap_or_default(),
        path: None,
    })
}

/// What the appeal needs, and whether the exhibits have it. What a person waived, or what other
/// systems say without a document, needs no exhibit.
fn required(document: &Document, chosen: &[Chosen], on_file: &OnFile) -> Vec<Required> {
    let of = |wanted: &store::WantedOnFile| {
        let slug = &wanted.standard;
        let exhibit = chosen.iter().find(|one| one.standards.contains(slug));
        let asked: Vec<&routing::EvidenceItem> =
            on_file.asked.iter().filter(|item| item.standard == *slug).collect();
        let waived = asked.iter().any(|item| item.state() == EvidenceState::Waived);
        let filed = on_file.documents.iter().find(|held| held.standards.contains(slug));
        let stated = asked.iter().any(|item| item.state() == EvidenceState::Present);
        let (state, missing) = match (exhibit, filed) {
            (Some(_), _) => (RequiredState::Present, String::new()),
            (None, _) if waived => (RequiredState::Waived, String::new()),
            (None, Some(held)) => {
                let words = format!("is on file as document {} and no exhibit", held.id);
                (RequiredState::Missing, words)
            }
            (None, None) if stated => (RequiredState::Present, String::new()),
            (None, None) => (RequiredState::Missing, "is not on file".to_owned()),
        };
        let missing = if missing.is_empty() {
            missing
        } else {
            format!("`{slug}`: {} {missing}", wanted.title)
        };
        Required {
            standard: slug.clone(),
            title: wanted.title.clone(),
            state,
            missing,
            source: exhibit.map(|one| one.id),
        }
    };
    document.wanted.iter().map(of).collect()
}

/// The index of exhibits in words, a line each.
fn index(exhibits: &[Exhibit], pages: &[u32]) -> String {
    let lines = exhibits.iter().zip(pages).enumerate().map(|(at, (exhibit, pages))| {
        let letter = letter_of(at);
        let counted = if *pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") };
        format!("Exhibit {letter}: {} ({}), {counted}", exhibit.title, exhibit.file_name)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Keeps a packet as the one in force, unless the appeal changed while it was assembled.
async fn keep(
    tx: &TenantTx,
    version: i64,
    packet: papers::Packet,
) -> Result<AssemblePacketResponse, Error> {
    let mut row = store::held(tx, packet.appeal_id).await?;
    if row.version != version {
        return Err(Fault::Contended.into());
    }
    row.state = changed(row.state()?)?.as_str().to_owned();
    let mut document = row.document()?;
    document.packet = Some(packet.id);
    document.write_as(tx.caller().actor());
    row.document = document.encoded();
    let packet = papers::keep_packet(tx, packet).await?;
    acts::told(tx, row, "appeal.packet_assembled", "").await?;
    Ok(AssemblePacketResponse { packet: Some(paper_face::packet(&packet, document)?) })
}

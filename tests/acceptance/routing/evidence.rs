//! Checklists: what documents, partner systems and people put on file, and what it does to work.

mod withdrawn;

use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::dictionary::v1::AuthorizationStatus;
use contracts::google::r#type::Date;
use contracts::routing::v1::upload_evidence_request::Part;
use contracts::routing::v1::*;
use tests::samples::ends::resolve;
use tests::samples::evidence::{PDF, header, parts};
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, fields, id, refusal};
use tokio_stream::StreamExt;
use tonic::{Code, Status};

const NPI: &str = "1234567893";

struct House {
    world: World,
    group: Group,
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

impl House {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let world = World::with(settings).await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        let house = Self { world, group };
        let [specialist] = house.group.people(&house.world, [Role::Specialist]).await;
        let queue = queue("authorizations", "authorization", &[&specialist]);
        let request = CreateQueueRequest { queue: Some(queue), request_id: id() };
        house.as_a(Role::TeamLead).await.create_queue(request).await.unwrap();
        house
    }

    async fn as_a(&self, role: Role) -> Routing {
        let token = self.group.token(&self.world, role).await;
        self.world.routing(&token)
    }

    /// The item of a claim that was denied for this reason.
    async fn denied(&self, number: &str, carc: &str, on: &str) -> WorkItem {
        let refused = [("CO", carc, 100_00)];
        let line = Line { charge: 100_00, paid: 0, adjustments: &refused, remarks: &[] };
        let remittance = Remittance::to(NPI, on).claim(number, "DOE", &[line]);
        self.group.upload(&self.world, &remittance.x12()).await;
        let items = self.items(&format!("patient_control_number = \"{number}\"")).await;
        let newest = items.iter().max_by_key(|item| item.id.clone()).unwrap();
        self.item(&newest.id).await
    }

    async fn items(&self, filter: &str) -> Vec<WorkItem> {
        let request =
            ListWorkItemsRequest { filter: filter.to_owned(), ..ListWorkItemsRequest::default() };
        let listed = self.as_a(Role::Specialist).await.list_work_items(request).await.unwrap();
        listed.into_inner().work_items
    }

    async fn item(&self, id: &str) -> WorkItem {
        let request = GetWorkItemRequest { id: id.to_owned() };
        let read = self.as_a(Role::Specialist).await.get_work_item(request).await.unwrap();
        read.into_inner().work_item.unwrap()
    }

    async fn upload(
        &self,
        header: EvidenceHeader,
        bytes: &[u8],
    ) -> Result<EvidenceDocument, Status> {
        let parts = tokio_stream::iter(parts(header, bytes));
        let answer = self.as_a(Role::Partner).await.upload_evidence(parts).await?;
        Ok(answer.into_inner().document.unwrap())
    }

    async fn say(
        &self,
        item: &WorkItem,
        standard: &str,
        state: EvidenceState,
    ) -> Result<WorkItem, Status> {
        let request = SetEvidenceStateRequest {
            work_item_id: item.id.clone(),
            standard: standard.to_owned(),
            state: state.into(),
            reason: "it is in the portal".to_owned(),
            etag: item.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.set_evidence_state(request).await?;
        Ok(answer.into_inner().work_item.unwrap())
    }

    /// What the timeline says of an item, the newest first.
    async fn words(&self, item: &WorkItem) -> Vec<String> {
        let request =
            ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
        let lines = self.as_a(Role::Specialist).await.list_timeline(request).await.unwrap();
        lines.into_inner().timeline_items.into_iter().map(|line| line.words).collect()
    }

    async fn list(&self, request: ListEvidenceRequest) -> ListEvidenceResponse {
        self.as_a(Role::Auditor).await.list_evidence(request).await.unwrap().into_inner()
    }
}

fn score(item: &WorkItem) -> i64 {
    item.priority.as_ref().unwrap().score
}

fn minutes(item: &WorkItem) -> i32 {
    item.priority.as_ref().unwrap().effort_minutes
}

/// How an item of a checklist stands.
fn state(item: &WorkItem, standard: &str) -> (EvidenceState, String, String) {
    let found = item.evidence.iter().find(|it| it.standard == standard).unwrap();
    (found.state(), found.missing_words.clone(), found.source_id.clone())
}

fn of(item: &WorkItem, standards: &[&str]) -> EvidenceHeader {
    EvidenceHeader {
        standards: standards.iter().map(|it| (*it).to_owned()).collect(),
        ..header(&item.case_id, "")
    }
}

#[tokio::test]
async fn a_document_fulfills_what_it_names_and_ranks_its_work_anew() {
    let house = House::new().await;
    let before = house.denied("A1", "50", "20260610").await;
    let slugs: Vec<&str> = before.evidence.iter().map(|it| it.standard.as_str()).collect();
    assert!(slugs.len() > 1, "{slugs:?}");
    let missing = (EvidenceState::Missing, "nothing is on file".to_owned(), String::new());
    assert!(slugs.iter().all(|slug| state(&before, slug) == missing));
    let document = house.upload(of(&before, &slugs[..1]), PDF).await.unwrap();
    assert_eq!(document.media_type, "application/pdf");
    assert_eq!(
        (document.file_name.as_str(), document.size_bytes),
        ("approval.pdf", PDF.len() as i64)
    );
    assert_eq!(document.check_words, [""; 0]);
    let after = house.item(&before.id).await;
    let present = (EvidenceState::Present, String::new(), document.id.clone());
    assert_eq!(state(&after, slugs[0]), present);
    assert_eq!(after.evidence_missing_count, before.evidence_missing_count - 1);
    assert!(minutes(&after) < minutes(&before), "less is left to do");
    assert!(score(&after) > score(&before), "what is nearly ready comes first");
    let words = house.words(&before).await;
    let title = &before.evidence[0].title;
    let expected = format!("added a document (application/pdf): `{title}` is on file");
    assert_eq!(words[0], expected, "{words:?}");
    // The rest, in one document: nothing is missing then.
    let count = "evidence_missing_count = 0 AND patient_control_number = \"A1\"";
    assert!(house.items(count).await.is_empty());
    house.upload(of(&before, &slugs[1..]), PDF).await.unwrap();
    let [full] = house.items(count).await.try_into().unwrap();
    assert_eq!((full.id.as_str(), full.evidence_missing_count), (before.id.as_str(), 0));
    assert_eq!(minutes(&full), minutes(&before) - minutes(&before) / 2);
    assert!(house.items("evidence_missing_count > 0").await.is_empty());
}

#[tokio::test]
async fn a_document_that_is_no_good_fulfills_nothing_and_the_item_says_why() {
    let house = House::new().await;
    let item = house.denied("A1", "197", "20260610").await;
    let slug = item.evidence[0].standard.as_str();
    let archive = house.upload(of(&item, &[slug]), b"PK\x03\x04\x14\x00\x00").await.unwrap();
    assert_eq!(archive.media_type, "");
    let found = format!("`{slug}`: the document is of no kind that can be sent to a payer");
    assert_eq!(archive.check_words, [found]);
    let after = house.item(&item.id).await;
    let (stands, words, source) = state(&after, slug);
    assert_eq!((stands, source.as_str()), (EvidenceState::Missing, ""));
    assert!(words.ends_with("is of no kind that can be sent to a payer"), "{words}");
    assert_eq!(score(&after), score(&item));
    // From another year: it is pointed out and will do, for the standard sets no bounds.
    let old = EvidenceHeader {
        dated_on: Some(Date { year: 2025, month: 6, day: 10 }),
        ..of(&item, &[slug])
    };
    let old = house.upload(old, PDF).await.unwrap();
    let [words] = old.check_words.clone().try_into().unwrap();
    assert!(words.contains("before the first day of service, which will do"), "{words}");
    assert_eq!(state(&house.item(&item.id).await, slug).2, old.id);
    // Nothing asks for what another claim's work asks for.
    let other = house.denied("A2", "50", "20260610").await;
    let foreign = other
        .evidence
        .iter()
        .find(|it| item.evidence.iter().all(|mine| mine.standard != it.standard));
    let foreign = foreign.unwrap().standard.as_str();
    let early = house.upload(of(&item, &[foreign]), PDF).await.unwrap();
    assert_eq!(early.check_words, [format!("`{foreign}`: no open work of the claim asks for it")]);
}

#[tokio::test]
async fn what_is_on_file_is_found_by_later_denials_and_new_decisions_of_the_claim() {
    let house = House::new().await;
    let first = house.denied("A1", "197", "20260610").await;
    let other = house.denied("A2", "50", "20260610").await;
    let slugs = [first.evidence[0].standard.as_str(), other.evidence[0].standard.as_str()];
    let document = house.upload(of(&first, &slugs), PDF).await.unwrap();
    let later = house.denied("A1", "50", "20260620").await;
    assert_ne!(later.id, first.id);
    assert_eq!(state(&later, slugs[1]).2, document.id, "it was on file before the denial came");
    // Decided again, because partner systems know more.
    let free = house.denied("A3", "197", "20260610").await;
    let document = house.upload(of(&free, &slugs[..1]), PDF).await.unwrap();
    let authorization = Authorization {
        status: AuthorizationStatus::Approved.into(),
        source_at: Some(prost_types::Timestamp { seconds: 100, nanos: 0 }),
        ..Authorization::default()
    };
    let known = ClaimContext {
        patient_control_number: "A3".to_owned(),
        payer_id: house.group.payer_id.clone(),
        authorization: Some(authorization),
        ..ClaimContext::default()
    };
    let request = UpsertClaimContextRequest { claim_context: Some(known), request_id: id() };
    house.as_a(Role::Partner).await.upsert_claim_context(request).await.unwrap();
    house.world.app().run_due().await.unwrap();
    let again = house.item(&free.id).await;
    assert_ne!(again.action_words, free.action_words);
    assert_eq!(state(&again, slugs[0]).2, document.id);
}

#[tokio::test]
async fn partner_systems_say_which_documentation_there_is() {
    let house = House::new().await;
    let item = house.denied("A1", "50", "20260610").await;
    let slugs: Vec<&str> = item.evidence.iter().map(|it| it.standard.as_str()).collect();
    let documentation = DocumentationQuality {
        present_standards: vec![slugs[0].to_owned()],
        missing_standards: vec![slugs[1].to_owned()],
        source_at: Some(prost_types::Timestamp { seconds: 100, nanos: 0 }),
        ..DocumentationQuality::default()
    };
    let known = ClaimContext {
        patient_control_number: "A1".to_owned(),
        payer_id: house.group.payer_id.clone(),
        documentation: Some(documentation),
        ..ClaimContext::default()
    };
    let request = UpsertClaimContextRequest { claim_context: Some(known), request_id: id() };
    let told = house.as_a(Role::Partner).await.upsert_claim_context(request).await.unwrap();
    let context = told.into_inner().claim_context.unwrap().id;
    house.world.app().run_due().await.unwrap();
    let after = house.item(&item.id).await;
    assert_eq!(state(&after, slugs[0]), (EvidenceState::Present, String::new(), context));
    let (stands, words, _) = state(&after, slugs[1]);
    assert_eq!(stands, EvidenceState::Missing);
    assert_eq!(words, "documentation review lists it as not met");
    assert!(score(&after) > score(&item));
    let words = house.words(&item).await;
    let title = &item.evidence[0].title;
    assert!(words.iter().any(|line| line.contains(&format!("`{title}` is on file"))), "{words:?}");
}

#[tokio::test]
async fn a_persons_word_waives_and_overrules_what_was_before_it() {
    let house = House::new().await;
    let item = house.denied("A1", "197", "20260610").await;
    let slug = item.evidence[0].standard.as_str();
    let waived = house.say(&item, slug, EvidenceState::Waived).await.unwrap();
    assert_eq!(state(&waived, slug), (EvidenceState::Waived, String::new(), String::new()));
    assert_eq!(waived.evidence_missing_count, item.evidence_missing_count - 1);
    let line = house.words(&item).await.remove(0);
    assert!(
        line.starts_with(&format!("said that `{slug}` is not needed, because it is in")),
        "{line}"
    );
    house.upload(of(&item, &[slug]), PDF).await.unwrap();
    house.world.clock().advance(TimeDelta::minutes(1));
    let now = house.item(&item.id).await;
    let missing = house.say(&now, slug, EvidenceState::Missing).await.unwrap();
    let (stands, words, _) = state(&missing, slug);
    assert_eq!(stands, EvidenceState::Missing, "the document was there before");
    assert!(words.starts_with("a person marked it as missing on "), "{words}");
    house.world.clock().advance(TimeDelta::minutes(1));
    let document = house.upload(of(&item, &[slug]), PDF).await.unwrap();
    let now = house.item(&item.id).await;
    assert_eq!(state(&now, slug).2, document.id, "what came later counts");
    // Elsewhere.
    let other = item.evidence[1].standard.as_str();
    let elsewhere = house.say(&now, other, EvidenceState::Present).await.unwrap();
    assert_eq!(state(&elsewhere, other), (EvidenceState::Present, String::new(), String::new()));
}

#[tokio::test]
async fn words_are_refused_from_strangers_and_about_what_is_not_asked() {
    let house = House::new().await;
    let item = house.denied("A1", "197", "20260610").await;
    let slug = item.evidence[0].standard.clone();
    let good = SetEvidenceStateRequest {
        work_item_id: item.id.clone(),
        standard: slug.clone(),
        state: EvidenceState::Present.into(),
        reason: "in the portal".to_owned(),
        etag: item.etag.clone(),
        request_id: id(),
    };
    let mut specialist = house.as_a(Role::Specialist).await;
    type Change = fn(&mut SetEvidenceStateRequest);
    let cases: [(&str, Change); 5] = [
        ("state", |request| request.state = 0),
        ("reason", |request| request.reason = " ".to_owned()),
        ("standard", |request| request.standard = "no-such-standard".to_owned()),
        ("standard", |request| request.standard = "NOT A SLUG".to_owned()),
        ("etag", |request| request.etag = String::new()),
    ];
    for (field, change) in cases {
        let mut request = SetEvidenceStateRequest { request_id: id(), ..good.clone() };
        change(&mut request);
        let refused = specialist.set_evidence_state(request).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec![field.to_owned()])
        );
    }
    let stale = SetEvidenceStateRequest { etag: "77".to_owned(), ..good.clone() };
    let refused = specialist.set_evidence_state(stale).await.unwrap_err();
    assert_eq!(refusal(&refused).1, "STALE_ETAG");
    // Of another team's queue.
    let other = house.denied("A2", "50", "20260610").await;
    assert_ne!(other.team, item.team);
    let [admin] = house.group.people(&house.world, [Role::Unspecified]).await;
    let clinical = queue("clinical", &other.team, &[&admin]);
    let request = CreateQueueRequest { queue: Some(clinical), request_id: id() };
    house.as_a(Role::TeamLead).await.create_queue(request).await.unwrap();
    let standard = other.evidence[0].standard.clone();
    let refused = house.say(&other, &standard, EvidenceState::Present).await.unwrap_err();
    assert_eq!(refusal(&refused).1, "NOT_OF_THIS_QUEUE");
    // A control; and what is done is not given evidence.
    let said = specialist.set_evidence_state(good).await.unwrap().into_inner().work_item.unwrap();
    let done = specialist
        .resolve_work_item(resolve(&said, None))
        .await
        .unwrap()
        .into_inner()
        .work_item
        .unwrap();
    let refused = house.say(&done, &slug, EvidenceState::Missing).await.unwrap_err();
    assert_eq!(refusal(&refused), (Code::FailedPrecondition, "INVALID_TRANSITION".to_owned()));
}

#[tokio::test]
async fn documents_are_listed_by_page_and_come_back_as_they_went_in() {
    let house = House::new().await;
    let item = house.denied("A1", "197", "20260610").await;
    let slug = item.evidence[0].standard.as_str();
    let text: Vec<u8> = (0..300_000_u32).map(|at| b"abcdefgh\n"[(at % 9) as usize]).collect();
    let mut ids = Vec::new();
    for bytes in [PDF, text.as_slice(), b"<?xml version=\"1.0\"?><ClinicalDocument/>"] {
        ids.push(house.upload(of(&item, &[slug]), bytes).await.unwrap().id);
    }
    ids.reverse();
    let first = ListEvidenceRequest {
        case_id: item.case_id.clone(),
        page_size: 2,
        ..ListEvidenceRequest::default()
    };
    let page = house.list(first.clone()).await;
    let rest = house.list(ListEvidenceRequest { page_token: page.next_page_token, ..first }).await;
    let listed = page.documents.iter().chain(&rest.documents);
    let listed: Vec<&EvidenceDocument> = listed.collect();
    assert_eq!(listed.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), ids);
    assert_eq!(rest.next_page_token, "");
    let kinds: Vec<&str> = listed.iter().map(|it| it.media_type.as_str()).collect();
    assert_eq!(kinds, ["application/xml", "text/plain", "application/pdf"]);
    let request = DownloadEvidenceRequest { id: ids[1].clone() };
    let mut stream =
        house.as_a(Role::Specialist).await.download_evidence(request).await.unwrap().into_inner();
    let mut bytes = Vec::new();
    while let Some(part) = stream.next().await {
        bytes.extend(part.unwrap().chunk);
    }
    assert!(bytes == text, "{} bytes came back", bytes.len());
}

#[tokio::test]
async fn an_upload_that_is_not_what_it_says_leaves_nothing() {
    let house = House::with(&[("ROUTING__EVIDENCE_BYTES_MAX", "1000")]).await;
    let item = house.denied("A1", "197", "20260610").await;
    let slug = item.evidence[0].standard.as_str();
    let good = || of(&item, &[slug]);
    let invalid = |field: &'static str, header: EvidenceHeader| (field, header);
    for (field, header) in [
        invalid("header.standards[0]", of(&item, &["no-such-standard"])),
        invalid("header.standards", of(&item, &[])),
        invalid("header.standards", of(&item, &[slug, slug])),
        invalid("header.file_name", EvidenceHeader { file_name: String::new(), ..good() }),
        invalid("header.case_id", EvidenceHeader { case_id: "A1".to_owned(), ..good() }),
    ] {
        assert_eq!(fields(&house.upload(header, PDF).await.unwrap_err()), [field]);
    }
    let other_hash = EvidenceHeader { sha256: "0".repeat(64), ..good() };
    let elsewhere = EvidenceHeader { case_id: id(), ..good() };
    for (header, bytes, expected) in [
        (elsewhere, PDF.to_vec(), "NOT_FOUND"),
        (other_hash, PDF.to_vec(), "HASH_MISMATCH"),
        (good(), Vec::new(), "UPLOAD_EMPTY"),
        (good(), vec![b'a'; 1_001], "UPLOAD_TOO_LARGE"),
    ] {
        assert_eq!(refusal(&house.upload(header, &bytes).await.unwrap_err()).1, expected);
    }
    let headless = vec![UploadEvidenceRequest { part: Some(Part::Chunk(PDF.to_vec())) }];
    let mut partner = house.as_a(Role::Partner).await;
    let refused = partner.upload_evidence(tokio_stream::iter(headless)).await.unwrap_err();
    assert_eq!(refusal(&refused).1, "UPLOAD_HEADER_MISSING");
    let request =
        ListEvidenceRequest { case_id: item.case_id.clone(), ..ListEvidenceRequest::default() };
    assert!(house.list(request.clone()).await.documents.is_empty());
    assert_eq!(house.item(&item.id).await, item, "nothing was touched");
    // A control, and its repetition.
    let once = good();
    let first = house.upload(once.clone(), &[b'a'; 1_000]).await.unwrap();
    assert_eq!(house.upload(once.clone(), &[b'a'; 1_000]).await.unwrap(), first);
    let refused = house.upload(once, b"other").await.unwrap_err();
    assert_eq!(refusal(&refused).1, "REQUEST_ID_REUSED");
    assert_eq!(house.list(request).await.documents.len(), 1);
}

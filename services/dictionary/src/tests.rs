//! The service on a database of its own, without a wire.

use contracts::dictionary::v1 as pb;
use domain::tenancy::TenantId;
use platform::access::Caller;
use platform::clock::Clock;
use platform::rejection::Rejection;
use platform::tasks::Tasks;
use platform::tenant_tx::DatabaseSettings;

use super::*;

/// A database file that is removed with its folder.
pub(crate) struct World {
    pub(crate) dictionary: Dictionary,
    folder: std::path::PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

pub(crate) async fn world() -> World {
    let folder = std::env::temp_dir().join(format!("overturn-dictionary-{}", platform::ids::new()));
    std::fs::create_dir(&folder).unwrap();
    let url = format!("sqlite://{}/d.db", folder.display());
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    let database = Database::open(&settings, Clock::system()).await.unwrap();
    let dictionary =
        Dictionary::open(database, Keys::ephemeral(), peers(), Tasks::default()).await.unwrap();
    World { dictionary, folder }
}

/// Ways that lead nowhere: what is tested here asks nobody.
fn peers() -> Peers {
    let nowhere = || platform::wire::Wire::remote("http://127.0.0.1:9").unwrap();
    Peers { identity: nowhere(), routing: nowhere() }
}

pub(crate) fn someone() -> Caller {
    Caller::on_duty(TenantId::from_uuid(platform::ids::new()), "tests.dictionary")
}

async fn publish(world: &World, caller: &Caller) -> pb::Revision {
    let request = pb::PublishBaseDictionaryRequest {
        reason: "the committee starts here".to_owned(),
        ..pb::PublishBaseDictionaryRequest::default()
    };
    world.dictionary.publish_base(caller, request).await.unwrap().revision.unwrap()
}

fn facts(carc: &str) -> Option<pb::Facts> {
    let (group, carc) = ("CO".to_owned(), carc.to_owned());
    Some(pb::Facts { group, carc, ..pb::Facts::default() })
}

fn name(value: &str) -> pb::PayerAlias {
    pb::PayerAlias { kind: pb::PayerAliasKind::Name.into(), value: value.to_owned() }
}

fn number(value: &str) -> pb::PayerAlias {
    pb::PayerAlias { kind: pb::PayerAliasKind::PayerId.into(), value: value.to_owned() }
}

async fn payer(world: &World, caller: &Caller, slug: &str, aliases: Vec<pb::PayerAlias>) -> Payer {
    let request = pb::CreatePayerRequest {
        slug: slug.to_owned(),
        display_name: slug.to_uppercase(),
        aliases,
        line_of_business: pb::LineOfBusiness::Commercial.into(),
        ..pb::CreatePayerRequest::default()
    };
    world.dictionary.create(caller, request).await.map(|answer| answer.payer.unwrap())
}

type Payer = Result<pb::Payer, Error>;

#[tokio::test]
async fn a_repeated_request_is_answered_as_before_and_other_content_is_refused() {
    let world = world().await;
    let caller = someone();
    let request = pb::CreatePayerRequest {
        slug: "aetna".to_owned(),
        display_name: "Aetna".to_owned(),
        request_id: platform::ids::new().to_string(),
        ..pb::CreatePayerRequest::default()
    };
    let first = world.dictionary.create(&caller, request.clone()).await.unwrap();
    assert_eq!(world.dictionary.create(&caller, request.clone()).await.unwrap(), first);
    let other = pb::CreatePayerRequest { slug: "cigna".to_owned(), ..request };
    let refused = world.dictionary.create(&caller, other).await.unwrap_err();
    assert_eq!(refused.reason(), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn publishing_the_same_base_again_answers_the_revision_that_stands() {
    let world = world().await;
    let caller = someone();
    let first = publish(&world, &caller).await;
    assert_eq!((first.number, first.active, first.starting_point), (1, true, true));
    assert_eq!(publish(&world, &caller).await, first);
    let listed = world.dictionary.revisions(&caller, pb::ListRevisionsRequest::default()).await;
    assert_eq!(listed.unwrap().revisions, std::slice::from_ref(&first));
    for name in ["active", "1", &first.hash] {
        let request = pb::GetRevisionRequest { revision: name.to_owned() };
        let got = world.dictionary.revision(&caller, request).await.unwrap();
        assert_eq!(got.revision, Some(first.clone()));
    }
}

#[tokio::test]
async fn validating_only_publishes_nothing() {
    let world = world().await;
    let caller = someone();
    let request = pb::PublishBaseDictionaryRequest {
        reason: "a look".to_owned(),
        validate_only: true,
        ..pb::PublishBaseDictionaryRequest::default()
    };
    let would = world.dictionary.publish_base(&caller, request).await.unwrap().revision.unwrap();
    assert_eq!(would.number, 1);
    let decide = pb::DecideRequest { facts: facts("16"), revision: String::new() };
    let refused = world.dictionary.decision(&caller, decide).await.unwrap_err();
    assert_eq!(refused.reason(), "NO_ACTIVE_REVISION");
}

#[tokio::test]
async fn compiled_content_is_what_its_hash_names_and_is_left_out_when_known() {
    let world = world().await;
    let caller = someone();
    let revision = publish(&world, &caller).await;
    let mut request =
        pb::GetCompiledRevisionRequest { revision: "active".to_owned(), ..Default::default() };
    let answer = world.dictionary.content(&caller, request.clone()).await.unwrap();
    let text = String::from_utf8(answer.canonical_json).unwrap();
    assert_eq!(domain::dictionary::ContentHash::of(&text).to_string(), answer.hash);
    assert_eq!((answer.hash.clone(), answer.number), (revision.hash, 1));
    request.known_hash = answer.hash;
    let known = world.dictionary.content(&caller, request).await.unwrap();
    assert!(known.canonical_json.is_empty());
}

#[tokio::test]
async fn another_tenants_revision_is_unknown_even_when_its_content_is_at_hand() {
    let world = world().await;
    let (ours, theirs) = (someone(), someone());
    let revision = publish(&world, &theirs).await.hash;
    let request = pb::DecideRequest { facts: facts("16"), revision: revision.clone() };
    world.dictionary.decision(&theirs, request.clone()).await.unwrap();
    let foreign = world.dictionary.decision(&ours, request.clone()).await.unwrap_err();
    let missing = pb::DecideRequest { revision: "0".repeat(64), ..request };
    let missing = world.dictionary.decision(&ours, missing).await.unwrap_err();
    assert_eq!(foreign.reason(), "UNKNOWN_REVISION");
    assert_eq!(foreign.to_string(), missing.to_string());
}

#[tokio::test]
async fn a_receipt_verifies_and_an_altered_one_names_what_differs() {
    let world = world().await;
    let caller = someone();
    publish(&world, &caller).await;
    let request = pb::DecideRequest { facts: facts("197"), revision: String::new() };
    let decision = world.dictionary.decision(&caller, request).await.unwrap().decision.unwrap();
    let receipt = decision.receipt.unwrap();
    assert!(!receipt.entry.is_empty() && !receipt.team.is_empty() && !receipt.why.is_empty());
    let verify = async |receipt: &pb::Receipt, carc: &str| {
        let request =
            pb::VerifyReceiptRequest { receipt: Some(receipt.clone()), facts: facts(carc) };
        world.dictionary.verification(&caller, request).await.unwrap()
    };
    let answer = verify(&receipt, "197").await;
    assert!(answer.valid && answer.differences.is_empty());
    let mut altered = receipt.clone();
    altered.team = "nobody".to_owned();
    altered.why.pop();
    assert_eq!(verify(&altered, "197").await.differences, ["team", "why"]);
    let other = verify(&receipt, "16").await;
    assert!(!other.valid && other.differences.contains(&"inputs_hash".to_owned()));
}

#[tokio::test]
async fn an_unknown_code_is_an_exception_with_an_owner_and_a_reason() {
    let world = world().await;
    let caller = someone();
    publish(&world, &caller).await;
    let request = pb::ExplainDecisionRequest { facts: facts("ZZ9"), revision: String::new() };
    let told = world.dictionary.explanation(&caller, request).await.unwrap();
    let receipt = told.decision.unwrap().receipt.unwrap();
    assert_eq!(receipt.unmapped(), pb::ExceptionKind::UnknownCode);
    assert_eq!(receipt.next_action(), pb::NextAction::ExceptionReview);
    assert!(!receipt.team.is_empty());
    assert!(told.explanation.iter().any(|line| line.contains("no entry names CARC ZZ9")));
}

#[tokio::test]
async fn a_number_matches_before_a_name_and_a_guess_is_not_applied() {
    let world = world().await;
    let caller = someone();
    let aetna = payer(&world, &caller, "aetna", vec![number("60054")]).await.unwrap();
    payer(&world, &caller, "cigna", vec![name("Cigna Health")]).await.unwrap();
    let find = async |aliases: Vec<pb::PayerAlias>| {
        let request = pb::MatchPayerRequest { aliases };
        world.dictionary.match_aliases(&caller, request).await.unwrap()
    };
    let found = find(vec![name("CIGNA  health"), number("60054")]).await;
    assert_eq!(found.payer, Some(aetna));
    assert_eq!(found.matched_alias, Some(number("60054")));
    assert_eq!(find(vec![name("cigna  HEALTH")]).await.payer.unwrap().slug, "cigna");
    let guess = find(vec![name("CIGNA HEALTH OF OHIO")]).await;
    assert_eq!((guess.payer, guess.candidates.len()), (None, 1));
    assert_eq!(find(vec![name("HUMANA")]).await, pb::MatchPayerResponse::default());
}

#[tokio::test]
async fn an_alias_belongs_to_one_payer_of_a_tenant() {
    let world = world().await;
    let (ours, theirs) = (someone(), someone());
    let aetna = payer(&world, &ours, "aetna", vec![name("AETNA")]).await.unwrap();
    let taken = payer(&world, &ours, "other", vec![name("aetna")]).await.unwrap_err();
    assert_eq!(taken.reason(), "ALIAS_TAKEN");
    let slug = payer(&world, &ours, "aetna", Vec::new()).await.unwrap_err();
    assert_eq!(slug.reason(), "SLUG_TAKEN");
    payer(&world, &theirs, "aetna", vec![name("AETNA")]).await.unwrap();
    let listed = world.dictionary.payers(&ours, pb::ListPayersRequest::default()).await.unwrap();
    assert_eq!(listed.payers, std::slice::from_ref(&aetna));
    let request = pb::GetPayerRequest { id: aetna.id };
    let foreign = world.dictionary.payer(&theirs, request).await.unwrap_err();
    assert_eq!(foreign.reason(), "NOT_FOUND");
}

#[tokio::test]
async fn adding_an_alias_changes_the_etag_once() {
    let world = world().await;
    let caller = someone();
    let before = payer(&world, &caller, "aetna", Vec::new()).await.unwrap();
    let add = async || {
        let request = pb::AddPayerAliasRequest {
            payer_id: "aetna".to_owned(),
            alias: Some(number("60054")),
            request_id: String::new(),
        };
        world.dictionary.add_alias(&caller, request).await.unwrap().payer.unwrap()
    };
    let after = add().await;
    assert_ne!(after.etag, before.etag);
    assert_eq!(after.aliases, [number("60054")]);
    assert_eq!(add().await, after);
}

use std::collections::BTreeMap;

use contracts::access::v1::Role;
use contracts::dictionary::v1::{GetCompiledRevisionRequest, ReplaySummary};
use contracts::google::r#type::Date;
use contracts::jobs::v1::{Job, JobState};
use contracts::routing::v1::{
    CancelJobRequest, Denial, GetDenialRequest, GetJobRequest, GetReplayRequest,
    ListDenialsRequest, ListSignaturesRequest, RemittancePurpose, ReplayRevisionRequest,
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use tests::samples::replayed;
use tests::{Group, Line, NewGroup, Remittance, World};
use tonic::{Code, Status};

const NPI: &str = "1234567893";

const AUTHORIZATION: &str = "197";
const LATE: &str = "29";

/// A group with history: live denials for want of an authorization, historical ones, and late
/// claims.
async fn with_history() -> (World, Group) {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    for (purpose, paid_on, claims) in [
        (RemittancePurpose::History, "20251020", [(AUTHORIZATION, 100_00), (LATE, 10_00)]),
        (RemittancePurpose::Live, "20260610", [(AUTHORIZATION, 200_00), (AUTHORIZATION, 300_00)]),
        (RemittancePurpose::Live, "20260611", [(LATE, 20_00), (AUTHORIZATION, 400_00)]),
        // Before the last 12 months.
        (RemittancePurpose::History, "20250501", [(AUTHORIZATION, 7_00), (LATE, 8_00)]),
    ] {
        let mut remittance = Remittance::to(NPI, paid_on);
        for (at, (carc, cents)) in claims.into_iter().enumerate() {
            let adjustments = [("CO", carc, cents)];
            let line = Line { charge: cents, paid: 0, adjustments: &adjustments, remarks: &[] };
            remittance = remittance.claim(&format!("P{paid_on}{at}"), "DOE", &[line]);
        }
        let bytes = remittance.x12();
        group.try_upload(&world, &bytes, purpose).await.unwrap();
        // The same bytes again change nothing.
        let again = group.try_upload(&world, &bytes, purpose).await.unwrap();
        assert!(again.already_received);
    }
    (world, group)
}

/// The active dictionary.
async fn active(world: &World, token: &str) -> Value {
    let request =
        GetCompiledRevisionRequest { revision: "active".to_owned(), ..Default::default() };
    let answer = world.dictionary(token).get_compiled_revision(request).await.unwrap();
    serde_json::from_slice(&answer.into_inner().canonical_json).unwrap()
}

async fn denials(world: &World, token: &str) -> Vec<Denial> {
    let request = ListDenialsRequest { page_size: 500, ..Default::default() };
    world.routing(token).list_denials(request).await.unwrap().into_inner().denials
}

/// The slug of the entry that decided a denial with this reason.
async fn entry(world: &World, token: &str, carc: &str) -> String {
    let all = denials(world, token).await;
    let one = all.iter().find(|denial| denial.reason.as_ref().unwrap().code == carc).unwrap();
    let request = GetDenialRequest { id: one.id.clone() };
    let denial = world.routing(token).get_denial(request).await.unwrap().into_inner().denial;
    denial.unwrap().receipt.unwrap().entry
}

fn entries<'d>(draft: &'d mut Value, slug: &str) -> &'d mut Value {
    let entries = draft["entries"].as_array_mut().unwrap();
    entries.iter_mut().find(|entry| entry["slug"] == slug).unwrap()
}

fn request(group: &Group, draft: &Value) -> ReplayRevisionRequest {
    ReplayRevisionRequest {
        base_revision: group.revision.clone(),
        draft_canonical_json: draft.to_string().into_bytes(),
        request_id: tests::id(),
        ..Default::default()
    }
}

async fn summary(world: &World, token: &str, job: Job) -> ReplaySummary {
    assert_eq!(job.state(), JobState::Succeeded, "{job:?}");
    let request = GetReplayRequest { id: job.result_id };
    world.routing(token).get_replay(request).await.unwrap().into_inner().replay.unwrap()
}

fn cents(money: Option<&contracts::money::v1::Money>) -> i64 {
    money.unwrap().amount_cents
}

#[tokio::test]
async fn a_replay_shows_what_another_owner_would_have_changed() {
    let (world, group) = with_history().await;
    let analyst = group.token(&world, Role::Analyst).await;
    let mut draft = active(&world, &analyst).await;
    let authorization = entry(&world, &analyst, AUTHORIZATION).await;
    entries(&mut draft, &authorization)["meaning"]["owner_function"] = json!("coding");
    let job = replayed(&world, &analyst, request(&group, &draft)).await.unwrap();
    assert_eq!((job.kind.as_str(), job.unit.as_str()), ("routing.replay", "denials"));
    assert_eq!((job.done, job.total), (6, 6));
    let found = summary(&world, &analyst, job).await;
    assert_eq!((found.denial_count, cents(found.denied.as_ref())), (6, 1_030_00));
    let changes: Vec<_> = found
        .changes
        .iter()
        .map(|change| {
            let values = (change.from_value.as_str(), change.to_value.as_str());
            let tally = (change.denial_count, cents(change.denied.as_ref()));
            (change.field.as_str(), values, tally)
        })
        .collect();
    let expected = ["owner_function", "team"];
    let expected = expected.map(|field| (field, ("authorization", "coding"), (4, 1_000_00)));
    assert_eq!(changes, expected);
    let loads: Vec<_> =
        found.team_loads.iter().map(|load| (load.team.as_str(), load.item_delta)).collect();
    assert_eq!(loads, [("authorization", -4), ("coding", 4)]);
    assert_eq!(found.open_work_item_count, 3, "history opened none, and the late ones stay");
    assert_eq!((found.missed_deadline_count, found.open_appeal_count), (0, 0));
    assert!(found.deterministic && !found.short_history);
    let days = [found.starts_on, found.ends_on].map(|day| day.unwrap());
    assert_eq!(days[0], Date { year: 2025, month: 10, day: 20 });
    assert_eq!(days[1], Date { year: 2026, month: 6, day: 11 });
    let all = denials(&world, &analyst).await;
    for id in &found.example_denial_ids {
        let example = all.iter().find(|denial| denial.id == *id).unwrap();
        assert_eq!(example.reason.as_ref().unwrap().code, AUTHORIZATION);
    }
    assert!(!found.example_denial_ids.is_empty());
}

#[tokio::test]
async fn an_amount_and_a_deadline_are_replayed_denial_by_denial() {
    let (world, group) = with_history().await;
    let analyst = group.token(&world, Role::Analyst).await;
    let mut draft = active(&world, &analyst).await;
    let authorization = entry(&world, &analyst, AUTHORIZATION).await;
    let mut large = entries(&mut draft, &authorization).clone();
    large["slug"] = json!("large-authorization");
    large["match"]["amount"] = json!({ "at_least": 300_00 });
    large["meaning"]["owner_function"] = json!("coding");
    draft["entries"].as_array_mut().unwrap().push(large);
    let job = replayed(&world, &analyst, request(&group, &draft)).await.unwrap();
    let found = summary(&world, &analyst, job).await;
    let owner = found.changes.iter().find(|change| change.field == "owner_function").unwrap();
    assert_eq!((owner.denial_count, cents(owner.denied.as_ref())), (2, 700_00));
    assert_eq!(found.open_work_item_count, 2);

    let mut draft = active(&world, &analyst).await;
    for rule in draft["deadline_rules"].as_array_mut().unwrap() {
        if rule["count"].as_u64().is_some() {
            rule["count"] = json!(1);
        }
    }
    let job = replayed(&world, &analyst, request(&group, &draft)).await.unwrap();
    let found = summary(&world, &analyst, job).await;
    let deadlines = found.changes.iter().filter(|change| change.field == "deadline");
    assert!(deadlines.map(|change| change.denial_count).sum::<i64>() >= 4, "{found:?}");
    assert!(found.missed_deadline_count > 0, "windows of this month are closed by a day");
    assert!(found.deterministic);
}

#[tokio::test]
async fn the_same_revision_changes_nothing_and_a_span_is_whole_months() {
    let (world, group) = with_history().await;
    let lead = group.token(&world, Role::TeamLead).await;
    let draft = active(&world, &lead).await;
    let mut request = request(&group, &draft);
    request.starts_on = Some(Date { year: 2025, month: 5, day: 31 });
    let job = replayed(&world, &lead, request.clone()).await.unwrap();
    let found = summary(&world, &lead, job).await;
    assert_eq!((found.denial_count, cents(found.denied.as_ref())), (8, 1_045_00));
    assert_eq!(found.starts_on, Some(Date { year: 2025, month: 5, day: 1 }));
    assert!(found.changes.is_empty() && found.team_loads.is_empty(), "{found:?}");
    assert!(found.example_denial_ids.is_empty() && found.deterministic);
    assert_eq!(found.open_work_item_count, 0);
    request.starts_on = Some(Date { year: 2026, month: 6, day: 30 });
    request.request_id = tests::id();
    let job = replayed(&world, &lead, request).await.unwrap();
    let found = summary(&world, &lead, job).await;
    assert_eq!((found.denial_count, found.short_history), (4, true));
}

#[tokio::test]
async fn a_bad_draft_a_strange_base_and_too_much_are_refused() {
    let (world, group) = with_history().await;
    let analyst = group.token(&world, Role::Analyst).await;
    let mut draft = active(&world, &analyst).await;
    let good = request(&group, &draft);
    let twin = {
        let mut twin = draft["entries"][0].clone();
        twin["slug"] = json!("twin");
        twin
    };
    draft["entries"].as_array_mut().unwrap().push(twin);
    let conflicting = request(&group, &draft);
    let with = |change: &dyn Fn(&mut ReplayRevisionRequest)| {
        let mut request = ReplayRevisionRequest { request_id: tests::id(), ..good.clone() };
        change(&mut request);
        request
    };
    let unknown = "0".repeat(64);
    let day = Date { year: 2026, month: 2, day: 30 };
    for (bad, code, reason) in [
        (conflicting, Code::InvalidArgument, "DRAFT_UNUSABLE"),
        (
            with(&|r| r.draft_canonical_json = b"{}".to_vec()),
            Code::InvalidArgument,
            "DRAFT_UNUSABLE",
        ),
        (with(&|r| r.draft_canonical_json.clear()), Code::InvalidArgument, "DRAFT_UNUSABLE"),
        (with(&|r| r.base_revision.clone_from(&unknown)), Code::NotFound, "NOT_FOUND"),
        (with(&|r| r.base_revision = "active".to_owned()), Code::InvalidArgument, "INVALID_FIELDS"),
        (with(&|r| r.starts_on = Some(day)), Code::InvalidArgument, "INVALID_FIELDS"),
        (
            with(&|r| r.draft_canonical_json.resize((32 << 20) + 1, b' ')),
            Code::InvalidArgument,
            "INVALID_FIELDS",
        ),
    ] {
        let refusal = replayed(&world, &analyst, bad).await.unwrap_err();
        assert_eq!(
            (refusal.code(), self::reason(&refusal).as_str()),
            (code, reason),
            "{refusal:?}"
        );
    }
    // Not canonical, and larger than a message is by default.
    let large = with(&|r| r.draft_canonical_json.resize(8 << 20, b' '));
    let job = replayed(&world, &analyst, large).await.unwrap();
    assert!(summary(&world, &analyst, job).await.changes.is_empty());
}

fn reason(refusal: &Status) -> String {
    tonic_types::StatusExt::get_details_error_info(refusal).unwrap().reason
}

#[tokio::test]
async fn jobs_and_replays_are_their_tenants_own() {
    let (world, group) = with_history().await;
    let other = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let (us, them) = (group.everyone(&world).await, other.everyone(&world).await);
    let draft = active(&world, &us).await;
    let job = replayed(&world, &us, request(&group, &draft)).await.unwrap();
    let mut routing = world.routing(&them);
    let asked = GetJobRequest { id: job.id.clone() };
    assert_eq!(routing.get_job(asked).await.unwrap_err().code(), Code::NotFound);
    let asked = CancelJobRequest { id: job.id.clone(), request_id: tests::id() };
    assert_eq!(routing.cancel_job(asked).await.unwrap_err().code(), Code::NotFound);
    let asked = GetReplayRequest { id: job.result_id.clone() };
    assert_eq!(routing.get_replay(asked).await.unwrap_err().code(), Code::NotFound);
    let theirs = request(&other, &draft);
    let theirs = replayed(&world, &them, theirs).await.unwrap();
    assert_eq!(summary(&world, &them, theirs).await.denial_count, 0, "theirs is empty");
    let asked = CancelJobRequest { id: job.id.clone(), request_id: tests::id() };
    let same = world.routing(&us).cancel_job(asked).await.unwrap().into_inner().job;
    assert_eq!(same, Some(job), "a finished job stays as it is");
}

/// Sums of denials by everything that names a kind, and of listed signatures.
async fn sums(world: &World, token: &str) -> [(i64, i64); 2] {
    let all = denials(world, token).await;
    let ledger =
        all.iter().fold((0, 0), |sum, denial| (sum.0 + 1, sum.1 + cents(denial.denied.as_ref())));
    let request = ListSignaturesRequest { starts_on: Some(Date { year: 2025, month: 1, day: 1 }) };
    let pages = world.routing(token).list_signatures(request).await.unwrap().into_inner();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    let mut signatures = BTreeMap::new();
    for one in pages.into_iter().flat_map(|page| page.signatures) {
        let sum = (one.denial_count, one.denied_cents);
        assert_eq!(signatures.insert(one.encoded, sum), None, "a signature comes once");
    }
    let listed = signatures.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    [ledger, listed]
}

#[tokio::test]
async fn signatures_add_up_to_the_denials() {
    let (world, group) = with_history().await;
    let analyst = group.token(&world, Role::Analyst).await;
    assert_eq!(sums(&world, &analyst).await, [(8, 1_045_00); 2]);
    let recent = ListSignaturesRequest::default();
    let pages = world.routing(&analyst).list_signatures(recent).await.unwrap().into_inner();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    let counts = pages.iter().flat_map(|page| &page.signatures).map(|one| one.denial_count);
    assert_eq!(counts.sum::<i64>(), 6, "those of the last 12 months");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postings_at_the_same_time_count_everything_once_and_replays_see_one_state() {
    let (world, group) = with_history().await;
    let analyst = group.token(&world, Role::Analyst).await;
    let mut draft = active(&world, &analyst).await;
    // Every deadline moves, so that every denial is looked at beside its count.
    for rule in draft["deadline_rules"].as_array_mut().unwrap() {
        if let Some(count) = rule["count"].as_u64() {
            rule["count"] = json!(count + 1);
        }
    }
    let files: Vec<Vec<u8>> = (0..6)
        .map(|file| {
            let carcs = [AUTHORIZATION, LATE, "50", "16", "18", "22"];
            let mut remittance = Remittance::to(NPI, "20260612");
            for at in 0..12 {
                // Each file meets the kinds of denials in another order.
                let carc = carcs[(file * 5 + at * (file % 2 + 1)) % carcs.len()];
                let adjustments = [("CO", carc, 50_00)];
                let line =
                    Line { charge: 50_00, paid: 0, adjustments: &adjustments, remarks: &["M62"] };
                remittance = remittance.claim(&format!("F{file}C{at}"), "DOE", &[line]);
            }
            remittance.x12()
        })
        .collect();
    // Each of them twice, all at once.
    let uploads = files.iter().chain(&files);
    let uploads = uploads.map(|bytes| group.try_upload(&world, bytes, RemittancePurpose::Live));
    let replays = async {
        for _ in 0..4 {
            let job = replayed(&world, &analyst, request(&group, &draft)).await.unwrap();
            let found = summary(&world, &analyst, job).await;
            assert!(found.deterministic && found.denial_count >= 6);
        }
    };
    let (answers, ()) = tokio::join!(futures::future::join_all(uploads), replays);
    for answer in answers {
        answer.unwrap();
    }
    let [ledger, listed] = sums(&world, &analyst).await;
    assert_eq!(ledger, listed);
    assert!(ledger.0 > 50, "{ledger:?}");
}

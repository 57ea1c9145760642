//! Releases of code sets: imported whole or not at all, compared, and put before the committee.

use contracts::access::v1::Role;
use contracts::dictionary::v1::Code as CodeOfSet;
use contracts::dictionary::v1::*;
use contracts::google::r#type::Date;
use contracts::identity::v1::ListAuditEventsRequest;
use contracts::jobs::v1::{Job, JobState};
use tests::samples::{ended, imported};
use tests::{Governing, Group, Line, NewGroup, Remittance, World, id};
use tonic::{Code, Status};
use tonic_types::StatusExt;

async fn board(world: &World) -> Group {
    Group::board(world, &NewGroup::new("north", "1234567893")).await
}

/// A group with one denial of $120 for want of an authorization.
async fn with_denial(world: &World) -> Group {
    let group = board(world).await;
    let adjustments = [("CO", "197", 120_00)];
    let line = Line { charge: 120_00, paid: 0, adjustments: &adjustments, remarks: &[] };
    let remittance = Remittance::to(&group.npi, "20260610").claim("PCN1", "DOE", &[line]);
    group.upload(world, &remittance.x12()).await;
    group
}

/// A release of reason codes, published on a day of May.
fn release(day: i32, rows: &str) -> ImportCodeSetReleaseRequest {
    ImportCodeSetReleaseRequest {
        code_set: "CARC".to_owned(),
        released_on: Some(Date { year: 2026, month: 5, day }),
        source: "our licensed copy".to_owned(),
        csv: format!("code,label,start,stop\n{rows}").into_bytes(),
        request_id: id(),
        ..ImportCodeSetReleaseRequest::default()
    }
}

const STOPPING: &str = "197,Licensed sentence,1995-10-31,2026-12-31\n9998,A new one,2026-05-01,\n";

async fn code(world: &World, token: &str, code: &str) -> Result<CodeOfSet, Status> {
    let request = GetCodeRequest { code_set: "CARC".to_owned(), code: code.to_owned() };
    Ok(world.dictionary(token).get_code(request).await?.into_inner().code.unwrap())
}

async fn releases(world: &World, token: &str) -> Vec<CodeSetRelease> {
    let request = ListCodeSetReleasesRequest::default();
    let listed = world.dictionary(token).list_code_set_releases(request).await.unwrap();
    listed.into_inner().code_set_releases
}

async fn changes(world: &World, token: &str, release: &str) -> Result<Vec<CodeChange>, Status> {
    let request = ListCodeChangesRequest {
        code_set_release_id: release.to_owned(),
        ..ListCodeChangesRequest::default()
    };
    let listed = world.dictionary(token).list_code_changes(request).await?;
    Ok(listed.into_inner().code_changes)
}

async fn drafts(world: &World, token: &str) -> Vec<ChangeRequest> {
    let request = ListChangeRequestsRequest {
        filter: "source = CODE_SET_RELEASE".to_owned(),
        ..ListChangeRequestsRequest::default()
    };
    let listed = world.dictionary(token).list_change_requests(request).await.unwrap();
    listed.into_inner().change_requests
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fn succeeded(job: &Job) {
    assert_eq!(job.state(), JobState::Succeeded, "{} {}", job.failure_reason, job.failure_text);
}

#[tokio::test]
async fn a_tenants_release_is_its_own_and_says_what_it_did_with_volume_and_money() {
    let world = World::new().await;
    let group = with_denial(&world).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let before = code(&world, &admin, "197").await.unwrap();
    let request = release(1, STOPPING);
    let job = imported(&world, &admin, request.clone()).await.unwrap();
    succeeded(&job);
    assert_eq!(job.kind, "dictionary.import_code_set_release");
    assert_eq!((job.unit.as_str(), job.done, job.total), ("rows", 2, 2));
    let after = code(&world, &admin, "197").await.unwrap();
    assert_eq!(after.label, "Licensed sentence");
    assert!(after.current && before.label != after.label);
    let ends_on = Some(Date { year: 2026, month: 12, day: 31 });
    assert_eq!(after.validity_periods[0].ends_on, ends_on);
    assert_eq!(after.remark_required, before.remark_required, "what is left out stays");
    let untouched = code(&world, &admin, "29").await.unwrap();
    assert!(untouched.current, "a code that is left out stays");

    let listed = releases(&world, &admin).await;
    let [one] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((&one.id, one.code_set.as_str()), (&job.result_id, "CARC"));
    assert_eq!((one.added_count, one.reworded_count, one.stopping_count), (1, 1, 1));
    assert_eq!((one.stopped_count, one.reactivated_count, one.amended_count), (0, 0, 0));
    // Every role that may ask is answered, whatever it may ask of routing.
    for role in [Role::TenantAdmin, Role::Specialist, Role::Auditor, Role::Partner] {
        let token = group.token(&world, role).await;
        let listed = changes(&world, &token, &job.result_id).await.unwrap();
        let listed: Vec<_> = listed
            .iter()
            .map(|it| (it.code.as_str(), it.kind(), it.denial_count, cents(it)))
            .collect();
        let expected = [
            ("197", CodeChangeKind::Reworded, 1, 120_00),
            ("197", CodeChangeKind::Stopping, 1, 120_00),
            ("9998", CodeChangeKind::Added, 0, 0),
        ];
        assert_eq!(listed, expected, "{role:?}");
    }
    let sets = world.dictionary(&admin).list_code_sets(ListCodeSetsRequest::default()).await;
    let sets = sets.unwrap().into_inner().code_sets;
    let carc = sets.iter().find(|set| set.slug == "CARC").unwrap();
    assert_eq!((carc.code_count, carc.source.as_str()), (408, "our licensed copy"));
    assert!(carc.as_of.contains("2026-05-01"));

    let stranger = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let stranger = stranger.everyone(&world).await;
    assert_eq!(code(&world, &stranger, "197").await.unwrap(), before);
    assert_eq!(releases(&world, &stranger).await, []);
    let foreign = changes(&world, &stranger, &job.result_id).await.unwrap_err();
    assert_eq!(foreign.code(), Code::NotFound);
    let foreign = world.dictionary(&stranger).get_job(GetJobRequest { id: job.id }).await;
    assert_eq!(foreign.unwrap_err().code(), Code::NotFound);
}

fn cents(change: &CodeChange) -> i64 {
    change.denied.as_ref().unwrap().amount_cents
}

#[tokio::test]
async fn a_release_that_touches_what_is_in_use_opens_one_draft_and_a_repeat_none() {
    let world = World::new().await;
    let group = with_denial(&world).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let request = release(1, STOPPING);
    let first = imported(&world, &admin, request.clone()).await.unwrap();
    succeeded(&first);
    let again = world.dictionary(&admin).import_code_set_release(request.clone()).await.unwrap();
    assert_eq!(again.into_inner().job.unwrap().id, first.id, "one request, one job");
    let other = ImportCodeSetReleaseRequest { source: "another".to_owned(), ..request.clone() };
    let other = world.dictionary(&admin).import_code_set_release(other).await.unwrap_err();
    assert_eq!(reason(&other), "REQUEST_ID_REUSED");
    let drafted = drafts(&world, &admin).await;
    let [draft] = drafted.as_slice() else { panic!("{drafted:?}") };
    assert_eq!((draft.state(), &draft.source_id), (ChangeRequestState::Draft, &first.result_id));
    assert_eq!(draft.title, "CARC release of 2026-05-01");
    let touched = "- entry carc-197: 1 denial, $120.00 (197 has another text, stops on 2026-12-31)";
    assert!(draft.reason.contains(touched), "{}", draft.reason);
    assert!(!draft.reason.contains("9998"), "nobody uses it: {}", draft.reason);
    assert!(draft.edits.is_empty());
    // The same rows once more, as another release: it changes nothing and drafts nothing.
    let same = ImportCodeSetReleaseRequest { request_id: id(), ..request };
    succeeded(&imported(&world, &admin, same).await.unwrap());
    assert_eq!(releases(&world, &admin).await.len(), 2);
    assert_eq!(drafts(&world, &admin).await.len(), 1);
    // Nor does one that only adds what nobody uses.
    succeeded(&imported(&world, &admin, release(2, "9997,Unused,,\n")).await.unwrap());
    assert_eq!(drafts(&world, &admin).await.len(), 1);
    let auditor = group.token(&world, Role::Auditor).await;
    let rpc = "/overturn.dictionary.v1.DictionaryService/ImportCodeSetRelease";
    let request = ListAuditEventsRequest {
        filter: format!("kind = \"CHANGE\" AND rpc = \"{rpc}\""),
        ..ListAuditEventsRequest::default()
    };
    let trail = world.identity(&auditor).list_audit_events(request).await.unwrap().into_inner();
    assert!(trail.audit_events.len() >= 3, "{}", trail.audit_events.len());
}

#[tokio::test]
async fn every_bad_row_is_listed_and_nothing_is_half_imported() {
    let world = World::new().await;
    let group = board(&world).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let bad =
        "197,Good,1995-10-31,\n,No code,,\n29,,2020-01-01,2019-01-01\n30,\"a\",x\n31,b,1/2/2026,\n";
    let refused = imported(&world, &admin, release(1, bad)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "BAD_ROWS"));
    assert_eq!(refused.message(), "the file has 5 faults, and nothing was imported");
    let listed = refused.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = listed.iter().map(|fault| fault.field.as_str()).collect();
    let expected = ["csv[5]", "csv[3].code", "csv[4].label", "csv[4].stop", "csv[6].start"];
    assert_eq!(fields, expected);
    assert!(listed[4].description.contains("2026-03-01"), "it says what would be right");
    assert_eq!(releases(&world, &admin).await, []);
    assert_ne!(code(&world, &admin, "197").await.unwrap().label, "Good");
    let many = (0..3_000).fold(String::new(), |rows, _| rows + "?,x,,\n");
    let refused = imported(&world, &admin, release(1, &many)).await.unwrap_err();
    assert!(refused.message().contains("3000 faults"), "{}", refused.message());
    assert_eq!(refused.get_details_bad_request().unwrap().field_violations.len(), 50);
    // What is tried is looked at just so, and leaves nothing.
    let mut tried = ImportCodeSetReleaseRequest { validate_only: true, ..release(1, bad) };
    assert_eq!(reason(&imported(&world, &admin, tried.clone()).await.unwrap_err()), "BAD_ROWS");
    tried.csv = release(1, STOPPING).csv;
    let answer = world.dictionary(&admin).import_code_set_release(tried).await.unwrap();
    let job = GetJobRequest { id: answer.into_inner().job.unwrap().id };
    let job = world.dictionary(&admin).get_job(job).await.unwrap_err();
    assert_eq!(job.code(), Code::NotFound);
    assert_eq!(releases(&world, &admin).await, []);
    // The control: without the bad rows it goes in.
    succeeded(&imported(&world, &admin, release(1, "197,Good,1995-10-31,\n")).await.unwrap());
    assert_eq!(code(&world, &admin, "197").await.unwrap().label, "Good");
}

#[tokio::test]
async fn a_request_that_says_too_little_or_nonsense_names_its_fields() {
    let world = World::new().await;
    let group = board(&world).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let ahead = Some(Date { year: 2026, month: 7, day: 1 });
    let bad = ImportCodeSetReleaseRequest {
        code_set: "PROPRIETARY".to_owned(),
        released_on: ahead,
        csv: vec![b' '; (4 << 20) + 1],
        ..ImportCodeSetReleaseRequest::default()
    };
    let refused = imported(&world, &admin, bad).await.unwrap_err();
    let listed = refused.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = listed.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["source", "released_on", "code_set", "csv"]);
    let unknown =
        ImportCodeSetReleaseRequest { code_set: "ICD".to_owned(), ..release(1, STOPPING) };
    let unknown = imported(&world, &admin, unknown).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "UNKNOWN_CODE_SET"));
}

#[tokio::test]
async fn an_older_release_fails_and_a_cancelled_one_leaves_nothing_or_was_done() {
    let world = World::new().await;
    let group = board(&world).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    succeeded(&imported(&world, &admin, release(20, "29,Text of the 20th,,\n")).await.unwrap());
    let older = imported(&world, &admin, release(19, "29,Text of the 19th,,\n")).await.unwrap();
    let failed = (older.state(), older.failure_reason.as_str());
    assert_eq!(failed, (JobState::Failed, "OLDER_RELEASE"));
    assert!(older.failure_text.contains("2026-05-20"), "{}", older.failure_text);
    assert_eq!(code(&world, &admin, "29").await.unwrap().label, "Text of the 20th");
    let request = release(21, "29,Text of the 21st,,\n");
    let mut client = world.dictionary(&admin);
    let job = client.import_code_set_release(request).await.unwrap().into_inner().job.unwrap();
    let cancel = CancelJobRequest { id: job.id.clone(), request_id: id() };
    let job = client.cancel_job(cancel).await.unwrap().into_inner().job.unwrap();
    let job = ended(&world, &admin, job).await;
    let label = code(&world, &admin, "29").await.unwrap().label;
    match job.state() {
        JobState::Cancelled => assert_eq!(label, "Text of the 20th"),
        JobState::Succeeded => assert_eq!(label, "Text of the 21st"),
        state => panic!("{state:?}"),
    }
    let kept = usize::from(job.state() == JobState::Succeeded);
    assert_eq!(releases(&world, &admin).await.len(), 1 + kept);
}

#[tokio::test]
async fn verify_judges_by_the_tenants_newest_release() {
    let world = World::new().await;
    let group = Governing::of(&world, &board(&world).await).await;
    let admin = group.group.token(&world, Role::TenantAdmin).await;
    let draft = group.draft("carc-197", "coding").await;
    let about = |check: &Check| {
        let found = check.findings.iter().filter(|it| it.slug == "carc-197");
        found.map(|it| it.code.clone()).collect::<Vec<_>>()
    };
    let (before, ..) = group.checked(&draft).await;
    assert!(!about(&before).contains(&"stopped_codes_only".to_owned()), "{:?}", about(&before));
    let stopped = "197,Authorization,1995-10-31,2026-04-30\n";
    succeeded(&imported(&world, &admin, release(1, stopped)).await.unwrap());
    let (after, ..) = group.checked(&group.read(&draft).await).await;
    assert!(about(&after).contains(&"stopped_codes_only".to_owned()), "{:?}", after.findings);
    let finding = after.findings.iter().find(|it| it.slug == "carc-197").unwrap();
    assert!(finding.words.contains("2026-04-30"), "{}", finding.words);
}

#[tokio::test]
async fn of_the_operators_release_and_a_tenants_own_the_later_one_is_in_force() {
    let world = World::new().await;
    let group = board(&world).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let operator = world.operator().await;
    let job = imported(&world, &operator, release(1, STOPPING)).await.unwrap();
    succeeded(&job);
    assert_eq!(code(&world, &admin, "197").await.unwrap().label, "Licensed sentence");
    let listed = releases(&world, &admin).await;
    assert_eq!(listed.iter().map(|it| &it.id).collect::<Vec<_>>(), [&job.result_id]);
    assert_eq!(releases(&world, &operator).await, listed);
    assert_eq!(changes(&world, &admin, &job.result_id).await.unwrap().len(), 3);
    // A tenant's own of the same day is compared with it, and stands over it.
    let own = imported(&world, &admin, release(1, "197,Ours,1995-10-31,\n")).await.unwrap();
    succeeded(&own);
    let did = changes(&world, &admin, &own.result_id).await.unwrap();
    let kinds: Vec<_> = did.iter().map(|it| it.kind()).collect();
    assert_eq!(kinds, [CodeChangeKind::Reworded, CodeChangeKind::Reactivated]);
    let ours = code(&world, &admin, "197").await.unwrap();
    assert_eq!((ours.label.as_str(), ends_on(&ours)), ("Ours", None));
    // A later one of the operator's says until when a code may be used; the tenant's text stays.
    let next = "197,The operator's,1995-10-31,2026-11-30\n29,In time,1995-01-01,\n";
    succeeded(&imported(&world, &operator, release(9, next)).await.unwrap());
    let stopping = Some(Date { year: 2026, month: 11, day: 30 });
    let ours = code(&world, &admin, "197").await.unwrap();
    assert_eq!((ours.label.as_str(), ends_on(&ours)), ("Ours", stopping));
    assert_eq!(code(&world, &admin, "29").await.unwrap().label, "In time");
    let all =
        ListCodesRequest { code_set: "CARC".to_owned(), page_size: 500, ..Default::default() };
    let all = world.dictionary(&admin).list_codes(all).await.unwrap().into_inner().codes;
    assert_eq!(all.iter().find(|it| it.code == "197"), Some(&ours), "both reads agree");
    assert!(as_of(&world, &admin).await.contains("2026-05-09"));
    let other = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let other = other.token(&world, Role::Analyst).await;
    let theirs = code(&world, &other, "197").await.unwrap();
    assert_eq!((theirs.label.as_str(), ends_on(&theirs)), ("The operator's", stopping));
    let foreign = changes(&world, &other, &own.result_id).await.unwrap_err();
    assert_eq!(foreign.code(), Code::NotFound);
    // What is older than what is in force is refused, whoever's that is.
    let older = imported(&world, &admin, release(8, "29,Older,,\n")).await.unwrap();
    assert_eq!(older.failure_reason, "OLDER_RELEASE");
    // The tenant's next one is laid over the operator's, and says what it changed there.
    let next = imported(&world, &admin, release(9, "29,Ours too,1995-01-01,\n")).await.unwrap();
    succeeded(&next);
    let did = changes(&world, &admin, &next.result_id).await.unwrap();
    let did: Vec<_> = did.iter().map(|it| (it.code.as_str(), it.kind())).collect();
    assert_eq!(did, [("29", CodeChangeKind::Reworded)]);
    let ours = code(&world, &admin, "197").await.unwrap();
    assert_eq!((ours.label.as_str(), ends_on(&ours)), ("Ours", stopping));
}

fn ends_on(code: &CodeOfSet) -> Option<Date> {
    code.validity_periods.first().and_then(|period| period.ends_on)
}

async fn as_of(world: &World, token: &str) -> String {
    let sets = world.dictionary(token).list_code_sets(ListCodeSetsRequest::default()).await;
    let sets = sets.unwrap().into_inner().code_sets;
    sets.into_iter().find(|set| set.slug == "CARC").unwrap().as_of
}

#[tokio::test]
async fn the_operators_release_opens_one_draft_of_nobodys_in_every_tenant_it_touches() {
    let world = World::new().await;
    let north = with_denial(&world).await.token(&world, Role::TenantAdmin).await;
    let operator = world.operator().await;
    let early = release(1, "197,First,1995-10-31,2026-12-30\n");
    succeeded(&imported(&world, &operator, early).await.unwrap());
    world.app().run_due().await.unwrap();
    assert_eq!(drafts(&world, &north).await.len(), 1);
    // A tenant that starts later has nothing to do with what was there before it.
    let south = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let south = south.token(&world, Role::TenantAdmin).await;
    world.app().run_due().await.unwrap();
    assert_eq!(drafts(&world, &south).await, []);
    let second = imported(&world, &operator, release(2, STOPPING)).await.unwrap();
    let third = release(3, "29,The text,1995-01-01,2026-12-31\n");
    let third = imported(&world, &operator, third).await.unwrap();
    assert_eq!(drafts(&world, &south).await, [], "nobody is on duty yet");
    for _ in 0..2 {
        world.app().run_due().await.unwrap();
        let drafted = drafts(&world, &south).await;
        let sources: Vec<_> = drafted.iter().map(|it| &it.source_id).collect();
        assert_eq!(sources, [&third.result_id, &second.result_id], "each once, and once only");
        for draft in &drafted {
            assert_eq!(draft.author, uuid::Uuid::nil().to_string());
            assert_eq!((draft.state(), draft.edits.len()), (ChangeRequestState::Draft, 0));
            assert!(draft.reason.contains("were not counted"), "{}", draft.reason);
        }
        let named = "- entry carc-197 (197 has another text, stops on 2026-12-31)";
        assert!(drafted[1].reason.contains(named), "{}", drafted[1].reason);
        assert_eq!(drafts(&world, &north).await.len(), 3);
    }
    // What the draft does not count is answered to whoever asks for it.
    let counted = changes(&world, &north, &second.result_id).await.unwrap();
    assert_eq!((counted[0].denial_count, cents(&counted[0])), (1, 120_00));
    // What touches nothing drafts nothing, nor does one that is under the tenant's own.
    let unused = imported(&world, &operator, release(4, "9997,Unused,,\n")).await.unwrap();
    succeeded(&unused);
    succeeded(&imported(&world, &north, release(9, "197,Ours,1995-10-31,\n")).await.unwrap());
    world.app().run_due().await.unwrap();
    assert_eq!(drafts(&world, &north).await.len(), 4, "the own one drafts as it is imported");
    assert_eq!(drafts(&world, &south).await.len(), 2);
    let hidden = release(5, "197,Hidden,1995-10-31,2026-10-31\n");
    succeeded(&imported(&world, &operator, hidden).await.unwrap());
    world.app().run_due().await.unwrap();
    assert_eq!(drafts(&world, &north).await.len(), 4);
    assert_eq!(drafts(&world, &south).await.len(), 3);
}

//! What became of denials, counted for the entries that decided them.

use contracts::access::v1::Role;
use contracts::dictionary::v1::*;
use prost_types::Timestamp;
use tests::{Governing, Group, NewGroup, World, id};
use tonic::{Code, Status};
use tonic_types::StatusExt;

const NOON: i64 = 1_781_524_800; // 2026-06-15, noon

async fn governed(world: &World) -> Governing<'_> {
    let group = Group::board(world, &NewGroup::new("north", "1234567893")).await;
    Governing::of(world, &group).await
}

fn outcome(revision: &str, overturned: bool) -> EntryOutcome {
    EntryOutcome {
        id: id(),
        entry: "carc-197".to_owned(),
        revision: revision.to_owned(),
        overturned,
        decision_days: None,
        decided_at: Some(Timestamp { seconds: NOON - 86_400, nanos: 0 }),
    }
}

/// `count` outcomes of which every `nth` was overturned.
fn outcomes(revision: &str, count: usize, nth: usize) -> Vec<EntryOutcome> {
    (1..=count).map(|at| outcome(revision, at.is_multiple_of(nth))).collect()
}

async fn record(
    group: &Governing<'_>,
    token: &str,
    outcomes: Vec<EntryOutcome>,
) -> Result<RecordEntryOutcomesResponse, Status> {
    let request = RecordEntryOutcomesRequest { outcomes, request_id: id() };
    Ok(group.client(token).record_entry_outcomes(request).await?.into_inner())
}

async fn evidence(group: &Governing<'_>) -> Vec<EntryEvidence> {
    let request = ListEntryEvidenceRequest::default();
    let listed = group.client(&group.analyst).list_entry_evidence(request).await.unwrap();
    listed.into_inner().entry_evidence
}

async fn drafted(group: &Governing<'_>) -> Vec<ChangeRequest> {
    group.changes_from(ChangeSource::OutcomeEvidence).await
}

/// What the starter expects of CARC 197, in basis points.
fn expected() -> usize {
    let bundle = domain::starter::bundle();
    let entry = bundle.entries.iter().find(|entry| entry.slug.as_str() == "carc-197").unwrap();
    usize::try_from(entry.meaning.expected_overturn.as_u32()).unwrap()
}

#[tokio::test]
async fn outcomes_that_fit_never_make_an_entry_suspect_and_count_once() {
    let world = World::new().await;
    let group = governed(&world).await;
    let partner = group.group.token(&world, Role::Partner).await;
    let sent: Vec<_> = (0..400)
        .map(|at| {
            outcome(
                &group.group.revision,
                at * expected() / 10_000 < (at + 1) * expected() / 10_000,
            )
        })
        .collect();
    let recorded = record(&group, &partner, sent.clone()).await.unwrap();
    assert_eq!((recorded.recorded_count, recorded.repeated_count), (400, 0));
    let more = outcome(&group.group.revision, true);
    let mixed: Vec<_> = sent[..99].iter().cloned().chain([more.clone(), more]).collect();
    let again = record(&group, &group.analyst, mixed).await.unwrap();
    assert_eq!((again.recorded_count, again.repeated_count), (1, 100));
    let [one] = evidence(&group).await.try_into().unwrap();
    assert_eq!(again.entry_evidence, std::slice::from_ref(&one));
    assert_eq!((one.entry.as_str(), one.outcome_count, one.suspect), ("carc-197", 401, false));
    let expected = i32::try_from(expected()).unwrap();
    assert_eq!(one.expected_overturn_basis_points, expected);
    assert!(one.interval_low_basis_points < expected && expected < one.interval_high_basis_points);
    assert!((one.observed_overturn_basis_points - expected).abs() < 50, "{one:?}");
    assert!(one.words.is_empty() && one.suspect_since.is_none());
    assert!(one.false_alarm_budget.contains("one true statement in 1000"), "{one:?}");
    assert!(drafted(&group).await.is_empty());
}

#[tokio::test]
async fn outcomes_that_contradict_an_entry_draft_one_change_of_it() {
    let world = World::new().await;
    let group = governed(&world).await;
    let revision = group.group.revision.clone();
    record(
        &group,
        &group.analyst,
        vec![EntryOutcome { entry: "carc-50".to_owned(), ..outcome(&revision, true) }],
    )
    .await
    .unwrap();
    let recorded = record(&group, &group.analyst, outcomes(&revision, 300, 100)).await.unwrap();
    let [one] = recorded.entry_evidence.try_into().unwrap();
    assert!(one.suspect && one.suspect_since.is_some(), "{one:?}");
    let [draft] = drafted(&group).await.try_into().unwrap();
    assert_eq!(one.change_request_id, draft.id);
    assert_eq!(draft.author, uuid::Uuid::nil().to_string());
    assert!(
        draft.reason.starts_with("3 of 300 denials were overturned: between "),
        "{}",
        draft.reason
    );
    assert!(draft.reason.contains("one true statement in 1000"), "{}", draft.reason);
    let json = &draft.edits[0].section.as_ref().unwrap().json;
    let proposed: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(proposed["meaning"]["expected_overturn"], 100);
    let listed = evidence(&group).await;
    let order: Vec<_> = listed.iter().map(|one| (one.entry.as_str(), one.suspect)).collect();
    assert_eq!(order, [("carc-197", true), ("carc-50", false)], "suspects first");

    let more = record(&group, &group.analyst, outcomes(&revision, 400, 100)).await.unwrap();
    assert_eq!(more.entry_evidence[0].change_request_id, draft.id);
    assert_eq!(drafted(&group).await.len(), 1, "not while one is open");

    // Refused, it is not asked again before outcomes have doubled.
    let withdraw = WithdrawChangeRequestRequest {
        id: draft.id.clone(),
        reason: "the appeals team was new".to_owned(),
        etag: draft.etag,
        ..WithdrawChangeRequestRequest::default()
    };
    group.client(&group.analyst).withdraw_change_request(withdraw).await.unwrap();
    let before = evidence(&group).await[0].outcome_count;
    assert_eq!(before, 700);
    record(&group, &group.analyst, outcomes(&revision, 1, 100)).await.unwrap();
    assert_eq!(drafted(&group).await.len(), 2, "700 are more than twice 300");
    let [second, _] = drafted(&group).await.try_into().unwrap();
    let withdraw = WithdrawChangeRequestRequest {
        id: second.id,
        reason: "still new".to_owned(),
        etag: second.etag,
        ..WithdrawChangeRequestRequest::default()
    };
    group.client(&group.analyst).withdraw_change_request(withdraw).await.unwrap();
    record(&group, &group.analyst, outcomes(&revision, 400, 100)).await.unwrap();
    assert_eq!(drafted(&group).await.len(), 2, "1,101 are not twice 701");
}

#[tokio::test]
async fn another_expectation_starts_anew_and_other_words_do_not() {
    let world = World::new().await;
    let group = governed(&world).await;
    let first = group.group.revision.clone();
    record(&group, &group.analyst, outcomes(&first, 20, 2)).await.unwrap();
    let owned = group.activate(&group.approved("carc-197", "coding").await, None).await.unwrap();
    record(&group, &group.analyst, outcomes(&owned.result_hash, 10, 2)).await.unwrap();
    assert_eq!(evidence(&group).await[0].outcome_count, 30, "the same expectation");

    record(&group, &group.analyst, outcomes(&first, 300, 100)).await.unwrap();
    let [draft] = drafted(&group).await.try_into().unwrap();
    let (.., change) = group.checked(&group.submitted(&draft).await).await;
    let approve = ReviewVerdict::Approve;
    let change = group.vote(&group.member, "coding", &change, approve).await.unwrap();
    let change = group.activate(&change, None).await.unwrap();
    assert!(evidence(&group).await.is_empty(), "what is expected now was never tried");
    record(&group, &group.analyst, outcomes(&change.result_hash, 40, 20)).await.unwrap();
    // Late answers to what was expected before are counted for that, and draft nothing.
    record(&group, &group.analyst, outcomes(&first, 400, 100)).await.unwrap();
    let [one] = evidence(&group).await.try_into().unwrap();
    assert_eq!((one.outcome_count, one.suspect), (40, false));
    assert_eq!(drafted(&group).await.len(), 1);
}

#[tokio::test]
async fn days_that_do_not_fit_make_an_entry_suspect_and_draft_nothing() {
    let world = World::new().await;
    let group = governed(&world).await;
    let late = outcomes(&group.group.revision, 100, 2).into_iter().map(|outcome| {
        // Half of them overturned, whatever is expected of that.
        EntryOutcome { decision_days: Some(900), entry: "carc-50".to_owned(), ..outcome }
    });
    let recorded = record(&group, &group.analyst, late.take(40).collect()).await.unwrap();
    let [one] = recorded.entry_evidence.try_into().unwrap();
    assert_eq!((one.answer_count, one.late_count), (40, 40));
    assert!(one.suspect && one.words.contains("40 of 40 answers took longer"), "{one:?}");
    assert!(one.change_request_id.is_empty(), "{one:?}");
    assert!(drafted(&group).await.is_empty());
}

#[tokio::test]
async fn bad_outcomes_are_refused_each_by_its_place_and_nothing_is_counted() {
    let world = World::new().await;
    let group = governed(&world).await;
    let good = outcome(&group.group.revision, true);
    let bad = |change: &dyn Fn(&mut EntryOutcome)| {
        let mut bad = outcome(&group.group.revision, true);
        change(&mut bad);
        bad
    };
    let fields = |status: Status| -> Vec<String> {
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        let details = status.get_error_details();
        let bad = details.bad_request().unwrap().field_violations.iter();
        bad.map(|violation| violation.field.clone()).collect()
    };
    let sent = vec![
        good.clone(),
        bad(&|it| "CLM-1".clone_into(&mut it.id)),
        bad(&|it| "Not A Slug".clone_into(&mut it.entry)),
        bad(&|it| "active".clone_into(&mut it.revision)),
        bad(&|it| it.decision_days = Some(-1)),
        bad(&|it| it.decision_days = Some(4_000)),
        bad(&|it| it.decided_at = None),
        bad(&|it| it.decided_at = Some(Timestamp { seconds: NOON + 86_400, nanos: 0 })),
    ];
    let refused = fields(record(&group, &group.analyst, sent).await.unwrap_err());
    let parts =
        ["id", "entry", "revision", "decision_days", "decision_days", "decided_at", "decided_at"];
    let expected: Vec<String> =
        (1..).zip(parts).map(|(at, part)| format!("outcomes[{at}].{part}")).collect();
    assert_eq!(refused, expected);
    let unknown = vec![
        good.clone(),
        bad(&|it| it.revision = "f".repeat(64)),
        bad(&|it| "carc-nobody".clone_into(&mut it.entry)),
    ];
    let refused = fields(record(&group, &group.analyst, unknown).await.unwrap_err());
    assert_eq!(refused, ["outcomes[1].revision", "outcomes[2].entry"]);
    let many = vec![good.clone(); 501];
    assert_eq!(fields(record(&group, &group.analyst, many).await.unwrap_err()), ["outcomes"]);
    let none = record(&group, &group.analyst, Vec::new()).await.unwrap_err();
    assert_eq!(fields(none), ["outcomes"]);
    assert!(evidence(&group).await.is_empty());

    record(&group, &group.analyst, vec![good.clone()]).await.unwrap();
    let otherwise = EntryOutcome { overturned: false, ..good.clone() };
    let fresh = outcome(&group.group.revision, true);
    let refused = record(&group, &group.analyst, vec![fresh, otherwise]).await.unwrap_err();
    assert_eq!(fields(refused), ["outcomes[1].id"]);
    assert_eq!(evidence(&group).await[0].outcome_count, 1, "nothing of that call was recorded");
}

#[tokio::test]
async fn an_outcome_of_another_tenants_revision_is_of_none() {
    let world = World::new().await;
    let north = governed(&world).await;
    let owned = north.activate(&north.approved("carc-197", "coding").await, None).await.unwrap();
    let south = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let south = Governing::of(&world, &south).await;
    let theirs = vec![outcome(&owned.result_hash, true)];
    record(&north, &north.analyst, theirs.clone()).await.unwrap();
    let refused = record(&south, &south.analyst, theirs).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(evidence(&south).await.is_empty());
}

#[tokio::test]
async fn outcomes_recorded_at_once_are_all_counted_once() {
    let world = World::new().await;
    let group = governed(&world).await;
    let same = outcomes(&group.group.revision, 30, 2);
    let calls = (0..6).map(|at| {
        let mut sent = outcomes(&group.group.revision, 10, 2);
        sent.extend(same.clone());
        let group = &group;
        async move {
            let _ = at;
            // Who meets another's write is asked to try again, with the same ids.
            loop {
                match record(group, &group.analyst, sent.clone()).await {
                    Ok(answer) => break answer.recorded_count,
                    Err(status) => assert_eq!(status.code(), Code::Aborted, "{status:?}"),
                }
            }
        }
    });
    let counted: i32 = futures::future::join_all(calls).await.into_iter().sum();
    assert_eq!(counted, 90);
    assert_eq!(evidence(&group).await[0].outcome_count, 90);
}

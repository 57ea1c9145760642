use contracts::deadline::v1::{ClockEvidence, DeadlineState};
use contracts::dictionary::v1::{ClockEvent, FiledWhen};
use futures::future::join_all;
use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

const DUPLICATE: &str = "DUPLICATE_APPEAL";

#[tokio::test]
async fn a_draft_has_its_level_its_last_day_and_days_of_ours_inside_it() {
    let house = House::new().await;
    house.payer("medicare", LineOfBusiness::MedicareFfs, Network::InNetwork).await;
    let codes = [("CO", "197", 60_00)];
    let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
    let remittance = house.remittance("medicare", "20260610").claim("pcn1", "DOE", &[line, line]);
    house.upload(remittance).await;
    let denials = house.denials("PCN1").await;
    let appeal = house.appeal(&[&denials[0], &denials[1]]).await.unwrap();
    assert_eq!((appeal.state(), appeal.path()), (AppealState::Draft, Path::AppealLevel1));
    assert_eq!(appeal.level_words, "L1_redetermination_MAC");
    assert_eq!(appeal.in_dispute.as_ref().unwrap().amount_cents, 120_00);
    assert_eq!(appeal.case_id, denials[0].case_id);
    assert_eq!(appeal.work_item_id, denials[0].work_item_id);
    assert_eq!(appeal.patient_control_number, denials[0].patient_control_number);
    assert_eq!(appeal.dictionary_revision, house.group.revision);
    assert!(appeal.previous.is_empty() && appeal.override_reason.is_empty());
    // Five days of presumed receipt, 120 days; Columbus Day moves it to the next workday.
    let deadline = appeal.deadline.as_ref().unwrap();
    assert_eq!(deadline.state(), DeadlineState::Open);
    assert_eq!(deadline.due_on, Some(date(2026, 10, 13)));
    assert_eq!((deadline.time_zone.as_str(), deadline.days_left), ("America/New_York", 120));
    assert_eq!(deadline.rule, "medicare-redetermination");
    assert!(deadline.rule_words.starts_with("120 calendar days from receipt"));
    assert!(deadline.source.contains("405.942"));
    assert_eq!(deadline.filed_when(), FiledWhen::Received);
    assert_eq!(deadline.counted_from(), ClockEvent::NoticeReceipt);
    assert_eq!(deadline.clock_evidence(), ClockEvidence::PresumedReceipt);
    assert!(deadline.steps.iter().any(|step| step.contains("the earliest of the 2 denials")));
    let dates: Vec<(&str, Option<Date>)> =
        appeal.internal_dates.iter().map(|one| (one.step.as_str(), one.due_on)).collect();
    assert_eq!(
        dates,
        [
            ("draft", Some(date(2026, 9, 23))),
            ("review", Some(date(2026, 9, 30))),
            ("send", Some(date(2026, 10, 5))),
        ]
    );
    assert_eq!(house.get(&appeal.id).await, appeal);
    let told = house.told().await;
    assert_eq!((told.len(), told[0].0.as_str()), (1, "appeal.created"));
    assert!(told[0].1.contains("\"due_on\":\"2026-10-13\"") && told[0].1.contains(&denials[0].id));
    assert!(!told[0].1.to_uppercase().contains("PCN1"), "{}", told[0].1);
    // Days pass, and the same day is nearer.
    house.world.clock().advance(chrono::TimeDelta::days(121));
    let later = house.get(&appeal.id).await.deadline.unwrap();
    assert_eq!((later.state(), later.days_left), (DeadlineState::Passed, -1));
    assert_eq!(later.due_on, deadline.due_on);
}

#[tokio::test]
async fn a_line_has_one_appeal_at_a_level_whatever_it_was_refused_for() {
    let house = House::new().await;
    let both = [("CO", "197", 40_00), ("CO", "50", 20_00)];
    let other = [("CO", "197", 60_00)];
    let line = |adjustments| Line { charge: 60_00, paid: 0, adjustments, remarks: &[] };
    let lines = [line(&both), line(&other)];
    house.upload(house.remittance("", "20260610").claim("PCN1", "DOE", &lines)).await;
    let denials = house.denials("PCN1").await;
    let of_line = |number: i32| -> Vec<&Denial> {
        denials.iter().filter(|one| one.line_number == number).collect()
    };
    let (twins, alone) = (of_line(1), of_line(2));
    assert_eq!((twins.len(), alone.len()), (2, 1));
    let first = house.appeal(&[twins[0]]).await.unwrap();
    for request in [of(&[twins[0]]), of(&[twins[1]]), at(&[alone[0], twins[1]], Path::AppealLevel1)]
    {
        let twice = house.create(Role::Specialist, request).await.unwrap_err();
        assert_eq!(refusal(&twice), reason(Code::AlreadyExists, DUPLICATE));
        assert!(twice.message().contains(&first.id), "{}", twice.message());
    }
    // The other line is another matter; what was withdrawn stands in nobody's way.
    let second = house.appeal(&[alone[0]]).await.unwrap();
    let request = WithdrawAppealRequest {
        id: first.id.clone(),
        reason: "the payer has called".to_owned(),
        etag: first.etag,
        request_id: id(),
    };
    house.as_a(Role::Specialist).await.withdraw_appeal(request).await.unwrap();
    let again = house.appeal(&[twins[1], twins[0]]).await.unwrap();
    assert!(again.id != first.id && again.id != second.id);
    assert_eq!(again.in_dispute.unwrap().amount_cents, 60_00);
}

#[tokio::test]
async fn a_repeated_denial_is_appealed_by_its_last_word_and_as_the_same_line() {
    let house = House::new().await;
    let first = house.refused("PCN1", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let codes = [("CO", "197", 60_00)];
    let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
    house.upload(house.remittance("", "20260612").claim("PCN1", "DOE", &[line])).await;
    let denials = house.denials("PCN1").await;
    let last = denials.iter().find(|one| one.repeat_of == first.id).unwrap();
    let old = house.appeal(&[&first]).await.unwrap_err();
    assert_eq!(refusal(&old), reason(Code::FailedPrecondition, "DENIAL_SETTLED"));
    assert!(old.message().contains("appeal the later denial"), "{}", old.message());
    let appeal = house.appeal(&[last]).await.unwrap();
    // Refused a third time while the appeal is open: still the same line and level.
    house.upload(house.remittance("", "20260613").claim("PCN1", "DOE", &[line])).await;
    let denials = house.denials("PCN1").await;
    let third = denials.iter().find(|one| one.repeat_of == last.id).unwrap();
    let twice = house.appeal(&[third]).await.unwrap_err();
    assert_eq!(refusal(&twice), reason(Code::AlreadyExists, DUPLICATE));
    assert!(twice.message().contains(&appeal.id));
    // Paid after all: nothing is left.
    let paid = Line { charge: 60_00, paid: 60_00, adjustments: &[], remarks: &[] };
    house.upload(house.remittance("", "20260614").claim("PCN1", "DOE", &[paid])).await;
    let settled = house.appeal(&[third]).await.unwrap_err();
    assert_eq!(refusal(&settled), reason(Code::FailedPrecondition, "DENIAL_SETTLED"));
}

#[tokio::test]
async fn two_who_open_the_same_at_once_get_one_appeal() {
    let house = House::new().await;
    let denial = house.refused("PCN1", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let open = || house.create(Role::Specialist, of(&[&denial]));
    let opened = join_all((0..6).map(|_| open())).await;
    let (made, refused): (Vec<_>, Vec<_>) = opened.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 5));
    for refused in refused {
        assert_eq!(refusal(&refused.unwrap_err()), reason(Code::AlreadyExists, DUPLICATE));
    }
    assert_eq!(house.list("", "").await.unwrap().len(), 1);
    // The same request again is no second one.
    let denial = house.refused("PCN2", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let request = of(&[&denial]);
    let first = house.create(Role::TeamLead, request.clone()).await.unwrap();
    assert_eq!(house.create(Role::TeamLead, request).await.unwrap(), first);
    assert_eq!(house.told().await.len(), 2);
}

#[tokio::test]
async fn a_level_opens_in_its_turn_and_only_where_the_payer_has_it() {
    let house = House::new().await;
    house.payer("medicare", LineOfBusiness::MedicareFfs, Network::InNetwork).await;
    let codes = [("CO", "197", 60_00)];
    let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
    house.upload(house.remittance("medicare", "20260610").claim("PCN1", "DOE", &[line])).await;
    let denial = house.denials("PCN1").await.remove(0);
    let early = house.create(Role::Specialist, at(&[&denial], Path::AppealLevel2)).await;
    let early = early.unwrap_err();
    assert_eq!(refusal(&early), reason(Code::FailedPrecondition, "LEVEL_NOT_OPEN"));
    assert!(early.message().contains("appeal_level_1 was decided"), "{}", early.message());
    let none = house.create(Role::Specialist, at(&[&denial], Path::ExternalReview)).await;
    let none = none.unwrap_err();
    assert_eq!(refusal(&none), reason(Code::FailedPrecondition, "LEVEL_NOT_OPEN"));
    assert!(none.message().contains("its levels are: appeal_level_1"), "{}", none.message());
    let no_level = house.create(Role::Specialist, at(&[&denial], Path::CorrectedClaim)).await;
    assert_eq!(fields(&no_level.unwrap_err()), ["path"]);
    house.create(Role::Specialist, at(&[&denial], Path::AppealLevel1)).await.unwrap();
}

#[tokio::test]
async fn too_little_is_refused_with_the_amount_and_enough_is_not() {
    let house = House::new().await;
    house.payer("tricare", LineOfBusiness::Tricare, Network::InNetwork).await;
    let [less, enough] = [[("CO", "197", 49_99)], [("CO", "197", 50_00)]];
    let lines = [
        Line { charge: 49_99, paid: 0, adjustments: &less, remarks: &[] },
        Line { charge: 50_00, paid: 0, adjustments: &enough, remarks: &[] },
    ];
    house.upload(house.remittance("tricare", "20260610").claim("PCN1", "DOE", &lines)).await;
    let denials = house.denials("PCN1").await;
    let small = house.appeal(&[&denials[0]]).await.unwrap_err();
    assert_eq!(refusal(&small), reason(Code::FailedPrecondition, "BELOW_THRESHOLD"));
    assert!(small.message().contains("$49.99") && small.message().contains("$50.00"));
    house.appeal(&[&denials[1]]).await.unwrap();
    // Together they would be enough, but one of them is appealed already.
    let both = house.appeal(&[&denials[0], &denials[1]]).await.unwrap_err();
    assert_eq!(refusal(&both), reason(Code::AlreadyExists, DUPLICATE));
}

#[tokio::test]
async fn a_window_that_the_contract_holds_is_said_and_not_guessed() {
    let house = House::new().await;
    house.payer("advantage", LineOfBusiness::MedicareAdvantage, Network::InNetwork).await;
    let codes = [("CO", "197", 60_00)];
    let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
    house.upload(house.remittance("advantage", "20260610").claim("PCN1", "DOE", &[line])).await;
    let denial = house.denials("PCN1").await.remove(0);
    let appeal = house.appeal(&[&denial]).await.unwrap();
    let deadline = appeal.deadline.unwrap();
    assert_eq!(deadline.state(), DeadlineState::NeedsContract);
    assert_eq!((deadline.due_on, deadline.rule.as_str()), (None, "ma-contracted-dispute"));
    assert!(appeal.internal_dates.is_empty() && !deadline.steps.is_empty());
}

#[tokio::test]
async fn what_is_tried_changes_nothing_and_what_is_no_request_says_where() {
    let house = House::new().await;
    let denial = house.refused("PCN1", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let other = house.refused("PCN2", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let tried = CreateAppealRequest { validate_only: true, ..of(&[&denial]) };
    let tried = house.create(Role::Specialist, tried).await.unwrap();
    assert_eq!(tried.state(), AppealState::Draft);
    assert_eq!((house.list("", "").await.unwrap().len(), house.told().await.len()), (0, 0));
    let many = vec![denial.id.clone(); 501];
    for (denial_ids, wrong) in [
        (Vec::new(), "denial_ids"),
        (many, "denial_ids"),
        (vec!["x".to_owned()], "denial_ids[0]"),
        (vec![denial.id.clone(), denial.id.clone()], "denial_ids[1]"),
        (vec![denial.id.clone(), other.id.clone()], "denial_ids[1]"),
    ] {
        let request = CreateAppealRequest { denial_ids, request_id: id(), ..of(&[]) };
        let refused = house.create(Role::Specialist, request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(fields(&refused), [wrong]);
    }
    let nobodys = CreateAppealRequest { denial_ids: vec![id()], ..of(&[]) };
    let nobodys = house.create(Role::Specialist, nobodys).await.unwrap_err();
    assert_eq!(refusal(&nobodys), reason(Code::NotFound, "NOT_FOUND"));
    house.appeal(&[&denial]).await.unwrap();
}

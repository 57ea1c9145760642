use contracts::deadline::v1::DeadlineState;
use contracts::dictionary::v1::ClockEvent;
use tests::samples::appeals::submit;
use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

impl House {
    async fn decided(&self, appeal: &Appeal, outcome: Outcome) -> Result<Appeal, Status> {
        let request = RecordOutcomeRequest {
            appeal_id: appeal.id.clone(),
            outcome: Some(outcome),
            etag: appeal.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.record_outcome(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    async fn sent(&self, payer: &str, number: &str) -> Appeal {
        let appeal = self.free(payer, number, "20260601").await;
        self.submit(submit(&appeal, 5, number)).await.unwrap()
    }
}

fn outcome(kind: OutcomeKind, cents: i64, day: i32) -> Outcome {
    Outcome {
        kind: kind.into(),
        recovered: tests::samples::ends::money(cents),
        decided_on: Some(date(2026, 6, day)),
        rationale: "SECRET WORDS".to_owned(),
        ..Outcome::default()
    }
}

#[tokio::test]
async fn what_is_upheld_opens_the_next_level_with_its_day() {
    let house = House::lenient().await;
    house.payer("medicare", LineOfBusiness::MedicareFfs, Network::InNetwork).await;
    let first = house.sent("medicare", "PCN1").await;
    let denial = house.denials("PCN1").await.remove(0);
    let early = house.create(Role::Specialist, at(&[&denial], Path::AppealLevel2)).await;
    assert_eq!(refusal(&early.unwrap_err()), reason(Code::FailedPrecondition, "LEVEL_NOT_OPEN"));
    let upheld = house.decided(&first, outcome(OutcomeKind::Upheld, 0, 12)).await.unwrap();
    assert_eq!(upheld.state(), AppealState::Decided);
    let decision = upheld.outcome.as_ref().unwrap();
    assert_eq!((decision.kind(), decision.source()), (OutcomeKind::Upheld, OutcomeSource::Stated));
    assert_eq!(decision.rationale, "SECRET WORDS");
    let next = upheld.next_deadline.as_ref().unwrap();
    assert_eq!((next.path(), next.state()), (Path::AppealLevel2, DeadlineState::Open));
    assert_eq!(next.rule, "medicare-reconsideration");
    assert_eq!(next.counted_from(), ClockEvent::DecisionReceipt);
    assert_eq!(house.get(&first.id).await, upheld);
    let told = house.told().await.pop().unwrap();
    assert_eq!(told.0, "appeal.decided");
    assert!(told.1.contains("\"outcome\":\"UPHELD\"") && told.1.contains("appeal_level_2"));
    assert!(!told.1.contains("SECRET"), "{}", told.1);
    // The next appeal points back and has that day.
    let second = house.appeal(&[&denial]).await.unwrap();
    assert_eq!((second.path(), second.previous.as_str()), (Path::AppealLevel2, first.id.as_str()));
    assert_eq!(second.deadline.as_ref().unwrap().due_on, next.due_on);
    let again = house.create(Role::Specialist, at(&[&denial], Path::AppealLevel1)).await;
    let again = again.unwrap_err();
    assert_eq!(refusal(&again), reason(Code::AlreadyExists, "DUPLICATE_APPEAL"));
    assert!(again.message().contains(&first.id), "{}", again.message());
    // The third level takes $200, and $60 are in dispute.
    let second = house.submit(submit(&second, 14, "FAX2")).await.unwrap();
    let dismissed = house.decided(&second, outcome(OutcomeKind::Dismissed, 0, 15)).await.unwrap();
    assert_eq!(dismissed.next_deadline.unwrap().path(), Path::AppealLevel3);
    let small = house.appeal(&[&denial]).await.unwrap_err();
    assert_eq!(refusal(&small), reason(Code::FailedPrecondition, "BELOW_THRESHOLD"));
    assert!(small.message().contains("$200.00") && small.message().contains("2026"));
}

#[tokio::test]
async fn what_is_overturned_ends_it() {
    let house = House::lenient().await;
    let appeal = house.sent("", "PCN1").await;
    let won = house.decided(&appeal, outcome(OutcomeKind::Overturned, 60_00, 12)).await.unwrap();
    assert_eq!(won.state(), AppealState::Decided);
    assert_eq!(won.outcome.as_ref().unwrap().recovered.as_ref().unwrap().amount_cents, 60_00);
    assert_eq!(won.next_deadline, None);
    let denial = house.denials("PCN1").await.remove(0);
    let more = house.appeal(&[&denial]).await.unwrap_err();
    assert_eq!(refusal(&more), reason(Code::AlreadyExists, "DUPLICATE_APPEAL"));
    let twice = house.decided(&won, outcome(OutcomeKind::Upheld, 0, 13)).await.unwrap_err();
    assert_eq!(refusal(&twice), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
}

#[tokio::test]
async fn a_decision_that_cannot_be_so_says_where() {
    let house = House::lenient().await;
    let appeal = house.sent("", "PCN1").await;
    let upheld = || outcome(OutcomeKind::Upheld, 0, 12);
    for (said, wrong) in [
        (Outcome { kind: 0, ..upheld() }, "outcome.kind"),
        (outcome(OutcomeKind::Upheld, 1, 12), "outcome.recovered"),
        (outcome(OutcomeKind::Overturned, 0, 12), "outcome.recovered"),
        (outcome(OutcomeKind::PartiallyOverturned, 60_00, 12), "outcome.recovered"),
        (outcome(OutcomeKind::Upheld, 0, 4), "outcome.decided_on"),
        (outcome(OutcomeKind::Upheld, 0, 16), "outcome.decided_on"),
        (Outcome { decided_on: None, ..upheld() }, "outcome.decided_on"),
        (Outcome { source: OutcomeSource::Confirmed.into(), ..upheld() }, "outcome.source"),
        (Outcome { remittance_file_id: id(), ..upheld() }, "outcome.remittance_file_id"),
    ] {
        let refused = house.decided(&appeal, said).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec![wrong.to_owned()])
        );
    }
    let draft = house.free("", "PCN2", "20260601").await;
    let unsent = house.decided(&draft, upheld()).await.unwrap_err();
    assert_eq!(refusal(&unsent), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let stale = Appeal { etag: "1".to_owned(), ..appeal.clone() };
    let stale = house.decided(&stale, upheld()).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let partly = outcome(OutcomeKind::PartiallyOverturned, 20_00, 12);
    house.decided(&appeal, partly).await.unwrap();
}

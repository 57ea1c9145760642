use prost_types::FieldMask;
use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

impl House {
    async fn write(&self, appeal: Appeal, paths: &[&str]) -> Result<Appeal, Status> {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let request = UpdateAppealRequest {
            appeal: Some(appeal),
            update_mask: Some(FieldMask { paths }),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.update_appeal(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    async fn withdraw(&self, appeal: &Appeal, why: &str) -> Result<Appeal, Status> {
        let request = WithdrawAppealRequest {
            id: appeal.id.clone(),
            reason: why.to_owned(),
            etag: appeal.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::TeamLead).await.withdraw_appeal(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }
}

/// Two lines of one claim, each refused.
async fn two_lines(house: &House, number: &str) -> Vec<Denial> {
    let [first, second] = [[("CO", "197", 60_00)], [("CO", "197", 40_00)]];
    let lines = [
        Line { charge: 60_00, paid: 0, adjustments: &first, remarks: &[] },
        Line { charge: 40_00, paid: 0, adjustments: &second, remarks: &[] },
    ];
    house.upload(house.remittance("", "20260610").claim(number, "DOE", &lines)).await;
    house.denials(number).await
}

#[tokio::test]
async fn a_draft_takes_other_denials_of_its_claim_and_other_words() {
    let house = House::new().await;
    let denials = two_lines(&house, "PCN1").await;
    let appeal = house.appeal(&[&denials[0]]).await.unwrap();
    let ids = |at: &[usize]| at.iter().map(|at| denials[*at].id.clone()).collect::<Vec<_>>();
    let wanted = Appeal {
        denial_ids: ids(&[1, 0]),
        level_words: " claim review ".to_owned(),
        ..appeal.clone()
    };
    let both = house.write(wanted, &["denial_ids", "level_words"]).await.unwrap();
    assert_eq!(
        (both.denial_ids.clone(), both.level_words.as_str()),
        (ids(&[1, 0]), "claim review")
    );
    assert_eq!(both.in_dispute.as_ref().unwrap().amount_cents, 100_00);
    assert_eq!(both.state(), AppealState::Draft);
    assert_ne!(both.etag, appeal.etag);
    assert_eq!(house.get(&appeal.id).await, both);
    // Its second line is taken, and free again once it lets go of it.
    let taken = house.appeal(&[&denials[1]]).await.unwrap_err();
    assert_eq!(refusal(&taken), reason(Code::AlreadyExists, "DUPLICATE_APPEAL"));
    let one = Appeal { denial_ids: ids(&[0]), ..both.clone() };
    let one = house.write(one, &["denial_ids"]).await.unwrap();
    assert_eq!(one.level_words, "claim review", "what was not in the mask stays");
    let other = house.appeal(&[&denials[1]]).await.unwrap();
    let back = Appeal { denial_ids: ids(&[0, 1]), ..one };
    let taken = house.write(back, &["denial_ids"]).await.unwrap_err();
    assert_eq!(refusal(&taken), reason(Code::AlreadyExists, "DUPLICATE_APPEAL"));
    assert!(taken.message().contains(&other.id));
    let kinds: Vec<String> = house.told().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["appeal.created", "appeal.updated", "appeal.updated", "appeal.created"]);
}

#[tokio::test]
async fn a_stale_or_empty_change_is_refused_field_by_field() {
    let house = House::new().await;
    let denials = two_lines(&house, "PCN1").await;
    let stranger = house.refused("PCN2", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let stopped = house.refused("PCN3", &[("CO", "197", 60_00)], &["N211"]).await.remove(0);
    let appeal = house.appeal(&[&denials[0]]).await.unwrap();
    let stale = Appeal { etag: "7".to_owned(), ..appeal.clone() };
    let stale = house.write(stale, &["level_words"]).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let none = house.write(Appeal { id: id(), ..appeal.clone() }, &["level_words"]).await;
    assert_eq!(refusal(&none.unwrap_err()), reason(Code::NotFound, "NOT_FOUND"));
    for (change, paths, wrong) in [
        (appeal.clone(), &[][..], "update_mask"),
        (appeal.clone(), &["state"], "update_mask"),
        (appeal.clone(), &["in_dispute"], "update_mask"),
        (Appeal { etag: String::new(), ..appeal.clone() }, &["level_words"], "appeal.etag"),
        (
            Appeal { level_words: " ".to_owned(), ..appeal.clone() },
            &["level_words"],
            "appeal.level_words",
        ),
        (Appeal { denial_ids: Vec::new(), ..appeal.clone() }, &["denial_ids"], "appeal.denial_ids"),
        (
            Appeal { denial_ids: vec![stranger.id.clone()], ..appeal.clone() },
            &["denial_ids"],
            "appeal.denial_ids",
        ),
    ] {
        let refused = house.write(change, paths).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec![wrong.to_owned()])
        );
    }
    let stopped = Appeal { denial_ids: vec![stopped.id.clone()], ..appeal.clone() };
    assert!(house.write(stopped, &["denial_ids"]).await.is_err());
    assert_eq!(house.get(&appeal.id).await, appeal);
}

#[tokio::test]
async fn what_was_taken_back_is_over() {
    let house = House::new().await;
    let denials = two_lines(&house, "PCN1").await;
    let appeal = house.appeal(&[&denials[0]]).await.unwrap();
    let empty = house.withdraw(&appeal, " ").await.unwrap_err();
    assert_eq!(fields(&empty), ["reason"]);
    let stale = Appeal { etag: "9".to_owned(), ..appeal.clone() };
    let stale = house.withdraw(&stale, "the payer has called").await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let over = house.withdraw(&appeal, "the payer has called").await.unwrap();
    assert_eq!(over.state(), AppealState::Withdrawn);
    assert_eq!(over.withdrawal_reason, "the payer has called");
    assert_eq!(house.get(&appeal.id).await, over);
    let again = house.withdraw(&over, "once more").await.unwrap_err();
    assert_eq!(refusal(&again), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let changed = house.write(over, &["level_words"]).await.unwrap_err();
    assert_eq!(refusal(&changed), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    assert!(changed.message().contains("WITHDRAWN"), "{}", changed.message());
    let told = house.told().await.pop().unwrap();
    assert_eq!(told.0, "appeal.withdrawn");
    assert!(!told.1.contains("called"), "{}", told.1);
}

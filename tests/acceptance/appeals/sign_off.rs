use tests::samples::appeals::submit;
use tests::{Governing, fields, reason, refusal};
use tonic::Code;

use super::papers::authorized;
use super::*;

impl House {
    /// A house in which appeals of code 50 need a clinical and a compliance review, and nothing on
    /// file.
    async fn reviewing() -> Self {
        let house = Self::new().await;
        let governing = Governing::of(&house.world, &house.group).await;
        let edit = governing.reviewed("carc-50", "coding", &["clinical", "compliance"]).await;
        let draft = governing.try_draft("reviews for code 50", vec![edit]).await.unwrap();
        let change = governing.agreed(draft).await;
        governing.activate(&change, None).await.unwrap();
        house
    }

    async fn request_sign_off(&self, appeal: &Appeal) -> Result<Appeal, Status> {
        let request = RequestSignOffRequest {
            id: appeal.id.clone(),
            etag: appeal.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.request_sign_off(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    async fn sign(&self, role: Role, appeal: &Appeal, kind: &str) -> Result<Appeal, Status> {
        self.review(role, SignOffAppealRequest { approved: true, ..review(appeal, kind) }).await
    }

    async fn decline(&self, role: Role, appeal: &Appeal, reason: &str) -> Result<Appeal, Status> {
        let reason = reason.to_owned();
        self.review(role, SignOffAppealRequest { reason, ..review(appeal, "clinical") }).await
    }

    async fn review(&self, role: Role, request: SignOffAppealRequest) -> Result<Appeal, Status> {
        let answer = self.as_a(role).await.sign_off_appeal(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    async fn reword(&self, appeal: &Appeal) -> Appeal {
        let request = UpdateAppealRequest {
            appeal: Some(Appeal { level_words: "first level".to_owned(), ..appeal.clone() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["level_words".to_owned()] }),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.update_appeal(request).await.unwrap();
        answer.into_inner().appeal.unwrap()
    }
}

fn review(appeal: &Appeal, kind: &str) -> SignOffAppealRequest {
    SignOffAppealRequest {
        id: appeal.id.clone(),
        kind: kind.to_owned(),
        etag: appeal.etag.clone(),
        request_id: id(),
        ..SignOffAppealRequest::default()
    }
}

/// Kind of each review, whether somebody gave it, and whether it stands.
fn reviews(appeal: &Appeal) -> Vec<(&str, bool, bool)> {
    let reviews = appeal.sign_offs.iter();
    reviews.map(|one| (one.kind.as_str(), !one.reviewer.is_empty(), one.in_force)).collect()
}

#[tokio::test]
async fn what_needs_reviews_is_sent_once_others_gave_them() {
    let house = House::reviewing().await;
    let draft = house.free("", "PCN1", "20260610").await;
    assert_eq!(reviews(&draft), [("clinical", false, false), ("compliance", false, false)]);
    let refused = house.submit(submit(&draft, 15, "FAX1")).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "NOT_SIGNED_OFF"));
    let words = "a clinical review and a compliance review";
    assert!(refused.message().contains(words), "{}", refused.message());
    let early = house.sign(Role::TeamLead, &draft, "clinical").await.unwrap_err();
    assert_eq!(refusal(&early), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let before = house.request_sign_off(&draft).await.unwrap();
    assert_eq!(before.state(), AppealState::InReview);
    let wrote = house.sign(Role::Specialist, &before, "clinical").await.unwrap_err();
    assert_eq!(refusal(&wrote), reason(Code::FailedPrecondition, "OWN_LETTER"));
    let legal = house.sign(Role::TeamLead, &before, "legal").await.unwrap_err();
    assert_eq!(refusal(&legal), reason(Code::FailedPrecondition, "SIGN_OFF_NOT_NEEDED"));
    let one = house.sign(Role::TeamLead, &before, "clinical").await.unwrap();
    assert_eq!(one.state(), AppealState::InReview);
    let twice = house.sign(Role::TeamLead, &one, "compliance").await.unwrap_err();
    assert_eq!(refusal(&twice), reason(Code::FailedPrecondition, "SIGNED_BEFORE"));
    let again = house.sign(Role::CommitteeMember, &one, "clinical").await.unwrap_err();
    assert_eq!(refusal(&again), reason(Code::FailedPrecondition, "SIGN_OFF_NOT_NEEDED"));
    let ready = house.sign(Role::CommitteeMember, &one, "compliance").await.unwrap();
    assert_eq!(ready.state(), AppealState::Ready);
    assert_eq!(reviews(&ready), [("clinical", true, true), ("compliance", true, true)]);
    assert!(ready.sign_offs.iter().all(|one| one.content_hash.len() == 64));
    let sent = house.submit(submit(&ready, 15, "FAX1")).await.unwrap();
    assert_eq!(sent.state(), AppealState::Submitted);
    // What comes back unchanged has its reviews.
    let back = house.returned(&sent, date(2026, 6, 15)).await.unwrap();
    let sent = house.submit(submit(&back, 15, "FAX2")).await.unwrap();
    assert_eq!(sent.submissions[1].filed_on, Some(date(2026, 6, 15)));
    let told: Vec<String> = house.told().await.into_iter().map(|(kind, _)| kind).collect();
    let reviewed = told.iter().filter(|kind| *kind == "appeal.signed_off").count();
    assert_eq!(reviewed, 2, "{told:?}");
}

#[tokio::test]
async fn a_change_dismisses_reviews_and_a_decline_makes_a_draft() {
    let house = House::reviewing().await;
    let draft = house.free("", "PCN1", "20260610").await;
    let before = house.request_sign_off(&draft).await.unwrap();
    let bare = house.decline(Role::TeamLead, &before, " ").await.unwrap_err();
    assert_eq!(fields(&bare), ["reason"]);
    let stale = house.decline(Role::TeamLead, &draft, "the record is missing").await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let declined = house.decline(Role::TeamLead, &before, "the record is missing").await.unwrap();
    assert_eq!(declined.state(), AppealState::Draft);
    assert_eq!(declined.sign_offs[0].reason, "the record is missing");
    let before = house.request_sign_off(&declined).await.unwrap();
    let one = house.sign(Role::TeamLead, &before, "clinical").await.unwrap();
    let changed = house.reword(&one).await;
    assert_eq!(changed.state(), AppealState::Draft);
    let open = [("clinical", false, false), ("compliance", false, false)];
    assert_eq!(reviews(&changed)[..2], [("clinical", true, false), ("clinical", true, false)]);
    assert_eq!(reviews(&changed)[2..], open);
    // The control: what it says now is reviewed and sent.
    let before = house.request_sign_off(&changed).await.unwrap();
    let one = house.sign(Role::TeamLead, &before, "clinical").await.unwrap();
    let ready = house.sign(Role::CommitteeMember, &one, "compliance").await.unwrap();
    house.submit(submit(&ready, 15, "FAX1")).await.unwrap();
}

#[tokio::test]
async fn what_needs_no_review_is_ready_at_once_unless_something_is_missing() {
    let house = House::lenient().await;
    let draft = house.free("", "PCN1", "20260610").await;
    assert_eq!(draft.sign_offs, []);
    assert_eq!(house.request_sign_off(&draft).await.unwrap().state(), AppealState::Ready);
    let denial = house.refused("PCN2", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let lacking = house.appeal(&[&denial]).await.unwrap();
    let refused = house.request_sign_off(&lacking).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "PACKET_INCOMPLETE"));
    assert_eq!(house.get(&lacking.id).await, lacking);
}

#[tokio::test]
async fn what_came_back_does_not_expire_before_its_reviewers() {
    let house = House::reviewing().await;
    // Their last day is 9 July.
    let sent = house.free("", "PCN1", "20260410").await;
    let unsent = house.free("", "PCN2", "20260410").await;
    let before = house.request_sign_off(&sent).await.unwrap();
    let one = house.sign(Role::TeamLead, &before, "clinical").await.unwrap();
    let ready = house.sign(Role::CommitteeMember, &one, "compliance").await.unwrap();
    let sent = house.submit(submit(&ready, 15, "FAX1")).await.unwrap();
    let back = house.returned(&sent, date(2026, 6, 15)).await.unwrap();
    let back = house.request_sign_off(&house.reword(&back).await).await.unwrap();
    let unsent = house.request_sign_off(&unsent).await.unwrap();
    assert_eq!((back.state(), unsent.state()), (AppealState::InReview, AppealState::InReview));
    house.world.clock().advance(TimeDelta::days(30));
    house.world.app().run_due().await.unwrap();
    assert_eq!(house.get(&back.id).await.state(), AppealState::InReview);
    let expired = house.get(&unsent.id).await;
    assert_eq!(expired.state(), AppealState::Expired);
    assert!(expired.expiry_cause.contains("waited for sign-off"), "{}", expired.expiry_cause);
}

#[tokio::test]
async fn a_new_letter_is_reviewed_anew() {
    let house = House::reviewing().await;
    let draft = house.free("", "PCN1", "20260610").await;
    let before = house.request_sign_off(&draft).await.unwrap();
    let one = house.sign(Role::TeamLead, &before, "clinical").await.unwrap();
    let ready = house.sign(Role::CommitteeMember, &one, "compliance").await.unwrap();
    let template = "level-1-authorization".to_owned();
    let letter = RenderLetterRequest { template, ..authorized(&ready) };
    house.render(letter).await.unwrap();
    let changed = house.get(&ready.id).await;
    assert_eq!(changed.state(), AppealState::Draft);
    assert!(changed.sign_offs.iter().all(|one| !one.in_force));
    let refused = house.submit(submit(&changed, 15, "FAX1")).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "NOT_SIGNED_OFF"));
}

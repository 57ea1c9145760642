use contracts::routing::v1::{EvidenceHeader, GetWorkItemRequest, WithdrawEvidenceRequest};
use tests::samples::appeals::submit;
use tests::samples::evidence::{PDF, header, parts};
use tests::{Governing, fields, reason, refusal};
use tonic::Code;

use super::*;

impl House {
    pub(crate) async fn submit(&self, request: SubmitAppealRequest) -> Result<Appeal, Status> {
        let answer = self.as_a(Role::Partner).await.submit_appeal(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    /// A house in which nothing must be on file for denials of code 50.
    pub(crate) async fn lenient() -> Self {
        let house = Self::new().await;
        let governing = Governing::of(&house.world, &house.group).await;
        let edit = governing.without_evidence("carc-50", "coding").await;
        let draft = governing.try_draft("nothing for code 50", vec![edit]).await.unwrap();
        let change = governing.agreed(draft).await;
        governing.activate(&change, None).await.unwrap();
        house
    }

    /// A draft of a denial of code 50.
    pub(crate) async fn free(&self, payer: &str, number: &str, paid_on: &str) -> Appeal {
        let codes = [("CO", "50", 60_00)];
        let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
        self.upload(self.remittance(payer, paid_on).claim(number, "DOE", &[line])).await;
        let denial = self.denials(number).await.remove(0);
        self.appeal(&[&denial]).await.unwrap()
    }

    pub(crate) async fn returned(&self, appeal: &Appeal, on: Date) -> Result<Appeal, Status> {
        let request = ReturnAppealRequest {
            id: appeal.id.clone(),
            returned_on: Some(on),
            reason: "a page is missing".to_owned(),
            etag: appeal.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.return_appeal(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }
}

#[tokio::test]
async fn what_the_checklist_lacks_is_named_and_nothing_is_sent() {
    let house = House::lenient().await;
    let denial = house.refused("PCN1", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let appeal = house.appeal(&[&denial]).await.unwrap();
    let token = house.group.token(&house.world, Role::Specialist).await;
    let item = GetWorkItemRequest { id: denial.work_item_id.clone() };
    let item = house.world.routing(&token).get_work_item(item).await.unwrap().into_inner();
    let wanted = item.work_item.unwrap().evidence;
    assert!(wanted.len() > 1, "{wanted:?}");
    let refused = house.submit(submit(&appeal, 15, "FAX1")).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "PACKET_INCOMPLETE"));
    for wanted in &wanted {
        let (standard, title) = (format!("`{}`", wanted.standard), wanted.title.as_str());
        let words = refused.message();
        assert!(words.contains(&standard) && words.contains(title), "{words}");
    }
    assert_eq!(house.get(&appeal.id).await, appeal);
    // Nor does a stop that was lifted make it need less, whatever its item asks for.
    let stopped = house.refused("PCN3", &[("CO", "197", 60_00)], &["N211"]).await.remove(0);
    let override_reason = "this payer prints it on every claim".to_owned();
    let lifted = CreateAppealRequest { override_reason, ..of(&[&stopped]) };
    let lifted = house.create(Role::TeamLead, lifted).await.unwrap();
    let refused = house.submit(submit(&lifted, 15, "FAX1")).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "PACKET_INCOMPLETE"));
    assert!(wanted.iter().all(|wanted| refused.message().contains(&wanted.standard)));
    // What is put on file makes both complete.
    for (case, appeal, proof) in
        [(&denial.case_id, &appeal, "FAX7"), (&stopped.case_id, &lifted, "FAX8")]
    {
        let standards = wanted.iter().map(|wanted| wanted.standard.clone()).collect();
        let header = EvidenceHeader { standards, ..header(case, "") };
        let upload = tokio_stream::iter(parts(header, PDF));
        house.world.routing(&token).upload_evidence(upload).await.unwrap();
        let sent = house.submit(submit(appeal, 15, proof)).await.unwrap();
        assert_eq!(sent.state(), AppealState::Submitted);
    }
    // The control asks for nothing; the proof of what was refused was not used up.
    let free = house.free("", "PCN2", "20260610").await;
    house.submit(submit(&free, 15, "FAX1")).await.unwrap();
}

#[tokio::test]
async fn a_sending_is_kept_with_its_day_and_its_proof_and_once() {
    let house = House::lenient().await;
    let appeal = house.free("", "PCN1", "20260610").await;
    let tried = SubmitAppealRequest { validate_only: true, ..submit(&appeal, 15, "FAX1") };
    assert_eq!(house.submit(tried).await.unwrap().state(), AppealState::Submitted);
    assert_eq!(house.get(&appeal.id).await.state(), AppealState::Draft);
    let sent = house.submit(submit(&appeal, 14, " FAX1 ")).await.unwrap();
    assert_eq!(sent.state(), AppealState::Submitted);
    let submission = &sent.submissions[0];
    assert_eq!(submission.channel(), SubmissionChannel::Fax);
    assert_eq!(submission.filed_on, Some(date(2026, 6, 14)));
    assert_eq!((submission.confirmation_number.as_str(), submission.late), ("FAX1", false));
    assert!(!submission.sent_by.is_empty() && submission.created_at.is_some());
    assert_eq!(house.get(&appeal.id).await, sent);
    let again = house.submit(submit(&sent, 15, "FAX2")).await.unwrap_err();
    assert_eq!(refusal(&again), reason(Code::FailedPrecondition, "ALREADY_SUBMITTED"));
    let other = house.free("", "PCN2", "20260610").await;
    let reused = house.submit(submit(&other, 15, "fax1")).await.unwrap_err();
    assert_eq!(refusal(&reused), reason(Code::AlreadyExists, "PROOF_REUSED"));
    house.submit(submit(&other, 15, "FAX3")).await.unwrap();
    let told = house.told().await;
    let told: Vec<_> = told.iter().filter(|(kind, _)| kind == "appeal.submitted").collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].1.contains("\"filed_on\":\"2026-06-14\"") && !told[0].1.contains("FAX1"));
}

#[tokio::test]
async fn a_late_one_needs_a_cause_and_counts_as_missed() {
    let house = House::lenient().await;
    // 90 days after the remittance of 10 March.
    let appeal = house.free("", "PCN1", "20260310").await;
    let last_day = appeal.deadline.as_ref().unwrap().due_on;
    assert_eq!(last_day, Some(date(2026, 6, 8)));
    let late = house.submit(submit(&appeal, 9, "FAX1")).await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::FailedPrecondition, "LATE_WITHOUT_CAUSE"));
    assert!(late.message().contains("2026-06-08"), "{}", late.message());
    let mut caused = submit(&appeal, 9, "FAX1");
    caused.submission.as_mut().unwrap().good_cause = "a flood closed the office".to_owned();
    let sent = house.submit(caused).await.unwrap();
    assert!(sent.submissions[0].late);
    assert_eq!(sent.submissions[0].good_cause, "a flood closed the office");
    let told = house.told().await.pop().unwrap();
    assert!(told.1.contains("\"days_late\":1"), "{}", told.1);
    // On the last day it is in time.
    let other = house.free("", "PCN2", "20260310").await;
    assert!(!house.submit(submit(&other, 8, "FAX2")).await.unwrap().submissions[0].late);
}

#[tokio::test]
async fn what_came_back_is_sent_again_under_its_first_day() {
    let house = House::lenient().await;
    let appeal = house.free("", "PCN1", "20260310").await;
    let early = house.returned(&appeal, date(2026, 6, 9)).await.unwrap_err();
    assert_eq!(refusal(&early), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    let sent = house.submit(submit(&appeal, 7, "FAX1")).await.unwrap();
    for bad in [date(2026, 6, 6), date(2026, 6, 16)] {
        assert_eq!(fields(&house.returned(&sent, bad).await.unwrap_err()), ["returned_on"]);
    }
    let back = house.returned(&sent, date(2026, 6, 9)).await.unwrap();
    assert_eq!((back.state(), back.returned_on), (AppealState::Returned, Some(date(2026, 6, 9))));
    assert_eq!(back.return_reason, "a page is missing");
    // The last day was the eighth: the first sending counts.
    let again = house.submit(submit(&back, 12, "FAX2")).await.unwrap();
    let days: Vec<_> = again.submissions.iter().map(|sent| (sent.filed_on, sent.late)).collect();
    assert_eq!(days, [(Some(date(2026, 6, 7)), false), (Some(date(2026, 6, 12)), false)]);
    let acknowledge = AcknowledgeAppealRequest {
        id: again.id.clone(),
        payer_reference: "PAYER7".to_owned(),
        acknowledged_on: Some(date(2026, 6, 13)),
        etag: again.etag.clone(),
        request_id: id(),
    };
    let mut specialist = house.as_a(Role::Specialist).await;
    let bad = AcknowledgeAppealRequest { acknowledged_on: None, ..acknowledge.clone() };
    let bad = specialist.acknowledge_appeal(bad).await.unwrap_err();
    assert_eq!(fields(&bad), ["acknowledged_on"]);
    let known = specialist.acknowledge_appeal(acknowledge).await.unwrap().into_inner();
    let known = known.appeal.unwrap();
    assert_eq!(
        (known.state(), known.payer_reference.as_str()),
        (AppealState::Acknowledged, "PAYER7")
    );
    let told = house.told().await.pop().unwrap();
    assert!(told.0 == "appeal.acknowledged" && !told.1.contains("PAYER7"), "{told:?}");
}

#[tokio::test]
async fn a_sending_that_cannot_be_so_says_where() {
    let house = House::lenient().await;
    let appeal = house.free("", "PCN1", "20260610").await;
    let good = submit(&appeal, 12, "FAX1");
    let with = |change: &dyn Fn(&mut Submission)| {
        let mut request = SubmitAppealRequest { request_id: id(), ..good.clone() };
        change(request.submission.as_mut().unwrap());
        request
    };
    let bad: [(SubmitAppealRequest, &str); 7] = [
        (with(&|it| it.channel = 0), "submission.channel"),
        (with(&|it| it.channel = 9), "submission.channel"),
        (with(&|it| it.filed_on = None), "submission.filed_on"),
        (with(&|it| it.filed_on = Some(date(2026, 6, 31))), "submission.filed_on"),
        (with(&|it| it.filed_on = Some(date(2026, 6, 16))), "submission.filed_on"),
        (with(&|it| it.confirmation_number = " ".to_owned()), "submission.confirmation_number"),
        (with(&|it| it.proof_document_id = id()), "submission.proof_document_id"),
    ];
    for (request, field) in bad {
        let refused = house.submit(request).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec![field.to_owned()])
        );
    }
    let before = with(&|it| it.filed_on = Some(date(2026, 6, 9)));
    let before = house.submit(before).await.unwrap_err();
    assert_eq!(refusal(&before), reason(Code::InvalidArgument, "FILED_BEFORE_REMITTANCE"));
    let stale = SubmitAppealRequest { etag: "9".to_owned(), request_id: id(), ..good.clone() };
    let stale = house.submit(stale).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    house.submit(good).await.unwrap();
}

#[tokio::test]
async fn what_is_withdrawn_later_leaves_what_was_sent_as_it_was_sent() {
    let house = House::lenient().await;
    let denial = house.refused("PCN1", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let appeal = house.appeal(&[&denial]).await.unwrap();
    let token = house.group.token(&house.world, Role::Specialist).await;
    let mut routing = house.world.routing(&token);
    let request = GetWorkItemRequest { id: denial.work_item_id.clone() };
    let item = routing.get_work_item(request.clone()).await.unwrap().into_inner();
    let item = item.work_item.unwrap();
    let standards = item.evidence.iter().map(|wanted| wanted.standard.clone()).collect();
    let header = EvidenceHeader { standards, ..header(&denial.case_id, "") };
    let filed = routing.upload_evidence(tokio_stream::iter(parts(header, PDF))).await.unwrap();
    let sent = house.submit(submit(&appeal, 15, "FAX1")).await.unwrap();
    let withdraw = WithdrawEvidenceRequest {
        id: filed.into_inner().document.unwrap().id,
        reason: "it is about another claim".to_owned(),
        request_id: id(),
    };
    routing.withdraw_evidence(withdraw).await.unwrap();
    assert_eq!(house.get(&appeal.id).await, sent);
    let now = routing.get_work_item(request).await.unwrap().into_inner().work_item.unwrap();
    assert_eq!(now.evidence_missing_count, item.evidence_missing_count, "its work hears of it");
}

#[tokio::test]
async fn a_filing_may_name_the_document_that_shows_it() {
    let house = House::lenient().await;
    let appeal = house.free("", "PCN1", "20260610").await;
    let other = house.free("", "PCN2", "20260610").await;
    let foreign = house.file(&other, "", b"Fax sent on June 15.").await.unwrap().id;
    let own = house.file(&appeal, "", b"Fax sent on June 15.").await.unwrap().id;
    let naming = |proof: &str| {
        let mut request = submit(&appeal, 15, "FAX1");
        request.submission.as_mut().unwrap().proof_document_id = proof.to_owned();
        request
    };
    for wrong in [foreign.as_str(), "no id", &id()] {
        let refused = house.submit(naming(wrong)).await.unwrap_err();
        assert_eq!(fields(&refused), ["submission.proof_document_id"], "{wrong}");
    }
    let sent = house.submit(naming(&own)).await.unwrap();
    assert_eq!(sent.submissions[0].proof_document_id, own);
}

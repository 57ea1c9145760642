//! Documents that were filed by mistake.

use contracts::identity::v1::ListAuditEventsRequest;
use futures::TryStreamExt;
use tests::reason;

use super::*;

impl House {
    async fn withdraw(&self, role: Role, document: &str) -> Result<EvidenceDocument, Status> {
        let request = WithdrawEvidenceRequest {
            id: document.to_owned(),
            reason: " it is about Jane Roe ".to_owned(),
            request_id: id(),
        };
        let answer = self.as_a(role).await.withdraw_evidence(request).await?;
        Ok(answer.into_inner().document.unwrap())
    }

    async fn download(&self, role: Role, document: &str) -> Result<Vec<u8>, Status> {
        let request = DownloadEvidenceRequest { id: document.to_owned() };
        let stream = self.as_a(role).await.download_evidence(request).await?.into_inner();
        let parts: Vec<DownloadEvidenceResponse> = stream.try_collect().await?;
        Ok(parts.into_iter().flat_map(|part| part.chunk).collect())
    }

    /// What the feed says of this subject.
    async fn told(&self, subject: &str, kind: &str) -> Vec<String> {
        let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let events = self.as_a(Role::Partner).await.watch_events(request).await.unwrap();
        let events: Vec<WatchEventsResponse> = events.into_inner().try_collect().await.unwrap();
        let events = events.into_iter().filter_map(|answer| answer.event);
        let these = events.filter(|event| event.subject == subject && event.r#type == kind);
        these.map(|event| event.payload_json).collect()
    }
}

fn all(case: &str) -> ListEvidenceRequest {
    ListEvidenceRequest {
        case_id: case.to_owned(),
        include_withdrawn: true,
        ..ListEvidenceRequest::default()
    }
}

#[tokio::test]
async fn what_is_withdrawn_fulfills_nothing_of_the_claim_and_says_why() {
    let house = House::new().await;
    let refused = [[("CO", "197", 100_00)], [("CO", "50", 100_00)]];
    let lines = refused.each_ref().map(|adjustments| Line {
        charge: 100_00,
        paid: 0,
        adjustments,
        remarks: &[],
    });
    let remittance = Remittance::to(NPI, "20260610").claim("A1", "DOE", &lines);
    house.group.upload(&house.world, &remittance.x12()).await;
    let mut listed = house.items("patient_control_number = \"A1\"").await;
    listed.sort_by_key(|item| item.team != "authorization");
    let [first, second] = listed.try_into().unwrap();
    let (first, second) = (house.item(&first.id).await, house.item(&second.id).await);
    assert_eq!(first.case_id, second.case_id, "one claim, two items");
    let slugs = [first.evidence[0].standard.as_str(), second.evidence[0].standard.as_str()];
    let missing = [state(&first, slugs[0]), state(&second, slugs[1])];
    let filed = house.upload(of(&first, &slugs), PDF).await.unwrap();
    let kept = house.upload(of(&first, &slugs[..1]), b"what belongs here").await.unwrap();
    let with = [house.item(&first.id).await, house.item(&second.id).await];
    assert_eq!(state(&with[1], slugs[1]).2, filed.id);
    let gone = house.withdraw(Role::Specialist, &filed.id).await.unwrap();
    let withdrawal = gone.withdrawal.clone().unwrap();
    let [specialist] = house.group.people(&house.world, [Role::Specialist]).await;
    assert_eq!(
        (withdrawal.reason.as_str(), withdrawal.withdrawn_by),
        ("it is about Jane Roe", specialist)
    );
    let without = [house.item(&first.id).await, house.item(&second.id).await];
    assert_eq!(state(&without[0], slugs[0]).2, kept.id, "the other document is still on file");
    assert_eq!(state(&without[1], slugs[1]), missing[1]);
    assert_eq!(score(&without[1]), score(&second), "it has the rank of before");
    assert_eq!(minutes(&without[1]), minutes(&second));
    for item in &without {
        let line = house.words(item).await.remove(0);
        let words = format!("withdrew the document {}, because it is about Jane Roe: ", filed.id);
        assert!(line.starts_with(&words), "{line}");
    }
    let told = house.told(&filed.id, "evidence.withdrawn").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].contains(&first.case_id) && !told[0].contains("Roe"), "{told:?}");
    let told = house.told(&second.id, "work_item.evidence_changed").await;
    assert!(told.last().unwrap().contains(slugs[1]), "{told:?}");
    // What comes later does not find it either.
    let later = house.denied("A1", "50", "20260630").await;
    assert_eq!(state(&later, slugs[1]), missing[1]);
    let filter =
        "kind = \"CHANGE\" AND rpc = \"/overturn.routing.v1.RoutingService/WithdrawEvidence\"";
    let request =
        ListAuditEventsRequest { filter: filter.to_owned(), ..ListAuditEventsRequest::default() };
    let auditor = house.group.token(&house.world, Role::Auditor).await;
    let trail = house.world.identity(&auditor).list_audit_events(request).await.unwrap();
    assert_eq!(trail.into_inner().audit_events.len(), 1);
}

#[tokio::test]
async fn withdrawn_documents_are_for_auditors_alone() {
    let house = House::new().await;
    let item = house.denied("A1", "197", "20260610").await;
    let slug = item.evidence[0].standard.as_str();
    let filed = house.upload(of(&item, &[slug]), PDF).await.unwrap();
    let kept = house.upload(of(&item, &[slug]), b"what belongs here").await.unwrap();
    let gone = house.withdraw(Role::TeamLead, &filed.id).await.unwrap();
    let request =
        ListEvidenceRequest { case_id: item.case_id.clone(), ..ListEvidenceRequest::default() };
    let listed = house.list(request.clone()).await.documents;
    assert_eq!(listed, std::slice::from_ref(&kept));
    assert_eq!(house.list(all(&item.case_id)).await.documents, [kept.clone(), gone]);
    let first = ListEvidenceRequest { page_size: 1, ..all(&item.case_id) };
    let token = house.list(first).await.next_page_token;
    let other = ListEvidenceRequest { page_size: 1, page_token: token, ..request };
    let refused = house.as_a(Role::Auditor).await.list_evidence(other).await.unwrap_err();
    assert_eq!(refusal(&refused).1, "INVALID_PAGE_TOKEN");
    for role in [Role::Specialist, Role::TeamLead, Role::Partner] {
        let refused = house.as_a(role).await.list_evidence(all(&item.case_id)).await.unwrap_err();
        assert_eq!(refusal(&refused), reason(Code::PermissionDenied, "PERMISSION_DENIED"));
        let refused = house.download(role, &filed.id).await.unwrap_err();
        assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "EVIDENCE_WITHDRAWN"));
        assert_eq!(house.download(role, &kept.id).await.unwrap(), b"what belongs here");
    }
    assert_eq!(house.download(Role::Auditor, &filed.id).await.unwrap(), PDF);
    // The same bytes are evidence where they belong.
    let right = house.denied("A2", "197", "20260610").await;
    let again = house.upload(of(&right, &[slug]), PDF).await.unwrap();
    assert_eq!(house.download(Role::Specialist, &again.id).await.unwrap(), PDF);
    assert_eq!(state(&house.item(&right.id).await, slug).2, again.id);
}

#[tokio::test]
async fn an_application_withdraws_what_it_filed_once_and_with_a_reason() {
    let house = House::new().await;
    let item = house.denied("A1", "197", "20260610").await;
    let slug = item.evidence[0].standard.as_str();
    let robots = house.upload(of(&item, &[slug]), PDF).await.unwrap();
    let sent = tokio_stream::iter(parts(of(&item, &[slug]), b"what a person filed"));
    let persons = house.as_a(Role::Specialist).await.upload_evidence(sent).await.unwrap();
    let persons = persons.into_inner().document.unwrap();
    let refused = house.withdraw(Role::Partner, &persons.id).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::PermissionDenied, "NOT_THE_UPLOADER"));
    for why in ["", "  ", &"a".repeat(1_001)] {
        let request = WithdrawEvidenceRequest {
            id: robots.id.clone(),
            reason: why.to_owned(),
            request_id: id(),
        };
        let refused = house.as_a(Role::Partner).await.withdraw_evidence(request).await;
        assert_eq!(fields(&refused.unwrap_err()), ["reason"]);
    }
    let refused = house.withdraw(Role::Specialist, &id()).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    house.withdraw(Role::Partner, &robots.id).await.unwrap();
    for role in [Role::Partner, Role::Specialist] {
        let refused = house.withdraw(role, &robots.id).await.unwrap_err();
        assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "EVIDENCE_WITHDRAWN"));
    }
    house.withdraw(Role::Specialist, &persons.id).await.unwrap();
    assert_eq!(house.item(&item.id).await.evidence_missing_count, item.evidence_missing_count);
}

//! What payers decide speaks for or against the dictionary.

use contracts::dictionary::v1::{
    ChangeRequest, ChangeSource, EntryEvidence, ListChangeRequestsRequest, ListEntryEvidenceRequest,
};
use tests::fields;
use tests::samples::appeals::submit;

use super::*;

impl House {
    async fn decide(&self, appeal: &Appeal, outcome: Outcome) -> Result<Appeal, Status> {
        let request = RecordOutcomeRequest {
            appeal_id: appeal.id.clone(),
            outcome: Some(outcome),
            etag: appeal.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.record_outcome(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    /// A sent appeal of code 50 to the payer that is called so.
    async fn sent_to(&self, payer: &str, number: &str) -> Appeal {
        let appeal = self.free(payer, number, "20260601").await;
        self.submit(submit(&appeal, 5, number)).await.unwrap()
    }

    /// What outcomes say of an entry, once the dictionary has followed.
    async fn evidence_of(&self, entry: &str) -> Option<EntryEvidence> {
        self.follow().await;
        let token = self.group.token(&self.world, Role::Analyst).await;
        let request = ListEntryEvidenceRequest { page_size: 500, ..Default::default() };
        let listed = self.world.dictionary(&token).list_entry_evidence(request).await.unwrap();
        listed.into_inner().entry_evidence.into_iter().find(|one| one.entry == entry)
    }

    /// Open drafts out of outcomes.
    async fn drafted(&self) -> Vec<ChangeRequest> {
        self.follow().await;
        let token = self.group.token(&self.world, Role::Analyst).await;
        let request = ListChangeRequestsRequest::default();
        let listed = self.world.dictionary(&token).list_change_requests(request).await.unwrap();
        let changes = listed.into_inner().change_requests.into_iter();
        changes.filter(|change| change.source() == ChangeSource::OutcomeEvidence).collect()
    }
}

fn outcome(kind: OutcomeKind, cents: i64) -> Outcome {
    Outcome {
        kind: kind.into(),
        recovered: tests::samples::ends::money(cents),
        decided_on: Some(date(2026, 6, 12)),
        ..Outcome::default()
    }
}

#[tokio::test]
async fn decisions_count_for_the_entries_of_what_was_appealed_once() {
    let house = House::lenient().await;
    let lost = house.sent_to("", "PCN1").await;
    house.decide(&lost, outcome(OutcomeKind::Upheld, 0)).await.unwrap();
    let won = house.sent_to("", "PCN2").await;
    house.decide(&won, outcome(OutcomeKind::PartiallyOverturned, 20_00)).await.unwrap();
    house.sent_to("", "PCN3").await;
    let evidence = house.evidence_of("carc-50").await.unwrap();
    assert_eq!(evidence.outcome_count, 2);
    assert_eq!(evidence.observed_overturn_basis_points, 5_000);
    let again = house.evidence_of("carc-50").await.unwrap();
    assert_eq!(again, evidence, "another look finds nothing new");
}

#[tokio::test]
async fn a_deadline_that_was_kept_in_vain_is_challenged_with_its_appeal() {
    let house = House::lenient().await;
    house.payer("medicare", LineOfBusiness::MedicareFfs, Network::InNetwork).await;
    let sent = house.sent_to("medicare", "PCN1").await;
    let paid = Outcome { untimely: true, ..outcome(OutcomeKind::Overturned, 60_00) };
    let refused = house.decide(&sent, paid).await.unwrap_err();
    assert_eq!(fields(&refused), ["outcome.untimely"]);
    let late = Outcome { untimely: true, ..outcome(OutcomeKind::Dismissed, 0) };
    let decided = house.decide(&sent, late.clone()).await.unwrap();
    assert!(decided.outcome.as_ref().unwrap().untimely);
    let drafted = house.drafted().await;
    assert_eq!(drafted.len(), 1);
    assert!(drafted[0].title.contains("medicare-redetermination"), "{}", drafted[0].title);
    for words in [&*sent.id, "filed on 06/05/2026", "the last day", "06/12/2026"] {
        assert!(drafted[0].reason.contains(words), "{words}: {}", drafted[0].reason);
    }
    // A second one says nothing new while the first is open; another ground challenges nothing.
    let second = house.sent_to("medicare", "PCN2").await;
    house.decide(&second, late).await.unwrap();
    let third = house.sent_to("medicare", "PCN3").await;
    house.decide(&third, outcome(OutcomeKind::Dismissed, 0)).await.unwrap();
    assert_eq!(house.drafted().await.len(), 1);
}

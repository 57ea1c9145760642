use contracts::routing::v1::{GetWorkItemRequest, WorkItem, WorkItemState};
use tests::samples::appeals::submit;
use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

impl House {
    async fn call(
        &self,
        denial: &Denial,
        day: i32,
        outcome: OutcomeKind,
    ) -> Result<String, Status> {
        let request = RecordPeerToPeerRequest {
            case_id: denial.case_id.clone(),
            held_on: Some(date(2026, 6, day)),
            outcome: outcome.into(),
            note: "SECRET WORDS".to_owned(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.record_peer_to_peer(request).await?;
        Ok(answer.into_inner().peer_to_peer_id)
    }

    async fn calls(&self, denial: &Denial) -> Vec<PeerToPeer> {
        let request =
            ListPeerToPeersRequest { case_id: denial.case_id.clone(), ..Default::default() };
        let answer = self.as_a(Role::Auditor).await.list_peer_to_peers(request).await.unwrap();
        answer.into_inner().peer_to_peers
    }

    async fn item_of(&self, denial: &Denial) -> WorkItem {
        let token = self.group.token(&self.world, Role::Specialist).await;
        let request = GetWorkItemRequest { id: denial.work_item_id.clone() };
        let item = self.world.routing(&token).get_work_item(request).await.unwrap();
        item.into_inner().work_item.unwrap()
    }
}

#[tokio::test]
async fn a_call_is_kept_with_its_outcome_and_told() {
    let house = House::lenient().await;
    let denial = house.refused("PCN1", &[("CO", "50", 60_00)], &["N939"]).await.remove(0);
    let kept = house.call(&denial, 12, OutcomeKind::Upheld).await.unwrap();
    let calls = house.calls(&denial).await;
    assert_eq!((calls.len(), calls[0].id.as_str()), (1, kept.as_str()));
    assert_eq!(
        (calls[0].outcome(), calls[0].held_on),
        (OutcomeKind::Upheld, Some(date(2026, 6, 12)))
    );
    assert_eq!((calls[0].note.as_str(), calls[0].late), ("SECRET WORDS", false));
    let told = house.told().await.pop().unwrap();
    assert_eq!(told.0, "peer_to_peer.recorded");
    assert!(told.1.contains("held on 06/12/2026: upheld") && !told.1.contains("SECRET"));
    house.follow().await;
    assert_eq!(house.item_of(&denial).await.state(), WorkItemState::Open);
    // The payer gives way: its remittance is awaited.
    house.call(&denial, 14, OutcomeKind::Overturned).await.unwrap();
    house.follow().await;
    assert_eq!(house.item_of(&denial).await.state(), WorkItemState::Waiting);
    assert_eq!(house.calls(&denial).await.len(), 2, "the first one first");
}

#[tokio::test]
async fn a_call_lies_between_the_remittance_and_the_first_appeal() {
    let house = House::lenient().await;
    let denial = house.refused("PCN1", &[("CO", "50", 60_00)], &["N939"]).await.remove(0);
    let early = house.call(&denial, 9, OutcomeKind::Upheld).await.unwrap_err();
    assert_eq!(fields(&early), ["held_on"]);
    let ahead = house.call(&denial, 30, OutcomeKind::Upheld).await.unwrap_err();
    assert_eq!(fields(&ahead), ["held_on"]);
    let unsaid = house.call(&denial, 12, OutcomeKind::Unspecified).await.unwrap_err();
    assert_eq!(fields(&unsaid), ["outcome"]);
    let nobody = Denial { case_id: id(), ..denial.clone() };
    let nobody = house.call(&nobody, 12, OutcomeKind::Upheld).await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);
    let appeal = house.appeal(&[&denial]).await.unwrap();
    house.submit(submit(&appeal, 13, "FAX1")).await.unwrap();
    let late = house.call(&denial, 14, OutcomeKind::Upheld).await.unwrap_err();
    assert_eq!(refusal(&late), reason(Code::FailedPrecondition, "APPEAL_FILED"));
    // The control: one that was held before the filing is still recorded.
    house.call(&denial, 12, OutcomeKind::Dismissed).await.unwrap();
    assert_eq!(house.calls(&denial).await.len(), 1);
}

use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    DecideRequest, ExceptionKind, ExplainDecisionRequest, Facts, NextAction, RecordClass,
    VerifyReceiptRequest,
};
use tests::samples::facts;
use tests::{Group, NewGroup, World};

async fn aboard() -> (World, String) {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::Specialist).await;
    (world, token)
}

fn codes(group: &str, carc: &str, rarcs: &[&str]) -> Facts {
    Facts {
        group: group.to_owned(),
        carc: carc.to_owned(),
        rarcs: rarcs.iter().map(|&rarc| rarc.to_owned()).collect(),
        ..Facts::default()
    }
}

#[tokio::test]
async fn group_reason_and_remarks_decide_together() {
    let (world, token) = aboard().await;
    let mut dictionary = world.dictionary(&token);
    let mut decide = async |facts: Facts| {
        let request = DecideRequest { facts: Some(facts), revision: String::new() };
        dictionary.decide(request).await.unwrap().into_inner().decision.unwrap()
    };
    let denial = decide(codes("CO", "197", &[])).await;
    let receipt = denial.receipt.unwrap();
    assert_eq!(receipt.record_class(), RecordClass::Denial);
    assert!(!denial.evidence.is_empty() && !denial.paths.is_empty());
    assert!(!denial.assumed.is_empty(), "the starter marks what it assumes");
    let patient = decide(codes("PR", "1", &[])).await.receipt.unwrap();
    assert_ne!(patient.record_class(), RecordClass::Denial);
    let unprocessable = decide(codes("CO", "16", &["MA130"])).await.receipt.unwrap();
    let processable = decide(codes("CO", "16", &["M76"])).await.receipt.unwrap();
    assert_eq!(unprocessable.next_action(), NextAction::NewClaim, "MA130 ends appeal rights");
    assert_ne!(processable.next_action(), NextAction::NewClaim);
    let unknown = decide(codes("CO", "999", &[])).await.receipt.unwrap();
    assert_eq!(unknown.unmapped(), ExceptionKind::UnknownCode);
    let old = decide(codes("CR", "197", &[])).await.receipt.unwrap();
    assert_eq!(old.unmapped(), ExceptionKind::CorrectionGroup);
}

#[tokio::test]
async fn a_receipt_verifies_bit_for_bit_and_nothing_else_does() {
    let (world, token) = aboard().await;
    let mut dictionary = world.dictionary(&token);
    let request = DecideRequest { facts: Some(facts()), revision: String::new() };
    let decided = dictionary.decide(request).await.unwrap().into_inner().decision.unwrap();
    let receipt = decided.receipt.unwrap();
    let mut verify = async |receipt, facts| {
        let request = VerifyReceiptRequest { receipt: Some(receipt), facts: Some(facts) };
        dictionary.verify_receipt(request).await.unwrap().into_inner()
    };
    assert!(verify(receipt.clone(), facts()).await.valid);
    let mut forged = receipt.clone();
    forged.team = "somebody-else".to_owned();
    let answer = verify(forged, facts()).await;
    assert!(!answer.valid && !answer.differences.is_empty());
    let other = Facts { amount_cents: Some(1), ..facts() };
    assert!(!verify(receipt, other).await.valid, "the inputs hash binds the facts");
}

#[tokio::test]
async fn an_explanation_names_what_decided_and_what_nearly_did() {
    let (world, token) = aboard().await;
    let mut dictionary = world.dictionary(&token);
    let request = ExplainDecisionRequest { facts: Some(facts()), revision: String::new() };
    let explained = dictionary.explain_decision(request).await.unwrap().into_inner();
    assert!(!explained.explanation.is_empty());
    let receipt = explained.decision.unwrap().receipt.unwrap();
    assert!(!receipt.why.is_empty() && !receipt.entry.is_empty());
}

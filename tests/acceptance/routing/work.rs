use contracts::access::v1::Role;
use contracts::dictionary::v1::{NextAction, OwnerFunction, Path};
use contracts::routing::v1::{
    DeadlineBand, EvidenceState, GetDenialRequest, GetWorkItemRequest, ListDenialsRequest,
    ListWorkItemsRequest, RemittanceFileState, RemittancePurpose, WorkItem, WorkItemKind,
    WorkItemState,
};
use tests::{Group, Line, NewGroup, Remittance, World};

const NPI: &str = "1234567893";

async fn aboard() -> (World, Group) {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    (world, group)
}

async fn worklist(world: &World, group: &Group) -> Vec<WorkItem> {
    let token = group.token(world, Role::Specialist).await;
    let list = world.routing(&token).list_work_items(ListWorkItemsRequest::default()).await;
    list.unwrap().into_inner().work_items
}

fn denied<'l>(charge: i64, adjustments: &'l [(&'l str, &'l str, i64)]) -> Line<'l> {
    Line { charge, paid: 0, adjustments, remarks: &[] }
}

#[tokio::test]
async fn an_835_becomes_owned_ranked_dated_work() {
    let (world, group) = aboard().await;
    let bytes = Remittance::to(NPI, "20260610")
        .claim("SMALL", "DOE", &[denied(90_00, &[("CO", "197", 90_00)])])
        .claim("LARGE", "ROE", &[denied(9_000_00, &[("CO", "197", 9_000_00)])])
        .claim(
            "PAID",
            "POE",
            &[Line {
                charge: 100_00,
                paid: 80_00,
                adjustments: &[("CO", "45", 20_00)],
                remarks: &[],
            }],
        )
        .x12();
    let file = group.upload(&world, &bytes).await;
    assert_eq!(file.state(), RemittanceFileState::Posted);
    let counts = file.counts.unwrap();
    assert_eq!((counts.claims, counts.denials, counts.work_items), (3, 2, 2));
    assert_eq!(file.dictionary_revision, group.revision);

    let items = worklist(&world, &group).await;
    let numbers: Vec<_> = items.iter().map(|i| i.patient_control_number.as_str()).collect();
    assert_eq!(numbers, ["LARGE", "SMALL"], "the money at stake decides");
    let item = &items[0];
    assert_eq!((item.kind(), item.state()), (WorkItemKind::Denial, WorkItemState::Open));
    assert_eq!(item.payer_name, "Sample Health Plan");
    assert_eq!(item.at_stake.as_ref().unwrap().amount_cents, 9_000_00);
    let code = &item.codes[0];
    assert_eq!(code.group.as_ref().unwrap().code, "CO");
    assert_eq!(code.reason.as_ref().unwrap().code, "197");
    assert!(!code.reason.as_ref().unwrap().label.is_empty(), "codes carry labels");
    assert_eq!(item.owner_function(), OwnerFunction::Authorization);
    assert_eq!(
        (item.team.as_str(), item.team_name.as_str()),
        ("authorization", "Authorization Team")
    );
    assert_ne!(item.next_action(), NextAction::Unspecified);
    assert!(!item.action_words.is_empty());
    assert!(item.evidence.iter().any(|e| e.state() == EvidenceState::Missing));
    let missing = item.evidence.iter().filter(|e| e.state() == EvidenceState::Missing).count();
    assert_eq!(usize::try_from(item.evidence_missing_count).unwrap(), missing);
    let deadline = item.deadline.as_ref().expect("a commercial appeal has a clock");
    assert!(deadline.due_on.is_some() && !deadline.source.is_empty());
    assert_ne!(deadline.path(), Path::Unspecified);
    let priority = item.priority.as_ref().unwrap();
    assert!(priority.score > items[1].priority.as_ref().unwrap().score);
    assert!(!priority.reasons.is_empty());
}

#[tokio::test]
async fn twenty_lines_of_one_refusal_are_one_task() {
    let (world, group) = aboard().await;
    let lines: Vec<Line<'_>> = (0..20).map(|_| denied(50_00, &[("CO", "197", 50_00)])).collect();
    let bytes = Remittance::to(NPI, "20260610").claim("MANY", "DOE", &lines).x12();
    let counts = group.upload(&world, &bytes).await.counts.unwrap();
    assert_eq!((counts.denials, counts.work_items), (20, 1));
    let item = &worklist(&world, &group).await[0];
    assert_eq!(item.codes[0].denial_count, 20);
    assert_eq!(item.at_stake.as_ref().unwrap().amount_cents, 1_000_00);
}

#[tokio::test]
async fn an_item_whose_windows_have_all_closed_is_overdue_and_not_without_a_deadline() {
    let (world, group) = aboard().await;
    let refused = |on: &str, number: &str| {
        Remittance::to(NPI, on)
            .claim(number, "DOE", &[denied(120_00, &[("CO", "197", 120_00)])])
            .x12()
    };
    group.upload(&world, &refused("20260610", "FRESH")).await;
    group.upload(&world, &refused("20180610", "CLOSED")).await;
    let items = worklist(&world, &group).await;
    let numbers: Vec<_> = items.iter().map(|i| i.patient_control_number.as_str()).collect();
    assert_eq!(numbers, ["CLOSED", "FRESH"], "of two alike, the overdue one comes first");
    let priority = items[0].priority.as_ref().unwrap();
    assert_eq!(priority.band(), DeadlineBand::Overdue);
    assert!(priority.days_left.unwrap() < 0 && items[0].deadline.is_some());
}

#[tokio::test]
async fn an_unknown_code_is_shown_raw_and_owned_by_the_exception_queue() {
    let (world, group) = aboard().await;
    let bytes = Remittance::to(NPI, "20260610")
        .claim("ODD", "DOE", &[denied(70_00, &[("CO", "999", 70_00)])])
        .x12();
    group.upload(&world, &bytes).await;
    let item = &worklist(&world, &group).await[0];
    assert_eq!(item.kind(), WorkItemKind::Exception);
    assert_eq!(item.team, "exceptions");
    assert_eq!(item.codes[0].reason.as_ref().unwrap().code, "999");
}

#[tokio::test]
async fn history_posts_denials_and_opens_nothing() {
    let (world, group) = aboard().await;
    let bytes = Remittance::to(NPI, "20260110")
        .claim("OLD", "DOE", &[denied(70_00, &[("CO", "197", 70_00)])])
        .x12();
    let answer = group.try_upload(&world, &bytes, RemittancePurpose::History).await.unwrap();
    let counts = answer.remittance_file.unwrap().counts.unwrap();
    assert_eq!((counts.claims, counts.denials, counts.work_items), (1, 1, 0));
    assert!(worklist(&world, &group).await.is_empty());
    let token = group.token(&world, Role::Specialist).await;
    let denials = world.routing(&token).list_denials(ListDenialsRequest::default()).await.unwrap();
    assert_eq!(denials.into_inner().denials.len(), 1);
}

#[tokio::test]
async fn patient_share_and_lone_contractual_reductions_are_no_denials() {
    let (world, group) = aboard().await;
    let line = |adjustments| Line { charge: 100_00, paid: 60_00, adjustments, remarks: &[] };
    let bytes = Remittance::to(NPI, "20260610")
        .claim("DEDUCTIBLE", "DOE", &[line(&[("PR", "1", 40_00)])])
        .claim("CONTRACT", "ROE", &[line(&[("CO", "45", 40_00)])])
        .claim("PRIOR", "POE", &[line(&[("OA", "23", 40_00)])])
        .x12();
    let counts = group.upload(&world, &bytes).await.counts.unwrap();
    assert_eq!((counts.claims, counts.denials, counts.exceptions), (3, 0, 0));
    let whole = Remittance::to(NPI, "20260611")
        .claim("WHOLE", "DOE", &[denied(100_00, &[("CO", "45", 100_00)])])
        .x12();
    let counts = group.upload(&world, &whole).await.counts.unwrap();
    assert_eq!(counts.exceptions, 1, "no contract takes the whole charge");
}

#[tokio::test]
async fn a_receipt_of_intake_is_verified_by_the_dictionary() {
    use contracts::dictionary::v1::VerifyReceiptRequest;

    let (world, group) = aboard().await;
    let bytes = Remittance::to(NPI, "20260610")
        .claim("PROOF", "DOE", &[denied(120_00, &[("CO", "197", 120_00)])])
        .x12();
    group.upload(&world, &bytes).await;
    let token = group.token(&world, Role::Specialist).await;
    let listed = &worklist(&world, &group).await[0];
    let asked = GetWorkItemRequest { id: listed.id.clone() };
    let item = world.routing(&token).get_work_item(asked).await.unwrap().into_inner();
    let item = item.work_item.unwrap();
    let denial = GetDenialRequest { id: item.denials[0].denial_id.clone() };
    let denial = world.routing(&token).get_denial(denial).await.unwrap().into_inner();
    let denial = denial.denial.unwrap();
    let receipt = denial.receipt.unwrap();
    assert_eq!(receipt.dictionary_revision, group.revision);
    assert_eq!(Some(&receipt), item.denials[0].receipt.as_ref());
    let ours = VerifyReceiptRequest { receipt: Some(receipt.clone()), facts: denial.facts };
    let answer = world.dictionary(&token).verify_receipt(ours).await.unwrap().into_inner();
    assert!(answer.valid, "{:?}", answer.differences);
    // On other facts the dictionary cannot agree: the inputs hash binds them.
    let other = contracts::dictionary::v1::Facts {
        group: "PR".to_owned(),
        carc: "197".to_owned(),
        ..Default::default()
    };
    let wrong = VerifyReceiptRequest { receipt: Some(receipt), facts: Some(other) };
    let answer = world.dictionary(&token).verify_receipt(wrong).await.unwrap().into_inner();
    assert!(!answer.valid && !answer.differences.is_empty());
}

#[tokio::test]
async fn a_reversal_takes_back_the_claim_it_names_and_no_other_of_the_account() {
    use contracts::routing::v1::DenialState;

    let (world, group) = aboard().await;
    let fifty = [("CO", "50", 300_00)];
    let authorization = [("CO", "197", 500_00)];
    let split = Remittance::to(NPI, "20260601")
        .claim("SPLIT", "DOE", &[denied(300_00, &fifty)])
        .payer_control("ICNA")
        .claim("SPLIT", "DOE", &[denied(500_00, &authorization)])
        .payer_control("ICNB")
        .x12();
    group.upload(&world, &split).await;
    let undone = [("CO", "50", -300_00)];
    let reversal = Remittance::to(NPI, "20260610")
        .reversal("SPLIT", "DOE", &[denied(-300_00, &undone)])
        .payer_control("ICNA")
        .x12();
    group.upload(&world, &reversal).await;
    let token = group.token(&world, Role::Specialist).await;
    let denials = world.routing(&token).list_denials(ListDenialsRequest::default()).await.unwrap();
    for denial in denials.into_inner().denials {
        let expected = match denial.payer_claim_number.as_str() {
            "ICNA" => DenialState::Reversed,
            _ => DenialState::Open,
        };
        assert_eq!(denial.state(), expected, "{}", denial.payer_claim_number);
    }
    let items = worklist(&world, &group).await;
    let open: Vec<_> = items.iter().filter(|i| i.state() == WorkItemState::Open).collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].payer_claim_number, "ICNB");
}

#[tokio::test]
async fn an_exception_ends_with_the_adjudication_that_raised_it() {
    let (world, group) = aboard().await;
    let whole = [("CO", "45", 100_00)];
    let odd = Remittance::to(NPI, "20260601").claim("ODD", "DOE", &[denied(100_00, &whole)]).x12();
    group.upload(&world, &odd).await;
    assert_eq!(worklist(&world, &group).await[0].state(), WorkItemState::Open);
    let undone = [("CO", "45", -100_00)];
    let reversal =
        Remittance::to(NPI, "20260610").reversal("ODD", "DOE", &[denied(-100_00, &undone)]).x12();
    group.upload(&world, &reversal).await;
    assert_eq!(worklist(&world, &group).await[0].state(), WorkItemState::Resolved);
}

#[tokio::test]
async fn copies_of_the_service_share_the_revision_that_files_are_decided_under() {
    use domain::dictionary::ContentHash;
    use domain::tenancy::TenantId;
    use platform::cache::Key;

    let (world, group) = aboard().await;
    let tenant = TenantId::from_uuid(group.tenant_id.parse().unwrap());
    let key = Key::new(tenant, "revision", &group.revision);
    let cache = world.app().env().cache();
    assert_eq!(cache.get(&key).await, None);
    let bytes = Remittance::to(NPI, "20260610")
        .claim("ONE", "DOE", &[denied(70_00, &[("CO", "197", 70_00)])])
        .x12();
    group.upload(&world, &bytes).await;
    let content = String::from_utf8(cache.get(&key).await.unwrap()).unwrap();
    assert_eq!(ContentHash::of(&content).to_string(), group.revision);
}

#[tokio::test]
async fn a_denial_seen_again_is_a_repeat_of_the_first() {
    use contracts::routing::v1::DenialLineage;

    let (world, group) = aboard().await;
    let again = |on: &str| {
        Remittance::to(NPI, on)
            .claim("AGAIN", "DOE", &[denied(70_00, &[("CO", "197", 70_00)])])
            .x12()
    };
    group.upload(&world, &again("20260601")).await;
    group.upload(&world, &again("20260610")).await;
    let token = group.token(&world, Role::Specialist).await;
    let denials = world.routing(&token).list_denials(ListDenialsRequest::default()).await.unwrap();
    let mut denials = denials.into_inner().denials;
    denials.sort_by_key(|denial| denial.remitted_on.map(|on| (on.month, on.day)));
    let lineage: Vec<_> = denials.iter().map(|denial| denial.lineage()).collect();
    assert_eq!(lineage, [DenialLineage::Initial, DenialLineage::Repeat]);
    assert_eq!(denials[1].repeat_of, denials[0].id);
}

//! What later remittances of a claim make of its denials and of their work.

use super::*;

const CHARGE: i64 = 1_000_00;

/// A remittance of the claim's one day of service.
fn paid_on(day: &str) -> Remittance {
    Remittance::to(NPI, day).served_on("20260601")
}

fn refused<'l>(code: &'l [(&'l str, &'l str, i64)]) -> Line<'l> {
    let denied: i64 = code.iter().map(|(.., cents)| cents).sum();
    Line { charge: CHARGE, paid: CHARGE - denied, adjustments: code, remarks: &[] }
}

const AUTHORIZATION: &[(&str, &str, i64)] = &[("CO", "197", CHARGE)];
const PAID: &[(&str, &str, i64)] = &[];

impl Desk {
    async fn send(&self, remittance: &Remittance) {
        self.group.upload(&self.world, &remittance.x12()).await;
    }

    /// Denials of claims with this number, the oldest first.
    async fn denials(&self, number: &str) -> Vec<Denial> {
        let filter = format!("patient_control_number = \"{number}\"");
        let order_by = "posted_at".to_owned();
        let request = ListDenialsRequest { filter, order_by, ..ListDenialsRequest::default() };
        let listed = self.routing(Role::Analyst).await.list_denials(request).await.unwrap();
        listed.into_inner().denials
    }

    /// Items of claims with this number.
    async fn items(&self, number: &str) -> Vec<WorkItem> {
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let listed = self.routing(Role::Specialist).await.list_work_items(request).await.unwrap();
        let mut items = listed.into_inner().work_items;
        items.sort_by_key(|item| item.id.clone());
        items
    }

    async fn words(&self, item: &WorkItem) -> Vec<String> {
        let lines = self.timeline(&item.id).await;
        lines.into_iter().map(|line| line.words).collect()
    }
}

fn stands(denials: &[Denial]) -> Vec<(DenialState, i64, i32)> {
    let one = |one: &Denial| (one.state(), one.recovered.as_ref().unwrap().amount_cents, one.times);
    denials.iter().map(one).collect()
}

#[tokio::test]
async fn a_later_payment_overturns_the_denial_and_ends_its_work() {
    let desk = Desk::new().await;
    let first = paid_on("20260610").claim("WON", "DOE", &[refused(AUTHORIZATION)]).claim(
        "OTHER",
        "ROE",
        &[refused(AUTHORIZATION)],
    );
    desk.send(&first).await;
    let item = desk.items("WON").await.remove(0);
    // Somebody holds it, and the payer settles it all the same.
    let (_, lease) = desk.claim(Role::Specialist, &item).await.unwrap();
    let contract = [("CO", "45", 400_00)];
    let later = paid_on("20260801").claim("WON", "DOE", &[refused(&contract)]);
    desk.send(&later.payer_control("ICNNEW")).await;
    let denials = desk.denials("WON").await;
    assert_eq!(stands(&denials), [(DenialState::Overturned, 600_00, 1)]);
    let case = GetCaseRequest { id: item.case_id.clone() };
    let case = desk.routing(Role::Analyst).await.get_case(case).await.unwrap().into_inner();
    let case = case.case.unwrap();
    assert_eq!(case.denied_open.unwrap().amount_cents, 0);
    assert_eq!(case.claim_occurrences[0].id, denials[0].settled_by, "the newest one settled it");
    let ended = desk.item(&item.id).await;
    assert_eq!((ended.state(), ended.holder.as_str()), (WorkItemState::Resolved, ""));
    assert_eq!(ended.denials[0].state(), DenialState::Overturned);
    assert_eq!(ended.denials[0].recovered, money(600_00));
    let words = desk.words(&item).await;
    let told = "done: $1,000.00 was refused with CO-197; it is not refused any more, and $600.00 \
                was paid";
    assert_eq!(words[0], told);
    let settled = &desk.told("denial.settled").await[0];
    assert_eq!(settled["state"], "OVERTURNED");
    assert_eq!(settled["recovered_cents"], 600_00);
    assert_eq!(settled["claim_occurrence"], denials[0].settled_by.as_str());
    // Whoever held it writes no more.
    let request =
        HeartbeatWorkItemRequest { id: item.id.clone(), fencing_number: lease.fencing_number };
    let status = desk.routing(Role::Specialist).await.heartbeat_work_item(request).await;
    assert_eq!(status.unwrap_err().code(), Code::Aborted);
    assert_eq!(desk.items("OTHER").await[0].state(), WorkItemState::Open, "nobody answered it");
}

#[tokio::test]
async fn what_is_refused_again_goes_on_and_the_third_time_to_the_owner_of_its_process() {
    let desk = Desk::new().await;
    let necessity = &[("CO", "50", CHARGE)][..];
    for (day, icn) in [("20260610", "ICN-A"), ("20260701", "ICN-B"), ("20260801", "ICN-C")] {
        let again = paid_on(day).claim("AGAIN", "DOE", &[refused(necessity)]).payer_control(icn);
        desk.send(&again).await;
    }
    let denials = desk.denials("AGAIN").await;
    let repeated = DenialState::Repeated;
    let all = [(repeated, 0, 1), (repeated, 0, 2), (DenialState::Open, 0, 3)];
    assert_eq!(stands(&denials), all);
    assert_eq!(denials[2].repeat_of, denials[1].id);
    let lineages: Vec<DenialLineage> = denials.iter().map(Denial::lineage).collect();
    let initial = DenialLineage::Initial;
    assert_eq!(lineages, [initial, DenialLineage::Repeat, DenialLineage::Repeat]);
    let items = desk.items("AGAIN").await;
    let states: Vec<WorkItemState> = items.iter().map(WorkItem::state).collect();
    let done = WorkItemState::Resolved;
    assert_eq!(states, [done, done, WorkItemState::Open]);
    assert_eq!(items[0].team, items[1].team);
    assert_eq!((items[0].team.as_str(), items[2].team.as_str()), ("clinical-appeals", "him"));
    let full = desk.item(&items[2].id).await;
    assert_eq!(
        full.review_reason,
        "denial number 3 of this claim and line: the cause lies in clinical documentation, and \
         sending it once more will not help"
    );
    assert!(desk.words(&items[1]).await[0].ends_with("is refused again with CO-50"));
}

#[tokio::test]
async fn a_file_that_arrives_late_settles_what_it_would_have_settled_in_its_time() {
    let desk = Desk::new().await;
    let pays = paid_on("20260801").claim("LATE", "DOE", &[refused(PAID)]).payer_control("ICN-B");
    desk.send(&pays).await;
    let first = paid_on("20260610").claim("LATE", "DOE", &[refused(AUTHORIZATION)]);
    desk.send(&first).await;
    let settled = [(DenialState::Overturned, CHARGE, 1)];
    assert_eq!(stands(&desk.denials("LATE").await), settled);
    assert_eq!(desk.items("LATE").await[0].state(), WorkItemState::Resolved);
}

#[tokio::test]
async fn a_reversal_and_its_correction_settle_what_the_reversal_took_back() {
    let desk = Desk::new().await;
    desk.send(&paid_on("20260610").claim("BACK", "DOE", &[refused(AUTHORIZATION)])).await;
    let undone = [("CO", "197", -CHARGE)];
    let back = Line { charge: -CHARGE, paid: 0, adjustments: &undone, remarks: &[] };
    let share = [("PR", "2", 200_00)];
    let both = paid_on("20260801")
        .reversal("BACK", "DOE", &[back])
        .claim("BACK", "DOE", &[refused(&share)])
        .payer_control("ICN-NEW");
    desk.send(&both).await;
    let overturned = [(DenialState::Overturned, 800_00, 1)];
    assert_eq!(stands(&desk.denials("BACK").await), overturned);
    let item = &desk.items("BACK").await[0];
    assert_eq!(item.state(), WorkItemState::Resolved);
}

#[tokio::test]
async fn what_a_payment_settled_is_open_again_when_the_payer_takes_it_back() {
    let desk = Desk::new().await;
    desk.send(&paid_on("20260610").claim("SWING", "DOE", &[refused(AUTHORIZATION)])).await;
    let pays = paid_on("20260701").claim("SWING", "DOE", &[refused(PAID)]);
    desk.send(&pays.payer_control("ICN-PAID")).await;
    let item = desk.items("SWING").await.remove(0);
    assert_eq!(item.state(), WorkItemState::Resolved);
    let back = Line { charge: -CHARGE, paid: -CHARGE, adjustments: &[], remarks: &[] };
    let takes = paid_on("20260801").reversal("SWING", "DOE", &[back]);
    desk.send(&takes.payer_control("ICN-PAID")).await;
    assert_eq!(stands(&desk.denials("SWING").await), [(DenialState::Open, 0, 1)]);
    let item = desk.item(&item.id).await;
    assert_eq!((item.state(), item.at_stake), (WorkItemState::Open, money(CHARGE)));
    let words = desk.words(&desk.items("SWING").await[0]).await;
    let told = "open again: the payer took back the adjudication that had settled it";
    assert_eq!(words[0], told);
    assert_eq!(desk.told("denial.reopened").await.len(), 1);
}

#[tokio::test]
async fn an_item_of_several_lines_is_lessened_by_what_is_paid() {
    let desk = Desk::new().await;
    let both = [refused(AUTHORIZATION), refused(AUTHORIZATION)];
    desk.send(&paid_on("20260610").claim("HALF", "DOE", &both)).await;
    let before = desk.items("HALF").await.remove(0);
    assert_eq!(before.at_stake, money(2 * CHARGE));
    let half = paid_on("20260801").claim("HALF", "DOE", &[refused(PAID)]);
    desk.send(&half.payer_control("ICN-B")).await;
    let item = desk.item(&before.id).await;
    assert_eq!((item.state(), item.at_stake.clone()), (WorkItemState::Open, money(CHARGE)));
    let score = |item: &WorkItem| item.priority.as_ref().unwrap().score;
    assert!(score(&item) < score(&before));
    let states: Vec<DenialState> = item.denials.iter().map(WorkItemDenial::state).collect();
    assert_eq!(states, [DenialState::Overturned, DenialState::Open]);
    // A part of the rest: what was not paid is a repeat with an item of its own.
    let part = [("CO", "197", 300_00)];
    let lines = [refused(PAID), refused(&part)];
    let rest = paid_on("20260901").claim("HALF", "DOE", &lines);
    desk.send(&rest.payer_control("ICN-C")).await;
    let denials = desk.denials("HALF").await;
    let partly = (DenialState::PartiallyOverturned, 700_00, 1);
    assert_eq!(stands(&denials[1..]), [partly, (DenialState::Open, 0, 2)]);
    let states: Vec<WorkItemState> = desk.items("HALF").await.iter().map(WorkItem::state).collect();
    assert_eq!(states, [WorkItemState::Resolved, WorkItemState::Open]);
}

#[tokio::test]
async fn what_a_person_gave_up_and_the_payer_paid_is_overturned_and_not_undone() {
    let desk = Desk::new().await;
    desk.send(&paid_on("20260610").claim("GIVEN", "DOE", &[refused(AUTHORIZATION)])).await;
    let item = desk.items("GIVEN").await.remove(0);
    let closing = end(&item, ResolutionKind::Closed);
    let closing = ResolveWorkItemRequest { reason: "nobody fights it".to_owned(), ..closing };
    let (_, resolution) = desk.resolve(Role::Specialist, closing).await.unwrap();
    let refuses = paid_on("20260701").claim("GIVEN", "DOE", &[refused(AUTHORIZATION)]);
    desk.send(&refuses.payer_control("ICN-B")).await;
    let denials = desk.denials("GIVEN").await;
    let closed = (DenialState::Closed, 0, 1);
    assert_eq!(stands(&denials), [closed, (DenialState::Open, 0, 2)], "his end stands");
    let pays = paid_on("20260801").claim("GIVEN", "DOE", &[refused(PAID)]);
    desk.send(&pays.payer_control("ICN-C")).await;
    let denials = desk.denials("GIVEN").await;
    assert_eq!(stands(&denials), [closed, (DenialState::Overturned, CHARGE, 2)]);
    // An end whose denial the payer settled cannot be taken back.
    desk.send(&paid_on("20260610").claim("PAID", "ROE", &[refused(AUTHORIZATION)])).await;
    let item = desk.items("PAID").await.remove(0);
    let closing = end(&item, ResolutionKind::Closed);
    let closing = ResolveWorkItemRequest { reason: "nobody fights it".to_owned(), ..closing };
    let (_, second) = desk.resolve(Role::Specialist, closing).await.unwrap();
    let pays = paid_on("20260801").claim("PAID", "ROE", &[refused(PAID)]);
    desk.send(&pays.payer_control("ICN-D")).await;
    assert_eq!(stands(&desk.denials("PAID").await), [(DenialState::Overturned, CHARGE, 1)]);
    let status = desk.undo(&second.id, "too early").await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition, "{status:?}");
    desk.undo(&resolution.id, "too early").await.expect("the first end is his own");
}

#[tokio::test]
async fn a_claim_under_another_number_is_known_by_the_payers() {
    let desk = Desk::new().await;
    let first = paid_on("20260610").claim("OLDNUMBER", "DOE", &[refused(AUTHORIZATION)]);
    desk.send(&first.payer_control("ICN-77001")).await;
    let corrected = paid_on("20260801").claim("NEWNUMBER", "DOE", &[refused(PAID)]);
    desk.send(&corrected.payer_control("ICN-88002").replacing("ICN-77001")).await;
    let denials = desk.denials("OLDNUMBER").await;
    assert_eq!(stands(&denials), [(DenialState::Corrected, CHARGE, 1)]);
    assert_eq!(desk.items("OLDNUMBER").await[0].state(), WorkItemState::Resolved);
}

#[tokio::test]
async fn where_only_member_day_and_charge_agree_a_person_is_told_and_nothing_is_settled() {
    let desk = Desk::new().await;
    let first = paid_on("20260610").claim("ONE", "DOE", &[refused(AUTHORIZATION)]);
    desk.send(&first.payer_control("ICN-77001")).await;
    // Another member, or another charge: nobody is told.
    let others = paid_on("20260801")
        .claim("TWO", "ROE", &[refused(PAID)])
        .payer_control("ICN-88001")
        .claim("THREE", "DOE", &[Line { charge: 5_00, paid: 5_00, adjustments: &[], remarks: &[] }])
        .payer_control("ICN-88002");
    desk.send(&others).await;
    let item = desk.items("ONE").await.remove(0);
    assert!(desk.words(&item).await.iter().all(|words| !words.contains("may be")));
    let twin = paid_on("20260802").claim("FOUR", "DOE", &[refused(PAID)]);
    desk.send(&twin.payer_control("ICN-88003")).await;
    assert_eq!(stands(&desk.denials("ONE").await), [(DenialState::Open, 0, 1)]);
    let item = desk.item(&item.id).await;
    assert_eq!(item.state(), WorkItemState::Open);
    assert!(desk.words(&item).await[0].starts_with("a later remittance may be of this claim"));
}

#[tokio::test]
async fn parts_of_a_split_claim_and_lines_that_are_not_there_say_nothing() {
    let desk = Desk::new().await;
    let split = paid_on("20260610")
        .claim("PARTS", "DOE", &[refused(AUTHORIZATION)])
        .payer_control("ICN-A")
        .claim("PARTS", "DOE", &[refused(PAID)])
        .payer_control("ICN-B");
    desk.send(&split).await;
    assert_eq!(stands(&desk.denials("PARTS").await), [(DenialState::Open, 0, 1)]);
    let item = desk.items("PARTS").await.remove(0);
    assert_eq!(item.state(), WorkItemState::Open);
}

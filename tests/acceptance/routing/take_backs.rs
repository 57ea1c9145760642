//! What payers take back at provider level nets, and is work where no reversal says why.

use contracts::access::v1::Role;
use contracts::dictionary::v1::{ExceptionKind, OwnerFunction};
use contracts::routing::v1::*;
use tests::samples::work::close;
use tests::{Group, Line, NewGroup, Remittance, World};

const NPI: &str = "1234567893";

struct House {
    world: World,
    group: Group,
}

type Routing = routing_service_client::RoutingServiceClient<overturn::Door>;

const fn paying(cents: i64) -> Line<'static> {
    Line { charge: cents, paid: cents, adjustments: &[], remarks: &[] }
}

impl House {
    async fn new() -> Self {
        let world = World::new().await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        Self { world, group }
    }

    async fn as_a(&self, role: Role) -> Routing {
        let token = self.group.token(&self.world, role).await;
        self.world.routing(&token)
    }

    async fn take_in(&self, remittance: &Remittance) -> RemittanceFile {
        self.group.upload(&self.world, &remittance.x12()).await
    }

    async fn items(&self) -> Vec<WorkItem> {
        let request = ListWorkItemsRequest::default();
        let listed = self.as_a(Role::Specialist).await.list_work_items(request).await.unwrap();
        listed.into_inner().work_items
    }

    /// State and cents at stake of the items about take-backs, the least at stake first.
    async fn work(&self) -> Vec<(WorkItemState, i64)> {
        let items = self.items().await;
        let about = items.iter().filter(|item| item.exception() == ExceptionKind::TakeBack);
        let stake = |item: &WorkItem| item.at_stake.as_ref().unwrap().amount_cents;
        let mut work: Vec<(WorkItemState, i64)> =
            about.map(|item| (item.state(), stake(item))).collect();
        work.sort_by_key(|one| one.1);
        work
    }

    async fn take_backs(&self, filter: &str) -> Vec<TakeBack> {
        let request = ListTakeBacksRequest { filter: filter.to_owned(), ..Default::default() };
        let listed = self.as_a(Role::Analyst).await.list_take_backs(request).await.unwrap();
        listed.into_inner().take_backs
    }

    async fn case(&self, number: &str) -> Case {
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListClaimOccurrencesRequest { filter, ..Default::default() };
        let mut routing = self.as_a(Role::Specialist).await;
        let listed = routing.list_claim_occurrences(request).await.unwrap().into_inner();
        let id = listed.claim_occurrences[0].case_id.clone();
        routing.get_case(GetCaseRequest { id }).await.unwrap().into_inner().case.unwrap()
    }

    /// Paid, taken back and received on a case, in cents.
    async fn money(&self, number: &str) -> [i64; 3] {
        let case = self.case(number).await;
        [case.paid, case.taken_back, case.received].map(|money| money.unwrap().amount_cents)
    }
}

fn on(day: &str) -> Remittance {
    Remittance::to(NPI, day).served_on("20260601")
}

use TakeBackState::{Ambiguous, Matched, Unmatched};
use WorkItemState::{Open, Resolved};

#[tokio::test]
async fn what_a_reversal_explains_comes_to_nothing_once_the_money_is_taken() {
    let house = House::new().await;
    house.take_in(&on("20260610").claim("LATE", "DOE", &[paying(100_00)])).await;
    let back = [paying(-100_00)];
    let corrected = [Line { adjustments: &[("CO", "45", 40_00)], ..paying(100_00) }];
    let corrected = [Line { paid: 60_00, ..corrected[0] }];
    let put_off = on("20260620").reversal("LATE", "DOE", &back).claim("LATE", "DOE", &corrected);
    house.take_in(&put_off.provider("WO", "ICNLATE", -40_00)).await;
    assert_eq!(house.money("LATE").await, [60_00, -40_00, 100_00], "still to come");
    house.take_in(&on("20260630").provider("WO", "ICNLATE", 40_00)).await;
    assert_eq!(house.money("LATE").await, [60_00, 0, 60_00]);
    assert_eq!(house.work().await, []);
    let take_backs = house.case("LATE").await.take_backs;
    let amounts: Vec<i64> =
        take_backs.iter().map(|one| one.amount.as_ref().unwrap().amount_cents).collect();
    assert_eq!(amounts, [40_00, -40_00], "the newest first");
}

#[tokio::test]
async fn what_no_reversal_explains_is_work_until_it_is_given_back() {
    let house = House::new().await;
    house.take_in(&on("20260610").claim("TAKEN", "DOE", &[paying(100_00)])).await;
    let file = on("20260620").traced("EFT77").provider("WO", "ICNTAKEN M123456789", 40_00);
    let counts = house.take_in(&file).await.counts.unwrap();
    assert_eq!((counts.provider_adjustments, counts.work_items), (1, 1));
    assert_eq!(house.work().await, [(Open, 40_00)]);
    let item = house.items().await.remove(0);
    assert_eq!((item.kind(), item.team.as_str()), (WorkItemKind::Exception, "contracting"));
    assert_eq!(item.owner_function(), OwnerFunction::Contracting);
    assert_eq!(item.patient_control_number, "TAKEN");
    for words in ["$40.00 of this claim were taken back", "PLB WO", "EFT77", "06/20/2026"] {
        assert!(item.action_words.contains(words), "{words}: {}", item.action_words);
    }
    assert_eq!(house.case("TAKEN").await.work_items.len(), 1);
    let found = house.take_backs("claim_number = \"icntaken\"").await.remove(0);
    assert_eq!(found.claim_number, "ICNTAKEN", "a member's number stays in the original");
    // The same file again has no second effect.
    house.take_in(&file).await;
    assert_eq!(house.money("TAKEN").await, [100_00, 40_00, 60_00]);
    house.take_in(&on("20260625").provider("WO", "TAKEN", -15_00)).await;
    assert_eq!(house.work().await, [(Open, 25_00)], "by the provider's number too");
    house.take_in(&on("20260628").provider("FB", "ICNTAKEN", -25_00)).await;
    assert_eq!(house.work().await, [(Resolved, 25_00)]);
    house.take_in(&on("20260701").provider("WO", "ICNTAKEN", 30_00)).await;
    assert_eq!(house.work().await, [(Open, 30_00)], "the same item again");
}

#[tokio::test]
async fn what_a_person_settled_is_not_asked_about_again() {
    let house = House::new().await;
    house.take_in(&on("20260610").claim("OWED", "DOE", &[paying(100_00)])).await;
    house.take_in(&on("20260620").provider("WO", "ICNOWED", 40_00)).await;
    close(&house.world, &house.group, &house.items().await[0], "the refund was owed").await;
    house.take_in(&on("20260625").provider("L6", "ICNOWED", 3_00)).await;
    house.take_in(&on("20260626").provider("WO", "ICNOWED", -10_00)).await;
    house.take_in(&on("20260627").provider("WO", "ICNOWED", 10_00)).await;
    assert_eq!(house.work().await, [(Resolved, 40_00)]);
    house.take_in(&on("20260628").provider("WO", "ICNOWED", 25_00)).await;
    assert_eq!(house.work().await, [(Open, 25_00), (Resolved, 40_00)], "only what is new");
}

#[tokio::test]
async fn what_names_no_claim_yet_is_looked_for_again() {
    let house = House::new().await;
    house.take_in(&on("20260620").provider("WO", "ICNSOON", 40_00)).await;
    house.take_in(&on("20260620").provider("FB", "0099887766", 12_00)).await;
    let states = |rows: Vec<TakeBack>| rows.iter().map(TakeBack::state).collect::<Vec<_>>();
    assert_eq!(states(house.take_backs("").await), [Unmatched, Unmatched]);
    assert_eq!(house.work().await, []);
    // A claim of another payer under the same number is another claim.
    let other = on("20260621").from_payer("OTHER PLAN", "1888888881", "HM");
    house.take_in(&other.claim("SOON", "DOE", &[paying(90_00)])).await;
    assert_eq!(house.take_backs("state = \"MATCHED\"").await, []);
    house.take_in(&on("20260622").claim("SOON", "DOE", &[paying(100_00)])).await;
    let found = house.take_backs("state = \"MATCHED\" AND amount_cents >= 4000").await;
    assert_eq!((found.len(), states(found)), (1, vec![Matched]));
    assert_eq!(house.work().await, [(Open, 40_00)]);
    assert_eq!(states(house.take_backs("reason = \"FB\"").await), [Unmatched]);
    // Two cases of the payer under one number of the payer's: a person must look.
    let two = on("20260623").claim("TWIN1", "DOE", &[paying(10_00)]).payer_control("SHARED");
    let two = two.claim("TWIN2", "ROE", &[paying(20_00)]).payer_control("SHARED");
    house.take_in(&two.provider("WO", "SHARED", 5_00)).await;
    let shared = house.take_backs("claim_number = \"SHARED\"").await;
    assert_eq!(states(shared.clone()), [Ambiguous]);
    assert_eq!(shared[0].case_id, "");
    let stranger = Group::board(&house.world, &NewGroup::new("south", "1245319599")).await;
    let token = stranger.token(&house.world, Role::Analyst).await;
    let request = ListTakeBacksRequest::default();
    let seen = house.world.routing(&token).list_take_backs(request).await.unwrap().into_inner();
    assert_eq!(seen.take_backs, []);
}

#[tokio::test]
async fn pages_and_filters_of_take_backs_are_checked() {
    let house = House::new().await;
    let three = (1..=3).fold(on("20260620"), |file, at| file.provider("WO", "NONE", at * 100));
    house.take_in(&three).await;
    let mut routing = house.as_a(Role::TeamLead).await;
    let mut request = ListTakeBacksRequest {
        page_size: 2,
        order_by: "amount_cents desc".to_owned(),
        ..ListTakeBacksRequest::default()
    };
    let page = routing.list_take_backs(request.clone()).await.unwrap().into_inner();
    request.page_token = page.next_page_token;
    let last = routing.list_take_backs(request).await.unwrap().into_inner();
    let all = page.take_backs.iter().chain(&last.take_backs);
    let amounts: Vec<i64> = all.map(|row| row.amount.as_ref().unwrap().amount_cents).collect();
    assert_eq!((amounts, last.next_page_token), (vec![300, 200, 100], String::new()));
    let wrong = ListTakeBacksRequest { filter: "trace = \"A\"".into(), ..Default::default() };
    let refused = routing.list_take_backs(wrong).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::InvalidArgument);
}

//! The list on a database of its own.

use platform::clock::Clock;
use platform::tenant_tx::{Database, DatabaseSettings};
use proptest::prelude::*;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::*;
use crate::tests::samples;
use domain::tenancy::TenantId;
use ledger::entity::work_item;
use platform::keys::Keys;

/// A database file that is removed with its folder.
struct World {
    reading: Views,
    folder: std::path::PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

async fn world() -> World {
    let folder = std::env::temp_dir().join(format!("overturn-routing-{}", platform::ids::new()));
    std::fs::create_dir(&folder).unwrap();
    let url = format!("sqlite://{}/r.db", folder.display());
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    let clock = Clock::manual(samples::at("2026-02-01T15:00:00Z"));
    let database = Database::open(&settings, clock).await.unwrap();
    World { reading: Views::on(database, Keys::ephemeral()), folder }
}

/// A caller of a tenant that nobody else has.
fn someone() -> Caller {
    Caller::on_duty(TenantId::from_uuid(platform::ids::new()), "tests.routing")
}

impl World {
    async fn store(&self, caller: &Caller, rows: &[WorkItem]) {
        let tx = self.reading.database.begin(caller).await.unwrap();
        let rows: Vec<work_item::ActiveModel> =
            rows.iter().map(|row| row.clone().into_active_model().reset_all()).collect();
        tx.insert_all(rows).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn list(
        &self,
        caller: &Caller,
        request: ListWorkItemsRequest,
    ) -> Result<ListWorkItemsResponse, Fault> {
        self.reading.work_items(caller, request).await
    }

    /// The ids of all pages, and how many items each page had.
    async fn walk(
        &self,
        caller: &Caller,
        first: ListWorkItemsRequest,
    ) -> (Vec<String>, Vec<usize>) {
        let (mut ids, mut sizes, mut request) = (Vec::new(), Vec::new(), first);
        loop {
            let page = self.list(caller, request.clone()).await.unwrap();
            sizes.push(page.work_items.len());
            ids.extend(page.work_items.into_iter().map(|item| item.id));
            if page.next_page_token.is_empty() {
                return (ids, sizes);
            }
            assert!(sizes.len() <= 200, "the pages never end");
            request.page_token = page.next_page_token;
        }
    }
}

fn item(priority: i64, due_in: u64, at_stake_cents: i64, created: i64) -> WorkItem {
    let row = samples::work_item("2026-03-01", "2026-02-01");
    let due_on = row.due_on + chrono::Days::new(due_in);
    let created_at = row.created_at + chrono::TimeDelta::microseconds(created);
    WorkItem { priority, due_on, at_stake_cents, created_at, ..row }
}

fn filtered(filter: &str) -> ListWorkItemsRequest {
    ListWorkItemsRequest { filter: filter.to_owned(), ..ListWorkItemsRequest::default() }
}

/// What each order of the contract compares, smallest first.
fn ordered(mut rows: Vec<WorkItem>, order_by: &str) -> Vec<String> {
    rows.sort_by(|a, b| {
        let by = match order_by {
            "due_on" => a.due_on.cmp(&b.due_on),
            "at_stake_cents desc" => b.at_stake_cents.cmp(&a.at_stake_cents),
            "created_at desc" => b.created_at.cmp(&a.created_at),
            _ => b.priority.cmp(&a.priority),
        };
        by.then(a.id.cmp(&b.id))
    });
    rows.iter().map(|row| row.id.to_string()).collect()
}

#[test]
fn any_page_size_shows_each_item_once_and_in_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(world());
    let orders = vec!["", "priority desc", "due_on", "at_stake_cents desc", "created_at desc"];
    // Few different values: ties are where pages go wrong.
    let rows = prop::collection::vec((0_i64..4, 0_u64..3, -2_i64..3, 0_i64..3), 0..40);
    let cases = (rows, 1_i32..12, prop::sample::select(orders));
    let config = ProptestConfig { cases: 48, ..ProptestConfig::default() };
    proptest!(config, |((rows, page_size, order_by) in cases)| {
        let rows: Vec<WorkItem> = rows
            .into_iter()
            .map(|(priority, due, stake, created)| item(priority, due, stake, created))
            .collect();
        let (caller, order_by) = (someone(), order_by.to_owned());
        let request = ListWorkItemsRequest {
            page_size,
            order_by: order_by.clone(),
            ..ListWorkItemsRequest::default()
        };
        let (seen, sizes) = runtime.block_on(async {
            world.store(&caller, &rows).await;
            world.walk(&caller, request).await
        });
        prop_assert_eq!(seen, ordered(rows, &order_by));
        let size = usize::try_from(page_size).unwrap();
        prop_assert!(sizes.iter().rev().skip(1).all(|of| *of == size), "{:?}", sizes);
    });
}

#[tokio::test]
async fn filters_narrow_by_every_field_they_document() {
    let world = world().await;
    let caller = someone();
    let (mut one, other) = (item(5, 0, 900, 0), item(4, 30, 100, 0));
    one.owner_team = "coding".to_owned();
    one.holder = "me".to_owned();
    one.state = "CLAIMED".to_owned();
    one.kind = "EXCEPTION".to_owned();
    one.category = "coding".to_owned();
    one.next_action = "corrected_claim".to_owned();
    one.payer_id = platform::ids::new();
    one.patient_control_number = "B200".to_owned();
    world.store(&caller, &[one.clone(), other]).await;
    let mut filters = vec![
        "team = coding".to_owned(),
        "holder = me".to_owned(),
        "state = CLAIMED".to_owned(),
        "state = claimed".to_owned(),
        "kind = EXCEPTION".to_owned(),
        "category = CODING".to_owned(),
        "next_action = CORRECTED_CLAIM".to_owned(),
        "patient_control_number = \"B200\"".to_owned(),
        "due_on <= 2026-03-01".to_owned(),
        "due_on < 2026-03-31".to_owned(),
        "at_stake_cents >= 900".to_owned(),
        "at_stake_cents > 100 AND team = \"coding\"".to_owned(),
    ];
    filters.push(format!("payer_id = {}", one.payer_id));
    filters.push(format!("facility_id = {}", one.facility_id));
    filters.push(format!("case_id = {}", one.case_id));
    filters.push(format!("claim_occurrence_id = {}", one.claim_id));
    for filter in filters {
        let (ids, _) = world.walk(&caller, filtered(&filter)).await;
        assert_eq!(ids, [one.id.to_string()], "{filter}");
    }
}

#[tokio::test]
async fn a_filter_outside_the_grammar_is_refused_on_its_field() {
    let world = world().await;
    let bad = [
        "tenant_id = x",
        "state = DONE",
        "state != OPEN",
        "due_on = 2026-03-01",
        "due_on >= soon",
        "at_stake_cents >= 1.50",
        "payer_id = evergreen",
        "team : cod",
        "team = a OR team = b",
    ];
    for filter in bad {
        let Err(Fault::Invalid(violations)) = world.list(&someone(), filtered(filter)).await else {
            panic!("{filter} was taken");
        };
        assert_eq!(violations[0].field, "filter", "{filter}");
    }
}

#[tokio::test]
async fn a_page_token_is_good_for_its_own_list_only() {
    let world = world().await;
    let caller = someone();
    world.store(&caller, &[item(1, 0, 0, 0), item(2, 0, 0, 0)]).await;
    let first = ListWorkItemsRequest { page_size: 1, ..filtered("state = OPEN") };
    let page_token = world.list(&caller, first.clone()).await.unwrap().next_page_token;
    let next = ListWorkItemsRequest { page_token, ..first };
    assert_eq!(world.list(&caller, next.clone()).await.unwrap().work_items.len(), 1);
    let others = [
        (caller.clone(), ListWorkItemsRequest { filter: String::new(), ..next.clone() }),
        (caller.clone(), ListWorkItemsRequest { order_by: "due_on".to_owned(), ..next.clone() }),
        (someone(), next),
    ];
    for (caller, request) in others {
        let answer = world.list(&caller, request).await;
        assert!(matches!(answer, Err(Fault::PageToken)), "{answer:?}");
    }
}

#[tokio::test]
async fn an_item_of_another_tenant_is_as_missing_as_one_that_never_was() {
    let world = world().await;
    let (owner, stranger) = (someone(), someone());
    let row = item(1, 0, 0, 0);
    world.store(&owner, std::slice::from_ref(&row)).await;
    let asked = |id: String| contracts::routing::v1::GetWorkItemRequest { id };
    let own = world.reading.work_item(&owner, asked(row.id.to_string())).await;
    assert_eq!(own.unwrap().work_item.unwrap().id, row.id.to_string());
    for (caller, id) in [(&stranger, row.id), (&owner, platform::ids::new())] {
        let answer = world.reading.work_item(caller, asked(id.to_string())).await;
        assert!(matches!(answer, Err(Fault::NotFound)), "{answer:?}");
    }
    let malformed = world.reading.work_item(&owner, asked("7".to_owned())).await;
    assert!(matches!(malformed, Err(Fault::Invalid(_))), "{malformed:?}");
    assert!(
        world.list(&stranger, ListWorkItemsRequest::default()).await.unwrap().work_items.is_empty()
    );
}

//! Pages of 50, taking work, and the hourly look at a tenant whose queues hold 10,000 and 100,000
//! open items, 1 million with `--million`; 200 queues, half of the items in one of them.
//!
//! PostgreSQL where `DATABASE_URL` names a superuser's database, else SQLite. Fails when a page is
//! slower than 20 ms at the 99th percentile, when 16 workers take fewer than 400 items a second or
//! one item twice, when the look at 100,000 items takes more than 5 s, or when a page of the
//! greatest tenant takes more than five times as long as one of the least.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, Utc};
use contracts::routing::v1::{
    ClaimNextWorkItemRequest, CreateQueueRequest, ListWorkItemsRequest, Queue, QueueMember,
};
use domain::money::{BasisPoints, Cents};
use domain::tenancy::TenantId;
use domain_work::priority::{Expectation, Stakes, Worth, rank};
use ledger::document::{WorkDocument, to_json};
use ledger::entity::work_item;
use platform::access::Caller;
use platform::clock::Clock;
use platform::keys::Keys;
use platform::rejection::Rejection;
use platform::tasks::Tasks;
use platform::tenant_tx::Database;
use queues::Queues;
use tokio::task::JoinSet;
use uuid::Uuid;
use views::Views;

const QUEUES: usize = 200;
const PAGES: usize = 400;
const WORKERS: usize = 16;
const CLAIMS: usize = 2_000;
const CHUNK: usize = 2_000;
const PAGE_MAX: Duration = Duration::from_millis(20);
const CLAIMS_A_SECOND_MIN: f64 = 400.0;
const LOOK_MAX: Duration = Duration::from_secs(5);
const GROWTH_MAX: f64 = 5.0;

/// Noon of a Monday.
fn now() -> DateTime<Utc> {
    "2026-06-15T12:00:00Z".parse().expect("an instant")
}

fn today() -> NaiveDate {
    now().date_naive()
}

/// A person of a tenant, without roles: a member of its queues.
fn person() -> Caller {
    let tenant = TenantId::from_uuid(platform::ids::new());
    Caller::on_duty_for(tenant, "bench.queues", &platform::ids::new().to_string(), "")
}

fn team(at: usize) -> String {
    if at.is_multiple_of(2) {
        "team-000".to_owned()
    } else {
        format!("team-{:03}", 1 + at % (QUEUES - 1))
    }
}

fn item(at: usize) -> work_item::Model {
    let cents = 1_000 + (at as i64 * 7_919) % 5_000_000;
    let due_on = today() + Days::new((at % 180) as u64);
    let stakes = Stakes {
        at_stake: Cents::new(cents),
        worth: Worth::Owed,
        expected_overturn: Expectation::Stated(BasisPoints::new(6_000)),
        effort_minutes: 30,
        last_day: Some(due_on),
    };
    let priority = rank(&stakes, today());
    let row = work_item::Model {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        claim_id: platform::ids::new(),
        case_id: platform::ids::new(),
        patient_control_number: format!("P{at}"),
        payer_claim_number: String::new(),
        payer_id: Uuid::nil(),
        payer_slug: String::new(),
        payer_name: "BENCH HEALTH".to_owned(),
        facility_id: Uuid::nil(),
        facility_slug: String::new(),
        facility_name: String::new(),
        kind: "DENIAL".to_owned(),
        state: "OPEN".to_owned(),
        category: "authorization_referral".to_owned(),
        exception: String::new(),
        owner_function: "authorization".to_owned(),
        owner_team: team(at),
        next_action: "appeal".to_owned(),
        deadline_rule: "bench".to_owned(),
        due_on,
        priority: priority.score,
        next_band_on: today(),
        look_on: today(),
        told: Vec::new(),
        at_stake_cents: cents,
        expected_cents: priority.expected_recovery.as_i64(),
        effort_minutes: 30,
        evidence_missing: 0,
        service_on: None,
        revision: "0".repeat(64),
        holder: String::new(),
        fencing_number: 0,
        hold: Vec::new(),
        document: Vec::new(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    let document = WorkDocument {
        team_name: "Bench".to_owned(),
        action_words: "appeal with the authorization on file".to_owned(),
        worth: Worth::Owed,
        expected_overturn_bps: 6_000,
        expected_days: 45,
        ..WorkDocument::of_no_denial(priority, 30)
    };
    work_item::Model { document: to_json(&document), ..row }
}

async fn fill(database: &Database, caller: &Caller, queues: &Queues, items: usize) {
    for chunk in 0..items / CHUNK {
        let rows = (chunk * CHUNK..(chunk + 1) * CHUNK).map(item);
        let rows = rows.map(ledger::set::<work_item::ActiveModel>).collect();
        let tx = database.begin(caller).await.expect("it begins");
        tx.insert_all(rows).await.expect("items are stored");
        tx.commit().await.expect("it commits");
    }
    for at in 0..QUEUES {
        let slug = format!("team-{at:03}");
        let member = QueueMember {
            user_id: caller.actor().to_owned(),
            skills: Vec::new(),
            capacity_minutes: 480,
        };
        let queue = Queue {
            display_name: slug.clone(),
            team: slug.clone(),
            slug,
            members: vec![member],
            ..Queue::default()
        };
        let request = CreateQueueRequest { queue: Some(queue), request_id: String::new() };
        queues.create_queue(caller, request).await.expect("a queue is made");
    }
}

/// The time of a page at the median and the 99th percentile.
async fn pages(views: &Views, caller: &Caller) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(PAGES);
    for at in 0..PAGES {
        times.push(page(views, caller, at).await);
    }
    times.sort();
    (times[PAGES / 2], times[PAGES * 99 / 100])
}

async fn page(views: &Views, caller: &Caller, at: usize) -> Duration {
    let filter = format!("team = \"{}\" AND state = \"OPEN\"", team(at));
    let request = ListWorkItemsRequest { page_size: 50, filter, ..ListWorkItemsRequest::default() };
    let begun = Instant::now();
    let page = views.work_items(caller, request).await.expect("a page");
    assert!(!page.work_items.is_empty());
    begun.elapsed()
}

/// How many items a second workers take out of the greatest queue; nothing twice.
async fn claims(queues: &Queues, caller: &Caller) -> f64 {
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let (queues, caller) = (queues.clone(), caller.clone());
        workers.spawn(async move {
            let mut taken = Vec::new();
            while taken.len() < CLAIMS / WORKERS {
                let request = ClaimNextWorkItemRequest {
                    queue_id: "team-000".to_owned(),
                    request_id: String::new(),
                };
                match queues.claim_next_work_item(&caller, request).await {
                    Ok(answer) => taken.push(answer.lease.expect("a lease").work_item_id),
                    Err(error) => assert_eq!(error.reason(), "CONTENDED", "{error}"),
                }
            }
            taken
        });
    }
    let taken = workers.join_all().await;
    let seconds = begun.elapsed().as_secs_f64();
    let items: BTreeSet<&String> = taken.iter().flatten().collect();
    assert_eq!(items.len(), taken.iter().map(Vec::len).sum::<usize>(), "nothing is taken twice");
    items.len() as f64 / seconds
}

/// The hourly look, with the forecast that ends it, and the slowest page that somebody reads
/// meanwhile.
async fn look(database: &Database, views: &Views, caller: &Caller) -> (Duration, Duration) {
    let tx = database.begin(caller).await.expect("it begins");
    queues::begin_to_look(&tx).await.expect("it is due");
    tx.commit().await.expect("it commits");
    let begun = Instant::now();
    let (mut looking, mut slowest) = (JoinSet::new(), Duration::ZERO);
    let looked = database.clone();
    looking.spawn(async move {
        queues::look(looked.clone()).run_due(&looked).await.expect("it looks");
        begun.elapsed()
    });
    let took = loop {
        if let Some(ended) = looking.try_join_next() {
            break ended.expect("it looks");
        }
        slowest = slowest.max(page(views, caller, 0).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let tx = database.read(caller).await.expect("it begins");
    let left = ledger::looked_at::due(&tx, today(), None, 1).await.expect("it reads");
    assert!(left.is_empty(), "everything that was due is looked at");
    (took, slowest)
}

async fn measured(name: &str, database: Database, sizes: &[usize]) -> bool {
    let views = Views::on(database.clone(), Keys::ephemeral());
    let queues = Queues::new(
        database.clone(),
        Keys::ephemeral(),
        views.clone(),
        Cents::ZERO,
        Tasks::default(),
    );
    let (mut held, mut medians) = (true, Vec::new());
    for items in sizes.iter().copied() {
        let caller = person();
        fill(&database, &caller, &queues, items).await;
        pages(&views, &caller).await;
        let (median, slow) = pages(&views, &caller).await;
        let rate = claims(&queues, &caller).await;
        let (looked, meanwhile) = look(&database, &views, &caller).await;
        println!(
            "{name}: {items} items: page of 50 in {:.2} ms, p99 {:.2} ms; {rate:.0} claims/s of \
             {WORKERS} workers; looked at and forecast in {:.2} s, a page meanwhile in at most \
             {:.0} ms",
            median.as_secs_f64() * 1e3,
            slow.as_secs_f64() * 1e3,
            looked.as_secs_f64(),
            meanwhile.as_secs_f64() * 1e3,
        );
        held &= slow <= PAGE_MAX && rate >= CLAIMS_A_SECOND_MIN;
        held &= items > 100_000 || looked <= LOOK_MAX;
        medians.push(median.as_secs_f64());
    }
    let growth = medians[medians.len() - 1] / medians[0];
    println!("{name}: a page of the greatest tenant takes {growth:.2} times that of the least");
    held && growth <= GROWTH_MAX
}

fn main() -> ExitCode {
    let million = std::env::args().any(|argument| argument == "--million");
    let sizes = [10_000, 100_000, 1_000_000];
    let sizes = if million { &sizes[..] } else { &sizes[..2] };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts");
    let clock = Clock::manual(now());
    let held = runtime.block_on(bench_database::on(clock, async |name, database| {
        measured(name, database, sizes).await
    }));
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

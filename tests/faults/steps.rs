//! A server killed at each named step of an act: of what was not acknowledged nothing is there, and
//! its repetition has the effect of one.
//!
//! A step is a write of the act's transaction, such as `routing_timeline insert`. Which there are a
//! trigger on every table notes while the act runs undisturbed; the same trigger then holds the act
//! at one of them until the server has been killed. SQLite has nothing that waits inside a
//! statement: there `kills` kills at random.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::routing::v1::*;
use sqlx::{Executor, PgConnection, Row};
use tests::samples::ends::resolve;
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, id, served, upload_parts};

use crate::catalog::skipped;
use crate::ledger::Ledger;
use crate::process::{Process, free_address, world_of_now};

/// How long an act may take until it is held, and a job until it has run.
const WITHIN: Duration = Duration::from_secs(20);
/// The job that looks what time has done, and how it tells of a step of an escalation path.
const LOOK: &str = "routing.look_at_work";
const ESCALATED: &str = "work_item.escalated";
/// Notes every write of a transaction, and holds the one that is named.
const NOTING: &str = "
    CREATE TABLE fault_step (at bigserial, rpc text, step text);
    CREATE TABLE fault_hold (rpc text, step text);
    GRANT SELECT, INSERT ON fault_step, fault_hold TO overturn_app;
    GRANT USAGE ON SEQUENCE fault_step_at_seq TO overturn_app;
    CREATE FUNCTION fault_note() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        this text := TG_TABLE_NAME || ' ' || lower(TG_OP);
        acting text := coalesce((SELECT rpc FROM platform_idempotency
            WHERE xmin = pg_current_xact_id()::xid LIMIT 1), '');
    BEGIN
        INSERT INTO fault_step (rpc, step) VALUES (acting, this);
        IF EXISTS (SELECT FROM fault_hold h WHERE h.rpc = acting AND h.step = this) THEN
            PERFORM pg_sleep(60);
        END IF;
        RETURN NULL;
    END $$;
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r'
            AND relnamespace = 'public'::regnamespace
            AND (relname LIKE 'routing\\_%' OR relname LIKE 'platform\\_%') LOOP
            EXECUTE format('CREATE TRIGGER fault_note AFTER INSERT OR UPDATE OR DELETE ON %I
                FOR EACH STATEMENT EXECUTE FUNCTION fault_note()', name);
        END LOOP;
    END $$";

struct Scene {
    world: World,
    group: Group,
    token: String,
    address: SocketAddr,
    ledger: Ledger,
    /// Sees and does everything.
    root: PgConnection,
    claims: usize,
}

/// What an outside ledger knows of an item.
#[derive(Debug, PartialEq, Eq)]
struct Traces {
    state: String,
    fencing_number: String,
    lines: usize,
    events: usize,
    ends: usize,
    open_denials: usize,
}

impl Scene {
    async fn new() -> Self {
        let (world, _) = world_of_now(&[]).await;
        let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
        let token = group.everyone(&world).await;
        let mut root = world.store().superuser().await;
        root.execute(NOTING).await.unwrap();
        let ledger = Ledger::of(world.store()).await;
        let address = free_address();
        let mut scene = Self { world, group, token, address, ledger, root, claims: 0 };
        let first = scene.denied().await;
        let [everyone] = scene.group.people(&scene.world, [Role::Unspecified]).await;
        let queue = queue("all-of-it", &first.team, &[&everyone]);
        let request = CreateQueueRequest { queue: Some(queue), request_id: id() };
        scene.world.routing(&scene.token).create_queue(request).await.unwrap();
        while scene.world.app().run_due().await.unwrap() > 0 {}
        scene
    }

    /// The day so many days ago, as remittances write it.
    fn day(&self, days: i64) -> String {
        (self.world.clock().now() - TimeDelta::days(days)).format("%Y%m%d").to_string()
    }

    /// A fresh item; more than half of its window has passed.
    async fn denied(&mut self) -> WorkItem {
        self.claims += 1;
        let refused = [("CO", "197", 70_00)];
        let line = Line { charge: 70_00, paid: 0, adjustments: &refused, remarks: &[] };
        let number = format!("STEP{}", self.claims);
        let on = self.day(60);
        let remittance = Remittance::to(&self.group.npi, &on).claim(&number, "DOE", &[line]);
        self.group.upload(&self.world, &remittance.x12()).await;
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let listed = self.world.routing(&self.token).list_work_items(request).await.unwrap();
        listed.into_inner().work_items.remove(0)
    }

    fn start(&self) -> Process {
        Process::start(self.address, self.world.store(), &[])
    }

    async fn traces(&self, item: &WorkItem) -> Traces {
        let tenant = self.group.tenant_id.as_str();
        let this = format!("id = '{}'", item.id);
        let column = async |name: &str| {
            let sql = format!("SELECT CAST({name} AS text) FROM routing_work_item WHERE {this}");
            self.ledger.texts(tenant, &sql).await.remove(0)
        };
        let of = format!("work_item_id = '{}'", item.id);
        let events = format!("subject = '{}'", item.id);
        let open = format!("{of} AND state = 'OPEN'");
        Traces {
            state: column("state").await,
            fencing_number: column("fencing_number").await,
            lines: self.ledger.count(tenant, "routing_timeline", &of).await,
            events: self.ledger.count(tenant, "platform_feed_pending", &events).await,
            ends: self.ledger.count(tenant, "routing_resolution", &of).await,
            open_denials: self.ledger.count(tenant, "routing_denial", &open).await,
        }
    }

    /// Makes a job due now, whoever has a lease of it: a dead server's ends much later.
    async fn call(&mut self, kind: &str) {
        let sql = "UPDATE platform_due SET due_at = now() - interval '1 day', \
                   leased_until = '1970-01-01' WHERE kind = $1";
        sqlx::query(sql).bind(kind).execute(&mut self.root).await.unwrap();
    }

    /// Waits until a step of an item's escalation path was told.
    async fn told(&self, item: &WorkItem) {
        let told = format!("work_item_id = '{}' AND kind = '{ESCALATED}'", item.id);
        let tenant = self.group.tenant_id.as_str();
        let began = std::time::Instant::now();
        while self.ledger.count(tenant, "routing_timeline", &told).await == 0 {
            assert!(began.elapsed() < WITHIN, "nobody is told");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Sends a remittance by which a denied claim is paid after all; whether it was posted.
    fn payment(&self, item: &WorkItem) -> impl Future<Output = bool> + use<> {
        let line = Line { charge: 70_00, paid: 70_00, adjustments: &[], remarks: &[] };
        let remittance = Remittance::to(&self.group.npi, &self.day(1));
        let remittance = remittance.claim(&item.patient_control_number, "DOE", &[line]);
        let parts = upload_parts("paid.835", &remittance.x12(), RemittancePurpose::Live);
        let (address, token) = (self.address, self.token.clone());
        async move {
            let mut routing = served::routing(&served::connection(address), &token);
            routing.upload_remittance(tokio_stream::iter(parts)).await.is_ok()
        }
    }

    /// The steps that were noted of calls whose name ends so, each once, in their order.
    async fn noted(&mut self, rpc: &str) -> Vec<(String, String)> {
        let like = if rpc.is_empty() { String::new() } else { format!("%{rpc}") };
        let sql = "SELECT rpc, step FROM fault_step WHERE rpc LIKE $1 \
                   GROUP BY rpc, step ORDER BY min(at)";
        let rows = sqlx::query(sql).bind(like).fetch_all(&mut self.root).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    async fn forget(&mut self) {
        self.root.execute("DELETE FROM fault_step; DELETE FROM fault_hold").await.unwrap();
    }

    async fn hold(&mut self, (rpc, step): &(String, String)) {
        let hold = sqlx::query("INSERT INTO fault_hold VALUES ($1, $2)").bind(rpc).bind(step);
        hold.execute(&mut self.root).await.unwrap();
    }

    /// Waits until something is held, kills the server, and lets the database know.
    async fn kill_when_held(&mut self, server: Process, step: &(String, String)) {
        let held = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                    AND wait_event = 'PgSleep'";
        let began = std::time::Instant::now();
        let pid: i32 = loop {
            if let Some(row) = sqlx::query(held).fetch_optional(&mut self.root).await.unwrap() {
                break row.get(0);
            }
            assert!(began.elapsed() < WITHIN, "{step:?} was never reached");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        drop(server);
        let end = sqlx::query("SELECT pg_terminate_backend($1, 5000)").bind(pid);
        end.execute(&mut self.root).await.unwrap();
        self.forget().await;
    }
}

/// One act of a person, as often as it is asked for.
enum Act {
    Claim(ClaimWorkItemRequest),
    Resolve(ResolveWorkItemRequest),
}

impl Act {
    async fn send(&self, address: SocketAddr, token: &str) -> Result<(), tonic::Status> {
        let mut routing = served::routing(&served::connection(address), token);
        match self {
            Self::Claim(request) => drop(routing.claim_work_item(request.clone()).await?),
            Self::Resolve(request) => drop(routing.resolve_work_item(request.clone()).await?),
        }
        Ok(())
    }

    /// The act on a fresh item.
    async fn fresh(name: &str, scene: &mut Scene) -> (Self, WorkItem) {
        let item = scene.denied().await;
        let claim = ClaimWorkItemRequest {
            id: item.id.clone(),
            request_id: id(),
            ..ClaimWorkItemRequest::default()
        };
        if name == "ClaimWorkItem" {
            return (Self::Claim(claim), item);
        }
        let claimed = scene.world.routing(&scene.token).claim_work_item(claim).await.unwrap();
        let claimed = claimed.into_inner();
        let item = claimed.work_item.unwrap();
        let end = resolve(&item, claimed.lease.as_ref());
        (Self::Resolve(end), item)
    }
}

async fn is_all_or_nothing(scene: &mut Scene, name: &str, wanted: &[&str]) -> usize {
    let (act, item) = Act::fresh(name, scene).await;
    scene.forget().await;
    let server = scene.start();
    act.send(scene.address, &scene.token).await.unwrap();
    drop(server);
    let undisturbed = scene.traces(&item).await;
    let steps = scene.noted(name).await;
    for step in wanted {
        assert!(steps.iter().any(|(_, noted)| noted == step), "{name} has {step}: {steps:?}");
    }
    for step in &steps {
        let (act, item) = Act::fresh(name, scene).await;
        let before = scene.traces(&item).await;
        scene.hold(step).await;
        let server = scene.start();
        let (address, token) = (scene.address, scene.token.clone());
        let (cut, ()) = tokio::join!(act.send(address, &token), scene.kill_when_held(server, step));
        assert!(cut.is_err(), "{name} was held at {step:?}");
        assert_eq!(scene.traces(&item).await, before, "{name} cut at {step:?}");
        let server = scene.start();
        for _ in 0..2 {
            act.send(address, &token).await.unwrap();
        }
        drop(server);
        assert_eq!(scene.traces(&item).await, undisturbed, "{name} repeated after {step:?}");
    }
    steps.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_of_people_that_are_cut_at_any_step_have_no_effect_or_one() {
    if skipped() {
        return;
    }
    let mut scene = Scene::new().await;
    let all = ["platform_idempotency insert", "routing_timeline insert", "platform_audit insert"];
    let leased = is_all_or_nothing(&mut scene, "ClaimWorkItem", &all).await;
    let wanted = [&all[..], &["routing_resolution insert", "routing_denial update"]].concat();
    let resolved = is_all_or_nothing(&mut scene, "ResolveWorkItem", &wanted).await;
    assert!(leased >= 5 && resolved >= 7, "{leased} and {resolved} steps");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_match_that_is_cut_at_any_step_settles_once() {
    if skipped() {
        return;
    }
    let mut scene = Scene::new().await;
    let item = scene.denied().await;
    scene.forget().await;
    let server = scene.start();
    assert!(scene.payment(&item).await, "a control: undisturbed, it is posted");
    drop(server);
    let undisturbed = scene.traces(&item).await;
    assert_eq!((undisturbed.state.as_str(), undisturbed.open_denials), ("RESOLVED", 0));
    let mut steps = scene.noted("").await;
    steps.retain(|(_, step)| step.starts_with("routing_") || step.starts_with("platform_feed"));
    for step in ["routing_work_item update", "routing_denial update", "routing_claim insert"] {
        assert!(steps.iter().any(|(_, noted)| noted == step), "{step} in {steps:?}");
    }
    for step in steps {
        let item = scene.denied().await;
        scene.hold(&step).await;
        let server = scene.start();
        // Nobody is answered; the file was accepted before, and is posted by another server.
        let sending = scene.payment(&item);
        let (answered, ()) = tokio::join!(sending, scene.kill_when_held(server, &step));
        assert!(!answered, "it was held at {step:?}");
        scene.call("routing.post_file").await;
        while scene.world.app().run_due().await.unwrap() > 0 {}
        let traces = scene.traces(&item).await;
        assert_eq!(traces, undisturbed, "cut at {step:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_escalation_that_is_cut_at_any_step_is_told_once() {
    if skipped() {
        return;
    }
    let mut scene = Scene::new().await;
    let item = scene.denied().await;
    scene.forget().await;
    scene.call(LOOK).await;
    let server = scene.start();
    scene.told(&item).await;
    drop(server);
    let undisturbed = scene.traces(&item).await;
    assert!(undisturbed.lines > 0, "{undisturbed:?}");
    let mut steps = scene.noted("").await;
    let of_items = ["routing_work_item update", "routing_timeline insert"];
    let of_items = [&of_items[..], &["platform_feed_pending insert"]].concat();
    steps.retain(|(_, step)| of_items.contains(&step.as_str()));
    assert_eq!(steps.len(), of_items.len(), "{steps:?}");
    for step in steps {
        let item = scene.denied().await;
        let before = scene.traces(&item).await;
        scene.hold(&step).await;
        scene.call(LOOK).await;
        let server = scene.start();
        scene.kill_when_held(server, &step).await;
        assert_eq!(scene.traces(&item).await, before, "cut at {step:?}");
        let server = scene.start();
        scene.call(LOOK).await;
        scene.told(&item).await;
        // A later look tells of another item, and not of this one again.
        let other = scene.denied().await;
        scene.call(LOOK).await;
        scene.told(&other).await;
        drop(server);
        assert_eq!(scene.traces(&item).await, undisturbed, "cut at {step:?}");
    }
}

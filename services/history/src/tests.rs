//! Jobs that end before their time, sums of spans, and days of the wire.

mod spans;

use std::sync::Arc;
use std::time::Duration;

use contracts::google::r#type::Date;
use contracts::jobs::v1::{Job, JobState};
use contracts::routing::v1::{GetReplayRequest, ReplayRevisionRequest};
use domain::dictionary::Compiled;
use domain::tenancy::TenantId;
use domain_governance::replay::Both;
use platform::access::Caller;
use platform::clock::Clock;
use platform::idempotency::Once;
use platform::rejection::Fault;
use platform::tasks::Tasks;
use platform::tenant_tx::{Database, DatabaseSettings, TenantTx};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::store::entity::replay;
use crate::{Answer, Asked, FromTo, KIND, Ledger, OpenItem, Replays, day};

/// Where replays wait that look for open items: they say so, and go on when they may.
static ARRIVED: Semaphore = Semaphore::const_new(0);
static GO_ON: Semaphore = Semaphore::const_new(0);

fn no_days(_: &TenantTx, _: FromTo) -> Answer<'_, Option<FromTo>> {
    Box::pin(async { Ok(None) })
}

fn no_items(_: &TenantTx, _: Option<Uuid>) -> Answer<'_, Vec<OpenItem>> {
    Box::pin(async { Ok(Vec::new()) })
}

fn held_items(_: &TenantTx, _: Option<Uuid>) -> Answer<'_, Vec<OpenItem>> {
    Box::pin(async {
        ARRIVED.add_permits(1);
        GO_ON.acquire().await.unwrap().forget();
        Ok(Vec::new())
    })
}

fn broken_days(_: &TenantTx, _: FromTo) -> Answer<'_, Option<FromTo>> {
    Box::pin(async { Err(Fault::Broken("the ledger is not there")) })
}

const EMPTY: Ledger = Ledger { days: no_days, open_items: no_items };

/// A tenant on a SQLite file of its own.
struct Scene {
    replays: Replays,
    tasks: Tasks,
    caller: Caller,
    folder: std::path::PathBuf,
}

impl Drop for Scene {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl Scene {
    async fn new(ledger: Ledger) -> Self {
        let folder =
            std::env::temp_dir().join(format!("overturn-history-{}", platform::ids::new()));
        std::fs::create_dir(&folder).unwrap();
        let url = format!("sqlite://{}/t.db", folder.display());
        let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
        let database = Database::open(&settings, Clock::system()).await.unwrap();
        let tasks = Tasks::default();
        let replays = Replays::new(database, tasks.clone(), ledger);
        let tenant = TenantId::from_uuid(platform::ids::new());
        Self { replays, tasks, caller: Caller::on_duty(tenant, "history.test"), folder }
    }

    async fn start(&self, request_id: &str) -> Job {
        let compiled = Arc::new(Compiled::new(&domain::starter::bundle()).unwrap());
        let revisions = Both { active: compiled.clone(), draft: compiled };
        let request = ReplayRevisionRequest::default();
        let once = Once::of(request_id, &request).unwrap();
        let asked = Asked { revisions, starts_on: None };
        self.replays.start(&self.caller, once, asked).await.unwrap().job.unwrap()
    }

    async fn job(&self, id: &str) -> Job {
        let tx = self.replays.database.read(&self.caller).await.unwrap();
        tx.job(&[KIND], id.parse().unwrap()).await.unwrap().unwrap().into()
    }

    async fn ended(&self, id: &str) -> Job {
        loop {
            let job = self.job(id).await;
            if job.state() != JobState::Running {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn results(&self) -> u64 {
        let tx = self.replays.database.read(&self.caller).await.unwrap();
        tx.find::<replay::Entity>().count().await.unwrap()
    }
}

#[tokio::test]
async fn a_repeated_request_begins_nothing_again() {
    let scene = Scene::new(EMPTY).await;
    let id = platform::ids::new().to_string();
    let first = scene.start(&id).await;
    let ended = scene.ended(&first.id).await;
    assert_eq!(ended.state(), JobState::Succeeded, "{ended:?}");
    assert_eq!(scene.start(&id).await, first, "as it was answered then");
    assert_eq!(scene.tasks.end(Duration::from_secs(10)).await, 0);
    assert_eq!(scene.results().await, 1);
    let request = GetReplayRequest { id: ended.result_id };
    let replay = scene.replays.replay(&scene.caller, request).await.unwrap().replay.unwrap();
    assert!(replay.short_history && replay.deterministic);
    assert_eq!((replay.denial_count, replay.starts_on), (0, replay.ends_on));
}

#[tokio::test]
async fn a_cancelled_job_leaves_nothing_and_a_finished_one_stays_as_it_is() {
    let scene = Scene::new(Ledger { open_items: held_items, ..EMPTY }).await;
    let cancelled = scene.start("").await;
    ARRIVED.acquire().await.unwrap().forget();
    let cancel = async |id: &str| -> Result<Job, Fault> {
        let tx = scene.replays.database.begin(&scene.caller).await?;
        let record = tx.cancel_job(&[KIND], id.parse().unwrap()).await?;
        tx.commit().await?;
        Ok(record.into())
    };
    let answer = cancel(&cancelled.id).await.unwrap();
    assert_eq!(answer.state(), JobState::Cancelled);
    GO_ON.add_permits(1);
    let finished = scene.start("").await;
    GO_ON.add_permits(1);
    let finished = scene.ended(&finished.id).await;
    assert_eq!(finished.state(), JobState::Succeeded);
    let answer = cancel(&finished.id).await.unwrap();
    assert_eq!(answer, finished);
    assert_eq!(scene.tasks.end(Duration::from_secs(10)).await, 0);
    assert_eq!(scene.job(&cancelled.id).await.state(), JobState::Cancelled);
    assert_eq!(scene.results().await, 1, "of the finished one");
    let nobody = cancel(&platform::ids::new().to_string()).await.unwrap_err();
    assert!(matches!(nobody, Fault::NotFound));
}

#[tokio::test]
async fn a_failure_ends_the_job_and_so_does_the_end_of_the_process() {
    let scene = Scene::new(Ledger { days: broken_days, ..EMPTY }).await;
    let job = scene.start("").await;
    let job = scene.ended(&job.id).await;
    assert_eq!((job.state(), job.failure_reason.as_str()), (JobState::Failed, "INTERNAL"));

    let scene = Scene::new(EMPTY).await;
    assert_eq!(scene.tasks.end(Duration::from_secs(10)).await, 0);
    let job = scene.start("").await;
    let job = scene.ended(&job.id).await;
    assert_eq!((job.state(), job.failure_reason.as_str()), (JobState::Failed, "INTERRUPTED"));
    assert_eq!(scene.results().await, 0);
}

#[test]
fn a_date_is_a_day_or_nothing() {
    let date = |year, month, day| Some(Date { year, month, day });
    assert_eq!(day(None), Ok(None));
    let leap = day(date(2024, 2, 29)).unwrap().unwrap();
    assert_eq!(leap.to_string(), "2024-02-29");
    for none in [date(2026, 2, 29), date(2026, 0, 1), date(2026, -1, 1), date(0, 13, 1)] {
        assert!(day(none).is_err(), "{none:?}");
    }
}

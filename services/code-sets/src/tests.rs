//! Code sets on a database of their own, without a wire.

use contracts::dictionary::v1 as pb;
use domain::tenancy::TenantId;
use platform::access::Caller;
use platform::clock::Clock;
use platform::jobs::Record;
use platform::rejection::Rejection;
use platform::tenant_tx::DatabaseSettings;

use super::*;
use crate::import_code_set_release::Import;

/// A database file that is removed with its folder.
struct World {
    code_sets: CodeSets,
    folder: std::path::PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// A dictionary of which nothing is active, and with one payer.
const GOVERNANCE: Governance = Governance {
    active: |_| Box::pin(async { Ok(None) }),
    draft: |_, _| Box::pin(async { Err(Fault::Broken("nothing is drafted here")) }),
    payer: |_, name| {
        Box::pin(async move { Ok((name == "aetna").then_some(uuid::Uuid::from_u128(1))) })
    },
};

/// A way that leads nowhere: what is tested here asks nobody.
fn nowhere() -> Wire {
    Wire::remote("http://127.0.0.1:9").unwrap()
}

async fn world() -> World {
    let folder = std::env::temp_dir().join(format!("overturn-code-sets-{}", platform::ids::new()));
    std::fs::create_dir(&folder).unwrap();
    let url = format!("sqlite://{}/d.db", folder.display());
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    let database = Database::open(&settings, Clock::system()).await.unwrap();
    let (keys, tasks) = (Keys::ephemeral(), Tasks::default());
    let code_sets = CodeSets::open(database, keys, tasks, nowhere(), GOVERNANCE).await.unwrap();
    World { code_sets, folder }
}

fn someone() -> Caller {
    Caller::on_duty(TenantId::from_uuid(platform::ids::new()), "tests.code_sets")
}

fn import(world: &World, label: &str) -> Import {
    let csv = format!("code,label,start,stop\n197,{label},1995-01-01,\n");
    Import {
        set: CodeSet::Carc,
        released_on: world.code_sets.database.clock().today_utc(),
        source: "a test".to_owned(),
        rows: release_rows::read(CodeSet::Carc, csv.as_bytes()).unwrap(),
        whose: Whose::Tenant,
    }
}

async fn open_job(world: &World, caller: &Caller, kind: &'static str) -> Record {
    let tx = world.code_sets.database.begin(caller).await.unwrap();
    let record = tx.open_job(kind, "rows").await.unwrap();
    tx.commit().await.unwrap();
    record
}

async fn cancel(world: &World, caller: &Caller, job: &Record) {
    let tx = world.code_sets.database.begin(caller).await.unwrap();
    tx.cancel_job(&JOBS, job.id).await.unwrap();
    tx.commit().await.unwrap();
}

/// What the feed tells of a tenant: kinds and subjects.
async fn told(world: &World, caller: &Caller) -> Vec<(String, uuid::Uuid)> {
    let read = platform::events::read(&world.code_sets.database, caller, FEED, 0, 100).await;
    read.unwrap().into_iter().map(|event| (event.kind, event.subject)).collect()
}

async fn label(world: &World, caller: &Caller) -> String {
    let request = pb::GetCodeRequest { code_set: "CARC".to_owned(), code: "197".to_owned() };
    world.code_sets.get_code(caller, request).await.unwrap().code.unwrap().label
}

#[tokio::test]
async fn an_import_whose_job_was_cancelled_leaves_nothing() {
    let (world, caller) = (world().await, someone());
    let before = label(&world, &caller).await;
    let imported = import(&world, "Licensed text");
    let cancelled = open_job(&world, &caller, IMPORT_RELEASE).await;
    cancel(&world, &caller, &cancelled).await;
    world.code_sets.import(&caller, &cancelled, &imported).await.unwrap();
    assert_eq!(label(&world, &caller).await, before);
    let table = open_job(&world, &caller, IMPORT_COMBINATIONS).await;
    cancel(&world, &caller, &table).await;
    world.code_sets.keep_table(&caller, &table, "1", &[]).await.unwrap();
    let tx = world.code_sets.database.read(&caller).await.unwrap();
    assert_eq!(store::combinations::newest(&tx).await.unwrap(), None);
    drop(tx);
    assert_eq!(told(&world, &caller).await, []);
    // The control: a job that runs leaves its effect, for its tenant alone.
    let running = open_job(&world, &caller, IMPORT_RELEASE).await;
    world.code_sets.import(&caller, &running, &imported).await.unwrap();
    assert_eq!(label(&world, &caller).await, "Licensed text");
    assert_eq!(label(&world, &someone()).await, before);
    let table = open_job(&world, &caller, IMPORT_COMBINATIONS).await;
    world.code_sets.keep_table(&caller, &table, "1", &[]).await.unwrap();
    let tx = world.code_sets.database.read(&caller).await.unwrap();
    let ended = [&running, &table].map(|job| job.id);
    let mut made = Vec::new();
    for (id, kind) in ended.iter().zip(["code_set_release.imported", "combination_table.imported"])
    {
        let job = tx.job(&JOBS, *id).await.unwrap().unwrap();
        assert_eq!(job.state, "SUCCEEDED");
        made.push((kind.to_owned(), job.result_id.unwrap()));
    }
    drop(tx);
    assert_eq!(told(&world, &caller).await, made);
    assert_eq!(told(&world, &someone()).await, []);
}

#[tokio::test]
async fn a_mapping_is_told_when_it_changes_and_not_when_it_is_repeated() {
    let (world, caller) = (world().await, someone());
    let map = async |payer: &str, carc: &str| {
        let request = pb::MapPayerCodeRequest {
            payer_id: payer.to_owned(),
            code: "X1".to_owned(),
            standard_carc: carc.to_owned(),
            ..pb::MapPayerCodeRequest::default()
        };
        world.code_sets.map_payer_code(&caller, request).await
    };
    let id = map("aetna", "16").await.unwrap().payer_code.unwrap().id.parse().unwrap();
    map("aetna", "0016").await.unwrap();
    let mapped = ("payer_code.mapped".to_owned(), id);
    assert_eq!(told(&world, &caller).await, std::slice::from_ref(&mapped));
    map("aetna", "29").await.unwrap();
    assert_eq!(told(&world, &caller).await, [mapped.clone(), mapped]);
    assert_eq!(map("cigna", "29").await.unwrap_err().reason(), "NOT_FOUND");
}

#[tokio::test]
async fn imports_that_race_are_numbered_one_after_the_other() {
    let (world, caller) = (world().await, someone());
    let imports = ["one", "two", "three"].map(|label| import(&world, label));
    let jobs = [
        open_job(&world, &caller, IMPORT_RELEASE).await,
        open_job(&world, &caller, IMPORT_RELEASE).await,
        open_job(&world, &caller, IMPORT_RELEASE).await,
    ];
    let racing =
        jobs.iter().zip(&imports).map(|(job, it)| world.code_sets.import(&caller, job, it));
    for done in futures::future::join_all(racing).await {
        done.unwrap();
    }
    let tx = world.code_sets.database.read(&caller).await.unwrap();
    let releases = store::releases::own::page(&tx, "CARC", None, 10).await.unwrap();
    let mut numbers: Vec<i64> = releases.iter().map(|release| release.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3]);
    for release in releases.iter().filter(|release| release.number > 1) {
        let before = releases.iter().find(|other| other.number == release.number - 1).unwrap();
        assert_eq!(release.previous, before.id.to_string(), "each is compared with the one before");
    }
}

#[tokio::test]
async fn a_release_for_everybody_stands_under_a_tenants_own_of_the_same_day() {
    let world = world().await;
    let (operator, tenant) = (someone(), someone());
    let mut everybodys = import(&world, "For everybody");
    everybodys.whose = Whose::Everybody;
    let job = open_job(&world, &operator, IMPORT_RELEASE).await;
    world.code_sets.import(&operator, &job, &everybodys).await.unwrap();
    assert_eq!(label(&world, &tenant).await, "For everybody");
    let job = open_job(&world, &tenant, IMPORT_RELEASE).await;
    world.code_sets.import(&tenant, &job, &import(&world, "Ours")).await.unwrap();
    assert_eq!(label(&world, &tenant).await, "Ours");
    let job = open_job(&world, &operator, IMPORT_RELEASE).await;
    world.code_sets.import(&operator, &job, &everybodys).await.unwrap();
    assert_eq!(label(&world, &tenant).await, "Ours");
    assert_eq!(label(&world, &someone()).await, "For everybody");
}

#[tokio::test]
async fn a_tenant_that_imported_once_is_not_stuck_and_keeps_its_text() {
    let world = world().await;
    let (operator, tenant) = (someone(), someone());
    let before = import(&world, "Ours").released_on.pred_opt().unwrap();
    let ours = Import { released_on: before, ..import(&world, "Ours") };
    let job = open_job(&world, &tenant, IMPORT_RELEASE).await;
    world.code_sets.import(&tenant, &job, &ours).await.unwrap();
    let csv = "code,label,start,stop\n197,For everybody,1995-01-01,2020-01-01\n16,Shared,,\n";
    let rows = release_rows::read(CodeSet::Carc, csv.as_bytes()).unwrap();
    let later = Import { rows, whose: Whose::Everybody, ..import(&world, "unused") };
    let job = open_job(&world, &operator, IMPORT_RELEASE).await;
    world.code_sets.import(&operator, &job, &later).await.unwrap();
    let tx = world.code_sets.database.read(&tenant).await.unwrap();
    let codes = world.code_sets.in_force(&tx).await.unwrap();
    let carc = |code: &str| {
        let found = codes.iter().find(|(set, it)| *set == CodeSet::Carc && it.code == code);
        &found.unwrap().1
    };
    let stop = carc("197").periods[0].stop_on.map(|day| day.to_string());
    assert_eq!((carc("197").label.as_str(), stop.as_deref()), ("Ours", Some("2020-01-01")));
    assert_eq!(carc("16").label, "Shared", "a text it merely took over is not its own");
    drop(tx);
    assert_eq!(label(&world, &tenant).await, "Ours");
    assert_eq!(label(&world, &someone()).await, "For everybody");
    // The next one of its own is numbered on from its own, not from the operator's.
    let job = open_job(&world, &tenant, IMPORT_RELEASE).await;
    world.code_sets.import(&tenant, &job, &import(&world, "Ours again")).await.unwrap();
    let tx = world.code_sets.database.read(&tenant).await.unwrap();
    assert_eq!(store::releases::own::last_number(&tx, "CARC").await.unwrap(), 2);
    drop(tx);
    assert_eq!(label(&world, &tenant).await, "Ours again");
}

#[tokio::test]
async fn a_release_from_before_the_one_in_force_is_refused() {
    let (world, caller) = (world().await, someone());
    let job = open_job(&world, &caller, IMPORT_RELEASE).await;
    world.code_sets.import(&caller, &job, &import(&world, "new")).await.unwrap();
    let mut older = import(&world, "old");
    older.released_on = older.released_on.pred_opt().unwrap();
    let job = open_job(&world, &caller, IMPORT_RELEASE).await;
    let refused = world.code_sets.import(&caller, &job, &older).await.unwrap_err();
    assert_eq!(refused.reason(), "OLDER_RELEASE");
    assert_eq!(label(&world, &caller).await, "new");
}

#[tokio::test]
async fn code_sets_are_published_once_and_listed_in_pages() {
    let world = world().await;
    let caller = someone();
    let again = built_in::publish(&world.code_sets.database).await.unwrap();
    assert_eq!(again, world.code_sets.built_in);
    let mut request = pb::ListCodesRequest {
        code_set: "CARC".to_owned(),
        page_size: 200,
        filter: "current = true".to_owned(),
        ..pb::ListCodesRequest::default()
    };
    let mut codes = Vec::new();
    loop {
        let page = world.code_sets.list_codes(&caller, request.clone()).await.unwrap();
        codes.extend(page.codes);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    let today = world.code_sets.database.clock().today_utc();
    let known = domain::starter::codes();
    let current = known
        .iter()
        .filter(|(set, code)| *set == domain::codes::CodeSet::Carc && code.is_valid_on(today));
    assert_eq!(
        codes.iter().map(|code| code.code.as_str()).collect::<Vec<_>>(),
        current.map(|(_, code)| code.code.as_str()).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn processes_that_start_at_once_publish_one_release() {
    let world = world().await;
    let url = format!("sqlite://{}/other.db", world.folder.display());
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    let one = Database::open(&settings, Clock::system()).await.unwrap();
    let other = Database::open(&settings, Clock::system()).await.unwrap();
    let (one, other) = tokio::join!(
        CodeSets::open(one, Keys::ephemeral(), Tasks::default(), nowhere(), GOVERNANCE),
        CodeSets::open(other, Keys::ephemeral(), Tasks::default(), nowhere(), GOVERNANCE)
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.built_in, other.built_in);
    let request = pb::ListCodeSetsRequest::default();
    let listed = one.list_code_sets(&someone(), request).await.unwrap();
    let counted: i32 = listed.code_sets.iter().map(|set| set.code_count).sum();
    assert_eq!(usize::try_from(counted).unwrap(), domain::starter::codes().len());
}

#[tokio::test]
async fn a_page_token_of_one_set_is_no_token_of_another() {
    let world = world().await;
    let caller = someone();
    let request = |code_set: &str, page_token: String| pb::ListCodesRequest {
        code_set: code_set.to_owned(),
        page_size: 1,
        page_token,
        ..pb::ListCodesRequest::default()
    };
    let first = world.code_sets.list_codes(&caller, request("CARC", String::new())).await.unwrap();
    let refused = world.code_sets.list_codes(&caller, request("RARC", first.next_page_token)).await;
    assert_eq!(refused.unwrap_err().reason(), "INVALID_PAGE_TOKEN");
}

#[tokio::test]
async fn a_code_is_found_in_any_spelling_and_an_unknown_set_says_so() {
    let world = world().await;
    let caller = someone();
    let get = async |code_set: &str, code: &str| {
        let (code_set, code) = (code_set.to_owned(), code.to_owned());
        world.code_sets.get_code(&caller, pb::GetCodeRequest { code_set, code }).await
    };
    assert_eq!(get("CARC", "0016").await.unwrap().code.unwrap().code, "16");
    assert_eq!(get("RARC", "ma1").await.unwrap().code.unwrap().code, "MA01");
    assert_eq!(get("CARC", "99999").await.unwrap_err().reason(), "NOT_FOUND");
    assert_eq!(get("ICD", "1").await.unwrap_err().reason(), "UNKNOWN_CODE_SET");
}

use chrono::{Days, NaiveDate};
use contracts::dictionary::v1::{ImportCodeSetReleaseRequest, ImportCodeSetReleaseResponse};
use domain::codes::CodeSet;
use platform::access::{Caller, Role};
use platform::events::Event;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection, Violations};
use platform::tenant_tx::TenantTx;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::diff::{self, Change, Kind};
use crate::in_force::{self, InForce, Whose};
use crate::preflight::{History, Preflight};
use crate::release_rows::{self, Stated};
use crate::sheet::BadRows;
use crate::store::releases::{self, Release, own, published};
use crate::store::{ListedCode, built_in};
use crate::volume::{Tally, each_signature};
use crate::{Author, CSV_MAX, CodeSets, Draft, Error, FEED, IMPORT_RELEASE, draft_release, face};

/// How often an import is compared again when another one was faster.
const TRIES: usize = 4;

/// What is imported, and for whom.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) set: CodeSet,
    pub(crate) released_on: NaiveDate,
    pub(crate) source: String,
    pub(crate) rows: Vec<Stated>,
    pub(crate) whose: Whose,
}

/// A release that is ready to be kept.
#[derive(Debug)]
struct Ready {
    over: InForce,
    codes: Vec<ListedCode>,
    changes: Vec<Change>,
}

impl CodeSets {
    /// Imports a release: a tenant's own, or for everybody when the operator does.
    ///
    /// # Errors
    /// When the request or a row is no good, or the database fails.
    pub async fn import_code_set_release(
        &self,
        caller: &Caller,
        request: ImportCodeSetReleaseRequest,
    ) -> Result<ImportCodeSetReleaseResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let (validate_only, today) = (request.validate_only, self.database.clock().today_utc());
        let whose = if caller.has_role(Role::Operator) { Whose::Everybody } else { Whose::Tenant };
        let read = tokio::task::spawn_blocking(move || read(request, whose, today)).await;
        let import = read.map_err(|_| Fault::Broken("reading a release panicked"))??;
        let answer = |record: Record| ImportCodeSetReleaseResponse { job: Some(record.into()) };
        let watched = Watched { kind: IMPORT_RELEASE, unit: "rows" };
        if validate_only {
            self.compare(caller, &import).await?;
            let tx = self.database.begin(caller).await?;
            return Ok(answer(tx.open_job(watched.kind, watched.unit).await?));
        }
        let code_sets = self.clone();
        let work = move |caller, record, cancel| async move {
            code_sets.work_on_release(&caller, &record, &import, &cancel).await
        };
        watched.start((&self.database, &self.tasks), caller, once, answer, work).await
    }

    async fn work_on_release(
        &self,
        caller: &Caller,
        record: &Record,
        import: &Import,
        cancel: &CancellationToken,
    ) -> Option<End> {
        let working = async {
            let _turn = self.at_once.acquire().await.map_err(|_| Fault::Contended)?;
            self.import(caller, record, import).await
        };
        tokio::select! {
            done = working => done.err().map(|error| {
                tracing::warn!(reason = error.reason(), "an import of a release failed");
                End::failed(&error)
            }),
            () = cancel.cancelled() => Some(End::interrupted()),
        }
    }

    /// Imports, unless the job was cancelled meanwhile.
    pub(crate) async fn import(
        &self,
        caller: &Caller,
        record: &Record,
        import: &Import,
    ) -> Result<(), Error> {
        let rows = i64::try_from(import.rows.len()).unwrap_or(i64::MAX);
        for _ in 0..TRIES {
            if !self.database.tell_job(caller, record.id, 0, rows).await? {
                return Ok(());
            }
            let ready = self.compare(caller, import).await?;
            let reason = self.preflight(caller, import, &ready.changes).await?;
            let id = platform::ids::new();
            if import.whose == Whose::Everybody {
                self.stage(id, &ready.codes).await?;
            }
            let tx = self.database.begin(caller).await?;
            match self.keep(&tx, (id, record, rows), import, (&ready, reason)).await {
                Ok(true) => return Ok(tx.commit().await?),
                Ok(false) => return Ok(()),
                // Another import was faster, or a change request took the number.
                Err(Error::Fault(Fault::Contended)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Fault::Contended.into())
    }

    /// What a release makes of the state that is in force.
    async fn compare(&self, caller: &Caller, import: &Import) -> Result<Ready, Error> {
        let (set, slug) = (import.set, import.set.as_str());
        let tx = self.database.read(caller).await?;
        let over = in_force::of(&tx, &self.built_in, slug, import.whose).await?;
        if let Some(release) = &over.release
            && release.released_on > import.released_on
        {
            return Err(Error::OlderRelease(release.released_on));
        }
        let before = in_force::codes(&tx, &over.state, slug, 0).await?;
        drop(tx);
        let (rows, today) = (import.rows.clone(), self.database.clock().today_utc());
        let compared = tokio::task::spawn_blocking(move || {
            let codes = release_rows::applied(set, before.clone(), rows);
            let both = (before.iter().map(|it| &it.code), codes.iter().map(|it| &it.code));
            let changes = diff::changes(both.0, both.1, today);
            Ready { over, codes, changes }
        });
        Ok(compared.await.map_err(|_| Fault::Broken("comparing releases panicked"))?)
    }

    /// Why the tenant's committee should look at it; nothing when it touches nothing of theirs.
    async fn preflight(
        &self,
        caller: &Caller,
        import: &Import,
        changes: &[Change],
    ) -> Result<Option<String>, Error> {
        let decided_on = draft_release::DECIDED_ON.contains(&import.set);
        if import.whose == Whose::Everybody || changes.is_empty() || !decided_on {
            return Ok(None);
        }
        let tx = self.database.read(caller).await?;
        let active = (self.governance.active)(&tx).await?;
        drop(tx);
        let Some(active) = active else { return Ok(None) };
        let mut preflight = Preflight::of(import.set, changes, active.bundle());
        each_signature(&self.routing, caller, |facts, denials, cents| {
            preflight.count(&active, &facts, Tally { denials, cents });
        })
        .await?;
        Ok(preflight.reason(&title(import.set, import.released_on), History::Counted))
    }

    /// Publishes the codes of a release for everybody; nobody reads them before the release is
    /// kept.
    async fn stage(&self, id: Uuid, codes: &[ListedCode]) -> Result<(), Fault> {
        let tx = self.database.operate().await?;
        built_in::publish(&tx, &id.to_string(), &[], codes).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps a release with what it drafts, and ends its job; false when the job has ended.
    async fn keep(
        &self,
        tx: &TenantTx,
        (id, record, rows): (Uuid, &Record, i64),
        import: &Import,
        (ready, reason): (&Ready, Option<String>),
    ) -> Result<bool, Error> {
        let slug = import.set.as_str();
        let over = in_force::of(tx, &self.built_in, slug, import.whose).await?;
        if over.state.place != ready.over.state.place {
            return Err(Fault::Contended.into());
        }
        let last = match import.whose {
            Whose::Tenant => own::last_number(tx, slug).await?,
            Whose::Everybody => published::last_number(tx, slug).await?,
        };
        let release = row(tx, (id, last + 1), import, ready);
        let inserted = match import.whose {
            Whose::Tenant => own::insert(tx, release.clone()).await?,
            Whose::Everybody => published::insert(tx, release.clone()).await?,
        };
        if !inserted {
            return Err(Fault::Contended.into());
        }
        match import.whose {
            Whose::Tenant => releases::insert_codes(tx, id, &ready.codes).await?,
            Whose::Everybody => draft_release::publish(tx, import.set, id).await?,
        }
        let draft = match reason {
            Some(reason) => {
                let title = title(import.set, import.released_on);
                let by = Author::Caller;
                let draft = Draft { by, title, reason, release: id };
                Some((self.governance.draft)(tx, draft).await?)
            }
            None => None,
        };
        tx.emit(FEED, vec![imported(&release, draft)]).await?;
        tx.tell_job(record.id, rows, rows).await?;
        Ok(tx.end_job(record, End::Succeeded(Some(id))).await?)
    }
}

/// Reads what is asked for; takes as long as the rows are many.
fn read(
    request: ImportCodeSetReleaseRequest,
    whose: Whose,
    today: NaiveDate,
) -> Result<Import, Error> {
    let mut violations = Violations::default();
    violations.text("code_set", &request.code_set, 64);
    violations.text("source", &request.source, 500);
    let released_on = face::day("released_on", request.released_on, &mut violations);
    // A day ahead by a slip would stand above every release to come; zones differ by a day.
    if released_on.is_some_and(|day| day > today + Days::new(1)) {
        violations.add("released_on", "is ahead: it is the day of publication");
    }
    let set = CodeSet::parse(&request.code_set);
    if set == Some(CodeSet::Proprietary) {
        violations.add("code_set", "payers' own codes are mapped one by one: see MapPayerCode");
    }
    if request.csv.len() > CSV_MAX {
        violations.add("csv", format!("is longer than {CSV_MAX} bytes"));
    }
    violations.into_result()?;
    let (set, released_on) = (set.ok_or(Error::UnknownCodeSet)?, released_on);
    let released_on = released_on.ok_or(Fault::Broken("a violation was lost"))?;
    let rows = release_rows::read(set, &request.csv).map_err(|bad: BadRows| bad)?;
    Ok(Import { set, released_on, source: request.source, rows, whose })
}

/// What a release is called.
pub(crate) fn title(set: CodeSet, released_on: NaiveDate) -> String {
    format!("{} release of {released_on}", set.as_str())
}

fn row(tx: &TenantTx, (id, number): (Uuid, i64), import: &Import, ready: &Ready) -> Release {
    let count = |kind| {
        let counted = ready.changes.iter().filter(|change| change.kind == kind).count();
        i32::try_from(counted).unwrap_or(i32::MAX)
    };
    Release {
        tenant_id: Uuid::nil(),
        id,
        code_set: import.set.as_str().to_owned(),
        number,
        released_on: import.released_on,
        source: import.source.clone(),
        previous: ready.over.state.place.to_string(),
        code_count: i32::try_from(ready.codes.len()).unwrap_or(i32::MAX),
        added_count: count(Kind::Added),
        reworded_count: count(Kind::Reworded),
        stopping_count: count(Kind::Stopping),
        stopped_count: count(Kind::Stopped),
        reactivated_count: count(Kind::Reactivated),
        amended_count: count(Kind::Amended),
        imported_by: tx.caller().actor().to_owned(),
        imported_at: tx.clock().now(),
    }
}

fn imported(release: &Release, draft: Option<Uuid>) -> Event {
    let payload = serde_json::json!({
        "code_set": release.code_set,
        "released_on": release.released_on,
        "added": release.added_count,
        "reworded": release.reworded_count,
        "stopping": release.stopping_count,
        "stopped": release.stopped_count,
        "reactivated": release.reactivated_count,
        "amended": release.amended_count,
        "change_request_id": draft,
        "by": release.imported_by,
    });
    Event {
        kind: "code_set_release.imported",
        subject: release.id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    }
}

//! A release for everybody on its way to a tenant: a change request where it touches what the
//! tenant's dictionary names.
//!
//! As bases do: a tenant that starts gets a due row, far away; a publication commits with a row of
//! its own that calls all of them, and each tenant then compares and drafts on duty, so that nobody
//! lists tenants and a crash loses none. What a tenant looked at is numbered, so that two releases
//! that come at once are two drafts, and one that touched nothing is not looked at again. A release
//! under one of the tenant's own drafts nothing: the import of that one did.
//!
//! On duty there is nobody in whose name routing could be asked, so that the draft says what is
//! named and that nothing was counted.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::codes::CodeSet;
use platform::jobs::{Handler, Job};
use platform::rejection::Fault;
use platform::tenant_tx::{Database, TenantTx};
use uuid::Uuid;

use crate::import_code_set_release::title;
use crate::preflight::{History, Preflight};
use crate::store::releases::{Release, published};
use crate::store::seen;
use crate::{Author, CodeSets, Draft, Governance, diff, in_force};

/// The sets that denials are decided on.
pub(crate) const DECIDED_ON: [CodeSet; 2] = [CodeSet::Carc, CodeSet::Rarc];

/// The kind of the row that a publication commits with.
const CALL: &str = "dictionary.call_to_release";
/// The kind of each tenant's due row.
const DRAFT: &str = "dictionary.draft_release";
/// The key of that row: a tenant has one.
const KEY: Uuid = Uuid::nil();
/// How far away a row is that nobody called.
const FAR: TimeDelta = TimeDelta::days(365_000);

/// Gives the tenant its due row, unless it has one: it looks at releases from now on.
///
/// # Errors
/// When the database fails.
pub async fn enlist(tx: &TenantTx) -> Result<(), Fault> {
    for set in DECIDED_ON.map(CodeSet::as_str) {
        if seen::last(tx, set).await?.is_none() {
            seen::begin(tx, set, published::last_number(tx, set).await?).await?;
        }
    }
    tx.schedule(DRAFT, KEY, tx.clock().now()).await
}

/// Has every tenant called to a release once this transaction commits.
pub(crate) async fn publish(tx: &TenantTx, set: CodeSet, release: Uuid) -> Result<(), Fault> {
    if DECIDED_ON.contains(&set) {
        tx.schedule(CALL, release, tx.clock().now()).await?;
    }
    Ok(())
}

impl CodeSets {
    /// The jobs that bring releases for everybody to tenants.
    #[must_use]
    pub fn bringing(&self) -> [Job; 2] {
        [calling(self.database.clone()), drafting(self.database.clone(), self.governance)]
    }
}

/// Calls every tenant, which looks no further than it must when it is called twice.
fn calling(database: Database) -> Job {
    let handler: Handler = Arc::new(move |caller, release| {
        let database = database.clone();
        Box::pin(async move {
            let all = database.operate().await?;
            all.call_all(DRAFT, database.clock().now()).await?;
            all.commit().await?;
            let tx = database.begin(&caller).await?;
            tx.done(CALL, release).await?;
            Ok(tx.commit().await?)
        })
    });
    Job::new(CALL, handler)
}

fn drafting(database: Database, governance: Governance) -> Job {
    let handler: Handler = Arc::new(move |caller, _| {
        let database = database.clone();
        Box::pin(async move {
            let tx = database.begin(&caller).await?;
            look(&tx, governance).await?;
            Ok(tx.commit().await?)
        })
    });
    Job::new(DRAFT, handler)
}

/// Looks at what was published since the last look.
async fn look(tx: &TenantTx, governance: Governance) -> Result<(), Fault> {
    // The first thing done: whoever publishes another one meanwhile waits, and calls it again.
    tx.put_off(DRAFT, KEY, far(tx.clock().now())).await?;
    for set in DECIDED_ON {
        let slug = set.as_str();
        let Some(mut number) = seen::last(tx, slug).await? else { continue };
        while let Some(release) = published::numbered(tx, slug, number + 1).await? {
            number += 1;
            draft(tx, set, &release, governance).await?;
            seen::note(tx, slug, number).await?;
        }
    }
    Ok(())
}

/// Drafts a change, where a release touches what the tenant's dictionary names.
async fn draft(
    tx: &TenantTx,
    set: CodeSet,
    release: &Release,
    governance: Governance,
) -> Result<(), Fault> {
    let Some((before, after)) = in_force::around(tx, release).await? else { return Ok(()) };
    let Some(active) = (governance.active)(tx).await? else { return Ok(()) };
    let before = in_force::codes(tx, &before, set.as_str(), 0).await?;
    let after = in_force::codes(tx, &after, set.as_str(), 0).await?;
    let (called, judged_on) = (title(set, release.released_on), release.imported_at.date_naive());
    let compared = tokio::task::spawn_blocking(move || {
        let both = (before.iter().map(|it| &it.code), after.iter().map(|it| &it.code));
        let changes = diff::changes(both.0, both.1, judged_on);
        let reason = Preflight::of(set, &changes, active.bundle());
        reason.reason(&called, History::NotAsked).map(|reason| (called, reason))
    });
    let compared = compared.await.map_err(|_| Fault::Broken("comparing releases panicked"))?;
    if let Some((title, reason)) = compared {
        let draft = Draft { by: Author::Nobody, title, reason, release: release.id };
        (governance.draft)(tx, draft).await?;
    }
    Ok(())
}

fn far(now: DateTime<Utc>) -> DateTime<Utc> {
    now + FAR
}

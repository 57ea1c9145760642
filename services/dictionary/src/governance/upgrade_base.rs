//! A new base dictionary on its way to a tenant: a draft by a three-way merge, entry by entry.
//!
//! The ancestor is the base that the active revision holds, so that what a tenant changed is never
//! taken back unasked, and what was rolled back is offered again with the next base. A draft of an
//! earlier base that nobody has touched is replaced; one that somebody edited, or put before the
//! committee, stays beside the new one, which has all of it: a rebase drops what is there already.
//! A base that a tenant refused (withdrew or declined) is not drafted again; its changes come with
//! the next base.

use std::sync::Arc;

use bases::Base;
use contracts::dictionary::v1::ChangeSource;
use domain::dictionary::{Bundle, ContentHash};
use domain_governance::ballot::{State, UserId};
use domain_governance::merge::{self, Merge};
use platform::jobs::{Handler, Job};
use platform::rejection::{Fault, Rejection};
use platform::tenant_tx::{Database, TenantTx};

use super::drafting::{self, Drafting};
use super::{DraftEdit, Matter, draft, log};
use crate::{Error, grpc};
use registry::{changes, revisions};

/// The job that looks at the newest base, one tenant at a time.
pub(crate) fn upgrades(database: Database) -> Job {
    let handler: Handler = Arc::new(move |caller, _| {
        let database = database.clone();
        Box::pin(async move {
            let tx = database.begin(&caller).await?;
            match upgrade(&tx).await {
                Ok(()) => return Ok(tx.commit().await?),
                Err(Error::Fault(fault)) => return Err(fault),
                // To try again would be refused again, until another base calls.
                Err(error) => tracing::error!(reason = error.reason(), "no base could be merged"),
            }
            drop(tx);
            let tx = database.begin(&caller).await?;
            bases::put_off(&tx).await?;
            Ok(tx.commit().await?)
        })
    });
    Job::new(bases::UPGRADE, handler)
}

/// Notes the base of a revision that a change of this module made active.
pub(super) async fn note(tx: &TenantTx, matter: &Matter, active: ContentHash) -> Result<(), Error> {
    let ours = matter.row.source == source();
    // The end of an emergency makes another revision active than its change leads to.
    if !ours || active.to_string() != matter.row.result_hash {
        return Ok(());
    }
    if let Some(base) = bases::with_id(tx, super::id(&matter.row.source_id)?).await? {
        bases::hold(tx, &matter.row.result_hash, base.number).await?;
    }
    Ok(())
}

fn source() -> &'static str {
    grpc::source_word(ChangeSource::BaseUpgrade)
}

async fn upgrade(tx: &TenantTx) -> Result<(), Error> {
    bases::put_off(tx).await?;
    let newest = bases::newest(tx).await?;
    let log = log::settled(tx).await?;
    let active = log::active(tx, &log)?.hash;
    let held = bases::held(tx, &active.to_string()).await?;
    if held.is_some_and(|held| held >= newest.number)
        || changes::was_drafted(tx, source(), newest.id).await?
    {
        return Ok(());
    }
    let merge = merged(tx, held, active, &newest).await?;
    replace_untouched(tx, &newest).await?;
    if merge.edits.is_empty() {
        // All of it is there: the next base is merged from this one.
        return Ok(bases::hold(tx, &active.to_string(), newest.number).await?);
    }
    let drafting = Drafting {
        by: UserId::SERVICE,
        title: title(&newest, &merge),
        reason: newest.described.reason,
        source: ChangeSource::BaseUpgrade,
        source_id: newest.id.to_string(),
        edits: merge.edits.into_iter().map(DraftEdit::from).collect(),
    };
    drafting::open(tx, active, drafting).await?;
    Ok(())
}

/// What brings a base to the active revision.
async fn merged(
    tx: &TenantTx,
    held: Option<i64>,
    active: ContentHash,
    newest: &Base,
) -> Result<Merge, Error> {
    let ancestor = match held {
        Some(number) => bundle(tx, number).await?,
        None => {
            let first = revisions::with_number(tx, 1).await?.ok_or(Error::NoActiveRevision)?;
            draft::base(tx, &first.hash).await?
        }
    };
    let ours = draft::base(tx, &active.to_string()).await?;
    let theirs = bundle(tx, newest.number).await?;
    draft::blocking(move || Ok(merge::merge(&ancestor, &ours, &theirs))).await
}

/// The bundle of a base.
async fn bundle(tx: &TenantTx, number: i64) -> Result<Bundle, Error> {
    let canonical = bases::content(tx, number).await?;
    draft::blocking(move || {
        let text =
            String::from_utf8(canonical).map_err(|_| Fault::Broken("a base is not UTF-8"))?;
        Ok(Bundle::parse(&text).map_err(|_| Fault::Broken("a base cannot be read"))?)
    })
    .await
}

/// Takes back drafts of earlier bases that nobody has touched.
async fn replace_untouched(tx: &TenantTx, newest: &Base) -> Result<(), Error> {
    for row in changes::open_of(tx, source()).await? {
        let matter = Matter::of(row)?;
        let touched = matter.ballot.editors.iter().any(|editor| *editor != UserId::SERVICE);
        if matter.ballot.state != State::Draft || touched {
            continue;
        }
        let reason = format!("base dictionary {} takes its place", newest.number);
        let withdrawn = matter.ballot.withdraw(UserId::SERVICE, &reason)?;
        let matter = matter.keep(tx, log::quiet(withdrawn), "change_request.withdrawn").await?;
        matter.say(tx, reason).await?;
    }
    Ok(())
}

fn title(newest: &Base, merge: &Merge) -> String {
    let changes = merge.edits.len();
    let changes = format!("{changes} {}", if changes == 1 { "change" } else { "changes" });
    match merge.conflicts().count() {
        0 => format!("Base dictionary {}: {changes}", newest.number),
        some => format!("Base dictionary {}: {changes}, {some} to choose", newest.number),
    }
}

//! What releases of code sets ask of the dictionary.

use std::sync::Arc;

use code_sets::{Author, Draft, Governance};
use contracts::dictionary::v1::ChangeSource;
use domain::dictionary::Compiled;
use domain_governance::ballot::UserId;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::drafting::{self, Drafting};
use super::{draft, log, user};
use crate::Error;
use registry::{payers, revisions};

/// The answers.
pub(crate) const FOR_RELEASES: Governance = Governance {
    active: |tx| Box::pin(async move { active(tx).await.map_err(fault) }),
    draft: |tx, change| Box::pin(async move { drafted(tx, change).await.map_err(fault) }),
    payer: |tx, name| {
        Box::pin(async move { Ok(payers::named(tx, &name).await?.map(|payer| payer.id)) })
    },
};

async fn active(tx: &TenantTx) -> Result<Option<Arc<Compiled>>, Error> {
    let Some(active) = revisions::active(tx).await? else { return Ok(None) };
    let bundle = draft::base(tx, &active.hash).await?;
    let compiled = draft::blocking(move || {
        let compiled = Compiled::new(&bundle);
        Ok(compiled.map_err(|_| Fault::Broken("an active revision does not compile"))?)
    })
    .await?;
    Ok(Some(Arc::new(compiled)))
}

async fn drafted(tx: &TenantTx, change: Draft) -> Result<Uuid, Error> {
    let log = log::settled(tx).await?;
    let base = log::active(tx, &log)?.hash;
    let drafting = Drafting {
        by: match change.by {
            Author::Caller => user(tx.caller())?,
            Author::Nobody => UserId::SERVICE,
        },
        title: change.title,
        reason: change.reason,
        source: ChangeSource::CodeSetRelease,
        source_id: change.release.to_string(),
        edits: Vec::new(),
    };
    Ok(drafting::open(tx, base, drafting).await?.row.id)
}

/// Without edits nothing else can be refused.
fn fault(error: Error) -> Fault {
    match error {
        Error::Fault(fault) => fault,
        _ => Fault::Broken("a draft without edits was refused"),
    }
}

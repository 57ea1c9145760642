use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;

use contracts::dictionary::v1::{PublishBaseDictionaryRequest, PublishBaseDictionaryResponse};
use domain::dictionary::{Bundle, Compiled};
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::governance::draft;
use crate::{Dictionary, Error, FEED, compiled, grpc};
use registry::revisions::{self, Revision};

/// A bundle that decides, with the form it is addressed by.
#[derive(Debug)]
pub(crate) struct Accepted {
    compiled: Compiled,
    pub(crate) canonical: String,
}

impl Accepted {
    pub(crate) fn of(compiled: Compiled) -> Result<Self, Error> {
        let canonical = compiled
            .bundle()
            .canonical()
            .map_err(|_| Fault::Broken("a compiled bundle has a canonical form"))?;
        Ok(Self { compiled, canonical })
    }
}

impl Dictionary {
    /// Publishes the base dictionary as the tenant's first revision and activates it; the revision
    /// that stands is the answer when it has the same content.
    pub(crate) async fn publish_base(
        &self,
        caller: &Caller,
        request: PublishBaseDictionaryRequest,
    ) -> Result<PublishBaseDictionaryResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        violations.text("reason", &request.reason, 1_000);
        violations.into_result()?;
        let tx = self.database.read(caller).await?;
        let base = bases::newest(&tx).await?;
        let canonical = bases::content(&tx, base.number).await?;
        drop(tx);
        let accepted = draft::blocking(move || {
            let hash = base.described.hash.parse();
            let hash = hash.map_err(|_| Fault::Broken("a base is named by no hash"))?;
            Accepted::of(compiled::compile(canonical, hash)?.compiled)
        })
        .await?;
        if request.validate_only {
            let tx = self.database.read(caller).await?;
            let (row, since) = match standing(&tx, &accepted).await? {
                Some(standing) => standing,
                None => {
                    let made = (caller.actor(), tx.clock().now());
                    let row = row(made, &accepted, 1, request.reason)?;
                    let now = row.created_at;
                    (row, Some(now))
                }
            };
            return Ok(PublishBaseDictionaryResponse {
                revision: Some(grpc::revision(row, &[], since)),
            });
        }
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { publish(tx, accepted, base.number, request.reason).await })
            })
            .await
    }
}

/// Compiles before anything is stored.
pub(crate) fn accept(bundle: &Bundle) -> Result<Accepted, Error> {
    Accepted::of(Compiled::new(bundle)?)
}

/// The revision of that content when the tenant has it, and since when it is active.
async fn standing(
    tx: &TenantTx,
    accepted: &Accepted,
) -> Result<Option<(Revision, Option<DateTime<Utc>>)>, Error> {
    let hash = accepted.compiled.revision().to_string();
    if let Some(row) = revisions::with_hash(tx, &hash).await? {
        let active = revisions::active(tx).await?.filter(|active| active.hash == hash);
        return Ok(Some((row, active.map(|active| active.since))));
    }
    if revisions::any(tx).await? { Err(Error::AlreadyPublished) } else { Ok(None) }
}

async fn publish(
    tx: &TenantTx,
    accepted: Accepted,
    base: i64,
    reason: String,
) -> Result<PublishBaseDictionaryResponse, Error> {
    if let Some((row, since)) = standing(tx, &accepted).await? {
        return Ok(PublishBaseDictionaryResponse {
            revision: Some(grpc::revision(row, &[], since)),
        });
    }
    let row = row((tx.caller().actor(), tx.clock().now()), &accepted, 1, reason)?;
    let (now, canonical) = (row.created_at, accepted.canonical.clone().into_bytes());
    if !revisions::insert(tx, row.clone(), canonical).await? {
        // Somebody else published between the look and the insert, which waited for them.
        let standing = standing(tx, &accepted).await?;
        let (row, since) = standing.ok_or(Fault::Contended)?;
        return Ok(PublishBaseDictionaryResponse {
            revision: Some(grpc::revision(row, &[], since)),
        });
    }
    revisions::activate_first(tx, &row.hash, now).await?;
    crate::follow_appeals::begin_to_follow(tx).await?;
    bases::hold(tx, &row.hash, base).await?;
    bases::enlist(tx).await?;
    code_sets::enlist(tx).await?;
    let activated = Event {
        kind: "revision.activated",
        subject: row.id,
        revision: row.hash.clone(),
        payload: serde_json::json!({ "hash": row.hash, "number": row.number })
            .to_string()
            .into_bytes(),
    };
    tx.emit(FEED, vec![activated]).await?;
    Ok(PublishBaseDictionaryResponse { revision: Some(grpc::revision(row, &[], Some(now))) })
}

/// The row of a revision that somebody made at an instant.
pub(crate) fn row(
    (by, at): (&str, DateTime<Utc>),
    accepted: &Accepted,
    number: i64,
    reason: String,
) -> Result<Revision, Error> {
    let bundle = accepted.compiled.bundle();
    let semantics = i32::try_from(bundle.evaluator_semantics)
        .map_err(|_| Error::SemanticsUnsupported(bundle.evaluator_semantics.into()))?;
    Ok(Revision {
        tenant_id: Uuid::nil(),
        hash: accepted.compiled.revision().to_string(),
        id: platform::ids::new(),
        number,
        title: bundle.title.clone(),
        starting_point: bundle.starting_point,
        evaluator_semantics: semantics,
        based_on: String::new(),
        change_request_id: None,
        approved_by: by.to_owned(),
        reason,
        created_at: at,
        entries: count(&bundle.entries),
        remark_rules: count(&bundle.remark_rules),
        owner_rules: count(&bundle.owner_rules),
        documentation_standards: count(&bundle.documentation_standards),
        appeal_templates: count(&bundle.appeal_templates),
        deadline_rules: count(&bundle.deadline_rules),
        metric_definitions: count(&bundle.metric_definitions),
        exception_policies: count(&bundle.exception_policies),
        automation_limits: count(&bundle.automation_limits),
    })
}

fn count<T>(items: &[T]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests;

use bases::{Bases, NewBase};
use chrono::NaiveDate;
use contracts::dictionary::v1::{PublishBaseRevisionRequest, PublishBaseRevisionResponse};
use domain::dictionary::Bundle;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::keys::Keys;
use platform::rejection::{Violation, Violations};
use platform::tasks::Tasks;
use platform::tenant_tx::Database;
use uuid::Uuid;

use crate::governance::{self, draft, prose};
use crate::publish_base_dictionary::{Accepted, accept, row};
use crate::{Dictionary, Error, grpc};

/// The largest bundle, in bytes.
const CONTENT_MAX: usize = 32 << 20;

impl Dictionary {
    /// Publishes a base dictionary and has it drafted for every tenant that started.
    pub(crate) async fn publish_base_revision(
        &self,
        caller: &Caller,
        mut request: PublishBaseRevisionRequest,
    ) -> Result<PublishBaseRevisionResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        prose(&mut violations, "reason", &request.reason, 4_000);
        if request.canonical_json.len() > CONTENT_MAX {
            violations.add("canonical_json", "is longer than 32 MiB");
        }
        violations.into_result()?;
        let sent = std::mem::take(&mut request.canonical_json);
        let today = self.database.clock().today_utc();
        let accepted = draft::blocking(move || prove(&governance::parse(sent)?, today)).await?;
        let made = (caller.actor(), self.database.clock().now());
        let described = grpc::revision(row(made, &accepted, 0, request.reason)?, &[], None);
        if request.validate_only {
            return Ok(PublishBaseRevisionResponse { hash: described.hash, job: None });
        }
        let new = NewBase { described, canonical: accepted.canonical };
        Ok(self.bases.publish(caller, once, new).await?)
    }
}

/// The bases of a process; the first is this build's starter, where there is none yet.
pub(crate) async fn start(database: &Database, keys: &Keys, tasks: &Tasks) -> Result<Bases, Error> {
    let bases = Bases::new(database.clone(), keys.clone(), tasks.clone());
    if bases.has_any().await? {
        return Ok(bases);
    }
    let accepted = draft::blocking(|| accept(&domain::starter::bundle())).await?;
    let nobody = Uuid::nil().to_string();
    let reason = "the dictionary that comes with the product".to_owned();
    let described = row((&nobody, database.clock().now()), &accepted, 1, reason)?;
    let described = grpc::revision(described, &[], None);
    bases.start(NewBase { described, canonical: accepted.canonical }).await?;
    Ok(bases)
}

/// A bundle that compiles and has nothing against it.
fn prove(bundle: &Bundle, today: NaiveDate) -> Result<Accepted, Error> {
    if let Some(description) = domain_verify::crowd(bundle) {
        let field = "canonical_json".to_owned();
        return Err(Error::BrokenBundle(vec![Violation { field, description }]));
    }
    let accepted = accept(bundle)?;
    let bad = bases::objections(bundle, today, "canonical_json")?;
    if bad.is_empty() { Ok(accepted) } else { Err(Error::BrokenBundle(bad)) }
}

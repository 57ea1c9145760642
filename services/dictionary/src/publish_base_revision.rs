use bases::{Bases, NewBase};
use chrono::NaiveDate;
use contracts::dictionary::v1::{PublishBaseRevisionRequest, PublishBaseRevisionResponse};
use domain::dictionary::{Bundle, Compiled};
use domain_verify::{Finding, FindingCode, World};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::keys::Keys;
use platform::rejection::{Fault, Violation, Violations};
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
        let described = grpc::revision(row(made, &accepted, 0, request.reason)?, None);
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
    let described = grpc::revision(described, None);
    bases.start(NewBase { described, canonical: accepted.canonical }).await?;
    Ok(bases)
}

/// A bundle that compiles and has nothing against it, but for names that each tenant gives: teams,
/// payers and places are judged where they are.
fn prove(bundle: &Bundle, today: NaiveDate) -> Result<Accepted, Error> {
    let compiled = Compiled::new(bundle)?;
    let world = World::new(today, &domain::starter::codes());
    let world = world.map_err(|_| Fault::Broken("a code of this build is none"))?;
    let verified = domain_verify::verify(bundle, &world);
    let bad = verified.findings.into_iter().filter(|it| it.blocking && !names_a_tenants(it.code));
    let bad: Vec<Violation> = bad.map(violation).collect();
    if bad.is_empty() { Accepted::of(compiled) } else { Err(Error::BrokenBundle(bad)) }
}

fn names_a_tenants(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::UnknownTeam
            | FindingCode::UnknownPayer
            | FindingCode::UnknownFacility
            | FindingCode::UnknownServiceLine
    )
}

fn violation(finding: Finding) -> Violation {
    let Finding { code, slug, words, .. } = finding;
    let field = if slug.is_empty() { code.as_str().to_owned() } else { slug };
    Violation { field: format!("canonical_json.{field}"), description: words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_product_starts_with_could_be_published() {
        let today = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
        let accepted = prove(&domain::starter::bundle(), today).unwrap();
        assert_eq!(accepted.canonical, domain::starter::bundle().canonical().unwrap());
    }
}

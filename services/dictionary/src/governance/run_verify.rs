use std::collections::BTreeSet;

use contracts::dictionary::v1::{CheckFinding, RunVerifyRequest, RunVerifyResponse};
use domain_governance::ballot::CheckKind;
use domain_verify::{Finding, Verification, World};
use platform::access::Caller;
use platform::rejection::Fault;

use super::chamber::Chamber;
use super::checks::{Found, Subject};
use super::draft;
use crate::{Dictionary, Error};
use registry::payers;

impl Dictionary {
    /// Proves that one entry, or the owned exception, answers every denial under a change, over the
    /// whole code space and everything that was seen in 12 months.
    pub(crate) async fn run_verify(
        &self,
        caller: &Caller,
        request: RunVerifyRequest,
    ) -> Result<RunVerifyResponse, Error> {
        let of = (request.change_request_id.as_str(), request.request_id.as_str());
        self.run_check(caller, &request, of, CheckKind::Verify, |this, caller, subject, _| {
            Box::pin(async move { this.verify(&caller, subject).await })
        })
        .await
    }

    async fn verify(&self, caller: &Caller, subject: Subject) -> Result<Found, Error> {
        let world = self.world(caller).await?;
        let verified =
            draft::blocking(move || Ok(domain_verify::verify(&subject.draft, &world))).await?;
        Ok(found(verified))
    }

    /// What stands outside a dictionary and decides whether it makes sense.
    async fn world(&self, caller: &Caller) -> Result<World, Error> {
        let tx = self.database.read(caller).await?;
        let today = Chamber::now(&tx).await?.today;
        let payers: BTreeSet<String> = payers::slugs(&tx).await?.into_iter().collect();
        let codes = self.codes.in_force(&tx).await?;
        drop(tx);
        let world = World::new(today, &codes);
        let world = world.map_err(|_| Fault::Broken("a code in force is none"))?;
        Ok(World {
            payers,
            teams: self.peers.teams(caller).await?,
            facilities: self.peers.facilities(caller).await?,
            service_lines: self.peers.service_lines(caller).await?,
            seen: self.peers.seen(caller).await?,
            ..world
        })
    }
}

fn found(verified: Verification) -> Found {
    Found {
        passed: verified.passed,
        findings: verified.findings.into_iter().map(finding).collect(),
        replay: None,
    }
}

fn finding(finding: Finding) -> CheckFinding {
    CheckFinding {
        code: finding.code.as_str().to_owned(),
        blocking: finding.blocking,
        slug: finding.slug,
        words: finding.words,
    }
}

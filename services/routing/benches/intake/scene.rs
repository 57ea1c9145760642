//! A tenant with payers and a facility, and a file for it.

use std::io::Read;
use std::sync::Arc;

use contracts::routing::v1::RemittancePurpose;
use domain::tenancy::TenantId;
use platform::access::Caller;
use routing::{Alias, AliasKind, Context, FacilityFact, PayerFact, Revision, Submission, alias};
use x12::generate::{Options, sample_payers, write_remittance};

pub(crate) struct Scene {
    pub(crate) caller: Caller,
    context: Context,
    revision: Arc<Revision>,
}

impl Scene {
    /// A tenant with four payers.
    pub(crate) fn new() -> Self {
        let payee = Options::default().payee;
        let canonical = domain::starter::bundle().canonical().expect("the starter is canonical");
        let revision = Revision::parse(canonical.into_bytes()).expect("the starter compiles");
        let payers = sample_payers().into_iter().map(|payer| PayerFact {
            id: platform::ids::new(),
            slug: format!("payer-{}", payer.id.to_lowercase()),
            aliases: vec![Alias { kind: AliasKind::Name, value: alias(&payer.name) }],
            name: payer.name,
            lob: None,
            network: None,
            zone: None,
        });
        let facility = FacilityFact {
            id: platform::ids::new(),
            slug: "regional".to_owned(),
            name: payee.name,
            npis: vec![payee.npi],
            tax_ids: vec![payee.tax_id],
            ccn: String::new(),
            zone: None,
        };
        let context = Context {
            revision: revision.hash().to_owned(),
            payers: payers.collect(),
            facilities: vec![facility],
            service_lines: Vec::new(),
            teams: std::collections::BTreeMap::new(),
            trial: None,
            payer_codes: Vec::new(),
        };
        let tenant = TenantId::from_uuid(platform::ids::new());
        let caller = Caller::on_duty(tenant, "bench.intake");
        Self { caller, context, revision: Arc::new(revision) }
    }

    /// Makes every payee a stranger.
    pub(crate) fn forget_facilities(&mut self) {
        self.context.facilities.clear();
    }

    pub(crate) fn submission<'a>(&self, bytes: &'a mut (dyn Read + Send)) -> Submission<'a> {
        Submission {
            name: "bench.835",
            purpose: RemittancePurpose::Live,
            bytes,
            context: self.context.clone(),
            revision: self.revision.clone(),
            trial: None,
        }
    }
}

/// A file of `claims` claims, of four payers.
pub(crate) fn generated(claims: u64) -> Vec<u8> {
    let options = Options { claims, claims_per_transaction: 2_500, ..Options::default() };
    let mut bytes = Vec::new();
    write_remittance(options, &mut bytes).expect("memory takes every byte");
    bytes
}

/// A file of claims from the number `first` on, every one refused as a whole or in one line.
pub(crate) fn denied(claims: u64, first: u64) -> Vec<u8> {
    let options = Options {
        claims,
        claims_per_transaction: 2_500,
        denied_permille: 1_000,
        provider_adjustments_permille: 0,
        first_claim: first,
        seed: first,
        control: u32::try_from(first).expect("a million claims fit"),
        ..Options::default()
    };
    let mut bytes = Vec::new();
    write_remittance(options, &mut bytes).expect("memory takes every byte");
    bytes
}

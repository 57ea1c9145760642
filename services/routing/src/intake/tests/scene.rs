//! A tenant on a SQLite file of its own, and small files for it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use contracts::routing::v1::RemittancePurpose;
use domain::dictionary::Bundle;
use domain::tenancy::TenantId;
use platform::access::Caller;
use platform::clock::Clock;
use platform::tenant_tx::{Database, DatabaseSettings, TenantOwned};
use sea_orm::EntityTrait;
use uuid::Uuid;
use x12::generate::{Options, write_remittance};

use crate::error::Error;
use crate::intake::{Ended, Intake, Submission};
use crate::revisions::{Revision, Revisions};
use ledger::document::Report;
use ledger::entity::file;
use originals::Originals;
use remitted::{Alias, AliasKind, Context, FacilityFact, PayerFact, alias};

pub(super) const NPI: &str = "1234567893";

/// One test's world; its folder goes with it.
pub(super) struct Scene {
    pub(super) intake: Intake,
    pub(super) database: Database,
    pub(super) caller: Caller,
    pub(super) context: Context,
    revision: Arc<Revision>,
    /// The change on trial.
    pub(super) trial: Option<Arc<Revision>>,
    folder: PathBuf,
}

impl Drop for Scene {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl Scene {
    pub(super) async fn new(posting_claims: usize) -> Self {
        Self::under(&domain::starter::bundle(), posting_claims).await
    }

    /// A tenant that decides with `bundle`.
    pub(super) async fn under(bundle: &Bundle, posting_claims: usize) -> Self {
        let name = format!("overturn-routing-{}", platform::ids::new().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite://{}", folder.join("rows.db").display());
        let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
        let database = Database::open(&settings, Clock::system()).await.unwrap();
        let originals = Originals::in_folder(&folder.join("originals"), 1 << 10).unwrap();
        let intake = Intake::new(database.clone(), originals, Revisions::default(), posting_claims);
        let canonical = bundle.canonical().unwrap();
        let revision = Arc::new(Revision::parse(canonical.into_bytes()).unwrap());
        let payer = PayerFact {
            id: platform::ids::new(),
            slug: "acme".to_owned(),
            name: "Acme Health".to_owned(),
            aliases: vec![Alias { kind: AliasKind::Name, value: alias("acme health") }],
            lob: None,
            network: None,
            zone: None,
        };
        let facility = FacilityFact {
            id: platform::ids::new(),
            slug: "main".to_owned(),
            name: "Main Hospital".to_owned(),
            npis: vec![NPI.to_owned()],
            tax_ids: Vec::new(),
            ccn: String::new(),
            zone: None,
        };
        let context = Context {
            revision: revision.hash().to_owned(),
            payers: vec![payer],
            facilities: vec![facility],
            service_lines: Vec::new(),
            teams: BTreeMap::new(),
            trial: None,
            payer_codes: Vec::new(),
        };
        let tenant = TenantId::from_uuid(platform::ids::new());
        let caller = Caller::on_duty(tenant, "routing.test");
        Self { intake, database, caller, context, revision, trial: None, folder }
    }

    pub(super) async fn submit(
        &self,
        mut bytes: &[u8],
        purpose: RemittancePurpose,
    ) -> Result<Uuid, Error> {
        let submission = Submission {
            name: "test.835",
            purpose,
            bytes: &mut bytes,
            context: self.context.clone(),
            revision: self.revision.clone(),
            trial: self.trial.clone(),
        };
        self.intake.submit(&self.caller, submission).await
    }

    /// Takes a live file in to its end.
    pub(super) async fn post(&self, bytes: &[u8]) -> (file::Model, Report) {
        self.post_as(bytes, RemittancePurpose::Live).await
    }

    pub(super) async fn post_as(
        &self,
        bytes: &[u8],
        purpose: RemittancePurpose,
    ) -> (file::Model, Report) {
        let id = self.submit(bytes, purpose).await.unwrap();
        assert_eq!(self.intake.run(&self.caller, id).await.unwrap(), Ended::Finished);
        self.file(id).await
    }

    pub(super) async fn file(&self, id: Uuid) -> (file::Model, Report) {
        let tx = self.database.read(&self.caller).await.unwrap();
        let file = ledger::files::find(&tx, id).await.unwrap().unwrap();
        let report = ledger::files::report(&file).unwrap();
        (file, report)
    }

    pub(super) async fn all<E: TenantOwned>(&self) -> Vec<<E as EntityTrait>::Model> {
        let tx = self.database.read(&self.caller).await.unwrap();
        tx.find::<E>().all().await.unwrap()
    }
}

/// A file of generated claims.
pub(super) fn generated(claims: u64, seed: u64) -> Vec<u8> {
    let options = Options {
        claims,
        seed,
        claims_per_transaction: 40,
        claim_prefix: format!("S{seed}X"),
        control: u32::try_from(seed).unwrap(),
        ..Options::default()
    };
    let mut bytes = Vec::new();
    write_remittance(options, &mut bytes).unwrap();
    bytes
}

/// One transaction of Acme for the facility with this NPI, holding `claims`.
pub(super) fn remittance(npi: &str, trace: &str, paid: &str, claims: &str) -> Vec<u8> {
    format!(
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       *261001*1200*^*00501*\
         000000001*0*P*:~GS*HP*P*R*20261001*1200*1*X*005010X221A1~ST*835*0001~\
         BPR*I*{paid}*C*CHK************20261001~TRN*1*{trace}*1999999999~N1*PR*ACME  HEALTH~\
         N1*PE*MAIN HOSPITAL*XX*{npi}~LX*1~{claims}SE*9*0001~GE*1*1~IEA*1*000000001~"
    )
    .into_bytes()
}

/// A claim of one line that was denied for want of an authorization.
pub(super) fn denied(number: &str) -> String {
    format!(
        "CLP*{number}*4*100*0*0*12*ICN{number}*11*1~NM1*QC*1*DOE*JANE****MI*M{number}~\
         SVC*HC:99213*100*0**1~DTM*472*20260901~CAS*CO*197*100~"
    )
}

/// The reversal of [`denied`].
pub(super) fn reversed(number: &str) -> String {
    format!(
        "CLP*{number}*22*-100*0*0*12*ICN{number}*11*1~\
         SVC*HC:99213*-100*0**-1~DTM*472*20260901~CAS*CO*197*-100~"
    )
}

//! Six months of remittances: five as history, the last one live, dated back from today.

use anyhow::{Context, Result, bail};
use chrono::{Datelike, Days, NaiveDate};
use contracts::dictionary::v1::{LineOfBusiness, Network};
use contracts::routing::v1::upload_remittance_request::Part;
use contracts::routing::v1::{
    RemittanceFileState, RemittanceHeader, RemittancePurpose, UploadRemittanceRequest,
};
use domain::money::Cents;
use x12::generate::{Day, Generator, Options, Payee, PayerProfile, sample_payers};

use super::groups::{DemoFacility, DemoGroup};
use super::oddities;
use crate::client::Clients;

/// Months of remittances; the last one is live.
pub(crate) const MONTHS: usize = 6;
const DAYS_A_MONTH: u64 = 30;
/// The live remittance was paid this many days ago.
const LIVE_DAYS_AGO: u64 = 3;
const CHUNK_BYTES: usize = 256 << 10;

/// A payer of the demo.
#[derive(Debug)]
pub(crate) struct DemoPayer {
    /// Its id in the generator.
    id: &'static str,
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) line_of_business: LineOfBusiness,
    pub(crate) network: Network,
}

/// The payers, with what no remittance says of them.
pub(crate) const PAYERS: [DemoPayer; 4] = [
    DemoPayer {
        id: "60001",
        slug: "sample-commercial",
        name: "Sample Commercial Plan",
        line_of_business: LineOfBusiness::Commercial,
        network: Network::InNetwork,
    },
    DemoPayer {
        id: "60002",
        slug: "sample-medicare",
        name: "Sample Medicare Contractor",
        line_of_business: LineOfBusiness::MedicareFfs,
        network: Network::InNetwork,
    },
    DemoPayer {
        id: "60003",
        slug: "sample-medicaid",
        name: "Sample State Medicaid",
        line_of_business: LineOfBusiness::Medicaid,
        network: Network::InNetwork,
    },
    DemoPayer {
        id: "60004",
        slug: "sample-advantage",
        name: "Sample Advantage Plan",
        line_of_business: LineOfBusiness::MedicareAdvantage,
        network: Network::InNetwork,
    },
];

/// How `payer` writes itself on remittances.
pub(crate) fn profile(payer: &DemoPayer) -> PayerProfile {
    sample_payers()
        .into_iter()
        .find(|profile| profile.id == payer.id)
        .expect("the generator has every payer of the demo")
}

/// Uploads the remittances of month `month`, 0 the oldest, to every facility of `group`.
pub(crate) async fn upload(
    clients: &Clients,
    group: &DemoGroup,
    month: usize,
    today: NaiveDate,
) -> Result<()> {
    let live = month + 1 == MONTHS;
    let purpose = if live { RemittancePurpose::Live } else { RemittancePurpose::History };
    let back = (MONTHS - 1 - month) as u64 * DAYS_A_MONTH + LIVE_DAYS_AGO;
    let paid_on = today.checked_sub_days(Days::new(back)).context("the clock is before our era")?;
    for (at, facility) in group.facilities.iter().enumerate() {
        let bytes = write(group, facility, month, at, paid_on)?;
        send(clients, &format!("{}-{paid_on}.835", facility.slug), &bytes, purpose).await?;
    }
    if live {
        let facility = &group.facilities[0];
        let bytes = oddities::write(group, facility, paid_on)?;
        send(clients, &format!("{}-{paid_on}-odd.835", facility.slug), &bytes, purpose).await?;
    }
    Ok(())
}

/// A file of one transaction without money transfer: what `payer` says of claims, whose segments
/// these are, under a control number, and what it pays for them in cents.
pub(super) fn envelope(
    facility: &DemoFacility,
    payer: &PayerProfile,
    on: NaiveDate,
    (control, paid): (u32, i64),
    claims: Vec<String>,
) -> Vec<u8> {
    let (day, short) = (on.format("%Y%m%d"), on.format("%y%m%d"));
    let mut transaction = vec![
        "ST*835*0001*005010X221A1".to_owned(),
        format!("BPR*I*{}*C*NON************{day}", amount(paid)),
        format!("TRN*1*{}{control:06}00001*{}", payer.id, payer.originator),
        "REF*EV*SYNTHPROVIDER".to_owned(),
        format!("DTM*405*{day}"),
        format!("N1*PR*{}*XV*{}", payer.name, payer.id),
        "N3*1 SAMPLE WAY".to_owned(),
        "N4*EXAMPLE CITY*OH*450000000".to_owned(),
        "PER*BL*SAMPLE HELP DESK*TE*5550100".to_owned(),
        format!("N1*PE*{}*XX*{}", facility.name.to_uppercase(), facility.npi),
        format!("REF*TJ*{}", facility.tax_id),
        "LX*1".to_owned(),
    ];
    transaction.extend(claims);
    transaction.push(format!("SE*{}*0001", transaction.len() + 1));
    let file = format!(
        "ISA*00*          *00*          *ZZ*{:<15}*ZZ*{:<15}*{short}*1200*^*00501*{control:09}*0*P*\
         :~\nGS*HP*SYNTHPAYER*SYNTHPROVIDER*{day}*1200*{control}*X*005010X221A1~\n{}~\n\
         GE*1*{control}~\nIEA*1*{control:09}~\n",
        "SYNTHPAYER",
        "SYNTHPROVIDER",
        transaction.join("~\n"),
    );
    file.into_bytes()
}

/// An amount as X12 writes it.
pub(super) fn amount(cents: i64) -> String {
    Cents::new(cents).to_string().replace(['$', ','], "")
}

/// Uploads a file; it must be posted.
pub(super) async fn send(
    clients: &Clients,
    name: &str,
    bytes: &[u8],
    purpose: RemittancePurpose,
) -> Result<()> {
    let parts = parts(name, bytes, purpose)?;
    let answer = clients.routing().upload_remittance(futures::stream::iter(parts)).await?;
    let file = answer.into_inner().remittance_file.context("the upload named no file")?;
    if file.state() != RemittanceFileState::Posted {
        bail!("{name} was not posted: {:?}", file.findings);
    }
    Ok(())
}

fn write(
    group: &DemoGroup,
    facility: &DemoFacility,
    month: usize,
    at: usize,
    paid_on: NaiveDate,
) -> Result<Vec<u8>> {
    let claims = group.claims / group.facilities.len() as u64;
    let nth = (month * group.facilities.len() + at) as u64;
    let options = Options {
        claims,
        seed: group.seed * 1_000 + nth,
        payee: Payee {
            name: facility.name.to_uppercase(),
            npi: facility.npi.to_owned(),
            tax_id: facility.tax_id.to_owned(),
        },
        remit_on: Day::from_ymd(paid_on.year(), paid_on.month(), paid_on.day())
            .context("the date is outside the calendar")?,
        reversals_permille: 5,
        // Small transactions, so that every payer has its turn in a file.
        claims_per_transaction: 40,
        claim_prefix: group.slug[..2].to_uppercase(),
        first_claim: nth * claims + 1,
        control: u32::try_from(nth + 1)?,
        ..Options::default()
    };
    let mut bytes = Vec::new();
    Generator::new(options).write(&mut bytes)?;
    Ok(bytes)
}

fn parts(
    name: &str,
    bytes: &[u8],
    purpose: RemittancePurpose,
) -> Result<Vec<UploadRemittanceRequest>> {
    let header = RemittanceHeader {
        file_name: name.to_owned(),
        purpose: purpose.into(),
        size_bytes: i64::try_from(bytes.len())?,
        request_id: platform::ids::new().to_string(),
        ..RemittanceHeader::default()
    };
    let chunks = bytes.chunks(CHUNK_BYTES).map(|chunk| Part::Chunk(chunk.to_vec()));
    let parts = std::iter::once(Part::Header(header)).chain(chunks);
    Ok(parts.map(|part| UploadRemittanceRequest { part: Some(part) }).collect())
}

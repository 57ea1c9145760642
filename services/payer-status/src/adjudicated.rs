//! Claims that a remittance names: what was opened in front of it is answered by it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::calendar::Zone;
use domain_work::payer_status::Effect;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::store;

/// A claim as a remittance names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjudicated {
    /// Its payer, one of the directory.
    pub payer: Uuid,
    /// Its control number, as the ledger compares it.
    pub number: String,
    /// Its case.
    pub case: Uuid,
    /// The day of the remittance.
    pub on: NaiveDate,
}

/// Ends what asked payers for these claims, and what corrected rejections of them that they stated
/// before: the payer has taken them and decided. Work that was opened before the claim had a case
/// finds its place in it. What nobody understood stays open.
///
/// # Errors
/// When the database fails.
pub async fn adjudicated(tx: &TenantTx, claims: &[Adjudicated]) -> Result<(), Fault> {
    let mut by_payer: BTreeMap<Uuid, BTreeMap<&str, &Adjudicated>> = BTreeMap::new();
    for claim in claims {
        by_payer.entry(claim.payer).or_default().insert(&claim.number, claim);
    }
    for (payer, claims) in by_payer {
        let numbers: Vec<&str> = claims.keys().copied().collect();
        for heard in store::opened_for(tx, payer, &numbers).await? {
            let Some(claim) = claims.get(heard.patient_control_number.as_str()) else { continue };
            store::belong(tx, &heard.items(), claim.case).await?;
            let later = Zone::EASTERN.day_of(heard.stated_at) > claim.on;
            for row in store::work(tx, None, &heard).await? {
                let asks = heard.status_item == Some(row.id);
                let corrects = heard.rejection_item == Some(row.id) && !later;
                if asks || corrects {
                    queues::hear(tx, row, Effect::Done).await?;
                }
            }
        }
    }
    Ok(())
}

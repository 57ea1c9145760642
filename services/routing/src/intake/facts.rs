//! What a transaction's header says of all its claims.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::calendar::Zone;
use remitted::day;
use uuid::Uuid;
use x12::model::Transaction;

use ledger::entity::claim;
use remitted::{Context, FacilityFact, Payee, PayerFact, alias};

/// Payer, facility and day that govern the claims after a header.
#[derive(Debug)]
pub(super) struct Governing {
    pub(super) payer: Option<PayerFact>,
    /// The payer's name for people: the directory's, else as sent.
    pub(super) payer_name: String,
    /// The payer's part of a case's identity.
    pub(super) payer_key: String,
    pub(super) facility: Option<FacilityFact>,
    pub(super) remit_on: NaiveDate,
    /// Where the payer's days end.
    pub(super) zone: Zone,
}

impl Governing {
    pub(super) fn of(context: &Context, header: &Transaction, received_on: NaiveDate) -> Arc<Self> {
        let payer = context.payer(header).cloned();
        let facility = match context.payee(&header.payee) {
            Payee::Ours(facility) => Some(facility.clone()),
            Payee::Foreign | Payee::Unstated => None,
        };
        let sent = payer_name(header);
        Arc::new(Self {
            payer_key: payer_key(payer.as_ref().map_or("", |payer| &payer.slug), &sent),
            payer_name: payer.as_ref().map_or(sent, |payer| payer.name.clone()),
            remit_on: remit_day(header, received_on),
            zone: zone(payer.as_ref(), facility.as_ref()),
            payer,
            facility,
        })
    }

    /// That of a claim in the ledger, from the facts its file was posted under.
    pub(super) fn stored(context: &Context, claim: &claim::Model) -> Arc<Self> {
        let payer = context.payers.iter().find(|payer| payer.id == claim.payer_id).cloned();
        let facility = context.facilities.iter().find(|one| one.id == claim.facility_id).cloned();
        Arc::new(Self {
            payer_name: claim.payer_name.clone(),
            // Its case is known.
            payer_key: String::new(),
            remit_on: claim.remit_on,
            zone: zone(payer.as_ref(), facility.as_ref()),
            payer,
            facility,
        })
    }

    pub(super) fn payer_id(&self) -> Uuid {
        self.payer.as_ref().map_or(Uuid::nil(), |payer| payer.id)
    }

    pub(super) fn payer_slug(&self) -> &str {
        self.payer.as_ref().map_or("", |payer| payer.slug.as_str())
    }

    pub(super) fn facility_id(&self) -> Uuid {
        self.facility.as_ref().map_or(Uuid::nil(), |facility| facility.id)
    }

    pub(super) fn facility_slug(&self) -> &str {
        self.facility.as_ref().map_or("", |facility| facility.slug.as_str())
    }
}

/// The payer's part of a case's identity, by its slug, or by its name as sent where that is empty.
pub(super) fn payer_key(slug: &str, sent: &str) -> String {
    if slug.is_empty() { format!("~{}", alias(sent)) } else { slug.to_owned() }
}

/// Where the payer's days end, as far as anybody said.
fn zone(payer: Option<&PayerFact>, facility: Option<&FacilityFact>) -> Zone {
    let stated = payer.and_then(|payer| payer.zone);
    stated.or_else(|| facility.and_then(|facility| facility.zone)).unwrap_or(Zone::EASTERN)
}

/// The payer's name as sent; its number where it sent no name.
pub(super) fn payer_name(header: &Transaction) -> String {
    let name = if header.payer.name.is_empty() { &header.originator } else { &header.payer.name };
    name.trim().chars().take(200).collect()
}

/// BPR16.
pub(super) fn payment_day(header: &Transaction) -> Option<NaiveDate> {
    header.payment.as_ref().and_then(|payment| day(&payment.date))
}

/// The day of the remittance: BPR16, else DTM 405, else the day it arrived.
pub(super) fn remit_day(header: &Transaction, received_on: NaiveDate) -> NaiveDate {
    let produced = || {
        let produced = header.dates.iter().find(|date| date.qualifier == "405")?;
        day(&produced.value)
    };
    payment_day(header).or_else(produced).unwrap_or(received_on)
}

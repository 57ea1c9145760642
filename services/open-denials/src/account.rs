//! The claims that rows are about: one of each payer, account and day.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::codes::{Group, Rarc};
use remitted::{Context, FacilityFact, PayerFact};
use uuid::Uuid;

use crate::mapping::Field;
use crate::parties::Parties;
use crate::row::{self, Billed, Reason, Row};
use crate::sheet::{Fault, Sheet};

/// A claim that comes out to the cent.
#[derive(Debug)]
pub(crate) struct Claim<'c> {
    pub(crate) payer: &'c PayerFact,
    pub(crate) facility: &'c FacilityFact,
    pub(crate) account: String,
    pub(crate) payer_claim_number: String,
    pub(crate) remit_on: NaiveDate,
    pub(crate) service: (NaiveDate, NaiveDate),
    pub(crate) charge: i64,
    pub(crate) paid: i64,
    /// What the patient owes of it.
    pub(crate) patient_share: i64,
    pub(crate) member: String,
    pub(crate) patient: String,
    /// What is said of the claim as a whole.
    pub(crate) whole: Stated,
    pub(crate) lines: Vec<ServiceLine>,
}

/// A line of a claim.
#[derive(Debug)]
pub(crate) struct ServiceLine {
    pub(crate) billed: Billed,
    pub(crate) charge: i64,
    pub(crate) paid: i64,
    pub(crate) stated: Stated,
}

/// What is said of a line, or of a claim as a whole.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    pub(crate) amounts: BTreeMap<Reason, i64>,
    pub(crate) rarcs: BTreeSet<Rarc>,
}

impl Stated {
    /// The sum: no 50,000 amounts leave the range of cents.
    fn total(&self) -> i64 {
        self.amounts.values().sum()
    }

    fn patient_share(&self) -> i64 {
        let owed = self.amounts.iter().filter(|(reason, _)| reason.group == Group::PR);
        owed.map(|(_, cents)| cents).sum()
    }
}

/// The rows of one claim so far.
struct Draft<'c> {
    /// The first of them, with what later ones add to it.
    first: Row<'c>,
    numbers: Vec<usize>,
    /// By line; `None` is the claim as a whole.
    stated: BTreeMap<Option<Billed>, Stated>,
}

/// Day, payer and account: what files of one content are written in the order of.
type Key = (NaiveDate, Uuid, String);

/// Gathers the claims of a file; refuses what cannot be one.
pub(crate) fn gather<'c>(
    sheet: &mut Sheet,
    context: &'c Context,
    today: NaiveDate,
) -> Vec<Claim<'c>> {
    let parties = Parties::of(context);
    let mut drafts: BTreeMap<Key, Draft<'c>> = BTreeMap::new();
    // The accounts that have a refused row, and its number.
    let mut broken: BTreeMap<String, usize> = BTreeMap::new();
    for number in 1..=sheet.count() {
        let line = sheet.line(number);
        let account = row::account(line);
        let faults = match row::read(number, line, &parties, today) {
            Ok(row) => enter(&mut drafts, row).err().into_iter().collect(),
            Err(faults) => faults,
        };
        if faults.is_empty() {
            continue;
        }
        sheet.refuse(number, faults);
        if let Some(account) = account {
            broken.entry(account).or_insert(number);
        }
    }
    let mut claims = Vec::with_capacity(drafts.len());
    for ((_, _, account), draft) in drafts {
        let numbers = draft.numbers.clone();
        let fault = match broken.get(&account) {
            Some(row) => {
                let words = format!("row {row} of this account is refused: a claim is taken whole");
                (None, words)
            }
            None => match draft.close() {
                Ok(claim) => {
                    claims.push(claim);
                    continue;
                }
                Err(fault) => fault,
            },
        };
        for number in numbers {
            sheet.refuse(number, vec![fault.clone()]);
        }
    }
    claims
}

fn enter<'c>(drafts: &mut BTreeMap<Key, Draft<'c>>, row: Row<'c>) -> Result<(), Fault> {
    match drafts.entry((row.remit_on, row.payer.id, row.account.clone())) {
        Entry::Vacant(free) => {
            let mut draft =
                Draft { first: row.clone(), numbers: Vec::new(), stated: BTreeMap::new() };
            draft.add(row)?;
            free.insert(draft);
            Ok(())
        }
        Entry::Occupied(mut held) => held.get_mut().add(row),
    }
}

impl<'c> Draft<'c> {
    /// Adds what a row says, unless it contradicts the rows before it.
    fn add(&mut self, row: Row<'c>) -> Result<(), Fault> {
        let first = &mut self.first;
        let unlike = |said: &str, also: &str| !said.is_empty() && !also.is_empty() && said != also;
        let at_odds = [
            (Field::Facility, first.facility.id != row.facility.id),
            (Field::ClaimCharge, first.charge != row.charge),
            (Field::ClaimPaid, first.paid.zip(row.paid).is_some_and(|(said, also)| said != also)),
            (Field::PayerClaimNumber, unlike(&first.payer_claim_number, &row.payer_claim_number)),
            (Field::MemberId, unlike(&first.member, &row.member)),
            (Field::PatientName, unlike(&first.patient, &row.patient)),
        ];
        if let Some((field, _)) = at_odds.into_iter().find(|(_, differs)| *differs) {
            let words = "is not what an earlier row of the same claim says";
            return Err((Some(field), words.to_owned()));
        }
        let stated = self.stated.entry(row.billed).or_default();
        match stated.amounts.entry(row.reason) {
            Entry::Vacant(free) => drop(free.insert(row.denied)),
            Entry::Occupied(_) => {
                let words = "another row of this claim has the same group and code for the same \
                             line: remove one, or tell the lines apart by `line_number`";
                return Err((None, words.to_owned()));
            }
        }
        stated.rarcs.extend(row.rarcs);
        first.paid = first.paid.or(row.paid);
        first.service.0 = first.service.0.min(row.service.0);
        first.service.1 = first.service.1.max(row.service.1);
        for (said, also) in [
            (&mut first.payer_claim_number, row.payer_claim_number),
            (&mut first.member, row.member),
            (&mut first.patient, row.patient),
        ] {
            if said.is_empty() {
                *said = also;
            }
        }
        self.numbers.push(row.number);
        Ok(())
    }

    /// The claim, if its sums come out.
    fn close(mut self) -> Result<Claim<'c>, Fault> {
        let first = self.first;
        let refused: i64 = self.stated.values().map(Stated::total).sum();
        let patient_share = self.stated.values().map(Stated::patient_share).sum();
        let unnamed = first.charge - refused;
        if unnamed < 0 {
            let words = "the amounts of the claim come to more than its charge".to_owned();
            return Err((Some(Field::DeniedAmount), words));
        }
        let paid = first.paid.unwrap_or(unnamed);
        if paid > unnamed {
            let words = "comes, with the amounts of the claim's rows, to more than its charge";
            return Err((Some(Field::ClaimPaid), words.to_owned()));
        }
        let mut whole = self.stated.remove(&None).unwrap_or_default();
        if paid < unnamed {
            // What was neither paid nor named by a row is the payer's contract.
            *whole.amounts.entry(Reason::contractual()).or_default() += unnamed - paid;
        }
        let mut lines = Vec::with_capacity(self.stated.len());
        for (billed, stated) in self.stated {
            let Some(billed) = billed else { continue };
            let charge = billed.charge.unwrap_or_else(|| stated.total());
            let paid = charge - stated.total();
            if paid < 0 {
                let words = "the amounts of a line come to more than its charge".to_owned();
                return Err((Some(Field::LineCharge), words));
            }
            lines.push(ServiceLine { billed, charge, paid, stated });
        }
        if lines.iter().map(|line| line.charge).sum::<i64>() > first.charge {
            let words = "the charges of the lines come to more than the claim's".to_owned();
            return Err((Some(Field::LineCharge), words));
        }
        Ok(Claim {
            payer: first.payer,
            facility: first.facility,
            account: first.account,
            payer_claim_number: first.payer_claim_number,
            remit_on: first.remit_on,
            service: first.service,
            charge: first.charge,
            paid,
            patient_share,
            member: first.member,
            patient: first.patient,
            whole,
            lines,
        })
    }
}

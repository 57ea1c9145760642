//! What peers say of the denials that are appealed, as the rules see it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1 as routing;
use domain::calendar::Zone;
use domain::codes::{Carc, Group, Lob, Network, Rarc};
use domain::deadline::Coverage;
use domain::dictionary::Compiled;
use domain::money::Cents;
use domain_appeals::line::{Lines, Named};
use domain_appeals::stop::{Refused, Stop, stops};
use domain_appeals::window::Began;
use platform::access::Caller;
use platform::clock::day;
use platform::rejection::{Fault, Violations};
use routing::DenialState;
use uuid::Uuid;

use crate::face::word;
use crate::{Appeals, Error};

/// The most denials of one appeal.
pub(crate) const DENIALS_MAX: usize = 500;

/// A claim, what is appealed of it, and what its levels are read from.
pub(crate) struct Dossier {
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) case: Uuid,
    pub(crate) payer: Uuid,
    pub(crate) payer_slug: String,
    pub(crate) lob: Option<Lob>,
    pub(crate) network: Option<Network>,
    pub(crate) zone: Zone,
    /// As sent; patient data, as the next one.
    pub(crate) control_number: String,
    pub(crate) payer_number: String,
    pub(crate) work_item: Option<Uuid>,
    pub(crate) denials: Vec<Disputed>,
}

/// What claims of one payer share, asked once for all of them.
pub(crate) struct Shared {
    compiled: Arc<Compiled>,
    payer: dictionary::Payer,
    /// Where the payer's days end, by facility.
    zones: BTreeMap<String, Zone>,
}

/// One denial that is appealed.
pub(crate) struct Disputed {
    pub(crate) id: Uuid,
    /// The line, by the number it had when it was first refused.
    pub(crate) line: u32,
    /// What was refused and has not come back.
    pub(crate) in_dispute: Cents,
    pub(crate) began: Began,
    /// The entry that spoke for it, by slug; empty when none did.
    pub(crate) entry: String,
    pub(crate) stops: Vec<Stop>,
}

impl Dossier {
    /// What decides which rules may bound the claim.
    pub(crate) fn coverage(&self) -> Coverage<'_> {
        Coverage { lob: self.lob, payer: Some(&self.payer_slug), network: self.network }
    }

    /// The lines that are appealed, each once.
    pub(crate) fn lines(&self) -> Vec<u32> {
        let lines: BTreeSet<u32> = self.denials.iter().map(|denial| denial.line).collect();
        lines.into_iter().collect()
    }
}

impl Appeals {
    /// Gathers what peers know of denials of one claim, all of them open.
    pub(crate) async fn dossier(&self, caller: &Caller, ids: &[Uuid]) -> Result<Dossier, Error> {
        let sent = self.disputable(caller, ids).await?;
        let first = sent.first().ok_or(Fault::Broken("an appeal of nothing"))?;
        let facilities = BTreeSet::from([first.facility_id.clone()]);
        let shared = self.shared(caller, id(&first.payer_id)?, facilities).await?;
        self.gathered(caller, sent, &shared).await
    }

    /// As [`Self::dossier`], where what it shares with others was asked before.
    pub(crate) async fn dossier_within(
        &self,
        caller: &Caller,
        ids: &[Uuid],
        shared: &Shared,
    ) -> Result<Dossier, Error> {
        let sent = self.disputable(caller, ids).await?;
        self.gathered(caller, sent, shared).await
    }

    /// Asks what claims of a payer share.
    pub(crate) async fn shared(
        &self,
        caller: &Caller,
        payer: Uuid,
        facilities: BTreeSet<String>,
    ) -> Result<Shared, Error> {
        let compiled = self.peers.active(caller).await?;
        let known = self.peers.payer(caller, payer).await?;
        let mut zones = BTreeMap::new();
        for facility in facilities {
            let zone = self.peers.zone(caller, &known, &facility).await?;
            zones.insert(facility, zone);
        }
        Ok(Shared { compiled, payer: known, zones })
    }

    /// Open denials of one claim whose payer is known.
    async fn disputable(
        &self,
        caller: &Caller,
        ids: &[Uuid],
    ) -> Result<Vec<routing::Denial>, Error> {
        let sent = self.peers.denials(caller, ids).await?;
        let first = sent.first().ok_or(Fault::Broken("an appeal of nothing"))?.clone();
        let mut violations = Violations::default();
        for (at, denial) in sent.iter().enumerate() {
            if denial.case_id != first.case_id {
                violations.add(format!("denial_ids[{at}]"), "is of another claim than the first");
            }
        }
        violations.into_result()?;
        for denial in &sent {
            is_open(denial)?;
        }
        if first.payer_id.is_empty() {
            return Err(Error::PayerUnknown);
        }
        Ok(sent)
    }

    async fn gathered(
        &self,
        caller: &Caller,
        sent: Vec<routing::Denial>,
        shared: &Shared,
    ) -> Result<Dossier, Error> {
        let first = sent.first().ok_or(Fault::Broken("an appeal of nothing"))?.clone();
        let (case, payer) = (id(&first.case_id)?, id(&first.payer_id)?);
        let of_case = self.peers.denials_of_case(caller, case).await?;
        let (compiled, known) = (shared.compiled.clone(), shared.payer.clone());
        let zone = shared.zones.get(&first.facility_id).copied().unwrap_or(Zone::EASTERN);
        let lines = Lines::of(of_case.iter().map(named).collect::<Result<Vec<_>, _>>()?);
        let denials = sent.iter().map(|denial| disputed(denial, &of_case, &lines, &compiled));
        let denials = denials.collect::<Result<_, _>>()?;
        let facts = first.facts.unwrap_or_default();
        let (lob, network) = (facts.line_of_business(), facts.network());
        Ok(Dossier {
            compiled,
            case,
            payer,
            lob: self::lob(lob).or_else(|| self::lob(known.line_of_business())),
            network: self::network(network).or_else(|| self::network(known.network())),
            payer_slug: known.slug,
            zone,
            control_number: first.patient_control_number,
            payer_number: first.payer_claim_number,
            work_item: maybe_id(&first.work_item_id)?,
            denials,
        })
    }
}

/// Refuses a denial of which nothing is left to appeal.
fn is_open(denial: &routing::Denial) -> Result<(), Error> {
    let words = match denial.state() {
        DenialState::Open | DenialState::PartiallyOverturned => return Ok(()),
        DenialState::Repeated => "the payer refused it again; appeal the later denial",
        DenialState::Overturned | DenialState::Corrected => "the payer has paid it",
        DenialState::Reversed => "the payer took it back; what follows is another denial",
        DenialState::Closed => "it was settled without payment; reopen its work item first",
        DenialState::Superseded | DenialState::Unspecified => {
            "it is no denial under the dictionary"
        }
    };
    let state = denial.state().as_str_name().trim_start_matches("DENIAL_STATE_");
    Err(Error::Settled { denial: id(&denial.id)?, state, words })
}

fn disputed(
    denial: &routing::Denial,
    of_case: &[routing::Denial],
    lines: &Lines,
    compiled: &Compiled,
) -> Result<Disputed, Error> {
    let this = id(&denial.id)?;
    // Posted after the case was read: nothing of it is known.
    let line = lines.first_number(this).ok_or(Fault::Contended)?;
    let remitted_on = denial.remitted_on.and_then(day);
    Ok(Disputed {
        id: this,
        line,
        in_dispute: left(denial),
        began: Began {
            remitted_on: remitted_on.ok_or(Fault::Broken("a denial without a remittance"))?,
            service_on: denial.service_on.and_then(day),
        },
        entry: denial.receipt.as_ref().map(|receipt| receipt.entry.clone()).unwrap_or_default(),
        stops: stops_of(denial, of_case, compiled)?,
    })
}

/// What stops the appeal of a denial of a case.
pub(crate) fn stops_of(
    denial: &routing::Denial,
    of_case: &[routing::Denial],
    compiled: &Compiled,
) -> Result<Vec<Stop>, Error> {
    let carc = Carc::new(&code(&denial.reason));
    let carc = carc.map_err(|_| Fault::Broken("a peer answered a reason code that is none"))?;
    // A remark that is no code of the list says nothing of appeals.
    let remarks = denial.remarks.iter().filter_map(|label| Rarc::new(&label.code).ok());
    let remarks: Vec<Rarc> = remarks.collect();
    let beside = |other: &routing::Denial| {
        other.id != denial.id
            && other.claim_occurrence_id == denial.claim_occurrence_id
            && other.line_number == denial.line_number
            && other.state() != DenialState::Superseded
    };
    let refused = Refused {
        group: Group::from_raw(&code(&denial.group)),
        carc,
        remarks: &remarks,
        alone: !of_case.iter().any(beside),
    };
    Ok(stops(&refused, |rarc| compiled.remark(rarc).and_then(|rule| rule.effect)))
}

/// A code that a denial names; empty where it names none.
pub(crate) fn code(label: &Option<routing::CodeLabel>) -> String {
    label.as_ref().map(|label| label.code.clone()).unwrap_or_default()
}

/// What was refused and has not come back.
fn left(denial: &routing::Denial) -> Cents {
    let cents = |money: &Option<contracts::money::v1::Money>| {
        Cents::new(money.as_ref().map_or(0, |money| money.amount_cents))
    };
    let (denied, recovered) = (cents(&denial.denied), cents(&denial.recovered));
    denied.checked_sub(recovered.max(Cents::ZERO)).unwrap_or(denied).max(Cents::ZERO)
}

fn named(denial: &routing::Denial) -> Result<Named, Error> {
    Ok(Named {
        id: id(&denial.id)?,
        number: u32::try_from(denial.line_number).unwrap_or_default(),
        repeat_of: maybe_id(&denial.repeat_of)?,
    })
}

/// The earliest remittance of what is appealed.
pub(crate) fn remitted_on(dossier: &Dossier) -> Option<NaiveDate> {
    dossier.denials.iter().map(|denial| denial.began.remitted_on).min()
}

pub(crate) fn lob(sent: dictionary::LineOfBusiness) -> Option<Lob> {
    Lob::parse(&word(sent.as_str_name(), "LINE_OF_BUSINESS_"))
}

pub(crate) fn network(sent: dictionary::Network) -> Option<Network> {
    Network::parse(&word(sent.as_str_name(), "NETWORK_"))
}

fn id(text: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(text).map_err(|_| Fault::Broken("a peer answered an id that is none").into())
}

fn maybe_id(text: &str) -> Result<Option<Uuid>, Error> {
    if text.is_empty() { Ok(None) } else { id(text).map(Some) }
}

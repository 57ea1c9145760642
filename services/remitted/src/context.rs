//! The facts of peers that a file is posted under: pinned when the file is accepted, so that a
//! resume needs no peer and gives the same rows.

use std::collections::BTreeMap;

use crate::payer_codes::PayerCode;
use domain::calendar::Zone;
use domain::codes::{Lob, Network};
use domain::names::{ALIKE, likeness};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x12::model::{LineValue, Organization, Transaction};

/// Everything a file is posted under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Content hash of the dictionary revision.
    pub revision: String,
    /// The tenant's payers.
    pub payers: Vec<PayerFact>,
    /// The tenant's facilities.
    pub facilities: Vec<FacilityFact>,
    /// The tenant's service lines.
    pub service_lines: Vec<ServiceLineFact>,
    /// The tenant's teams: the names that people read, by slug. Files of an earlier release pinned
    /// none.
    #[serde(default)]
    pub teams: BTreeMap<String, String>,
    /// What payers' own codes stand for.
    #[serde(default)]
    pub payer_codes: Vec<PayerCode>,
    /// The change that is tried on it.
    #[serde(default)]
    pub trial: Option<Trial>,
}

/// A change on trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The preview.
    pub id: Uuid,
    /// Content hash of the change.
    pub revision: String,
    /// Whether it decides at its facilities and for its payers; else it is only looked at.
    pub canary: bool,
    /// Slugs of the facilities at which it decides.
    pub facilities: Vec<String>,
    /// Slugs of the payers for which it decides.
    pub payers: Vec<String>,
    /// Shares in basis points and a count: diverged, unmapped, deadlines that come out earlier.
    pub limits: [i64; 3],
}

impl Trial {
    /// Whether it decides a claim of this facility and payer.
    #[must_use]
    pub fn decides(&self, facility: Option<&str>, payer: Option<&str>) -> bool {
        let among = |slugs: &[String], slug: Option<&str>| {
            slug.is_some_and(|slug| slugs.iter().any(|one| one == slug))
        };
        self.canary && (among(&self.facilities, facility) || among(&self.payers, payer))
    }
}

/// A payer, as far as intake needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerFact {
    /// Its id.
    pub id: Uuid,
    /// Its slug.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// How remittances name it, each as [`alias`] writes it.
    pub aliases: Vec<Alias>,
    /// Its kind of coverage.
    pub lob: Option<Lob>,
    /// Whether the tenant has a contract with it.
    pub network: Option<Network>,
    /// Where its days end; `None` leaves it to the facility.
    pub zone: Option<Zone>,
}

/// A name or number a payer is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alias {
    /// What sort it is.
    pub kind: AliasKind,
    /// Uppercase, single blanks.
    pub value: String,
}

/// What sort of name an alias is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasKind {
    /// N102.
    Name,
    /// N104 with XV.
    CmsPlanId,
    /// TRN03.
    TracePayerId,
    /// REF 2U.
    PayerId,
    /// REF NF.
    Naic,
    /// REF HI.
    HealthIndustryNumber,
    /// REF EO.
    SubmitterId,
}

impl AliasKind {
    /// What people call it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CmsPlanId => "CMS plan id",
            Self::TracePayerId => "company id",
            Self::PayerId => "payer id",
            Self::Naic => "NAIC code",
            Self::HealthIndustryNumber => "health industry number",
            Self::SubmitterId => "submitter id",
        }
    }
}

/// A facility, as far as intake needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityFact {
    /// Its id.
    pub id: Uuid,
    /// Its slug.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// National Provider Identifiers.
    pub npis: Vec<String>,
    /// Federal tax ids, digits only.
    pub tax_ids: Vec<String>,
    /// CMS certification number; may be empty.
    pub ccn: String,
    /// Where its days end.
    pub zone: Option<Zone>,
}

/// A service line and what recognizes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLineFact {
    /// Its slug.
    pub slug: String,
    /// Any one that fits is enough.
    pub rules: Vec<ServiceLineRule>,
}

/// Each list that is not empty must be met by one of its items.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLineRule {
    /// First and last revenue code of a range.
    pub revenue_codes: Vec<(String, String)>,
    /// First and last procedure code of a range.
    pub procedure_codes: Vec<(String, String)>,
    /// Leading characters of CLP08 and CLP09.
    pub bill_types: Vec<String>,
}

/// Whose money a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payee<'a> {
    /// A facility of the tenant.
    Ours(&'a FacilityFact),
    /// It names a provider, and that is nobody's facility here.
    Foreign,
    /// It names none.
    Unstated,
}

/// How an alias is compared: without regard to case and repeated blanks.
#[must_use]
pub fn alias(value: &str) -> String {
    domain::names::normalized(value)
}

impl Context {
    /// The payer whose names are most like these, where one is alike enough to be a guess.
    #[must_use]
    pub fn guess(&self, stated: &[Alias]) -> Option<&PayerFact> {
        let named = |of: &'_ [Alias]| -> Vec<String> {
            let names = of.iter().filter(|alias| alias.kind == AliasKind::Name);
            names.map(|alias| alias.value.clone()).collect()
        };
        let sent = named(stated);
        let score = |payer: &PayerFact| {
            let known = named(&payer.aliases);
            let pairs = known.iter().flat_map(|one| sent.iter().map(move |other| (one, other)));
            pairs.map(|(one, other)| likeness(one, other)).max().unwrap_or_default()
        };
        let scored = self.payers.iter().map(|payer| (score(payer), payer));
        let best = scored.filter(|(score, _)| *score >= ALIKE).max_by_key(|(score, _)| *score);
        best.map(|(_, payer)| payer)
    }

    /// The payer a transaction names. Numbers count more than names; where several fit, none does.
    #[must_use]
    pub fn payer(&self, header: &Transaction) -> Option<&PayerFact> {
        let stated = stated(header);
        let (numbers, names): (Vec<Alias>, Vec<Alias>) =
            stated.into_iter().partition(|alias| alias.kind != AliasKind::Name);
        let by = |wanted: &[Alias]| -> Vec<&PayerFact> {
            let knows = |payer: &&PayerFact| wanted.iter().any(|one| payer.aliases.contains(one));
            self.payers.iter().filter(knows).collect()
        };
        match (by(&numbers).as_slice(), by(&names).as_slice()) {
            ([one], _) | ([], [one]) => Some(one),
            ([], _) => None,
            (several, named) => {
                let mut both = several.iter().filter(|payer| named.contains(payer));
                both.next().copied().filter(|_| both.next().is_none())
            }
        }
    }

    /// What people call a team; its slug where the dictionary names one the tenant does not have.
    #[must_use]
    pub fn team_name<'a>(&'a self, slug: &'a str) -> &'a str {
        self.teams.get(slug).map_or(slug, String::as_str)
    }

    /// Whose money it is, by NPI, tax id or CCN.
    #[must_use]
    pub fn payee(&self, payee: &Organization) -> Payee<'_> {
        let mut named = Vec::new();
        if matches!(payee.id_kind.as_str(), "XX" | "FI") && !payee.id.is_empty() {
            named.push((payee.id_kind.as_str(), payee.id.as_str()));
        }
        for reference in &payee.references {
            if matches!(reference.qualifier.as_str(), "TJ" | "PQ") && !reference.value.is_empty() {
                named.push((reference.qualifier.as_str(), reference.value.reveal()));
            }
        }
        let ours = named.iter().find_map(|(kind, id)| {
            self.facilities.iter().find(|facility| facility.is_named(kind, id))
        });
        match ours {
            Some(facility) => Payee::Ours(facility),
            // PQ is the payer's own number of the provider: it proves no stranger.
            None if named.iter().any(|(kind, _)| *kind != "PQ") => Payee::Foreign,
            None => Payee::Unstated,
        }
    }

    /// The service line that recognizes a line of a claim with this type of bill.
    #[must_use]
    pub fn service_line(&self, line: &LineValue, bill_type: &str) -> Option<&str> {
        let found = self
            .service_lines
            .iter()
            .find(|service| service.rules.iter().any(|rule| rule.admits(line, bill_type)));
        found.map(|service| service.slug.as_str())
    }
}

impl FacilityFact {
    fn is_named(&self, kind: &str, id: &str) -> bool {
        match kind {
            "XX" => self.npis.iter().any(|npi| npi == id),
            "PQ" => !self.ccn.is_empty() && self.ccn == id,
            _ => {
                let digits: String = id.chars().filter(char::is_ascii_digit).collect();
                self.tax_ids.contains(&digits)
            }
        }
    }
}

impl ServiceLineRule {
    fn admits(&self, line: &LineValue, bill_type: &str) -> bool {
        let within = |ranges: &[(String, String)], code: &str| {
            let holds =
                |(first, last): &(String, String)| first.as_str() <= code && code <= last.as_str();
            ranges.is_empty() || ranges.iter().any(holds)
        };
        let bill = |lead: &String| bill_type.starts_with(lead.as_str());
        within(&self.revenue_codes, &line.revenue)
            && within(&self.procedure_codes, &line.procedure)
            && (self.bill_types.is_empty() || self.bill_types.iter().any(bill))
    }
}

/// Everything a transaction says about its payer.
#[must_use]
pub fn stated(header: &Transaction) -> Vec<Alias> {
    let mut stated = vec![
        (AliasKind::Name, header.payer.name.as_str()),
        (AliasKind::TracePayerId, header.originator.as_str()),
    ];
    if header.payer.id_kind == "XV" {
        stated.push((AliasKind::CmsPlanId, header.payer.id.as_str()));
    }
    for reference in &header.payer.references {
        let kind = match reference.qualifier.as_str() {
            "2U" => AliasKind::PayerId,
            "NF" => AliasKind::Naic,
            "HI" => AliasKind::HealthIndustryNumber,
            "EO" => AliasKind::SubmitterId,
            _ => continue,
        };
        stated.push((kind, reference.value.reveal()));
    }
    stated
        .into_iter()
        .map(|(kind, value)| Alias { kind, value: alias(value) })
        .filter(|alias| !alias.value.is_empty())
        .collect()
}

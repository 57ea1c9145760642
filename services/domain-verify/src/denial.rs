//! Denials in words: examples of regions, and combinations that were seen.

use domain::codes::{Carc, Group, Lob};
use domain::dictionary::RecordedFacts;
use domain::dictionary::vocabulary::{Authorization, ClaimType, Eligibility, FilingProof, Network};

use super::finding::listed;
use super::region::Region;
use super::space::{
    AMOUNT, AUTHORIZATION, CARC, CLAIM_TYPE, ELIGIBILITY, FACILITY, FILING_PROOF, GROUP, LOB,
    NETWORK, OTHER, PAYER, PROCEDURE, SERVICE_LINE, SERVICE_ON, Space,
};

/// A denial of a region, and what must be said of it beside its facts.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) facts: RecordedFacts,
    /// Fields of which it has a value that no match names.
    others: Vec<&'static str>,
    /// Whether it lacks remarks that others have.
    bare: bool,
}

/// What a field is called where an example has none of its named values.
const OTHERS: [(usize, &str); 11] = [
    (FACILITY, "at any other facility"),
    (SERVICE_LINE, "of any other service line"),
    (LOB, "of any other line of business"),
    (NETWORK, "of unknown network status"),
    (CLAIM_TYPE, "of any other claim type"),
    (AUTHORIZATION, "with any other authorization status"),
    (ELIGIBILITY, "with any other eligibility"),
    (FILING_PROOF, "with any other filing proof"),
    (PROCEDURE, "for any other procedure"),
    (AMOUNT, "of unknown amount"),
    (SERVICE_ON, "of unknown date"),
];

impl Example {
    /// A denial of the region.
    pub(super) fn of(space: &Space<'_>, at: &Region<'_>) -> Self {
        let cell = |field: usize| Some(at.cell(field)).filter(|cell| *cell != OTHER);
        let slug = |field: usize, slugs: &[&str]| {
            cell(field).and_then(|at| slugs.get(at as usize)).map(|slug| (*slug).to_owned())
        };
        let mut rarcs: Vec<_> = at
            .standing()
            .iter()
            .filter_map(|code| space.rarcs.get(*code as usize).copied())
            .collect();
        rarcs.sort();
        rarcs.dedup();
        let facts = RecordedFacts {
            group: pick(cell(GROUP), &Group::VALID).unwrap_or(Group::CO),
            carc: pick(cell(CARC), &space.carcs).unwrap_or_else(|| unnamed(&space.carcs)),
            rarcs,
            payer: slug(PAYER, &space.payers),
            lob: pick(cell(LOB), Lob::ALL),
            network: pick(cell(NETWORK), Network::ALL),
            facility: slug(FACILITY, &space.facilities),
            service_line: slug(SERVICE_LINE, &space.service_lines),
            claim_type: pick(cell(CLAIM_TYPE), ClaimType::ALL),
            authorization: pick(cell(AUTHORIZATION), Authorization::ALL),
            eligibility: pick(cell(ELIGIBILITY), Eligibility::ALL),
            filing_proof: pick(cell(FILING_PROOF), FilingProof::ALL),
            procedure: pick(cell(PROCEDURE), &space.procedures).map(|(_, code)| code),
            amount: pick(cell(AMOUNT), &space.amounts),
            service_on: pick(cell(SERVICE_ON), &space.days),
        };
        let is_other = |field: usize| at.fixed[field] == Some(OTHER);
        let payer = is_other(PAYER).then_some("of any other payer");
        let rest = OTHERS.iter().filter(|(field, _)| is_other(*field)).map(|(_, words)| *words);
        Self {
            facts,
            others: payer.into_iter().chain(rest).collect(),
            bare: at.remarks.values().any(|stands| !stands),
        }
    }

    /// The same with another reason code that no match names.
    pub(super) fn about(mut self, carc: Carc) -> Self {
        self.facts.carc = carc;
        self
    }

    /// The example in words.
    pub(super) fn words(&self) -> String {
        let alone = match (self.bare, self.facts.rarcs.is_empty()) {
            (true, true) => ", without a remark",
            (true, false) => ", without other remarks",
            (false, _) => "",
        };
        let others: String = self.others.iter().map(|words| format!(", {words}")).collect();
        format!("{}{alone}{others}", words(&self.facts))
    }

    /// Where the example stands, without its codes.
    pub(super) fn place_words(&self) -> String {
        let known = details(&self.facts);
        let others = self.others.iter().map(|words| (*words).to_owned());
        known.into_iter().chain(others).collect::<Vec<_>>().join(", ")
    }
}

/// The lowest reason code that is not among these.
fn unnamed(carcs: &[Carc]) -> Carc {
    let codes = (1..=carcs.len() + 1).map(|number| Carc::new(&number.to_string()));
    let mut codes = codes.map(|code| code.expect("short numbers are reason codes"));
    codes.find(|code| !carcs.contains(code)).expect("fewer codes are named than were tried")
}

fn pick<T: Clone>(cell: Option<u32>, values: &[T]) -> Option<T> {
    values.get(cell? as usize).cloned()
}

/// A denial in words: `a CO-197 denial with N130, of payer `aetna``.
pub(super) fn words(facts: &RecordedFacts) -> String {
    let article = if facts.group == Group::OA { "an" } else { "a" };
    let mut words = format!("{article} {}-{} denial", facts.group, facts.carc);
    if !facts.rarcs.is_empty() {
        words += &format!(" with {}", listed(&facts.rarcs, 8));
    }
    details(facts).into_iter().fold(words, |words, detail| format!("{words}, {detail}"))
}

fn details(facts: &RecordedFacts) -> Vec<String> {
    let closed = |name: &str, word: Option<&str>| word.map(|word| format!("{name} {word}"));
    let parts = [
        facts.payer.as_ref().map(|slug| format!("of payer `{slug}`")),
        facts.facility.as_ref().map(|slug| format!("at facility `{slug}`")),
        facts.service_line.as_ref().map(|slug| format!("of service line `{slug}`")),
        closed("line of business", facts.lob.map(Lob::as_str)),
        closed("network status", facts.network.map(Network::as_str)),
        closed("claim type", facts.claim_type.map(ClaimType::as_str)),
        closed("authorization", facts.authorization.map(Authorization::as_str)),
        closed("eligibility", facts.eligibility.map(Eligibility::as_str)),
        closed("filing proof", facts.filing_proof.map(FilingProof::as_str)),
        facts.procedure.as_ref().map(|code| format!("for procedure {code}")),
        facts.amount.map(|amount| format!("of {amount}")),
        facts.service_on.map(|day| format!("served on {day}")),
    ];
    parts.into_iter().flatten().collect()
}

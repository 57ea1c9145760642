//! Conformance vectors: facts, and what they decide.

use domain::codes::{Carc, Group};
use domain::dictionary::receipt::Receipt;
use domain::dictionary::selector::Selector;
use domain::dictionary::{Compiled, Entry, Facts, RecordedFacts};
use domain::money::Cents;
use serde::Serialize;

/// Facts, and the receipt of what they decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vector {
    /// What is known of a denial.
    pub facts: RecordedFacts,
    /// What is decided, with its reasons.
    pub receipt: Receipt,
}

/// For each entry the plainest denial it accepts (which a more specific one may yet answer), and
/// the same without remarks; and one denial of a code that nobody knows.
pub fn vectors(compiled: &Compiled) -> Vec<Vector> {
    let mut asked: Vec<RecordedFacts> = Vec::new();
    for entry in &compiled.bundle().entries {
        let Some(plain) = plainest(entry) else { continue };
        let bare = RecordedFacts { rarcs: Vec::new(), ..plain.clone() };
        asked.extend([plain, bare]);
    }
    if let Ok(unknown) = Carc::new("ZZ9") {
        asked.push(RecordedFacts::of(&Facts::of_codes(Group::CO, unknown, &[])));
    }
    asked.dedup();
    let vector = |facts: RecordedFacts| Vector { receipt: compiled.explain(&facts.facts()), facts };
    asked.into_iter().map(vector).collect()
}

/// What an entry asks for and nothing else; `None` when it names no reason code to ask by.
fn plainest(entry: &Entry) -> Option<RecordedFacts> {
    let asked = &entry.matches;
    let carc = first(&asked.carc)?;
    let group = first(&asked.group).unwrap_or(Group::CO);
    let mut rarcs = asked.rarc.all.clone();
    let barred = |code| asked.rarc.none.contains(code);
    rarcs.extend(asked.rarc.any.iter().find(|code| !barred(code)).copied());
    let procedure = asked.procedure.bounds().map(|(from, _)| from.to_owned());
    let facts = RecordedFacts::of(&Facts {
        amount: asked.amount.at_least.or(asked.amount.at_most).or(Some(Cents::new(10_000))),
        service_on: asked.service_dates.from.or(asked.service_dates.to),
        payer: asked.payer.values().first().map(|slug| slug.as_str()),
        lob: first(&asked.lob),
        network: first(&asked.network),
        facility: asked.facility.values().first().map(|slug| slug.as_str()),
        service_line: asked.service_line.values().first().map(|slug| slug.as_str()),
        claim_type: first(&asked.claim_type),
        authorization: first(&asked.context.authorization),
        eligibility: first(&asked.context.eligibility),
        filing_proof: first(&asked.context.filing_proof),
        procedure: procedure.as_deref(),
        ..Facts::of_codes(group, carc, &rarcs)
    });
    Some(facts)
}

fn first<T: Copy + Ord>(selector: &Selector<T>) -> Option<T> {
    selector.values().first().copied()
}

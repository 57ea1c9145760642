use chrono::NaiveDate;

use contracts::dictionary::v1 as pb;
use contracts::google::r#type::Date;
use domain::codes::{Carc, Group, Rarc};
use domain::dictionary::{RecordedFacts, Slug};
use domain::money::Cents;
use platform::rejection::{Fault, Violations};

use super::words::word;

/// The most remarks one denial states: 99 of a line and those of the claim.
const RARCS_MAX: usize = 120;

/// Reads facts; everything wrong is said at once.
pub(crate) fn facts(message: pb::Facts) -> Result<RecordedFacts, Fault> {
    let mut violations = Violations::default();
    let noted = &mut violations;
    noted.text("facts.group", &message.group, 20);
    let carc = noted.check("facts.carc", Carc::new(&message.carc));
    if message.rarcs.len() > RARCS_MAX {
        noted.add("facts.rarcs", format!("has more than {RARCS_MAX} items"));
    }
    let mut rarcs = Vec::new();
    for (at, rarc) in message.rarcs.iter().take(RARCS_MAX).enumerate() {
        rarcs.extend(noted.check(&format!("facts.rarcs[{at}]"), Rarc::new(rarc)));
    }
    rarcs.sort();
    rarcs.dedup();
    let payer = slug("facts.payer", message.payer, noted);
    let facility = slug("facts.facility", message.facility, noted);
    let service_line = slug("facts.service_line", message.service_line, noted);
    let lob = word("facts.line_of_business", message.line_of_business, noted);
    let network = word("facts.network", message.network, noted);
    let claim_type = word("facts.claim_type", message.claim_type, noted);
    let authorization = word("facts.authorization", message.authorization, noted);
    let eligibility = word("facts.eligibility", message.eligibility, noted);
    let filing_proof = word("facts.filing_proof", message.filing_proof, noted);
    if !message.procedure.is_empty() {
        noted.text("facts.procedure", &message.procedure, 48);
    }
    let service_on = message.service_on.and_then(|day| {
        let read = read_date(&day).ok_or("is not a full calendar day");
        noted.check("facts.service_on", read)
    });
    violations.into_result()?;
    Ok(RecordedFacts {
        group: Group::from_raw(&message.group),
        carc: carc.ok_or(Fault::Broken("a violation was lost"))?,
        rarcs,
        payer,
        lob,
        network,
        facility,
        service_line,
        claim_type,
        authorization,
        eligibility,
        filing_proof,
        procedure: (!message.procedure.is_empty()).then_some(message.procedure),
        amount: message.amount_cents.map(Cents::new),
        service_on,
    })
}

fn slug(field: &str, text: String, violations: &mut Violations) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    violations.check(field, Slug::new(text).map_err(|_| "is not a slug")).map(String::from)
}

fn read_date(day: &Date) -> Option<NaiveDate> {
    super::day(*day).filter(|_| (1..=9999).contains(&day.year))
}

#[cfg(test)]
mod tests;

//! What fills a letter: the claim as its denials, its occurrence, its context, its facility and
//! its payer have it, and what a person adds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::dictionary::v1 as dictionary;
use contracts::google::r#type::Date;
use contracts::identity::v1 as identity;
use contracts::money::v1::Money;
use contracts::routing::v1 as routing;
use domain::dictionary::sections::AppealTemplate;
use domain::money::Cents;
use letters::job::Sheet;
use letters::{Fields, Filled, Text};
use platform::access::Caller;
use platform::clock::day;
use platform::rejection::{Fault, Violations};

use crate::{Appeals, Error};

/// Fields that the layout shows by itself, whether the template uses them or not.
const OF_THE_LAYOUT: [&str; 5] =
    ["facility_address", "facility_phone", "payer_address", "signer_name", "signer_title"];
/// The most characters of a blank.
const BLANK_MAX: usize = 20_000;
/// The most blanks.
const BLANKS_MAX: usize = 100;
/// Hexadecimal digits of a revision that a letter shows.
const REVISION_DIGITS: usize = 12;

/// What is known of a claim for its letters.
pub(crate) struct Correspondence {
    pub(crate) fields: Fields,
    revision: String,
}

/// What peers know of a claim.
struct Claim {
    denials: Vec<routing::Denial>,
    occurrence: routing::ClaimOccurrence,
    context: routing::ClaimContext,
    facility: Option<identity::Facility>,
    payer: Option<dictionary::Payer>,
}

impl Appeals {
    /// Gathers what is known of the claim of some denials, of which there is at least one.
    pub(crate) async fn correspondence(
        &self,
        caller: &Caller,
        denials: Vec<routing::Denial>,
        revision: &str,
    ) -> Result<Correspondence, Error> {
        let first = denials.first().ok_or(Fault::Broken("a letter about no denial"))?;
        let occurrence = self.peers.occurrence(caller, &first.claim_occurrence_id).await?;
        let context = self.peers.context(caller, &first.case_id).await?;
        let facility = self.peers.facility(caller, &first.facility_id).await?;
        let payer = self.peers.known_payer(caller, &first.payer_id).await?;
        let claim = Claim { denials, occurrence, context, facility, payer };
        let revision: String = revision.chars().take(REVISION_DIGITS).collect();
        let mut fields = of_claim(&claim);
        of_first(&claim.denials[0], &mut fields);
        fields.text("dictionary_revision", revision.as_str());
        Ok(Correspondence { fields, revision })
    }
}

fn of_claim(claim: &Claim) -> Fields {
    let mut fields = Fields::default();
    let occurrence = &claim.occurrence;
    let subject = occurrence.subject.clone().unwrap_or_default();
    fields.text("patient_name", subject.patient_name);
    fields.text("member_id", subject.member_id);
    fields.text("medical_record_number", subject.medical_record_number);
    fields.text("patient_control_number", occurrence.patient_control_number.as_str());
    fields.text("payer_claim_number", occurrence.payer_claim_number.as_str());
    fields.text("charge", dollars(occurrence.charge.as_ref()));
    let starts = said(occurrence.service_starts_on);
    let ends = said(occurrence.service_ends_on);
    fields.text("service_ends_on", if ends.is_empty() { starts.as_str() } else { &ends });
    fields.text("service_starts_on", starts);
    let authorization = claim.context.authorization.clone().unwrap_or_default();
    fields.text("authorization_number", authorization.number);
    let coding = claim.context.coding.clone().unwrap_or_default();
    fields.text("diagnosis_codes", coding.diagnosis_codes.join(", "));
    if let Some(facility) = &claim.facility {
        fields.text("facility_name", facility.display_name.as_str());
        fields.text("facility_npi", facility.npis.first().cloned().unwrap_or_default());
        fields.text("facility_tax_id", facility.tax_ids.first().cloned().unwrap_or_default());
    }
    let named = claim.payer.as_ref().map(|payer| payer.display_name.clone());
    fields.text("payer_name", named.unwrap_or_else(|| claim.denials[0].payer_name.clone()));
    let rows = claim.denials.iter().map(row).collect();
    fields.fill("denials", Filled::Rows(rows));
    let in_dispute = claim.denials.iter().map(left).sum();
    fields.text("in_dispute", Cents::new(in_dispute).to_string());
    fields
}

fn of_first(denial: &routing::Denial, fields: &mut Fields) {
    let row = row(denial);
    for name in [
        "denied",
        "group",
        "modifiers",
        "procedure_code",
        "reason",
        "reason_label",
        "remarks",
        "remitted_on",
        "revenue_code",
    ] {
        fields.text(name, row.get(name).cloned().unwrap_or_default());
    }
    fields.text("service_line", denial.service_line.as_str());
}

/// A denial as a row of a letter.
fn row(denial: &routing::Denial) -> BTreeMap<&'static str, String> {
    let label = |label: &Option<routing::CodeLabel>| label.clone().unwrap_or_default();
    let (group, reason) = (label(&denial.group), label(&denial.reason));
    let remarks: Vec<&str> = denial.remarks.iter().map(|it| it.code.as_str()).collect();
    let line = denial.line_number;
    BTreeMap::from([
        ("charge", dollars(denial.charge.as_ref())),
        ("denied", dollars(denial.denied.as_ref())),
        ("group", group.code),
        ("line_number", if line > 0 { line.to_string() } else { String::new() }),
        ("modifiers", denial.modifiers.join("-")),
        ("procedure_code", denial.procedure_code.clone()),
        ("reason", reason.code),
        ("reason_label", reason.label),
        ("remarks", remarks.join(", ")),
        ("remitted_on", said(denial.remitted_on)),
        ("revenue_code", denial.revenue_code.clone()),
        ("service_on", said(denial.service_on)),
    ])
}

fn left(denial: &routing::Denial) -> i64 {
    let cents = |money: &Option<Money>| money.as_ref().map_or(0, |money| money.amount_cents);
    (cents(&denial.denied) - cents(&denial.recovered).max(0)).max(0)
}

fn dollars(money: Option<&Money>) -> String {
    money.map(|money| Cents::new(money.amount_cents).to_string()).unwrap_or_default()
}

fn said(on: Option<Date>) -> String {
    on.and_then(day).map(in_words).unwrap_or_default()
}

/// A day as letters in the United States have it.
pub(crate) fn in_words(on: NaiveDate) -> String {
    on.format("%B %-d, %Y").to_string()
}

impl Correspondence {
    /// Takes what a person fills, and answers what templates read; what is known of the claim, and
    /// what nothing shows, cannot be filled.
    pub(crate) fn filled(
        &self,
        template: &AppealTemplate,
        sent: &std::collections::HashMap<String, String>,
        violations: &mut Violations,
    ) -> BTreeMap<String, String> {
        let used = letters::used(template);
        if sent.len() > BLANKS_MAX {
            violations.add("blanks", format!("has more than {BLANKS_MAX} items"));
            return BTreeMap::new();
        }
        let blanks: BTreeMap<String, String> = sent.clone().into_iter().collect();
        for (name, value) in &blanks {
            let field = format!("blanks.{name:.40}");
            let ours = letters::field(name).is_some()
                || template.blanks.iter().any(|blank| blank.name == *name);
            if !ours {
                violations.add(field, "is no field of letters, and the template declares none");
            } else if !used.contains(name) && !OF_THE_LAYOUT.contains(&name.as_str()) {
                violations.add(field, "is not used by the template");
            } else if self.fields.get(name).is_some() {
                violations.add(field, "is known of the claim and is not filled by hand");
            } else if value.chars().count() > BLANK_MAX {
                violations.add(field, format!("is longer than {BLANK_MAX} characters"));
            }
        }
        blanks
    }

    /// The letter as it is laid out.
    pub(crate) fn sheet(
        &self,
        template: &AppealTemplate,
        text: Text,
        blanks: &BTreeMap<String, String>,
        dated: NaiveDate,
    ) -> Sheet {
        let words = |name: &str| -> &str {
            blanks.get(name).map_or_else(|| self.fields.words(name), String::as_str)
        };
        let lines = |names: &[&str]| -> Vec<String> {
            let lines = names.iter().flat_map(|name| words(name).lines());
            lines.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        let mut letterhead = lines(&["facility_name", "facility_address", "facility_phone"]);
        let numbers = [("NPI", "facility_npi"), ("Tax ID", "facility_tax_id")];
        let numbers = numbers.map(|(what, name)| (what, words(name)));
        let numbers: Vec<String> = numbers
            .iter()
            .filter(|(_, number)| !number.is_empty())
            .map(|(what, number)| format!("{what} {number}"))
            .collect();
        if !numbers.is_empty() {
            letterhead.push(numbers.join(" · "));
        }
        Sheet {
            letterhead,
            dated: in_words(dated),
            addressee: lines(&["payer_name", "payer_address"]),
            references: self.references(),
            title: text.title,
            paragraphs: text.paragraphs,
            signature: lines(&["signer_name", "signer_title", "facility_name"]),
            origin: format!("Template {} · dictionary {}", template.slug, self.revision),
        }
    }

    fn references(&self) -> Vec<(String, String)> {
        let word = |name: &str| self.fields.words(name).to_owned();
        let (starts, ends) = (word("service_starts_on"), word("service_ends_on"));
        let service = if starts == ends { starts } else { format!("{starts} to {ends}") };
        let listed = [
            ("Patient", word("patient_name")),
            ("Member number", word("member_id")),
            ("Your claim number", word("payer_claim_number")),
            ("Our claim number", word("patient_control_number")),
            ("Service", service),
            ("Charge", word("charge")),
            ("In dispute", word("in_dispute")),
            ("Level", word("level")),
        ];
        let listed = listed.into_iter().filter(|(_, value)| !value.is_empty());
        listed.map(|(what, value)| (what.to_owned(), value)).collect()
    }
}

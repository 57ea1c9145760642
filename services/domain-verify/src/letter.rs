//! The blanks of letters.

use domain::dictionary::Bundle;

use super::finding::{FindingCode, Findings, Item, listed};

/// What a letter may leave blank, `{name}` each: fields of the appeal, its claim, denials, payer
/// and facility, by the names of their contracts where those have one, and what the person who
/// signs fills in.
pub const LETTER_FIELDS: &[&str] = &[
    "argument",
    "authorization_number",
    "charge",
    "clinical_summary",
    "contact_email",
    "contact_name",
    "contact_phone",
    "deadline",
    "denied",
    "diagnosis_codes",
    "dictionary_revision",
    "exhibits",
    "facility_name",
    "facility_npi",
    "facility_tax_id",
    "group",
    "in_dispute",
    "letter_date",
    "level",
    "medical_record_number",
    "member_id",
    "modifiers",
    "patient_control_number",
    "patient_name",
    "payer_address",
    "payer_claim_number",
    "payer_name",
    "policy_citation",
    "procedure_code",
    "reason",
    "reason_label",
    "remarks",
    "remitted_on",
    "requested_outcome",
    "revenue_code",
    "service_ends_on",
    "service_line",
    "service_starts_on",
    "signer_name",
    "signer_title",
    "template",
];

/// Judges the blanks of every template.
pub(super) fn check(bundle: &Bundle, findings: &mut Findings) {
    for template in &bundle.appeal_templates {
        let item = Item { section: "appeal_templates", slug: template.slug.as_str() };
        let texts = template.paragraphs.iter().chain([&template.title]);
        let mut wrong: Vec<String> = texts.flat_map(|text| wrong_blanks(text)).collect();
        wrong.sort();
        wrong.dedup();
        if !wrong.is_empty() {
            let words = format!("nothing fills {}", listed(&wrong, 8));
            findings.block(FindingCode::UnknownBlank, item, words);
        }
    }
}

/// Blanks that no field fills, and braces that make no blank, as they stand in the text.
fn wrong_blanks(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let from = &rest[at..];
        let inner = from.strip_prefix('{');
        let end = inner.and_then(|inner| inner.find(['{', '}']));
        match inner.zip(end) {
            Some((inner, end)) if inner[end..].starts_with('}') => {
                let name = &inner[..end];
                if !LETTER_FIELDS.contains(&name) {
                    wrong.push(format!("`{{{name}}}`"));
                }
                rest = &inner[end + 1..];
            }
            _ => {
                wrong.push(format!("the lone `{}`", &from[..1]));
                rest = &from[1..];
            }
        }
    }
    wrong
}

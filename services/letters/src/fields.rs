//! The fields of letters: the closed list, and what fills it for one letter.

use std::collections::BTreeMap;

/// A field that templates may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in templates.
    pub name: &'static str,
    /// Whether only a person can fill it; others are known of the appeal, its claim, denials, payer
    /// and facility, and a person fills them where nothing is known.
    pub by_person: bool,
    /// What it is, for whoever fills it.
    pub words: &'static str,
}

const fn known(name: &'static str, words: &'static str) -> Field {
    Field { name, by_person: false, words }
}

const fn person(name: &'static str, words: &'static str) -> Field {
    Field { name, by_person: true, words }
}

/// What a letter may leave blank beside what its template declares, by name; the names are those of
/// the contracts where those have one.
pub const FIELDS: &[Field] = &[
    person("argument", "why the payer should decide otherwise, on the facts of this claim"),
    known("authorization_number", "number of the authorization on record"),
    known("charge", "charge of the claim"),
    person("clinical_summary", "history, findings and treatment that the service answered"),
    person("contact_email", "where the payer writes to"),
    person("contact_name", "whom the payer asks"),
    person("contact_phone", "where the payer calls"),
    known("deadline", "last day of the level"),
    known("denials", "what is appealed, one row a denial"),
    known("denied", "what was refused of the first denial"),
    known("diagnosis_codes", "diagnosis codes of the claim"),
    known("dictionary_revision", "revision whose template it is, short"),
    known("exhibits", "titles of what the appeal encloses, one an item"),
    known("facility_address", "address of the facility, a line each"),
    known("facility_name", "name of the facility"),
    known("facility_npi", "National Provider Identifier of the facility"),
    known("facility_phone", "phone number of the facility"),
    known("facility_tax_id", "federal tax id of the facility"),
    known("group", "group code of the first denial"),
    known("in_dispute", "what is in dispute"),
    known("letter_date", "day of the letter"),
    known("level", "level of appeal in the words of its rule"),
    known("medical_record_number", "the provider's record number"),
    known("member_id", "member number at the payer"),
    known("modifiers", "modifiers of the first denial"),
    known("patient_control_number", "the provider's number of the claim"),
    known("patient_name", "name of the patient"),
    known("payer_address", "where the payer takes appeals, a line each"),
    known("payer_claim_number", "the payer's number of the claim"),
    known("payer_name", "name of the payer"),
    person("policy_citation", "policy, contract clause or rule that the argument rests on"),
    known("procedure_code", "procedure code of the first denial"),
    known("reason", "reason code of the first denial"),
    known("reason_label", "what the reason code says, in our words"),
    known("remarks", "remark codes of the first denial"),
    known("remitted_on", "day of the remittance that refused it"),
    person("requested_outcome", "what the payer is asked to do"),
    known("revenue_code", "revenue code of the first denial"),
    known("service_ends_on", "last day of service"),
    known("service_line", "service line of the first denial"),
    known("service_starts_on", "first day of service"),
    person("signer_name", "who signs"),
    person("signer_title", "what the signer is"),
    known("template", "slug of the template"),
];

/// What a row of `denials` has.
pub const DENIAL_COLUMNS: &[&str] = &[
    "charge",
    "denied",
    "group",
    "line_number",
    "modifiers",
    "procedure_code",
    "reason",
    "reason_label",
    "remarks",
    "remitted_on",
    "revenue_code",
    "service_on",
];

/// The field of the list with this name.
#[must_use]
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.binary_search_by_key(&name, |field| field.name).ok().map(|at| &FIELDS[at])
}

/// What fills a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Words, in one or more lines.
    Text(String),
    /// Items of a list.
    List(Vec<String>),
    /// Rows with the columns of [`DENIAL_COLUMNS`].
    Rows(Vec<BTreeMap<&'static str, String>>),
}

impl Filled {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Rows(rows) => rows.is_empty(),
        }
    }
}

/// What is known for one letter. Fields of the list that are not in it are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, Filled>);

impl Fields {
    /// Fills a field; what is empty fills nothing.
    pub fn fill(&mut self, name: &str, with: Filled) {
        if !with.is_empty() {
            self.0.insert(name.to_owned(), with);
        }
    }

    /// Fills a field with words.
    pub fn text(&mut self, name: &str, words: impl Into<String>) {
        self.fill(name, Filled::Text(words.into()));
    }

    /// What fills a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Filled> {
        self.0.get(name)
    }

    /// The words of a field; empty where it is not known or holds none.
    #[must_use]
    pub fn words(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Filled::Text(text)) => text,
            _ => "",
        }
    }

    /// A letter that knows everything, for judging templates: two denials, two exhibits.
    pub(crate) fn sample() -> Self {
        let mut fields = Self::default();
        for field in FIELDS {
            fields.text(field.name, field.name);
        }
        let row = |_| DENIAL_COLUMNS.iter().map(|column| (*column, (*column).to_owned())).collect();
        fields.fill("denials", Filled::Rows((0..2).map(row).collect()));
        let exhibits = ["Medical record", "Authorization"].map(str::to_owned);
        fields.fill("exhibits", Filled::List(exhibits.to_vec()));
        fields
    }
}

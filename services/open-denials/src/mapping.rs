//! Our fields and the columns of a file that hold them.

use std::collections::{BTreeMap, HashMap};

domain::words! {
    /// What a column can hold, see the crate.
    Field {
        /// CLP01.
        PatientControlNumber = "patient_control_number",
        /// Who refused.
        Payer = "payer",
        /// CLP07.
        PayerClaimNumber = "payer_claim_number",
        /// Whose claim it is.
        Facility = "facility",
        /// First day of service.
        ServiceFrom = "service_from",
        /// Last day of service.
        ServiceTo = "service_to",
        /// CLP03.
        ClaimCharge = "claim_charge",
        /// CLP04.
        ClaimPaid = "claim_paid",
        /// Tells lines apart.
        LineNumber = "line_number",
        /// SVC01.
        Procedure = "procedure",
        /// SVC01.
        Modifiers = "modifiers",
        /// SVC04.
        RevenueCode = "revenue_code",
        /// SVC02.
        LineCharge = "line_charge",
        /// CAS01.
        Group = "group",
        /// CAS02.
        Carc = "carc",
        /// LQ02.
        Rarcs = "rarcs",
        /// CAS03.
        DeniedAmount = "denied_amount",
        /// BPR16.
        RemitDate = "remit_date",
        /// NM109.
        MemberId = "member_id",
        /// NM103 and NM104.
        PatientName = "patient_name",
    }
}

impl Field {
    /// Whether no file does without it.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        match self {
            Self::PatientControlNumber
            | Self::Payer
            | Self::Facility
            | Self::ServiceFrom
            | Self::ClaimCharge
            | Self::Group
            | Self::Carc
            | Self::DeniedAmount
            | Self::RemitDate => true,
            Self::PayerClaimNumber
            | Self::ServiceTo
            | Self::ClaimPaid
            | Self::LineNumber
            | Self::Procedure
            | Self::Modifiers
            | Self::RevenueCode
            | Self::LineCharge
            | Self::Rarcs
            | Self::MemberId
            | Self::PatientName => false,
        }
    }
}

/// How much is wrong that is told at once.
pub const FAULTS_MAX: usize = 50;
/// The most characters of a field's name that are repeated.
const NAME_MAX: usize = 40;

/// Why nothing of a file can be read: paths in the request, and what to do about each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unusable(pub Vec<(String, String)>);

impl Unusable {
    /// The file as a whole.
    pub(crate) fn file(words: impl Into<String>) -> Self {
        Self(vec![("chunk".to_owned(), words.into())])
    }

    fn add(&mut self, field: &str, words: impl Into<String>) {
        if self.0.len() < FAULTS_MAX {
            let name: String = field.chars().take(NAME_MAX).collect();
            self.0.push((format!("header.columns.{name}"), words.into()));
        }
    }
}

/// Where each field stands: the place of its column, and the heading.
#[derive(Debug)]
pub(crate) struct Mapping(BTreeMap<Field, (usize, String)>);

impl Mapping {
    /// Finds the columns of a mapping among the headings of a file.
    pub(crate) fn of(
        columns: &HashMap<String, String>,
        headings: &[String],
    ) -> Result<Self, Unusable> {
        let (mut found, mut unusable) = (BTreeMap::new(), Unusable::default());
        // Sorted, so that the same request is told the same.
        for (name, heading) in columns.iter().collect::<BTreeMap<_, _>>() {
            let Some(field) = Field::parse(name) else {
                let known: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
                unusable.add(name, format!("is no field: there are {}", known.join(", ")));
                continue;
            };
            let is_it = |known: &String| known.to_lowercase() == heading.trim().to_lowercase();
            let mut places =
                headings.iter().enumerate().filter(|(_, known)| is_it(known)).map(|(at, _)| at);
            match (places.next(), places.next()) {
                _ if heading.trim().is_empty() => {
                    unusable.add(name, "needs the heading of a column; leave out what has none");
                }
                (Some(at), None) => drop(found.insert(field, (at, headings[at].clone()))),
                (Some(_), Some(_)) => {
                    unusable.add(name, "its heading stands over two columns: rename one of them");
                }
                (None, _) => unusable.add(
                    name,
                    "no column has this heading: headings stand in the first row, separated by \
                     commas",
                ),
            }
        }
        for field in Field::ALL.iter().filter(|field| field.is_needed()) {
            if !columns.contains_key(field.as_str()) {
                unusable.add(field.as_str(), "is needed: name the heading of its column");
            }
        }
        if unusable.0.is_empty() { Ok(Self(found)) } else { Err(unusable) }
    }

    /// The place of a field's column.
    pub(crate) fn place(&self, field: Field) -> Option<usize> {
        self.0.get(&field).map(|(at, _)| *at)
    }

    /// The heading of a field's column; our name for it where the file has none.
    pub(crate) fn heading(&self, field: Field) -> &str {
        self.0.get(&field).map_or(field.as_str(), |(_, heading)| heading)
    }
}

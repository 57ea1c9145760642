//! Names and numbers that remittances know a payer by.

/// What sort of name an alias is; the words are those of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AliasKind {
    Name,
    CmsPlanId,
    TracePayerId,
    PayerId,
    Naic,
    HealthIndustryNumber,
    SubmitterId,
}

impl AliasKind {
    pub const ALL: &'static [Self] = &[
        Self::Name,
        Self::CmsPlanId,
        Self::TracePayerId,
        Self::PayerId,
        Self::Naic,
        Self::HealthIndustryNumber,
        Self::SubmitterId,
    ];

    /// The spelling in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CmsPlanId => "cms_plan_id",
            Self::TracePayerId => "trace_payer_id",
            Self::PayerId => "payer_id",
            Self::Naic => "naic",
            Self::HealthIndustryNumber => "health_industry_number",
            Self::SubmitterId => "submitter_id",
        }
    }

    /// Reads the spelling of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// One name or number, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub kind: AliasKind,
    pub value: String,
}

impl Alias {
    /// The form that is compared: uppercase, one blank where there were several.
    pub fn normalized(&self) -> String {
        domain::names::normalized(&self.value)
    }

    /// Whether both are the same name of the same sort.
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.normalized() == other.normalized()
    }
}

#[cfg(test)]
mod tests;

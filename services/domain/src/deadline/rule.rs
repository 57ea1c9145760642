//! One deadline rule: how long, counted from what, and who says so.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::{MonthEnd, Roll};
use crate::codes::{Lob, Network};
use crate::words::words;

words! {
    /// What is sent to whom; each path has its own clock.
    Path {
        /// The first claim to this payer.
        OriginalFiling = "original_filing",
        /// A corrected claim that replaces the first (frequency 7).
        CorrectedClaim = "corrected_claim",
        /// Records the payer asked for.
        Documents = "documents",
        /// A talk between our physician and the payer's.
        PeerToPeer = "peer_to_peer",
        /// Correction of a clerical error without an appeal.
        Reopening = "reopening",
        /// The first appeal.
        AppealLevel1 = "appeal_level_1",
        /// The second appeal.
        AppealLevel2 = "appeal_level_2",
        /// The third appeal.
        AppealLevel3 = "appeal_level_3",
        /// The fourth appeal.
        AppealLevel4 = "appeal_level_4",
        /// The fifth appeal.
        AppealLevel5 = "appeal_level_5",
        /// The patient's own appeal, which we may file only as assignee or representative.
        MemberAppeal = "member_appeal",
        /// Review outside the plan: external review, fair hearing.
        ExternalReview = "external_review",
        /// Open negotiation of the No Surprises Act.
        OpenNegotiation = "open_negotiation",
        /// Independent dispute resolution of the No Surprises Act.
        DisputeResolution = "dispute_resolution",
        /// An appeal early enough to stop recoupment.
        StopRecoupment = "stop_recoupment",
        /// A claim to another payer.
        RebillOtherPayer = "rebill_other_payer",
        /// The other side's own clock; nothing is ours to file.
        PayerDecision = "payer_decision",
    }
}

impl Path {
    /// Whether the path disputes the payer's decision, so that it needs appeal rights.
    pub const fn is_appeal(self) -> bool {
        matches!(
            self,
            Self::AppealLevel1
                | Self::AppealLevel2
                | Self::AppealLevel3
                | Self::AppealLevel4
                | Self::AppealLevel5
                | Self::MemberAppeal
                | Self::ExternalReview
                | Self::StopRecoupment
        )
    }

    /// Whether the path is ours to take; only such clocks rank work.
    pub const fn is_ours(self) -> bool {
        !matches!(self, Self::PayerDecision)
    }
}

words! {
    /// The legal regime a rule belongs to.
    PayerType {
        /// Original Medicare.
        MedicareFfs = "medicare_ffs",
        /// Medicare Advantage.
        MedicareAdvantage = "medicare_advantage",
        /// Medicaid fee for service.
        MedicaidFfs = "medicaid_ffs",
        /// Medicaid managed care.
        MedicaidMco = "medicaid_mco",
        /// Commercial plans: provider manuals and contracts.
        Commercial = "commercial",
        /// Federal employees.
        Fehb = "fehb",
        /// Self-funded plans of employers.
        Erisa = "erisa",
        /// Plans under the Affordable Care Act.
        AcaNongrandfathered = "aca_nongrandfathered",
        /// No Surprises Act.
        Nsa = "nsa",
        /// TRICARE.
        Tricare = "tricare",
        /// Veterans Affairs.
        Va = "va",
        /// Prior authorization decisions.
        PriorAuth = "prior_auth",
    }
}

/// How surely a rule's regime governs a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It does not.
    No,
    /// It may; what is known of the claim does not tell.
    Possible,
    /// It does.
    Certain,
}

impl PayerType {
    /// How surely this regime governs a claim of that line of business.
    ///
    /// Self-funding and managed Medicaid never stand on an 835, so `commercial` and `medicaid`
    /// leave more than one regime possible.
    pub fn fit(self, lob: Option<Lob>) -> Fit {
        use {
            Fit::{Certain, Possible},
            Lob as L, PayerType as P,
        };
        let Some(lob) = lob else { return Possible };
        match (self, lob) {
            (P::MedicareFfs, L::MedicareFfs)
            | (P::MedicareAdvantage, L::MedicareAdvantage)
            | (P::MedicaidMco, L::MedicaidManaged)
            | (P::Commercial, L::Commercial)
            | (P::Fehb, L::FederalEmployee)
            | (P::Erisa, L::SelfFunded)
            | (P::Tricare, L::Tricare)
            | (P::Va, L::Va) => Certain,
            (P::MedicaidFfs | P::MedicaidMco, L::Medicaid)
            | (P::Erisa, L::Commercial)
            | (P::Commercial, L::SelfFunded | L::FederalEmployee | L::OtherFederal)
            | (P::Fehb, L::OtherFederal)
            | (P::AcaNongrandfathered | P::Nsa, L::Commercial | L::SelfFunded)
            | (P::Nsa, L::FederalEmployee)
            | (P::PriorAuth, L::MedicareAdvantage | L::Medicaid | L::MedicaidManaged) => Possible,
            _ => Fit::No,
        }
    }
}

words! {
    /// Whose word a rule is; declared from the weakest to the strongest.
    Basis {
        /// What payers of the kind usually allow; a default for want of better.
        Practice = "practice",
        /// A statute or regulation.
        Statute = "statute",
        /// The payer's manual.
        Payer = "payer",
        /// The contract between payer and provider.
        Contract = "contract",
    }
}

words! {
    /// What a rule counts in.
    Unit {
        /// Calendar days.
        Day = "day",
        /// Days that are neither weekend nor federal holiday.
        BusinessDay = "business_day",
        /// Calendar months.
        Month = "month",
        /// Calendar years.
        Year = "year",
        /// Hours; counted as whole days of 24, rounded down.
        Hour = "hour",
        /// A fixed day of a later year.
        Fixed = "fixed",
        /// The contract says, and we do not have it.
        Contract = "contract",
        /// What is left of another rule's window.
        RemainingWindow = "remaining_window",
    }
}

words! {
    /// What must have happened by the last day.
    FiledWhen {
        /// The payer has it.
        Received = "received",
        /// It was sent.
        Sent = "sent",
    }
}

words! {
    /// What a clock starts with.
    ClockEvent {
        /// The service, or the discharge.
        ServiceDate = "service_date",
        /// The date on the first decision: the remittance.
        NoticeDate = "notice_date",
        /// The arrival of the first decision.
        NoticeReceipt = "notice_receipt",
        /// The date on the decision one level below.
        DecisionDate = "decision_date",
        /// The arrival of the decision one level below.
        DecisionReceipt = "decision_receipt",
        /// The date on the payer's request for records.
        RequestDate = "request_date",
        /// The date on a demand for money.
        DemandDate = "demand_date",
        /// The payer's receipt of the claim or request.
        PayerReceipt = "payer_receipt",
        /// The notice that opens negotiation.
        NegotiationStart = "negotiation_start",
        /// The last day of negotiation.
        NegotiationEnd = "negotiation_end",
        /// The initiation of dispute resolution.
        ResolutionStart = "resolution_start",
        /// The selection of the resolution entity.
        EntitySelection = "entity_selection",
        /// The entity's determination.
        Determination = "determination",
        /// The contract names the start.
        Contract = "contract",
    }
}

words! {
    /// How well a rule's source was read; declared from the weakest to the strongest.
    Confidence {
        /// Conflicting or unverified: never used as fact.
        D = "D",
        /// A third party or an old page.
        C = "C",
        /// A citation whose text was not re-read, or several agreeing secondary sources.
        B = "B",
        /// The official text or a direct quote of it was read.
        A = "A",
    }
}

/// A day of a later year: 31 December of the year after the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedDay {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31; exists in every year.
    pub day: u32,
    /// How many years after the year of the clock start.
    pub years_after: u32,
}

/// One clock: how long, counted from what, and who says so.
///
/// Texts are the source's own words where a closed word cannot hold them; no rule decides by them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's name, unique in its bundle: 1 to 96 of `a-z 0-9 - _ .`.
    pub slug: String,
    /// The regime it belongs to.
    pub payer_type: PayerType,
    /// The one payer it is about, by slug; `None` is every payer of the regime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// The payer in the words of the source.
    pub payer_words: String,
    /// Contracted or not, where the rule cares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
    /// Whose word it is.
    pub basis: Basis,
    /// What it bounds.
    pub path: Path,
    /// The level in the words of the source.
    pub level: String,
    /// How many units; `None` for `fixed`, `contract` and `remaining_window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// What it counts in.
    pub unit: Unit,
    /// The day, for `fixed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<FixedDay>,
    /// The rule whose window is shared, by slug, for `remaining_window`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares_window_of: Option<String>,
    /// For months and years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_end: Option<MonthEnd>,
    /// What happens on weekends and holidays.
    pub roll: Roll,
    /// What must have happened by the last day.
    pub filed_when: FiledWhen,
    /// What the clock starts with.
    pub counted_from: ClockEvent,
    /// The start in the words of the source.
    pub counted_from_words: String,
    /// Days after its date on which a notice counts as received when nothing proves another day.
    #[serde(default)]
    pub presumed_receipt_days: u32,
    /// How long the payer may take to decide, in the words of the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision_words: String,
    /// Calendar days the payer may take, where the source gives a plain number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_days: Option<u32>,
    /// The amount in controversy the path needs, in the words of the source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub threshold: String,
    /// Remarks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Whether the count is the lower bound of a range: our guess.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guess: bool,
    /// The clause or page it comes from.
    pub source: String,
    /// How well that was read.
    pub confidence: Confidence,
    /// The first clock start it governs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<NaiveDate>,
    /// The last clock start it governs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_until: Option<NaiveDate>,
}

impl Rule {
    /// Whether the rule governs a clock that starts on that day.
    pub fn governs(&self, start: NaiveDate) -> bool {
        self.effective_from.is_none_or(|from| from <= start)
            && self.effective_until.is_none_or(|until| start <= until)
    }
}

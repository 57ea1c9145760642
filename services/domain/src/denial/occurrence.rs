//! A remitted claim as the rules of denials see it.

use chrono::NaiveDate;

use crate::codes::{Carc, ClaimStatus, Group, Lob, Rarc};
use crate::dictionary::vocabulary::{Authorization, ClaimType, Eligibility, FilingProof, Network};
use crate::money::Cents;

/// One CLP of one remittance, with what is known of its claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// CLP02.
    pub status: ClaimStatus,
    /// CLP03.
    pub charge: Cents,
    /// CLP04.
    pub paid: Cents,
    /// CLP05.
    pub patient_responsibility: Cents,
    /// Claim-level adjustments.
    pub adjustments: Vec<Adjustment>,
    /// MIA and MOA remarks.
    pub remarks: Vec<Rarc>,
    /// Service lines, in the order of the file.
    pub lines: Vec<Line<'a>>,
    /// What is known of the claim beside its adjudication.
    pub claim: ClaimFacts<'a>,
}

/// What is known of a claim beside its adjudication; unknown is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimFacts<'a> {
    /// The payer's slug.
    pub payer: Option<&'a str>,
    /// Line of business.
    pub lob: Option<Lob>,
    /// Contracted or not.
    pub network: Option<Network>,
    /// The facility's slug.
    pub facility: Option<&'a str>,
    /// The slug of the service line that all lines of the claim are of; a line has its own.
    pub service_line: Option<&'a str>,
    /// Form of the claim.
    pub claim_type: Option<ClaimType>,
    /// The authorization on record.
    pub authorization: Option<Authorization>,
    /// The coverage on record.
    pub eligibility: Option<Eligibility>,
    /// The proof of timely filing on record.
    pub filing_proof: Option<FilingProof>,
    /// The first date of service of the claim.
    pub service_on: Option<NaiveDate>,
}

/// One CAS triplet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Adjustment {
    /// CAS01.
    pub group: Group,
    /// The reason code.
    pub carc: Carc,
    /// The amount; positive takes from the charge.
    pub amount: Cents,
}

/// One SVC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// SVC02.
    pub charge: Cents,
    /// SVC03.
    pub paid: Cents,
    /// Adjustments of the line.
    pub adjustments: Vec<Adjustment>,
    /// LQ remarks of the line.
    pub remarks: Vec<Rarc>,
    /// Procedure code.
    pub procedure: Option<&'a str>,
    /// Procedure modifiers.
    pub modifiers: Vec<&'a str>,
    /// Revenue code.
    pub revenue: Option<&'a str>,
    /// Units paid, in thousandths.
    pub units_milli: Option<i64>,
    /// The service line's slug; `None` where none of the tenant's recognizes the line.
    pub service_line: Option<&'a str>,
    /// Date of service.
    pub service_on: Option<NaiveDate>,
}

/// Where on a claim an adjustment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// On the claim as a whole.
    Claim,
    /// On the service line at this place, counted from zero.
    Line(usize),
}

//! Claims whose control number (CLP01) changed between two remittances.
//!
//! A draft without a case of its own that says it follows another claim joins the case in which its
//! payer used the same number of its own (CLP07, or REF F8 for the original) for the same first day
//! of service. One that says nothing of the kind is not looked for by number: the numbers of new
//! claims are new, and of a large file that is every one. Where only the
//! member, the day and the charge agree, nothing is settled: a person is told, for the twin of a
//! claim may be another visit of that day.

use std::collections::{BTreeMap, BTreeSet};

use ledger::cases::{self, Numbered};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::draft::Draft;
use crate::error::Error;

/// The shortest number of a payer that tells claims apart: some send `0` or `NA` for all of them.
const TELLING: usize = 5;

/// Who is who.
#[derive(Debug, Default)]
pub(super) struct Recognized {
    /// The case that a draft joins, by its place.
    pub(super) cases: BTreeMap<usize, Uuid>,
    /// Occurrences of the ledger that a draft may be of, and the draft's.
    pub(super) doubts: Vec<(Uuid, Uuid)>,
}

/// Looks for the claims of the drafts at these places, whose control number no case has.
pub(super) async fn recognize(
    tx: &TenantTx,
    drafts: &[Draft],
    strangers: &[usize],
) -> Result<Recognized, Error> {
    let mut recognized = Recognized::default();
    let of = |at: &usize| drafts.get(*at).map(|draft| (*at, draft));
    let numbers: BTreeSet<&str> =
        strangers.iter().filter_map(of).flat_map(|(_, draft)| draft.telling_numbers()).collect();
    let numbered = match numbers.is_empty() {
        true => Vec::new(),
        false => cases::numbered(tx, numbers.into_iter().map(str::to_owned).collect()).await?,
    };
    let mut by_number: BTreeMap<&str, Vec<&Numbered>> = BTreeMap::new();
    for one in &numbered {
        by_number.entry(&one.payer_claim_number).or_default().push(one);
    }
    let mut rest = Vec::new();
    for (at, draft) in strangers.iter().filter_map(of) {
        let found = draft.telling_numbers().filter_map(|number| by_number.get(number)).flatten();
        let cases: BTreeSet<Uuid> =
            found.filter(|one| draft.is_of_the_day(one)).map(|one| one.case_id).collect();
        match (cases.first(), cases.len()) {
            (Some(case), 1) => drop(recognized.cases.insert(at, *case)),
            _ => rest.push(draft),
        }
    }
    let members: BTreeSet<&str> = rest.iter().filter_map(|draft| draft.member()).collect();
    if members.is_empty() {
        return Ok(recognized);
    }
    let members = members.into_iter().map(str::to_owned).collect();
    for (member, one) in cases::of_members(tx, members).await? {
        let same = rest.iter().filter(|draft| draft.member() == Some(member.as_str()));
        let same = same.filter(|draft| draft.is_of_the_day(&one) && draft.may_answer(&one));
        recognized.doubts.extend(same.filter_map(|draft| Some((one.id, draft.claim_id?))));
    }
    Ok(recognized)
}

impl Draft {
    /// The payer's numbers of the claim that tell it from others.
    fn telling_numbers(&self) -> impl Iterator<Item = &str> {
        let all = [self.payer_claim_number.as_str(), self.original_number.as_str()].into_iter();
        let known = self.follows && self.row.is_some() && !self.payer_id.is_nil();
        all.filter(move |number| {
            let first = number.chars().next();
            known && number.len() >= TELLING && number.chars().any(|sign| Some(sign) != first)
        })
    }

    /// The member's number, of a claim that is adjudicated.
    fn member(&self) -> Option<&str> {
        let subject = self.subject.as_ref().filter(|_| !self.reversal)?;
        Some(subject.member_id.as_str()).filter(|member| !member.is_empty())
    }

    fn is_of_the_day(&self, other: &Numbered) -> bool {
        let day = self.row.as_ref().and_then(|row| row.service_starts_on);
        day.is_some() && day == other.service_starts_on && self.payer_id == other.payer_id
    }

    /// Whether it came later, for the same charge.
    fn may_answer(&self, other: &Numbered) -> bool {
        let charge = self.row.as_ref().map(|row| row.charge_cents);
        charge == Some(other.charge_cents) && other.remit_on < self.remit_on
    }
}

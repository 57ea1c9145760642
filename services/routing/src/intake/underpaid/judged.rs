//! By what the money of stored claims is judged when they are decided again.

use std::collections::{BTreeMap, BTreeSet};

use claim_context::{Key, on_record};
use domain_work::WorkKind;
use ledger::cases::{self, PastClaim, PastDenial};
use ledger::redecided::Stored;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use super::super::judge::Case;
use super::case::Heard;
use super::{Judged, Money};
use crate::error::Error;

/// What a partner expects of these claims, and so what they are judged by: a claim that is not
/// named is judged alone. Only cases are read of which a partner expects something, or that have an
/// item about missing money already. `denials` are those of the claims' cases.
///
/// # Errors
/// When the database fails, or a stored document does not decode.
pub(crate) async fn judged(
    tx: &TenantTx,
    stored: &[Stored],
    known: &BTreeMap<Key, claim_context::Stored>,
    denials: &[PastDenial],
) -> Result<BTreeMap<Uuid, Judged>, Error> {
    let expected = |one: &Stored| {
        let key = (one.claim.payer_id, one.claim.patient_control_number.clone());
        on_record(&known.get(&key)?.parts, None, std::iter::empty()).expected_allowed
    };
    let has_one =
        |one: &Stored| one.items.iter().any(|item| item.kind == WorkKind::Underpayment.as_str());
    let wanted = stored.iter().filter(|one| expected(one).is_some() || has_one(one));
    let ids: BTreeSet<Uuid> = wanted.map(|one| one.claim.case_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut by_case: BTreeMap<Uuid, Vec<PastClaim>> = BTreeMap::new();
    for claim in cases::claims(tx, &ids).await? {
        by_case.entry(claim.case_id).or_default().push(claim);
    }
    by_case.retain(|_, claims| claims.len() > 1);
    let claims: Vec<Uuid> = by_case.values().flatten().map(|claim| claim.id).collect();
    let parts = cases::parts(tx, &claims).await?;
    let items = cases::underpayments(tx, &by_case.keys().copied().collect::<Vec<_>>()).await?;
    let mut judged = BTreeMap::new();
    for (id, claims) in by_case {
        let all: Vec<Uuid> = claims.iter().map(|claim| claim.id).collect();
        let denials = denials.iter().filter(|denial| denial.case_id == id).cloned().collect();
        let case = Case { claims, denials, here: Vec::new() };
        let (folded, adjudicated) = case.fold(&parts, &[])?;
        let items = items.iter().filter(|item| item.case_id == id).collect();
        let heard =
            Heard { folded: &folded, adjudicated: &adjudicated, denials: &case.denials, items };
        judged.extend(all.iter().map(|claim| (*claim, Judged::Case(None))));
        let Some(claim) = heard.about() else { continue };
        let stands = heard.standing().last().map(|one| one.said().1);
        let said = stored.iter().filter(|one| all.contains(&one.claim.id)).find_map(expected);
        let by = match said {
            Some(_) => {
                let money = Money { expected: said, ..Money::default() };
                Judged::Case(heard.missing(&money, &heard.refused()))
            }
            // Whether it is paid for less than was billed, its own adjudication says alone.
            None if stands == Some(claim) => Judged::Alone,
            None => continue,
        };
        judged.insert(claim, by);
    }
    Ok(judged)
}

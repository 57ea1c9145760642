use std::cmp::Reverse;
use std::collections::BTreeMap;

use uuid::Uuid;

use contracts::dictionary::v1::{MatchPayerRequest, MatchPayerResponse, Payer};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::{Dictionary, Error, grpc};
use domain::names::{ALIKE, likeness};
use registry::alias::{Alias, AliasKind};
use registry::payers::{self, OwnedAlias};

/// How many aliases one remittance states at most.
const STATED_MAX: usize = 20;
/// How many guesses are named.
const GUESSES: usize = 5;

/// How well a payer fits: its numbers count first, then its names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    numbers: usize,
    names: usize,
}

/// What is known of the payer that a remittance names.
#[derive(Debug, PartialEq, Eq)]
enum Matched {
    One { payer: Uuid, by: Alias, others: Vec<Uuid> },
    NoneOrSeveral(Vec<Uuid>),
}

impl Dictionary {
    /// Finds the payer that a remittance names; a guess is never applied.
    pub(crate) async fn match_aliases(
        &self,
        caller: &Caller,
        request: MatchPayerRequest,
    ) -> Result<MatchPayerResponse, Error> {
        let stated = stated(request)?;
        let tx = self.database.read(caller).await?;
        let known = payers::known(&tx, &stated).await?;
        match matched(&stated, &known) {
            Matched::One { payer, by, others } => {
                let mut found = show(&tx, vec![payer]).await?;
                Ok(MatchPayerResponse {
                    payer: found.pop(),
                    matched_alias: Some(grpc::alias_message(&by)),
                    candidates: show(&tx, others).await?,
                })
            }
            Matched::NoneOrSeveral(mut guesses) => {
                if guesses.is_empty() {
                    let aliases = payers::names(&tx).await?;
                    guesses = alike(&stated, &aliases, &payers::display_names(&tx).await?);
                }
                let candidates = show(&tx, guesses).await?;
                Ok(MatchPayerResponse { payer: None, matched_alias: None, candidates })
            }
        }
    }
}

fn stated(request: MatchPayerRequest) -> Result<Vec<Alias>, Fault> {
    let mut violations = Violations::default();
    if request.aliases.is_empty() || request.aliases.len() > STATED_MAX {
        violations.add("aliases", format!("must have 1 to {STATED_MAX} items"));
    }
    let mut stated: Vec<Alias> = Vec::new();
    for (at, alias) in request.aliases.into_iter().take(STATED_MAX).enumerate() {
        if let Some(alias) = grpc::alias(&format!("aliases[{at}]"), alias, &mut violations)
            && !stated.iter().any(|held| held.is_same(&alias))
        {
            stated.push(alias);
        }
    }
    violations.into_result()?;
    // Numbers first: the alias that decided is a number whenever one did.
    stated.sort_by_key(|alias| alias.kind == AliasKind::Name);
    Ok(stated)
}

/// The one payer that fits best, or those that fit equally.
fn matched(stated: &[Alias], known: &[OwnedAlias]) -> Matched {
    let mut fits: BTreeMap<Uuid, Fit> = BTreeMap::new();
    for owned in known {
        let fit = fits.entry(owned.payer).or_default();
        match owned.alias.kind {
            AliasKind::Name => fit.names += 1,
            AliasKind::CmsPlanId
            | AliasKind::TracePayerId
            | AliasKind::PayerId
            | AliasKind::Naic
            | AliasKind::HealthIndustryNumber
            | AliasKind::SubmitterId => fit.numbers += 1,
        }
    }
    let mut ranked: Vec<(Uuid, Fit)> = fits.into_iter().collect();
    ranked.sort_by_key(|(payer, fit)| (Reverse(*fit), *payer));
    ranked.truncate(GUESSES + 1);
    let mut payers = ranked.iter().map(|(payer, _)| *payer);
    let clear = match ranked.as_slice() {
        [] => false,
        [_] => true,
        [(_, first), (_, second), ..] => first > second,
    };
    let by = |payer: Uuid| {
        let is_its =
            |alias: &&Alias| known.iter().any(|o| o.payer == payer && o.alias.is_same(alias));
        stated.iter().find(is_its).cloned()
    };
    let first = if clear { payers.next() } else { None };
    match first.and_then(|payer| Some((payer, by(payer)?))) {
        Some((payer, by)) => Matched::One { payer, by, others: payers.collect() },
        None => Matched::NoneOrSeveral(payers.take(GUESSES).collect()),
    }
}

/// Payers whose names share words with the names stated, the most alike first.
fn alike(stated: &[Alias], aliases: &[OwnedAlias], displayed: &[(Uuid, String)]) -> Vec<Uuid> {
    let known = aliases.iter().map(|owned| (owned.payer, owned.alias.value.as_str()));
    let known = known.chain(displayed.iter().map(|(payer, name)| (*payer, name.as_str())));
    let mut best: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (payer, name) in known {
        let names = stated.iter().filter(|alias| alias.kind == AliasKind::Name);
        let score = names.map(|alias| likeness(&alias.value, name)).max().unwrap_or_default();
        let held = best.entry(payer).or_default();
        *held = score.max(*held);
    }
    let mut ranked: Vec<(Uuid, usize)> =
        best.into_iter().filter(|(_, score)| *score >= ALIKE).collect();
    ranked.sort_by_key(|(payer, score)| (Reverse(*score), *payer));
    ranked.into_iter().take(GUESSES).map(|(payer, _)| payer).collect()
}

/// The payers of these ids, in this order.
async fn show(tx: &TenantTx, ids: Vec<Uuid>) -> Result<Vec<Payer>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let aliases = payers::aliases_of(tx, ids.clone()).await?;
    let mut rows = payers::with_ids(tx, ids.clone()).await?;
    let shown = ids.iter().filter_map(|id| rows.remove(id));
    shown.map(|row| grpc::payer(row, &aliases)).collect()
}

#[cfg(test)]
mod tests;

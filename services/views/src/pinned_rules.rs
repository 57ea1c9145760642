//! Deadline rules in words, out of the revisions that files were decided under.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::deadline::{Rule, Unit};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde::Deserialize;

use ledger::reading;

/// Revisions whose rules are kept; beyond it the cache starts anew.
const KEPT: usize = 64;

/// The words of a revision's deadline rules, by slug.
pub(crate) type RuleWords = BTreeMap<String, String>;

/// The rules of the revisions that were read, by content hash; clones share them.
///
/// Content-addressed, so that tenants may share an entry: each proves first, by its own
/// transaction, that it has the revision.
#[derive(Clone, Debug, Default)]
pub(crate) struct PinnedRules(Arc<Mutex<BTreeMap<String, Arc<RuleWords>>>>);

/// What of a bundle is read here.
#[derive(Deserialize)]
struct Rules {
    deadline_rules: Vec<Rule>,
}

impl PinnedRules {
    /// The rule words of the revisions with these hashes, by hash.
    pub(crate) async fn of(
        &self,
        tx: &TenantTx,
        mut hashes: Vec<String>,
    ) -> Result<BTreeMap<String, Arc<RuleWords>>, Fault> {
        hashes.sort();
        hashes.dedup();
        let mut found = BTreeMap::new();
        for hash in hashes {
            if !reading::files::has_revision(tx, &hash).await? {
                continue;
            }
            let kept = self.kept(&hash);
            let words = match kept {
                Some(words) => words,
                None => self.read(tx, &hash).await?,
            };
            found.insert(hash, words);
        }
        Ok(found)
    }

    async fn read(&self, tx: &TenantTx, hash: &str) -> Result<Arc<RuleWords>, Fault> {
        let canonical = reading::files::revision(tx, hash).await?.unwrap_or_default();
        let rules: Rules = serde_json::from_slice(&canonical)
            .map_err(|_| Fault::Broken("a stored revision does not read"))?;
        let words = rules.deadline_rules.into_iter().map(|rule| {
            let words = words(&rule);
            (rule.slug, words)
        });
        let words: Arc<RuleWords> = Arc::new(words.collect());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(hash.to_owned(), words.clone());
        Ok(words)
    }

    fn kept(&self, hash: &str) -> Option<Arc<RuleWords>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }
}

/// A rule in words, such as `120 days from receipt of the notice`.
fn words(rule: &Rule) -> String {
    let from = match rule.counted_from_words.as_str() {
        "" => rule.counted_from.as_str().replace('_', " "),
        words => words.to_owned(),
    };
    let unit = match rule.unit {
        Unit::Day => "calendar day",
        Unit::BusinessDay => "business day",
        Unit::Month => "month",
        Unit::Year => "year",
        Unit::Hour => "hour",
        Unit::Fixed => return fixed(rule, &from),
        Unit::Contract => return format!("as the contract says, from {from}"),
        Unit::RemainingWindow => {
            let other = rule.shares_window_of.as_deref().unwrap_or("another rule");
            return format!("what is left of the window of `{other}`");
        }
    };
    let count = rule.count.unwrap_or_default();
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} from {from}")
}

fn fixed(rule: &Rule, from: &str) -> String {
    let Some(day) = rule.fixed else { return format!("a fixed day after {from}") };
    format!("month {} day {} of year {} after {from}", day.month, day.day, day.years_after)
}

#[cfg(test)]
mod tests;

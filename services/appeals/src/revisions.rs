//! Compiled dictionary revisions, the last few of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use domain::dictionary::{Bundle, Compiled};
use domain::tenancy::TenantId;

/// Revisions kept compiled: one a tenant that is at work, as a rule.
const KEPT: usize = 8;
/// Tenants whose last revision is remembered.
const TENANTS: usize = 4_096;

/// The revisions of a process; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Revisions(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    revisions: VecDeque<Arc<Compiled>>,
    active: BTreeMap<TenantId, String>,
}

impl Kept {
    fn get(&self, hash: &str) -> Option<Arc<Compiled>> {
        self.revisions.iter().find(|kept| kept.revision().to_string() == hash).cloned()
    }
}

impl Revisions {
    /// The revision with this hash, if it is kept. To know a hash is not to have it: whoever asks
    /// was told the hash by the dictionary.
    pub(crate) fn get(&self, hash: &str) -> Option<Arc<Compiled>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash)
    }

    /// The hash of the revision that a tenant used last, if it is kept.
    pub(crate) fn last_of(&self, tenant: TenantId) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = kept.active.get(&tenant)?;
        kept.get(hash).map(|_| hash.clone())
    }

    /// Keeps a revision as the one that is active in a tenant.
    pub(crate) fn keep(&self, tenant: TenantId, revision: Arc<Compiled>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.active.len() >= TENANTS {
            kept.active.clear();
        }
        kept.active.insert(tenant, revision.revision().to_string());
        kept.revisions.retain(|held| held.revision() != revision.revision());
        kept.revisions.push_front(revision);
        kept.revisions.truncate(KEPT);
    }
}

/// Reads and compiles a bundle's canonical JSON where it holds up nobody; `None` for what is no
/// bundle or contradicts itself.
pub(crate) async fn compile_aside(canonical: Vec<u8>) -> Option<Arc<Compiled>> {
    let compile = move || {
        let bundle = Bundle::parse(std::str::from_utf8(&canonical).ok()?).ok()?;
        Compiled::new(&bundle).ok().map(Arc::new)
    };
    tokio::task::spawn_blocking(compile).await.ok().flatten()
}

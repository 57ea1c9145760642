//! Compiled dictionary revisions by content hash, the last few of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::dictionary::{Bundle, Compiled};
use domain::tenancy::TenantId;
use platform::rejection::Fault;

use crate::error::Error;

/// Revisions kept compiled: one a tenant group that is being read, as a rule.
const KEPT: usize = 8;
/// Tenants whose last revision is remembered.
const TENANTS: usize = 4_096;

/// A revision, ready to decide.
#[derive(Debug)]
pub struct Revision {
    hash: String,
    canonical: Vec<u8>,
    compiled: Arc<Compiled>,
}

impl Revision {
    /// Reads and compiles a bundle's canonical JSON.
    ///
    /// # Errors
    /// [`Error::UnusableRevision`] when it is no bundle or has conflicts.
    pub fn parse(canonical: Vec<u8>) -> Result<Self, Error> {
        let compiled = Arc::new(compile(&canonical).map_err(|_| Error::UnusableRevision)?);
        Ok(Self { hash: compiled.revision().to_string(), canonical, compiled })
    }

    /// The content hash, lowercase hexadecimal.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The canonical JSON.
    #[must_use]
    pub fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// The compiled bundle.
    #[must_use]
    pub fn compiled(&self) -> &Arc<Compiled> {
        &self.compiled
    }
}

/// Reads and compiles a bundle's JSON, or says why that is not possible.
fn compile(json: &[u8]) -> Result<Compiled, String> {
    let text = std::str::from_utf8(json).map_err(|_| "it is not UTF-8".to_owned())?;
    let bundle = Bundle::parse(text).map_err(|error| error.to_string())?;
    Compiled::new(&bundle).map_err(|conflicts| conflicts[0].to_string())
}

/// As [`compile`], where it holds up nobody: a large bundle takes a while.
pub(crate) async fn compile_aside(json: Vec<u8>) -> Result<Result<Arc<Compiled>, String>, Fault> {
    let compiling = tokio::task::spawn_blocking(move || compile(&json).map(Arc::new));
    compiling.await.map_err(|_| Fault::Broken("compiling a bundle panicked"))
}

/// The revisions of a process; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Revisions(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    revisions: VecDeque<Arc<Revision>>,
    active: BTreeMap<TenantId, String>,
    trials: BTreeMap<TenantId, String>,
}

impl Revisions {
    /// The revision with this hash, if it is kept.
    pub(crate) fn get(&self, hash: &str) -> Option<Arc<Revision>> {
        self.lock().revisions.iter().find(|revision| revision.hash == hash).cloned()
    }

    /// The revision a tenant decided with last, if it is kept.
    pub(crate) fn last_of(&self, tenant: TenantId) -> Option<Arc<Revision>> {
        let hash = self.lock().active.get(&tenant).cloned()?;
        self.get(&hash)
    }

    /// Keeps a revision as the one its tenant decides with now.
    pub(crate) fn keep(&self, tenant: TenantId, revision: Arc<Revision>) {
        let mut kept = self.lock();
        if kept.active.len() >= TENANTS {
            kept.active.clear();
        }
        kept.active.insert(tenant, revision.hash.clone());
        kept.hold(revision);
    }

    /// The hash of the change that a tenant tried last, if its content is kept.
    pub(crate) fn trial_of(&self, tenant: TenantId) -> Option<String> {
        let hash = self.lock().trials.get(&tenant).cloned()?;
        self.get(&hash).map(|_| hash)
    }

    /// Keeps a change as the one its tenant tries now.
    pub(crate) fn try_out(&self, tenant: TenantId, revision: Arc<Revision>) {
        let mut kept = self.lock();
        if kept.trials.len() >= TENANTS {
            kept.trials.clear();
        }
        kept.trials.insert(tenant, revision.hash.clone());
        kept.hold(revision);
    }

    /// Keeps a revision.
    pub(crate) fn hold(&self, revision: Arc<Revision>) {
        self.lock().hold(revision);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn hold(&mut self, revision: Arc<Revision>) {
        self.revisions.retain(|held| held.hash != revision.hash);
        self.revisions.push_front(revision);
        self.revisions.truncate(KEPT);
    }
}

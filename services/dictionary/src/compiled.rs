//! Revisions made ready to decide, kept in this process by their content hash.
//!
//! The cache holds no tenant: the same content is the same revision everywhere. Who may use it is
//! settled before: a hash is looked up among the tenant's own revisions first.

use std::sync::Arc;

use contracts::dictionary::v1::Approver;
use domain::dictionary::{Bundle, Compiled, ParseError, RevisionHash};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};

use crate::{Dictionary, Error, grpc};
use registry::approvers;
use registry::revisions::{self, Revision};

/// How much canonical JSON the kept revisions come from at most, in bytes; a compiled revision
/// takes a few times as much.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

/// The compiled revisions of this process.
#[derive(Clone, Debug)]
pub(crate) struct CompiledRevisions(moka::sync::Cache<RevisionHash, Arc<Ready>>);

/// A revision that decides.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) compiled: Compiled,
    size: u32,
}

impl CompiledRevisions {
    pub(crate) fn new() -> Self {
        let cache = moka::sync::Cache::builder()
            .max_capacity(KEPT_BYTES)
            .weigher(|_, ready: &Arc<Ready>| ready.size)
            .build();
        Self(cache)
    }
}

/// How a caller names a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RevisionName {
    Active,
    Hash(RevisionHash),
    Number(i64),
}

impl RevisionName {
    /// `active`, a hash, or a number.
    pub(crate) fn read(field: &str, text: &str) -> Result<Self, Fault> {
        let number = text.parse().ok().filter(|number| *number > 0 && text.len() < 20);
        if let Some(number) = number { Ok(Self::Number(number)) } else { Self::hash(field, text) }
    }

    /// `active` or a hash.
    pub(crate) fn hash(field: &str, text: &str) -> Result<Self, Fault> {
        if text == "active" {
            return Ok(Self::Active);
        }
        let mut violations = Violations::default();
        let hash = violations.check(field, text.parse().map_err(|_| "names no revision"));
        violations.into_result()?;
        hash.map(Self::Hash).ok_or(Fault::Broken("a violation was lost"))
    }

    /// As [`Self::hash`], and empty means `active`.
    pub(crate) fn pinned(field: &str, text: &str) -> Result<Self, Fault> {
        if text.is_empty() { Ok(Self::Active) } else { Self::hash(field, text) }
    }
}

impl Dictionary {
    /// The caller's revision of that name, ready to decide.
    pub(crate) async fn ready(
        &self,
        caller: &Caller,
        name: &RevisionName,
    ) -> Result<Arc<Ready>, Error> {
        Ok(self.ready_here(caller, name).await?.0)
    }

    /// As [`Self::ready`], with by whose acts it has its right in the caller's tenant.
    pub(crate) async fn ready_here(
        &self,
        caller: &Caller,
        name: &RevisionName,
    ) -> Result<(Arc<Ready>, Vec<Approver>), Error> {
        let tx = self.database.read(caller).await?;
        let revision = find(&tx, name).await?;
        let hash: RevisionHash = revision
            .hash
            .parse()
            .map_err(|_| Fault::Broken("a stored revision is named by no hash"))?;
        let acts = approvers::of(&tx, vec![revision.hash.clone()]).await?;
        let approvers = grpc::approvers(&revision, &acts);
        if let Some(ready) = self.revisions.0.get(&hash) {
            return Ok((ready, approvers));
        }
        let canonical = revisions::content(&tx, &revision.hash).await?;
        drop(tx);
        let ready = tokio::task::spawn_blocking(move || compile(canonical, hash))
            .await
            .map_err(|_| Fault::Broken("compiling a revision panicked"))??;
        let ready = Arc::new(ready);
        self.revisions.0.insert(hash, Arc::clone(&ready));
        Ok((ready, approvers))
    }
}

/// The revision of that name among the transaction's tenant's own.
pub(crate) async fn find(
    tx: &platform::tenant_tx::TenantTx,
    name: &RevisionName,
) -> Result<Revision, Error> {
    let found = match name {
        RevisionName::Active => {
            let active = revisions::active(tx).await?.ok_or(Error::NoActiveRevision)?;
            revisions::with_hash(tx, &active.hash).await?
        }
        RevisionName::Hash(hash) => revisions::with_hash(tx, &hash.to_string()).await?,
        RevisionName::Number(number) => revisions::with_number(tx, *number).await?,
    };
    found.ok_or(Error::UnknownRevision)
}

/// Content that is named by a hash, ready to decide.
pub(crate) fn compile(canonical: Vec<u8>, hash: RevisionHash) -> Result<Ready, Error> {
    let size = u32::try_from(canonical.len()).unwrap_or(u32::MAX);
    let text = String::from_utf8(canonical)
        .map_err(|_| Fault::Broken("a stored revision is not UTF-8"))?;
    let bundle = Bundle::parse(&text).map_err(|error| match error {
        ParseError::Semantics(semantics) => Error::SemanticsUnsupported(semantics.into()),
        ParseError::Schema(_) | ParseError::Defects(_) => {
            Fault::Broken("a stored revision cannot be read").into()
        }
    })?;
    let compiled = Compiled::new(&bundle)
        .map_err(|_| Fault::Broken("a stored revision contradicts itself"))?;
    if compiled.revision() != hash {
        return Err(Fault::Broken("a stored revision is not what its hash names").into());
    }
    Ok(Ready { compiled, size })
}

#[cfg(test)]
mod tests;

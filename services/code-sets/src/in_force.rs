//! Which state of a set is in force, and its codes.

use std::fmt;

use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::store::releases::{self, Release, own, published};
use crate::store::{ListedCode, built_in};

/// For whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The transaction's tenant.
    Tenant,
    /// Every tenant that has no release of its own.
    Everybody,
}

/// Where the codes of a state stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// With a release of the tenant's own.
    Own(Uuid),
    /// In the reference rows of this name: a release of the operator's, or a build's.
    Reference(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(id) => id.fmt(f),
            Self::Reference(name) => f.write_str(name),
        }
    }
}

/// A state of a set.
#[derive(Clone, Debug)]
pub(crate) struct InForce {
    pub(crate) place: Place,
    /// The release that made it; nothing when it came with the build.
    pub(crate) release: Option<Release>,
}

/// The state that is in force.
pub(crate) async fn of(
    tx: &TenantTx,
    built_in: &str,
    code_set: &str,
    whose: Whose,
) -> Result<InForce, Fault> {
    if whose == Whose::Tenant
        && let Some(release) = own::newest(tx, code_set).await?
    {
        return Ok(InForce { place: Place::Own(release.id), release: Some(release) });
    }
    Ok(match published::newest(tx, code_set).await? {
        Some(release) => {
            InForce { place: Place::Reference(release.id.to_string()), release: Some(release) }
        }
        None => InForce { place: Place::Reference(built_in.to_owned()), release: None },
    })
}

/// A release that the tenant can see, and where its codes stand.
pub(crate) async fn release(tx: &TenantTx, id: Uuid) -> Result<Option<(Release, Place)>, Fault> {
    if let Some(release) = own::find(tx, id).await? {
        return Ok(Some((release, Place::Own(id))));
    }
    let published = published::find(tx, id).await?;
    Ok(published.map(|release| (release, Place::Reference(id.to_string()))))
}

/// The state that a release was compared with.
pub(crate) async fn previous(tx: &TenantTx, release: &Release) -> Result<Place, Fault> {
    if let Ok(id) = Uuid::try_parse(&release.previous)
        && own::find(tx, id).await?.is_some()
    {
        return Ok(Place::Own(id));
    }
    Ok(Place::Reference(release.previous.clone()))
}

/// Whether there is such a set.
pub(crate) async fn has_set(
    tx: &TenantTx,
    standing: &InForce,
    code_set: &str,
) -> Result<bool, Fault> {
    match &standing.place {
        Place::Reference(name) if standing.release.is_none() => {
            built_in::has_set(tx, name, code_set).await
        }
        Place::Own(_) | Place::Reference(_) => Ok(true),
    }
}

/// The codes of a set in its order, after the place `after`.
pub(crate) async fn codes(
    tx: &TenantTx,
    place: &Place,
    code_set: &str,
    after: i32,
) -> Result<Vec<ListedCode>, Fault> {
    match place {
        Place::Own(id) => releases::codes(tx, *id, code_set, after).await,
        Place::Reference(name) => built_in::codes(tx, name, code_set, after).await,
    }
}

/// The code of a set under one of its spellings.
pub(crate) async fn code(
    tx: &TenantTx,
    place: &Place,
    code_set: &str,
    spellings: Vec<String>,
) -> Result<Option<ListedCode>, Fault> {
    match place {
        Place::Own(id) => releases::code(tx, *id, code_set, spellings).await,
        Place::Reference(name) => built_in::code(tx, name, code_set, spellings).await,
    }
}

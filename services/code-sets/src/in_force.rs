//! Which state of a set is in force, and its codes.

use std::collections::BTreeMap;
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
    /// Every tenant that has no later release of its own.
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

/// A state of a set, as its codes stand.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) place: Place,
    /// The texts that the tenant gave its codes before this release of the operator's.
    texts: Option<Texts>,
}

/// Texts of a tenant: where its newest release stands, and over what it was laid, so that a text
/// it merely took over from there is known as nobody's.
#[derive(Clone, Debug)]
struct Texts {
    own: Uuid,
    over: String,
}

/// The state that is in force.
#[derive(Clone, Debug)]
pub(crate) struct InForce {
    pub(crate) state: State,
    /// The release that made it; nothing when it came with the build.
    pub(crate) release: Option<Release>,
}

impl State {
    fn own(release: &Release) -> Self {
        Self { place: Place::Own(release.id), texts: None }
    }

    fn reference(name: impl Into<String>) -> Self {
        Self { place: Place::Reference(name.into()), texts: None }
    }
}

/// The state that is in force: of two releases the later one, and the tenant's of two of one day.
pub(crate) async fn of(
    tx: &TenantTx,
    built_in: &str,
    code_set: &str,
    whose: Whose,
) -> Result<InForce, Fault> {
    let own = match whose {
        Whose::Tenant => own::newest(tx, code_set).await?,
        Whose::Everybody => None,
    };
    let everybodys = published::newest(tx, code_set).await?;
    if let Some(own) = &own
        && stands_over(own, everybodys.as_ref())
    {
        return Ok(InForce { state: State::own(own), release: Some(own.clone()) });
    }
    let name = everybodys.as_ref().map_or_else(|| built_in.to_owned(), |it| it.id.to_string());
    let state = State { texts: texts(tx, own.as_ref()).await?, ..State::reference(name) };
    Ok(InForce { state, release: everybodys })
}

/// Whether a tenant's own release stands over one for everybody.
pub(crate) fn stands_over(own: &Release, everybodys: Option<&Release>) -> bool {
    everybodys.is_none_or(|other| other.released_on <= own.released_on)
}

/// The texts of a tenant whose newest release is `own`.
async fn texts(tx: &TenantTx, own: Option<&Release>) -> Result<Option<Texts>, Fault> {
    let Some(own) = own else { return Ok(None) };
    let mut over = own.previous.clone();
    while let Ok(id) = Uuid::try_parse(&over)
        && let Some(earlier) = own::find(tx, id).await?
    {
        over = earlier.previous;
    }
    Ok(Some(Texts { own: own.id, over }))
}

/// What a release for everybody made of the tenant's codes: the state before it, and after it;
/// nothing when a release of the tenant's own stands over it.
pub(crate) async fn around(
    tx: &TenantTx,
    release: &Release,
) -> Result<Option<(State, State)>, Fault> {
    let own = own::newest(tx, &release.code_set).await?;
    if own.as_ref().is_some_and(|own| stands_over(own, Some(release))) {
        return Ok(None);
    }
    let texts = texts(tx, own.as_ref()).await?;
    let earlier = match Uuid::try_parse(&release.previous) {
        Ok(id) => published::find(tx, id).await?,
        Err(_) => None,
    };
    let before = match &own {
        Some(own) if stands_over(own, earlier.as_ref()) => State::own(own),
        _ => State { texts: texts.clone(), ..State::reference(&release.previous) },
    };
    Ok(Some((before, State { texts, ..State::reference(release.id) })))
}

/// A release that the tenant can see, with its codes and those it was compared with.
pub(crate) async fn release(
    tx: &TenantTx,
    id: Uuid,
) -> Result<Option<(Release, State, State)>, Fault> {
    if let Some(release) = own::find(tx, id).await? {
        let (before, after) = (before(tx, &release).await?, State::own(&release));
        return Ok(Some((release, before, after)));
    }
    let Some(release) = published::find(tx, id).await? else { return Ok(None) };
    let (before, after) = (State::reference(&release.previous), State::reference(release.id));
    Ok(Some((release, before, after)))
}

/// The state that a release of the tenant's own was compared with.
async fn before(tx: &TenantTx, release: &Release) -> Result<State, Fault> {
    if let Ok(id) = Uuid::try_parse(&release.previous)
        && let Some(earlier) = own::find(tx, id).await?
    {
        return Ok(State::own(&earlier));
    }
    let earlier = own::numbered(tx, &release.code_set, release.number - 1).await?;
    let texts = texts(tx, earlier.as_ref()).await?;
    Ok(State { texts, ..State::reference(&release.previous) })
}

/// Whether there is such a set.
pub(crate) async fn has_set(
    tx: &TenantTx,
    standing: &InForce,
    code_set: &str,
) -> Result<bool, Fault> {
    match &standing.state.place {
        Place::Reference(name) if standing.release.is_none() => {
            built_in::has_set(tx, name, code_set).await
        }
        Place::Own(_) | Place::Reference(_) => Ok(true),
    }
}

/// The codes of a set in its order, after the place `after`.
pub(crate) async fn codes(
    tx: &TenantTx,
    state: &State,
    code_set: &str,
    after: i32,
) -> Result<Vec<ListedCode>, Fault> {
    let mut codes = match &state.place {
        Place::Own(id) => releases::codes(tx, *id, code_set, after).await?,
        Place::Reference(name) => built_in::codes(tx, name, code_set, after).await?,
    };
    if let Some(texts) = &state.texts {
        let over = labels(built_in::codes(tx, &texts.over, code_set, 0).await?);
        let given = labels(releases::codes(tx, texts.own, code_set, 0).await?);
        for listed in &mut codes {
            let code = listed.code.code.as_str();
            relabel(listed, given.get(code), over.get(code));
        }
    }
    Ok(codes)
}

/// The code of a set under one of its spellings.
pub(crate) async fn code(
    tx: &TenantTx,
    state: &State,
    code_set: &str,
    spellings: Vec<String>,
) -> Result<Option<ListedCode>, Fault> {
    let found = match &state.place {
        Place::Own(id) => releases::code(tx, *id, code_set, spellings).await?,
        Place::Reference(name) => built_in::code(tx, name, code_set, spellings).await?,
    };
    let (Some(mut listed), Some(texts)) = (found.clone(), &state.texts) else { return Ok(found) };
    let this = || vec![listed.code.code.clone()];
    let over = built_in::code(tx, &texts.over, code_set, this()).await?;
    let given = releases::code(tx, texts.own, code_set, this()).await?;
    let label = |it: Option<ListedCode>| it.map(|it| it.code.label);
    let (given, over) = (label(given), label(over));
    relabel(&mut listed, given.as_ref(), over.as_ref());
    Ok(Some(listed))
}

/// Gives a code the tenant's text, if the tenant gave it one.
fn relabel(listed: &mut ListedCode, given: Option<&String>, over: Option<&String>) {
    if let Some(given) = given
        && Some(given) != over
    {
        listed.code.label.clone_from(given);
    }
}

fn labels(codes: Vec<ListedCode>) -> BTreeMap<String, String> {
    codes.into_iter().map(|listed| (listed.code.code, listed.code.label)).collect()
}

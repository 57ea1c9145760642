//! Asks peers, in the caller's name, for what a file is posted under.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::dictionary::v1 as dictionary;
use contracts::dictionary::v1::dictionary_service_client::DictionaryServiceClient;
use contracts::identity::v1 as identity;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use domain::codes::{Lob, Network};
use domain::dictionary::{Compiled, ContentHash};
use domain::tenancy::TenantId;
use platform::access::Caller;
use platform::cache::{Cache, Key};
use platform::clock::instant;
use platform::rejection::{Fault, Violations};
use platform::wire::Wire;
use prost::Message;
use tonic::{Code, Request};
use uuid::Uuid;

use crate::error::Error;
use crate::revisions::{Revision, Revisions, compile_aside};
use ledger::files::Approvers;
use remitted::{
    Alias, AliasKind, Context, FacilityFact, PayerCode, PayerFact, ServiceLineFact,
    ServiceLineRule, Trial, alias,
};

/// Rows a page; the most the contracts allow.
const PAGE: i32 = 500;
/// How long a revision stays in the cache: a day of files is decided without asking for it again.
const CACHED: Duration = Duration::from_secs(24 * 60 * 60);

/// The revision that is active.
#[derive(Clone, Debug)]
pub(crate) struct Active {
    pub(crate) revision: Arc<Revision>,
    /// Since when.
    pub(crate) since: DateTime<Utc>,
    /// The change that is tried beside it.
    pub(crate) trial: Option<(Trial, Arc<Revision>)>,
    /// By whose acts these have their right.
    pub(crate) approvers: Vec<Approvers>,
}

/// The ways to the peers.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    pub(crate) dictionary: Wire,
    pub(crate) identity: Wire,
    pub(crate) cache: Cache,
}

impl Peers {
    /// Everything a file of `caller`'s tenant is posted under.
    pub(crate) async fn context(
        &self,
        caller: &Caller,
        revisions: &Revisions,
    ) -> Result<(Context, Active), Error> {
        let active = self.active(caller, revisions).await?;
        let context = Context {
            revision: active.revision.hash().to_owned(),
            trial: active.trial.as_ref().map(|(trial, _)| trial.clone()),
            payers: self.payers(caller).await?,
            payer_codes: self.payer_codes(caller).await?,
            facilities: self.facilities(caller).await?,
            service_lines: self.service_lines(caller).await?,
            teams: self.teams(caller).await?,
        };
        Ok((context, active))
    }

    /// The payer with this id; refuses one that the directory does not have.
    pub(crate) async fn know_payer(
        &self,
        caller: &Caller,
        field: &str,
        id: &str,
    ) -> Result<dictionary::Payer, Error> {
        let request = dictionary::GetPayerRequest { id: id.to_owned() };
        match self.bundles(caller).get_payer(Request::new(request)).await {
            Ok(answer) => Ok(answer.into_inner().payer.unwrap_or_default()),
            Err(status) if status.code() == Code::NotFound => {
                let mut violations = Violations::default();
                violations.add(field, "is no payer of the directory");
                violations.into_result()?;
                Err(Fault::Broken("a violation was lost").into())
            }
            Err(status) => Err(status.into()),
        }
    }

    /// A revision of `caller`'s tenant. It is always asked for: to know a hash is not to have it.
    pub(crate) async fn revision(
        &self,
        caller: &Caller,
        revisions: &Revisions,
        hash: ContentHash,
    ) -> Result<Arc<Compiled>, Error> {
        let revision = hash.to_string();
        let known = revisions.get(&revision);
        let known_hash = known.as_ref().map(|known| known.hash().to_owned()).unwrap_or_default();
        let request = dictionary::GetCompiledRevisionRequest {
            revision,
            known_hash,
            ..dictionary::GetCompiledRevisionRequest::default()
        };
        let answer = match self.bundles(caller).get_compiled_revision(Request::new(request)).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if status.code() == Code::NotFound => return Err(Fault::NotFound.into()),
            Err(status) => return Err(status.into()),
        };
        if let Some(known) = known {
            return Ok(known.compiled().clone());
        }
        let compiled = compile_aside(answer.canonical_json).await?;
        let compiled = compiled.map_err(|_| Error::UnusableRevision)?;
        if compiled.revision() == hash { Ok(compiled) } else { Err(Error::UnusableRevision) }
    }

    fn bundles(&self, caller: &Caller) -> DictionaryServiceClient<Wire> {
        DictionaryServiceClient::new(self.dictionary.as_caller(caller))
            .max_decoding_message_size(64 << 20)
    }

    /// The revision that is active in `caller`'s tenant.
    pub(crate) async fn active(
        &self,
        caller: &Caller,
        revisions: &Revisions,
    ) -> Result<Active, Error> {
        let mut client = self.bundles(caller);
        let known = match revisions.last_of(caller.tenant()) {
            Some(known) => Some(known),
            None => self.cached(caller.tenant()).await,
        };
        let request = dictionary::GetCompiledRevisionRequest {
            revision: "active".to_owned(),
            known_hash: known.as_ref().map(|known| known.hash().to_owned()).unwrap_or_default(),
            known_preview_hash: revisions.trial_of(caller.tenant()).unwrap_or_default(),
        };
        let answer = match client.get_compiled_revision(Request::new(request)).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if matches!(status.code(), Code::NotFound | Code::FailedPrecondition) => {
                return Err(Error::NoActiveRevision);
            }
            Err(status) => return Err(status.into()),
        };
        let since = answer.activated_at.and_then(instant).ok_or(Error::UnusableRevision)?;
        let mut approvers = vec![noted(&answer.hash, answer.approvers)];
        approvers.extend(answer.preview.iter().map(|it| noted(&it.hash, it.approvers.clone())));
        let trial = answer.preview.map(|preview| trial(caller.tenant(), preview, revisions));
        let trial = trial.transpose()?;
        if let Some(known) = known.filter(|known| known.hash() == answer.hash) {
            revisions.keep(caller.tenant(), known.clone());
            return Ok(Active { revision: known, since, trial, approvers });
        }
        let revision = match revisions.get(&answer.hash) {
            Some(kept) => kept,
            None => Arc::new(Revision::parse(answer.canonical_json)?),
        };
        if revision.hash() != answer.hash {
            return Err(Error::UnusableRevision);
        }
        revisions.keep(caller.tenant(), revision.clone());
        self.share(caller.tenant(), &revision).await;
        Ok(Active { revision, since, trial, approvers })
    }

    /// The revision that a copy of this service decided with last. Which one is active is the
    /// dictionary's word alone: this only spares the content's way when it is still the one.
    async fn cached(&self, tenant: TenantId) -> Option<Arc<Revision>> {
        let hash = String::from_utf8(self.cache.get(&last_key(tenant)).await?).ok()?;
        let canonical = self.cache.get(&content_key(tenant, &hash)).await?;
        // Whatever stands there is believed only as far as its own hash goes.
        let revision = Revision::parse(canonical).ok().filter(|revision| revision.hash() == hash);
        revision.map(Arc::new)
    }

    async fn share(&self, tenant: TenantId, revision: &Revision) {
        let content = revision.canonical().to_vec();
        self.cache.set(&content_key(tenant, revision.hash()), content, CACHED).await;
        self.cache.set(&last_key(tenant), revision.hash().into(), CACHED).await;
    }

    async fn payers(&self, caller: &Caller) -> Result<Vec<PayerFact>, Error> {
        let mut client = DictionaryServiceClient::new(self.dictionary.as_caller(caller));
        let (mut payers, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = dictionary::ListPayersRequest {
                page_size: PAGE,
                page_token,
                ..dictionary::ListPayersRequest::default()
            };
            let page = client.list_payers(Request::new(request)).await?.into_inner();
            for payer in page.payers {
                payers.push(payer_fact(payer)?);
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(payers);
            }
        }
    }

    /// What payers' own codes stand for.
    async fn payer_codes(&self, caller: &Caller) -> Result<Vec<PayerCode>, Error> {
        let mut client = DictionaryServiceClient::new(self.dictionary.as_caller(caller));
        let (mut codes, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = dictionary::ListPayerCodesRequest {
                page_size: PAGE,
                page_token,
                filter: "mapped = true".to_owned(),
            };
            let page = client.list_payer_codes(Request::new(request)).await?.into_inner();
            for code in page.payer_codes {
                codes.push(PayerCode {
                    payer: id(&code.payer_id)?,
                    code: code.code.to_uppercase(),
                    carc: code.standard_carc,
                    rarc: code.standard_rarc,
                });
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(codes);
            }
        }
    }

    async fn facilities(&self, caller: &Caller) -> Result<Vec<FacilityFact>, Error> {
        let mut client = IdentityServiceClient::new(self.identity.as_caller(caller));
        let (mut facilities, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = identity::ListFacilitiesRequest {
                page_size: PAGE,
                page_token,
                ..identity::ListFacilitiesRequest::default()
            };
            let page = client.list_facilities(Request::new(request)).await?.into_inner();
            for facility in page.facilities {
                facilities.push(FacilityFact {
                    id: id(&facility.id)?,
                    slug: facility.slug,
                    name: facility.display_name,
                    npis: facility.npis,
                    tax_ids: facility.tax_ids,
                    ccn: facility.ccn,
                    zone: facility.time_zone.parse().ok(),
                });
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(facilities);
            }
        }
    }

    async fn service_lines(&self, caller: &Caller) -> Result<Vec<ServiceLineFact>, Error> {
        let mut client = IdentityServiceClient::new(self.identity.as_caller(caller));
        let (mut lines, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = identity::ListServiceLinesRequest { page_size: PAGE, page_token };
            let page = client.list_service_lines(Request::new(request)).await?.into_inner();
            lines.extend(page.service_lines.into_iter().map(|line| ServiceLineFact {
                slug: line.slug,
                rules: line.rules.into_iter().map(rule).collect(),
            }));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(lines);
            }
        }
    }

    /// What people call the teams, by slug.
    pub(crate) async fn teams(&self, caller: &Caller) -> Result<BTreeMap<String, String>, Error> {
        let mut client = IdentityServiceClient::new(self.identity.as_caller(caller));
        let (mut teams, mut page_token) = (BTreeMap::new(), String::new());
        loop {
            let request = identity::ListTeamsRequest { page_size: PAGE, page_token };
            let page = client.list_teams(Request::new(request)).await?.into_inner();
            teams.extend(page.teams.into_iter().map(|team| (team.slug, team.display_name)));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(teams);
            }
        }
    }
}

/// As the ledger keeps them.
fn noted(revision: &str, approvers: Vec<dictionary::Approver>) -> Approvers {
    let receipt = dictionary::Receipt { approvers, ..dictionary::Receipt::default() };
    Approvers { revision: revision.to_owned(), encoded: receipt.encode_to_vec() }
}

/// The change on trial, with its content: what is kept, or what was sent.
fn trial(
    tenant: TenantId,
    preview: dictionary::CompiledPreview,
    revisions: &Revisions,
) -> Result<(Trial, Arc<Revision>), Error> {
    let revision = match revisions.get(&preview.hash) {
        Some(kept) => kept,
        None => Arc::new(Revision::parse(preview.canonical_json)?),
    };
    if revision.hash() != preview.hash {
        return Err(Error::UnusableRevision);
    }
    revisions.try_out(tenant, revision.clone());
    let limits = preview.limits.unwrap_or_default();
    let trial = Trial {
        id: id(&preview.id)?,
        canary: preview.stage == i32::from(dictionary::PreviewStage::Canary),
        revision: preview.hash,
        facilities: preview.facilities,
        payers: preview.payers,
        limits: [
            limits.diverged_basis_points_max.into(),
            limits.unmapped_basis_points_max.into(),
            limits.short_deadlines_max,
        ],
    };
    Ok((trial, revision))
}

fn last_key(tenant: TenantId) -> Key {
    Key::new(tenant, "last_revision", "decided_with")
}

fn content_key(tenant: TenantId, hash: &str) -> Key {
    Key::new(tenant, "revision", hash)
}

fn rule(rule: identity::ServiceLineRule) -> ServiceLineRule {
    let ranges = |ranges: Vec<identity::CodeRange>| {
        ranges.into_iter().map(|range| (range.first_code, range.last_code)).collect()
    };
    ServiceLineRule {
        revenue_codes: ranges(rule.revenue_codes),
        procedure_codes: ranges(rule.procedure_codes),
        bill_types: rule.bill_types,
    }
}

fn payer_fact(payer: dictionary::Payer) -> Result<PayerFact, Error> {
    let (lob, network) = (payer.line_of_business(), payer.network());
    let aliases = payer.aliases.iter().filter_map(|stated| {
        Some(Alias { kind: alias_kind(stated.kind())?, value: alias(&stated.value) })
    });
    let mut aliases: Vec<Alias> = aliases.collect();
    aliases.push(Alias { kind: AliasKind::Name, value: alias(&payer.display_name) });
    Ok(PayerFact {
        id: id(&payer.id)?,
        slug: payer.slug,
        name: payer.display_name,
        aliases,
        lob: Lob::parse(&word(lob.as_str_name(), "LINE_OF_BUSINESS_")),
        network: Network::parse(&word(network.as_str_name(), "NETWORK_")),
        zone: payer.time_zone.parse().ok(),
    })
}

fn alias_kind(kind: dictionary::PayerAliasKind) -> Option<AliasKind> {
    use dictionary::PayerAliasKind as K;
    Some(match kind {
        K::Unspecified => return None,
        K::Name => AliasKind::Name,
        K::CmsPlanId => AliasKind::CmsPlanId,
        K::TracePayerId => AliasKind::TracePayerId,
        K::PayerId => AliasKind::PayerId,
        K::Naic => AliasKind::Naic,
        K::HealthIndustryNumber => AliasKind::HealthIndustryNumber,
        K::SubmitterId => AliasKind::SubmitterId,
    })
}

/// The domain's spelling of a contract's enum value.
fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}

fn id(text: &str) -> Result<Uuid, Error> {
    Uuid::parse_str(text).map_err(|_| Fault::Broken("a peer answered an id that is none").into())
}

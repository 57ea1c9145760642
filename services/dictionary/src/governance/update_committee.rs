use std::collections::BTreeSet;

use uuid::Uuid;

use contracts::dictionary::v1::{UpdateCommitteeRequest, UpdateCommitteeResponse};
use domain::dictionary::ContentHash;
use domain::dictionary::canonical::to_canonical;
use domain_governance::ballot::Defect;
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violation, Violations};
use platform::tenant_tx::TenantTx;

use super::chamber::{self, Chamber};
use super::{Committee, Matter, Refusal, etag, prose};
use crate::{Dictionary, Error, FEED, grpc};
use registry::changes;
use registry::committees::{self, Committee as Row, Consent, Proposal};

/// What is written.
#[derive(Debug)]
struct Fields {
    title: Option<String>,
    committee: Committee,
    seats: bool,
    policies: bool,
    etag: String,
    time_zone: String,
    reason: String,
}

/// What became of it.
#[derive(Debug)]
enum Done {
    /// It is the tenant's first committee.
    Made(Row),
    /// It waits for a second person, beside the one that stands.
    Waits(Row, Proposal),
}

impl Dictionary {
    /// Asks for another committee with the fields of the mask; the first call makes one.
    ///
    /// Its days are those of the tenant's time zone, asked for here: timers have nobody's name to
    /// ask in.
    pub(crate) async fn update_committee(
        &self,
        caller: &Caller,
        request: UpdateCommitteeRequest,
    ) -> Result<UpdateCommitteeResponse, Error> {
        let sent = request.committee.clone().unwrap_or_default();
        let mut violations = Violations::default();
        etag(&mut violations, &sent.etag);
        prose(&mut violations, "reason", &request.reason, 4_000);
        let committee = grpc::read_committee(&sent, &mut violations);
        let paths = request.update_mask.clone().unwrap_or_default().paths;
        if paths.is_empty() {
            violations.add("update_mask", "is required: `title`, `seats`, `policies`");
        }
        for path in &paths {
            match path.as_str() {
                "title" => violations.text("committee.title", &sent.title, 200),
                "seats" | "policies" => {}
                other => violations.add(
                    "update_mask",
                    format!("`{other:.96}` cannot be written; `title`, `seats`, `policies` can"),
                ),
            }
        }
        violations.into_result()?;
        let has = |name: &str| paths.iter().any(|path| path == name);
        self.peers.users_are_there(caller, people(&committee)).await?;
        let fields = Fields {
            title: has("title").then_some(sent.title),
            seats: has("seats"),
            policies: has("policies"),
            etag: sent.etag,
            time_zone: self.peers.time_zone(caller).await?,
            committee,
            reason: request.reason.clone(),
        };
        let once = Once::of(&request.request_id, &request)?;
        self.act(caller, once, request.validate_only, move |tx| {
            Box::pin(async move {
                Ok(match update(tx, fields).await? {
                    Done::Made(row) => UpdateCommitteeResponse {
                        committee: Some(grpc::committee(row)?),
                        proposal: None,
                    },
                    Done::Waits(row, proposal) => UpdateCommitteeResponse {
                        proposal: Some(grpc::committee_proposal(&row, proposal)?),
                        committee: Some(grpc::committee(row)?),
                    },
                })
            })
        })
        .await
    }
}

fn people(committee: &Committee) -> BTreeSet<Uuid> {
    let people = committee.seats.iter().flat_map(|seat| [seat.holder, seat.delegate]);
    people.flatten().map(|user| user.0).collect()
}

async fn update(tx: &TenantTx, fields: Fields) -> Result<Done, Error> {
    let former = committees::find(tx).await?;
    let version = former.as_ref().map_or(0, |row| row.version);
    if fields.etag != version.to_string() {
        return Err(Fault::StaleEtag.into());
    }
    let mut committee = chamber::seated(former.as_ref())?;
    if fields.seats {
        committee.seats = fields.committee.seats;
    }
    if fields.policies {
        committee.policies = fields.committee.policies;
    }
    sound(&committee)?;
    let title = fields.title.or_else(|| former.as_ref().map(|row| row.title.clone()));
    let title = title.unwrap_or_else(|| "Governance committee".to_owned());
    let (now, author) = (tx.clock().now(), tx.caller().actor().to_owned());
    let Some(former) = former else {
        let row = Row {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            title,
            time_zone: fields.time_zone,
            document: write(&committee)?,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let first = Consent::of(&row, "first", author, fields.reason);
        return Ok(Done::Made(keep(tx, row, first, "committee.updated").await?));
    };
    let standing = chamber::seated(Some(&former))?;
    let asked = (&title, &fields.time_zone, &committee);
    if asked == (&former.title, &former.time_zone, &standing) {
        let words = "the committee is exactly so already".to_owned();
        return Err(Error::Refused(Refusal::NothingEdited, words));
    }
    let proposal = Proposal {
        tenant_id: Uuid::nil(),
        hash: hash(version, asked, &fields.reason)?,
        base_version: version,
        title,
        time_zone: fields.time_zone,
        document: write(&committee)?,
        author,
        reason: fields.reason,
        created_at: now,
    };
    if !committees::propose(tx, proposal.clone()).await? {
        return Err(Fault::StaleEtag.into());
    }
    let payload = serde_json::json!({
        "by": proposal.author,
        "hash": proposal.hash,
        "reason": proposal.reason,
        "title": proposal.title,
    });
    tell(tx, &former, "committee.proposed", (&proposal.document, payload)).await?;
    Ok(Done::Waits(former, proposal))
}

/// What names a committee that is asked for: all of it, the one that it changes, and why.
fn hash(
    version: i64,
    asked: (&String, &String, &Committee),
    reason: &str,
) -> Result<String, Fault> {
    let canonical = to_canonical(&(version, asked, reason));
    let canonical = canonical.map_err(|_| Fault::Broken("a committee has no canonical form"))?;
    Ok(ContentHash::of(&canonical).to_string())
}

/// Tells the feed what becomes of a committee, with its document.
async fn tell(
    tx: &TenantTx,
    row: &Row,
    act: &'static str,
    (document, mut payload): (&[u8], serde_json::Value),
) -> Result<(), Fault> {
    payload["version"] = row.version.into();
    payload["document"] = serde_json::from_slice(document).unwrap_or_default();
    let event = Event {
        kind: act,
        subject: row.id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    };
    tx.emit(FEED, vec![event]).await
}

/// Keeps a committee with its consent, has nothing wait any longer, and tells the feed.
pub(super) async fn keep(
    tx: &TenantTx,
    row: Row,
    consent: Consent,
    act: &'static str,
) -> Result<Row, Error> {
    let kept = if row.version > 1 {
        committees::update(tx, &row, row.version - 1).await?
    } else {
        committees::insert(tx, row.clone()).await?
    };
    if !kept {
        return Err(Fault::StaleEtag.into());
    }
    committees::drop_proposal(tx).await?;
    let payload = serde_json::json!({
        "by": consent.author,
        "confirmed_by": consent.confirmed_by,
        "reason": consent.reason,
    });
    committees::remember(tx, &row, consent).await?;
    tell(tx, &row, act, (&row.document, payload)).await?;
    settle(tx).await?;
    Ok(row)
}

/// Lets every change before the committee follow its new policies and seats.
async fn settle(tx: &TenantTx) -> Result<(), Error> {
    let chamber = Chamber::now(tx).await?;
    for row in changes::before_the_committee(tx).await? {
        let matter = Matter::of(row)?;
        let changed = matter.ballot.settle(&chamber.sitting());
        if changed.request != matter.ballot {
            matter.keep(tx, changed, "change_request.settled").await?;
        }
    }
    Ok(())
}

/// A committee to store.
pub(super) fn write(committee: &Committee) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(committee).map_err(|_| Fault::Broken("a committee cannot be written"))
}

/// Refuses a committee that could never do its work, listing everything that is wrong.
pub(super) fn sound(committee: &Committee) -> Result<(), Error> {
    let defects = committee.defects();
    let never = defects.iter().any(|defect| matches!(defect, Defect::QuorumNeverMet { .. }));
    let violations: Vec<Violation> = defects
        .iter()
        .map(|defect| Violation {
            field: format!("committee.{}", if defect.is_of_seats() { "seats" } else { "policies" }),
            description: defect.to_string(),
        })
        .collect();
    if violations.is_empty() {
        Ok(())
    } else if never {
        Err(Error::QuorumImpossible(violations))
    } else {
        Err(Fault::Invalid(violations).into())
    }
}

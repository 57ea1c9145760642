//! A sample request for every RPC that is built: what the cases derived from the descriptors send.
//! A new RPC without one fails the build's tests.

pub mod appeals;
mod automation;
mod changes;
mod code_sets;
mod dictionary;
pub mod ends;
pub mod evidence;
mod governance;
mod identity;
pub mod routing;
pub mod work;

use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    CreatePayerRequest, DecideRequest, Facts, Payer, PayerAlias, PayerAliasKind, Receipt,
};
use contracts::jobs::v1::{Job, JobState};
use contracts::routing::v1::{
    GetJobRequest, GetWorkItemRequest, ListWorkItemsRequest, RedecideWorkItemsRequest,
    RemittancePurpose, ReplayRevisionRequest, UpsertClaimContextRequest,
};
use prost::Message;

use crate::fixtures::{Line, Remittance};
use crate::group::Group;
use crate::world::{World, id};

pub use changes::Changes;
pub use code_sets::{ended, imported};

/// Ids of one group's resources, and what its requests are made of.
#[derive(Clone, Debug)]
pub struct Things {
    /// The group.
    pub group: Group,
    /// A remittance file of it.
    pub file_id: String,
    /// A claim occurrence of it.
    pub occurrence_id: String,
    /// The case of that claim.
    pub case_id: String,
    /// A denial of it.
    pub denial_id: String,
    /// A work item of it.
    pub item_id: String,
    /// A decision of its dictionary.
    pub receipt: Receipt,
    /// Payers of it that nothing else is about.
    pub payers: [Payer; 2],
    /// Change requests of it.
    pub changes: Box<Changes>,
    /// The job of a replay of its history.
    pub job_id: String,
    /// What that replay found.
    pub replay_id: String,
    /// How its work was brought under its dictionary.
    pub redecision_id: String,
    /// A release of a code set of its own.
    pub release_id: String,
    /// What its people work.
    pub work: Box<work::Work>,
    /// How its work ends.
    pub ends: Box<ends::Ends>,
    /// What is on file for its work.
    pub evidence: Box<evidence::Evidence>,
    /// A rule of automation.
    pub rule: contracts::routing::v1::AutomationRule,
    /// What is appealed.
    pub appealed: Box<appeals::Appealed>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Sample {
    /// `/package.Service/Method`.
    pub path: String,
    /// The encoded messages; one unless the client streams.
    pub messages: Vec<Vec<u8>>,
    /// Whether it names a resource by id, so that a foreign one must be NOT_FOUND.
    pub names_a_resource: bool,
}

fn sample(service: &str, method: &str, message: &impl Message, names: bool) -> Sample {
    let package = service.to_lowercase();
    Sample {
        path: format!("/overturn.{package}.v1.{service}Service/{method}"),
        messages: vec![message.encode_to_vec()],
        names_a_resource: names,
    }
}

/// The facts that samples decide: an authorization denial.
#[must_use]
pub fn facts() -> Facts {
    Facts {
        group: "CO".to_owned(),
        carc: "197".to_owned(),
        amount_cents: Some(120_00),
        ..Facts::default()
    }
}

/// A payer of the group that is called `name`.
async fn payer(world: &World, group: &Group, name: &str) -> Payer {
    let request = CreatePayerRequest {
        slug: name.to_owned(),
        display_name: format!("The {name} plan"),
        aliases: vec![PayerAlias { kind: PayerAliasKind::Name.into(), value: name.to_owned() }],
        request_id: id(),
        ..CreatePayerRequest::default()
    };
    let token = group.token(world, Role::TenantAdmin).await;
    let created = world.dictionary(&token).create_payer(request).await.unwrap();
    created.into_inner().payer.unwrap()
}

/// A replay of the dictionary that a group starts with.
fn replay(group: &Group) -> ReplayRevisionRequest {
    let starter = domain::starter::bundle().canonical().expect("it has a canonical form");
    ReplayRevisionRequest {
        base_revision: group.revision.clone(),
        draft_canonical_json: starter.into_bytes(),
        request_id: id(),
        ..ReplayRevisionRequest::default()
    }
}

/// Replays, and answers the job once it has ended.
///
/// # Errors
/// The refusal.
pub async fn replayed(
    world: &World,
    token: &str,
    request: ReplayRevisionRequest,
) -> Result<Job, tonic::Status> {
    let mut routing = world.routing(token);
    let mut job = routing.replay_revision(request).await?.into_inner().job.unwrap();
    while job.state() == JobState::Running {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let asked = GetJobRequest { id: job.id };
        job = routing.get_job(asked).await?.into_inner().job.unwrap();
    }
    Ok(job)
}

impl Things {
    /// Gives `group` a remittance with one denial, and looks up what became of it.
    pub async fn of(world: &World, group: &Group) -> Self {
        let line = Line {
            charge: 120_00,
            paid: 0,
            adjustments: &[("CO", "197", 120_00)],
            remarks: &["M62"],
        };
        let bytes = Remittance::to(&group.npi, "20260610")
            .claim(&format!("PCN{}", group.slug.to_uppercase()), "DOE", &[line])
            // Of no claim there is: it opens no work.
            .provider("WO", "NOBODY", 5_00)
            .x12();
        let uploaded = group.try_upload(world, &bytes, RemittancePurpose::Live).await.unwrap();
        let file = uploaded.remittance_file.unwrap();
        let token = group.token(world, Role::Specialist).await;
        let mut routing = world.routing(&token);
        let items = routing.list_work_items(ListWorkItemsRequest::default()).await.unwrap();
        let listed = items.into_inner().work_items.remove(0);
        let item = routing.get_work_item(GetWorkItemRequest { id: listed.id.clone() }).await;
        let item = item.unwrap().into_inner().work_item.unwrap();
        let decided = world
            .dictionary(&token)
            .decide(DecideRequest { facts: Some(facts()), revision: String::new() })
            .await
            .unwrap();
        let analyst = group.token(world, Role::Analyst).await;
        let job = replayed(world, &analyst, replay(group)).await.unwrap();
        let redecide = RedecideWorkItemsRequest { request_id: id() };
        let redecided = world.routing(&analyst).redecide_work_items(redecide).await.unwrap();
        let known = UpsertClaimContextRequest {
            claim_context: Some(routing::coded(group, &item.patient_control_number)),
            request_id: id(),
        };
        world.routing(&token).upsert_claim_context(known).await.unwrap();
        let rejected = routing::rejected(group, &format!("REJ{}", group.slug.to_uppercase()));
        world.routing(&token).record_payer_status(rejected).await.unwrap();
        let payers = [payer(world, group, "first").await, payer(world, group, "second").await];
        let changes = Box::new(Box::pin(Changes::of(world, group)).await);
        // Something that is decided beside the change on trial.
        let bytes = Remittance::to(&group.npi, "20260612")
            .claim(&format!("TRY{}", group.slug.to_uppercase()), "DOE", &[line])
            .x12();
        group.try_upload(world, &bytes, RemittancePurpose::Live).await.unwrap();
        let work = Box::new(Box::pin(work::Work::of(world, group)).await);
        Self {
            group: group.clone(),
            file_id: file.id,
            occurrence_id: item.claim_occurrence_id,
            case_id: item.case_id,
            denial_id: item.denials[0].denial_id.clone(),
            item_id: item.id,
            receipt: decided.into_inner().decision.unwrap().receipt.unwrap(),
            payers,
            changes,
            job_id: job.id,
            redecision_id: redecided.into_inner().redecision.unwrap().id,
            replay_id: job.result_id,
            release_id: code_sets::release(world, group).await,
            evidence: Box::new(Box::pin(evidence::Evidence::of(world, group, &work)).await),
            work,
            ends: Box::new(Box::pin(ends::Ends::of(world, group)).await),
            rule: automation::rule(world, group).await,
            appealed: Box::new(Box::pin(appeals::Appealed::of(world, group)).await),
        }
    }

    /// The same with ids that nobody has.
    #[must_use]
    pub fn missing(&self) -> Self {
        let group = Group {
            tenant_id: id(),
            facility_id: id(),
            user_id: id(),
            payer_id: id(),
            revision: "0".repeat(64),
            ..self.group.clone()
        };
        let receipt = Receipt { dictionary_revision: "0".repeat(64), ..self.receipt.clone() };
        Self {
            group,
            file_id: id(),
            occurrence_id: id(),
            case_id: id(),
            denial_id: id(),
            item_id: id(),
            receipt,
            payers: self.payers.clone().map(|payer| Payer { id: id(), ..payer }),
            changes: Box::new(self.changes.missing()),
            job_id: id(),
            replay_id: id(),
            redecision_id: id(),
            release_id: id(),
            work: Box::new(self.work.missing()),
            ends: Box::new(self.ends.missing()),
            evidence: Box::new(self.evidence.missing()),
            rule: contracts::routing::v1::AutomationRule { id: id(), ..self.rule.clone() },
            appealed: Box::new(self.appealed.missing()),
        }
    }

    /// A sample of every built RPC, about these things.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        let mut samples = identity::samples(self);
        samples.extend(dictionary::samples(self));
        samples.extend(code_sets::samples(self));
        samples.extend(governance::samples(self));
        samples.extend(routing::samples(self));
        samples.extend(self.work.samples());
        samples.extend(self.work.questions());
        samples.extend(self.ends.samples());
        samples.extend(self.evidence.samples(&self.work));
        samples.extend(automation::samples(&self.rule));
        samples.extend(self.appealed.samples());
        samples
    }
}

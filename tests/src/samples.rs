//! A sample request for every RPC that is built: what the cases derived from the descriptors send.
//! A new RPC without one fails the build's tests.

mod dictionary;
mod identity;
mod routing;

use contracts::access::v1::Role;
use contracts::dictionary::v1::{DecideRequest, Facts, Receipt};
use contracts::routing::v1::{GetWorkItemRequest, ListWorkItemsRequest, RemittancePurpose};
use prost::Message;

use crate::fixtures::{Line, Remittance};
use crate::group::Group;
use crate::world::{World, id};

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
        Self {
            group: group.clone(),
            file_id: file.id,
            occurrence_id: item.claim_occurrence_id,
            case_id: item.case_id,
            denial_id: item.denials[0].denial_id.clone(),
            item_id: item.id,
            receipt: decided.into_inner().decision.unwrap().receipt.unwrap(),
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
        }
    }

    /// A sample of every built RPC, about these things.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        let mut samples = identity::samples(self);
        samples.extend(dictionary::samples(self));
        samples.extend(routing::samples(self));
        samples
    }
}

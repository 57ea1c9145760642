//! Denials in, appeals that may be filed out.

mod batch;
mod create_appeal;
mod drafts;
mod evidence;
mod following;
mod letters;
mod list_appeals;
mod list_levels;
mod outcomes;
mod override_stop;
mod packets;
mod papers;
mod peer_to_peer;
mod sign_off;
mod statistics;
mod submit_appeal;

use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::appeals::v1::appeals_service_client::AppealsServiceClient;
use contracts::appeals::v1::*;
use contracts::dictionary::v1::{
    CreatePayerRequest, LineOfBusiness, Network, Path, Payer, PayerAlias, PayerAliasKind,
};
use contracts::google::r#type::Date;
use contracts::routing::v1::{Denial, ListDenialsRequest};
use futures::TryStreamExt;
use tests::{Group, Line, NewGroup, Remittance, World, id};
use tonic::Status;

const NPI: &str = "1234567893";

struct House {
    world: World,
    group: Group,
}

impl House {
    async fn new() -> Self {
        let world = World::new().await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        Self { world, group }
    }

    async fn as_a(&self, role: Role) -> AppealsServiceClient<overturn::Door> {
        let token = self.group.token(&self.world, role).await;
        self.world.appeals(&token)
    }

    /// A payer that remittances call `PAYER <slug>`.
    async fn payer(&self, slug: &str, lob: LineOfBusiness, network: Network) -> Payer {
        let name = PayerAliasKind::Name.into();
        let request = CreatePayerRequest {
            slug: slug.to_owned(),
            display_name: format!("The {slug} plan"),
            aliases: vec![PayerAlias { kind: name, value: format!("PAYER {slug}") }],
            line_of_business: lob.into(),
            network: network.into(),
            request_id: id(),
            ..CreatePayerRequest::default()
        };
        let token = self.group.token(&self.world, Role::TenantAdmin).await;
        let created = self.world.dictionary(&token).create_payer(request).await.unwrap();
        created.into_inner().payer.unwrap()
    }

    /// A remittance of the group's own payer, or of the one that is called `PAYER <slug>`.
    fn remittance(&self, payer: &str, paid_on: &str) -> Remittance {
        let remittance = Remittance::to(NPI, paid_on);
        if payer.is_empty() {
            return remittance;
        }
        let number = format!("9{}", payer.len());
        // Mutually defined: says nothing of the kind of coverage.
        remittance.from_payer(&format!("PAYER {payer}"), &number, "ZZ")
    }

    async fn upload(&self, remittance: Remittance) {
        self.group.upload(&self.world, &remittance.x12()).await;
    }

    /// Has a claim of one line refused by the group's own payer, and answers its denials.
    async fn refused(
        &self,
        number: &str,
        codes: &[(&str, &str, i64)],
        remarks: &[&str],
    ) -> Vec<Denial> {
        let charge = codes.iter().map(|(_, _, cents)| cents).sum();
        let line = Line { charge, paid: 0, adjustments: codes, remarks };
        self.upload(self.remittance("", "20260610").claim(number, "DOE", &[line])).await;
        self.denials(number).await
    }

    /// The denials of a claim, by line and reason.
    async fn denials(&self, number: &str) -> Vec<Denial> {
        let token = self.group.token(&self.world, Role::Specialist).await;
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListDenialsRequest { filter, ..ListDenialsRequest::default() };
        let listed = self.world.routing(&token).list_denials(request).await.unwrap();
        let mut denials = listed.into_inner().denials;
        denials.sort_by_key(|one| (one.posted_at.map(|at| at.seconds), one.line_number));
        denials
    }

    async fn create(&self, role: Role, request: CreateAppealRequest) -> Result<Appeal, Status> {
        let answer = self.as_a(role).await.create_appeal(request).await?;
        Ok(answer.into_inner().appeal.unwrap())
    }

    /// Opens an appeal as a specialist.
    async fn appeal(&self, denials: &[&Denial]) -> Result<Appeal, Status> {
        self.create(Role::Specialist, of(denials)).await
    }

    /// Has the services follow each other's feeds as far as those go.
    async fn follow(&self) {
        for _ in 0..2 {
            self.world.clock().advance(TimeDelta::seconds(6));
            self.world.app().run_due().await.unwrap();
        }
    }

    async fn get(&self, id: &str) -> Appeal {
        let request = GetAppealRequest { id: id.to_owned() };
        let answer = self.as_a(Role::Auditor).await.get_appeal(request).await.unwrap();
        answer.into_inner().appeal.unwrap()
    }

    async fn list(&self, filter: &str, order_by: &str) -> Result<Vec<Appeal>, Status> {
        let (filter, order_by) = (filter.to_owned(), order_by.to_owned());
        let request = ListAppealsRequest { filter, order_by, ..ListAppealsRequest::default() };
        let answer = self.as_a(Role::Analyst).await.list_appeals(request).await?;
        Ok(answer.into_inner().appeals)
    }

    /// Events of the feed so far, each with its payload.
    async fn told(&self) -> Vec<(String, String)> {
        let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let events = self.as_a(Role::Auditor).await.watch_events(request).await.unwrap();
        let events: Vec<WatchEventsResponse> = events.into_inner().try_collect().await.unwrap();
        let events = events.into_iter().map(|answer| answer.event.unwrap());
        events.map(|event| (event.r#type, event.payload_json)).collect()
    }
}

/// A request for the first level that is open.
fn of(denials: &[&Denial]) -> CreateAppealRequest {
    CreateAppealRequest {
        denial_ids: denials.iter().map(|denial| denial.id.clone()).collect(),
        request_id: id(),
        ..CreateAppealRequest::default()
    }
}

fn at(denials: &[&Denial], level: Path) -> CreateAppealRequest {
    CreateAppealRequest { path: level.into(), ..of(denials) }
}

fn date(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

//! A hospital group aboard: a facility, teams, a user of each role, a payer, revision 1.

use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    CreatePayerRequest, LineOfBusiness, Network, PayerAlias, PayerAliasKind,
    PublishBaseDictionaryRequest,
};
use contracts::identity::v1::{
    CreateFacilityRequest, CreateServiceLineRequest, CreateTeamRequest, CreateTenantRequest,
    CreateUserRequest, ListUsersRequest,
};
use contracts::routing::v1::upload_remittance_request::Part;
use contracts::routing::v1::{
    RemittanceFile, RemittanceHeader, RemittancePurpose, UploadRemittanceRequest,
    UploadRemittanceResponse,
};

use crate::partner;
use crate::world::{World, id};

/// What a group is made of.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Its slug, and the domain of its users.
    pub slug: String,
    /// A text that all its free text carries; empty for none.
    pub mark: String,
    /// The NPI of its one facility, with a valid check digit.
    pub npi: String,
}

/// A group aboard.
#[derive(Clone, Debug)]
pub struct Group {
    /// The tenant.
    pub tenant_id: String,
    /// As [`NewGroup::slug`].
    pub slug: String,
    /// As [`NewGroup::npi`].
    pub npi: String,
    /// The facility.
    pub facility_id: String,
    /// A user, with the role of a specialist.
    pub user_id: String,
    /// The payer that [`crate::Remittance`] is from.
    pub payer_id: String,
    /// Content hash of revision 1.
    pub revision: String,
    /// A partner app with every scope there is for one.
    pub client_id: String,
}

/// The roles a tenant can give to people.
pub const ROLES: [Role; 6] = [
    Role::TenantAdmin,
    Role::Analyst,
    Role::Specialist,
    Role::TeamLead,
    Role::CommitteeMember,
    Role::Auditor,
];

impl NewGroup {
    /// A group called `slug` whose facility has `npi`.
    #[must_use]
    pub fn new(slug: &str, npi: &str) -> Self {
        Self { slug: slug.to_owned(), mark: String::new(), npi: npi.to_owned() }
    }

    /// All its free text carries `mark`.
    #[must_use]
    pub fn marked(self, mark: &str) -> Self {
        Self { mark: mark.to_owned(), ..self }
    }

    fn text(&self, words: &str) -> String {
        format!("{words} {}", self.mark).trim_end().to_owned()
    }
}

impl Group {
    /// Brings `new` aboard `world`, through the same calls a real operator and admin make.
    pub async fn board(world: &World, new: &NewGroup) -> Self {
        let mut operator = world.identity(&world.operator().await);
        let created = operator
            .create_tenant(CreateTenantRequest {
                slug: new.slug.clone(),
                display_name: new.text("Test Group"),
                time_zone: "America/New_York".to_owned(),
                holiday_calendar: "us_federal".to_owned(),
                admin_email: format!("admin@{}.example", new.slug),
                admin_display_name: new.text("Admin"),
                request_id: id(),
                ..CreateTenantRequest::default()
            })
            .await
            .unwrap()
            .into_inner();
        let admin = world.token(&format!("admin@{}.example", new.slug)).await;
        let (facility_id, user_id) = people_and_places(world, new, &admin).await;
        let (payer_id, revision) = rules(world, new, &admin).await;
        let client_id = partner::register(world, &admin, &partner::scopes()).await;
        Self {
            tenant_id: created.tenant.unwrap().id,
            slug: new.slug.clone(),
            npi: new.npi.clone(),
            facility_id,
            user_id,
            payer_id,
            revision,
            client_id,
        }
    }

    /// The address of the user with `role`; that of one who has every role for `UNSPECIFIED`.
    #[must_use]
    pub fn email(&self, role: Role) -> String {
        email(&self.slug, role)
    }

    /// A token of the user with `role`; of the partner app with every scope for `Partner`.
    pub async fn token(&self, world: &World, role: Role) -> String {
        if role == Role::Partner {
            return partner::token(world, &self.client_id, "").await;
        }
        world.token(&self.email(role)).await
    }

    /// The ids of the users with these roles; of the one who has every role for `UNSPECIFIED`.
    pub async fn people<const N: usize>(&self, world: &World, roles: [Role; N]) -> [String; N] {
        let admin = self.token(world, Role::TenantAdmin).await;
        let request = ListUsersRequest { page_size: 100, ..ListUsersRequest::default() };
        let users = world.identity(&admin).list_users(request).await.unwrap().into_inner().users;
        roles.map(|role| {
            let email = self.email(role);
            users.iter().find(|user| user.email == email).unwrap().id.clone()
        })
    }

    /// A token of the user who has every role a tenant can give.
    pub async fn everyone(&self, world: &World) -> String {
        self.token(world, Role::Unspecified).await
    }

    /// Uploads `bytes` as a live remittance and answers the file.
    pub async fn upload(&self, world: &World, bytes: &[u8]) -> RemittanceFile {
        let answer = self.try_upload(world, bytes, RemittancePurpose::Live).await;
        answer.unwrap().remittance_file.unwrap()
    }

    /// Uploads `bytes` for `purpose`, in chunks.
    ///
    /// # Errors
    /// The refusal.
    pub async fn try_upload(
        &self,
        world: &World,
        bytes: &[u8],
        purpose: RemittancePurpose,
    ) -> Result<UploadRemittanceResponse, tonic::Status> {
        let token = self.token(world, Role::Specialist).await;
        let parts = upload_parts("remittance.835", bytes, purpose);
        let answer = world.routing(&token).upload_remittance(tokio_stream::iter(parts)).await?;
        Ok(answer.into_inner())
    }
}

/// The messages of an upload: a header, then chunks.
#[must_use]
pub fn upload_parts(
    name: &str,
    bytes: &[u8],
    purpose: RemittancePurpose,
) -> Vec<UploadRemittanceRequest> {
    let header = RemittanceHeader {
        file_name: name.to_owned(),
        purpose: purpose.into(),
        size_bytes: i64::try_from(bytes.len()).unwrap(),
        request_id: id(),
        ..RemittanceHeader::default()
    };
    std::iter::once(Part::Header(header))
        .chain(bytes.chunks(64 << 10).map(|chunk| Part::Chunk(chunk.to_vec())))
        .map(|part| UploadRemittanceRequest { part: Some(part) })
        .collect()
}

fn email(slug: &str, role: Role) -> String {
    let name = match role {
        Role::Unspecified => "everyone".to_owned(),
        role => role.as_str_name().trim_start_matches("ROLE_").to_lowercase(),
    };
    format!("{name}@{slug}.example")
}

async fn people_and_places(world: &World, new: &NewGroup, admin: &str) -> (String, String) {
    let mut identity = world.identity(admin);
    let facility = identity
        .create_facility(CreateFacilityRequest {
            slug: "main".to_owned(),
            display_name: new.text("Main Hospital"),
            npis: vec![new.npi.clone()],
            state_code: "NY".to_owned(),
            time_zone: "America/New_York".to_owned(),
            request_id: id(),
            ..CreateFacilityRequest::default()
        })
        .await
        .unwrap();
    let facility = facility.into_inner().facility.unwrap().id;
    for team in domain::starter::TEAMS {
        let request = CreateTeamRequest {
            slug: team.slug.to_owned(),
            display_name: new.text(&format!("{} Team", team.name)),
            request_id: id(),
            ..CreateTeamRequest::default()
        };
        identity.create_team(request).await.unwrap();
    }
    identity
        .create_service_line(CreateServiceLineRequest {
            slug: "imaging".to_owned(),
            display_name: new.text("Imaging"),
            request_id: id(),
            ..CreateServiceLineRequest::default()
        })
        .await
        .unwrap();
    let mut specialist = String::new();
    for role in ROLES.into_iter().chain([Role::Unspecified]) {
        let roles = if role == Role::Unspecified { ROLES.to_vec() } else { vec![role] };
        let user = identity
            .create_user(CreateUserRequest {
                email: email(&new.slug, role),
                display_name: new.text(role.as_str_name()),
                roles: roles.into_iter().map(i32::from).collect(),
                request_id: id(),
                ..CreateUserRequest::default()
            })
            .await
            .unwrap();
        if role == Role::Specialist {
            specialist = user.into_inner().user.unwrap().id;
        }
    }
    (facility, specialist)
}

async fn rules(world: &World, new: &NewGroup, admin: &str) -> (String, String) {
    let mut dictionary = world.dictionary(admin);
    let alias = |kind: PayerAliasKind, value: &str| PayerAlias {
        kind: kind.into(),
        value: value.to_owned(),
    };
    let payer = dictionary
        .create_payer(CreatePayerRequest {
            slug: "sample-health-plan".to_owned(),
            display_name: new.text("Sample Health Plan"),
            aliases: vec![
                alias(PayerAliasKind::Name, "SAMPLE HEALTH PLAN"),
                alias(PayerAliasKind::TracePayerId, "1999999991"),
            ],
            line_of_business: LineOfBusiness::Commercial.into(),
            network: Network::InNetwork.into(),
            time_zone: "America/New_York".to_owned(),
            request_id: id(),
        })
        .await
        .unwrap();
    let published = dictionary
        .publish_base_dictionary(PublishBaseDictionaryRequest {
            reason: new.text("the starting point of our committee"),
            request_id: id(),
            ..PublishBaseDictionaryRequest::default()
        })
        .await
        .unwrap();
    let revision = published.into_inner().revision.unwrap().hash;
    (payer.into_inner().payer.unwrap().id, revision)
}

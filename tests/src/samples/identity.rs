use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contracts::access::v1::Role;
use contracts::identity::v1::public_key::Key;
use contracts::identity::v1::*;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use super::{Sample, Things, sample as any};
use crate::group::Group;
use crate::world::{World, id};

/// The private key of every partner in tests: RFC 8037, appendix A.1, as PKCS #8.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
/// Its public half.
const JWK: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// What a partner app of these tests may do.
pub const SCOPES: [&str; 2] = ["routing.list_work_items", "routing.upload_remittance"];

fn account(name: &str) -> CreateServiceAccountRequest {
    CreateServiceAccountRequest {
        display_name: name.to_owned(),
        keys: vec![PublicKey {
            kid: "k1".to_owned(),
            algorithm: "EdDSA".to_owned(),
            key: Some(Key::Jwk(JWK.to_owned())),
            ..PublicKey::default()
        }],
        scopes: SCOPES.map(str::to_owned).to_vec(),
        request_id: id(),
    }
}

/// Registers a partner app for `group` and answers its client id.
pub async fn register_partner(world: &World, group: &Group) -> String {
    let token = group.token(world, Role::TenantAdmin).await;
    let created = world.identity(&token).create_service_account(account("Robot")).await.unwrap();
    created.into_inner().service_account.unwrap().client_id
}

/// A client assertion (RFC 7523) of `client_id`, good for four minutes from the world's noon.
#[must_use]
pub fn assertion(client_id: &str, audience: &str, jti: &str) -> String {
    let now = World::noon().timestamp();
    let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let claims = json!({
        "iss": client_id, "sub": client_id, "aud": audience, "jti": jti,
        "iat": now, "exp": now + 240,
    });
    let key = EncodingKey::from_ed_der(&STANDARD.decode(KEY).unwrap());
    jsonwebtoken::encode(&header, &claims, &key).unwrap()
}

/// A token request of `client_id` for `scope`.
#[must_use]
pub fn token_request(client_id: &str, jti: &str, scope: &str) -> IssueTokenRequest {
    IssueTokenRequest {
        grant_type: "client_credentials".to_owned(),
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned(),
        client_assertion: assertion(client_id, "http://127.0.0.1:8080/oauth2/token", jti),
        scope: scope.to_owned(),
        client_id: client_id.to_owned(),
    }
}

pub(super) fn samples(things: &Things) -> Vec<Sample> {
    let service = "Identity";
    let group = &things.group;
    let fresh = || format!("s{}", &id().replace('-', "")[20..]);
    let new_tenant = CreateTenantRequest {
        slug: fresh(),
        display_name: "Another Group".to_owned(),
        time_zone: "America/Chicago".to_owned(),
        holiday_calendar: "us_federal".to_owned(),
        admin_email: format!("admin@{}.example", fresh()),
        admin_display_name: "Admin".to_owned(),
        request_id: id(),
        ..CreateTenantRequest::default()
    };
    let facility = CreateFacilityRequest {
        slug: fresh(),
        display_name: "Clinic".to_owned(),
        ccn: "330101".to_owned(),
        state_code: "NY".to_owned(),
        time_zone: "America/New_York".to_owned(),
        request_id: id(),
        ..CreateFacilityRequest::default()
    };
    let line = CreateServiceLineRequest {
        slug: fresh(),
        display_name: "Surgery".to_owned(),
        request_id: id(),
        ..CreateServiceLineRequest::default()
    };
    let team = CreateTeamRequest {
        slug: fresh(),
        display_name: "Night Shift".to_owned(),
        facility_ids: vec![group.facility_id.clone()],
        request_id: id(),
        ..CreateTeamRequest::default()
    };
    let user = CreateUserRequest {
        email: format!("{}@{}.example", fresh(), group.slug),
        display_name: "New Person".to_owned(),
        roles: vec![Role::Analyst.into()],
        facility_ids: vec![group.facility_id.clone()],
        request_id: id(),
        ..CreateUserRequest::default()
    };
    let roles = AssignRolesRequest {
        user_id: group.user_id.clone(),
        roles: vec![Role::Specialist.into(), Role::Analyst.into()],
        request_id: id(),
        ..AssignRolesRequest::default()
    };
    vec![
        any(service, "CreateTenant", &new_tenant, false),
        any(service, "GetTenant", &GetTenantRequest { id: group.tenant_id.clone() }, true),
        any(service, "CreateFacility", &facility, false),
        any(service, "GetFacility", &GetFacilityRequest { id: group.facility_id.clone() }, true),
        any(service, "ListFacilities", &ListFacilitiesRequest::default(), false),
        any(service, "CreateServiceLine", &line, false),
        any(service, "ListServiceLines", &ListServiceLinesRequest::default(), false),
        any(service, "CreateTeam", &team, false),
        any(service, "ListTeams", &ListTeamsRequest::default(), false),
        any(service, "CreateUser", &user, false),
        any(service, "GetUser", &GetUserRequest { id: group.user_id.clone() }, true),
        any(service, "ListUsers", &ListUsersRequest::default(), false),
        any(service, "AssignRoles", &roles, true),
        any(service, "CreateServiceAccount", &account("Another Robot"), false),
        any(service, "ListServiceAccounts", &ListServiceAccountsRequest::default(), false),
        any(service, "IssueToken", &token_request(&things.client_id, &id(), ""), false),
        any(service, "GetKeySet", &GetKeySetRequest {}, false),
        any(service, "ListAuditEvents", &ListAuditEventsRequest::default(), false),
    ]
}

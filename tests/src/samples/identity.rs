use contracts::access::v1::Role;
use contracts::identity::v1::*;

use super::{Sample, Things, sample as any};
use crate::partner;
use crate::world::id;

pub(super) fn samples(things: &Things) -> Vec<Sample> {
    [organization(things), people(things)].concat()
}

const SERVICE: &str = "Identity";

fn fresh() -> String {
    format!("s{}", &id().replace('-', "")[20..])
}

fn organization(things: &Things) -> Vec<Sample> {
    let group = &things.group;
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
    vec![
        any(SERVICE, "CreateTenant", &new_tenant, false),
        any(SERVICE, "GetTenant", &GetTenantRequest { id: group.tenant_id.clone() }, true),
        any(SERVICE, "CreateFacility", &facility, false),
        any(SERVICE, "GetFacility", &GetFacilityRequest { id: group.facility_id.clone() }, true),
        any(SERVICE, "ListFacilities", &ListFacilitiesRequest::default(), false),
        any(SERVICE, "CreateServiceLine", &line, false),
        any(SERVICE, "ListServiceLines", &ListServiceLinesRequest::default(), false),
        any(SERVICE, "CreateTeam", &team, false),
        any(SERVICE, "ListTeams", &ListTeamsRequest::default(), false),
    ]
}

fn people(things: &Things) -> Vec<Sample> {
    let group = &things.group;
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
        etag: "v1".to_owned(),
        request_id: id(),
    };
    vec![
        any(SERVICE, "CreateUser", &user, false),
        any(SERVICE, "GetUser", &GetUserRequest { id: group.user_id.clone() }, true),
        any(SERVICE, "ListUsers", &ListUsersRequest::default(), false),
        any(SERVICE, "AssignRoles", &roles, true),
        any(
            SERVICE,
            "CreateServiceAccount",
            &partner::account("Another Robot", &partner::scopes()),
            false,
        ),
        any(SERVICE, "ListServiceAccounts", &ListServiceAccountsRequest::default(), false),
        any(
            SERVICE,
            "IssueToken",
            &partner::token_request(&things.group.client_id, &id(), ""),
            false,
        ),
        any(SERVICE, "GetKeySet", &GetKeySetRequest {}, false),
        any(SERVICE, "ListAuditEvents", &ListAuditEventsRequest::default(), false),
    ]
}

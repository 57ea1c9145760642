use tonic::Code;

use super::*;

#[tokio::test]
async fn a_repeated_creation_returns_the_first_tenant_and_a_slug_is_used_once() {
    let world = world().await;
    let mut operator = world.user(OPERATOR).await;
    let request = tenant("north");
    let first = operator.create_tenant(request.clone()).await.unwrap().into_inner();
    assert_eq!(operator.create_tenant(request.clone()).await.unwrap().into_inner(), first);
    let other = pb::CreateTenantRequest { display_name: "X".to_owned(), ..request };
    let status = operator.create_tenant(other).await.unwrap_err();
    assert_eq!(reason(&status), "REQUEST_ID_REUSED");
    let status = operator.create_tenant(tenant("north")).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "SLUG_TAKEN"));
    let created = first.tenant.unwrap();
    assert_eq!(created.state(), pb::TenantState::Active);
    let request = pb::GetTenantRequest { id: created.id.clone() };
    let read = operator.get_tenant(request).await.unwrap().into_inner().tenant.unwrap();
    assert_eq!(read, created);
}

#[tokio::test]
async fn another_tenant_and_one_that_never_was_read_the_same() {
    let world = world().await;
    let mut north = world.tenant("north").await;
    let mut south = world.tenant("south").await;
    let theirs = south.get_tenant(pb::GetTenantRequest::default()).await.unwrap().into_inner();
    let never = platform::ids::new().to_string();
    let mut answers = Vec::new();
    for id in [theirs.tenant.unwrap().id, never] {
        let status = north.get_tenant(pb::GetTenantRequest { id }).await.unwrap_err();
        assert_eq!(status.code(), Code::NotFound);
        answers.push((status.message().to_owned(), status.details().to_vec()));
    }
    assert_eq!(answers[0], answers[1]);
    let malformed = pb::GetTenantRequest { id: "north".to_owned() };
    let status = north.get_tenant(malformed).await.unwrap_err();
    assert_eq!(reason(&status), "INVALID_FIELDS");
}

fn facility(slug: &str, npis: &[&str]) -> pb::CreateFacilityRequest {
    pb::CreateFacilityRequest {
        slug: slug.to_owned(),
        display_name: "Main".to_owned(),
        npis: npis.iter().map(|npi| (*npi).to_owned()).collect(),
        tax_ids: vec!["123456789".to_owned()],
        ..pb::CreateFacilityRequest::default()
    }
}

#[tokio::test]
async fn an_npi_is_in_one_facility_of_a_tenant_and_finds_it() {
    let world = world().await;
    let mut north = world.tenant("north").await;
    let mut south = world.tenant("south").await;
    for admin in [&mut north, &mut south] {
        admin.create_facility(facility("main", &["1234567893"])).await.unwrap();
    }
    let status = north.create_facility(facility("east", &["1234567893"])).await.unwrap_err();
    assert_eq!(reason(&status), "NPI_TAKEN");
    let status = north.create_facility(facility("main", &[])).await.unwrap_err();
    assert_eq!(reason(&status), "SLUG_TAKEN");
    north.create_facility(facility("east", &["1245319599"])).await.unwrap();
    let mut found = async |filter: &str| {
        let filter = filter.to_owned();
        let request = pb::ListFacilitiesRequest { filter, ..Default::default() };
        let answer = north.list_facilities(request).await.unwrap().into_inner();
        answer.facilities.into_iter().map(|facility| facility.slug).collect::<Vec<_>>()
    };
    assert_eq!(found("").await, ["east", "main"]);
    assert_eq!(found("npi = 1245319599").await, ["east"]);
    assert_eq!(found("tax_id = 123456789 AND slug = main").await, ["main"]);
    assert!(found("npi = 1992737647").await.is_empty());
    let by_slug = pb::GetFacilityRequest { id: "main".to_owned() };
    let main = south.get_facility(by_slug).await.unwrap().into_inner().facility.unwrap();
    let by_id = pb::GetFacilityRequest { id: main.id.clone() };
    assert_eq!(north.get_facility(by_id).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn pages_follow_one_another_and_a_token_is_good_for_its_own_list() {
    let world = world().await;
    let mut admin = world.tenant("north").await;
    for slug in ["a", "b", "c", "d", "e"] {
        admin.create_facility(facility(slug, &[])).await.unwrap();
    }
    let mut request = pb::ListFacilitiesRequest { page_size: 2, ..Default::default() };
    let mut seen = Vec::new();
    loop {
        let answer = admin.list_facilities(request.clone()).await.unwrap().into_inner();
        seen.extend(answer.facilities.into_iter().map(|facility| facility.slug));
        if answer.next_page_token.is_empty() {
            break;
        }
        request.page_token = answer.next_page_token;
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    request.filter = "slug = a".to_owned();
    let status = admin.list_facilities(request).await.unwrap_err();
    assert_eq!(reason(&status), "INVALID_PAGE_TOKEN");
}

#[tokio::test]
async fn reading_the_trail_leaves_a_row_in_it() {
    let world = world().await;
    let mut admin = world.tenant("north").await;
    admin.create_facility(facility("main", &[])).await.unwrap();
    let request = pb::ListAuditEventsRequest::default();
    let first = admin.list_audit_events(request.clone()).await.unwrap().into_inner();
    let second = admin.list_audit_events(request).await.unwrap().into_inner();
    assert_eq!(second.audit_events.len(), first.audit_events.len() + 1);
    let newest = &second.audit_events[0];
    assert_eq!(newest.rpc, "/overturn.identity.v1.IdentityService/ListAuditEvents");
    let creation = &first.audit_events[0];
    assert_eq!(creation.rpc, "/overturn.identity.v1.IdentityService/CreateFacility");
    assert_eq!(creation.kind(), pb::AuditEventKind::Change);
    for filter in ["kind = HUNCH", "kind != CHANGE", "occurred_at >= yesterday", "note = x"] {
        let filter = filter.to_owned();
        let request = pb::ListAuditEventsRequest { filter, ..Default::default() };
        let status = admin.list_audit_events(request).await.unwrap_err();
        assert_eq!(reason(&status), "INVALID_FIELDS");
    }
    let filter = "occurred_at >= \"2026-01-01T00:00:00Z\" AND kind = CHANGE".to_owned();
    let request = pb::ListAuditEventsRequest { filter, ..Default::default() };
    let changes = admin.list_audit_events(request).await.unwrap().into_inner().audit_events;
    assert_eq!(changes.len(), 2, "the tenant and the facility");
}

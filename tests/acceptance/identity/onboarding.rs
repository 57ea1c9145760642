use contracts::access::v1::Role;
use contracts::identity::v1::{
    AssignRolesRequest, CreateFacilityRequest, CreateTenantRequest, CreateUserRequest,
    GetFacilityRequest, GetTenantRequest, GetUserRequest, ListFacilitiesRequest,
    ListServiceAccountsRequest, ListServiceLinesRequest, ListTeamsRequest, ListUsersRequest,
    TenantState,
};
use tests::{Group, NewGroup, World, id};
use tonic::Code;
use tonic_types::StatusExt;

#[tokio::test]
async fn a_group_comes_aboard_with_everything_it_needs_to_work() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut admin = world.identity(&group.token(&world, Role::TenantAdmin).await);
    let tenant = GetTenantRequest { id: group.tenant_id.clone() };
    let tenant = admin.get_tenant(tenant).await.unwrap().into_inner().tenant.unwrap();
    assert_eq!((tenant.slug.as_str(), tenant.time_zone.as_str()), ("north", "America/New_York"));
    assert_eq!(tenant.state(), TenantState::Active);
    let facility = GetFacilityRequest { id: group.facility_id.clone() };
    let facility = admin.get_facility(facility).await.unwrap().into_inner().facility.unwrap();
    assert_eq!(facility.npis, ["1234567893"]);
    let lists = (
        admin.list_facilities(ListFacilitiesRequest::default()).await.unwrap().into_inner(),
        admin.list_service_lines(ListServiceLinesRequest::default()).await.unwrap().into_inner(),
        admin.list_teams(ListTeamsRequest::default()).await.unwrap().into_inner(),
        admin.list_users(ListUsersRequest::default()).await.unwrap().into_inner(),
    );
    assert_eq!(lists.0.facilities, [facility]);
    assert_eq!(lists.1.service_lines.len(), 1);
    assert_eq!(lists.2.teams.len(), domain::starter::TEAMS.len());
    assert_eq!(lists.3.users.len(), 8, "the first admin, one of each role, and one of all");
    let accounts = admin.list_service_accounts(ListServiceAccountsRequest::default()).await;
    assert_eq!(accounts.unwrap().into_inner().service_accounts.len(), 1);
}

#[tokio::test]
async fn bad_input_names_every_field_at_once() {
    let world = World::new().await;
    let mut operator = world.identity(&world.operator().await);
    let refusal = operator
        .create_tenant(CreateTenantRequest {
            slug: "Not A Slug".to_owned(),
            time_zone: "Mars/Olympus".to_owned(),
            admin_email: "nobody".to_owned(),
            request_id: "not-a-uuid".to_owned(),
            ..CreateTenantRequest::default()
        })
        .await
        .unwrap_err();
    assert_eq!(refusal.code(), Code::InvalidArgument);
    let violations = refusal.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<&str> = violations.iter().map(|v| v.field.as_str()).collect();
    for field in ["slug", "display_name", "time_zone", "admin_email"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
}

#[tokio::test]
async fn an_npi_without_its_check_digit_is_refused() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut admin = world.identity(&group.token(&world, Role::TenantAdmin).await);
    let mut facility = CreateFacilityRequest {
        slug: "second".to_owned(),
        display_name: "Second".to_owned(),
        npis: vec!["1245319598".to_owned()],
        state_code: "NY".to_owned(),
        time_zone: "America/New_York".to_owned(),
        request_id: id(),
        ..CreateFacilityRequest::default()
    };
    let refusal = admin.create_facility(facility.clone()).await.unwrap_err();
    assert_eq!(refusal.code(), Code::InvalidArgument);
    facility.npis = vec!["1245319599".to_owned()];
    facility.request_id = id();
    assert!(admin.create_facility(facility.clone()).await.is_ok());
    (facility.slug, facility.request_id) = ("third".to_owned(), id());
    let taken = admin.create_facility(facility).await.unwrap_err();
    assert_eq!(taken.code(), Code::AlreadyExists, "an NPI belongs to one facility");
}

#[tokio::test]
async fn nobody_gives_roles_to_themselves_and_a_stale_etag_changes_nothing() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::TenantAdmin).await;
    let mut admin = world.identity(&token);
    let users = admin.list_users(ListUsersRequest::default()).await.unwrap().into_inner().users;
    let myself = users.iter().find(|user| user.email == group.email(Role::TenantAdmin)).unwrap();
    let give = |user_id: &str, role: Role, etag: &str| AssignRolesRequest {
        user_id: user_id.to_owned(),
        roles: vec![role.into()],
        etag: etag.to_owned(),
        request_id: id(),
    };
    let own = admin.assign_roles(give(&myself.id, Role::Auditor, &myself.etag)).await;
    assert!(matches!(
        own.unwrap_err().code(),
        Code::PermissionDenied | Code::FailedPrecondition | Code::InvalidArgument
    ));
    let operator = admin.assign_roles(give(&group.user_id, Role::Operator, "")).await;
    assert!(operator.is_err(), "no tenant makes an operator");
    let user = GetUserRequest { id: group.user_id.clone() };
    let user = admin.get_user(user).await.unwrap().into_inner().user.unwrap();
    let writers = (0..16).map(|_| {
        let (mut admin, request) =
            (world.identity(&token), give(&user.id, Role::Analyst, &user.etag));
        async move { admin.assign_roles(request).await }
    });
    let answers = futures::future::join_all(writers).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "one writer wins");
    for refusal in answers.into_iter().filter_map(Result::err) {
        assert_eq!(refusal.code(), Code::Aborted);
    }
}

#[tokio::test]
async fn a_repeated_request_changes_nothing_and_other_content_is_refused() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut admin = world.identity(&group.token(&world, Role::TenantAdmin).await);
    let request = CreateUserRequest {
        email: "new@north.example".to_owned(),
        display_name: "New".to_owned(),
        roles: vec![Role::Analyst.into()],
        request_id: id(),
        ..CreateUserRequest::default()
    };
    let first = admin.create_user(request.clone()).await.unwrap().into_inner();
    let again = admin.create_user(request.clone()).await.unwrap().into_inner();
    assert_eq!(first, again);
    let other = CreateUserRequest { display_name: "Other".to_owned(), ..request.clone() };
    let refusal = admin.create_user(other).await.unwrap_err();
    assert_eq!(refusal.code(), Code::InvalidArgument);
    assert_eq!(refusal.get_details_error_info().unwrap().reason, "REQUEST_ID_REUSED");
    let taken = CreateUserRequest { request_id: id(), ..request };
    assert_eq!(admin.create_user(taken).await.unwrap_err().code(), Code::AlreadyExists);
}

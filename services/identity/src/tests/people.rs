use contracts::dictionary::v1::OwnerFunction;

use super::*;

async fn create(admin: &mut Client, email: &str, roles: &[Role]) -> pb::User {
    admin.create_user(user(email, roles)).await.unwrap().into_inner().user.unwrap()
}

fn assign(user: &pb::User, roles: &[Role]) -> pb::AssignRolesRequest {
    pb::AssignRolesRequest {
        user_id: user.id.clone(),
        roles: roles.iter().map(|role| i32::from(*role)).collect(),
        etag: user.etag.clone(),
        request_id: String::new(),
    }
}

#[tokio::test]
async fn roles_are_given_by_another_administrator_and_one_always_stays() {
    let world = world().await;
    let mut ada = world.tenant("north").await;
    let sam = create(&mut ada, "sam@north.example", &[Role::Specialist]).await;
    let me = pb::GetUserRequest { id: "me".to_owned() };
    let ada_user = ada.get_user(me).await.unwrap().into_inner().user.unwrap();
    let own = ada.assign_roles(assign(&ada_user, &[Role::Auditor])).await.unwrap_err();
    assert_eq!(reason(&own), "OWN_ROLES");
    for forbidden in [Role::Operator, Role::Partner, Role::Unspecified] {
        let status = ada.assign_roles(assign(&sam, &[forbidden])).await.unwrap_err();
        assert_eq!(reason(&status), "INVALID_FIELDS", "{forbidden:?}");
    }
    let roles = [Role::TenantAdmin, Role::TeamLead];
    let raised = ada.assign_roles(assign(&sam, &roles)).await.unwrap().into_inner().user.unwrap();
    assert_eq!(raised.roles, [Role::TenantAdmin.into(), i32::from(Role::TeamLead)]);
    let stale = ada.assign_roles(assign(&sam, &[])).await.unwrap_err();
    assert_eq!(reason(&stale), "STALE_ETAG");
    let mut sam_client = world.user("sam@north.example").await;
    sam_client.assign_roles(assign(&ada_user, &[])).await.unwrap();
    // Ada's token still says administrator, but Sam is the last one now.
    let last = ada.assign_roles(assign(&raised, &[Role::Analyst])).await.unwrap_err();
    assert_eq!(reason(&last), "LAST_ADMIN");
}

#[tokio::test]
async fn an_address_is_used_once_in_a_tenant_whatever_its_case() {
    let world = world().await;
    let mut north = world.tenant("north").await;
    let mut south = world.tenant("south").await;
    create(&mut north, "Sam@Both.example", &[]).await;
    create(&mut south, "sam@both.example", &[]).await;
    let taken = north.create_user(user("SAM@both.EXAMPLE", &[])).await.unwrap_err();
    assert_eq!(reason(&taken), "EMAIL_TAKEN");
}

#[tokio::test]
async fn users_are_found_by_role_team_state_and_address() {
    let world = world().await;
    let mut admin = world.tenant("north").await;
    let team = pb::CreateTeamRequest {
        slug: "coding".to_owned(),
        display_name: "Coding".to_owned(),
        owner_functions: vec![OwnerFunction::Coding.into()],
        ..pb::CreateTeamRequest::default()
    };
    let team = admin.create_team(team).await.unwrap().into_inner().team.unwrap();
    let mut sam = user("sam@north.example", &[Role::Specialist]);
    sam.team_ids = vec![team.id.clone()];
    admin.create_user(sam).await.unwrap();
    create(&mut admin, "lee@north.example", &[Role::Specialist, Role::TeamLead]).await;
    let mut found = async |filter: String| {
        let request = pb::ListUsersRequest { filter, ..Default::default() };
        let answer = admin.list_users(request).await.unwrap().into_inner();
        answer.users.into_iter().map(|user| user.email).collect::<Vec<_>>()
    };
    let (sam, lee) = ("sam@north.example", "lee@north.example");
    assert_eq!(found("role = SPECIALIST AND state = ACTIVE".to_owned()).await, [lee, sam]);
    assert_eq!(found("role = TEAM_LEAD AND role = SPECIALIST".to_owned()).await, [lee]);
    assert_eq!(found(format!("team_id = {}", team.id)).await, [sam]);
    assert_eq!(found("email = \"Lee@North.example\"".to_owned()).await, [lee]);
    assert!(found("state = DISABLED".to_owned()).await.is_empty());
}

#[tokio::test]
async fn a_team_or_facility_of_another_tenant_does_not_exist() {
    let world = world().await;
    let mut north = world.tenant("north").await;
    let mut south = world.tenant("south").await;
    let team = pb::CreateTeamRequest {
        slug: "coding".to_owned(),
        display_name: "Coding".to_owned(),
        ..pb::CreateTeamRequest::default()
    };
    let theirs = south.create_team(team.clone()).await.unwrap().into_inner().team.unwrap();
    let mut sam = user("sam@north.example", &[]);
    sam.team_ids = vec![theirs.id];
    let status = north.create_user(sam).await.unwrap_err();
    assert_eq!(reason(&status), "UNKNOWN_REFERENCE");
    let facility_ids = vec![platform::ids::new().to_string()];
    let status = north.create_team(pb::CreateTeamRequest { facility_ids, ..team }).await;
    assert_eq!(reason(&status.unwrap_err()), "UNKNOWN_REFERENCE");
}

#[tokio::test]
async fn a_tenant_has_no_more_active_users_than_its_quota() {
    let world = world().await;
    let mut operator = world.user(OPERATOR).await;
    let quotas = Some(pb::TenantQuotas { users_max: 2, ..Default::default() });
    let small = pb::CreateTenantRequest { quotas, ..tenant("small") };
    operator.create_tenant(small).await.unwrap();
    let mut admin = world.user("admin@small.example").await;
    create(&mut admin, "sam@small.example", &[]).await;
    let status = admin.create_user(user("lee@small.example", &[])).await.unwrap_err();
    assert_eq!(reason(&status), "QUOTA_EXCEEDED");
}

#[tokio::test]
async fn service_line_rules_come_back_and_wrong_ranges_are_named() {
    let world = world().await;
    let mut admin = world.tenant("north").await;
    let range = |first: &str, last: &str| pb::CodeRange {
        first_code: first.to_owned(),
        last_code: last.to_owned(),
    };
    let rule = pb::ServiceLineRule {
        revenue_codes: vec![range("0350", "0359")],
        procedure_codes: vec![range("70010", "79999"), range("G0297", "")],
        bill_types: vec!["13".to_owned()],
    };
    let mut request = pb::CreateServiceLineRequest {
        slug: "imaging".to_owned(),
        display_name: "Imaging".to_owned(),
        rules: vec![rule.clone()],
        request_id: String::new(),
    };
    admin.create_service_line(request.clone()).await.unwrap();
    let listed = admin.list_service_lines(pb::ListServiceLinesRequest::default()).await.unwrap();
    let lines = listed.into_inner().service_lines;
    assert_eq!(lines[0].rules[0].procedure_codes[1], range("G0297", "G0297"));
    assert_eq!(lines[0].rules[0].revenue_codes, rule.revenue_codes);
    request.slug = "other".to_owned();
    request.rules.push(pb::ServiceLineRule {
        revenue_codes: vec![range("0359", "0350"), range("35", "")],
        ..Default::default()
    });
    request.rules.push(pb::ServiceLineRule::default());
    let status = admin.create_service_line(request).await.unwrap_err();
    let bad = status.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<&str> = bad.iter().map(|violation| violation.field.as_str()).collect();
    let wanted =
        ["rules[1].revenue_codes[0].last_code", "rules[1].revenue_codes[1].first_code", "rules[2]"];
    assert_eq!(fields, wanted);
}

//! Onboarding, by the same calls a real operator and administrator make.

use anyhow::Result;
use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    CreatePayerRequest, PayerAlias, PayerAliasKind, PublishBaseDictionaryRequest,
};
use contracts::identity::v1::{
    CodeRange, CreateFacilityRequest, CreateServiceLineRequest, CreateTeamRequest,
    CreateTenantRequest, CreateUserRequest, ServiceLineRule,
};
use platform::App;

use super::groups::DemoGroup;
use super::remittances::{PAYERS, profile};
use crate::client::Clients;
use crate::token::sign;

/// Whether `group` came aboard earlier.
pub(crate) async fn is_aboard(app: &App, group: &DemoGroup) -> bool {
    sign(app, group.specialist).await.is_ok()
}

/// Brings `group` aboard: tenant, facilities, teams, users, payers, dictionary.
pub(crate) async fn board(app: &App, group: &DemoGroup) -> Result<()> {
    let operator = sign(app, identity::local::OPERATOR).await?;
    let request = CreateTenantRequest {
        slug: group.slug.to_owned(),
        display_name: group.name.to_owned(),
        time_zone: group.time_zone.to_owned(),
        holiday_calendar: "us_federal".to_owned(),
        admin_email: group.admin.to_owned(),
        admin_display_name: "Administrator".to_owned(),
        request_id: request_id(),
        ..CreateTenantRequest::default()
    };
    Clients::new(app.wire(), &operator).identity().create_tenant(request).await?;
    let admin = sign(app, group.admin).await?;
    let admin = Clients::new(app.wire(), &admin);
    places(&admin, group).await?;
    rules(&admin).await?;
    people(&admin, group).await
}

/// A fresh one for each call that changes something.
pub(super) fn request_id() -> String {
    platform::ids::new().to_string()
}

async fn places(admin: &Clients, group: &DemoGroup) -> Result<()> {
    let mut identity = admin.identity();
    for facility in group.facilities {
        identity
            .create_facility(CreateFacilityRequest {
                slug: facility.slug.to_owned(),
                display_name: facility.name.to_owned(),
                npis: vec![facility.npi.to_owned()],
                tax_ids: vec![facility.tax_id.to_owned()],
                ccn: facility.ccn.to_owned(),
                state_code: group.state.to_owned(),
                time_zone: group.time_zone.to_owned(),
                request_id: request_id(),
            })
            .await?;
    }
    let codes = |first: &str, last: &str| CodeRange {
        first_code: first.to_owned(),
        last_code: last.to_owned(),
    };
    for (slug, name, range) in [
        ("imaging", "Imaging", codes("70010", "79999")),
        ("laboratory", "Laboratory", codes("80047", "89398")),
        ("visits", "Office and hospital visits", codes("99202", "99499")),
    ] {
        let rule = ServiceLineRule { procedure_codes: vec![range], ..ServiceLineRule::default() };
        identity
            .create_service_line(CreateServiceLineRequest {
                slug: slug.to_owned(),
                display_name: name.to_owned(),
                rules: vec![rule],
                request_id: request_id(),
            })
            .await?;
    }
    for team in domain::starter::TEAMS {
        identity
            .create_team(CreateTeamRequest {
                slug: team.slug.to_owned(),
                display_name: team.name.to_owned(),
                request_id: request_id(),
                ..CreateTeamRequest::default()
            })
            .await?;
    }
    Ok(())
}

async fn rules(admin: &Clients) -> Result<()> {
    let mut dictionary = admin.dictionary();
    for payer in &PAYERS {
        let profile = profile(payer);
        let alias = |kind: PayerAliasKind, value: String| PayerAlias { kind: kind.into(), value };
        dictionary
            .create_payer(CreatePayerRequest {
                slug: payer.slug.to_owned(),
                display_name: payer.name.to_owned(),
                aliases: vec![
                    alias(PayerAliasKind::Name, profile.name),
                    alias(PayerAliasKind::TracePayerId, profile.originator),
                ],
                line_of_business: payer.line_of_business.into(),
                network: payer.network.into(),
                time_zone: "America/New_York".to_owned(),
                request_id: request_id(),
            })
            .await?;
    }
    dictionary
        .publish_base_dictionary(PublishBaseDictionaryRequest {
            reason: "the starter dictionary, for a committee to review".to_owned(),
            request_id: request_id(),
            ..PublishBaseDictionaryRequest::default()
        })
        .await?;
    Ok(())
}

/// The specialist last: that user's existence says that onboarding was finished.
async fn people(admin: &Clients, group: &DemoGroup) -> Result<()> {
    let mut identity = admin.identity();
    let address = |name: &str| format!("{name}@{}.example", group.slug);
    for (email, name, role) in [
        (address("lee"), "Lee, team lead", Role::TeamLead),
        (address("cora"), "Cora, coding seat", Role::CommitteeMember),
        (address("miles"), "Miles, compliance seat", Role::CommitteeMember),
        (address("ana"), "Ana, analyst", Role::Analyst),
        (address("otto"), "Otto, auditor", Role::Auditor),
        (group.specialist.to_owned(), "Denial specialist", Role::Specialist),
    ] {
        identity
            .create_user(CreateUserRequest {
                email,
                display_name: name.to_owned(),
                roles: vec![role.into()],
                request_id: request_id(),
                ..CreateUserRequest::default()
            })
            .await?;
    }
    Ok(())
}

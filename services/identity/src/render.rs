//! Our values as messages of the contract.

use contracts::identity::v1 as pb;
use platform::audit;
use platform::clock::timestamp;
use platform::rejection::Fault;

use crate::store::facilities::Facility;
use crate::store::service_accounts::{AccountKey, ServiceAccount};
use crate::store::service_lines::{CodeRange, Rule, ServiceLine};
use crate::store::teams::Team;
use crate::store::tenants::Tenant;
use crate::store::users::User;

fn texts<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(T::to_string).collect()
}

pub(crate) fn tenant(tenant: Tenant) -> pb::Tenant {
    let state = pb::TenantState::from_str_name(&format!("TENANT_STATE_{}", tenant.state));
    pb::Tenant {
        id: tenant.id.to_string(),
        slug: tenant.slug,
        display_name: tenant.display_name,
        state: state.unwrap_or_default().into(),
        time_zone: tenant.time_zone,
        holiday_calendar: tenant.holiday_calendar,
        quotas: Some(pb::TenantQuotas {
            remittance_bytes_max: tenant.quotas.remittance_bytes_max,
            claims_per_day_max: tenant.quotas.claims_per_day_max,
            calls_per_second_max: tenant.quotas.calls_per_second_max,
            users_max: tenant.quotas.users_max,
        }),
        created_at: Some(timestamp(tenant.stamp.created_at)),
        updated_at: Some(timestamp(tenant.stamp.updated_at)),
        etag: tenant.stamp.etag(),
    }
}

pub(crate) fn facility(facility: Facility) -> pb::Facility {
    pb::Facility {
        id: facility.id.to_string(),
        slug: facility.slug,
        display_name: facility.display_name,
        npis: facility.npis,
        tax_ids: facility.tax_ids,
        ccn: facility.ccn,
        state_code: facility.state_code,
        time_zone: facility.time_zone,
        created_at: Some(timestamp(facility.stamp.created_at)),
        updated_at: Some(timestamp(facility.stamp.updated_at)),
        etag: facility.stamp.etag(),
    }
}

pub(crate) fn service_line(line: ServiceLine) -> pb::ServiceLine {
    pb::ServiceLine {
        id: line.id.to_string(),
        slug: line.slug,
        display_name: line.display_name,
        rules: line.rules.into_iter().map(rule).collect(),
        created_at: Some(timestamp(line.stamp.created_at)),
        updated_at: Some(timestamp(line.stamp.updated_at)),
        etag: line.stamp.etag(),
    }
}

fn rule(rule: Rule) -> pb::ServiceLineRule {
    let ranges = |ranges: Vec<CodeRange>| {
        let range =
            |range: CodeRange| pb::CodeRange { first_code: range.first, last_code: range.last };
        ranges.into_iter().map(range).collect()
    };
    pb::ServiceLineRule {
        revenue_codes: ranges(rule.revenue_codes),
        procedure_codes: ranges(rule.procedure_codes),
        bill_types: rule.bill_types,
    }
}

pub(crate) fn team(team: Team) -> pb::Team {
    use contracts::dictionary::v1::OwnerFunction;
    let functions = team.owner_functions.iter();
    let functions = functions.filter_map(|name| OwnerFunction::from_str_name(name));
    pb::Team {
        id: team.id.to_string(),
        slug: team.slug,
        display_name: team.display_name,
        owner_functions: functions.map(i32::from).collect(),
        facility_ids: texts(&team.facility_ids),
        created_at: Some(timestamp(team.stamp.created_at)),
        updated_at: Some(timestamp(team.stamp.updated_at)),
        etag: team.stamp.etag(),
    }
}

pub(crate) fn user(user: User) -> pb::User {
    let state = pb::UserState::from_str_name(&format!("USER_STATE_{}", user.state));
    pb::User {
        id: user.id.to_string(),
        email: user.email,
        display_name: user.display_name,
        roles: user.roles.into_iter().map(i32::from).collect(),
        team_ids: texts(&user.team_ids),
        facility_ids: texts(&user.facility_ids),
        state: state.unwrap_or_default().into(),
        created_at: Some(timestamp(user.stamp.created_at)),
        updated_at: Some(timestamp(user.stamp.updated_at)),
        etag: user.stamp.etag(),
    }
}

pub(crate) fn service_account(account: ServiceAccount) -> pb::ServiceAccount {
    let name = format!("SERVICE_ACCOUNT_STATE_{}", account.state);
    let state = pb::ServiceAccountState::from_str_name(&name);
    pb::ServiceAccount {
        id: account.id.to_string(),
        client_id: account.client_id,
        display_name: account.display_name,
        keys: account.keys.into_iter().map(public_key).collect(),
        scopes: account.scopes,
        state: state.unwrap_or_default().into(),
        created_at: Some(timestamp(account.stamp.created_at)),
        updated_at: Some(timestamp(account.stamp.updated_at)),
        etag: account.stamp.etag(),
    }
}

fn public_key(key: AccountKey) -> pb::PublicKey {
    pb::PublicKey {
        kid: key.kid,
        algorithm: key.algorithm.name().to_owned(),
        key: Some(pb::public_key::Key::Jwk(key.jwk)),
        expires_at: key.expires_at.map(timestamp),
    }
}

pub(crate) fn audit_event(row: audit::Row) -> Result<pb::AuditEvent, Fault> {
    let list = |text: &str| {
        serde_json::from_str(text).map_err(|_| Fault::Broken("a list in the trail is not JSON"))
    };
    let name = format!("AUDIT_EVENT_KIND_{}", row.kind.to_ascii_uppercase());
    Ok(pb::AuditEvent {
        id: row.id.to_string(),
        occurred_at: Some(timestamp(row.recorded_at)),
        kind: pb::AuditEventKind::from_str_name(&name).unwrap_or_default().into(),
        actor: row.actor,
        client_id: row.client,
        rpc: row.rpc,
        request_id: row.request,
        record_ids: list(&row.records)?,
        fields: list(&row.fields)?,
        purpose: row.purpose,
        // Events are sealed into a chain in a later release.
        seq: 0,
        hash: Vec::new(),
    })
}

/// One of our own keys as RFC 7517 and RFC 8037 write it.
pub(crate) fn signing_key((kid, x): (String, String)) -> pb::JsonWebKey {
    let [kty, crv, alg, r#use] = ["OKP", "Ed25519", "EdDSA", "sig"].map(str::to_owned);
    pb::JsonWebKey { kid, kty, crv, alg, r#use, x }
}

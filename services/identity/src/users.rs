use contracts::identity::v1 as pb;
use filter::{self, Op, Term};
use platform::access::{Caller, Role};
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, SimpleExpr};
use uuid::Uuid;

use crate::directory::{self, Kind};
use crate::error::Error;
use crate::listing::Listing;
use crate::store::users::{self, User};
use crate::store::{Stamp, facilities, teams, tenants};
use crate::teams::FACILITIES_MAX;
use crate::{Identity, fields, render};

/// The most teams of one user.
const TEAMS_MAX: usize = 100;

impl Identity {
    /// Creates a user who may sign in.
    pub(crate) async fn create_user(
        &self,
        caller: &Caller,
        request: pb::CreateUserRequest,
    ) -> Result<pb::CreateUserResponse, Error> {
        let (roles, team_ids, facility_ids) = check(&request)?;
        let once = Once::of(&request.request_id, &request)?;
        let users_max = self.settings.users_max;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    room_for_one(tx, users_max).await?;
                    let user = User {
                        id: platform::ids::new(),
                        email: request.email,
                        display_name: request.display_name,
                        roles,
                        team_ids,
                        facility_ids,
                        state: users::ACTIVE.to_owned(),
                        stamp: Stamp::new(tx.clock().now()),
                    };
                    check_references(tx, &user).await?;
                    let key = users::email_key(&user.email);
                    let is_new = users::insert(tx, &user).await?
                        && directory::enter(tx, Kind::User, &key, user.id).await?;
                    if !is_new {
                        return Err(Error::EmailTaken);
                    }
                    Ok(pb::CreateUserResponse { user: Some(render::user(user)) })
                })
            })
            .await
    }

    /// Reads a user; `me` is the caller.
    pub(crate) async fn get_user(
        &self,
        caller: &Caller,
        request: pb::GetUserRequest,
    ) -> Result<pb::GetUserResponse, Error> {
        let mut violations = Violations::default();
        let id = if request.id == "me" { caller.actor() } else { &request.id };
        let id = fields::id(&mut violations, "id", id);
        violations.into_result()?;
        let tx = self.database.read(caller).await?;
        let user = users::find(&tx, id).await?.ok_or(Fault::NotFound)?;
        Ok(pb::GetUserResponse { user: Some(render::user(user)) })
    }

    /// Lists users by address.
    pub(crate) async fn list_users(
        &self,
        caller: &Caller,
        request: pb::ListUsersRequest,
    ) -> Result<pb::ListUsersResponse, Error> {
        let narrow = narrow(&request.filter)?;
        let (size, token) = (request.page_size, &request.page_token);
        let listing = Listing::of(&self.keys, caller, size, token, &request.filter)?;
        let tx = self.database.read(caller).await?;
        let mut rows = users::page(&tx, narrow, listing.after.clone(), listing.limit()).await?;
        let next_page_token = listing.cut(&mut rows, |user| users::email_key(&user.email));
        let users = rows.into_iter().map(render::user).collect();
        Ok(pb::ListUsersResponse { users, next_page_token })
    }
}

/// Refuses one more active user than the tenant may have; waits for others who add one.
async fn room_for_one(tx: &TenantTx, default_max: u32) -> Result<(), Error> {
    let tenant = tenants::lock(tx).await?.ok_or(Fault::NotFound)?;
    let own = u64::try_from(tenant.quotas.users_max).unwrap_or_default();
    let max = if own == 0 { u64::from(default_max) } else { own };
    if users::count_active(tx).await? < max { Ok(()) } else { Err(Error::UsersExhausted) }
}

async fn check_references(tx: &TenantTx, user: &User) -> Result<(), Error> {
    if teams::count(tx, &user.team_ids).await? != user.team_ids.len() as u64 {
        return Err(Error::UnknownReference("team_ids"));
    }
    if facilities::count(tx, &user.facility_ids).await? != user.facility_ids.len() as u64 {
        return Err(Error::UnknownReference("facility_ids"));
    }
    Ok(())
}

type Checked = (Vec<Role>, Vec<Uuid>, Vec<Uuid>);

fn check(request: &pb::CreateUserRequest) -> Result<Checked, Fault> {
    let mut violations = Violations::default();
    fields::email(&mut violations, "email", &request.email);
    violations.text("display_name", &request.display_name, fields::NAME_MAX);
    let roles = roles_of(&mut violations, &request.roles);
    let team_ids = fields::ids(&mut violations, "team_ids", &request.team_ids, TEAMS_MAX);
    let ids = &request.facility_ids;
    let facility_ids = fields::ids(&mut violations, "facility_ids", ids, FACILITIES_MAX);
    violations.into_result()?;
    Ok((roles, team_ids, facility_ids))
}

/// The different roles in `numbers` that a tenant may give to its people.
pub(crate) fn roles_of(violations: &mut Violations, numbers: &[i32]) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for (at, number) in numbers.iter().enumerate() {
        match Role::try_from(*number) {
            Ok(Role::Operator | Role::Partner) => {
                violations.add(format!("roles[{at}]"), "is not for a tenant to give to people");
            }
            Ok(Role::Unspecified) | Err(_) => {
                violations.add(format!("roles[{at}]"), "is no role");
            }
            Ok(role) if roles.contains(&role) => {}
            Ok(role) => roles.push(role),
        }
    }
    roles.sort_unstable_by_key(|role| *role as i32);
    roles
}

fn narrow(text: &str) -> Result<Condition, Fault> {
    let wanted = "knows role, team_id, state and email, each with = and a value of its kind";
    filter::all(text, |term| meant(term).ok_or_else(|| wanted.to_owned()))
}

fn meant(term: &Term) -> Option<SimpleExpr> {
    if term.op != Op::Equal {
        return None;
    }
    match term.field.as_str() {
        "role" => Role::from_str_name(&format!("ROLE_{}", term.value)).map(users::has_role),
        "team_id" => Uuid::try_parse(&term.value).ok().map(users::in_team),
        "state" => {
            let name = format!("USER_STATE_{}", term.value);
            pb::UserState::from_str_name(&name).map(|_| users::state_is(&term.value))
        }
        "email" => Some(users::email_is(&term.value)),
        _ => None,
    }
}

use std::collections::BTreeMap;

use platform::access::{Role, role_name, role_named};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ActiveValue::Set;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SimpleExpr, Value};
use uuid::Uuid;

use super::entity::user::{ActiveModel, Column, Entity, Model};
use super::entity::user_link::{self, Column as Link, Entity as Links};
use super::{Stamp, stamp};

/// The name of the state of a user who may sign in.
pub(crate) const ACTIVE: &str = "ACTIVE";
const ROLE: &str = "role";
const TEAM: &str = "team";
const FACILITY: &str = "facility";

/// A user with roles, teams and facilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) display_name: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) team_ids: Vec<Uuid>,
    pub(crate) facility_ids: Vec<Uuid>,
    pub(crate) state: String,
    pub(crate) stamp: Stamp,
}

/// The form in which addresses are compared.
pub(crate) fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// Stores a user with roles, teams and facilities; false when the address is taken.
pub(crate) async fn insert(tx: &TenantTx, user: &User) -> Result<bool, Fault> {
    let row = ActiveModel {
        tenant_id: Set(Uuid::nil()),
        id: Set(user.id),
        email: Set(user.email.clone()),
        email_key: Set(email_key(&user.email)),
        display_name: Set(user.display_name.clone()),
        state: Set(user.state.clone()),
        created_at: Set(user.stamp.created_at),
        updated_at: Set(user.stamp.updated_at),
        version: Set(user.stamp.version),
    };
    if !tx.insert_if_absent(row).await? {
        return Ok(false);
    }
    let ids = |kind, ids: &[Uuid]| -> Vec<_> {
        ids.iter().map(|id| link(user.id, kind, id.to_string())).collect()
    };
    let mut links = ids(TEAM, &user.team_ids);
    links.extend(ids(FACILITY, &user.facility_ids));
    links.extend(user.roles.iter().map(|role| link(user.id, ROLE, role_name(*role))));
    tx.insert_all(links).await?;
    Ok(true)
}

fn link(user: Uuid, kind: &str, value: String) -> user_link::ActiveModel {
    user_link::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        user_id: Set(user),
        kind: Set(kind.to_owned()),
        value: Set(value),
    }
}

/// Gives `user` exactly `roles` and stores its new stamp.
pub(crate) async fn set_roles(
    tx: &TenantTx,
    user: Uuid,
    roles: &[Role],
    stamp: Stamp,
) -> Result<(), Fault> {
    let mine = Condition::all().add(Link::UserId.eq(user)).add(Link::Kind.eq(ROLE));
    tx.delete::<Links>().filter(mine).exec().await?;
    tx.insert_all(roles.iter().map(|role| link(user, ROLE, role_name(*role))).collect()).await?;
    tx.update::<Entity>()
        .set(Column::UpdatedAt, stamp.updated_at)
        .set(Column::Version, stamp.version)
        .filter(Column::Id.eq(user))
        .exec()
        .await?;
    Ok(())
}

/// One user.
pub(crate) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<User>, Fault> {
    let rows = tx.find::<Entity>().filter(Column::Id.eq(id)).limit(1).all().await?;
    Ok(with_links(tx, rows).await?.pop())
}

/// A page by address, after the address `after` in the form of [`email_key`].
pub(crate) async fn page(
    tx: &TenantTx,
    narrow: Condition,
    after: Option<String>,
    limit: u64,
) -> Result<Vec<User>, Fault> {
    let after = after.map(|email| [Value::from(email)]);
    let rows = tx
        .find::<Entity>()
        .filter(narrow)
        .keyset(&[(Column::EmailKey, Order::Asc)], after.as_ref().map(<[Value; 1]>::as_slice))
        .limit(limit)
        .all()
        .await?;
    with_links(tx, rows).await
}

/// How many active users the tenant has.
pub(crate) async fn count_active(tx: &TenantTx) -> Result<u64, Fault> {
    Ok(tx.find::<Entity>().filter(state_is(ACTIVE)).count().await?)
}

/// How many active administrators the tenant has besides `user`.
pub(crate) async fn count_other_admins(tx: &TenantTx, user: Uuid) -> Result<u64, Fault> {
    let others = Condition::all()
        .add(state_is(ACTIVE))
        .add(has_role(Role::TenantAdmin))
        .add(Column::Id.ne(user));
    Ok(tx.find::<Entity>().filter(others).count().await?)
}

async fn with_links(tx: &TenantTx, rows: Vec<Model>) -> Result<Vec<User>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut links: BTreeMap<Uuid, Vec<user_link::Model>> = BTreeMap::new();
    let found =
        tx.find::<Links>().filter(Link::UserId.is_in(ids)).order_by(Link::Value, Order::Asc);
    for row in found.all().await? {
        links.entry(row.user_id).or_default().push(row);
    }
    rows.into_iter().map(|row| join(links.remove(&row.id).unwrap_or_default(), row)).collect()
}

fn join(links: Vec<user_link::Model>, row: Model) -> Result<User, Fault> {
    let (mut roles, mut team_ids, mut facility_ids) = (Vec::new(), Vec::new(), Vec::new());
    let broken = Fault::Broken("a stored link of a user cannot be read");
    for link in links {
        match link.kind.as_str() {
            ROLE => roles.extend(role_named(&link.value)),
            TEAM => team_ids.extend(Uuid::try_parse(&link.value)),
            FACILITY => facility_ids.extend(Uuid::try_parse(&link.value)),
            _ => return Err(broken),
        }
    }
    roles.sort_unstable_by_key(|role| *role as i32);
    Ok(User {
        id: row.id,
        stamp: stamp!(row),
        email: row.email,
        display_name: row.display_name,
        roles,
        team_ids,
        facility_ids,
        state: row.state,
    })
}

/// The users with that address.
pub(crate) fn email_is(email: &str) -> SimpleExpr {
    Column::EmailKey.eq(email_key(email))
}

/// The users in that state.
pub(crate) fn state_is(state: &str) -> SimpleExpr {
    Expr::col((Entity, Column::State)).eq(state)
}

/// The users with that role.
pub(crate) fn has_role(role: Role) -> SimpleExpr {
    linked(ROLE, &role_name(role))
}

/// The users in that team.
pub(crate) fn in_team(team: Uuid) -> SimpleExpr {
    linked(TEAM, &team.to_string())
}

fn linked(kind: &str, value: &str) -> SimpleExpr {
    let mut same = Query::select();
    same.column(Link::UserId)
        .from(Links)
        .and_where(Expr::col((Links, Link::TenantId)).equals((Entity, Column::TenantId)))
        .and_where(Expr::col((Links, Link::Kind)).eq(kind))
        .and_where(Expr::col((Links, Link::Value)).eq(value));
    Expr::col((Entity, Column::Id)).in_subquery(same)
}

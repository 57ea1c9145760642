//! The miss forecast: made every hour from what waits and who is there, and kept per team.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use contracts::routing::v1 as pb;
use domain::calendar::Zone;
use domain::money::Cents;
use domain_work::UserId;
use domain_work::forecast::{Forecast, Item, Reassignment, Team, TeamForecast, forecast};
use domain_work::hold::State;
use domain_work::priority::yield_an_hour;
use domain_work::queue::Queue;
use ledger::held::{self, known_day};
use platform::access::Caller;
use platform::clock::timestamp;
use platform::rejection::Fault;
use platform::tenant_tx::Database;
use prost::Message;
use uuid::Uuid;

use crate::standing::Lanes;
use crate::store::forecasts::{self, Ahead};

/// The most items that a forecast names.
const NAMED: usize = 500;

/// Makes the forecasts of a tenant and keeps them.
pub(crate) async fn renew(database: &Database, caller: &Caller) -> Result<(), Fault> {
    let now = database.clock().now();
    let made = made(database, caller, now).await?;
    let encoded = made.into_iter().map(|(team, forecast)| (team, forecast.encode_to_vec()));
    let tx = database.begin(caller).await?;
    forecasts::keep(&tx, encoded.collect()).await?;
    Ok(tx.commit().await?)
}

/// The forecasts of a tenant by team; of all teams together under no team.
pub(crate) async fn made(
    database: &Database,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, pb::Forecast>, Fault> {
    let tx = database.read(caller).await?;
    let lanes = Lanes::of(&tx).await?;
    let ahead = forecasts::ahead(&tx).await?;
    drop(tx);
    let simulated = tokio::task::spawn_blocking(move || simulated(lanes.all(), &ahead, now)).await;
    simulated.map_err(|_| Fault::Broken("a forecast panicked"))?
}

fn simulated(
    queues: &[Queue],
    ahead: &[Ahead],
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, pb::Forecast>, Fault> {
    let staff = staff(queues);
    let skills: Vec<Vec<&str>> =
        staff.values().map(|team| team.skills.iter().map(String::as_str).collect()).collect();
    let teams: Vec<Team<'_>> = staff
        .iter()
        .zip(&skills)
        .map(|((slug, team), skills)| Team { slug, skills, minutes_a_day: team.minutes() })
        .collect();
    let items = ahead.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    Ok(shown(&forecast(&teams, &items, Zone::EASTERN.day_of(now)), now))
}

/// Who is there for a team.
#[derive(Debug, Default)]
struct Staff {
    /// Minutes a business day; who works two queues of a team has the greater once.
    people: BTreeMap<UserId, u32>,
    skills: BTreeSet<String>,
}

impl Staff {
    fn minutes(&self) -> u32 {
        self.people.values().copied().fold(0, u32::saturating_add)
    }
}

fn staff(queues: &[Queue]) -> BTreeMap<String, Staff> {
    let mut staff: BTreeMap<String, Staff> = BTreeMap::new();
    for queue in queues {
        let team = staff.entry(queue.scope.team.to_string()).or_default();
        for member in &queue.members {
            let minutes = team.people.entry(member.user).or_default();
            *minutes = member.capacity_minutes.max(*minutes);
            team.skills.extend(member.skills.iter().map(ToString::to_string));
        }
    }
    staff
}

fn item(row: &Ahead) -> Result<Item<'_>, Fault> {
    let minutes = u32::try_from(row.effort_minutes).unwrap_or(u32::MAX);
    Ok(Item {
        id: row.id,
        team: &row.owner_team,
        skill: &row.owner_function,
        effort_minutes: minutes,
        hourly_cents: yield_an_hour(Cents::new(row.expected_cents), minutes),
        recoverable: Cents::new(row.expected_cents),
        last_day: known_day(row.due_on),
        from: waits_until(row)?,
    })
}

fn waits_until(row: &Ahead) -> Result<Option<NaiveDate>, Fault> {
    match row.hold()?.state {
        State::Waiting(wait) => Ok(Some(wait.follow_up_on)),
        State::Open(_) | State::Claimed(_) | State::Resolved | State::Superseded => Ok(None),
    }
}

impl Ahead {
    fn hold(&self) -> Result<domain_work::hold::Hold, Fault> {
        held::read(&self.state, &self.hold, self.fencing_number)
    }
}

fn shown(forecast: &Forecast, now: DateTime<Utc>) -> BTreeMap<String, pb::Forecast> {
    let of_team = |team: &TeamForecast| {
        let theirs = forecast.reassignments.iter().filter(|it| it.from_team == team.team);
        (team.team.clone(), message(&team.team, &[team], theirs, now))
    };
    let mut shown: BTreeMap<String, pb::Forecast> = forecast.teams.iter().map(of_team).collect();
    let all: Vec<&TeamForecast> = forecast.teams.iter().collect();
    shown.insert(String::new(), message("", &all, forecast.reassignments.iter(), now));
    shown
}

fn message<'a>(
    team: &str,
    of: &[&TeamForecast],
    moves: impl Iterator<Item = &'a Reassignment>,
    now: DateTime<Utc>,
) -> pb::Forecast {
    let mut missed: Vec<(Cents, Uuid)> =
        of.iter().flat_map(|team| &team.missed).map(|miss| (miss.recoverable, miss.id)).collect();
    missed.sort_by_key(|(money, id)| (std::cmp::Reverse(*money), *id));
    let money = of.iter().map(|team| team.missed_money.as_i64()).fold(0, i64::saturating_add);
    let reassignments = moves.map(|it| pb::Reassignment {
        from_team: it.from_team.clone(),
        to_team: it.to_team.clone(),
        item_count: i32::try_from(it.items.len()).unwrap_or(i32::MAX),
        saved: Some(views::money(it.saved.as_i64())),
    });
    pb::Forecast {
        team: team.to_owned(),
        as_of: Some(timestamp(now)),
        missed_count: i64::try_from(missed.len()).unwrap_or(i64::MAX),
        missed: Some(views::money(money)),
        work_item_ids: missed.iter().take(NAMED).map(|(_, id)| id.to_string()).collect(),
        reassignments: reassignments.collect(),
        words: of.iter().map(|team| team.words.clone()).collect(),
    }
}

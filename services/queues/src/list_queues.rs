use std::collections::BTreeSet;

use contracts::routing::v1::{ListQueuesRequest, ListQueuesResponse};
use domain_work::queue::Queue;
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use uuid::Uuid;

use crate::standing::{Lanes, standing_of};
use crate::store::{self, QueueRow};
use crate::{Error, Queues, face, waiting, worker};

/// Which queues are wanted.
enum Wanted {
    Team(String),
    Member(domain_work::UserId),
}

impl Queues {
    /// Lists queues by slug, with what waits in them.
    ///
    /// # Errors
    /// When the filter or the page token is no good, or the database fails.
    pub async fn list_queues(
        &self,
        caller: &Caller,
        request: ListQueuesRequest,
    ) -> Result<ListQueuesResponse, Error> {
        let wanted = filter::read(&request.filter, |term| wanted(term, caller))?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (size, after) =
            (page::size(request.page_size), page::text_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        // A tenant has a few hundred queues, which fit into memory as they must for any claim.
        let rows = store::all(&tx).await?;
        let lanes = Lanes::read(&rows)?;
        let shown = rows.into_iter().zip(lanes.all());
        let later = |row: &QueueRow| after.as_ref().is_none_or(|after| row.slug > *after);
        let shown = shown.filter(|(row, queue)| later(row) && fits(queue, &wanted));
        let shown = shown.map(|(row, _)| row).take(page::one_too_far(size)).collect();
        let page = page::cut(shown, size, &pager, |row: &QueueRow| row.slug.clone().into_bytes());
        let teams: BTreeSet<String> = page.rows.iter().map(|row| row.team.clone()).collect();
        let waiting = waiting::of_teams(&tx, &lanes, teams.into_iter().collect()).await?;
        let queues = page.rows.iter().map(|row| face::queue(row, &waiting));
        Ok(ListQueuesResponse {
            queues: queues.collect::<Result<_, _>>()?,
            next_page_token: page.next,
        })
    }
}

fn wanted(term: &Term, caller: &Caller) -> Result<Wanted, String> {
    if term.op != Op::Equal {
        return Err(format!("`{}` takes `=` only", term.field));
    }
    match (term.field.as_str(), term.value.as_str()) {
        ("team", team) => Ok(Wanted::Team(team.to_owned())),
        ("member", "me") => {
            worker(caller).map(Wanted::Member).map_err(|_| "you have no id".to_owned())
        }
        ("member", id) => Uuid::try_parse(id)
            .map(|id| Wanted::Member(domain_work::UserId(id)))
            .map_err(|_| "`member` is a UUID, or `me`".to_owned()),
        _ => Err("the fields are `team` and `member`".to_owned()),
    }
}

fn fits(queue: &Queue, wanted: &[Wanted]) -> bool {
    wanted.iter().all(|wanted| match wanted {
        Wanted::Team(team) => queue.scope.team == **team,
        Wanted::Member(user) => standing_of(*user, queue).is_ok(),
    })
}

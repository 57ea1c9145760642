use std::collections::BTreeSet;

use contracts::routing::v1::{ListQueuesRequest, ListQueuesResponse};
use domain_work::queue::{Caller as Worker, Queue};
use platform::access::Caller;
use platform::filter::{self, Op, Term};
use platform::page::{self, Pager};
use platform::rejection::Fault;
use uuid::Uuid;

use crate::standing::Lanes;
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
        let after = pager.read(&request.page_token)?;
        let after = after.map(String::from_utf8).transpose().map_err(|_| Fault::PageToken)?;
        let size = usize::try_from(page::size(request.page_size)).unwrap_or(usize::MAX);
        let tx = self.database.read(caller).await?;
        // A tenant has a few hundred queues, which fit into memory as they must for any claim.
        let mut rows: Vec<QueueRow> = Vec::new();
        for row in store::all(&tx).await? {
            let is_later = after.as_ref().is_none_or(|after| row.slug > *after);
            if is_later && fits(&store::rules(&row)?, &wanted) {
                rows.push(row);
            }
        }
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more);
        let next_page_token = last.map(|last| pager.token(last.slug.as_bytes()));
        let teams: BTreeSet<String> = rows.iter().map(|row| row.team.clone()).collect();
        let lanes = Lanes::of(&tx).await?;
        let waiting = waiting::of_teams(&tx, &lanes, teams.into_iter().collect()).await?;
        let queues = rows.iter().map(|row| face::queue(row, &waiting)).collect::<Result<_, _>>()?;
        Ok(ListQueuesResponse { queues, next_page_token: next_page_token.unwrap_or_default() })
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
        Wanted::Member(user) => queue.standing(&Worker { user: *user, leads: &[] }).is_ok(),
    })
}

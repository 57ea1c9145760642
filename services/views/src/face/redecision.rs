use contracts::routing::v1::{Redecision, WorkItemChange, WorkItemMove, WorkItemTask};
use ledger::document::{Tally, Task};
use ledger::redecisions::{self, Redecision as Row};
use platform::jobs::Record;
use platform::rejection::Fault;

use super::values::{date, id, money, timestamp};

/// A redecision with its job.
pub(crate) fn redecision(row: Row, job: Record) -> Result<Redecision, Fault> {
    let tally = redecisions::tally(&row)?;
    let words = words(&tally, &job);
    let moves = tally.moves.into_iter().map(|one| {
        let [from_team, to_team] = one.from_to;
        let at_stake = Some(money(one.cents));
        WorkItemMove { from_team, to_team, work_item_count: one.items, at_stake }
    });
    let examples = tally.examples.into_iter().map(|changed| {
        let [before, after] = changed.tasks.map(|task| Some(self::task(task)));
        WorkItemChange { work_item_id: id(changed.item), before, after }
    });
    Ok(Redecision {
        id: id(row.id),
        revision: row.revision,
        activated_at: Some(timestamp(row.activated_at)),
        job: Some(job.into()),
        claim_count: tally.claims,
        changed_count: tally.changed,
        unchanged_count: tally.unchanged,
        opened_count: tally.opened,
        superseded_count: tally.superseded,
        moves: moves.collect(),
        examples: examples.collect(),
        words,
    })
}

fn task(task: Task) -> WorkItemTask {
    WorkItemTask {
        team: task.team,
        team_name: task.team_name,
        action_words: task.action_words,
        due_on: task.due_on.map(date),
    }
}

fn words(tally: &Tally, job: &Record) -> String {
    let verb = match job.state.as_str() {
        "RUNNING" => "so far, ",
        "SUCCEEDED" => "",
        _ => "before it ended, ",
    };
    let items =
        |count: i64| if count == 1 { "1 item".to_owned() } else { format!("{count} items") };
    let moved: i64 = tally.moves.iter().map(|one| one.items).sum();
    format!(
        "{verb}{} changed ({moved} to another team), {} new, {} no longer called for, {} as before",
        items(tally.changed),
        items(tally.opened),
        items(tally.superseded),
        items(tally.unchanged),
    )
}

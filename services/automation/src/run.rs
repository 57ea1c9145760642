//! What rules do on duty: a pass over the items of one rule, every hour and after every change.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::Zone;
use domain::codes::{Carc, Group};
use domain::dictionary::sections::AutomationLimit;
use domain::dictionary::vocabulary::{Category, NextAction, OwnerFunction};
use domain::money::Cents;
use domain_work::WorkKind;
use domain_work::automation::{Bounds, Code, Deed, Doing, Gate, Item, Mode, Rule, Verdict, judge};
use ledger::document::WorkDocument;
use ledger::reading::work_items::WorkItem;
use ledger::{FEED, files, held, redecisions, timeline};
use platform::access::Caller;
use platform::events::Event;
use platform::jobs::{Handler, Job};
use platform::rejection::{Fault, Rejection};
use platform::tenant_tx::{Database, TenantTx};
use queues::{Automated, automated};
use sea_orm::sea_query::Condition;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::store::{self, RuleRow};
use crate::{KIND, rule};

/// How often a rule passes over its items.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// Items that are looked at together.
const CHUNK: u64 = 200;
/// Lines of an item that are looked at for people.
const LINES: u64 = 200;
/// How long one run goes on before it gives its place to others; below its lease.
const RUN: Duration = Duration::from_secs(45);
/// How long a worker may take before another one looks after the rule.
const LEASE: Duration = Duration::from_secs(120);

/// The job that runs rules; nothing above `write_off_limit` is written off.
#[must_use]
pub fn job(database: Database, write_off_limit: Cents) -> Job {
    let handler: Handler = Arc::new(move |caller, rule| {
        let duty = Duty { database: database.clone(), caller, rule, write_off_limit };
        Box::pin(async move { Box::pin(duty.pass()).await })
    });
    Job::new(KIND, handler).lease(LEASE)
}

/// One run of one rule.
struct Duty {
    database: Database,
    caller: Caller,
    rule: Uuid,
    write_off_limit: Cents,
}

/// What holds during a pass.
struct Pass {
    row: RuleRow,
    rule: Rule,
    wanted: Condition,
    today: NaiveDate,
    /// The revision that is active, as far as routing was told.
    revision: String,
    limits: Vec<AutomationLimit>,
}

/// What became of an item.
#[derive(PartialEq)]
enum Done {
    /// It was acted on, told of or left.
    Next,
    /// It does not read: that is no reason to leave all that comes after it.
    Skipped,
    /// Somebody changed the rule: what comes is another pass's.
    Changed,
}

/// As much of a revision as rules need.
#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    automation_limits: Vec<AutomationLimit>,
}

impl Duty {
    async fn pass(&self) -> Result<(), Fault> {
        let now = self.database.clock().now();
        let tx = self.database.begin(&self.caller).await?;
        let row = store::locked(&tx, self.rule).await?;
        let Some(row) = row.filter(|row| row.mode != Mode::Stopped.as_str()) else {
            tx.done(KIND, self.rule).await?;
            return Ok(tx.commit().await?);
        };
        let pass = Pass::begin(&tx, row, now).await?;
        drop(tx);
        let until = Instant::now() + RUN;
        let (mut after, mut skipped) = (None, 0);
        loop {
            let tx = self.database.read(&self.caller).await?;
            let which = (pass.wanted.clone(), pass.row.action.as_str());
            let items = store::page(&tx, which, after.as_ref(), CHUNK).await?;
            drop(tx);
            let Some(last) = items.last().cloned() else {
                return self.end(&pass, now, skipped).await;
            };
            for item in items {
                if Instant::now() > until {
                    return self.again(now).await;
                }
                match self.readable(&pass, &item).await? {
                    Done::Next => {}
                    Done::Skipped => skipped += 1,
                    Done::Changed => return self.again(now).await,
                }
            }
            after = Some(last);
        }
    }

    /// Another pass comes at once: what is left is its.
    async fn again(&self, now: DateTime<Utc>) -> Result<(), Fault> {
        let tx = self.database.begin(&self.caller).await?;
        tx.put_off(KIND, self.rule, now).await?;
        Ok(tx.commit().await?)
    }

    /// One item; one whose rows do not read is left to people, and told of in our logs.
    async fn readable(&self, pass: &Pass, item: &WorkItem) -> Result<Done, Fault> {
        match self.one(pass, item).await {
            // All else that one item can meet is the database's, and may end a pass.
            Err(Fault::Broken(what)) => {
                let (rule, id) = (self.rule, item.id);
                tracing::error!(
                    automation_rule.id = %rule, work_item.id = %id, what, "a rule skips an item"
                );
                Ok(Done::Skipped)
            }
            done => done,
        }
    }

    /// All items were looked at but for `skipped`, which do not read.
    async fn end(&self, pass: &Pass, now: DateTime<Utc>, skipped: i64) -> Result<(), Fault> {
        let tx = self.database.begin(&self.caller).await?;
        let row = store::locked(&tx, self.rule).await?;
        let same = row.is_some_and(|row| pass.is_of(&row));
        if same {
            store::skipped(&tx, self.rule, skipped).await?;
        }
        if same && pass.rule.mode == Mode::DryRun {
            store::rehearsed(&tx, self.rule, pass.row.edition).await?;
        }
        tx.put_off(KIND, self.rule, if same { now + EVERY } else { now }).await?;
        Ok(tx.commit().await?)
    }

    /// One item, in one transaction.
    async fn one(&self, pass: &Pass, seen: &WorkItem) -> Result<Done, Fault> {
        // Most are left to people: what is known of them already needs no transaction.
        let facts = Facts::of(seen, false, &pass.revision)?;
        let bounds = pass.bounds(self.write_off_limit);
        if let Verdict::Refuse(_) =
            judge(&facts.item(), &pass.rule, &bounds, Cents::ZERO, pass.today)
        {
            return Ok(Done::Next);
        }
        let tx = self.database.begin(&self.caller).await?;
        match store::locked(&tx, self.rule).await? {
            Some(row) if pass.is_of(&row) => {}
            _ => return Ok(Done::Changed),
        }
        let which = (pass.wanted.clone(), pass.row.action.as_str());
        let Some(item) = store::candidate(&tx, which, seen.id).await? else {
            return Ok(Done::Next);
        };
        let lines = timeline::of_item(&tx, item.id, None, LINES).await?;
        let touched = lines.iter().any(|line| held::person(&line.actor).is_some());
        let facts = Facts::of(&item, touched, &pass.revision)?;
        let spent = store::spent(&tx, self.rule, pass.edition(), pass.today).await?;
        let spent = Cents::new(spent);
        let done = match judge(&facts.item(), &pass.rule, &bounds, spent, pass.today) {
            Verdict::Refuse(Gate::Stopped) => return Ok(Done::Changed),
            Verdict::Refuse(_) => return Ok(Done::Next),
            Verdict::WouldAct(deed) => pass.tell(&tx, &item, &deed).await?,
            Verdict::Act(deed) => self.act(&tx, pass, item, &deed).await?,
        };
        if let Some(money) = done {
            let counted = (1, money.as_i64());
            store::count(&tx, self.rule, pass.edition(), pass.today, counted).await?;
            tx.commit().await?;
        }
        Ok(Done::Next)
    }

    /// Acts; `None` where a rule of work does not let it.
    async fn act(
        &self,
        tx: &TenantTx,
        pass: &Pass,
        item: WorkItem,
        deed: &Deed<'_>,
    ) -> Result<Option<Cents>, Fault> {
        let act = match deed.doing {
            Doing::WriteOff => Automated::WriteOff(pass.row.write_off_code.clone()),
            Doing::Close => Automated::Close,
            Doing::AskForDocuments(day) => Automated::AskForDocuments(day),
            Doing::Wait(day) => Automated::Wait(day),
            Doing::AskForResubmission(day) => Automated::AskForResubmission(day),
        };
        let id = item.id;
        let (by, limit) = ((self.rule, KIND), self.write_off_limit);
        match Box::pin(automated(tx, item, act, by, pass.reason(deed), limit)).await {
            Ok(()) => Ok(Some(deed.money)),
            Err(queues::Error::Fault(fault)) => Err(fault),
            Err(error) => {
                tracing::warn!(work_item.id = %id, reason = error.reason(), "a rule was refused");
                Ok(None)
            }
        }
    }
}

impl Pass {
    async fn begin(tx: &TenantTx, row: RuleRow, now: DateTime<Utc>) -> Result<Self, Fault> {
        let mut said = (row.activated_at, row.revision.clone());
        // Whoever wrote another rule, or had work decided again, heard of the active revision too.
        for other in store::all(tx).await? {
            said = said.max((other.activated_at, other.revision));
        }
        if let Some(latest) = redecisions::latest(tx).await? {
            said = said.max((latest.activated_at, latest.revision));
        }
        let revision = said.1;
        let content = files::revision(tx, &revision).await?;
        let content = content.ok_or(Fault::Broken("a revision that rules need is not kept"))?;
        let content: Content = serde_json::from_slice(&content)
            .map_err(|_| Fault::Broken("a revision that rules need does not read"))?;
        let zone: Zone = row.time_zone.parse().unwrap_or(Zone::UTC);
        Ok(Self {
            rule: rule::of_row(&row)?,
            wanted: rule::wanted(&row)?,
            today: zone.day_of(now),
            row,
            revision,
            limits: content.automation_limits,
        })
    }

    /// Whether a row is still what this pass began with.
    fn is_of(&self, row: &RuleRow) -> bool {
        (row.edition, &row.mode) == (self.row.edition, &self.row.mode)
    }

    /// Under which its day is counted: acts are counted whatever the edition.
    fn edition(&self) -> i64 {
        if self.rule.mode == Mode::DryRun { self.row.edition } else { 0 }
    }

    fn bounds(&self, write_off_limit: Cents) -> Bounds<'_> {
        Bounds { limits: &self.limits, write_off_limit }
    }

    /// Why it is done, for whoever reads the item.
    fn reason(&self, deed: &Deed<'_>) -> String {
        format!(
            "by the rule `{}`: {} of at most {} under the dictionary's limit `{}`",
            self.row.title, deed.money, deed.limit.ceiling, deed.limit.slug
        )
    }

    /// Tells what it would do, once of each item; `None` when it had.
    async fn tell(
        &self,
        tx: &TenantTx,
        item: &WorkItem,
        deed: &Deed<'_>,
    ) -> Result<Option<Cents>, Fault> {
        if !store::tell(tx, self.row.id, self.row.edition, item.id).await? {
            return Ok(None);
        }
        let (kind, what) = ("work_item.automation_rehearsed", what(deed.doing));
        let words = format!("would {what} {}", self.reason(deed));
        timeline::tell(tx, vec![timeline::line(tx, item.id, kind, KIND, words)]).await?;
        let payload = json!({
            "rule": self.row.id,
            "action": self.row.action,
            "team": item.owner_team,
            "at_stake_cents": item.at_stake_cents,
        });
        let payload = payload.to_string().into_bytes();
        let revision = item.revision.clone();
        tx.emit(FEED, vec![Event { kind, subject: item.id, revision, payload }]).await?;
        Ok(Some(deed.money))
    }
}

fn what(doing: Doing) -> String {
    match doing {
        Doing::WriteOff => "write it off".to_owned(),
        Doing::Close => "close it".to_owned(),
        Doing::AskForDocuments(day) => {
            format!("ask for its documents and wait until {}", day.format("%m/%d/%Y"))
        }
        Doing::Wait(day) => format!("wait for the payer until {}", day.format("%m/%d/%Y")),
        Doing::AskForResubmission(day) => {
            let day = day.format("%m/%d/%Y");
            format!("ask the billing system to send its claim again and wait until {day}")
        }
    }
}

/// What the rules ask of an item's row.
struct Facts<'a> {
    row: &'a WorkItem,
    document: WorkDocument,
    hold: domain_work::hold::Hold,
    kind: WorkKind,
    action: NextAction,
    codes: Vec<Code>,
    touched: bool,
    is_current: bool,
}

impl<'a> Facts<'a> {
    fn of(row: &'a WorkItem, touched: bool, revision: &str) -> Result<Self, Fault> {
        let document = WorkDocument::of(row)?;
        let codes = document.codes.iter().map(|code| Code {
            group: Group::from_raw(&code.group),
            carc: Carc::new(&code.carc).ok(),
        });
        let broken = || Fault::Broken("a work item does not read");
        Ok(Self {
            codes: codes.collect(),
            hold: held::hold(row)?,
            kind: WorkKind::parse(&row.kind).ok_or_else(broken)?,
            action: NextAction::parse(&row.next_action).ok_or_else(broken)?,
            touched: touched || !row.hold.is_empty(),
            is_current: row.revision == revision,
            document,
            row,
        })
    }

    fn item(&self) -> Item<'_> {
        Item {
            kind: self.kind,
            action: self.action,
            category: Category::parse(&self.row.category),
            owner: OwnerFunction::parse(&self.row.owner_function),
            is_exception: !self.row.exception.is_empty() || !self.document.policy.is_empty(),
            review_reason: &self.document.review_reason,
            codes: &self.codes,
            at_stake: Cents::new(self.row.at_stake_cents),
            is_current: self.is_current,
            hold: &self.hold,
            touched: self.touched,
            // Whoever asks puts the item aside, and the line of the question is a person's.
            has_open_question: false,
            last_day: held::known_day(self.row.due_on),
            documents: self.document.evidence_missing() as usize,
        }
    }
}

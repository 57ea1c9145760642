use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use chrono::NaiveDate;
use domain::calendar::Zone;
use domain::deadline::{ClockEvent, ClockStarts, Deadline, Evidence, RuleBook, Situation};
use domain::denial::{Denial, Exception, Level, Occurrence, detect};
use domain::dictionary::Compiled;
use serde_json::{Value, json};
use x12::model::{ClaimPart, Transaction};
use x12::{Assembled, Claims, SetKind};

use crate::Output;
use crate::output::{bar_beside, watched};
use crate::words::{counted, day};

/// Prints every denial of the file at `path` with its decision under the starter dictionary. No
/// ledger is asked: nothing is known but the file, and repeats are not told from first denials.
pub(crate) fn denials(path: &Path, as_json: bool) -> Result<()> {
    let bundle = domain::starter::bundle();
    let dictionary = Compiled::new(&bundle)
        .map_err(|conflicts| anyhow!("the starter dictionary has {} conflicts", conflicts.len()))?;
    let rules = RuleBook::new(&bundle.deadline_rules);
    let mut desk =
        Desk { dictionary: &dictionary, rules, remit_on: None, as_json, lines: Vec::new() };
    let unread = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(unread)?;
    let bar = bar_beside(file.metadata().with_context(unread)?.len(), "deciding");
    let mut file = watched(file, &bar);
    let (mut claims, mut buffer) = (Claims::new(), vec![0; 256 << 10]);
    let mut remittances = 0;
    loop {
        let read = file.read(&mut buffer).with_context(unread)?;
        let mut take = |said: Assembled<'_>| match said {
            Assembled::Header(header) if header.kind == SetKind::Remittance => {
                remittances += 1;
                desk.remit_on = remit_day(&header);
            }
            Assembled::Claim(part) => desk.decide(&part),
            _ => {}
        };
        if read == 0 {
            claims.finish(&mut take);
            desk.print()?;
            break;
        }
        claims.push(&buffer[..read], &mut take);
        desk.print()?;
    }
    bar.finish_and_clear();
    if remittances == 0 {
        bail!("{} holds no 835; `overturn era inspect` says what it holds", path.display());
    }
    Ok(())
}

/// What decides, and what was found since the last line was printed.
struct Desk<'c> {
    dictionary: &'c Compiled,
    rules: RuleBook<'c>,
    remit_on: Option<NaiveDate>,
    as_json: bool,
    lines: Vec<String>,
}

impl Desk<'_> {
    fn decide(&mut self, part: &ClaimPart) {
        let occurrence = remitted::read_alone(part);
        let findings = detect(&occurrence, self.dictionary);
        for denial in &findings.denials {
            let deadline = self.deadline(denial, &occurrence);
            self.lines.push(if self.as_json {
                let mut object = decided(denial, part);
                object["deadline"] = deadline.as_ref().map_or(Value::Null, due);
                object.to_string()
            } else {
                denial_words(denial, part, deadline.as_ref())
            });
        }
        for exception in &findings.exceptions {
            self.lines.push(self.exception(exception, part));
        }
    }

    fn deadline(&self, denial: &Denial<'_>, occurrence: &Occurrence<'_>) -> Option<Deadline> {
        let remit_on = self.remit_on?;
        let mut starts =
            ClockStarts::new().with(ClockEvent::NoticeDate, remit_on, Evidence::Remittance);
        if let Some(day) = occurrence.claim.service_on {
            starts = starts.with(ClockEvent::ServiceDate, day, Evidence::Claim);
        }
        let situation = Situation {
            lob: occurrence.claim.lob,
            payer: None,
            network: None,
            starts: &starts,
            zone: Zone::EASTERN,
            // Every window that was open when the remittance came.
            today: remit_on,
        };
        self.rules.choose(&denial.decision.wanted(), &situation).ranking().cloned()
    }

    /// An exception is owned by its policy, whatever its code.
    fn exception(&self, exception: &Exception<'_>, part: &ClaimPart) -> String {
        let policy = self.dictionary.policy(exception.kind);
        let code = exception.code.map(|(group, carc)| format!("{group}-{carc}"));
        let rarcs: Vec<&str> = exception.rarcs.iter().map(|rarc| rarc.as_str()).collect();
        if self.as_json {
            return json!({
                "claim": part.number.reveal(),
                "line": line_number(exception.level),
                "exception": exception.kind.as_str(),
                "code": code,
                "rarcs": rarcs,
                "cents": exception.amount.as_i64(),
                "owner_function": policy.owner_function.as_str(),
                "team": policy.team.as_str(),
                "action": policy.action_words,
                "settle_within_business_days": policy.settle_within_business_days,
            })
            .to_string();
        }
        format!(
            "{}: exception, {}{}, {}; {}: {}; look at it within {}",
            place(part, exception.level),
            exception.kind.as_str().replace('_', " "),
            code.map(|code| format!(" {}", with_remarks(code, &rarcs))).unwrap_or_default(),
            exception.amount,
            policy.team.as_str(),
            policy.action_words,
            counted(policy.settle_within_business_days, "business day"),
        )
    }

    fn print(&mut self) -> Result<()> {
        for line in self.lines.drain(..) {
            Output.line(&line)?;
        }
        Ok(())
    }
}

fn decided(denial: &Denial<'_>, part: &ClaimPart) -> Value {
    let decision = &denial.decision;
    let entry = decision.entry();
    json!({
        "claim": part.number.reveal(),
        "line": line_number(denial.level),
        "group": denial.group.as_str(),
        "carc": denial.carc.as_str(),
        "rarcs": denial.rarcs.iter().map(|rarc| rarc.as_str().to_owned()).collect::<Vec<_>>(),
        "denied_cents": denial.denied.as_i64(),
        "record_class": decision.record_class().map(|class| class.as_str()),
        "entry": entry.map(|entry| entry.slug.as_str()),
        "owner_function": decision.owner_function.as_str(),
        "team": decision.team.slug,
        "next_action": decision.next_action.as_str(),
        "action": decision.action_words(),
        "appealable": decision.appealable.as_str(),
        "evidence": decision.evidence(),
    })
}

fn due(deadline: &Deadline) -> Value {
    json!({
        "date": deadline.last_day.to_string(),
        "time_zone": deadline.zone.name(),
        "path": deadline.path.as_str(),
        "rule": deadline.rule,
        "source": deadline.source,
        "assumed": deadline.assumed(),
    })
}

fn denial_words(denial: &Denial<'_>, part: &ClaimPart, deadline: Option<&Deadline>) -> String {
    let rarcs: Vec<&str> = denial.rarcs.iter().map(|rarc| rarc.as_str()).collect();
    let by = deadline.map_or_else(
        || "no known date".to_owned(),
        |due| format!("by {} for {}", day(due.last_day), due.path.as_str().replace('_', " ")),
    );
    format!(
        "{}: {}, {} denied; {}, {}: {}; {by}",
        place(part, denial.level),
        with_remarks(format!("{}-{}", denial.group, denial.carc), &rarcs),
        denial.denied,
        denial.decision.team.slug,
        denial.decision.next_action.as_str().replace('_', " "),
        denial.decision.action_words(),
    )
}

/// `CO-16 + M76`.
fn with_remarks(code: String, rarcs: &[&str]) -> String {
    rarcs.iter().fold(code, |code, rarc| format!("{code} + {rarc}"))
}

fn place(part: &ClaimPart, level: Level) -> String {
    let number = part.number.reveal();
    match line_number(level) {
        0 => format!("claim {number} as a whole"),
        line => format!("claim {number} line {line}"),
    }
}

/// From 1; 0 is the claim as a whole.
fn line_number(level: Level) -> usize {
    match level {
        Level::Claim => 0,
        Level::Line(at) => at + 1,
    }
}

fn remit_day(header: &Transaction) -> Option<NaiveDate> {
    let paid = header.payment.as_ref().map(|payment| payment.date.as_str());
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    let produced = || header.dates.iter().find(|date| date.qualifier == "405");
    paid.and_then(day).or_else(|| day(&produced()?.value))
}

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use chrono::NaiveDate;
use domain::calendar::Zone;
use domain::deadline::{ClockEvent, ClockStarts, Evidence, RuleBook, Situation};
use domain::denial::{Denial, Level, Occurrence, detect};
use domain::dictionary::Compiled;
use serde_json::{Value, json};
use x12::model::{ClaimPart, Transaction};
use x12::{Assembled, Claims};

use crate::Output;

/// Prints every denial of the file at `path` with its decision under the starter dictionary. No
/// ledger is asked: nothing is known but the file, and repeats are not told from first denials.
pub(crate) fn denials(path: &Path, as_json: bool) -> Result<()> {
    let bundle = domain::starter::bundle();
    let dictionary = Compiled::new(&bundle)
        .map_err(|conflicts| anyhow!("the starter dictionary has {} conflicts", conflicts.len()))?;
    let rules = RuleBook::new(&bundle.deadline_rules);
    let mut desk = Desk { dictionary: &dictionary, rules, remit_on: None, found: Vec::new() };
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (mut claims, mut buffer) = (Claims::new(), vec![0; 256 << 10]);
    let (mut remittances, output) = (0, Output);
    loop {
        let read = file.read(&mut buffer)?;
        let mut take = |said: Assembled<'_>| match said {
            Assembled::Header(header) => {
                remittances += 1;
                desk.remit_on = remit_day(&header);
            }
            Assembled::Claim(part) => desk.decide(&part),
            _ => {}
        };
        if read == 0 {
            claims.finish(&mut take);
            break;
        }
        claims.push(&buffer[..read], &mut take);
        print(&output, &mut desk, as_json)?;
    }
    print(&output, &mut desk, as_json)?;
    if remittances == 0 {
        bail!("{} holds no remittance; `overturn era inspect` says what it holds", path.display());
    }
    Ok(())
}

/// What decides, and what was found since the last line was printed.
struct Desk<'c> {
    dictionary: &'c Compiled,
    rules: RuleBook<'c>,
    remit_on: Option<NaiveDate>,
    found: Vec<Value>,
}

impl Desk<'_> {
    fn decide(&mut self, part: &ClaimPart) {
        let occurrence = routing::read_alone(part);
        let findings = detect(&occurrence, self.dictionary);
        for denial in &findings.denials {
            let mut object = decided(denial, part);
            object["deadline"] = self.deadline(denial, &occurrence);
            self.found.push(object);
        }
        for exception in &findings.exceptions {
            let code = exception.code.map(|(group, carc)| format!("{group}-{carc}"));
            self.found.push(json!({
                "claim": part.number.reveal(),
                "line": line_number(exception.level),
                "exception": exception.kind.as_str(),
                "code": code,
                "cents": exception.amount.as_i64(),
            }));
        }
    }

    fn deadline(&self, denial: &Denial<'_>, occurrence: &Occurrence<'_>) -> Value {
        let Some(remit_on) = self.remit_on else { return Value::Null };
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
        let choice = self.rules.choose(&denial.decision.wanted(), &situation);
        choice.ranking().map_or(Value::Null, |deadline| {
            json!({
                "date": deadline.last_day.to_string(),
                "time_zone": deadline.zone.name(),
                "path": deadline.path.as_str(),
                "rule": deadline.rule,
                "source": deadline.source,
                "assumed": deadline.assumed(),
            })
        })
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

fn print(output: &Output, desk: &mut Desk<'_>, as_json: bool) -> Result<()> {
    for object in desk.found.drain(..) {
        if as_json {
            output.line(&object.to_string())?;
            continue;
        }
        let text = |key: &str| match &object[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let words = if object["exception"].is_null() {
            format!(
                "claim {} line {}: {}-{} {} cents; {}: {}; by {}",
                text("claim"),
                text("line"),
                text("group"),
                text("carc"),
                text("denied_cents"),
                text("team"),
                text("action"),
                object["deadline"]["date"].as_str().unwrap_or("no known date"),
            )
        } else {
            format!(
                "claim {} line {}: exception {} ({} cents)",
                text("claim"),
                text("line"),
                text("exception"),
                text("cents"),
            )
        };
        output.line(&words)?;
    }
    Ok(())
}

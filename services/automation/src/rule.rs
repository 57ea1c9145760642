//! A rule between the wire, the rows and the judgement.

use contracts::dictionary::v1::NextAction as NextActionMessage;
use contracts::routing::v1 as pb;
use domain::dictionary::vocabulary::NextAction;
use domain::money::Cents;
use domain_work::automation::{Mode, Rule};
use domain_work::resolution::WRITE_OFF_CODE_MAX;
use platform::clock::timestamp;
use platform::rejection::{Fault, Violations};
use sea_orm::sea_query::Condition;
use views::{cents, listed, money, narrowed};

use crate::store::RuleRow;

/// What a filter that stands must not hold: a rule is about a sort of work, and its filter is read
/// by people who may not see patient data.
const OF_ONE_CLAIM: &str = "patient_control_number";

/// A rule out of a message; every field at fault is noted.
pub(crate) fn read(sent: &pb::AutomationRule) -> Result<Rule, Fault> {
    let mut violations = Violations::default();
    violations.text("automation_rule.title", &sent.title, 200);
    let action = action(sent.action());
    if action.is_none() {
        violations.add("automation_rule.action", "is required: what it does");
    }
    let mode = mode(sent.mode());
    if mode.is_none() {
        violations.add("automation_rule.mode", "must be DRY_RUN, ACTING or STOPPED");
    }
    let ceiling = cents("automation_rule.ceiling", sent.ceiling.as_ref(), &mut violations);
    let daily = sent.daily_ceiling.as_ref();
    let daily_ceiling = cents("automation_rule.daily_ceiling", daily, &mut violations);
    if sent.ceiling.is_none() || ceiling.is_negative() {
        violations.add("automation_rule.ceiling", "is required: 0 or more");
    }
    if daily.is_none() || daily_ceiling < ceiling {
        violations.add("automation_rule.daily_ceiling", "is required: at least the ceiling");
    }
    filtered(&sent.filter, &mut violations);
    let field = "automation_rule.write_off_code";
    match action {
        Some(NextAction::WriteOff) => {
            violations.text(field, &sent.write_off_code, WRITE_OFF_CODE_MAX);
        }
        _ if !sent.write_off_code.is_empty() => {
            violations.add(field, "is given, and the rule writes nothing off");
        }
        _ => {}
    }
    violations.into_result()?;
    let (action, mode) = action.zip(mode).ok_or(Fault::Broken("a violation was lost"))?;
    Ok(Rule { action, mode, ceiling, daily_ceiling })
}

fn filtered(text: &str, violations: &mut Violations) {
    let field = "automation_rule.filter";
    if text.trim().is_empty() {
        violations.add(field, "is required: everything there is is not meant by chance");
    }
    let of_one = |term: &filter::Term| -> Result<bool, String> { Ok(term.field == OF_ONE_CLAIM) };
    match narrowed(text).and_then(|_| filter::read(text, of_one)) {
        Ok(terms) if terms.contains(&true) => {
            violations.add(field, format!("names `{OF_ONE_CLAIM}`: a rule is about no one claim"));
        }
        Ok(_) => {}
        Err(Fault::Invalid(found)) => {
            for violation in found {
                violations.add(field, violation.description);
            }
        }
        Err(_) => violations.add(field, "does not read"),
    }
}

/// Puts what a message says into a row.
pub(crate) fn put(row: &mut RuleRow, rule: &Rule, sent: pb::AutomationRule) {
    rule.action.as_str().clone_into(&mut row.action);
    rule.mode.as_str().clone_into(&mut row.mode);
    row.ceiling_cents = rule.ceiling.as_i64();
    row.daily_ceiling_cents = rule.daily_ceiling.as_i64();
    (row.title, row.filter, row.write_off_code) = (sent.title, sent.filter, sent.write_off_code);
}

/// What a row says.
pub(crate) fn of_row(row: &RuleRow) -> Result<Rule, Fault> {
    let broken = || Fault::Broken("an automation rule does not read");
    Ok(Rule {
        action: NextAction::parse(&row.action).ok_or_else(broken)?,
        mode: Mode::parse(&row.mode).ok_or_else(broken)?,
        ceiling: Cents::new(row.ceiling_cents),
        daily_ceiling: Cents::new(row.daily_ceiling_cents),
    })
}

/// Which items it is about.
pub(crate) fn wanted(row: &RuleRow) -> Result<Condition, Fault> {
    narrowed(&row.filter).map_err(|_| Fault::Broken("the filter of a rule does not read"))
}

/// A rule on the wire.
pub(crate) fn shown(row: &RuleRow) -> pb::AutomationRule {
    pb::AutomationRule {
        id: row.id.to_string(),
        title: row.title.clone(),
        action: listed::<NextActionMessage>(&row.action),
        filter: row.filter.clone(),
        mode: listed::<pb::AutomationMode>(&row.mode),
        ceiling: Some(money(row.ceiling_cents)),
        daily_ceiling: Some(money(row.daily_ceiling_cents)),
        acted_count: row.acted_count,
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
        write_off_code: row.write_off_code.clone(),
        rehearsed_count: row.rehearsed_count,
        rehearsed: row.rehearsed_edition == row.edition,
        skipped_count: row.skipped_count,
    }
}

fn action(sent: NextActionMessage) -> Option<NextAction> {
    NextAction::parse(&sent.as_str_name().strip_prefix("NEXT_ACTION_")?.to_lowercase())
}

fn mode(sent: pb::AutomationMode) -> Option<Mode> {
    Mode::parse(sent.as_str_name().strip_prefix("AUTOMATION_MODE_")?)
}

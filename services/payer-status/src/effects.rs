//! What a status does to the work of its claim.

use domain::calendar::Zone;
use domain_work::WorkKind;
use domain_work::payer_status::{Effect, Left, Opens, Outcome, effect, opens};
use ledger::entity::case;
use ledger::reading::claims;
use ledger::{held, timeline};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::Ground;
use crate::opening::{self, Owner, Stake, Subject};
use crate::sent::Sent;
use crate::store::{self, Heard};

/// What timelines and the feed call a status.
pub(crate) const RECORDED: &str = "payer_status.recorded";

/// Lets a status have its effect; answers the item that it opened, woke or ended. `heard` is held.
pub(crate) async fn act(
    tx: &TenantTx,
    ground: &Ground,
    sent: &Sent,
    case: Option<&case::Model>,
    heard: &mut Heard,
) -> Result<Option<Uuid>, Fault> {
    let words = words(sent);
    let actor = tx.caller().actor();
    let (mut left, mut lines, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    let mut asked = false;
    let items = store::work(tx, case.map(|case| case.id), heard).await?;
    for row in &items {
        let kind = WorkKind::parse(&row.kind).ok_or(Fault::Broken("an item has no such kind"))?;
        let state = held::hold(row)?.state;
        let effect = effect(sent.outcome, kind, &row.next_action, &state);
        let waits = matches!(state, domain_work::hold::State::Waiting(_));
        asked |= heard.meaning_item == Some(row.id);
        match effect {
            Effect::Told => left.push(Left { kind, waits }),
            Effect::Woken => left.push(Left { kind, waits: false }),
            Effect::Done => {}
        }
        lines.push(timeline::line(tx, row.id, RECORDED, actor, words.clone()));
        if effect != Effect::Told {
            moved.push((row.clone(), effect));
        }
    }
    timeline::tell(tx, lines).await?;
    let mut item = None;
    for (row, effect) in moved {
        item = item.or(Some(row.id));
        queues::hear(tx, row, effect).await?;
    }
    let Some(opens) = opens(sent.outcome, &left, asked) else { return Ok(item) };
    let newest = match case {
        Some(case) => claims::newest_of(tx, case.id, 1).await?,
        None => Vec::new(),
    };
    let subject = Subject {
        case: case.map_or(Uuid::nil(), |case| case.id),
        number: &heard.patient_control_number,
        payer_number: &sent.payer_number.0,
        payer: (sent.payer, &ground.payer_slug, &ground.payer_name),
        facility: (Uuid::nil(), "", ""),
        service_on: None,
        // What a status is about, no status says in money.
        stake: Stake::default(),
    };
    let subject = subject.known(newest.first());
    let owner = Owner::Dictionary(&ground.compiled, &ground.teams);
    let opened = opening::open(tx, opens, &subject, &owner, (RECORDED, actor, words)).await?;
    match opens {
        Opens::Rejection => heard.rejection_item = Some(opened),
        Opens::Documents | Opens::Inquiry | Opens::FollowUp => heard.status_item = Some(opened),
        Opens::Meaning => heard.meaning_item = Some(opened),
    }
    Ok(Some(opened))
}

/// A status in words: codes and days alone.
fn words(sent: &Sent) -> String {
    use domain_work::payer_status::Source;
    let by = match sent.source {
        Source::X277ca => "the payer says in a 277CA",
        Source::X277 => "the payer says in a 277",
        Source::Portal => "the payer's portal says",
        Source::Call => "the payer says on the phone",
    };
    let codes = [&sent.category, &sent.status, &sent.entity];
    let codes: Vec<&str> =
        codes.into_iter().map(String::as_str).filter(|code| !code.is_empty()).collect();
    let codes = match codes.is_empty() {
        true => String::new(),
        false => format!(" ({})", codes.join(":")),
    };
    let said: &str = Outcome::words(sent.outcome);
    let on = Zone::EASTERN.day_of(sent.stated_at).format("%m/%d/%Y");
    format!("{by}: {said}{codes}, stated on {on}")
}

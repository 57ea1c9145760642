//! The payer answers: a second remittance of claims that it refused. One is paid, one is paid in
//! part, one is refused once more.

use anyhow::{Context, Result};
use contracts::routing::v1::*;
use domain::money::Cents;
use platform::App;

use super::groups::{DemoFacility, DemoGroup};
use super::remittances::{DemoPayer, PAYERS, amount, envelope, profile, send};
use super::worklist::money;
use crate::Output;
use crate::client::Clients;
use crate::token::sign;
use crate::words::spoken;

/// Behind the numbers of the other files.
const CONTROL: u32 = 9_002;
/// Items that are looked at for those that fit.
const LOOKED_AT: i32 = 200;

/// What the payer says of a denial now, in percent of what it had refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Nothing,
    Half,
    All,
}

/// Plays the scene unless this folder has seen it; whether it did.
pub(crate) async fn play(app: &App, group: &DemoGroup) -> Result<bool> {
    let lead = Clients::new(app.wire(), &sign(app, &format!("lee@{}.example", group.slug)).await?);
    let partner = Clients::new(app.wire(), &sign(app, group.admin).await?);
    if is_played(&lead).await? {
        return Ok(false);
    }
    let (facility, payer) = (&group.facilities[0], &PAYERS[0]);
    let items = refused(&lead, facility, payer).await?;
    let today = app.env().clock().today_utc();
    let mut claims = Vec::new();
    for (item, refused) in items.iter().zip([Refused::Nothing, Refused::Half, Refused::All]) {
        let request = GetClaimOccurrenceRequest { id: item.claim_occurrence_id.clone() };
        let claim = lead.routing().get_claim_occurrence(request).await?.into_inner();
        claims.push(again(&claim.claim_occurrence.context("a claim is gone")?, refused)?);
    }
    let paid = claims.iter().map(|claim| claim.paid).sum();
    let segments = claims.into_iter().flat_map(|claim| claim.segments).collect();
    let bytes = envelope(facility, &profile(payer), today, (CONTROL, paid), segments);
    let name = format!("{}-{today}-answers.835", facility.slug);
    send(&partner, &name, &bytes, RemittancePurpose::Live).await?;
    let output = Output;
    output.line(&format!("{} answers with a second remittance of three claims.", payer.name))?;
    for item in &items {
        tell(&lead, item, &output).await?;
    }
    output.line("")?;
    Ok(true)
}

async fn is_played(clients: &Clients) -> Result<bool> {
    let request = ListDenialsRequest {
        page_size: 1,
        filter: "state = \"REPEATED\"".to_owned(),
        ..ListDenialsRequest::default()
    };
    Ok(!clients.routing().list_denials(request).await?.into_inner().denials.is_empty())
}

/// Three items of lines that nobody holds.
async fn refused(
    clients: &Clients,
    facility: &DemoFacility,
    payer: &DemoPayer,
) -> Result<Vec<WorkItem>> {
    let request = ListWorkItemsRequest {
        page_size: LOOKED_AT,
        filter: "state = \"OPEN\" AND kind = \"DENIAL\"".to_owned(),
        ..ListWorkItemsRequest::default()
    };
    let listed = clients.routing().list_work_items(request).await?.into_inner().work_items;
    let mut fit: Vec<WorkItem> = Vec::new();
    for item in listed {
        let plain = item.denials.iter().all(|denial| denial.line_number > 0);
        let here = item.facility_name == facility.name && item.payer_name == payer.name;
        let fresh = fit.iter().all(|held| held.case_id != item.case_id);
        if plain && here && fresh {
            fit.push(item);
        }
    }
    fit.truncate(3);
    anyhow::ensure!(fit.len() == 3, "too little was refused");
    Ok(fit)
}

/// A claim that is said once more.
pub(super) struct Again {
    pub(super) segments: Vec<String>,
    pub(super) paid: i64,
}

/// A claim with its denials lessened: what is not refused any more is paid.
pub(super) fn again(claim: &ClaimOccurrence, refused: Refused) -> Result<Again> {
    let mut lines = Vec::new();
    let (mut paid, mut owed) = (0, 0);
    for line in &claim.lines {
        let charge = cents(line.charge.as_ref());
        let kept: Vec<(String, i64)> =
            line.adjustments.iter().filter_map(|one| kept(one, refused)).collect();
        let pays = charge - kept.iter().map(|(_, cents)| cents).sum::<i64>();
        paid += pays;
        let shares = kept.iter().filter(|(code, _)| code.starts_with("PR*"));
        owed += shares.map(|(_, cents)| cents).sum::<i64>();
        let code: Vec<&str> = [line.procedure_qualifier.as_str(), line.procedure_code.as_str()]
            .into_iter()
            .chain(line.modifiers.iter().map(String::as_str))
            .collect();
        let (charge, pays) = (amount(charge), amount(pays));
        lines.push(format!("SVC*{}*{charge}*{pays}*{}*1", code.join(":"), line.revenue_code));
        let on = line.service_starts_on.and_then(platform::clock::day);
        lines.extend(on.map(|on| format!("DTM*472*{}", on.format("%Y%m%d"))));
        lines.extend(kept.iter().map(|(code, cents)| format!("CAS*{code}*{}", amount(*cents))));
        lines.push(format!("REF*6R*{}", line.line_control_number));
    }
    let on = claim.service_starts_on.and_then(platform::clock::day);
    let on = on.context("a claim has no day")?.format("%Y%m%d");
    let number = &claim.patient_control_number;
    let mut segments = vec![
        format!(
            "CLP*{number}*1*{}*{}*{}*12*{}R*13*1",
            amount(cents(claim.charge.as_ref())),
            amount(paid),
            amount(owed),
            claim.payer_claim_number,
        ),
        format!("NM1*QC*1*SYNTHETIC*PATIENT****MI*SYN{number}"),
        format!("DTM*232*{on}"),
    ];
    segments.append(&mut lines);
    Ok(Again { segments, paid })
}

/// An adjustment as group and reason, and what is left of it; nothing where none is.
fn kept(one: &Adjustment, refused: Refused) -> Option<(String, i64)> {
    let code = |label: &Option<CodeLabel>| label.as_ref().map(|label| label.code.clone());
    let (group, reason) = (code(&one.group)?, code(&one.reason)?);
    let cents = cents(one.amount.as_ref());
    let is_denial = group != "PR" && reason != "45";
    let left = match refused {
        Refused::Nothing if is_denial => 0,
        Refused::Half if is_denial => cents / 2,
        Refused::Nothing | Refused::Half | Refused::All => cents,
    };
    (left != 0).then(|| (format!("{group}*{reason}"), left))
}

fn cents(money: Option<&contracts::money::v1::Money>) -> i64 {
    money.map(|money| money.amount_cents).unwrap_or_default()
}

/// Prints what became of a denial and of its work.
async fn tell(clients: &Clients, item: &WorkItem, output: &Output) -> Result<()> {
    let request = GetWorkItemRequest { id: item.id.clone() };
    let after = clients.routing().get_work_item(request).await?.into_inner();
    let after = after.work_item.context("an item is gone")?;
    let denial = after.denials.first().context("an item has no denial")?;
    let state = spoken(denial.state().as_str_name(), "DENIAL_STATE_");
    let back: i64 = after.denials.iter().map(|one| cents(one.recovered.as_ref())).sum();
    let back = if back > 0 { format!(", {} came back", Cents::new(back)) } else { String::new() };
    output.line(&format!(
        "claim {} · {} at stake · {state}{back}",
        item.patient_control_number,
        money(item.at_stake.as_ref()),
    ))?;
    let request =
        ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
    let lines = clients.routing().list_timeline(request).await?.into_inner().timeline_items;
    if let Some(line) = lines.first() {
        output.line(&format!("     {}", line.words))?;
    }
    Ok(())
}

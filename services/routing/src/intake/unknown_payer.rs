//! One owned item about each payer that remittances name and nobody knows, with a guess.
//!
//! It opens with the first file that names it and ends with the first one whose payer is known by
//! then; whose claims were posted meanwhile keep what was decided without knowing the payer.

use std::collections::BTreeMap;

use domain::calendar::Zone;
use domain::dictionary::vocabulary::ExceptionKind;
use domain_work::priority::Worth;
use ledger::document::to_json;
use ledger::files::LIVE;
use ledger::{FEED, timeline, unknown_payers};
use platform::tenant_tx::TenantTx;
use remitted::{Alias, alias};
use serde_json::json;

use super::survey::Found;
use super::work::{Item, by_policy};
use super::{Desk, event};
use crate::error::Error;

/// Opens items about payers that nobody knows, and ends those about payers that are known now.
pub(super) async fn settle(
    desk: &Desk<'_>,
    tx: &TenantTx,
    remittances: &[Found<'_>],
) -> Result<(), Error> {
    if desk.file.purpose != LIVE {
        return Ok(());
    }
    let by_name: BTreeMap<String, &Found<'_>> =
        remittances.iter().map(|found| (alias(&found.payer_name), found)).collect();
    let open = unknown_payers::named(tx, by_name.keys().cloned().collect()).await?;
    let mut events = Vec::new();
    for row in &open {
        if by_name[&row.name].payer.is_some() && unknown_payers::close(tx, row).await? {
            let by = json!({ "by": "payer_known" });
            let (kind, item) = ("work_item.resolved", row.work_item_id);
            events.push(event(kind, item, desk.revision.hash(), &by));
            let words = "done: the payer is known now".to_owned();
            timeline::tell(tx, vec![timeline::line(tx, item, kind, super::JOB, words)]).await?;
        }
    }
    for (name, found) in by_name {
        if found.payer.is_none() && !open.iter().any(|row| row.name == name) {
            let mut item = item(desk, found);
            item.row.document = to_json(&item.document);
            events.push(ledger::opening::opened(&item.row));
            unknown_payers::open(tx, name, item.row).await?;
        }
    }
    Ok(tx.emit(FEED, events).await?)
}

fn item(desk: &Desk<'_>, found: &Found<'_>) -> Item {
    let today = Zone::EASTERN.day_of(desk.now());
    let mut item =
        by_policy(desk, ExceptionKind::UnknownPayer, Vec::new(), (0, Worth::Assumed), today);
    let guess = desk.context.guess(&found.stated).map_or_else(
        || "no known payer is called alike".to_owned(),
        |payer| format!("the name is most like that of `{}` ({})", payer.slug, payer.name),
    );
    let words = &mut item.document.action_words;
    *words = format!("{words}. It calls itself: {}; {guess}.", called(&found.stated));
    item.row.payer_name.clone_from(&found.payer_name);
    item
}

/// What a payer calls itself, in words.
fn called(stated: &[Alias]) -> String {
    let words = stated.iter().map(|alias| format!("{} `{}`", alias.kind.words(), alias.value));
    words.collect::<Vec<_>>().join(", ")
}

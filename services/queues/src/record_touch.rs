use chrono::{DateTime, Utc};
use contracts::routing::v1::{RecordTouchRequest, RecordTouchResponse, TouchKind};
use ledger::FEED;
use ledger::document::WorkDocument;
use ledger::reading::work_items;
use ledger::timeline;
use platform::access::Caller;
use platform::clock::instant;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;
use views::id_in;

use crate::store::{self, TouchRow};
use crate::{Error, Queues, face};

/// What the timeline calls minutes worked.
const TOUCH: &str = "touch";

/// A day: more than that in one piece is a slip.
const MINUTES_MAX: i32 = 1_440;

/// Work that was done.
#[derive(Clone, Copy, Debug)]
struct Worked {
    kind: TouchKind,
    minutes: i32,
    started_at: Option<DateTime<Utc>>,
}

impl Queues {
    /// Records minutes worked; anybody who may call may, whoever holds the item.
    ///
    /// # Errors
    /// When there is no such item, a field is no good, or the database fails.
    pub async fn record_touch(
        &self,
        caller: &Caller,
        request: RecordTouchRequest,
    ) -> Result<RecordTouchResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let item = id_in("work_item_id", &request.work_item_id)?;
        let now = self.database.clock().now();
        let mut violations = Violations::default();
        let (kind, minutes) = (request.kind(), request.minutes);
        if kind == TouchKind::Unspecified {
            violations.add("kind", "is required: what was done");
        }
        if !(1..=MINUTES_MAX).contains(&minutes) {
            violations.add("minutes", "must be 1 to 1,440");
        }
        let started_at = request.started_at.and_then(instant);
        if request.started_at.is_some() && started_at.is_none() {
            violations.add("started_at", "is no instant");
        }
        if started_at.is_some_and(|at| at > now) {
            violations.add("started_at", "lies in the future");
        }
        violations.into_result()?;
        let worked = Worked { kind, minutes, started_at };
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { record(tx, item, worked, now).await })
            })
            .await
    }
}

async fn record(
    tx: &TenantTx,
    item: Uuid,
    worked: Worked,
    now: DateTime<Utc>,
) -> Result<RecordTouchResponse, Error> {
    let item = work_items::with_id(tx, item).await?.ok_or(Fault::NotFound)?;
    let codes = WorkDocument::of(&item)?.codes;
    let row = TouchRow {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        work_item_id: item.id,
        kind: worked.kind.as_str_name().trim_start_matches("TOUCH_KIND_").to_owned(),
        minutes: worked.minutes,
        user_id: tx.caller().actor().to_owned(),
        started_at: worked.started_at,
        created_at: now,
        payer_slug: item.payer_slug,
        carc: codes.into_iter().next().map(|code| code.carc).unwrap_or_default(),
        owner_team: item.owner_team,
    };
    let line = timeline::line(tx, item.id, TOUCH, &row.user_id, words(worked));
    timeline::tell(tx, vec![line]).await?;
    let payload = json!({
        "work_item": item.id,
        "kind": row.kind,
        "minutes": row.minutes,
        "carc": row.carc,
        "payer": row.payer_slug,
        "team": row.owner_team,
    });
    // Of the touch: the item itself is as it was.
    let event = Event {
        kind: "touch.recorded",
        subject: row.id,
        revision: item.revision,
        payload: payload.to_string().into_bytes(),
    };
    tx.emit(FEED, vec![event]).await?;
    let row = store::touch(tx, row).await?;
    Ok(RecordTouchResponse { touch: Some(face::touch(row)) })
}

fn words(worked: Worked) -> String {
    let what = match worked.kind {
        TouchKind::Research => "research",
        TouchKind::PayerCall => "a call with the payer",
        TouchKind::Portal => "work in the payer's portal",
        TouchKind::Writing => "writing",
        TouchKind::Other | TouchKind::Unspecified => "other work",
    };
    let plural = if worked.minutes == 1 { "" } else { "s" };
    format!("worked {} minute{plural}: {what}", worked.minutes)
}

//! What every act on an appeal begins and ends with.

use chrono::NaiveDate;
use contracts::appeals::v1::Appeal;
use contracts::google::r#type::Date;
use domain_appeals::state::Act;
use platform::clock::day;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::store::{self, Row};
use crate::{Error, FEED, expire_appeals, face};

/// Holds an appeal and its claim, and moves it to where the act leads.
pub(crate) async fn begun(tx: &TenantTx, id: Uuid, etag: &str, act: Act) -> Result<Row, Error> {
    moved(store::held(tx, id).await?, etag, act)
}

/// Moves an appeal that is held to where the act leads.
pub(crate) fn moved(mut row: Row, etag: &str, act: Act) -> Result<Row, Error> {
    if row.version.to_string() != etag {
        return Err(Fault::StaleEtag.into());
    }
    row.state = row.state()?.after(act)?.as_str().to_owned();
    Ok(row)
}

/// Writes an appeal that is held, and tells the feed of it.
pub(crate) async fn written(tx: &TenantTx, row: Row, kind: &'static str) -> Result<Appeal, Error> {
    let row = told(tx, row, kind, "").await?;
    Ok(face::appeal(&row, row.updated_at)?)
}

/// Writes an appeal that is held, sets its alarm anew, and tells the feed of it; `words` say what
/// its state does not.
pub(crate) async fn told(
    tx: &TenantTx,
    row: Row,
    kind: &'static str,
    words: &str,
) -> Result<Row, Error> {
    expire_appeals::watch_over(tx, &row).await?;
    let row = kept(tx, row).await?;
    tx.emit(FEED, vec![face::told(&row, kind, (tx.caller().actor(), words))?]).await?;
    Ok(row)
}

/// Writes an appeal that is held over the version that was read.
pub(crate) async fn kept(tx: &TenantTx, mut row: Row) -> Result<Row, Fault> {
    let former = row.version;
    (row.version, row.updated_at) = (former + 1, tx.clock().now());
    if !store::update(tx, &row, former).await? {
        return Err(Fault::StaleEtag);
    }
    let document = row.document()?;
    if document.outcome.is_some() || !document.former_outcomes.is_empty() {
        store::put_end(tx, &row, &document).await?;
    }
    Ok(row)
}

/// The day in field `field`; noted where it is missing or no day.
pub(crate) fn day_in(
    field: &str,
    sent: Option<Date>,
    violations: &mut Violations,
) -> Option<NaiveDate> {
    match sent.map(day) {
        Some(Some(day)) => return Some(day),
        Some(None) => violations.add(field, "is no day of the calendar"),
        None => violations.add(field, "is required"),
    }
    None
}

/// Refuses a day of the payer's that lies before the last sending or after today.
pub(crate) fn since_sent(
    field: &str,
    on: NaiveDate,
    sent_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Fault> {
    let mut violations = Violations::default();
    if on > today {
        violations.add(field, "lies in the future where the payer is");
    }
    if let Some(sent_on) = sent_on.filter(|sent_on| on < *sent_on) {
        violations.add(field, format!("lies before the filing of {sent_on}"));
    }
    violations.into_result()
}

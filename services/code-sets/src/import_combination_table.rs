use std::collections::BTreeSet;

use contracts::dictionary::v1::{ImportCombinationTableRequest, ImportCombinationTableResponse};
use domain::codes::CodeSet;
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::jobs::{End, Record, Watched};
use platform::rejection::{Fault, Rejection, Violations};
use platform::tenant_tx::TenantTx;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::combination_rows::{self, Combination};
use crate::sheet::BadRows;
use crate::store::combinations::{self, Table};
use crate::{CSV_MAX, CodeSets, Error, FEED, IMPORT_COMBINATIONS};

/// How often a table is numbered again when another import was faster.
const TRIES: usize = 4;

impl CodeSets {
    /// Imports the tenant's licensed table of combinations; the newest import is asked.
    ///
    /// # Errors
    /// When the request or a row is no good, or the database fails.
    pub async fn import_combination_table(
        &self,
        caller: &Caller,
        request: ImportCombinationTableRequest,
    ) -> Result<ImportCombinationTableResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        violations.text("version", &request.version, 100);
        if request.csv.len() > CSV_MAX {
            violations.add("csv", format!("is longer than {CSV_MAX} bytes"));
        }
        violations.into_result()?;
        let rows = self.combinations(caller, request.csv).await?;
        let answer = |record: Record| ImportCombinationTableResponse { job: Some(record.into()) };
        let watched = Watched { kind: IMPORT_COMBINATIONS, unit: "combinations" };
        if request.validate_only {
            let tx = self.database.begin(caller).await?;
            return Ok(answer(tx.open_job(watched.kind, watched.unit).await?));
        }
        let (code_sets, version) = (self.clone(), request.version);
        let work = move |caller, record, cancel| async move {
            code_sets.work_on_table(&caller, &record, (&version, &rows), &cancel).await
        };
        watched.start((&self.database, &self.tasks), caller, once, answer, work).await
    }

    /// The rows of a table, all of whose codes the tenant's code sets have.
    async fn combinations(&self, caller: &Caller, csv: Vec<u8>) -> Result<Vec<Combination>, Error> {
        let tx = self.database.read(caller).await?;
        let known = self.in_force(&tx).await?;
        drop(tx);
        let read = tokio::task::spawn_blocking(move || {
            let known: BTreeSet<(CodeSet, String)> =
                known.into_iter().map(|(set, code)| (set, code.code)).collect();
            let mut bad = BadRows::default();
            let rows = combination_rows::read(&csv, &mut bad);
            let unknown = |set, code: &str| !known.contains(&(set, code.to_owned()));
            let words = "is in no release of the code set: import the one that has it first";
            for (line, row) in &rows {
                if unknown(CodeSet::Carc, row.carc.as_str()) {
                    bad.add(*line, "carc", words);
                }
                if row.rarc.is_some_and(|rarc| unknown(CodeSet::Rarc, rarc.as_str())) {
                    bad.add(*line, "rarc", words);
                }
            }
            bad.into_result().map(|()| rows.into_iter().map(|(_, row)| row).collect())
        });
        Ok(read.await.map_err(|_| Fault::Broken("reading a table panicked"))??)
    }

    async fn work_on_table(
        &self,
        caller: &Caller,
        record: &Record,
        (version, rows): (&str, &[Combination]),
        cancel: &CancellationToken,
    ) -> Option<End> {
        let working = async {
            let _turn = self.at_once.acquire().await.map_err(|_| Fault::Contended)?;
            self.keep_table(caller, record, version, rows).await
        };
        tokio::select! {
            done = working => done.err().map(|error: Error| {
                tracing::warn!(reason = error.reason(), "an import of combinations failed");
                End::failed(&error)
            }),
            () = cancel.cancelled() => Some(End::interrupted()),
        }
    }

    /// Keeps a table and ends its job; neither when the job has ended meanwhile.
    pub(crate) async fn keep_table(
        &self,
        caller: &Caller,
        record: &Record,
        version: &str,
        rows: &[Combination],
    ) -> Result<(), Error> {
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        for _ in 0..TRIES {
            if !self.database.tell_job(caller, record.id, 0, total).await? {
                return Ok(());
            }
            let tx = self.database.begin(caller).await?;
            let table = table(&tx, version, rows).await?;
            let (id, number) = (table.id, table.number);
            if !combinations::insert(&tx, table, rows).await? {
                continue;
            }
            tx.emit(FEED, vec![imported(&tx, id, (version, number))]).await?;
            tx.tell_job(record.id, total, total).await?;
            if tx.end_job(record, End::Succeeded(Some(id))).await? {
                tx.commit().await?;
            }
            return Ok(());
        }
        Err(Fault::Contended.into())
    }
}

async fn table(tx: &TenantTx, version: &str, rows: &[Combination]) -> Result<Table, Error> {
    let last = combinations::newest(tx).await?;
    Ok(Table {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        number: last.map_or(1, |last| last.number + 1),
        version: version.to_owned(),
        row_count: i32::try_from(rows.len()).unwrap_or(i32::MAX),
        imported_by: tx.caller().actor().to_owned(),
        imported_at: tx.clock().now(),
    })
}

fn imported(tx: &TenantTx, id: Uuid, (version, number): (&str, i64)) -> Event {
    let by = tx.caller().actor();
    let payload = serde_json::json!({ "version": version, "number": number, "by": by });
    Event {
        kind: "combination_table.imported",
        subject: id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    }
}

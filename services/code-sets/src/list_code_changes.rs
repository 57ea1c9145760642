use chrono::NaiveDate;
use contracts::dictionary::v1::{ListCodeChangesRequest, ListCodeChangesResponse};
use domain::codes::CodeSet;
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::diff::{self, Change};
use crate::store::releases::Release;
use crate::{CodeSets, Error, face, in_force, volume};

impl CodeSets {
    /// Lists what a release did to its codes as of the day it was imported, with what the tenant's
    /// last 12 months hold of each.
    ///
    /// # Errors
    /// When there is no such release, routing refuses, or the database fails.
    pub async fn list_code_changes(
        &self,
        caller: &Caller,
        request: ListCodeChangesRequest,
    ) -> Result<ListCodeChangesResponse, Error> {
        let id = &request.code_set_release_id;
        let pager = Pager::new(&self.keys, caller, &[id]);
        let size = page::size(request.page_size);
        // Before anything of another tenant's could be missed.
        page::number_in(&pager, &request.page_token)?;
        let tx = self.database.read(caller).await?;
        let (set, changes) = changes(&tx, id).await?;
        drop(tx);
        let page = page::of_places(changes, size, &pager, &request.page_token)?;
        let codes = page.rows.iter().map(|change| change.code.clone());
        let tallies = volume::of_codes(&self.routing, caller, set, codes).await?;
        let shown = page.rows.into_iter().map(|change| {
            let tally = tallies.get(&change.code).copied().unwrap_or_default();
            face::code_change(change, tally)
        });
        Ok(ListCodeChangesResponse { code_changes: shown.collect(), next_page_token: page.next })
    }
}

async fn changes(tx: &TenantTx, id: &str) -> Result<(CodeSet, Vec<Change>), Fault> {
    let id = Uuid::try_parse(id).map_err(|_| Fault::NotFound)?;
    let (release, before, after) = in_force::release(tx, id).await?.ok_or(Fault::NotFound)?;
    let set = CodeSet::parse(&release.code_set).ok_or(Fault::Broken("a set is none"))?;
    let before = in_force::codes(tx, &before, &release.code_set, 0).await?;
    let after = in_force::codes(tx, &after, &release.code_set, 0).await?;
    let (before, after) =
        (before.iter().map(|listed| &listed.code), after.iter().map(|listed| &listed.code));
    Ok((set, diff::changes(before, after, judged_on(&release))))
}

/// The day as of which a release was compared.
fn judged_on(release: &Release) -> NaiveDate {
    release.imported_at.date_naive()
}

use contracts::dictionary::v1::{RemovePayerAliasRequest, RemovePayerAliasResponse};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::{Dictionary, Error, FEED, get_payer, grpc};
use registry::alias::Alias;
use registry::payers;

impl Dictionary {
    /// Takes a name or number away from a payer; NOT_FOUND when it has no such alias.
    pub(crate) async fn remove_alias(
        &self,
        caller: &Caller,
        request: RemovePayerAliasRequest,
    ) -> Result<RemovePayerAliasResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        violations.text("payer_id", &request.payer_id, 96);
        if request.etag.is_empty() {
            violations.add("etag", "is required: the one of the payer as last read");
        }
        let alias = grpc::alias("alias", request.alias.unwrap_or_default(), &mut violations);
        violations.into_result()?;
        let alias = alias.ok_or(Fault::Broken("a violation was lost"))?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { remove(tx, &request.payer_id, &request.etag, &alias).await })
            })
            .await
    }
}

async fn remove(
    tx: &TenantTx,
    name: &str,
    etag: &str,
    alias: &Alias,
) -> Result<RemovePayerAliasResponse, Error> {
    let row = get_payer::named(tx, name).await?;
    if grpc::payer_etag(&row) != etag {
        return Err(Fault::StaleEtag.into());
    }
    if !payers::remove_alias(tx, alias, row.id).await? {
        return Err(Fault::NotFound.into());
    }
    payers::touch(tx, row.id).await?;
    tx.emit(FEED, vec![payers::changed(&row, "payer.alias_removed")]).await?;
    let row = get_payer::named(tx, &row.id.to_string()).await?;
    let aliases = payers::aliases_of(tx, vec![row.id]).await?;
    Ok(RemovePayerAliasResponse { payer: Some(grpc::payer(row, &aliases)?) })
}

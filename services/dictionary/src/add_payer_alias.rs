use contracts::dictionary::v1::{AddPayerAliasRequest, AddPayerAliasResponse};
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::{ALIASES_MAX, Dictionary, Error, FEED, get_payer, grpc};
use registry::alias::Alias;
use registry::payers;

impl Dictionary {
    /// Adds a name or number to a payer; one it has already changes nothing.
    pub(crate) async fn add_alias(
        &self,
        caller: &Caller,
        request: AddPayerAliasRequest,
    ) -> Result<AddPayerAliasResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        violations.text("payer_id", &request.payer_id, 96);
        let alias = grpc::alias("alias", request.alias.unwrap_or_default(), &mut violations);
        violations.into_result()?;
        let alias = alias.ok_or(Fault::Broken("a violation was lost"))?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { add(tx, &request.payer_id, &alias).await })
            })
            .await
    }
}

async fn add(tx: &TenantTx, name: &str, alias: &Alias) -> Result<AddPayerAliasResponse, Error> {
    let row = get_payer::named(tx, name).await?;
    let held = payers::aliases_of(tx, vec![row.id]).await?;
    if held.iter().any(|owned| owned.alias.is_same(alias)) {
        return Ok(AddPayerAliasResponse { payer: Some(grpc::payer(row, &held)?) });
    }
    let mut violations = Violations::default();
    if held.len() >= ALIASES_MAX {
        violations.add("alias", format!("the payer has {ALIASES_MAX} aliases, the most it may"));
    }
    violations.into_result()?;
    if !payers::insert_alias(tx, alias, row.id).await? {
        return Err(Error::AliasTaken);
    }
    payers::touch(tx, row.id).await?;
    let added = Event {
        kind: "payer.alias_added",
        subject: row.id,
        revision: String::new(),
        payload: serde_json::json!({ "slug": row.slug, "kind": alias.kind.as_str() })
            .to_string()
            .into_bytes(),
    };
    tx.emit(FEED, vec![added]).await?;
    let row = get_payer::named(tx, &row.id.to_string()).await?;
    let aliases = payers::aliases_of(tx, vec![row.id]).await?;
    Ok(AddPayerAliasResponse { payer: Some(grpc::payer(row, &aliases)?) })
}

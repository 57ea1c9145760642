use contracts::dictionary::v1::{GetPayerRequest, GetPayerResponse};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::{Dictionary, Error, grpc};
use registry::payers::{self, Payer};

impl Dictionary {
    /// Reads one payer by id or slug.
    pub(crate) async fn payer(
        &self,
        caller: &Caller,
        request: GetPayerRequest,
    ) -> Result<GetPayerResponse, Error> {
        let mut violations = Violations::default();
        violations.text("id", &request.id, 96);
        violations.into_result()?;
        let tx = self.database.read(caller).await?;
        let row = named(&tx, &request.id).await?;
        let aliases = payers::aliases_of(&tx, vec![row.id]).await?;
        Ok(GetPayerResponse { payer: Some(grpc::payer(row, &aliases)?) })
    }
}

/// The payer of that id or slug.
pub(crate) async fn named(tx: &TenantTx, name: &str) -> Result<Payer, Fault> {
    payers::named(tx, name).await?.ok_or(Fault::NotFound)
}

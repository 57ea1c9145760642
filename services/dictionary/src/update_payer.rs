use contracts::dictionary::v1::{UpdatePayerRequest, UpdatePayerResponse};
use domain::calendar::Zone;
use domain::codes::{Lob, Network};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::{Dictionary, Error, get_payer, grpc};
use registry::payers;

/// What is written.
#[derive(Debug, Default)]
struct Fields {
    display_name: Option<String>,
    line_of_business: Option<Option<Lob>>,
    network: Option<Option<Network>>,
    time_zone: Option<Option<Zone>>,
}

impl Dictionary {
    /// Writes the fields of the mask. The slug stays: entries name it.
    pub(crate) async fn update_payer(
        &self,
        caller: &Caller,
        request: UpdatePayerRequest,
    ) -> Result<UpdatePayerResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let payer = request.payer.unwrap_or_default();
        let mut violations = Violations::default();
        violations.text("payer.id", &payer.id, 96);
        if payer.etag.is_empty() {
            violations.add("payer.etag", "is required: the one of the payer as last read");
        }
        let mut fields = Fields::default();
        let paths = request.update_mask.unwrap_or_default().paths;
        if paths.is_empty() {
            let fields = "`display_name`, `line_of_business`, `network`, `time_zone`";
            violations.add("update_mask", format!("is required: {fields}"));
        }
        for path in &paths {
            match path.as_str() {
                "display_name" => {
                    violations.text("payer.display_name", &payer.display_name, 200);
                    fields.display_name = Some(payer.display_name.clone());
                }
                "line_of_business" => {
                    let (field, number) = ("payer.line_of_business", payer.line_of_business);
                    fields.line_of_business = Some(grpc::word(field, number, &mut violations));
                }
                "network" => {
                    let word = grpc::word("payer.network", payer.network, &mut violations);
                    fields.network = Some(word);
                }
                "time_zone" => {
                    let zone = (!payer.time_zone.is_empty()).then(|| {
                        violations.check("payer.time_zone", payer.time_zone.parse::<Zone>())
                    });
                    fields.time_zone = Some(zone.flatten());
                }
                other => violations.add("update_mask", format!("`{other:.96}` cannot be written")),
            }
        }
        violations.into_result()?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { update(tx, &payer.id, &payer.etag, fields).await })
            })
            .await
    }
}

async fn update(
    tx: &TenantTx,
    name: &str,
    etag: &str,
    fields: Fields,
) -> Result<UpdatePayerResponse, Error> {
    let mut row = get_payer::named(tx, name).await?;
    if grpc::payer_etag(&row) != etag {
        return Err(Fault::StaleEtag.into());
    }
    if let Some(name) = fields.display_name {
        row.display_name = name;
    }
    if let Some(lob) = fields.line_of_business {
        lob.map(Lob::as_str).unwrap_or_default().clone_into(&mut row.line_of_business);
    }
    if let Some(network) = fields.network {
        network.map(Network::as_str).unwrap_or_default().clone_into(&mut row.network);
    }
    if let Some(zone) = fields.time_zone {
        zone.map(Zone::name).unwrap_or_default().clone_into(&mut row.time_zone);
    }
    let former = row.version;
    (row.version, row.updated_at) = (former + 1, tx.clock().now());
    if !payers::update(tx, &row, former).await? {
        return Err(Fault::StaleEtag.into());
    }
    tx.emit(crate::FEED, vec![payers::changed(&row, "payer.updated")]).await?;
    let aliases = payers::aliases_of(tx, vec![row.id]).await?;
    Ok(UpdatePayerResponse { payer: Some(grpc::payer(row, &aliases)?) })
}

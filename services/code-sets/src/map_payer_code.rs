use contracts::dictionary::v1::{MapPayerCodeRequest, MapPayerCodeResponse};
use domain::codes::{Carc, CodeSet, Rarc};
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::store::payer_codes::{self, PayerCode};
use crate::{CodeSets, Error, FEED, face};

/// What a payer's code may hold at most, in characters.
const CODE_MAX: usize = 32;

/// What is mapped to what.
#[derive(Debug)]
struct Mapping {
    payer: String,
    code: String,
    carc: Carc,
    rarc: Option<Rarc>,
}

impl CodeSets {
    /// Says which standard code a payer's own stands for; the same again changes nothing.
    ///
    /// # Errors
    /// When there is no such payer, a code is none, or the database fails.
    pub async fn map_payer_code(
        &self,
        caller: &Caller,
        request: MapPayerCodeRequest,
    ) -> Result<MapPayerCodeResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mapping = Mapping::try_from(request)?;
        let code_sets = self.clone();
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { code_sets.map(tx, mapping).await })
            })
            .await
    }

    async fn map(&self, tx: &TenantTx, mapping: Mapping) -> Result<MapPayerCodeResponse, Error> {
        let payer = (self.governance.payer)(tx, mapping.payer.clone()).await?;
        let payer = payer.ok_or(Fault::NotFound)?;
        self.are_codes(tx, &mapping).await?;
        let carc = mapping.carc.as_str().to_owned();
        let rarc = mapping.rarc.map(String::from).unwrap_or_default();
        let now = tx.clock().now();
        let fresh = PayerCode {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            payer_id: payer,
            code: mapping.code.clone(),
            description: String::new(),
            standard_carc: carc.clone(),
            standard_rarc: rarc.clone(),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let row = if payer_codes::insert(tx, fresh.clone()).await? {
            fresh
        } else {
            let standing = payer_codes::find(tx, payer, &mapping.code).await?;
            let standing = standing.ok_or(Fault::Contended)?;
            if (&standing.standard_carc, &standing.standard_rarc) == (&carc, &rarc) {
                return Ok(answer(standing));
            }
            let former = standing.version;
            let row = PayerCode {
                standard_carc: carc,
                standard_rarc: rarc,
                version: former + 1,
                updated_at: now,
                ..standing
            };
            if !payer_codes::update(tx, &row, former).await? {
                return Err(Fault::Contended.into());
            }
            row
        };
        tx.emit(FEED, vec![mapped(&row)]).await?;
        Ok(answer(row))
    }

    /// Refuses what is mapped to no code; to a stopped one it may be.
    async fn are_codes(&self, tx: &TenantTx, mapping: &Mapping) -> Result<(), Fault> {
        let mut violations = Violations::default();
        if self.known(tx, CodeSet::Carc, mapping.carc.as_str()).await?.is_none() {
            violations.add("standard_carc", "is no code of the CARC set");
        }
        if let Some(rarc) = mapping.rarc
            && self.known(tx, CodeSet::Rarc, rarc.as_str()).await?.is_none()
        {
            violations.add("standard_rarc", "is no code of the RARC set");
        }
        violations.into_result()
    }
}

impl TryFrom<MapPayerCodeRequest> for Mapping {
    type Error = Fault;

    fn try_from(request: MapPayerCodeRequest) -> Result<Self, Fault> {
        let mut violations = Violations::default();
        violations.text("payer_id", &request.payer_id, 96);
        // As payers send it in two spellings, it is one code.
        let code = request.code.trim().to_ascii_uppercase();
        violations.text("code", &code, CODE_MAX);
        let carc = violations.check("standard_carc", Carc::new(&request.standard_carc));
        let rarc = (!request.standard_rarc.is_empty())
            .then(|| violations.check("standard_rarc", Rarc::new(&request.standard_rarc)))
            .flatten();
        violations.into_result()?;
        let carc = carc.ok_or(Fault::Broken("a violation was lost"))?;
        Ok(Self { payer: request.payer_id, code, carc, rarc })
    }
}

fn answer(row: PayerCode) -> MapPayerCodeResponse {
    MapPayerCodeResponse { payer_code: Some(face::payer_code(row)) }
}

fn mapped(row: &PayerCode) -> Event {
    let payload = serde_json::json!({
        "payer_id": row.payer_id,
        "code": row.code,
        "standard_carc": row.standard_carc,
        "standard_rarc": row.standard_rarc,
    });
    Event {
        kind: "payer_code.mapped",
        subject: row.id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    }
}

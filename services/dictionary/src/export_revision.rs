use contracts::dictionary::v1::{BundleFormat, ExportRevisionRequest, ExportRevisionResponse};
use domain_governance::portable;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};

use crate::compiled::{Ready, RevisionName};
use crate::governance::blocking;
use crate::{Dictionary, Error};

impl Dictionary {
    /// Writes a revision for use elsewhere, signed by this installation. It is a change for the
    /// audit trail's sake: what leaves is on record.
    pub(crate) async fn export(
        &self,
        caller: &Caller,
        request: ExportRevisionRequest,
    ) -> Result<ExportRevisionResponse, Error> {
        let name = RevisionName::read("revision", &request.revision)?;
        let format = request.format();
        if format == BundleFormat::Unspecified {
            let mut violations = Violations::default();
            violations.add("format", "is required");
            violations.into_result()?;
        }
        let ready = self.ready(caller, &name).await?;
        let (content, media_type) = blocking(move || write(&ready, format)).await?;
        let signature = bundle_signature::sign(&self.keys, &content);
        let answer =
            ExportRevisionResponse { content, media_type: media_type.to_owned(), signature };
        let once = Once::of("", &request)?;
        self.database.mutate(caller, once, move |_| Box::pin(async move { Ok(answer) })).await
    }
}

fn write(ready: &Ready, format: BundleFormat) -> Result<(Vec<u8>, &'static str), Error> {
    let compiled = &ready.compiled;
    let unwritable = |_| Fault::Broken("a revision cannot be written as JSON");
    Ok(match format {
        BundleFormat::Unspecified | BundleFormat::Json => {
            let canonical = compiled.bundle().canonical();
            let canonical =
                canonical.map_err(|_| Fault::Broken("a revision has no canonical form"))?;
            (canonical.into_bytes(), "application/json")
        }
        BundleFormat::Fhir => {
            let resources = portable::fhir(compiled);
            (serde_json::to_vec(&resources).map_err(unwritable)?, "application/fhir+json")
        }
        BundleFormat::DecisionTableCsv => {
            (portable::decision_table(compiled.bundle()).into_bytes(), "text/csv; charset=utf-8")
        }
        BundleFormat::ConformanceVectors => {
            let mut lines = Vec::new();
            for vector in portable::vectors(compiled) {
                serde_json::to_writer(&mut lines, &vector).map_err(unwritable)?;
                lines.push(b'\n');
            }
            (lines, "application/jsonl")
        }
    })
}

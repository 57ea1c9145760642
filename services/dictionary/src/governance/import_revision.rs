use contracts::dictionary::v1::{ChangeSource, ImportRevisionRequest, ImportRevisionResponse};
use domain::dictionary::{Bundle, ParseError};
use domain_governance::edit::edits_between;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Violation, Violations};
use platform::tenant_tx::TenantTx;

use super::draft::{self, DraftEdit};
use super::matter::{self, Matter, New};
use super::{log, prose, user};
use crate::{Dictionary, Error, grpc};

/// The largest bundle, in bytes.
const CONTENT_MAX: usize = 32 << 20;

impl Dictionary {
    /// Drafts a change that makes the dictionary read as a revision from elsewhere does.
    pub(crate) async fn import(
        &self,
        caller: &Caller,
        mut request: ImportRevisionRequest,
    ) -> Result<ImportRevisionResponse, Error> {
        let once = Once::of(&request.request_id, &request);
        let mut violations = Violations::default();
        prose(&mut violations, "reason", &request.reason, 4_000);
        if request.content.len() > CONTENT_MAX {
            violations.add("content", "is longer than 32 MiB");
        }
        violations.into_result()?;
        let content = std::mem::take(&mut request.content);
        bundle_signature::check(&self.keys, &self.trusted_keys, &content, &request.signature)
            .map_err(|why| Error::UntrustedSignature(why.to_string()))?;
        let imported = draft::blocking(move || parse(content)).await?;
        self.act(caller, once?, request.validate_only, move |tx| {
            Box::pin(async move {
                let matter = import(tx, imported, request.reason).await?;
                Ok(ImportRevisionResponse { change_request: Some(matter.shown(tx).await?) })
            })
        })
        .await
    }
}

/// A bundle as it was sent, or everything that keeps it from being one.
pub(crate) fn parse(content: Vec<u8>) -> Result<Bundle, Error> {
    let bad = |description: String| {
        Error::BrokenBundle(vec![Violation { field: "content".to_owned(), description }])
    };
    let text = String::from_utf8(content).map_err(|_| bad("is not UTF-8".to_owned()))?;
    Bundle::parse(&text).map_err(|error| match error {
        ParseError::Semantics(semantics) => Error::SemanticsUnsupported(semantics.into()),
        ParseError::Schema(words) => bad(words),
        ParseError::Defects(defects) => Error::BrokenBundle(
            defects
                .iter()
                .map(|defect| Violation {
                    field: format!("content.{}.{}", defect.section, defect.slug),
                    description: defect.to_string(),
                })
                .collect(),
        ),
    })
}

async fn import(tx: &TenantTx, imported: Bundle, reason: String) -> Result<Matter, Error> {
    let log = log::settled(tx).await?;
    let onto = log::active(tx, &log)?.hash;
    let base = draft::base(tx, &onto.to_string()).await?;
    let from = base.clone();
    let edits = draft::blocking(move || Ok(edits_between(&from, &imported))).await?;
    let edits: Vec<DraftEdit> = edits.into_iter().map(DraftEdit::from).collect();
    let outcome = draft::outcome(base, &edits).await?;
    let (id, by) = (platform::ids::new(), user(tx.caller())?);
    let ballot = matter::draft(id, by, reason, onto);
    let ballot = ballot.edit(by, outcome.hash, outcome.sections)?;
    let new = New {
        id,
        title: "Import of a revision".to_owned(),
        source: grpc::source_word(ChangeSource::Person),
        source_id: String::new(),
        ballot,
        edits,
    };
    Matter::open(tx, new).await
}

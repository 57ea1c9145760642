use contracts::dictionary::v1::{DiffRevisionsRequest, DiffRevisionsResponse};
use domain::dictionary::{Bundle, ContentHash};
use domain_governance::diff;
use platform::access::Caller;
use platform::page::{self, Pager};

use crate::compiled::RevisionName;
use crate::governance::{blocking, upcoming};
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Lists every item that differs between two revisions, by section and slug.
    pub(crate) async fn diff(
        &self,
        caller: &Caller,
        request: DiffRevisionsRequest,
    ) -> Result<DiffRevisionsResponse, Error> {
        let (from, base) = self.content_of(caller, "from_revision", &request.from_revision).await?;
        let (to, result) = self.content_of(caller, "to_revision", &request.to_revision).await?;
        // A page goes on in the pair it began with, whatever `active` means by then.
        let pager = Pager::new(&self.keys, caller, &[&base.to_string(), &result.to_string()]);
        let differences = blocking(move || Ok(diff::diff(&from, &to))).await?;
        let size = page::size(request.page_size);
        let page = page::of_places(differences, size, &pager, &request.page_token)?;
        let shown = page.rows.into_iter().map(grpc::difference);
        Ok(DiffRevisionsResponse { differences: shown.collect(), next_page_token: page.next })
    }

    /// The content of a revision by name; of the scheduled change that comes first for `next`.
    async fn content_of(
        &self,
        caller: &Caller,
        field: &str,
        text: &str,
    ) -> Result<(Bundle, ContentHash), Error> {
        if text == "next" {
            let next = upcoming(&self.database.read(caller).await?).await?;
            return Ok((next.bundle, next.hash));
        }
        let name = RevisionName::read(field, text)?;
        let ready = self.ready(caller, &name).await?;
        Ok((ready.compiled.bundle().clone(), ready.compiled.revision()))
    }
}

use std::sync::Arc;

use contracts::dictionary::v1::{DiffRevisionsRequest, DiffRevisionsResponse};
use domain::dictionary::Bundle;
use domain_governance::diff;
use platform::access::Caller;
use platform::page::{self, Pager};

use crate::compiled::RevisionName;
use crate::governance::{blocking, upcoming};
use crate::{Dictionary, Error, grpc, paging};

impl Dictionary {
    /// Lists every item that differs between two revisions, by section and slug.
    pub(crate) async fn diff(
        &self,
        caller: &Caller,
        request: DiffRevisionsRequest,
    ) -> Result<DiffRevisionsResponse, Error> {
        let from = self.content_of(caller, "from_revision", &request.from_revision).await?;
        let to = self.content_of(caller, "to_revision", &request.to_revision).await?;
        let hash = |bundle: &Bundle| bundle.hash().map(|hash| hash.to_string());
        let broken = |_| platform::rejection::Fault::Broken("a revision has no canonical form");
        let pair = [hash(&from).map_err(broken)?, hash(&to).map_err(broken)?];
        // A page goes on in the pair it began with, whatever `active` means by then.
        let pager = Pager::new(&self.keys, caller, &[&pair[0], &pair[1]]);
        let (size, after) =
            (page::size(request.page_size), paging::number_in(&pager, &request.page_token)?);
        let differences = blocking(move || Ok(diff::diff(&from, &to))).await?;
        let from = after.unwrap_or_default();
        let most = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1);
        let rows: Vec<_> =
            (1_i64..).zip(differences).filter(|(at, _)| *at > from).take(most).collect();
        let page = paging::cut(rows, size, &pager, |(at, _)| at.to_be_bytes().to_vec());
        let shown = page.rows.into_iter().map(|(_, difference)| grpc::difference(difference));
        Ok(DiffRevisionsResponse { differences: shown.collect(), next_page_token: page.next })
    }

    /// The content of a revision by name; of the scheduled change that comes first for `next`.
    async fn content_of(
        &self,
        caller: &Caller,
        field: &str,
        text: &str,
    ) -> Result<Arc<Bundle>, Error> {
        if text == "next" {
            let tx = self.database.read(caller).await?;
            return Ok(Arc::new(upcoming(&tx).await?));
        }
        let name = RevisionName::read(field, text)?;
        Ok(Arc::new(self.ready(caller, &name).await?.compiled.bundle().clone()))
    }
}

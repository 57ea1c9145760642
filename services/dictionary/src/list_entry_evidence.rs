use std::collections::BTreeMap;

use contracts::dictionary::v1::{ListEntryEvidenceRequest, ListEntryEvidenceResponse};
use platform::access::Caller;
use platform::page::{self, Pager};

use crate::compiled::RevisionName;
use crate::{Dictionary, Error};

impl Dictionary {
    /// Lists what outcomes say of what the active revision's entries state, suspects first.
    pub(crate) async fn entry_evidence(
        &self,
        caller: &Caller,
        request: ListEntryEvidenceRequest,
    ) -> Result<ListEntryEvidenceResponse, Error> {
        let pager = Pager::new(&self.keys, caller, &[]);
        let size = page::size(request.page_size);
        let active = self.ready(caller, &RevisionName::Active).await?;
        let entries = active.compiled.bundle().entries.iter();
        let entries: BTreeMap<&str, _> =
            entries.map(|entry| (entry.slug.as_str(), entry)).collect();
        let tx = self.database.read(caller).await?;
        let evidence = drift::all(&tx).await?.into_iter();
        let stated = evidence
            .filter(|one| entries.get(one.entry()).is_some_and(|entry| one.is_of(entry)))
            .map(|one| drift::shown(&one));
        let mut stated: Vec<_> = stated.collect();
        stated.sort_by_cached_key(|one| (!one.suspect, one.entry.clone()));
        let page = page::of_places(stated, size, &pager, &request.page_token)?;
        Ok(ListEntryEvidenceResponse { entry_evidence: page.rows, next_page_token: page.next })
    }
}

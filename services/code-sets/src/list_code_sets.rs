use std::collections::BTreeMap;

use contracts::dictionary::v1 as pb;
use contracts::dictionary::v1::{ListCodeSetsRequest, ListCodeSetsResponse};
use domain::codes::CodeSet;
use platform::access::Caller;
use platform::page::{self, Pager};

use crate::store::built_in;
use crate::store::releases::{own, published};
use crate::{CodeSets, Error, face, in_force};

impl CodeSets {
    /// Lists the code sets as they are in force, by slug.
    ///
    /// # Errors
    /// When the page token is of another list, or the database fails.
    pub async fn list_code_sets(
        &self,
        caller: &Caller,
        request: ListCodeSetsRequest,
    ) -> Result<ListCodeSetsResponse, Error> {
        let pager = Pager::new(&self.keys, caller, &[]);
        let (size, after) =
            (page::size(request.page_size), page::text_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let built_in = built_in::sets(&tx, &self.built_in).await?;
        let mut sets: BTreeMap<String, pb::CodeSet> =
            built_in.into_iter().map(|set| (set.slug.clone(), set.into())).collect();
        let mut releases = published::newest_of_each(&tx).await?;
        for (slug, own) in own::newest_of_each(&tx).await? {
            if in_force::stands_over(&own, releases.get(&slug)) {
                releases.insert(slug, own);
            }
        }
        for (slug, release) in releases {
            if let Some(set) = CodeSet::parse(&slug) {
                sets.insert(slug, face::code_set(set, release));
            }
        }
        let rows = sets.into_values().filter(|set| after.as_ref().is_none_or(|at| set.slug > *at));
        let rows = rows.take(page::one_too_far(size)).collect();
        let page = page::cut(rows, size, &pager, |set: &pb::CodeSet| set.slug.clone().into());
        Ok(ListCodeSetsResponse { code_sets: page.rows, next_page_token: page.next })
    }
}

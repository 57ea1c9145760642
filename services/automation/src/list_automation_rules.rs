use contracts::routing::v1::{ListAutomationRulesRequest, ListAutomationRulesResponse};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;

use crate::store::{self, RuleRow};
use crate::{Automation, rule};

impl Automation {
    /// Lists rules by title.
    ///
    /// # Errors
    /// When the page token is no good, or the database fails.
    pub async fn list_automation_rules(
        &self,
        caller: &Caller,
        request: ListAutomationRulesRequest,
    ) -> Result<ListAutomationRulesResponse, Fault> {
        let pager = Pager::new(&self.keys, caller, &[]);
        let (size, after) =
            (page::size(request.page_size), page::text_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        // A tenant has at most a hundred.
        let mut rows = store::all(&tx).await?;
        rows.sort_by_key(place);
        rows.retain(|row| after.as_ref().is_none_or(|after| place(row) > *after));
        rows.truncate(page::one_too_far(size));
        let page = page::cut(rows, size, &pager, |row: &RuleRow| place(row).into_bytes());
        Ok(ListAutomationRulesResponse {
            automation_rules: page.rows.iter().map(rule::shown).collect(),
            next_page_token: page.next,
        })
    }
}

/// Titles are not unique; control characters are in none.
fn place(row: &RuleRow) -> String {
    format!("{}\u{0}{}", row.title, row.id)
}

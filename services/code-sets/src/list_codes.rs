use chrono::NaiveDate;

use contracts::dictionary::v1::{ListCodesRequest, ListCodesResponse};
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::{Fault, Violations};

use crate::in_force::{self, Whose};
use crate::store::ListedCode;
use crate::{CodeSets, Error, face};

impl CodeSets {
    /// Lists the codes of one set in its order.
    ///
    /// # Errors
    /// When there is no such set, the request is no good, or the database fails.
    pub async fn list_codes(
        &self,
        caller: &Caller,
        request: ListCodesRequest,
    ) -> Result<ListCodesResponse, Error> {
        let mut violations = Violations::default();
        violations.text("code_set", &request.code_set, 64);
        violations.into_result()?;
        let wanted = Wanted::read(&request.filter)?;
        let pager = Pager::new(&self.keys, caller, &[&request.code_set, &request.filter]);
        let after = page::number_in(&pager, &request.page_token)?.unwrap_or_default();
        let after = i32::try_from(after).map_err(|_| Fault::PageToken)?;
        let tx = self.database.read(caller).await?;
        let set = &request.code_set;
        let standing = in_force::of(&tx, &self.built_in, set, Whose::Tenant).await?;
        if !in_force::has_set(&tx, &standing, set).await? {
            return Err(Error::UnknownCodeSet);
        }
        let (size, today) = (page::size(request.page_size), self.database.clock().today_utc());
        // A set has some thousand codes at most: it is filtered here, whatever its periods are.
        let mut rows = in_force::codes(&tx, &standing.state, set, after).await?;
        rows.retain(|listed| wanted.iter().all(|wanted| wanted.admits(listed, today)));
        let place = |listed: &ListedCode| i64::from(listed.position).to_be_bytes().to_vec();
        let page = page::cut(rows, size, &pager, place);
        Ok(ListCodesResponse {
            codes: page.rows.into_iter().map(|listed| face::code(listed, today)).collect(),
            next_page_token: page.next,
        })
    }
}

/// One term of the filter.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Current(bool),
    Alert(bool),
    /// In lower case.
    LabelHas(String),
}

impl Wanted {
    fn read(filter: &str) -> Result<Vec<Self>, Fault> {
        filter::read(filter, Self::of)
    }

    fn of(term: &Term) -> Result<Self, String> {
        match (term.field.as_str(), term.op) {
            ("current", Op::Equal) => truth(term).map(Self::Current),
            ("alert", Op::Equal) => truth(term).map(Self::Alert),
            ("label", Op::Has) if !term.value.trim().is_empty() => {
                Ok(Self::LabelHas(term.value.trim().to_lowercase()))
            }
            ("current" | "alert", _) => Err(format!("`{}` takes `=` only", term.field)),
            ("label", _) => Err("`label` takes `:` and a word only".to_owned()),
            _ => Err("the fields are `current`, `alert` and `label`".to_owned()),
        }
    }

    fn admits(&self, listed: &ListedCode, today: NaiveDate) -> bool {
        match self {
            Self::Current(wanted) => listed.code.is_valid_on(today) == *wanted,
            Self::Alert(wanted) => listed.code.alert == *wanted,
            Self::LabelHas(word) => listed.code.label.to_lowercase().contains(word),
        }
    }
}

fn truth(term: &Term) -> Result<bool, String> {
    term.value.parse().map_err(|_| format!("`{}` is `true` or `false`", term.field))
}

#[cfg(test)]
mod tests;

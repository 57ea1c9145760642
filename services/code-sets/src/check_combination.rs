use contracts::dictionary::v1::{
    CheckCombinationRequest, CheckCombinationResponse, CombinationVerdict,
};
use domain::codes::{Carc, CodeSet, Group, Rarc};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::combination_rows::{Verdict, judge};
use crate::in_force::{self, Whose};
use crate::store::{ListedCode, combinations};
use crate::{CodeSets, Error};

impl CodeSets {
    /// Says whether the tenant's newest table has a combination. An alert explains nothing, so a
    /// combination with one is judged as one without a remark.
    ///
    /// # Errors
    /// When the request is no good, or the database fails.
    pub async fn check_combination(
        &self,
        caller: &Caller,
        request: CheckCombinationRequest,
    ) -> Result<CheckCombinationResponse, Error> {
        let mut violations = Violations::default();
        let carc = violations.check("carc", Carc::new(&request.carc));
        let rarc = (!request.rarc.is_empty())
            .then(|| violations.check("rarc", Rarc::new(&request.rarc)))
            .flatten();
        let group = Group::from_raw(&request.group);
        if !Group::VALID.contains(&group) {
            violations.add("group", "is not CO, OA, PI or PR");
        }
        violations.into_result()?;
        let carc = carc.ok_or(Fault::Broken("a violation was lost"))?;
        let tx = self.database.read(caller).await?;
        let Some(table) = combinations::newest(&tx).await? else {
            let verdict = CombinationVerdict::NotEvaluated.into();
            return Ok(CheckCombinationResponse { verdict, table_version: String::new() });
        };
        let rows = combinations::of_carc(&tx, table.id, carc.as_str()).await?;
        let known = self.known(&tx, CodeSet::Carc, carc.as_str()).await?;
        let remark_required = known.is_some_and(|listed| listed.code.remark_required);
        let rarc = match rarc {
            Some(rarc) => {
                let known = self.known(&tx, CodeSet::Rarc, rarc.as_str()).await?;
                Some(rarc).filter(|_| !known.is_some_and(|listed| listed.code.alert))
            }
            None => None,
        };
        let verdict = match judge(&rows, remark_required, rarc, group) {
            Verdict::InTable => CombinationVerdict::InTable,
            Verdict::NotInTable => CombinationVerdict::NotInTable,
            Verdict::NotEvaluated => CombinationVerdict::NotEvaluated,
        };
        Ok(CheckCombinationResponse { verdict: verdict.into(), table_version: table.version })
    }

    /// A code of the tenant's code sets, by its normalized spelling.
    pub(crate) async fn known(
        &self,
        tx: &TenantTx,
        set: CodeSet,
        code: &str,
    ) -> Result<Option<ListedCode>, Fault> {
        let slug = set.as_str();
        let standing = in_force::of(tx, &self.built_in, slug, Whose::Tenant).await?;
        in_force::code(tx, &standing.state, slug, vec![code.to_owned()]).await
    }
}

use contracts::dictionary::v1::{GetCodeRequest, GetCodeResponse};
use domain::codes::{Carc, CodeSet, Rarc};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};

use crate::in_force::{self, Whose};
use crate::{CodeSets, Error, face};

/// What a set's slug and a code may hold at most, in characters.
const SLUG_LENGTH: usize = 64;
const CODE_LENGTH: usize = 30;

impl CodeSets {
    /// Reads one code.
    ///
    /// # Errors
    /// When there is no such code or set, or the database fails.
    pub async fn get_code(
        &self,
        caller: &Caller,
        request: GetCodeRequest,
    ) -> Result<GetCodeResponse, Error> {
        let mut violations = Violations::default();
        violations.text("code_set", &request.code_set, SLUG_LENGTH);
        violations.text("code", &request.code, CODE_LENGTH);
        violations.into_result()?;
        let tx = self.database.read(caller).await?;
        let (set, spellings) = (&request.code_set, spellings(&request.code_set, &request.code));
        let standing = in_force::of(&tx, &self.built_in, set, Whose::Tenant).await?;
        let Some(listed) = in_force::code(&tx, &standing.state, set, spellings).await? else {
            let known = in_force::has_set(&tx, &standing, set).await?;
            return Err(if known { Fault::NotFound.into() } else { Error::UnknownCodeSet });
        };
        let today = self.database.clock().today_utc();
        Ok(GetCodeResponse { code: Some(face::code(listed, today)) })
    }
}

/// The code as written and as normalized: a set may write what normalization would change.
fn spellings(code_set: &str, code: &str) -> Vec<String> {
    let normalized = if CodeSet::parse(code_set) == Some(CodeSet::Rarc) {
        Rarc::new(code).map(String::from)
    } else {
        Carc::new(code).map(String::from)
    };
    let mut spellings = vec![code.trim().to_uppercase()];
    spellings.extend(normalized.ok().filter(|normalized| *normalized != spellings[0]));
    spellings
}

#[cfg(test)]
mod tests;

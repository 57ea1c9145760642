use contracts::routing::v1::{ReplayRevisionRequest, ReplayRevisionResponse};
use domain::dictionary::ContentHash;
use domain_governance::replay::Both;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};

use crate::Routing;
use crate::error::Error;
use crate::revisions::compile_aside;

/// The largest draft, in bytes.
pub(crate) const DRAFT_BYTES_MAX: usize = 32 << 20;

impl Routing {
    /// Begins to replay history under a draft and under the revision it is compared with.
    pub(crate) async fn replay_revision(
        &self,
        caller: &Caller,
        request: ReplayRevisionRequest,
    ) -> Result<ReplayRevisionResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let mut violations = Violations::default();
        let base = violations.check("base_revision", request.base_revision.parse::<ContentHash>());
        let starts_on = violations.check("starts_on", history::day(request.starts_on));
        if request.draft_canonical_json.len() > DRAFT_BYTES_MAX {
            violations.add("draft_canonical_json", "is larger than 32 MiB");
        }
        violations.into_result()?;
        let (base, starts_on) =
            base.zip(starts_on).ok_or(Fault::Broken("a field went unnoticed"))?;
        let active = self.peers.revision(caller, &self.revisions, base).await?;
        let draft = compile_aside(request.draft_canonical_json).await?;
        let revisions = Both { active, draft: draft.map_err(Error::UnusableDraft)? };
        let asked = history::Asked { revisions, starts_on };
        Ok(self.replays.start(caller, once, asked).await?)
    }
}

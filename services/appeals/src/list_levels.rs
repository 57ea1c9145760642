use chrono::Datelike;
use contracts::appeals::v1::{ListLevelsRequest, ListLevelsResponse};
use contracts::dictionary::v1::LineOfBusiness;
use domain::calendar::Zone;
use domain::deadline::Coverage;
use domain_appeals::ladder::Ladder;
use platform::access::Caller;
use platform::clock::day;
use platform::rejection::Violations;

use crate::dossier::{lob, network};
use crate::face::{self, id_in};
use crate::{Appeals, Error};

impl Appeals {
    /// Lists the levels of a payer by the active revision, the first one first.
    ///
    /// # Errors
    /// When a field is no good, nobody knows the payer, or no revision is active.
    pub(crate) async fn list_levels(
        &self,
        caller: &Caller,
        request: ListLevelsRequest,
    ) -> Result<ListLevelsResponse, Error> {
        let id = id_in("payer_id", &request.payer_id)?;
        let mut violations = Violations::default();
        if LineOfBusiness::try_from(request.line_of_business).is_err() {
            violations.add("line_of_business", "has no such value");
        }
        if request.as_of.is_some_and(|as_of| day(as_of).is_none()) {
            violations.add("as_of", "is no day of the calendar");
        }
        violations.into_result()?;
        let payer = self.peers.payer(caller, id).await?;
        let compiled = self.peers.active(caller).await?;
        let zone = payer.time_zone.parse().unwrap_or(Zone::EASTERN);
        let today = zone.day_of(self.database.clock().now());
        let as_of = request.as_of.and_then(day).unwrap_or(today);
        let coverage = Coverage {
            lob: lob(request.line_of_business()).or_else(|| lob(payer.line_of_business())),
            payer: Some(&payer.slug),
            network: network(payer.network()),
        };
        let ladder = Ladder::of(&compiled.bundle().deadline_rules, coverage, as_of);
        let levels = ladder.rungs().iter().map(|rung| face::rung(rung, as_of.year()));
        Ok(ListLevelsResponse { levels: levels.collect() })
    }
}

use contracts::dictionary::v1::{GetCommitteeRequest, GetCommitteeResponse};
use platform::access::Caller;

use crate::{Dictionary, Error, grpc};
use registry::committees;

impl Dictionary {
    /// Reads the committee, and the change of it that waits; one without seats, and with the etag
    /// `0`, before somebody made it.
    pub(crate) async fn committee(
        &self,
        caller: &Caller,
        _: GetCommitteeRequest,
    ) -> Result<GetCommitteeResponse, Error> {
        let tx = self.database.read(caller).await?;
        let Some(row) = committees::find(&tx).await? else {
            let committee = Some(grpc::no_committee());
            return Ok(GetCommitteeResponse { committee, proposal: None });
        };
        let waiting = committees::proposal(&tx, row.version).await?;
        let proposal =
            waiting.map(|waiting| grpc::committee_proposal(&row, waiting)).transpose()?;
        Ok(GetCommitteeResponse { committee: Some(grpc::committee(row)?), proposal })
    }
}

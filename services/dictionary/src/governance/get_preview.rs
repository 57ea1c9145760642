use contracts::dictionary::v1::{GetPreviewRequest, GetPreviewResponse};
use platform::access::Caller;

use super::id;
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Reads one preview with what routing counted under it.
    pub(crate) async fn preview(
        &self,
        caller: &Caller,
        request: GetPreviewRequest,
    ) -> Result<GetPreviewResponse, Error> {
        let (row, tally) = self.looked_at(caller, id(&request.id)?).await?;
        Ok(GetPreviewResponse { preview: Some(grpc::preview(row, &tally)?) })
    }
}

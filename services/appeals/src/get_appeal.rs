use contracts::appeals::v1::{GetAppealRequest, GetAppealResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use crate::face::{self, id_in};
use crate::{Appeals, store};

impl Appeals {
    /// Reads one appeal.
    ///
    /// # Errors
    /// When there is none with this id, or the database fails.
    pub(crate) async fn get_appeal(
        &self,
        caller: &Caller,
        request: GetAppealRequest,
    ) -> Result<GetAppealResponse, Fault> {
        let id = id_in("id", &request.id)?;
        let tx = self.database.read(caller).await?;
        let row = store::find(&tx, id).await?.ok_or(Fault::NotFound)?;
        Ok(GetAppealResponse { appeal: Some(face::appeal(&row, self.database.clock().now())?) })
    }
}

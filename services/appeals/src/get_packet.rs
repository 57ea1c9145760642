use contracts::appeals::v1::{GetPacketRequest, GetPacketResponse};
use platform::access::Caller;
use platform::rejection::Fault;

use crate::face::id_in;
use crate::store::{self, papers};
use crate::{Appeals, paper_face};

impl Appeals {
    /// Reads the packet in force of an appeal.
    ///
    /// # Errors
    /// When there is no such appeal, it has no packet, or the database fails.
    pub(crate) async fn get_packet(
        &self,
        caller: &Caller,
        request: GetPacketRequest,
    ) -> Result<GetPacketResponse, Fault> {
        let appeal = id_in("appeal_id", &request.appeal_id)?;
        let tx = self.database.read(caller).await?;
        let row = store::find(&tx, appeal).await?.ok_or(Fault::NotFound)?;
        let document = row.document()?;
        let packet = document.packet.ok_or(Fault::NotFound)?;
        let packet = papers::packet(&tx, packet).await?;
        let packet = packet.ok_or(Fault::Broken("a packet in force is gone"))?;
        Ok(GetPacketResponse { packet: Some(paper_face::packet(&packet, document)?) })
    }
}

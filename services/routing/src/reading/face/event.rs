use contracts::events::v1 as pb;
use platform::events::Sealed;
use platform::rejection::Fault;

use super::values::{id, timestamp};

/// Version of the payloads of every type so far.
const SCHEMA_VERSION: i32 = 1;

/// An event of the feed.
pub(crate) fn event(event: Sealed) -> Result<pb::Event, Fault> {
    let payload_json = String::from_utf8(event.payload)
        .map_err(|_| Fault::Broken("a payload of the feed is no text"))?;
    Ok(pb::Event {
        seq: event.seq,
        event_id: id(event.id),
        r#type: event.kind,
        occurred_at: Some(timestamp(event.occurred_at)),
        subject: id(event.subject),
        schema_version: SCHEMA_VERSION,
        dictionary_revision: event.revision,
        payload_json,
    })
}

//! An upload by a stream of messages: its header, then its bytes.

use futures::{Stream, StreamExt};
use platform::rejection::Violations;
use tonic::Status;
use uuid::Uuid;

use crate::{Error, Originals, Received};

/// What is stated of an upload before its bytes come.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// How many bytes it may have.
    pub most: u64,
    /// How many it has; 0 when nobody said.
    pub size: u64,
    /// SHA-256 in lowercase hexadecimal; empty when nobody said.
    pub sha256: String,
}

impl Expected {
    /// Notes what is wrong with the hash and with the id of a request, as fields of `header`.
    pub fn check(&self, request_id: &str, violations: &mut Violations) {
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let sha256 = &self.sha256;
        if !sha256.is_empty() && (sha256.len() != 64 || !sha256.bytes().all(hexadecimal)) {
            violations.add("header.sha256", "must be 64 lowercase hexadecimal digits, or empty");
        }
        if !request_id.is_empty() && Uuid::parse_str(request_id).is_err() {
            violations.add("header.request_id", "must be a UUID, the same one when repeated");
        }
    }
}

/// The name of a file, with paths cut off.
#[must_use]
pub fn file_name(sent: &str) -> String {
    sent.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned()
}

impl Originals {
    /// Takes the bytes of an upload in, each message one part; `None` is a message without bytes.
    ///
    /// # Errors
    /// When they are not what is expected, the stream breaks off, or the store fails; nothing is
    /// kept then.
    pub async fn take_in(
        &self,
        mut parts: impl Stream<Item = Result<Option<Vec<u8>>, Status>> + Unpin,
        expected: &Expected,
    ) -> Result<Received, Error> {
        let stated = expected.size;
        let most = if stated > 0 { expected.most.min(stated) } else { expected.most };
        let mut receiving = self.receive().await?;
        while let Some(part) = parts.next().await {
            let Some(bytes) = part.map_err(|_| Error::CutShort)? else {
                return Err(Error::HeaderMissing);
            };
            if receiving.size() + bytes.len() as u64 > most {
                return Err(Error::TooLarge(most));
            }
            receiving.write(&bytes).await?;
        }
        if receiving.size() == 0 {
            return Err(Error::Empty);
        }
        if receiving.size() < stated {
            return Err(Error::CutShort);
        }
        let received = receiving.finish().await?;
        if !expected.sha256.is_empty() && expected.sha256 != received.sha256 {
            self.drop_received(&received).await?;
            return Err(Error::HashMismatch);
        }
        Ok(received)
    }
}

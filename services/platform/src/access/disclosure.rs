//! Records patient data before it leaves.
//!
//! An answer whose type can hold a `(phi)` field is decoded; the ids of the records it speaks of
//! and the names of the fields that are set go into the audit trail; only then does it leave. What
//! cannot be recorded is withheld: nothing of it is sent.

use std::collections::BTreeSet;

use bytes::{Buf, Bytes, BytesMut};
use futures::{StreamExt, stream};
use http::{HeaderMap, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use prost_reflect::{DynamicMessage, FieldDescriptor, MessageDescriptor, ReflectMessage, Value};
use tonic::body::Body;
use tonic::{Code, Status};

use super::ending::trailers;
use super::{Caller, Policy};
use crate::audit::{Disclosure, Ledger, Purpose};
use crate::rejection::refusal;

/// The most that one answer may weigh while it waits to be recorded, in bytes.
const ANSWER_MAX: usize = 8 * 1024 * 1024;
/// A gRPC frame's head: a flag and four bytes of length.
const HEAD: usize = 5;

/// What it takes to record one call's answers.
pub(super) struct Recorder {
    pub(super) policy: Policy,
    pub(super) ledger: Ledger,
    pub(super) caller: Caller,
    pub(super) output: MessageDescriptor,
    /// Why the caller reads, where the method asks.
    pub(super) purpose: Purpose,
    /// What this call has recorded: a long stream of one record is one row, not thousands.
    pub(super) told: Found,
}

impl Recorder {
    /// The one answer of a unary method, once it has been recorded.
    pub(super) async fn unary(mut self, response: Response<Body>) -> Response<Body> {
        if response.headers().contains_key(Status::GRPC_STATUS) {
            return response;
        }
        let (parts, mut body) = response.into_parts();
        let mut data = BytesMut::new();
        let mut end = HeaderMap::new();
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return withheld().into_http() };
            match frame.into_data() {
                Ok(bytes) if data.len() + bytes.len() > ANSWER_MAX => {
                    return too_large().into_http();
                }
                Ok(bytes) => data.extend_from_slice(&bytes),
                Err(frame) => end.extend(frame.into_trailers().unwrap_or_default()),
            }
        }
        let succeeded = end.get(Status::GRPC_STATUS).is_some_and(|code| code == "0");
        if !succeeded {
            data.clear();
        }
        match self.record(&mut data).await {
            Ok(data) => {
                let frames = [Frame::data(data), Frame::trailers(end)];
                let frames = stream::iter(frames.map(Ok::<_, Status>));
                Response::from_parts(parts, Body::new(StreamBody::new(frames)))
            }
            Err(status) => status.into_http(),
        }
    }

    /// A streamed answer, each message held back until it has been recorded.
    pub(super) fn streaming(self, response: Response<Body>) -> Response<Body> {
        response.map(|body| {
            let state = Some((self, body, BytesMut::new()));
            let frames = stream::unfold(state, |state| async move {
                let (mut recorder, mut body, mut waiting) = state?;
                loop {
                    let frame = match body.frame().await? {
                        Ok(frame) => frame,
                        Err(status) => return Some((Err(status), None)),
                    };
                    let data = match frame.into_data() {
                        Ok(data) => data,
                        Err(end) => return Some((Ok(end), None)),
                    };
                    waiting.extend_from_slice(&data);
                    match recorder.record(&mut waiting).await {
                        Ok(ready) if ready.is_empty() => {}
                        Ok(ready) => {
                            let next = Some((recorder, body, waiting));
                            return Some((Ok(Frame::data(ready)), next));
                        }
                        Err(status) => {
                            return Some((Ok(Frame::trailers(trailers(&status))), None));
                        }
                    }
                }
            });
            Body::new(StreamBody::new(frames.boxed()))
        })
    }

    /// Records the whole messages at the head of `waiting` and takes them from it.
    async fn record(&mut self, waiting: &mut BytesMut) -> Result<Bytes, Status> {
        let mut found = Found::default();
        let mut at = 0;
        while let Some(message) = next_message(&waiting[at..])? {
            let decoded =
                DynamicMessage::decode(self.output.clone(), message).map_err(|_| withheld())?;
            found.collect(&self.policy, &decoded, None);
            at += HEAD + message.len();
        }
        if !self.told.holds(&found) {
            let what = Disclosure {
                records: found.records.iter().cloned().collect(),
                fields: found.fields.iter().cloned().collect(),
                purpose: self.purpose.0.clone(),
            };
            if self.ledger.disclosed(&self.caller, &what).await.is_err() {
                tracing::error!(rpc = self.caller.rpc(), "a disclosure could not be recorded");
                return Err(withheld());
            }
            self.told.records.append(&mut found.records);
            self.told.fields.append(&mut found.fields);
        }
        Ok(waiting.split_to(at).freeze())
    }
}

/// The first message in `bytes`, if all of it is there.
fn next_message(bytes: &[u8]) -> Result<Option<&[u8]>, Status> {
    let Some((mut head, rest)) = bytes.split_at_checked(HEAD) else { return Ok(None) };
    let compressed = head.get_u8() != 0;
    let length = head.get_u32() as usize;
    if compressed {
        // Our servers do not compress; what cannot be read here cannot be recorded.
        return Err(withheld());
    }
    if length > ANSWER_MAX {
        return Err(too_large());
    }
    Ok(rest.get(..length))
}

/// Patient data: the records it belongs to and the fields it stands in.
#[derive(Default)]
pub(super) struct Found {
    records: BTreeSet<String>,
    fields: BTreeSet<String>,
}

impl Found {
    fn holds(&self, other: &Self) -> bool {
        other.records.is_subset(&self.records) && other.fields.is_subset(&self.fields)
    }

    /// Notes every patient data field that is set in `message`, with the record it belongs to: the
    /// message's own, or that of the message around it.
    fn collect(&mut self, policy: &Policy, message: &DynamicMessage, around: Option<&str>) {
        let own = message
            .fields()
            .find(|(field, _)| policy.is_record(field))
            .and_then(|(_, value)| value.as_str().map(str::to_owned));
        let record = own.as_deref().or(around);
        for (field, value) in message.fields() {
            if policy.is_phi(&field) {
                self.note(&field, record);
            }
            for inner in messages_of(value) {
                if policy.can_disclose(&inner.descriptor()) {
                    self.collect(policy, inner, record);
                }
            }
        }
    }

    fn note(&mut self, field: &FieldDescriptor, record: Option<&str>) {
        self.fields.insert(format!("{}.{}", field.parent_message().name(), field.name()));
        if let Some(record) = record {
            self.records.insert(record.to_owned());
        }
    }
}

/// The messages a value holds: itself, or those in its list or map.
fn messages_of(value: &Value) -> Vec<&DynamicMessage> {
    match value {
        Value::Message(message) => vec![message],
        Value::List(items) => items.iter().filter_map(Value::as_message).collect(),
        Value::Map(items) => items.values().filter_map(Value::as_message).collect(),
        _ => Vec::new(),
    }
}

fn withheld() -> Status {
    let text = "audit unavailable: the answer could not be recorded, so it is withheld; try again";
    refusal(Code::Unavailable, "AUDIT_UNAVAILABLE", text)
}

fn too_large() -> Status {
    let text = "the answer is too large; ask for a smaller page";
    refusal(Code::ResourceExhausted, "QUOTA_EXCEEDED", text)
}

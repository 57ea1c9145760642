use axum::body::Body;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Response};
use http_body_util::Full;
use platform::rejection::refusal;
use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use serde_json::error::Category;
use tonic::{Code, Status};

/// A gRPC frame's head: a flag and four bytes of length.
const HEAD: usize = 5;

/// How a unary Connect request writes its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// One message, as JSON.
    Json,
    /// One message, as protobuf.
    Proto,
}

impl Codec {
    /// The codec that the head names; nothing for what is not Connect.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let (kind, parameters) = kind.split_once(';').unwrap_or((kind, ""));
        let parameters = parameters.trim().to_ascii_lowercase();
        if !matches!(parameters.as_str(), "" | "charset=utf-8" | "charset=\"utf-8\"") {
            return None;
        }
        match kind.trim() {
            "application/json" => Some(Self::Json),
            "application/proto" => Some(Self::Proto),
            _ => None,
        }
    }

    /// The message in `body`, in protobuf's own form.
    pub(super) fn read(self, kind: MessageDescriptor, body: Bytes) -> Result<Bytes, Status> {
        match self {
            // The service reads it again and says what is wrong with it.
            Self::Proto => Ok(body),
            Self::Json => {
                // An empty body is an empty message: what curl sends without `-d`.
                let text = if body.is_empty() { b"{}".as_slice() } else { &body };
                let mut reader = serde_json::Deserializer::from_slice(text);
                let message = DynamicMessage::deserialize(kind, &mut reader)
                    .and_then(|message| reader.end().map(|()| message))
                    .map_err(|error| {
                        let text = format!("the JSON cannot be read: {}", unreadable(&error));
                        refusal(Code::InvalidArgument, "INVALID_FIELDS", &text)
                    })?;
                Ok(message.encode_to_vec().into())
            }
        }
    }

    /// The answer `message` as this codec writes it.
    pub(super) fn write(
        self,
        kind: MessageDescriptor,
        message: Bytes,
    ) -> Result<Response<Body>, Status> {
        let (content_type, body) = match self {
            Self::Proto => ("application/proto", message),
            Self::Json => {
                let broken = |_| Status::internal("the answer cannot be written as JSON");
                let message = DynamicMessage::decode(kind, message)
                    .map_err(|_| Status::internal("the answer is not of its type"))?;
                ("application/json", serde_json::to_vec(&message).map_err(broken)?.into())
            }
        };
        let mut response = Response::new(Body::from(body));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Ok(response)
    }
}

/// What is wrong with the JSON and where, in none of the sender's words but the plain name of a
/// field: what an error says ends up in logs, and a misplaced value may be a patient's.
fn unreadable(error: &serde_json::Error) -> String {
    if error.classify() != Category::Data {
        // About the form alone: these texts are constants with a position.
        return error.to_string();
    }
    let said = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let said = said.strip_suffix(&place).unwrap_or(&said);
    let field = said.strip_prefix("unrecognized field name '").and_then(|it| it.strip_suffix('\''));
    let fault = if let Some(name) = field {
        if is_plain(name) {
            format!("there is no field `{name}`")
        } else {
            "there is no field of that name".to_owned()
        }
    } else if said.starts_with("unrecognized enum value '") {
        "there is no such value of that field".to_owned()
    } else if ["invalid type: ", "invalid value: "].iter().any(|kind| said.starts_with(kind))
        && let Some((_, wanted)) = said.rsplit_once(", expected ")
    {
        // The value stands before it; what was expected is the reader's own constant.
        format!("expected {wanted}")
    } else {
        "the value is not one of its field".to_owned()
    };
    if error.line() == 0 { fault } else { fault + &place }
}

/// `[A-Za-z_][A-Za-z0-9_]{0,63}`: the name of a field and nothing else.
fn is_plain(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.len() <= 64
        && name.bytes().all(word)
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// `message` as one gRPC frame.
pub(super) fn frame(message: &Bytes) -> Full<Bytes> {
    let length = u32::try_from(message.len()).expect("requests are limited to 4 MiB");
    let mut frame = BytesMut::with_capacity(HEAD + message.len());
    frame.put_u8(0);
    frame.put_u32(length);
    frame.extend_from_slice(message);
    Full::new(frame.freeze())
}

/// The one message of a unary answer.
pub(super) fn unframe(mut answer: Bytes) -> Result<Bytes, Status> {
    let broken = || Status::internal("the service answered something that is not one message");
    if answer.len() < HEAD {
        return Err(broken());
    }
    let compressed = answer.get_u8();
    let length = answer.get_u32() as usize;
    if compressed != 0 || length != answer.len() {
        return Err(broken());
    }
    Ok(answer)
}

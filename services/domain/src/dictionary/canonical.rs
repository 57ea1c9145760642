//! The canonical form: RFC 8785 JSON (JCS), restricted to integers.
//!
//! Keys are sorted by UTF-16 code units, nothing is written that need not be, and a number is an
//! integer that a double holds exactly. The sort is done here, so the form does not depend on how
//! the JSON library keeps its maps.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The largest integer whose canonical form is the integer itself: 2^53 - 1.
const LARGEST: u64 = (1 << 53) - 1;

/// A value that has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// A number with a fraction, or beyond 2^53 - 1.
    #[error("the number {0} is not an integer that a double holds exactly")]
    Number(String),
    /// A value that JSON cannot express.
    #[error("the value cannot be written as JSON: {0}")]
    Json(String),
}

/// Writes a value in its canonical form.
pub fn to_canonical<T: Serialize + ?Sized>(value: &T) -> Result<String, NotCanonical> {
    let value =
        serde_json::to_value(value).map_err(|error| NotCanonical::Json(error.to_string()))?;
    let mut out = String::new();
    write_value(&mut out, &value)?;
    Ok(out)
}

/// Reads any JSON text and writes it in its canonical form.
pub fn recanonicalize(text: &str) -> Result<String, NotCanonical> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| NotCanonical::Json(error.to_string()))?;
    to_canonical(&value)
}

/// The SHA-256 of a text.
pub fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Lowercase hexadecimal digits of a hash.
pub fn hex(bytes: &[u8; 32]) -> String {
    let mut out = String::with_capacity(64);
    for byte in bytes {
        write!(out, "{byte:02x}").expect("writing to a string cannot fail");
    }
    out
}

/// Reads 64 lowercase hexadecimal digits.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    let lowercase = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 64 || !text.bytes().all(lowercase) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(bytes)
}

fn write_value(out: &mut String, value: &Value) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let magnitude = number
                .as_i64()
                .map(i64::unsigned_abs)
                .or_else(|| number.as_u64())
                .filter(|magnitude| *magnitude <= LARGEST);
            if magnitude.is_none() {
                return Err(NotCanonical::Number(number.to_string()));
            }
            out.push_str(&number.to_string());
        }
        Value::String(text) => write_text(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(out, item)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push('{');
            for (at, (name, item)) in fields.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(out, name);
                out.push(':');
                write_value(out, item)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                write!(out, "\\u{:04x}", u32::from(control))
                    .expect("writing to a string cannot fail");
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

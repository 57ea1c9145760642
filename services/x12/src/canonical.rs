//! A transaction as it would read in one fixed way of writing: what to hash to recognize the same
//! content sent again.
//!
//! Separators become `*`, `:` and `~`; line breaks, blank padding around segments and empty
//! trailing elements go; ST02 and all of SE go, because control numbers and counts are not
//! content. A data byte equal to one of the three is escaped, so that no two contents meet.

use crate::segment::{Segment, SegmentId};

const ST: SegmentId = SegmentId::new(b"ST");
const SE: SegmentId = SegmentId::new(b"SE");

/// Feeds the canonical form of one segment to `out`, in pieces. Feed each segment from ST to SE
/// in order, for instance from [`Event::Segment`](crate::Event::Segment).
pub fn segment(segment: &Segment<'_>, out: &mut impl FnMut(&[u8])) {
    match segment.id() {
        SE => return out(b"SE~"),
        ST => {
            out(b"ST*");
            element(segment.code(1), segment, out);
            if !segment.code(3).is_empty() {
                out(b"**");
                element(segment.code(3), segment, out);
            }
            return out(b"~");
        }
        _ => {}
    }
    let last = (0..=segment.len()).rev().find(|&at| !segment.element(at).is_empty());
    for at in 0..=last.unwrap_or(0) {
        if at > 0 {
            out(b"*");
        }
        element(segment.element(at), segment, out);
    }
    out(b"~");
}

fn element(bytes: &[u8], segment: &Segment<'_>, out: &mut impl FnMut(&[u8])) {
    let component = segment.delimiters().component;
    let mut rest = bytes;
    let special = |byte: u8| byte == component || matches!(byte, b'*' | b':' | b'~');
    while let Some(at) = rest.iter().position(|&byte| special(byte)) {
        out(&rest[..at]);
        out(match rest[at] {
            byte if byte == component => b":",
            b'*' => b"\x1a*",
            b':' => b"\x1a:",
            _ => b"\x1a~",
        });
        rest = &rest[at + 1..];
    }
    if !rest.is_empty() {
        out(rest);
    }
}

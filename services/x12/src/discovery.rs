//! Finds out how a file is separated, from its first bytes: from the ISA where one is usable,
//! else from what surrounds the ids that must follow one another.

use crate::finding::FindingCode;
use crate::segment::Delimiters;

#[cfg(test)]
mod tests;

/// As much of the input as discovery looks at.
pub(crate) const HEAD: usize = 2_048;

/// How far an ISA of any width may reach.
const ISA_REACH: usize = 512;
/// Element separators in an ISA.
const ISA_ELEMENTS: usize = 16;
/// Where the last separator of a fixed-width ISA stands.
const ISA_LAST: usize = 103;

/// What the head of an interchange says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Discovery {
    pub(crate) delimiters: Delimiters,
    /// Oddities of the head, in the order found.
    pub(crate) oddities: [Option<FindingCode>; 2],
}

/// Whether `bytes` begin an interchange, group or transaction: the id and a separator.
pub(crate) fn begins_x12(bytes: &[u8]) -> bool {
    match bytes {
        [b'I', b'S', b'A', separator, ..]
        | [b'G', b'S', separator, ..]
        | [b'S', b'T', separator, ..] => is_separator(*separator),
        _ => false,
    }
}

fn is_separator(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !byte.is_ascii_whitespace() && byte.is_ascii()
}

/// Reads the separators from `head`, which [`begins_x12`].
pub(crate) fn discover(head: &[u8]) -> Discovery {
    let head = &head[..head.len().min(HEAD)];
    let mut found = match head.starts_with(b"ISA") {
        true => from_isa(head),
        false => inferred(head, [Some(FindingCode::NoIsa), None]),
    };
    if found.delimiters.terminator == found.delimiters.element {
        // One byte cannot be both; line breaks are what is left.
        found.delimiters.terminator = b'\n';
        found.oddities[1] = Some(FindingCode::WrongTerminator);
    }
    found
}

fn from_isa(head: &[u8]) -> Discovery {
    let element = head[3];
    let Some((width, last)) = last_separator(&head[..head.len().min(ISA_REACH)], element) else {
        let oddities = [Some(FindingCode::IsaNotFixedWidth), Some(FindingCode::NoIsa)];
        return inferred(head, oddities);
    };
    let (component, after) = component_and_terminator(head, last + 1);
    let Some((terminator, end)) = after else {
        return inferred(head, [Some(FindingCode::IsaNotFixedWidth), None]);
    };
    let narrow = width != ISA_LAST || component.is_none();
    let delimiters = Delimiters {
        element,
        component: component.unwrap_or_else(|| guess_component(head, element)),
        terminator,
    };
    let mut oddities = [narrow.then_some(FindingCode::IsaNotFixedWidth), None];
    let mut delimiters = delimiters;
    if let Some(used) = contradicted(&head[end..], delimiters) {
        delimiters.terminator = used;
        oddities[1] = Some(FindingCode::WrongTerminator);
    }
    Discovery { delimiters, oddities }
}

/// The last of the sixteen separators: its column without line breaks, and its position.
fn last_separator(head: &[u8], element: u8) -> Option<(usize, usize)> {
    let (mut seen, mut column) = (0, 0);
    for (at, &byte) in head.iter().enumerate() {
        if byte == b'\r' || byte == b'\n' {
            continue;
        }
        if byte == element {
            seen += 1;
            if seen == ISA_ELEMENTS {
                return Some((column, at));
            }
        }
        column += 1;
    }
    None
}

/// ISA16 and the terminator with the position after it, from the byte after the last separator.
fn component_and_terminator(head: &[u8], at: usize) -> (Option<u8>, Option<(u8, usize)>) {
    let at = skip_breaks(head, at);
    let Some(&first) = head.get(at) else { return (None, None) };
    let next = skip_breaks(head, at + 1);
    let follows = |place: usize| next_header(&head[place.min(head.len())..]);
    // An absent ISA16: what stands in its place ends the segment.
    if first == b'~' || (next < head.len() && follows(next) && !broken(head, at + 1)) {
        return (None, Some((first, at + 1)));
    }
    match head.get(at + 1) {
        // A line break right after ISA16 is the terminator, unless one follows it further on.
        Some(&line_break) if line_break == b'\r' || line_break == b'\n' => match head.get(next) {
            Some(&mark) if is_separator(mark) && !follows(next) => {
                (Some(first), Some((mark, next + 1)))
            }
            _ => (Some(first), Some((line_break, at + 2))),
        },
        Some(&mark) if !mark.is_ascii_alphanumeric() => (Some(first), Some((mark, at + 2))),
        _ => (Some(first), None),
    }
}

fn broken(head: &[u8], at: usize) -> bool {
    matches!(head.get(at), Some(b'\r' | b'\n'))
}

fn skip_breaks(head: &[u8], mut at: usize) -> usize {
    while broken(head, at) {
        at += 1;
    }
    at
}

fn next_header(bytes: &[u8]) -> bool {
    begins_x12(bytes) || bytes.starts_with(b"TA1")
}

/// The terminator the body really uses, when it is another than the header names.
fn contradicted(body: &[u8], named: Delimiters) -> Option<u8> {
    // One segment without its terminator is no reason to doubt the others.
    if !named.terminator.is_ascii_whitespace() && body.contains(&named.terminator) {
        return None;
    }
    let used = before_known(body, named.element)?;
    (used != named.terminator && !same_break(used, named.terminator)).then_some(used)
}

fn same_break(one: u8, other: u8) -> bool {
    matches!((one, other), (b'\r' | b'\n', b'\r' | b'\n'))
}

/// Pairs of an id and the ids one of which must follow it.
const FOLLOWERS: [&[u8]; 6] = [b"ST", b"BPR", b"BHT", b"TRN", b"SE", b"GE"];

/// What ends the segment before the first known id after another segment.
fn before_known(body: &[u8], element: u8) -> Option<u8> {
    let start = body.iter().position(|byte| byte.is_ascii_alphanumeric())?;
    for at in start + 3..body.len() {
        let before = body[at - 1];
        if before.is_ascii_alphanumeric() || before == element || before == b' ' {
            continue;
        }
        let rest = &body[at..];
        let known = FOLLOWERS
            .iter()
            .any(|id| rest.strip_prefix(*id).is_some_and(|rest| rest.first() == Some(&element)));
        if known {
            return Some(terminator_before(&body[..at]));
        }
    }
    None
}

/// The terminator at the end of `text`: the mark before line breaks, else the line break.
fn terminator_before(text: &[u8]) -> u8 {
    let marks = text.trim_ascii_end();
    match marks.last() {
        Some(&mark) if is_separator(mark) => mark,
        _ => text.get(marks.len()).copied().unwrap_or(b'~'),
    }
}

fn inferred(head: &[u8], oddities: [Option<FindingCode>; 2]) -> Discovery {
    let element = if head.starts_with(b"ISA") { head[3] } else { head[2] };
    let found = before_known(head, element).filter(|&mark| mark != element);
    let terminator = found
        .or_else(|| head.contains(&b'~').then_some(b'~'))
        .or_else(|| head.iter().copied().find(|&byte| byte == b'\r' || byte == b'\n'))
        .unwrap_or(b'~');
    let component = guess_component(head, element);
    Discovery { delimiters: Delimiters { element, component, terminator }, oddities }
}

/// The component separator as the first service line shows it.
fn guess_component(head: &[u8], element: u8) -> u8 {
    head.windows(7)
        .find(|window| {
            window.starts_with(b"SVC")
                && window[3] == element
                && window[4].is_ascii_uppercase()
                && is_separator(window[6])
                && window[6] != element
        })
        .map_or(b':', |window| window[6])
}

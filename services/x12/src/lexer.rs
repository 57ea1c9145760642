//! Chunks of bytes in, segments with absolute offsets out.
//!
//! Segments are borrowed from the chunk; only one that crosses a chunk border, or has line breaks
//! inside, is copied. What is carried over is bounded by [`MAX_SEGMENT_BYTES`].

use crate::discovery::{HEAD, begins_x12, discover};
use crate::finding::{Detail, Finding, FindingCode};
use crate::scan::{Marks, position};
use crate::segment::{Delimiters, Segment, SegmentId};

/// The longest segment that is read. A longer one is skipped up to its terminator and reported.
pub const MAX_SEGMENT_BYTES: usize = 1 << 20;

/// Input is indexed in windows of this size, so that the index stays in the nearest cache.
const WINDOW: usize = 16 << 10;

/// Bytes that tell a further interchange: `ISA` and a separator.
const HEADER_MARK: usize = 4;

/// What the lexer hands on.
pub(crate) enum Lexed<'a> {
    Segment(&'a Segment<'a>),
    Finding(Finding),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the first byte of the input or of a further interchange: separators are not known.
    Head,
    /// Between segments; `true` where the next one is the ISA that discovery has read.
    Body { header: bool },
    /// Inside a segment that is too long, with its offset.
    Skipping { since: u64 },
    /// Nothing readable follows; every byte is counted as unreadable.
    Refused { since: u64 },
}

#[derive(Debug)]
pub(crate) struct Lexer {
    state: State,
    known: Option<Delimiters>,
    delimiters: Delimiters,
    /// Bytes of an unfinished segment or head; their absolute offset is `offset`.
    carry: Vec<u8>,
    offset: u64,
    window: usize,
    marks: Marks,
    odd: Odd,
    had_nul: bool,
}

/// The copy of a segment that cannot be borrowed as it stands.
#[derive(Debug, Default)]
struct Odd {
    bytes: Vec<u8>,
    marks: Vec<u32>,
    gaps: Vec<u32>,
}

impl Lexer {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Head,
            known: None,
            delimiters: Delimiters::default(),
            carry: Vec::new(),
            offset: 0,
            window: WINDOW,
            marks: Marks::default(),
            odd: Odd::default(),
            had_nul: false,
        }
    }

    /// Absolute offset of the first byte not yet handed on.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Takes the next bytes of the input.
    pub(crate) fn push(&mut self, mut chunk: &[u8], out: &mut impl FnMut(Lexed<'_>)) {
        while !chunk.is_empty() {
            if self.carry.is_empty() {
                let used = self.consume(chunk, false, out);
                self.carry.extend_from_slice(&chunk[used..]);
                return;
            }
            let taken = self.top_up(chunk);
            self.carry.extend_from_slice(&chunk[..taken]);
            chunk = &chunk[taken..];
            let mut carry = std::mem::take(&mut self.carry);
            if self.carry_is_complete(&carry) {
                let used = self.consume(&carry, false, out);
                carry.drain(..used);
            }
            self.carry = carry;
        }
    }

    /// How much of `chunk` completes the carry, or all of it.
    fn top_up(&self, chunk: &[u8]) -> usize {
        match self.state {
            State::Head => chunk.len().min(HEAD.saturating_sub(self.carry.len()).max(1)),
            // First enough to tell whether a further interchange begins here.
            _ if self.carry.len() < HEADER_MARK => 1,
            _ => position(chunk, self.delimiters.terminator)
                .map_or(chunk.len(), |at| at + 1)
                .min((MAX_SEGMENT_BYTES + 1).saturating_sub(self.carry.len()).max(1)),
        }
    }

    fn carry_is_complete(&self, carry: &[u8]) -> bool {
        match self.state {
            State::Head => carry.len() >= HEAD,
            _ => {
                carry.last() == Some(&self.delimiters.terminator)
                    || carry.len() > MAX_SEGMENT_BYTES
                    || (carry.len() == HEADER_MARK && self.is_further_header(carry))
            }
        }
    }

    /// Says that no byte follows.
    pub(crate) fn finish(&mut self, out: &mut impl FnMut(Lexed<'_>)) {
        let carry = std::mem::take(&mut self.carry);
        self.consume(&carry, true, out);
        match self.state {
            State::Skipping { since } => self.report_skipped(since, out),
            State::Refused { since } => {
                let bytes = Detail::Bytes(self.offset - since);
                let finding = Finding::new(FindingCode::NotX12, since, SegmentId::default());
                out(Lexed::Finding(finding.with(bytes)));
            }
            State::Head | State::Body { .. } => {}
        }
    }

    /// Handles as much of `bytes` as is complete; the count of bytes done with.
    pub(crate) fn consume(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        out: &mut impl FnMut(Lexed<'_>),
    ) -> usize {
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            let (used, more) = match self.state {
                State::Head => self.head(rest, at_end, out),
                State::Body { .. } => self.body(rest, at_end, out),
                State::Skipping { since } => self.skip(rest, since, out),
                State::Refused { .. } => (rest.len(), false),
            };
            at += used;
            self.offset += used as u64;
            if !more {
                return at;
            }
        }
    }

    /// Finds the separators; `(used, whether to go on)`.
    fn head(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        out: &mut impl FnMut(Lexed<'_>),
    ) -> (usize, bool) {
        if bytes.is_empty() || (bytes.len() < HEAD && !at_end) {
            return (0, false);
        }
        let here = |code, at: usize| {
            let finding = Finding::new(code, self.offset + at as u64, SegmentId::default());
            Lexed::Finding(finding)
        };
        if self.offset == 0 && bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
            out(here(FindingCode::Bom, 0));
            return (3, true);
        }
        let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blank > 0 {
            return (blank, true);
        }
        let head = &bytes[..bytes.len().min(HEAD)];
        let Some(start) = start_of_x12(head) else {
            if is_utf16(head) {
                out(here(FindingCode::Utf16, 0));
            } else if let Some(at) = head.iter().position(|&byte| byte == 0) {
                out(here(FindingCode::NulBytes, at));
            }
            self.state = State::Refused { since: self.offset };
            return (0, true);
        };
        if start > 0 {
            let Lexed::Finding(finding) = here(FindingCode::LeadingBytes, 0) else {
                return (start, true);
            };
            out(Lexed::Finding(finding.with(Detail::Bytes(start as u64))));
            return (start, true);
        }
        let discovery = discover(head);
        for code in discovery.oddities.into_iter().flatten() {
            out(here(code, 0));
        }
        // A broken further header does not overturn what a sound one has told.
        let broken = discovery.oddities.contains(&Some(FindingCode::NoIsa));
        self.delimiters = self.known.filter(|_| broken).unwrap_or(discovery.delimiters);
        self.known = Some(self.delimiters);
        self.state = State::Body { header: true };
        (0, true)
    }

    /// Hands on the complete segments of one window.
    #[inline]
    fn body(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        out: &mut impl FnMut(Lexed<'_>),
    ) -> (usize, bool) {
        let Delimiters { element, terminator, .. } = self.delimiters;
        let window = &bytes[..bytes.len().min(self.window)];
        let mut marks = std::mem::take(&mut self.marks);
        marks.fill(window, element, terminator);
        let header = self.state == (State::Body { header: true });
        // The byte that mostly follows a terminator; never a terminator itself.
        let line_break = if terminator == b'\n' { b'\r' } else { b'\n' };
        let (mut start, mut odd, mut header_ahead) = (0, false, false);
        // What the segments of a window have in common is set once.
        let mut segment = Segment::within(window, self.offset, self.delimiters);
        for piece in marks.pieces() {
            let (Some(&id_end), Some(&end)) = (piece.first(), piece.last()) else { break };
            let end = end as usize;
            if window[end] != terminator {
                // A control byte: a blank before a segment, or something odd inside it.
                if !odd && window[start..=end].iter().all(u8::is_ascii_whitespace) {
                    start = end + 1;
                } else {
                    odd = true;
                }
                continue;
            }
            start += usize::from(window[start] == line_break);
            if window[start] <= b' ' {
                start += leading_blanks(&window[start..end]);
                odd |= start < end && window[start] < b' ';
            }
            if window[start] == b'I' {
                header_ahead = !(header && start == 0) && begins_interchange(&window[start..end]);
                if header_ahead {
                    break;
                }
            }
            segment.start = start;
            segment.marks = piece;
            segment.end = segment.base + end as u64 + 1;
            // Less one, so that a single comparison finds an empty segment, too.
            if odd || (end - start).wrapping_sub(1) >= MAX_SEGMENT_BYTES {
                self.odd_segment(&segment, out);
            } else {
                segment.tag = SegmentId::unchecked(&window[start..id_end as usize]);
                out(Lexed::Segment(&segment));
            }
            (start, odd) = (end + 1, false);
        }
        self.marks = marks;
        if start > 0 {
            self.state = State::Body { header: false };
        }
        start += leading_blanks(&window[start..]);
        if header_ahead || self.is_further_header(&window[start..]) {
            self.state = State::Head;
            self.window = WINDOW;
            return (start, true);
        }
        self.after_window(bytes, window.len(), start, at_end, out)
    }

    /// What becomes of the unfinished rest of a window.
    fn after_window(
        &mut self,
        bytes: &[u8],
        window: usize,
        start: usize,
        at_end: bool,
        out: &mut impl FnMut(Lexed<'_>),
    ) -> (usize, bool) {
        let unfinished = window - start;
        if unfinished > MAX_SEGMENT_BYTES {
            self.window = WINDOW;
            self.state = State::Skipping { since: self.offset + start as u64 };
            return (start, true);
        }
        if window < bytes.len() {
            self.window = if start == 0 { self.window * 2 } else { WINDOW };
            return (start, true);
        }
        self.window = WINDOW;
        if at_end && unfinished > 0 {
            self.tail(&bytes[start..], start, out);
            return (bytes.len(), false);
        }
        (start, false)
    }

    /// Whether `bytes` begin an interchange other than the one discovery has just read.
    fn is_further_header(&self, bytes: &[u8]) -> bool {
        self.state == (State::Body { header: false }) && begins_interchange(bytes)
    }

    fn skip(&mut self, bytes: &[u8], since: u64, out: &mut impl FnMut(Lexed<'_>)) -> (usize, bool) {
        let Some(at) = position(bytes, self.delimiters.terminator) else {
            return (bytes.len(), false);
        };
        self.offset += at as u64 + 1;
        self.report_skipped(since, out);
        self.offset -= at as u64 + 1;
        self.state = State::Body { header: false };
        (at + 1, true)
    }

    fn report_skipped(&self, since: u64, out: &mut impl FnMut(Lexed<'_>)) {
        let finding = Finding::new(FindingCode::SegmentTooLong, since, SegmentId::default());
        out(Lexed::Finding(finding.with(Detail::Bytes(self.offset - since))));
    }

    /// The last bytes of an input that does not end with a terminator.
    fn tail(&mut self, bytes: &[u8], before: usize, out: &mut impl FnMut(Lexed<'_>)) {
        if bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0x1a) {
            return;
        }
        let offset = self.offset + (before + bytes.len()) as u64;
        let id = bytes.trim_ascii().split(|&byte| byte == self.delimiters.element).next();
        if !matches!(id, Some(b"IEA")) {
            let id = SegmentId::new(id.unwrap_or_default());
            out(Lexed::Finding(Finding::new(FindingCode::Truncated, offset, id)));
        }
        let blanks = leading_blanks(bytes);
        self.joined(&bytes[blanks..], offset - (bytes.len() - blanks) as u64, offset, out);
    }

    /// What cannot be handed on as it stands: nothing at all, too much, or control bytes inside.
    #[cold]
    fn odd_segment(&mut self, found: &Segment<'_>, out: &mut impl FnMut(Lexed<'_>)) {
        let (text, offset, end) = (found.bytes(), found.offset(), found.end());
        let here = |code| Finding::new(code, offset, SegmentId::default());
        if text.len() > MAX_SEGMENT_BYTES {
            let finding = here(FindingCode::SegmentTooLong);
            out(Lexed::Finding(finding.with(Detail::Bytes(end - offset))));
        } else if !text.is_empty() {
            self.joined(text, offset, end, out);
        } else if !matches!(self.delimiters.terminator, b'\r' | b'\n') {
            out(Lexed::Finding(here(FindingCode::EmptySegment)));
        }
    }

    /// A segment with line breaks or other control bytes inside, from `offset` up to `end`.
    fn joined(&mut self, text: &[u8], offset: u64, end: u64, out: &mut impl FnMut(Lexed<'_>)) {
        let nul = self.odd.join(text, self.delimiters.element);
        let Odd { bytes, marks, gaps } = &self.odd;
        let id = SegmentId::new(&bytes[..marks[0] as usize]);
        let nothing = Segment::within(bytes, offset, self.delimiters);
        let segment = Segment { marks, gaps, end, tag: id, ..nothing };
        if let Some(at) = nul
            && !std::mem::replace(&mut self.had_nul, true)
        {
            out(Lexed::Finding(Finding::new(FindingCode::NulBytes, offset + at, id)));
        }
        if gaps.iter().any(|&gap| (gap as usize) < bytes.len()) {
            let at = offset + gaps.first().map_or(0, |&gap| u64::from(gap));
            out(Lexed::Finding(Finding::new(FindingCode::WrappedLine, at, id)));
        }
        if !bytes.is_empty() {
            out(Lexed::Segment(&segment));
        }
    }
}

impl Odd {
    /// Copies `text` without its line breaks; the position of the first NUL, if any.
    fn join(&mut self, text: &[u8], element: u8) -> Option<u64> {
        self.bytes.clear();
        self.marks.clear();
        self.gaps.clear();
        let mut nul = None;
        for (at, &byte) in text.iter().enumerate() {
            match byte {
                b'\r' | b'\n' => self.gaps.push(at as u32),
                _ => {
                    if byte == element {
                        self.marks.push(self.bytes.len() as u32);
                    } else if byte == 0 && nul.is_none() {
                        nul = Some(at as u64);
                    }
                    self.bytes.push(byte);
                }
            }
        }
        self.marks.push(self.bytes.len() as u32);
        nul
    }
}

#[inline]
fn begins_interchange(bytes: &[u8]) -> bool {
    let bytes = match bytes {
        [first, ..] if *first <= b' ' => bytes.trim_ascii_start(),
        _ => bytes,
    };
    matches!(bytes, [b'I', b'S', b'A', ..]) && begins_x12(bytes)
}

#[inline]
fn leading_blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Where the first header in `head` stands.
fn start_of_x12(head: &[u8]) -> Option<usize> {
    if begins_x12(head) {
        return Some(0);
    }
    let isa = (1..head.len()).find(|&at| head[at..].starts_with(b"ISA") && begins_x12(&head[at..]));
    isa.or_else(|| {
        (1..head.len()).find(|&at| matches!(head[at - 1], b'\n' | b'\r') && begins_x12(&head[at..]))
    })
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe])
        || head.starts_with(&[0xfe, 0xff])
        || head.starts_with(&[b'I', 0, b'S', 0])
        || head.starts_with(&[0, b'I', 0, b'S'])
}

//! The reader: interchanges, groups and transactions, whatever of them is there.

use crate::event::{Event, Group, Interchange, SetKind, TransactionEnd, TransactionStart};
use crate::finding::{Detail, Finding, FindingCode};
use crate::lexer::{Lexed, Lexer};
use crate::remittance::Remittance;
use crate::segment::{Segment, SegmentId};
use crate::status::StatusReader;

/// Reads a stream of bytes into events. Memory does not grow with the input; nothing panics;
/// the same bytes give the same events however they are cut into chunks.
///
/// ```
/// let file = b"ST*835*1~BPR*I*80*C*CHK~CLP*A1*1*100*80~CAS*CO*45*20~SE*5*1~";
/// let (mut adjustments, mut reader) = (0, x12::Reader::new());
/// let mut sink = |event: x12::Event<'_>| {
///     if let x12::Event::Adjustment(adjustment) = event {
///         adjustments += adjustment.amount.cents().unwrap_or(0);
///     }
/// };
/// for chunk in file.chunks(7) {
///     reader.push(chunk, &mut sink);
/// }
/// reader.finish(&mut sink);
/// assert_eq!(adjustments, 2_000);
/// ```
#[derive(Debug)]
pub struct Reader {
    lexer: Lexer,
    envelope: Envelope,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader at the first byte of an input.
    pub fn new() -> Self {
        Self { lexer: Lexer::new(), envelope: Envelope::default() }
    }

    /// Takes the next bytes and says what they complete.
    pub fn push(&mut self, chunk: &[u8], sink: &mut impl FnMut(Event<'_>)) {
        let envelope = &mut self.envelope;
        self.lexer.push(chunk, &mut |lexed| envelope.take(lexed, sink));
    }

    /// Says that no byte follows. What is still open ends, with findings.
    pub fn finish(mut self, sink: &mut impl FnMut(Event<'_>)) {
        let envelope = &mut self.envelope;
        self.lexer.finish(&mut |lexed| envelope.take(lexed, sink));
        self.envelope.finish(self.lexer.offset(), sink);
    }

    /// Bytes handed on so far.
    pub fn offset(&self) -> u64 {
        self.lexer.offset()
    }
}

/// Reads a whole input at once, without copying any of it.
pub fn read(bytes: &[u8], sink: &mut impl FnMut(Event<'_>)) {
    let mut reader = Reader::new();
    let envelope = &mut reader.envelope;
    reader.lexer.consume(bytes, true, &mut |lexed| envelope.take(lexed, sink));
    reader.finish(sink);
}

#[derive(Debug, Default)]
struct Envelope {
    interchange: Option<Open>,
    group: Option<Open>,
    transaction: Option<Transaction>,
    seen_transaction: bool,
    refused: bool,
    /// Offset after the last segment.
    end: u64,
}

/// An open interchange or group, and how many parts it has had.
#[derive(Debug)]
struct Open {
    offset: u64,
    parts: u64,
}

#[derive(Debug)]
struct Transaction {
    offset: u64,
    segments: u64,
    control: Vec<u8>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Remittance(Box<Remittance>),
    Status(StatusReader),
    Other,
}

const ISA: SegmentId = SegmentId::new(b"ISA");
const IEA: SegmentId = SegmentId::new(b"IEA");
const GS: SegmentId = SegmentId::new(b"GS");
const GE: SegmentId = SegmentId::new(b"GE");
const ST: SegmentId = SegmentId::new(b"ST");
const SE: SegmentId = SegmentId::new(b"SE");
const TA1: SegmentId = SegmentId::new(b"TA1");
const BPR: SegmentId = SegmentId::new(b"BPR");
const CLP: SegmentId = SegmentId::new(b"CLP");

/// Emits a finding about `segment`.
pub(crate) fn report<S: FnMut(Event<'_>)>(
    sink: &mut S,
    code: FindingCode,
    segment: &Segment<'_>,
    detail: Detail,
) {
    sink(Event::Finding(Finding::new(code, segment.offset(), segment.id()).with(detail)));
}

impl Envelope {
    #[inline(always)]
    fn take<S: FnMut(Event<'_>)>(&mut self, lexed: Lexed<'_>, sink: &mut S) {
        match lexed {
            Lexed::Segment(segment) => self.segment(segment, sink),
            Lexed::Finding(finding) => {
                self.refused |= finding.code == FindingCode::NotX12;
                // Skipped bytes may have held amounts, so no sum around them is known.
                if finding.code == FindingCode::SegmentTooLong
                    && let Some(Transaction { segments, body, .. }) = &mut self.transaction
                {
                    *segments += 1;
                    if let Body::Remittance(remittance) = body {
                        remittance.lose();
                    }
                }
                sink(Event::Finding(finding));
            }
        }
    }

    #[inline]
    fn segment<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        match segment.tag {
            ISA => self.open_interchange(segment, sink),
            GS => self.open_group(segment, sink),
            ST => self.open_transaction(segment, sink),
            SE => self.close_transaction(segment, sink),
            GE => self.close_group(segment, sink),
            IEA => self.close_interchange(segment, sink),
            _ => self.content(segment, sink),
        }
        self.end = segment.end();
    }

    #[inline(always)]
    fn content<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        let Some(transaction) = &mut self.transaction else {
            return self.outside(segment, sink);
        };
        sink(Event::Segment(segment));
        transaction.take(segment, sink);
    }

    /// A segment before the first transaction, or between two.
    #[cold]
    fn outside<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        match segment.tag {
            BPR | CLP => {
                report(sink, FindingCode::MissingSt, segment, Detail::None);
                self.start(segment, SetKind::Remittance, b"", sink);
                if let Some(transaction) = &mut self.transaction {
                    transaction.take(segment, sink);
                }
            }
            TA1 => sink(Event::Segment(segment)),
            _ => stray(segment, sink),
        }
    }

    #[cold]
    fn open_interchange<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.end_transaction(None, sink);
        self.end_group(None, sink);
        self.end_interchange(None, sink);
        sink(Event::Segment(segment));
        self.interchange = Some(Open { offset: segment.offset(), parts: 0 });
        let delimiters = segment.delimiters();
        sink(Event::InterchangeStart(Interchange { segment, delimiters }));
    }

    #[cold]
    fn open_group<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.end_transaction(None, sink);
        self.end_group(None, sink);
        sink(Event::Segment(segment));
        if let Some(interchange) = &mut self.interchange {
            interchange.parts += 1;
        }
        self.group = Some(Open { offset: segment.offset(), parts: 0 });
        sink(Event::GroupStart(Group { segment }));
    }

    #[cold]
    fn open_transaction<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.end_transaction(None, sink);
        let kind = match segment.code(1) {
            b"835" => SetKind::Remittance,
            b"277" => SetKind::Status,
            _ => SetKind::Other,
        };
        self.start(segment, kind, segment.code(2), sink);
        if kind == SetKind::Other {
            report(sink, FindingCode::WrongTransactionSet, segment, Detail::Element(1));
        }
        if let Some(transaction) = &mut self.transaction {
            transaction.segments = 1;
        }
    }

    fn start<S: FnMut(Event<'_>)>(
        &mut self,
        segment: &Segment<'_>,
        kind: SetKind,
        control: &[u8],
        sink: &mut S,
    ) {
        sink(Event::Segment(segment));
        self.seen_transaction = true;
        if let Some(group) = &mut self.group {
            group.parts += 1;
        }
        self.transaction = Some(Transaction {
            offset: segment.offset(),
            segments: 0,
            control: control.to_vec(),
            body: match kind {
                SetKind::Remittance => Body::Remittance(Box::default()),
                SetKind::Status => Body::Status(StatusReader::default()),
                SetKind::Other => Body::Other,
            },
        });
        // The control number lives as long as the segment does.
        let control = if control.is_empty() { &[] } else { segment.code(2) };
        sink(Event::TransactionStart(TransactionStart { segment, kind, control }));
    }

    #[cold]
    fn close_transaction<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        if self.transaction.is_none() {
            return stray(segment, sink);
        }
        sink(Event::Segment(segment));
        self.end_transaction(Some(segment), sink);
    }

    #[cold]
    fn close_group<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.end_transaction(None, sink);
        sink(Event::Segment(segment));
        self.end_group(Some(segment), sink);
    }

    #[cold]
    fn close_interchange<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.end_transaction(None, sink);
        self.end_group(None, sink);
        sink(Event::Segment(segment));
        self.end_interchange(Some(segment), sink);
    }

    /// Ends the open transaction, by its SE or where that should have stood.
    fn end_transaction<S: FnMut(Event<'_>)>(&mut self, se: Option<&Segment<'_>>, sink: &mut S) {
        let Some(mut transaction) = self.transaction.take() else { return };
        let mut end = self.end;
        if let Some(se) = se {
            transaction.segments += 1;
            end = se.end();
            let found = transaction.segments;
            count(sink, FindingCode::SeCountMismatch, se, found);
            if se.code(2) != transaction.control.as_slice() {
                report(sink, FindingCode::SeControlMismatch, se, Detail::Element(2));
            }
        } else {
            let at = Finding::new(FindingCode::MissingSe, self.end, SegmentId::default());
            sink(Event::Finding(at));
        }
        let kind = transaction.body.kind();
        let (counts, balance) = match &mut transaction.body {
            Body::Remittance(remittance) => remittance.finish(transaction.offset, self.end, sink),
            Body::Status(status) => (status.counts(), crate::Balance::Unknown),
            Body::Other => (crate::Counts::default(), crate::Balance::Unknown),
        };
        sink(Event::TransactionEnd(TransactionEnd {
            kind,
            offset: transaction.offset,
            end,
            complete: se.is_some(),
            segments: transaction.segments,
            counts,
            balance,
        }));
    }

    fn end_group<S: FnMut(Event<'_>)>(&mut self, ge: Option<&Segment<'_>>, sink: &mut S) {
        match (self.group.take(), ge) {
            (Some(group), Some(ge)) => {
                count(sink, FindingCode::GeCountMismatch, ge, group.parts);
                sink(Event::GroupEnd { end: ge.end() });
            }
            (Some(group), None) => {
                let finding = Finding::new(FindingCode::MissingGe, group.offset, GS);
                sink(Event::Finding(finding));
                sink(Event::GroupEnd { end: self.end });
            }
            (None, _) => {}
        }
    }

    fn end_interchange<S: FnMut(Event<'_>)>(&mut self, iea: Option<&Segment<'_>>, sink: &mut S) {
        match (self.interchange.take(), iea) {
            (Some(interchange), Some(iea)) => {
                count(sink, FindingCode::IeaCountMismatch, iea, interchange.parts);
                sink(Event::InterchangeEnd { end: iea.end() });
            }
            (Some(interchange), None) => {
                let finding = Finding::new(FindingCode::MissingIea, interchange.offset, ISA);
                sink(Event::Finding(finding));
                sink(Event::InterchangeEnd { end: self.end });
            }
            (None, _) => {}
        }
    }

    fn finish<S: FnMut(Event<'_>)>(&mut self, end: u64, sink: &mut S) {
        self.end_transaction(None, sink);
        self.end_group(None, sink);
        self.end_interchange(None, sink);
        if !self.seen_transaction && !self.refused {
            let code = FindingCode::NoTransaction;
            sink(Event::Finding(Finding::new(code, end, SegmentId::default())));
        }
    }
}

impl Transaction {
    /// Types a segment between its ST and SE.
    #[inline(always)]
    fn take<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.segments += 1;
        match &mut self.body {
            Body::Remittance(remittance) => remittance.segment(segment, sink),
            _ if segment.id().is_empty() => bad_id(segment, sink),
            Body::Status(status) => status.segment(segment, sink),
            Body::Other => {}
        }
    }
}

impl Body {
    fn kind(&self) -> SetKind {
        match self {
            Self::Remittance(_) => SetKind::Remittance,
            Self::Status(_) => SetKind::Status,
            Self::Other => SetKind::Other,
        }
    }
}

/// Compares element 1 of a trailer with the count of what it closes.
fn count<S: FnMut(Event<'_>)>(sink: &mut S, code: FindingCode, trailer: &Segment<'_>, found: u64) {
    let stated = std::str::from_utf8(trailer.code(1)).ok().and_then(|text| text.parse().ok());
    match stated {
        Some(stated) if stated == found => {}
        Some(stated) => report(sink, code, trailer, Detail::Count { stated, found }),
        None => report(sink, code, trailer, Detail::Element(1)),
    }
}

/// A segment that belongs to no transaction.
#[cold]
fn stray<S: FnMut(Event<'_>)>(segment: &Segment<'_>, sink: &mut S) {
    sink(Event::Segment(segment));
    if segment.id().is_empty() {
        return bad_id(segment, sink);
    }
    report(sink, FindingCode::SegmentOutsideTransaction, segment, width(segment));
}

/// A segment whose id is none.
#[cold]
pub(crate) fn bad_id<S: FnMut(Event<'_>)>(segment: &Segment<'_>, sink: &mut S) {
    report(sink, FindingCode::BadSegmentId, segment, width(segment));
}

fn width(segment: &Segment<'_>) -> Detail {
    Detail::Bytes(segment.end() - segment.offset())
}

//! Owned claims from events: what intake works with.

use crate::event::{Event, Place, SetKind, TransactionEnd, TransactionStart};
use crate::finding::Finding;
use crate::model::{
    AdjustmentValue, ClaimPart, Closing, Controls, LineValue, Organization, PaymentAdvice,
    ProviderAdjustmentValue, RemarkValue, Transaction, text,
};
use crate::reader::Reader;
use crate::segment::Segment;
use crate::status::model::ClaimStatus;

mod convert;

/// A claim with more segments arrives in parts of this many.
pub const PART_SEGMENTS: u32 = 10_000;

/// What [`Claims`] says, in file order.
#[derive(Debug)]
pub enum Assembled<'a> {
    /// A transaction began; segments of it follow.
    Opened {
        /// Offset of the ST.
        offset: u64,
        /// What is read.
        kind: SetKind,
    },
    /// A segment of the open transaction, ST and SE included: what to hash with
    /// [`canonical::segment`](crate::canonical::segment).
    Segment(&'a Segment<'a>),
    /// The header, once it is complete; again, before the claims it governs, when a payer or
    /// payee is named again.
    Header(Transaction),
    /// A claim of an 835, or a part of one.
    Claim(ClaimPart),
    /// A claim status of a 277.
    Status(ClaimStatus),
    /// A PLB pair.
    ProviderAdjustment(ProviderAdjustmentValue),
    /// An adjustment that stands outside any claim; a finding says so too.
    Orphan(AdjustmentValue),
    /// The transaction ended.
    Closed(Closing),
    /// An oddity.
    Finding(Finding),
}

/// Reads a stream of bytes into owned claims. Memory is bounded by one claim part.
#[derive(Debug, Default)]
pub struct Claims {
    reader: Reader,
    assembler: Assembler,
}

impl Claims {
    /// At the first byte of an input.
    pub fn new() -> Self {
        Self::default()
    }

    /// At the first byte of an input of whose 835s all is wanted but the claims: these are read
    /// and never built.
    pub fn without_claims() -> Self {
        let assembler = Assembler { claims_unwanted: true, ..Assembler::default() };
        Self { assembler, ..Self::default() }
    }

    /// Takes the next bytes and says what they complete.
    pub fn push(&mut self, chunk: &[u8], sink: &mut impl FnMut(Assembled<'_>)) {
        let assembler = &mut self.assembler;
        self.reader.push(chunk, &mut |event| assembler.take(event, sink));
    }

    /// Says that no byte follows.
    pub fn finish(mut self, sink: &mut impl FnMut(Assembled<'_>)) {
        let assembler = &mut self.assembler;
        self.reader.finish(&mut |event| assembler.take(event, sink));
    }
}

/// Reads a whole input into owned claims.
pub fn claims(bytes: &[u8], sink: &mut impl FnMut(Assembled<'_>)) {
    let mut assembler = Assembler::default();
    crate::read(bytes, &mut |event| assembler.take(event, sink));
}

/// Builds owned values out of the events of a [`Reader`], one by one.
#[derive(Debug, Default)]
pub struct Assembler {
    controls: Controls,
    version: String,
    header: Option<Transaction>,
    /// Whether the header changed since it was last handed on.
    header_due: bool,
    claim: Option<ClaimPart>,
    claims_unwanted: bool,
    /// Inside a claim that is not wanted.
    passing: bool,
    /// Segments in the open part.
    segments: u32,
    claims: u64,
    lines: u64,
    status: Option<ClaimStatus>,
    open: bool,
    /// Offset after the last segment.
    end: u64,
}

impl Assembler {
    /// Takes one event; says what it completes.
    pub fn take(&mut self, event: Event<'_>, sink: &mut impl FnMut(Assembled<'_>)) {
        match event {
            Event::Segment(segment) => self.segment(segment, sink),
            Event::InterchangeStart(interchange) => {
                self.controls = Controls::default();
                self.version.clear();
                self.controls.interchange = text(interchange.control());
            }
            Event::GroupStart(group) => {
                self.controls.group = text(group.control());
                self.version = text(group.version());
            }
            Event::TransactionStart(start) => self.start(start, sink),
            Event::TransactionEnd(end) => self.end(end, sink),
            Event::Finding(finding) => sink(Assembled::Finding(finding)),
            Event::Claim(claim) => {
                self.hand_on_header(sink);
                self.passing = self.claims_unwanted;
                if !self.passing {
                    let part = ClaimPart::begin(claim, self.claims);
                    (self.claims, self.lines, self.segments) = (self.claims + 1, 0, 1);
                    self.claim = Some(part);
                }
            }
            Event::ClaimEnd(end) => {
                self.passing = false;
                if let Some(mut part) = self.claim.take() {
                    (part.last, part.end, part.balance) = (true, end.end, Some(end.balance));
                    sink(Assembled::Claim(part));
                }
            }
            _ if self.passing => {}
            Event::ProviderAdjustment(pair) => {
                self.hand_on_header(sink);
                sink(Assembled::ProviderAdjustment(pair.into()));
            }
            Event::Adjustment(adjustment) => self.adjustment(adjustment.into(), sink),
            Event::Level(level) => {
                self.hand_on_status(sink);
                self.hand_on_header(sink);
                self.status = Some(ClaimStatus::at(level));
            }
            other => self.detail(other, sink),
        }
    }

    /// Hands on a segment of a transaction, and cuts a claim that has grown too long.
    #[inline]
    fn segment(&mut self, segment: &Segment<'_>, sink: &mut impl FnMut(Assembled<'_>)) {
        if self.claim.is_some() {
            if self.segments >= PART_SEGMENTS {
                self.cut(sink);
            }
            self.segments += 1;
        }
        self.end = segment.end();
        if self.open {
            sink(Assembled::Segment(segment));
        }
    }

    #[cold]
    fn cut(&mut self, sink: &mut impl FnMut(Assembled<'_>)) {
        let Some(part) = &mut self.claim else { return };
        part.end = self.end;
        let next = part.next();
        if let Some(done) = self.claim.replace(next) {
            sink(Assembled::Claim(done));
        }
        self.segments = 0;
    }

    fn start(&mut self, start: TransactionStart<'_>, sink: &mut impl FnMut(Assembled<'_>)) {
        let offset = start.segment.offset();
        sink(Assembled::Opened { offset, kind: start.kind });
        sink(Assembled::Segment(start.segment));
        let controls = Controls { transaction: text(start.control), ..self.controls.clone() };
        self.header = Some(Transaction::begin(offset, start.kind, controls, self.version.clone()));
        (self.header_due, self.open, self.claims) = (true, true, 0);
    }

    fn end(&mut self, end: TransactionEnd, sink: &mut impl FnMut(Assembled<'_>)) {
        self.hand_on_status(sink);
        self.hand_on_header(sink);
        self.header = None;
        self.open = false;
        sink(Assembled::Closed(end.into()));
    }

    fn hand_on_header(&mut self, sink: &mut impl FnMut(Assembled<'_>)) {
        if std::mem::take(&mut self.header_due)
            && let Some(header) = &self.header
        {
            sink(Assembled::Header(header.clone()));
        }
    }

    fn hand_on_status(&mut self, sink: &mut impl FnMut(Assembled<'_>)) {
        if let Some(mut status) = self.status.take()
            && !(status.statuses.is_empty() && status.line_statuses.is_empty())
        {
            status.end = self.end;
            sink(Assembled::Status(status));
        }
    }

    fn adjustment(&mut self, value: AdjustmentValue, sink: &mut impl FnMut(Assembled<'_>)) {
        match &mut self.claim {
            Some(part) => match part.lines.last_mut() {
                Some(line) if line.balance.is_none() => line.adjustments.push(value),
                _ => part.adjustments.push(value),
            },
            None => sink(Assembled::Orphan(value)),
        }
    }

    /// Everything that only adds to what is open.
    fn detail(&mut self, event: Event<'_>, sink: &mut impl FnMut(Assembled<'_>)) {
        if let Some(part) = &mut self.claim {
            if let Event::Line(line) = event {
                part.lines.push(LineValue::begin(line, self.lines));
                self.lines += 1;
            } else {
                part.add(event);
            }
        } else if let Some(status) = &mut self.status {
            if let Event::Trace(trace) = event
                && !status.trace.is_empty()
            {
                let next = status.sibling(trace.segment.offset());
                self.hand_on_status(sink);
                self.status = Some(next);
            }
            if let Some(status) = &mut self.status {
                status.add(event);
            }
        } else if let Some(header) = &mut self.header {
            self.header_due |= header.add(event);
        }
    }
}

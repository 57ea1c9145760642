//! The content of an 835: parties, claims, service lines, adjustments and their sums.

use crate::amount::Amount;
use crate::balance::{Balance, Sum};
use crate::event::{
    Address, Adjustment, Claim, ClaimEnd, Contact, Counts, Date, Event, GroupCode, Line, LineEnd,
    MonetaryAmount, Name, Party, Payment, Place, ProviderAdjustment, Quantity, Reference, Remark,
    RemarkSource, Trace,
};
use crate::finding::{Detail, Finding, FindingCode};
use crate::reader::{bad_id, report};
use crate::remark::{INPATIENT, OUTPATIENT, list};
use crate::segment::{Segment, SegmentId};

const AMT: SegmentId = SegmentId::new(b"AMT");
const BPR: SegmentId = SegmentId::new(b"BPR");
const CAS: SegmentId = SegmentId::new(b"CAS");
const CLP: SegmentId = SegmentId::new(b"CLP");
const DTM: SegmentId = SegmentId::new(b"DTM");
const LQ: SegmentId = SegmentId::new(b"LQ");
const LX: SegmentId = SegmentId::new(b"LX");
const MIA: SegmentId = SegmentId::new(b"MIA");
const MOA: SegmentId = SegmentId::new(b"MOA");
const N1: SegmentId = SegmentId::new(b"N1");
const N3: SegmentId = SegmentId::new(b"N3");
const N4: SegmentId = SegmentId::new(b"N4");
const NM1: SegmentId = SegmentId::new(b"NM1");
const PER: SegmentId = SegmentId::new(b"PER");
const PLB: SegmentId = SegmentId::new(b"PLB");
const QTY: SegmentId = SegmentId::new(b"QTY");
const REF: SegmentId = SegmentId::new(b"REF");
const SVC: SegmentId = SegmentId::new(b"SVC");
const TRN: SegmentId = SegmentId::new(b"TRN");
const CUR: SegmentId = SegmentId::new(b"CUR");
const RDM: SegmentId = SegmentId::new(b"RDM");
const TS2: SegmentId = SegmentId::new(b"TS2");
const TS3: SegmentId = SegmentId::new(b"TS3");
const N2: SegmentId = SegmentId::new(b"N2");
const NTE: SegmentId = SegmentId::new(b"NTE");

/// Reads the segments of one 835. Its size does not depend on theirs.
#[derive(Debug, Default)]
pub(crate) struct Remittance {
    place: Place,
    claim: Option<Open>,
    line: Option<Open>,
    counts: Counts,
    /// Payment less claims plus provider adjustments: zero when the transaction balances.
    sum: Sum,
    seen: Seen,
    /// Offset after the last segment.
    end: u64,
}

/// A claim or line whose end has not come: what its charge has left, less its payment.
#[derive(Debug)]
struct Open {
    offset: u64,
    sum: Sum,
}

#[derive(Debug, Default)]
struct Seen {
    payment: bool,
    lx: bool,
    payer: bool,
    payee: bool,
}

impl Remittance {
    #[inline]
    pub(crate) fn segment<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        let place = self.place;
        match segment.tag {
            CAS => self.adjustments(segment, sink),
            SVC => self.line(segment, sink),
            DTM => sink(Event::Date(Date { segment, place, element: 2 })),
            REF => sink(Event::Reference(Reference { segment, place })),
            CLP => self.claim(segment, sink),
            NM1 => sink(Event::Name(Name { segment, place })),
            LQ => self.remarks(segment, list(segment.code(1)), &[2], sink),
            AMT => self.monetary(segment, sink),
            QTY => sink(Event::Quantity(Quantity { segment, place })),
            MIA => self.remarks(segment, RemarkSource::Inpatient, INPATIENT, sink),
            MOA => self.remarks(segment, RemarkSource::Outpatient, OUTPATIENT, sink),
            LX => {
                self.close_claim(sink);
                self.seen.lx = true;
                self.place = Place::ClaimGroup;
            }
            PLB => self.provider(segment, sink),
            PER => sink(Event::Contact(Contact { segment, place })),
            N3 | N4 => sink(Event::Address(Address { segment, place })),
            N1 => self.party(segment, sink),
            TRN => sink(Event::Trace(Trace { segment, place })),
            BPR => self.payment(segment, sink),
            CUR | RDM | TS2 | TS3 | N2 | NTE => {}
            _ if segment.id().is_empty() => return bad_id(segment, sink),
            _ => report(sink, FindingCode::UnknownSegment, segment, Detail::None),
        }
        self.end = segment.end();
    }

    /// Bytes of this transaction were skipped: no open sum is known.
    pub(crate) fn lose(&mut self) {
        self.sum.lose();
        for open in [&mut self.claim, &mut self.line].into_iter().flatten() {
            open.sum.lose();
        }
    }

    /// Ends what is open; the counts and the balance of the transaction.
    pub(crate) fn finish<S: FnMut(Event<'_>)>(
        &mut self,
        offset: u64,
        end: u64,
        sink: &mut S,
    ) -> (Counts, Balance) {
        self.end = end;
        self.close_claim(sink);
        if !self.seen.payment {
            let finding = Finding::new(FindingCode::NoBpr, offset, SegmentId::default());
            sink(Event::Finding(finding));
            self.sum.lose();
        }
        let balance = self.sum.balance();
        if let Balance::Off(cents) = balance {
            let finding = Finding::new(FindingCode::UnbalancedTransaction, offset, BPR);
            sink(Event::Finding(finding.with(Detail::Difference(cents))));
        }
        (self.counts, balance)
    }

    #[cold]
    fn payment<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        let amount = required(segment, 2, sink);
        let payment = Payment { segment, amount };
        self.seen.payment = true;
        match payment.direction() {
            b"D" => self.sum.subtract(amount),
            _ => self.sum.add(amount),
        }
        sink(Event::Payment(payment));
    }

    #[cold]
    fn party<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.close_claim(sink);
        let (place, seen) = match segment.code(1) {
            b"PR" => (Place::Payer, Some(&mut self.seen.payer)),
            b"PE" => (Place::Payee, Some(&mut self.seen.payee)),
            _ => (Place::OtherParty, None),
        };
        if seen.is_some_and(|seen| std::mem::replace(seen, true)) {
            report(sink, FindingCode::RepeatedParty, segment, Detail::Element(1));
        }
        self.place = place;
        sink(Event::Party(Party { segment, place }));
    }

    #[inline]
    fn claim<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.close_claim(sink);
        if !self.seen.lx {
            self.seen.lx = true;
            report(sink, FindingCode::MissingLx, segment, Detail::None);
        }
        let claim = Claim {
            segment,
            charge: required(segment, 3, sink),
            paid: required(segment, 4, sink),
            patient: optional(segment, 5, sink),
        };
        self.counts.claims += 1;
        self.counts.reversals += u64::from(claim.is_reversal());
        self.sum.subtract(claim.paid);
        self.place = Place::Claim;
        self.claim = Some(Open::new(segment.offset(), claim.charge, claim.paid));
        sink(Event::Claim(claim));
    }

    #[inline]
    fn line<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.close_line(sink);
        if self.claim.is_none() {
            report(sink, FindingCode::LineOutsideClaim, segment, Detail::None);
        }
        let line =
            Line { segment, charge: required(segment, 2, sink), paid: required(segment, 3, sink) };
        self.counts.service_lines += 1;
        self.place = Place::Line;
        self.line = Some(Open::new(segment.offset(), line.charge, line.paid));
        sink(Event::Line(line));
    }

    fn adjustments<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        let group = GroupCode::read(segment.code(1));
        let (mut element, mut count) = (2, 0);
        while element <= segment.len() {
            count += u64::from(self.adjustment(segment, element, group, sink));
            element += 3;
        }
        self.counts.adjustments += count;
        match group {
            GroupCode::Co | GroupCode::Oa | GroupCode::Pi | GroupCode::Pr => {}
            GroupCode::Cr => {
                report(sink, FindingCode::ObsoleteGroupCode, segment, Detail::Element(1));
            }
            GroupCode::Other => {
                report(sink, FindingCode::UnknownGroupCode, segment, Detail::Element(1));
            }
        }
        if self.claim.is_none() && self.line.is_none() && count > 0 {
            let detail = Detail::Adjustments(count);
            report(sink, FindingCode::AdjustmentOutsideClaim, segment, detail);
        }
    }

    /// The triplet at `element`; whether anything stands there.
    #[inline]
    fn adjustment<S: FnMut(Event<'_>)>(
        &mut self,
        segment: &Segment<'_>,
        element: usize,
        group: GroupCode,
        sink: &mut S,
    ) -> bool {
        let mut amount = segment.amount(element + 1);
        if amount.cents().is_none() {
            let alone = segment.element(element).is_empty() && amount == Amount::Missing;
            if alone && segment.code(element + 2).is_empty() {
                return false;
            }
            amount = required(segment, element + 1, sink);
            self.counts.unreadable_adjustments += 1;
        }
        if segment.element(element).first().is_none_or(|first| *first <= b'0') {
            odd_reason(segment, element, sink);
        }
        for open in [&mut self.line, &mut self.claim].into_iter().flatten() {
            open.sum.subtract(amount);
        }
        let place = self.place;
        sink(Event::Adjustment(Adjustment { segment, place, group, element, amount }));
        true
    }

    #[inline]
    fn remarks<S: FnMut(Event<'_>)>(
        &mut self,
        segment: &Segment<'_>,
        source: RemarkSource,
        elements: &[usize],
        sink: &mut S,
    ) {
        let place = self.place;
        for &element in elements {
            let code = segment.code(element);
            if code.is_empty() {
                continue;
            }
            if code.first() == Some(&b'0') && code.len() > 1 {
                let detail = Detail::Element(element as u32);
                report(sink, FindingCode::LeadingZeroCode, segment, detail);
            }
            match source {
                RemarkSource::Inpatient | RemarkSource::Outpatient => {
                    self.counts.claim_remarks += 1;
                }
                RemarkSource::LineRemark
                | RemarkSource::PharmacyReject
                | RemarkSource::OtherList => self.counts.remarks += 1,
            }
            sink(Event::Remark(Remark { segment, place, source, element }));
        }
    }

    #[inline]
    fn monetary<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        let amount = required(segment, 2, sink);
        sink(Event::MonetaryAmount(MonetaryAmount { segment, place: self.place, amount }));
    }

    fn provider<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        self.close_claim(sink);
        self.place = Place::Trailer;
        self.counts.provider_segments += 1;
        let mut element = 3;
        while element <= segment.len() {
            let present = !segment.code(element).is_empty();
            if present || !segment.code(element + 1).is_empty() {
                if !present {
                    let detail = Detail::Element(element as u32);
                    report(sink, FindingCode::MissingReason, segment, detail);
                }
                let amount = required(segment, element + 1, sink);
                self.counts.provider_adjustments += 1;
                self.sum.add(amount);
                let adjustment = ProviderAdjustment { segment, element, amount };
                sink(Event::ProviderAdjustment(adjustment));
            }
            element += 2;
        }
    }

    #[inline]
    fn close_line<S: FnMut(Event<'_>)>(&mut self, sink: &mut S) {
        let Some(line) = self.line.take() else { return };
        let balance = line.sum.balance();
        unbalanced(FindingCode::UnbalancedLine, line.offset, SVC, balance, sink);
        sink(Event::LineEnd(LineEnd { offset: line.offset, balance }));
    }

    fn close_claim<S: FnMut(Event<'_>)>(&mut self, sink: &mut S) {
        self.close_line(sink);
        let Some(claim) = self.claim.take() else { return };
        let balance = claim.sum.balance();
        unbalanced(FindingCode::UnbalancedClaim, claim.offset, CLP, balance, sink);
        sink(Event::ClaimEnd(ClaimEnd { offset: claim.offset, end: self.end, balance }));
    }
}

impl Open {
    #[inline]
    fn new(offset: u64, charge: Amount<'_>, paid: Amount<'_>) -> Self {
        let mut sum = Sum::default();
        sum.add(charge);
        sum.subtract(paid);
        Self { offset, sum }
    }
}

#[inline]
fn unbalanced<S: FnMut(Event<'_>)>(
    code: FindingCode,
    offset: u64,
    id: SegmentId,
    balance: Balance,
    sink: &mut S,
) {
    if let Balance::Off(cents) = balance {
        let finding = Finding::new(code, offset, id).with(Detail::Difference(cents));
        sink(Event::Finding(finding));
    }
}

/// An amount that must stand there.
#[inline]
pub(crate) fn required<'a, S: FnMut(Event<'_>)>(
    segment: &Segment<'a>,
    at: usize,
    sink: &mut S,
) -> Amount<'a> {
    let amount = segment.amount(at);
    if amount.cents().is_none() {
        bad_amount(segment, at, amount, sink);
    }
    amount
}

/// An amount that may be absent.
#[inline]
pub(crate) fn optional<'a, S: FnMut(Event<'_>)>(
    segment: &Segment<'a>,
    at: usize,
    sink: &mut S,
) -> Amount<'a> {
    let amount = segment.amount(at);
    if amount.is_unreadable() {
        bad_amount(segment, at, amount, sink);
    }
    amount
}

#[cold]
fn bad_amount<S: FnMut(Event<'_>)>(
    segment: &Segment<'_>,
    at: usize,
    amount: Amount<'_>,
    sink: &mut S,
) {
    let code = match amount {
        Amount::Unreadable(_) => FindingCode::BadAmount,
        Amount::Missing | Amount::Cents(_) => FindingCode::MissingAmount,
    };
    let finding = Finding::new(code, segment.element_offset(at), segment.id());
    sink(Event::Finding(finding.with(Detail::Element(at as u32))));
}

/// A reason that is absent, or may begin with a zero.
#[cold]
fn odd_reason<S: FnMut(Event<'_>)>(segment: &Segment<'_>, at: usize, sink: &mut S) {
    let code = match segment.code(at) {
        [] => FindingCode::MissingReason,
        [b'0', _, ..] => FindingCode::LeadingZeroCode,
        _ => return,
    };
    let finding = Finding::new(code, segment.element_offset(at), segment.id());
    sink(Event::Finding(finding.with(Detail::Element(at as u32))));
}

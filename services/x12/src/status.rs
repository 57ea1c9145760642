//! The content of a 277 or 277CA: levels, claim trace numbers, statuses.

use crate::event::{
    Address, Contact, Counts, Date, Event, Header, Line, MonetaryAmount, Name, Place, Quantity,
    Reference, Trace,
};
use crate::finding::{Detail, FindingCode};
use crate::reader::report;
use crate::remittance::{optional, required};
use crate::segment::{Segment, SegmentId};
use event::{Level, LevelKind, Status};

pub(crate) mod event;
pub(crate) mod model;

const AMT: SegmentId = SegmentId::new(b"AMT");
const BHT: SegmentId = SegmentId::new(b"BHT");
const DMG: SegmentId = SegmentId::new(b"DMG");
const DTP: SegmentId = SegmentId::new(b"DTP");
const HL: SegmentId = SegmentId::new(b"HL");
const MSG: SegmentId = SegmentId::new(b"MSG");
const N3: SegmentId = SegmentId::new(b"N3");
const N4: SegmentId = SegmentId::new(b"N4");
const NM1: SegmentId = SegmentId::new(b"NM1");
const PER: SegmentId = SegmentId::new(b"PER");
const PWK: SegmentId = SegmentId::new(b"PWK");
const QTY: SegmentId = SegmentId::new(b"QTY");
const REF: SegmentId = SegmentId::new(b"REF");
const STC: SegmentId = SegmentId::new(b"STC");
const SVC: SegmentId = SegmentId::new(b"SVC");
const TRN: SegmentId = SegmentId::new(b"TRN");

/// Reads the segments of one 277. Its size does not depend on theirs.
#[derive(Debug, Default)]
pub(crate) struct StatusReader {
    place: Place,
    level: LevelKind,
    counts: Counts,
}

impl StatusReader {
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn segment<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        let place = self.place;
        match segment.id() {
            BHT => sink(Event::Header(Header { segment, place })),
            HL => {
                self.level = LevelKind::read(segment.code(3));
                self.place = Place::ClaimGroup;
                sink(Event::Level(Level { segment, kind: self.level }));
            }
            TRN => {
                self.place = Place::Claim;
                sink(Event::Trace(Trace { segment, place: Place::Claim }));
            }
            STC => self.status(segment, sink),
            SVC => {
                self.place = Place::Line;
                self.counts.service_lines += 1;
                let charge = required(segment, 2, sink);
                let paid = optional(segment, 3, sink);
                sink(Event::Line(Line { segment, charge, paid }));
            }
            NM1 => sink(Event::Name(Name { segment, place })),
            REF => sink(Event::Reference(Reference { segment, place })),
            DTP => sink(Event::Date(Date { segment, place, element: 3 })),
            AMT => {
                let amount = required(segment, 2, sink);
                sink(Event::MonetaryAmount(MonetaryAmount { segment, place, amount }));
            }
            QTY => sink(Event::Quantity(Quantity { segment, place })),
            PER => sink(Event::Contact(Contact { segment, place })),
            N3 | N4 => sink(Event::Address(Address { segment, place })),
            DMG | MSG | PWK => {}
            _ => report(sink, FindingCode::UnknownSegment, segment, Detail::None),
        }
    }

    fn status<S: FnMut(Event<'_>)>(&mut self, segment: &Segment<'_>, sink: &mut S) {
        let status = Status {
            segment,
            level: self.level,
            of_line: self.place == Place::Line,
            charge: optional(segment, 4, sink),
            paid: optional(segment, 5, sink),
        };
        let readable =
            |code: event::StatusCode<'_>| !code.category().is_empty() && !code.status().is_empty();
        if status.codes().next().is_none() || !status.codes().all(readable) {
            report(sink, FindingCode::BadStatus, segment, Detail::Element(1));
        }
        self.counts.statuses += 1;
        sink(Event::Status(status));
    }
}

//! Views of the segments around claims: envelope, payment, parties, names, references.

use super::{Place, SetKind};
use crate::amount::Amount;
use crate::segment::{Delimiters, Segment};

macro_rules! views {
    ($($(#[$doc:meta])* $view:ident { $($(#[$field:meta])* $name:ident = $at:literal;)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $view<'a> {
                /// The segment it was read from.
                pub segment: &'a Segment<'a>,
                /// Where it stands.
                pub place: Place,
            }

            impl<'a> $view<'a> {
                text! { $($(#[$field])* $name = $at;)* }
            }
        )*
    };
}

views! {
    /// TRN.
    Trace {
        /// TRN01: 1 current, 2 referenced transaction.
        kind = 1;
        /// TRN02: check or EFT number; claim trace number in a 277.
        number = 2;
        /// TRN03: id of the originator.
        originator = 3;
    }
    /// BHT.
    Header {
        /// BHT01: 0010 is a 277, 0085 a 277CA.
        structure = 1;
        /// BHT03: reference of the originator.
        reference = 3;
        /// BHT04: date, `YYYYMMDD`.
        date = 4;
    }
    /// N1.
    Party {
        /// N101: PR payer, PE payee.
        role = 1;
        /// N102.
        name = 2;
        /// N103: XX NPI, FI tax id, XV plan id.
        id_kind = 3;
        /// N104.
        id = 4;
    }
    /// NM1.
    Name {
        /// NM101: QC patient, IL subscriber, 74 corrected, 82 rendering, PR, TT, GB.
        role = 1;
        /// NM102: 1 person, 2 organization.
        entity = 2;
        /// NM103.
        last = 3;
        /// NM104.
        first = 4;
        /// NM105.
        middle = 5;
        /// NM108: MI member id, XX NPI, HN, 34.
        id_kind = 8;
        /// NM109.
        id = 9;
    }
    /// N3 (street in 1 and 2) or N4 (city, state, postal code).
    Address {
        /// First element: street, or city.
        first = 1;
        /// Second element: second street line, or state.
        second = 2;
        /// Third element of N4: postal code.
        third = 3;
    }
    /// PER.
    Contact {
        /// PER01: CX claims office, BL technical, IC information.
        function = 1;
        /// PER02.
        name = 2;
        /// PER03: TE, EM, FX, UR.
        first_kind = 3;
        /// PER04.
        first_number = 4;
        /// PER05.
        second_kind = 5;
        /// PER06.
        second_number = 6;
    }
    /// REF.
    Reference {
        /// REF01: 6R line control, G1 authorization, F8 original reference, 1K payer claim, ...
        qualifier = 1;
        /// REF02.
        value = 2;
    }
}

/// ISA.
#[derive(Clone, Copy, Debug)]
pub struct Interchange<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// The separators in force until the next interchange.
    pub delimiters: Delimiters,
}

impl<'a> Interchange<'a> {
    text! {
        /// ISA06.
        sender = 6;
        /// ISA08.
        receiver = 8;
        /// ISA09, `YYMMDD`.
        date = 9;
        /// ISA13.
        control = 13;
        /// ISA15: P production, T test.
        usage = 15;
    }
}

/// GS.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
}

impl<'a> Group<'a> {
    text! {
        /// GS01: HP remittance, HN status.
        function = 1;
        /// GS02.
        sender = 2;
        /// GS03.
        receiver = 3;
        /// GS04, `YYYYMMDD`.
        date = 4;
        /// GS06.
        control = 6;
        /// GS08: the implementation guide.
        version = 8;
    }
}

/// ST, or the segment that stood in its place.
#[derive(Clone, Copy, Debug)]
pub struct TransactionStart<'a> {
    /// The segment it was read from; not an ST where the finding `missing-st` was given.
    pub segment: &'a Segment<'a>,
    /// What is read.
    pub kind: SetKind,
    /// ST02; empty without an ST.
    pub control: &'a [u8],
}

/// BPR.
#[derive(Clone, Copy, Debug)]
pub struct Payment<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// BPR02: what is paid in all.
    pub amount: Amount<'a>,
}

impl<'a> Payment<'a> {
    text! {
        /// BPR01.
        handling = 1;
        /// BPR03: C credit, D debit.
        direction = 3;
        /// BPR04: ACH, CHK, NON, ...
        method = 4;
        /// BPR16, `YYYYMMDD`.
        date = 16;
    }
}

//! Borrowed events into owned values.

use super::{
    AdjustmentValue, ClaimPart, ClaimStatus, Closing, Controls, Event, LineValue, Organization,
    PaymentAdvice, Place, ProviderAdjustmentValue, RemarkValue, SetKind, Transaction,
    TransactionEnd, text,
};
use crate::event::{
    Adjustment, Claim, Date, Line, MonetaryAmount, Name, ProviderAdjustment, Quantity, Reference,
    Remark,
};
use crate::model::{
    DatedValue, PersonName, Private, QualifiedAmount, QualifiedQuantity, ReferenceValue,
};
use crate::status::model::StatusValue;

impl From<Adjustment<'_>> for AdjustmentValue {
    fn from(adjustment: Adjustment<'_>) -> Self {
        Self {
            offset: adjustment.offset(),
            group: adjustment.group,
            group_raw: text(adjustment.group_raw()),
            reason: text(adjustment.reason()),
            reason_raw: text(adjustment.reason_raw()),
            amount: adjustment.amount.into(),
            quantity: text(adjustment.quantity()),
        }
    }
}

impl From<ProviderAdjustment<'_>> for ProviderAdjustmentValue {
    fn from(pair: ProviderAdjustment<'_>) -> Self {
        Self {
            offset: pair.offset(),
            provider: text(pair.provider()),
            fiscal_date: text(pair.fiscal_date()),
            reason: text(pair.reason()),
            reference: Private::read(pair.reference()),
            amount: pair.amount.into(),
        }
    }
}

impl From<Remark<'_>> for RemarkValue {
    fn from(remark: Remark<'_>) -> Self {
        Self { offset: remark.offset(), source: remark.source, code: text(remark.code()) }
    }
}

impl From<Reference<'_>> for ReferenceValue {
    fn from(reference: Reference<'_>) -> Self {
        Self {
            offset: reference.segment.offset(),
            qualifier: text(reference.qualifier()),
            value: Private::read(reference.value()),
        }
    }
}

impl From<Date<'_>> for DatedValue {
    fn from(date: Date<'_>) -> Self {
        Self {
            offset: date.segment.offset(),
            qualifier: text(date.qualifier()),
            value: text(date.value()),
        }
    }
}

impl From<MonetaryAmount<'_>> for QualifiedAmount {
    fn from(amount: MonetaryAmount<'_>) -> Self {
        Self {
            offset: amount.segment.offset(),
            qualifier: text(amount.qualifier()),
            amount: amount.amount.into(),
        }
    }
}

impl From<Quantity<'_>> for QualifiedQuantity {
    fn from(quantity: Quantity<'_>) -> Self {
        Self {
            offset: quantity.segment.offset(),
            qualifier: text(quantity.qualifier()),
            value: text(quantity.value()),
        }
    }
}

impl From<Name<'_>> for PersonName {
    fn from(name: Name<'_>) -> Self {
        Self {
            offset: name.segment.offset(),
            role: text(name.role()),
            last: Private::read(name.last()),
            first: Private::read(name.first()),
            middle: Private::read(name.middle()),
            id_kind: text(name.id_kind()),
            id: Private::read(name.id()),
        }
    }
}

impl From<TransactionEnd> for Closing {
    fn from(end: TransactionEnd) -> Self {
        let TransactionEnd { kind, offset, end, complete, segments, counts, balance } = end;
        Self { offset, end, kind, complete, segments, counts, balance }
    }
}

impl ClaimPart {
    pub(super) fn begin(claim: Claim<'_>, index: u64) -> Self {
        Self {
            index,
            part: 0,
            last: false,
            offset: claim.segment.offset(),
            end: claim.segment.end(),
            number: Private::read(claim.number()),
            status: text(claim.status()),
            charge: claim.charge.into(),
            paid: claim.paid.into(),
            patient_responsibility: claim.patient.into(),
            filing: text(claim.filing()),
            payer_control: Private::read(claim.payer_control()),
            facility: text(claim.facility()),
            frequency: text(claim.frequency()),
            drg: text(claim.drg()),
            adjustments: Vec::new(),
            remarks: Vec::new(),
            names: Vec::new(),
            references: Vec::new(),
            dates: Vec::new(),
            amounts: Vec::new(),
            quantities: Vec::new(),
            lines: Vec::new(),
            balance: None,
        }
    }

    /// The part that follows: the fields of the CLP, and of the line that is still open.
    pub(super) fn next(&self) -> Self {
        let open = self.lines.last().filter(|line| line.balance.is_none());
        Self {
            index: self.index,
            part: self.part + 1,
            last: false,
            offset: self.offset,
            end: self.end,
            number: self.number.clone(),
            status: self.status.clone(),
            charge: self.charge.clone(),
            paid: self.paid.clone(),
            patient_responsibility: self.patient_responsibility.clone(),
            filing: self.filing.clone(),
            payer_control: self.payer_control.clone(),
            facility: self.facility.clone(),
            frequency: self.frequency.clone(),
            drg: self.drg.clone(),
            adjustments: Vec::new(),
            remarks: Vec::new(),
            names: Vec::new(),
            references: Vec::new(),
            dates: Vec::new(),
            amounts: Vec::new(),
            quantities: Vec::new(),
            lines: open.map(LineValue::continuation).into_iter().collect(),
            balance: None,
        }
    }

    pub(super) fn add(&mut self, event: Event<'_>) {
        if let Some(line) = self.lines.last_mut().filter(|line| line.balance.is_none()) {
            return match event {
                Event::Remark(remark) => line.remarks.push(remark.into()),
                Event::Reference(reference) => keep(&mut line.references, reference.into()),
                Event::Date(date) => keep(&mut line.dates, date.into()),
                Event::MonetaryAmount(amount) => keep(&mut line.amounts, amount.into()),
                Event::Quantity(quantity) => line.quantities.push(quantity.into()),
                Event::LineEnd(end) => line.balance = Some(end.balance),
                Event::Name(name) => self.names.push(name.into()),
                _ => {}
            };
        }
        match event {
            Event::Remark(remark) => self.remarks.push(remark.into()),
            Event::Reference(reference) => self.references.push(reference.into()),
            Event::Date(date) => self.dates.push(date.into()),
            Event::MonetaryAmount(amount) => self.amounts.push(amount.into()),
            Event::Quantity(quantity) => self.quantities.push(quantity.into()),
            Event::Name(name) => self.names.push(name.into()),
            _ => {}
        }
    }
}

impl LineValue {
    pub(super) fn begin(line: Line<'_>, index: u64) -> Self {
        let mut procedure = line.procedure().iter().map(text);
        let procedure_kind = procedure.next().unwrap_or_default();
        let code = procedure.next().unwrap_or_default();
        let modifiers = procedure.take(4).filter(|modifier| !modifier.is_empty()).collect();
        Self {
            index,
            continued: false,
            offset: line.segment.offset(),
            procedure_kind,
            procedure: code,
            modifiers,
            charge: line.charge.into(),
            paid: line.paid.into(),
            revenue: text(line.revenue()),
            units: text(line.units()),
            submitted_procedure: text(line.submitted().get(2)),
            adjustments: Vec::new(),
            remarks: Vec::new(),
            references: Vec::new(),
            dates: Vec::new(),
            amounts: Vec::new(),
            quantities: Vec::new(),
            balance: None,
        }
    }

    fn continuation(&self) -> Self {
        Self {
            index: self.index,
            continued: true,
            offset: self.offset,
            procedure_kind: self.procedure_kind.clone(),
            procedure: self.procedure.clone(),
            modifiers: self.modifiers.clone(),
            charge: self.charge.clone(),
            paid: self.paid.clone(),
            revenue: self.revenue.clone(),
            units: self.units.clone(),
            submitted_procedure: self.submitted_procedure.clone(),
            adjustments: Vec::new(),
            remarks: Vec::new(),
            references: Vec::new(),
            dates: Vec::new(),
            amounts: Vec::new(),
            quantities: Vec::new(),
            balance: None,
        }
    }
}

impl Transaction {
    pub(super) fn begin(offset: u64, kind: SetKind, controls: Controls, version: String) -> Self {
        Self {
            offset,
            kind,
            controls,
            version,
            payment: None,
            trace: String::new(),
            trace_offset: offset,
            originator: String::new(),
            payer: Organization::default(),
            payee: Organization::default(),
            dates: Vec::new(),
            references: Vec::new(),
        }
    }

    fn party(&mut self, place: Place) -> Option<&mut Organization> {
        match place {
            Place::Payer => Some(&mut self.payer),
            Place::Payee => Some(&mut self.payee),
            _ => None,
        }
    }

    /// Adds what belongs to the header; whether it did.
    pub(super) fn add(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Payment(payment) => {
                self.payment = Some(PaymentAdvice {
                    amount: payment.amount.into(),
                    direction: text(payment.direction()),
                    method: text(payment.method()),
                    date: text(payment.date()),
                });
            }
            Event::Trace(trace) => {
                self.trace = text(trace.number());
                self.trace_offset = trace.segment.offset();
                self.originator = text(trace.originator());
            }
            Event::Header(header) => self.trace = text(header.reference()),
            Event::Date(date) => self.dates.push(date.into()),
            Event::Party(party) => {
                if let Some(organization) = self.party(party.place) {
                    *organization = Organization {
                        offset: party.segment.offset(),
                        name: text(party.name()),
                        id_kind: text(party.id_kind()),
                        id: text(party.id()),
                        ..Organization::default()
                    };
                }
            }
            Event::Reference(reference) => match self.party(reference.place) {
                Some(organization) => organization.references.push(reference.into()),
                None => self.references.push(reference.into()),
            },
            Event::Address(address) => {
                if let Some(organization) = self.party(address.place) {
                    let elements = [address.first(), address.second(), address.third()];
                    let present = elements.into_iter().filter(|element| !element.is_empty());
                    organization.address.extend(present.map(text));
                }
            }
            _ => return false,
        }
        true
    }
}

impl ClaimStatus {
    pub(super) fn add(&mut self, event: Event<'_>) {
        match event {
            Event::Trace(trace) => self.trace = Private::read(trace.number()),
            Event::Name(name) => self.names.push(name.into()),
            Event::Status(status) if status.of_line => {
                self.line_statuses.push(StatusValue::from(status));
            }
            Event::Status(status) => self.statuses.push(StatusValue::from(status)),
            Event::Reference(reference) => self.references.push(reference.into()),
            Event::Date(date) => self.dates.push(date.into()),
            _ => {}
        }
    }
}

/// A line mostly has one of a kind, while a vector begins with room for four: small pieces of
/// memory come and go faster.
fn keep<T>(values: &mut Vec<T>, value: T) {
    if values.is_empty() {
        values.reserve_exact(1);
    }
    values.push(value);
}

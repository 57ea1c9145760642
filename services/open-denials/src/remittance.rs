//! Claims as an 835: one transaction each, the same bytes for the same claims.
//!
//! Its separators are the control characters that X12 leaves to them (FS, GS, US), which no cell
//! holds: nothing that stands in a file has to be changed.

use chrono::NaiveDate;
use domain::money::Cents;
use sha2::{Digest, Sha256};

use crate::account::{Claim, ServiceLine, Stated};

const ELEMENT: char = '\x1d';
const COMPONENT: char = '\x1f';
const TERMINATOR: char = '\x1c';
/// Remark codes in an MOA.
const REMARKS: usize = 5;

/// Segments, and how many there are.
#[derive(Default)]
struct Segments {
    text: String,
    count: usize,
}

impl Segments {
    fn put(&mut self, elements: &[&str]) {
        let last = elements.iter().rposition(|element| !element.is_empty()).unwrap_or_default();
        for (at, element) in elements.iter().take(last + 1).enumerate() {
            if at > 0 {
                self.text.push(ELEMENT);
            }
            self.text.push_str(element);
        }
        self.text.push(TERMINATOR);
        self.text.push('\n');
        self.count += 1;
    }
}

/// Writes claims; nothing where there is none.
pub(crate) fn write(claims: &[Claim<'_>]) -> Vec<u8> {
    let Some(first) = claims.first() else { return Vec::new() };
    let mut file = Segments::default();
    let on = day(first.remit_on);
    let [sender, receiver] = ["OPENDENIALS", "OVERTURN"].map(|name| format!("{name:<15}"));
    let (blank, component) = (" ".repeat(10), COMPONENT.to_string());
    file.put(&[
        "ISA",
        "00",
        &blank,
        "00",
        &blank,
        "ZZ",
        &sender,
        "ZZ",
        &receiver,
        &on[2..],
        "0000",
        "^",
        "00501",
        "000000001",
        "0",
        "P",
        &component,
    ]);
    let (sender, receiver) = (sender.trim_end(), receiver.trim_end());
    file.put(&["GS", "HP", sender, receiver, &on, "0000", "1", "X", "005010X221A1"]);
    for (at, claim) in claims.iter().enumerate() {
        transaction(at + 1, claim, &mut file);
    }
    file.put(&["GE", &claims.len().to_string(), "1"]);
    file.put(&["IEA", "1", "000000001"]);
    file.text.into_bytes()
}

fn transaction(number: usize, of: &Claim<'_>, file: &mut Segments) {
    let (on, paid) = (day(of.remit_on), amount(of.paid));
    let mut body = Segments::default();
    let [payer, facility] = [of.payer.id, of.facility.id].map(|id| id.to_string());
    // Slugs stay as they are, names do not, and transactions are recognized by their content.
    body.put(&["N1", "PR", &of.payer.slug]);
    body.put(&["REF", "2U", &payer]);
    body.put(&["N1", "PE", &of.facility.slug, "XX", &facility]);
    body.put(&["LX", "1"]);
    claim(of, &mut body);
    let control = format!("{number:04}");
    let before = file.count;
    file.put(&["ST", "835", &control, "005010X221A1"]);
    let none = [""; 11];
    let payment = ["BPR", "I", &paid, "C", "NON"].into_iter().chain(none).chain([on.as_str()]);
    file.put(&payment.collect::<Vec<_>>());
    file.put(&["TRN", "1", &trace(&body.text)]);
    file.text.push_str(&body.text);
    file.count += body.count;
    let segments = (file.count - before + 1).to_string();
    file.put(&["SE", &segments, &control]);
}

/// A number that no other content has.
fn trace(content: &str) -> String {
    let hash = Sha256::digest(content.as_bytes());
    let hexadecimal: String = hash.iter().take(12).map(|byte| format!("{byte:02X}")).collect();
    format!("IMPORT-{hexadecimal}")
}

fn claim(claim: &Claim<'_>, out: &mut Segments) {
    let (charge, paid) = (amount(claim.charge), amount(claim.paid));
    let share = if claim.patient_share > 0 { amount(claim.patient_share) } else { String::new() };
    let number = claim.payer_claim_number.as_str();
    // ZZ: the directory knows the payer's kind of coverage.
    out.put(&["CLP", &claim.account, "1", &charge, &paid, &share, "ZZ", number]);
    adjustments(&claim.whole, out);
    if !claim.patient.is_empty() || !claim.member.is_empty() {
        let (last, first) = claim.patient.split_once(',').unwrap_or((&claim.patient, ""));
        let kind = if claim.member.is_empty() { "" } else { "MI" };
        let (last, first) = (last.trim(), first.trim());
        out.put(&["NM1", "QC", "1", last, first, "", "", "", kind, &claim.member]);
    }
    let remarks: Vec<&str> = claim.whole.rarcs.iter().map(|rarc| rarc.as_str()).collect();
    for some in remarks.chunks(REMARKS) {
        let outpatient = ["MOA", "", ""].into_iter().chain(some.iter().copied());
        out.put(&outpatient.collect::<Vec<_>>());
    }
    out.put(&["DTM", "232", &day(claim.service.0)]);
    out.put(&["DTM", "233", &day(claim.service.1)]);
    for line in &claim.lines {
        service(line, out);
    }
}

fn service(line: &ServiceLine, out: &mut Segments) {
    let billed = &line.billed;
    let kind = kind(&billed.procedure);
    let code = if billed.procedure.is_empty() { &billed.revenue } else { &billed.procedure };
    let mut procedure = format!("{kind}{COMPONENT}{code}");
    for modifier in &billed.modifiers {
        procedure.push(COMPONENT);
        procedure.push_str(modifier);
    }
    let revenue = if billed.procedure.is_empty() { "" } else { billed.revenue.as_str() };
    out.put(&["SVC", &procedure, &amount(line.charge), &amount(line.paid), revenue]);
    match billed.service {
        (from, to) if from == to => out.put(&["DTM", "472", &day(from)]),
        (from, to) => {
            out.put(&["DTM", "150", &day(from)]);
            out.put(&["DTM", "151", &day(to)]);
        }
    }
    adjustments(&line.stated, out);
    for rarc in &line.stated.rarcs {
        out.put(&["LQ", "HE", rarc.as_str()]);
    }
}

/// SVC01-1 of a code: a revenue code where it is empty, a dental one where it looks so.
fn kind(procedure: &str) -> &'static str {
    let dental = |digits: &str| digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit());
    match procedure {
        "" => "NU",
        code if code.strip_prefix('D').is_some_and(dental) => "AD",
        _ => "HC",
    }
}

fn adjustments(stated: &Stated, out: &mut Segments) {
    for (reason, cents) in &stated.amounts {
        let (group, carc) = (reason.group.as_str(), reason.carc.as_str());
        out.put(&["CAS", group, carc, &amount(*cents)]);
    }
}

fn amount(cents: i64) -> String {
    Cents::new(cents).plain().to_string()
}

fn day(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

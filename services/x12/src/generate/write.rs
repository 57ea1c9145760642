//! Drafts as segments.

use std::fmt;

use super::Options;
use super::claim::{Draft, DraftLine};

/// Segments and how many there are.
#[derive(Debug, Default)]
pub(super) struct Segments {
    text: String,
    count: u64,
}

impl Segments {
    pub(super) fn text(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn put(&mut self, segment: fmt::Arguments<'_>) {
        let start = self.text.len();
        // Writing to a string cannot fail.
        let _ = fmt::Write::write_fmt(&mut self.text, segment);
        let kept = self.text[start..].trim_end_matches(['*', ':']).len();
        self.text.truncate(start + kept);
        self.text.push_str("~\n");
        self.count += 1;
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.count += other.count;
    }

    /// The SE of the one transaction these segments are.
    pub(super) fn close(&mut self, number: u64) {
        let count = self.count + 1;
        self.put(format_args!("SE*{count}*{number:04}"));
    }
}

macro_rules! put {
    ($out:expr, $($text:tt)*) => { $out.put(format_args!($($text)*)) };
}

/// Cents as X12 writes them.
struct Dollars(i64);

impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        match cents % 100 {
            0 => write!(f, "{sign}{}", cents / 100),
            rest if rest % 10 == 0 => write!(f, "{sign}{}.{}", cents / 100, rest / 10),
            rest => write!(f, "{sign}{}.{rest:02}", cents / 100),
        }
    }
}

pub(super) fn interchange_start(options: &Options, out: &mut Segments) {
    let day = options.remit_on.to_string();
    let control = options.control;
    // ISA is not trimmed: its last element is the component separator.
    let short = &day[2..];
    out.text.push_str(&format!(
        "ISA*00*          *00*          *ZZ*{:<15}*ZZ*{:<15}*{short}*1200*^*00501*\
         {control:09}*0*P*:~\n",
        "SYNTHPAYER", "SYNTHPROVIDER",
    ));
    put!(out, "GS*HP*SYNTHPAYER*SYNTHPROVIDER*{day}*1200*{control}*X*005010X221A1");
}

pub(super) fn interchange_end(options: &Options, transactions: u64, out: &mut Segments) {
    let control = options.control;
    put!(out, "GE*{transactions}*{control}");
    put!(out, "IEA*1*{control:09}");
}

pub(super) fn header(
    options: &Options,
    payer: usize,
    number: u64,
    payment: i64,
    out: &mut Segments,
) {
    let (payee, day) = (&options.payee, options.remit_on);
    let payer = &options.payers[payer];
    let trace = format!("{}{:06}{number:05}", payer.id, options.control);
    let method = if payment == 0 { "NON" } else { "ACH" };
    put!(out, "ST*835*{number:04}*005010X221A1");
    match payment {
        0 => put!(out, "BPR*I*0*C*{method}************{day}"),
        _ => put!(
            out,
            "BPR*I*{}*C*{method}*CCP*01*000000000*DA*0000000000*{}**01*000000000*DA*\
             0000000000*{day}",
            Dollars(payment),
            payer.originator,
        ),
    }
    put!(out, "TRN*1*{trace}*{}", payer.originator);
    put!(out, "REF*EV*SYNTHPROVIDER");
    put!(out, "DTM*405*{}", day.plus_days(-1));
    put!(out, "N1*PR*{}*XV*{}", payer.name, payer.id);
    put!(out, "N3*1 SAMPLE WAY");
    put!(out, "N4*EXAMPLE CITY*OH*450000000");
    put!(out, "REF*2U*{}", payer.id);
    put!(out, "PER*BL*SAMPLE HELP DESK*TE*5550100");
    put!(out, "N1*PE*{}*XX*{}", payee.name, payee.npi);
    put!(out, "N3*2 SAMPLE WAY");
    put!(out, "N4*EXAMPLE CITY*OH*450000000");
    put!(out, "REF*TJ*{}", payee.tax_id);
    put!(out, "LX*1");
}

pub(super) fn claim(draft: &Draft, out: &mut Segments) {
    let (facility, frequency) = match draft.institutional {
        true => ("13", if draft.original.is_some() { "7" } else { "1" }),
        false => ("11", if draft.original.is_some() { "7" } else { "1" }),
    };
    put!(
        out,
        "CLP*{}*{}*{}*{}*{}*{}*{}*{facility}*{frequency}",
        draft.number,
        draft.status,
        Dollars(draft.charge()),
        Dollars(draft.paid()),
        Dollars(draft.patient_share()),
        draft.filing,
        draft.payer_control,
    );
    let patient = draft.patient;
    put!(out, "NM1*QC*1*SYNTHETIC*PATIENT{patient:05}****MI*SYN{patient:08}");
    put!(out, "NM1*82*2*SAMPLE MEDICAL GROUP*****XX*{}", npi(draft.rendering));
    let remarks = draft.claim_remarks.join("*");
    if !remarks.is_empty() {
        put!(out, "MOA***{remarks}");
    }
    put!(out, "REF*EA*SYNMR{patient:06}");
    if let Some(original) = &draft.original {
        put!(out, "REF*F8*{original}");
    }
    if let Some(number) = draft.authorization {
        put!(out, "REF*G1*AUTH{number:07}");
    }
    if let Some(line) = draft.lines.first() {
        put!(out, "DTM*232*{}", line.service_on);
        put!(out, "DTM*233*{}", line.service_on);
    }
    put!(out, "DTM*050*{}", draft.received_on);
    put!(out, "PER*CX*SAMPLE CLAIMS OFFICE*TE*5550101");
    let covered: i64 = draft.lines.iter().map(DraftLine::allowed).sum();
    if covered != 0 {
        put!(out, "AMT*AU*{}", Dollars(covered));
    }
    for line in &draft.lines {
        service(draft, line, out);
    }
}

fn service(draft: &Draft, line: &DraftLine, out: &mut Segments) {
    let procedure = match line.modifier {
        "" => format!("HC:{}", line.procedure),
        modifier => format!("HC:{}:{modifier}", line.procedure),
    };
    put!(
        out,
        "SVC*{procedure}*{}*{}*{}*{}",
        Dollars(line.charge),
        Dollars(line.paid),
        line.revenue,
        line.units,
    );
    put!(out, "DTM*472*{}", line.service_on);
    // One CAS a group, its triplets together.
    let mut at = 0;
    while let Some(first) = line.cuts.get(at) {
        let same = line.cuts[at..].iter().take_while(|cut| cut.group == first.group).count();
        let triplets: Vec<String> = line.cuts[at..at + same]
            .iter()
            .map(|cut| format!("{}*{}", cut.reason, Dollars(cut.cents)))
            .collect();
        put!(out, "CAS*{}*{}", first.group, triplets.join("**"));
        at += same;
    }
    put!(out, "REF*6R*{}L{:02}", draft.number, line.number);
    if line.allowed() != 0 {
        put!(out, "AMT*B6*{}", Dollars(line.allowed()));
    }
    for remark in &line.remarks {
        put!(out, "LQ*HE*{remark}");
    }
}

pub(super) fn provider(options: &Options, number: u64, pairs: &[(&str, i64)], out: &mut Segments) {
    let year = &options.remit_on.to_string()[..4];
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(reason, cents)| format!("{reason}:SYN{number:07}*{}", Dollars(*cents)))
        .collect();
    put!(out, "PLB*{}*{year}1231*{}", options.payee.npi, pairs.join("*"));
}

/// A number of nine digits as an NPI with its check digit (Luhn over 80840 and the number).
fn npi(number: u64) -> String {
    let base = format!("1{:08}", number % 100_000_000);
    // 24 is what the constant prefix 80840 adds.
    let sum: u32 = base
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum::<u32>()
        + 24;
    format!("{base}{}", (10 - sum % 10) % 10)
}

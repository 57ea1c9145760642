//! Writes valid, balanced 835 files of any size, shaped like real ones. The same options give
//! the same bytes. Every name and number of a patient is visibly made up.
//!
//! A claim has 3.5 service lines on average; a denied one has lines whose whole charge a denial
//! takes, by the mix of its payer. Memory holds one transaction at a time.

use std::io::{self, Write};

mod claim;
mod day;
mod payer;
mod random;
mod write;

#[cfg(test)]
mod tests;

use claim::Draft;
pub use day::Day;
pub use payer::{DenialMix, PayerProfile, sample_payers};
use random::Random;
use write::Segments;

/// What to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// New claims; reversals and corrections come on top.
    pub claims: u64,
    /// The same seed gives the same file.
    pub seed: u64,
    /// Who pays; transactions go round these. None is written without one.
    pub payers: Vec<PayerProfile>,
    /// Who is paid.
    pub payee: Payee,
    /// The date of the remittance; services lie 10 to 75 days before it.
    pub remit_on: Day,
    /// Denied claims in a thousand.
    pub denied_permille: u32,
    /// Reversals with their corrections, in a thousand claims.
    pub reversals_permille: u32,
    /// Transactions with a PLB, in a thousand.
    pub provider_adjustments_permille: u32,
    /// What claim numbers begin with; a running number follows.
    pub claim_prefix: String,
    /// The running number of the first claim.
    pub first_claim: u64,
    /// Claims in a transaction; at least one.
    pub claims_per_transaction: u64,
    /// Control number of the interchange; traces are numbered from it.
    pub control: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            claims: 100,
            seed: 1,
            payers: sample_payers(),
            payee: Payee::default(),
            remit_on: Day::from_ymd(2025, 6, 16).unwrap_or_default(),
            denied_permille: 120,
            reversals_permille: 0,
            provider_adjustments_permille: 200,
            claim_prefix: "SYN".to_owned(),
            first_claim: 1,
            claims_per_transaction: 250,
            control: 1,
        }
    }
}

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    /// N102.
    pub name: String,
    /// N104 with XX.
    pub npi: String,
    /// REF*TJ.
    pub tax_id: String,
}

impl Default for Payee {
    fn default() -> Self {
        Self {
            name: "SAMPLE REGIONAL HOSPITAL".to_owned(),
            npi: "1234567893".to_owned(),
            tax_id: "990000001".to_owned(),
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// ST.
    pub transactions: u64,
    /// CLP, reversals and corrections included.
    pub claims: u64,
    /// CLP02 22.
    pub reversals: u64,
    /// New claims with a denied line, or denied as a whole.
    pub denied_claims: u64,
    /// SVC.
    pub service_lines: u64,
    /// CAS triplets.
    pub adjustments: u64,
    /// Their sum, in cents.
    pub adjustment_cents: i64,
    /// LQ.
    pub remarks: u64,
    /// PLB pairs.
    pub provider_adjustments: u64,
    /// The sum of CLP03, in cents.
    pub charge_cents: i64,
    /// The sum of CLP04, in cents.
    pub paid_cents: i64,
    /// The sum of BPR02, in cents.
    pub payment_cents: i64,
    /// Bytes.
    pub bytes: u64,
}

/// Writes one file.
#[derive(Debug)]
pub struct Generator {
    options: Options,
    random: Random,
    written: Written,
    /// Denied claims a later reversal may take back, one list a payer.
    reversible: Vec<Vec<Draft>>,
    next_claim: u64,
}

/// Denied claims remembered for a payer.
const REVERSIBLE: usize = 16;

impl Generator {
    /// Before the first byte.
    pub fn new(options: Options) -> Self {
        Self {
            random: Random::new(options.seed),
            written: Written::default(),
            reversible: vec![Vec::new(); options.payers.len()],
            next_claim: options.first_claim,
            options,
        }
    }

    /// Writes the whole interchange.
    ///
    /// # Errors
    ///
    /// What writing to `out` says.
    pub fn write(mut self, out: &mut impl Write) -> io::Result<Written> {
        let mut open = Segments::default();
        write::interchange_start(&self.options, &mut open);
        self.put(out, &open)?;
        let mut left = self.options.claims;
        while left > 0 && !self.options.payers.is_empty() {
            let claims = left.min(self.options.claims_per_transaction.max(1));
            left -= claims;
            let text = self.transaction(claims);
            self.put(out, &text)?;
        }
        let mut close = Segments::default();
        write::interchange_end(&self.options, self.written.transactions, &mut close);
        self.put(out, &close)?;
        out.flush()?;
        Ok(self.written)
    }

    fn put(&mut self, out: &mut impl Write, segments: &Segments) -> io::Result<()> {
        self.written.bytes += segments.text().len() as u64;
        out.write_all(segments.text())
    }

    /// One transaction: its claims first, because its payment is their sum.
    fn transaction(&mut self, claims: u64) -> Segments {
        let index = self.written.transactions as usize % self.options.payers.len();
        self.written.transactions += 1;
        let paid_before = self.written.paid_cents;
        let mut body = Segments::default();
        for _ in 0..claims {
            self.claim(index, &mut body);
        }
        let paid = self.written.paid_cents - paid_before;
        let withheld = self.provider_adjustment(paid, &mut body);
        self.written.payment_cents += paid - withheld;
        let number = self.written.transactions;
        let mut text = Segments::default();
        write::header(&self.options, index, number, paid - withheld, &mut text);
        text.append(&body);
        text.close(number);
        text
    }

    fn claim(&mut self, index: usize, body: &mut Segments) {
        if self.random.permille(self.options.reversals_permille)
            && let Some(draft) = self.reversible[index].pop()
        {
            let reversal = draft.reversed();
            let correction = draft.corrected(&mut self.random);
            self.put_claim(&reversal, body);
            self.put_claim(&correction, body);
        }
        let payer = &self.options.payers[index];
        let denied = self.random.permille(self.options.denied_permille);
        let draft = Draft::new(&self.options, payer, self.next_claim, denied, &mut self.random);
        self.next_claim += 1;
        self.put_claim(&draft, body);
        if denied {
            self.written.denied_claims += 1;
            let recent = &mut self.reversible[index];
            if recent.len() < REVERSIBLE {
                recent.push(draft);
            }
        }
    }

    fn put_claim(&mut self, draft: &Draft, body: &mut Segments) {
        write::claim(draft, body);
        let written = &mut self.written;
        written.claims += 1;
        written.reversals += u64::from(draft.is_reversal());
        written.service_lines += draft.lines.len() as u64;
        written.charge_cents += draft.charge();
        written.paid_cents += draft.paid();
        written.remarks += draft.remarks();
        for adjustment in draft.adjustments() {
            written.adjustments += 1;
            written.adjustment_cents += adjustment.cents;
        }
    }

    /// At times a PLB; what it takes off the payment. A negative payment is always carried forward.
    fn provider_adjustment(&mut self, paid: i64, body: &mut Segments) -> i64 {
        let forward = paid.min(0);
        let mut pairs = Vec::new();
        if forward < 0 {
            pairs.push(("FB", forward));
        } else if self.random.permille(self.options.provider_adjustments_permille) {
            let recovered = (paid / 50).min(self.random.between(1_000, 60_000));
            pairs.push(("WO", recovered));
            if self.random.permille(300) {
                pairs.push(("L6", -self.random.between(5, 900)));
            }
        }
        if !pairs.is_empty() {
            write::provider(&self.options, self.written.transactions, &pairs, body);
        }
        self.written.provider_adjustments += pairs.len() as u64;
        pairs.iter().map(|(_, cents)| cents).sum()
    }
}

/// Writes an 835 with `options`; what was written.
///
/// # Errors
///
/// What writing to `out` says.
pub fn write_remittance(options: Options, out: &mut impl Write) -> io::Result<Written> {
    Generator::new(options).write(out)
}

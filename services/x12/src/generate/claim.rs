//! One claim: what was charged, and how it was adjudicated. Every line comes out by construction.

use super::Options;
use super::day::Day;
use super::payer::{DenialMix, PayerProfile};
use super::random::Random;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) group: String,
    pub(super) reason: String,
    pub(super) cents: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DraftLine {
    pub(super) number: u64,
    pub(super) procedure: &'static str,
    pub(super) modifier: &'static str,
    pub(super) revenue: &'static str,
    pub(super) units: i64,
    pub(super) charge: i64,
    pub(super) paid: i64,
    pub(super) service_on: Day,
    pub(super) cuts: Vec<Cut>,
    pub(super) remarks: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) number: String,
    pub(super) payer_control: String,
    /// REF*F8 of a correction: the payer control of what it corrects.
    pub(super) original: Option<String>,
    pub(super) status: &'static str,
    pub(super) filing: String,
    pub(super) patient: u64,
    pub(super) institutional: bool,
    pub(super) authorization: Option<u64>,
    pub(super) rendering: u64,
    pub(super) received_on: Day,
    pub(super) lines: Vec<DraftLine>,
    /// Remarks of the claim, in MIA or MOA.
    pub(super) claim_remarks: Vec<String>,
}

/// Procedure, modifier, revenue code, usual charge in cents.
const SERVICES: [(&str, &str, &str, i64); 14] = [
    ("99213", "25", "0510", 16_500),
    ("99214", "", "0510", 23_800),
    ("99285", "", "0450", 168_000),
    ("71045", "26", "0324", 21_400),
    ("80053", "", "0301", 8_900),
    ("85025", "", "0305", 5_200),
    ("93005", "", "0730", 19_700),
    ("36415", "", "0300", 2_500),
    ("97110", "GP", "0420", 9_600),
    ("70450", "", "0351", 142_000),
    ("29881", "RT", "0360", 684_000),
    ("J1885", "", "0636", 4_300),
    ("96372", "59", "0940", 8_800),
    ("G0378", "", "0762", 15_500),
];

impl Draft {
    pub(super) fn new(
        options: &Options,
        payer: &PayerProfile,
        number: u64,
        denied: bool,
        random: &mut Random,
    ) -> Self {
        let service_on = options.remit_on.plus_days(-random.between(10, 75));
        let institutional = random.permille(450);
        let count = random.between(1, 6).unsigned_abs();
        let mut lines: Vec<DraftLine> = (1..=count)
            .map(|line| DraftLine::new(line, service_on, institutional, random))
            .collect();
        // Most denials take the whole claim; the others one line of it.
        let whole = random.permille(600);
        let target = random.below(count) as usize;
        let mix = denial(payer, random);
        let deductible = random.permille(150);
        for (index, line) in lines.iter_mut().enumerate() {
            if denied && (whole || index == target) {
                line.deny(&mix);
            } else {
                line.pay(deductible && index == 0, random);
            }
        }
        let mut claim_remarks = Vec::new();
        if random.permille(250) {
            claim_remarks.push((*random.pick(&["MA01", "MA07", "MA18", "N89"])).to_owned());
        }
        Self {
            number: format!("{}{number:07}", options.claim_prefix),
            payer_control: format!("{}{:011}", payer.id, random.below(100_000_000_000)),
            original: None,
            status: if random.permille(60) { "2" } else { "1" },
            filing: payer.filing.clone(),
            patient: random.below(100_000),
            institutional,
            authorization: random.permille(300).then(|| random.below(10_000_000)),
            rendering: random.below(900_000_000),
            received_on: service_on.plus_days(random.between(1, 8)),
            lines,
            claim_remarks,
        }
    }

    pub(super) fn is_reversal(&self) -> bool {
        self.status == "22"
    }

    /// The same claim with every amount negated.
    pub(super) fn reversed(&self) -> Self {
        let mut reversed = self.clone();
        reversed.status = "22";
        for line in &mut reversed.lines {
            line.charge = -line.charge;
            line.paid = -line.paid;
            line.cuts.iter_mut().for_each(|cut| cut.cents = -cut.cents);
        }
        reversed
    }

    /// The same claim adjudicated again, without a denial.
    pub(super) fn corrected(&self, random: &mut Random) -> Self {
        let mut corrected = self.clone();
        corrected.status = "1";
        corrected.original = Some(self.payer_control.clone());
        corrected.payer_control = format!("{}C", self.payer_control);
        for line in &mut corrected.lines {
            line.pay(false, random);
        }
        corrected
    }

    pub(super) fn charge(&self) -> i64 {
        self.lines.iter().map(|line| line.charge).sum()
    }

    pub(super) fn paid(&self) -> i64 {
        self.lines.iter().map(|line| line.paid).sum()
    }

    pub(super) fn patient_share(&self) -> i64 {
        self.adjustments().filter(|cut| cut.group == "PR").map(|cut| cut.cents).sum()
    }

    pub(super) fn adjustments(&self) -> impl Iterator<Item = &Cut> {
        self.lines.iter().flat_map(|line| &line.cuts)
    }

    pub(super) fn remarks(&self) -> u64 {
        self.lines.iter().map(|line| line.remarks.len() as u64).sum()
    }
}

impl DraftLine {
    fn new(number: u64, service_on: Day, institutional: bool, random: &mut Random) -> Self {
        let &(procedure, modifier, revenue, usual) = random.pick(&SERVICES);
        let units = if random.permille(200) { random.between(2, 4) } else { 1 };
        let charge = units * usual * random.between(85, 125) / 100;
        Self {
            number,
            procedure,
            modifier: if random.permille(700) { modifier } else { "" },
            revenue: if institutional { revenue } else { "" },
            units,
            charge,
            paid: 0,
            service_on,
            cuts: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn deny(&mut self, mix: &DenialMix) {
        self.paid = 0;
        self.cuts = vec![cut(&mix.group, &mix.reason, self.charge)];
        self.remarks.clone_from(&mix.remarks);
    }

    fn pay(&mut self, deductible: bool, random: &mut Random) {
        let contractual = self.charge * random.between(25, 65) / 100;
        let allowed = self.charge - contractual;
        let share = match (deductible, random.below(3)) {
            (true, _) => Some(("1", allowed)),
            (false, 0) => Some(("2", allowed / 5)),
            (false, 1) => Some(("3", allowed.min(2_500))),
            (false, _) => None,
        };
        self.cuts = vec![cut("CO", "45", contractual)];
        self.cuts.extend(share.map(|(reason, cents)| cut("PR", reason, cents)));
        self.remarks.clear();
        self.paid = allowed - share.map_or(0, |(_, cents)| cents);
    }

    pub(super) fn allowed(&self) -> i64 {
        let patient: i64 =
            self.cuts.iter().filter(|cut| cut.group == "PR").map(|cut| cut.cents).sum();
        self.paid + patient
    }
}

fn cut(group: &str, reason: &str, cents: i64) -> Cut {
    Cut { group: group.to_owned(), reason: reason.to_owned(), cents }
}

/// One of the payer's ways to deny, by weight.
fn denial(payer: &PayerProfile, random: &mut Random) -> DenialMix {
    let total: u64 = payer.denials.iter().map(|mix| u64::from(mix.weight)).sum();
    let mut at = random.below(total.max(1));
    for mix in &payer.denials {
        let weight = u64::from(mix.weight);
        if at < weight {
            return mix.clone();
        }
        at -= weight;
    }
    DenialMix::new(1, "CO", "16", &["M76"])
}

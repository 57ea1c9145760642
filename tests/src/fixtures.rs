//! Remittances written for one test: small, balanced, readable.

use std::fmt::Write as _;

/// A text that must never be seen by another tenant; grep for it.
#[must_use]
pub fn canary(of: &str) -> String {
    format!("CANARY-{of}-{}", platform::ids::new().simple())
}

/// An 835 in the making: one transaction of one payer to one payee.
#[derive(Clone, Debug)]
pub struct Remittance {
    payer_name: String,
    payer_id: String,
    payee_npi: String,
    trace: String,
    paid_on: String,
    served_on: String,
    filing_indicator: String,
    claims: Vec<String>,
    provider: Vec<String>,
    segments: usize,
    paid: i64,
}

/// One service line: charge and paid in cents, its adjustments and remarks.
#[derive(Clone, Copy, Debug)]
pub struct Line<'l> {
    /// SVC02.
    pub charge: i64,
    /// SVC03.
    pub paid: i64,
    /// Group, CARC, cents.
    pub adjustments: &'l [(&'l str, &'l str, i64)],
    /// LQ codes.
    pub remarks: &'l [&'l str],
}

impl Remittance {
    /// A remittance to the payee with `npi`, paid on `paid_on` (CCYYMMDD).
    #[must_use]
    pub fn to(npi: &str, paid_on: &str) -> Self {
        Self {
            payer_name: "SAMPLE HEALTH PLAN".to_owned(),
            payer_id: "1999999991".to_owned(),
            payee_npi: npi.to_owned(),
            trace: format!("T{}", &platform::ids::new().simple().to_string()[20..]),
            paid_on: paid_on.to_owned(),
            served_on: paid_on.to_owned(),
            filing_indicator: "HM".to_owned(),
            claims: Vec::new(),
            provider: Vec::new(),
            segments: 0,
            paid: 0,
        }
    }

    /// From another payer.
    #[must_use]
    pub fn from_payer(mut self, name: &str, id: &str, filing_indicator: &str) -> Self {
        (self.payer_name, self.payer_id) = (name.to_owned(), id.to_owned());
        self.filing_indicator = filing_indicator.to_owned();
        self
    }

    /// Under another trace number.
    #[must_use]
    pub fn traced(mut self, trace: &str) -> Self {
        trace.clone_into(&mut self.trace);
        self
    }

    /// Of claims that are added from now on, the day of service (CCYYMMDD); else that of payment.
    #[must_use]
    pub fn served_on(mut self, day: &str) -> Self {
        day.clone_into(&mut self.served_on);
        self
    }

    /// Adds a claim with status 1 of the patient numbered `patient`.
    #[must_use]
    pub fn claim(self, number: &str, patient: &str, lines: &[Line<'_>]) -> Self {
        self.claim_with_status(number, "1", patient, lines)
    }

    /// Adds a reversal (CLP02 22); its amounts are negative.
    #[must_use]
    pub fn reversal(self, number: &str, patient: &str, lines: &[Line<'_>]) -> Self {
        self.claim_with_status(number, "22", patient, lines)
    }

    /// Lowers the payment at provider level (PLB) by `cents`.
    #[must_use]
    pub fn provider(mut self, reason: &str, reference: &str, cents: i64) -> Self {
        let (npi, year, amount) = (&self.payee_npi, &self.paid_on[..4], dollars(cents));
        self.provider.push(format!("PLB*{npi}*{year}1231*{reason}:{reference}*{amount}~"));
        self.segments += 1;
        self.paid -= cents;
        self
    }

    /// Gives the claim added last another number of the payer (CLP07) than the one made of its own.
    #[must_use]
    pub fn payer_control(self, icn: &str) -> Self {
        self.clp(7, icn)
    }

    /// Makes the claim added last the replacement (CLP09 7) of the one that the payer called `icn`
    /// (REF F8).
    #[must_use]
    pub fn replacing(self, icn: &str) -> Self {
        let mut this = self.clp(9, "7");
        let claim = this.claims.last_mut().expect("a claim was added");
        let at = claim.find("DTM*050").expect("it says when it was received");
        claim.insert_str(at, &format!("REF*F8*{icn}~"));
        this.segments += 1;
        this
    }

    fn clp(mut self, element: usize, value: &str) -> Self {
        let claim = self.claims.last_mut().expect("a claim was added");
        let (clp, rest) = claim.split_once('~').expect("a claim begins with its CLP");
        let mut elements: Vec<&str> = clp.split('*').collect();
        elements[element] = value;
        *claim = format!("{}~{rest}", elements.join("*"));
        self
    }

    /// Adds a claim with CLP02 `status`.
    #[must_use]
    pub fn claim_with_status(
        mut self,
        number: &str,
        status: &str,
        patient: &str,
        lines: &[Line<'_>],
    ) -> Self {
        let charge: i64 = lines.iter().map(|line| line.charge).sum();
        let paid: i64 = lines.iter().map(|line| line.paid).sum();
        let patient_owes: i64 = lines
            .iter()
            .flat_map(|line| line.adjustments)
            .filter(|(group, ..)| *group == "PR")
            .map(|(_, _, cents)| cents)
            .sum();
        let mut text = format!(
            "CLP*{number}*{status}*{}*{}*{}*{}*ICN{number}*11*1~\
             NM1*QC*1*{patient}*TEST****MI*M{patient}~DTM*050*{}~",
            dollars(charge),
            dollars(paid),
            dollars(patient_owes),
            self.filing_indicator,
            self.paid_on,
        );
        for (at, line) in lines.iter().enumerate() {
            write!(
                text,
                "SVC*HC:9921{}*{}*{}**1~DTM*472*{}~",
                at % 5 + 1,
                dollars(line.charge),
                dollars(line.paid),
                self.served_on
            )
            .unwrap();
            for (group, carc, cents) in line.adjustments {
                write!(text, "CAS*{group}*{carc}*{}~", dollars(*cents)).unwrap();
            }
            write!(text, "REF*6R*{}~", at + 1).unwrap();
            for remark in line.remarks {
                write!(text, "LQ*HE*{remark}~").unwrap();
            }
        }
        self.segments += text.matches('~').count();
        self.paid += paid;
        self.claims.push(text);
        self
    }

    /// The file.
    #[must_use]
    pub fn x12(&self) -> Vec<u8> {
        let (on, paid) = (&self.paid_on, dollars(self.paid));
        let body = format!(
            "BPR*I*{paid}*C*ACH*CCP*01*999999999*DA*123456*{id}**01*999988880*DA*98765*{on}~\
             TRN*1*{trace}*{id}~DTM*405*{on}~N1*PR*{payer}~N3*1 PAYER WAY~N4*ALBANY*NY*12201~\
             REF*2U*{id}~PER*BL*EDI*TE*8005550100~N1*PE*TEST HOSPITAL*XX*{npi}~LX*1~",
            id = self.payer_id,
            trace = self.trace,
            payer = self.payer_name,
            npi = self.payee_npi,
        );
        let segments = body.matches('~').count() + self.segments + 2;
        format!(
            "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       *260101*1200*^*00501*000000001*0*P*:~\
             GS*HP*PAYER*PROVIDER*{on}*1200*1*X*005010X221A1~ST*835*0001~{body}{claims}{provider}SE*{segments}*0001~\
             GE*1*1~IEA*1*000000001~",
            claims = self.claims.concat(),
            provider = self.provider.concat(),
        )
        .into_bytes()
    }
}

fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

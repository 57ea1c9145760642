//! A remittance with what no dictionary decides: a code that only the payer knows, and a payment of
//! zero that nothing explains. The generator writes neither; real payers do.

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};

use super::groups::{DemoFacility, DemoGroup};
use super::remittances::{PAYERS, envelope, profile};

/// Days from the service to the remittance.
const SERVICE_DAYS: u64 = 21;
/// Behind the numbers of the generated files.
const CONTROL: u32 = 9_001;

/// The file of `facility`, paid on `paid_on`.
pub(crate) fn write(
    group: &DemoGroup,
    facility: &DemoFacility,
    paid_on: NaiveDate,
) -> Result<Vec<u8>> {
    let payer = profile(&PAYERS[0]);
    let service_on = paid_on.checked_sub_days(Days::new(SERVICE_DAYS));
    let service_on = service_on.context("the clock is before our era")?.format("%Y%m%d");
    let prefix = group.slug[..2].to_uppercase();
    let mut claims = Vec::new();
    let lines = [("29881:RT", 6_840, Some("CAS*CO*Q88*6840")), ("99285", 3_100, None)];
    for (at, (procedure, charge, adjustment)) in lines.into_iter().enumerate() {
        let (number, patient) = (format!("{prefix}90000{:02}", at + 1), 90_001 + at);
        claims.extend([
            format!("CLP*{number}*1*{charge}*0**{}*{}90000000{at:02}*13*1", payer.filing, payer.id),
            format!("NM1*QC*1*SYNTHETIC*PATIENT{patient}****MI*SYN{patient:08}"),
            format!("DTM*232*{service_on}"),
            format!("SVC*HC:{procedure}*{charge}*0**1"),
            format!("DTM*472*{service_on}"),
        ]);
        claims.extend(adjustment.map(str::to_owned));
        claims.push(format!("REF*6R*{number}L01"));
    }
    Ok(envelope(facility, &payer, paid_on, (CONTROL, 0), claims))
}

#[cfg(test)]
mod tests {
    use x12::FindingCode;

    use super::super::groups::GROUPS;
    use super::*;

    #[test]
    fn its_only_faults_are_the_ones_it_is_for() {
        let paid_on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let group = &GROUPS[0];
        let bytes = write(group, &group.facilities[0], paid_on).unwrap();
        let summary = x12::inspect::summary(&bytes);
        assert_eq!(
            (summary.claims, summary.adjustments, summary.unreadable_adjustments),
            (2, 1, 0)
        );
        let codes: Vec<FindingCode> = summary.findings.iter().map(|found| found.code).collect();
        assert_eq!(codes, [FindingCode::UnbalancedLine, FindingCode::UnbalancedClaim]);
        assert_eq!(bytes, write(group, &group.facilities[0], paid_on).unwrap());
    }
}

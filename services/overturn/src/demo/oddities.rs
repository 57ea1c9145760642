//! A remittance with what no dictionary decides: a code that only the payer knows, and a payment of
//! zero that nothing explains. The generator writes neither; real payers do.

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};

use super::groups::{DemoFacility, DemoGroup};
use super::remittances::{PAYERS, profile};

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
    let (day, short) = (paid_on.format("%Y%m%d"), paid_on.format("%y%m%d"));
    let prefix = group.slug[..2].to_uppercase();
    let mut transaction = vec![
        "ST*835*0001*005010X221A1".to_owned(),
        format!("BPR*I*0*C*NON************{day}"),
        format!("TRN*1*{}{CONTROL:06}00001*{}", payer.id, payer.originator),
        "REF*EV*SYNTHPROVIDER".to_owned(),
        format!("DTM*405*{day}"),
        format!("N1*PR*{}*XV*{}", payer.name, payer.id),
        "N3*1 SAMPLE WAY".to_owned(),
        "N4*EXAMPLE CITY*OH*450000000".to_owned(),
        "PER*BL*SAMPLE HELP DESK*TE*5550100".to_owned(),
        format!("N1*PE*{}*XX*{}", facility.name.to_uppercase(), facility.npi),
        format!("REF*TJ*{}", facility.tax_id),
        "LX*1".to_owned(),
    ];
    let lines = [("29881:RT", 6_840, Some("CAS*CO*Q88*6840")), ("99285", 3_100, None)];
    for (at, (procedure, charge, adjustment)) in lines.into_iter().enumerate() {
        let (number, patient) = (format!("{prefix}90000{:02}", at + 1), 90_001 + at);
        transaction.extend([
            format!("CLP*{number}*1*{charge}*0**{}*{}90000000{at:02}*13*1", payer.filing, payer.id),
            format!("NM1*QC*1*SYNTHETIC*PATIENT{patient}****MI*SYN{patient:08}"),
            format!("DTM*232*{service_on}"),
            format!("SVC*HC:{procedure}*{charge}*0**1"),
            format!("DTM*472*{service_on}"),
        ]);
        transaction.extend(adjustment.map(str::to_owned));
        transaction.push(format!("REF*6R*{number}L01"));
    }
    transaction.push(format!("SE*{}*0001", transaction.len() + 1));
    let mut file = format!(
        "ISA*00*          *00*          *ZZ*{:<15}*ZZ*{:<15}*{short}*1200*^*00501*{CONTROL:09}*0*P*\
         :~\nGS*HP*SYNTHPAYER*SYNTHPROVIDER*{day}*1200*{CONTROL}*X*005010X221A1~\n",
        "SYNTHPAYER", "SYNTHPROVIDER"
    );
    for segment in transaction {
        file.push_str(&segment);
        file.push_str("~\n");
    }
    file.push_str(&format!("GE*1*{CONTROL}~\nIEA*1*{CONTROL:09}~\n"));
    Ok(file.into_bytes())
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

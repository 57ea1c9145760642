use super::*;

#[test]
fn a_day_begins_with_its_first_instant_where_the_tenant_is() {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let at = |day, zone| begins(day, zone).unwrap().to_rfc3339();
    assert_eq!(at(day(2026, 12, 1), Tz::America__New_York), "2026-12-01T05:00:00+00:00");
    assert_eq!(at(day(2026, 7, 1), Tz::America__Los_Angeles), "2026-07-01T07:00:00+00:00");
    // Clocks went from 23:59:59 on to 01:00 there.
    assert_eq!(at(day(2018, 11, 4), Tz::America__Sao_Paulo), "2018-11-04T03:00:00+00:00");
}

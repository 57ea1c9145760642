use platform::rejection::{Rejection, Violations};

use super::*;

#[test]
fn an_npi_has_ten_digits_and_the_check_digit_of_its_prefixed_number() {
    // 1234567893 is the worked example of 45 CFR 162.406 (CMS, NPI check digit).
    for good in ["1234567893", "1245319599", "1992737647"] {
        assert!(is_npi(good), "{good}");
    }
    for digit in '0'..='9' {
        let npi = format!("123456789{digit}");
        assert_eq!(is_npi(&npi), digit == '3', "{npi}");
    }
    for bad in ["", "123456789", "12345678930", "123456789a", "0234567893", "3234567893"] {
        assert!(!is_npi(bad), "{bad}");
    }
}

#[test]
fn every_wrong_field_is_named_once() {
    let mut violations = Violations::default();
    slug(&mut violations, "slug", "Cardio");
    tenant_slug(&mut violations, "tenant", "9north");
    time_zone(&mut violations, "zone", "Chicago");
    email(&mut violations, "email", "no-at-sign");
    let twice = ["123456789".to_owned(), "123456789".to_owned(), "12-3456789".to_owned()];
    list(&mut violations, "tax_ids", &twice, 5, (is_tax_id, "must be nine digits"));
    ids(&mut violations, "team_ids", &["x".to_owned()], 5);
    let fault = violations.into_result().unwrap_err();
    let fields: Vec<&str> = fault.violations().iter().map(|v| v.field.as_str()).collect();
    let wanted = ["slug", "tenant", "zone", "email", "tax_ids[1]", "tax_ids[2]", "team_ids[0]"];
    assert_eq!(fields, wanted);
}

#[test]
fn what_is_right_passes() {
    let mut violations = Violations::default();
    slug(&mut violations, "slug", "cardiology.main-2");
    tenant_slug(&mut violations, "tenant", "north-field");
    time_zone(&mut violations, "zone", "America/Chicago");
    email(&mut violations, "email", "dana.o'neil@example.org");
    assert!(violations.into_result().is_ok());
    assert!(is_tax_id("123456789") && is_ccn("05T123") && !is_ccn("05t123"));
}

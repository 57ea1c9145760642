use proptest::prelude::*;

use crate::cell::{cents, day, rarcs, text, unless_empty};

#[test]
fn amounts_are_exact_or_none() {
    for (cell, wanted) in [
        ("0.01", 1),
        ("1234.5", 123_450),
        ("$1,234.50", 123_450),
        ("1,234,567", 123_456_700),
        ("12.", 1_200),
        ("9999999999.99", super::super::cell::CENTS_MAX),
        ("-3", -300),
    ] {
        assert_eq!(cents(cell), Ok(wanted), "{cell}");
    }
    for none in
        ["", "$", "1,23", "1234,567", ",123", "1.234", "1e3", "(12.00)", "12 USD", "1.2.3", "١"]
    {
        assert!(cents(none).is_err(), "{none}");
    }
    assert!(cents("10000000000").unwrap_err().contains("more than any claim"));
    assert_eq!((unless_empty(""), unless_empty("0")), (Ok(None), Ok(Some(0))));
}

#[test]
fn days_are_read_as_systems_write_them() {
    for cell in [
        "2026-06-01",
        "2026-6-1",
        "20260601",
        "6/1/2026",
        "06/01/2026",
        "2026-06-01 00:00:00.000",
        "2026-06-01T00:00:00",
        "6/1/2026 12:00:00 AM",
    ] {
        assert_eq!(day(cell).map(|day| day.to_string()).as_deref(), Ok("2026-06-01"), "{cell}");
    }
    for none in [
        "",
        "6/1/26",
        "2026-02-30",
        "13/1/2026",
        "1899-12-31",
        "2026/06/01",
        "2026-06-01 08:00:00",
        "2026-06",
        "45000",
        "2026-+6-01",
    ] {
        assert!(day(none).is_err(), "{none}");
    }
}

#[test]
fn codes_are_listed_by_blanks_or_bars() {
    let read: Vec<String> =
        rarcs(" n130|M62  N130 ").unwrap().into_iter().map(|code| code.to_string()).collect();
    assert_eq!(read, ["M62", "N130"]);
    assert!(rarcs("M62,N130").unwrap_err().contains("separate codes"));
    assert_eq!(rarcs(""), Ok(Vec::new()));
}

proptest! {
    #[test]
    fn an_amount_is_read_as_it_was_written(amount in 0..super::super::cell::CENTS_MAX) {
        let money = domain::money::Cents::new(amount);
        prop_assert_eq!(cents(&money.plain().to_string()), Ok(amount));
        prop_assert_eq!(cents(&money.to_string()), Ok(amount));
    }

    #[test]
    fn a_day_is_read_as_it_was_written(days in 0..60_000_i32) {
        let wanted = chrono::NaiveDate::from_num_days_from_ce_opt(693_961 + days).unwrap();
        for form in ["%Y-%m-%d", "%Y%m%d", "%m/%d/%Y"] {
            prop_assert_eq!(day(&wanted.format(form).to_string()), Ok(wanted));
        }
    }

    #[test]
    fn no_cell_panics(cell in "\\PC*") {
        cents(&cell).ok();
        day(&cell).ok();
        rarcs(&cell).ok();
        text(&cell, 10).ok();
    }
}

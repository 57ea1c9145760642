use super::{Amount, short_cents};

#[track_caller]
fn reads(text: &str, cents: i64) {
    assert_eq!(Amount::read(text.as_bytes()), Amount::Cents(cents), "{text}");
}

#[test]
fn cents_are_exact() {
    reads("0", 0);
    reads("12", 1_200);
    reads("12.5", 1_250);
    reads("12.50", 1_250);
    reads(".5", 50);
    reads("5.", 500);
    reads("-0.01", -1);
    reads("007.10", 710);
    reads(" 12.34 ", 1_234);
    reads("1234567890123456", 123_456_789_012_345_600);
    reads("123456789012345.67", 12_345_678_901_234_567);
}

#[test]
fn what_is_no_amount_keeps_its_text() {
    for text in ["amount", "1,000", "1e3", "1.234", "1.2.3", "-", ".", "--1", "+1", "12-", "$5"] {
        let raw = text.as_bytes();
        assert_eq!(Amount::read(raw), Amount::Unreadable(raw), "{text}");
    }
    let long = b"99999999999999999999999999";
    assert_eq!(Amount::read(long), Amount::Unreadable(long));
}

#[test]
fn a_blank_element_is_missing() {
    assert_eq!(Amount::read(b""), Amount::Missing);
    assert_eq!(Amount::read(b"   "), Amount::Missing);
}

#[test]
fn the_short_way_agrees_with_the_long_one() {
    let digits = ["0", "7", "12", "305", "9999", "12345", "654321", "1234567", "12345678"];
    for whole in digits {
        for text in [
            whole.to_owned(),
            format!("{whole}."),
            format!(".{whole}"),
            format!("{whole}.5"),
            format!("{whole}.05"),
            format!("{whole}.055"),
            format!("-{whole}"),
            format!("{whole}x"),
            format!("{whole}.5x"),
            format!(" {whole}"),
            format!("{whole}/1"),
            format!("{whole}:1"),
        ] {
            let padded = format!("99999999*{text}");
            let read = Amount::read(text.as_bytes()).cents();
            let short = short_cents(padded.as_bytes(), 9, padded.len());
            assert!(short.is_none() || short == read, "{text}: {short:?}");
            let plain = text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_digit());
            assert!(!plain || short.is_some(), "{text} is short");
        }
    }
}

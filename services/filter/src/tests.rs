use proptest::prelude::*;

use super::*;

#[test]
fn terms_are_read_with_words_and_quotes() {
    let read = terms(r#" state = OPEN AND due_on<=2026-12-31 AND payer != "Acme Health, Inc." "#);
    let read: Vec<_> = read.unwrap().into_iter().map(|t| (t.field, t.op, t.value)).collect();
    assert_eq!(
        read,
        [
            ("state".to_owned(), Op::Equal, "OPEN".to_owned()),
            ("due_on".to_owned(), Op::AtMost, "2026-12-31".to_owned()),
            ("payer".to_owned(), Op::NotEqual, "Acme Health, Inc.".to_owned()),
        ]
    );
    assert!(terms("").unwrap().is_empty());
}

#[test]
fn a_broken_filter_says_where() {
    for (text, complaint) in [
        ("state", "expected one of = != < <= > >= : at character 6"),
        ("= OPEN", "expected a field name at character 1"),
        ("state =", "expected a value at character 8"),
        ("a=1 OR b=2", "expected AND at character 7"),
        ("a=\"x", "the quote is never closed that opens at character 3"),
    ] {
        assert_eq!(terms(text).unwrap_err(), complaint, "{text}");
    }
    assert!(terms(&"a=1 AND ".repeat(12)).is_err());
    assert!(terms(&"x".repeat(2_000)).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        terms(&text).ok();
    }
}

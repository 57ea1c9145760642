use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

#[test]
fn keys_sort_by_utf16_code_units() {
    // RFC 8785, section 3.2.3: the emoji's first code unit (D83D) sorts before U+FB33.
    let text = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
    let wanted = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
    assert_eq!(recanonicalize(text).unwrap(), wanted);
}

#[test]
fn text_is_escaped_only_where_it_must_be() {
    let wanted = "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/\u{7f}\\b\\t\\f\\r\\u001f\"";
    let text = "\u{20ac}$\u{f}\nA'B\"\\\"/\u{7f}\u{8}\t\u{c}\r\u{1f}";
    assert_eq!(to_canonical(text).unwrap(), wanted);
}

#[test]
fn spaces_and_the_order_of_keys_do_not_matter() {
    let one = recanonicalize(" { \"b\" : [ 1 , { } ] , \"a\" : null } ").unwrap();
    assert_eq!(one, recanonicalize("{\"a\":null,\"b\":[1,{}]}").unwrap());
    assert_eq!(one, "{\"a\":null,\"b\":[1,{}]}");
}

#[test]
fn fractions_and_integers_a_double_cannot_hold_are_refused() {
    for text in
        ["1.5", "1e3", "-0.0", "9007199254740992", "-9007199254740992", "18446744073709551615"]
    {
        assert!(matches!(recanonicalize(text), Err(NotCanonical::Number(_))), "{text}");
    }
    assert_eq!(recanonicalize("-9007199254740991").unwrap(), "-9007199254740991");
}

#[test]
fn a_hash_reads_back_only_from_its_own_spelling() {
    // FIPS 180-2, appendix B.1.
    let hash = ContentHash::of("abc");
    let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hash.to_string(), text);
    assert_eq!(text.parse(), Ok(hash));
    assert_eq!(text.to_uppercase().parse::<ContentHash>(), Err(NotAHash));
    assert_eq!(text[1..].parse::<ContentHash>(), Err(NotAHash));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53) + 1..1 << 53).prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".*", inner, 0..6).prop_map(|fields| json!(fields)),
        ]
    })
}

proptest! {
    #[test]
    fn the_canonical_form_round_trips(value in any_json()) {
        let text = to_canonical(&value).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &value);
        prop_assert_eq!(recanonicalize(&text).unwrap(), text);
    }
}

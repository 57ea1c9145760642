use contracts::dictionary::v1::{PayerAlias, PayerAliasKind};

use super::*;

fn request() -> CreatePayerRequest {
    CreatePayerRequest {
        slug: "aetna".to_owned(),
        display_name: "Aetna".to_owned(),
        aliases: ["AETNA", "Aetna "].map(named).to_vec(),
        ..CreatePayerRequest::default()
    }
}

fn named(value: &str) -> PayerAlias {
    PayerAlias { kind: PayerAliasKind::Name.into(), value: value.to_owned() }
}

#[test]
fn the_same_alias_twice_is_one_alias() {
    assert_eq!(NewPayer::try_from(request()).unwrap().aliases.len(), 1);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let wrong = CreatePayerRequest {
        slug: "Not A Slug".to_owned(),
        display_name: String::new(),
        aliases: vec![named("AETNA"), PayerAlias { kind: 0, value: "X".to_owned() }],
        line_of_business: 99,
        network: -1,
        time_zone: "Ohio/Columbus".to_owned(),
        request_id: String::new(),
    };
    let Err(Fault::Invalid(violations)) = NewPayer::try_from(wrong) else { panic!("accepted") };
    let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
    let expected =
        ["slug", "display_name", "aliases[1].kind", "line_of_business", "network", "time_zone"];
    assert_eq!(fields, expected);
}

#[test]
fn a_slug_never_looks_like_an_id() {
    let slug = "0190b2c3-1111-7222-8333-444455556666".to_owned();
    assert!(NewPayer::try_from(CreatePayerRequest { slug, ..request() }).is_err());
}

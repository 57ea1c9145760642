use super::*;

const AETNA: Uuid = Uuid::from_u128(1);
const CIGNA: Uuid = Uuid::from_u128(2);

fn alias(kind: AliasKind, value: &str) -> Alias {
    Alias { kind, value: value.to_owned() }
}

fn owned(payer: Uuid, kind: AliasKind, value: &str) -> OwnedAlias {
    OwnedAlias { alias: alias(kind, value), payer }
}

#[test]
fn a_number_counts_more_than_any_name() {
    let stated = [alias(AliasKind::PayerId, "60054"), alias(AliasKind::Name, "CIGNA")];
    let known = [owned(AETNA, AliasKind::PayerId, "60054"), owned(CIGNA, AliasKind::Name, "Cigna")];
    let by = alias(AliasKind::PayerId, "60054");
    let expected = Matched::One { payer: AETNA, by, others: vec![CIGNA] };
    assert_eq!(matched(&stated, &known), expected);
}

#[test]
fn two_payers_that_fit_equally_are_no_match() {
    let stated = [alias(AliasKind::PayerId, "60054"), alias(AliasKind::Naic, "12345")];
    let known = [owned(AETNA, AliasKind::PayerId, "60054"), owned(CIGNA, AliasKind::Naic, "12345")];
    assert_eq!(matched(&stated, &known), Matched::NoneOrSeveral(vec![AETNA, CIGNA]));
}

#[test]
fn nothing_known_matches_nothing() {
    assert_eq!(matched(&[alias(AliasKind::Name, "X")], &[]), Matched::NoneOrSeveral(Vec::new()));
}

#[test]
fn a_like_name_is_a_guess_and_an_unlike_one_is_not() {
    let stated = [alias(AliasKind::Name, "AETNA HEALTH PLANS")];
    let aliases = [owned(AETNA, AliasKind::Name, "AETNA HEALTH")];
    let displayed = [(CIGNA, "Cigna".to_owned())];
    assert_eq!(alike(&stated, &aliases, &displayed), [AETNA]);
}

#[test]
fn a_remittance_states_one_to_twenty_aliases() {
    let message = |value: usize| contracts::dictionary::v1::PayerAlias {
        kind: contracts::dictionary::v1::PayerAliasKind::Name.into(),
        value: value.to_string(),
    };
    let of =
        |count: usize| stated(MatchPayerRequest { aliases: (0..count).map(message).collect() });
    assert!(of(0).is_err());
    assert_eq!(of(20).unwrap().len(), 20);
    assert!(of(21).is_err());
}

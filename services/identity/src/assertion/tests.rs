use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_780_000_000;
const AUDIENCE: &str = "https://overturn.example/oauth2/token";

struct Client {
    pair: Ed25519KeyPair,
    key: PublicKey,
}

fn client() -> Client {
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x }).to_string();
    let key = PublicKey::from_jwk(Algorithm::EdDsa, &jwk).unwrap();
    Client { pair, key }
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "kid": "k1", "typ": "JWT" })
}

fn claims() -> Value {
    json!({ "iss": "app", "sub": "app", "aud": AUDIENCE, "exp": NOW + 300, "jti": "one" })
}

impl Client {
    fn signs(&self, header: &Value, claims: &str) -> String {
        let head = URL_SAFE_NO_PAD.encode(header.to_string());
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    fn believed(&self, text: &str) -> Option<Believed> {
        self.check(&Assertion::read(text)?).ok()
    }

    fn check(&self, assertion: &Assertion<'_>) -> Result<Believed, Disbelief> {
        let now = DateTime::from_timestamp(NOW, 0).unwrap();
        assertion.check(Algorithm::EdDsa, &self.key, AUDIENCE, now)
    }
}

#[test]
fn a_fresh_assertion_of_the_registered_key_is_believed() {
    let client = client();
    let text = client.signs(&header(), &claims().to_string());
    assert_eq!(client.believed(&text).unwrap().jti, "one");
}

#[test]
fn one_wrong_claim_is_enough() {
    let client = client();
    let wrong: [(&str, Value); 18] = [
        ("iss", json!("other")),
        ("iss", json!(["app"])),
        ("sub", json!("other")),
        ("aud", json!("https://elsewhere.example/token")),
        ("aud", json!([AUDIENCE])),
        ("aud", json!([AUDIENCE, "https://elsewhere.example"])),
        ("aud", json!(format!("{AUDIENCE}/"))),
        ("exp", json!(NOW - 5)),
        ("exp", json!(NOW + 306)),
        ("exp", json!(i64::MAX)),
        ("exp", json!((NOW + 300).to_string())),
        ("exp", json!(1.5)),
        ("nbf", json!(NOW + 6)),
        ("nbf", json!("0")),
        ("iat", json!(NOW + 6)),
        ("jti", json!("")),
        ("jti", json!("j".repeat(257))),
        ("jti", json!(7)),
    ];
    for (name, value) in wrong {
        let mut claims = claims();
        claims[name] = value;
        let text = client.signs(&header(), &claims.to_string());
        assert!(client.believed(&text).is_none(), "{name}: {}", claims[name]);
    }
    for name in ["iss", "sub", "aud", "exp", "jti"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert!(client.believed(&client.signs(&header(), &claims.to_string())).is_none(), "{name}");
    }
    let twice = claims().to_string().replacen('{', r#"{"sub":"app","#, 1);
    assert!(client.believed(&client.signs(&header(), &twice)).is_none(), "a repeated claim");
}

#[test]
fn the_header_chooses_nothing() {
    let client = client();
    let wrong: [(&str, Value); 9] = [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("RS384")),
        ("alg", json!("eddsa")),
        ("typ", json!("at+jwt")),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("jwk", json!({ "kty": "OKP" })),
        ("x5u", json!("https://elsewhere.example/key")),
    ];
    for (name, value) in wrong {
        let mut header = header();
        header[name] = value;
        let text = client.signs(&header, &claims().to_string());
        assert!(client.believed(&text).is_none(), "{header}");
    }
}

#[test]
fn a_changed_cut_or_foreign_signature_is_not_believed() {
    let client = client();
    let text = client.signs(&header(), &claims().to_string());
    let (signed, _) = text.rsplit_once('.').unwrap();
    let (head, body) = signed.split_once('.').unwrap();
    let changed = URL_SAFE_NO_PAD.encode(claims().to_string().replace("one", "two"));
    let foreign = super::tests::client().signs(&header(), &claims().to_string());
    let (_, signature) = text.rsplit_once('.').unwrap();
    let spoiled = [
        String::new(),
        signed.to_owned(),
        format!("{signed}."),
        format!("{head}.{changed}.{signature}"),
        format!("{head}.{body}.{signature}.{signature}"),
        format!("{text}="),
        text[..text.len() - 2].to_owned(),
        foreign,
        "a".repeat(9_000),
    ];
    for text in spoiled {
        assert!(client.believed(&text).is_none(), "{text}");
    }
}

#[test]
fn the_log_can_tell_what_was_wrong() {
    let client = client();
    let wrong = [
        ("aud", json!("https://overturn.example"), Disbelief::Audience),
        ("iss", json!("other"), Disbelief::Issuer),
        ("exp", json!(NOW - 5), Disbelief::Time),
        ("jti", json!(""), Disbelief::Id),
    ];
    for (name, value, why) in wrong {
        let mut claims = claims();
        claims[name] = value;
        let text = client.signs(&header(), &claims.to_string());
        assert_eq!(client.check(&Assertion::read(&text).unwrap()), Err(why));
        // Of what another key signed nothing is said but that.
        let foreign = super::tests::client().signs(&header(), &claims.to_string());
        let foreign = client.check(&Assertion::read(&foreign).unwrap());
        assert_eq!(foreign, Err(Disbelief::Signature));
    }
}

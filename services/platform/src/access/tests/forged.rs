use aws_lc_rs::{hmac, signature::Ed25519KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::*;

type Json = Map<String, Value>;

/// Writes tokens that our signer would not.
struct Forger {
    key: Ed25519KeyPair,
    header: Json,
    claims: Json,
}

impl Forger {
    fn new(bench: &Bench) -> Self {
        let key = Ed25519KeyPair::from_pkcs8(&bench.pkcs8).unwrap();
        let kid = bench.signer.public_key().kid();
        let header = json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid });
        let claims = serde_json::to_value(bench.claims(&["specialist"], "")).unwrap();
        let object = |value: Value| value.as_object().unwrap().clone();
        Self { key, header: object(header), claims: object(claims) }
    }

    fn sign(&self, header: &str, claims: &str) -> String {
        let text = format!("{}.{}", encode(header), encode(claims));
        let signature = self.key.sign(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    /// The good token, with one header member set, or removed by null.
    fn header(&self, name: &str, value: Value) -> String {
        let header = changed(&self.header, name, value);
        self.sign(&header.to_string(), &json!(self.claims).to_string())
    }

    /// The good token, with one claim set, or removed by null.
    fn claim(&self, name: &str, value: Value) -> String {
        let claims = changed(&self.claims, name, value);
        self.sign(&json!(self.header).to_string(), &claims.to_string())
    }

    fn good(&self) -> String {
        self.sign(&json!(self.header).to_string(), &json!(self.claims).to_string())
    }
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn changed(object: &Json, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    if value.is_null() {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

/// Wrong headers: another algorithm, another kind of token, a key from elsewhere.
fn headers(forger: &Forger) -> Vec<(String, String)> {
    let other = Signer::from_pkcs8(&generate_signing_key()).unwrap();
    let mut list = vec![
        ("kid of another key", forger.header("kid", json!(other.public_key().kid()))),
        ("numeric kid", forger.header("kid", json!(7))),
        ("embedded jwk", forger.header("jwk", json!(other.public_key().jwk().x))),
        ("critical extension", forger.header("crit", json!(["exp"]))),
        ("certificate chain", forger.header("x5c", json!(["AAAA"]))),
        ("content type", forger.header("cty", json!("JWT"))),
        ("compressed", forger.header("zip", json!("DEF"))),
        ("unencoded payload", forger.header("b64", json!(false))),
    ]
    .into_iter()
    .map(|(name, token)| (name.to_owned(), token))
    .collect::<Vec<_>>();
    for name in ["typ", "alg", "kid"] {
        list.push((format!("header without {name}"), forger.header(name, Value::Null)));
    }
    for alg in ["none", "None", "NONE", "HS256", "HS512", "RS256", "ES256", "PS256", "eddsa", ""] {
        list.push((format!("alg {alg}"), forger.header("alg", json!(alg))));
    }
    for typ in ["JWT", "jwt", "AT+JWT", "application/at+jwt", "id+jwt", "client-authentication+jwt"]
    {
        list.push((format!("typ {typ}"), forger.header("typ", json!(typ))));
    }
    for kid in ["", "../../keys/1", "' OR 1=1 --", "https://evil.test/k", &"k".repeat(65)] {
        list.push((format!("kid {kid}"), forger.header("kid", json!(kid))));
    }
    for url in ["jku", "x5u"] {
        let evil = json!("https://evil.test/jwks.json");
        list.push((format!("header {url}"), forger.header(url, evil)));
    }
    list
}

/// Wrong claims: missing, of another kind, for somebody else, at another time.
fn claims(forger: &Forger, now: i64) -> Vec<(String, String)> {
    let mut list = Vec::new();
    for name in
        ["iss", "aud", "sub", "client_id", "jti", "iat", "nbf", "exp", "tid", "roles", "scope"]
    {
        list.push((format!("no {name}"), forger.claim(name, Value::Null)));
    }
    for name in ["iat", "nbf", "exp"] {
        let text = forger.claims[name].to_string();
        list.push((format!("{name} as text"), forger.claim(name, json!(text))));
        let fraction = json!(forger.claims[name].as_f64().unwrap() + 0.5);
        list.push((format!("{name} as a fraction"), forger.claim(name, fraction)));
    }
    let one = |name: &str, value: Value| {
        (format!("{name} = {}", value.to_string().chars().take(40).collect::<String>()), {
            forger.claim(name, value)
        })
    };
    list.extend([
        one("iss", json!("https://evil.test")),
        one("iss", json!([ISSUER])),
        one("aud", json!("somebody-else")),
        one("aud", json!([AUDIENCE])),
        one("aud", json!([AUDIENCE, "somebody-else"])),
        one("sub", json!(7)),
        one("sub", json!("")),
        one("sub", json!("s".repeat(257))),
        one("client_id", json!("  ")),
        one("jti", json!("")),
        one("tid", json!("not-a-uuid")),
        one("tid", json!(["a", "b"])),
        one("roles", json!("specialist")),
        one("roles", json!(["root"])),
        one("roles", json!(["SPECIALIST"])),
        one("roles", json!(["unspecified"])),
        one("scope", json!(["routing.get_denial"])),
        one("admin", json!(true)),
        one("cnf", json!({ "jkt": "x" })),
        one("exp", json!(now - 6)),
        one("exp", json!(now + 600)),
        one("exp", json!(i64::MAX)),
        one("exp", json!(0)),
        one("exp", json!(-1)),
        one("nbf", json!(now + 60)),
        one("iat", json!(now + 60)),
        one("iat", json!(now - 3_600)),
        one("iat", json!(i64::MIN)),
    ]);
    list
}

/// Wrong bytes: cut, doubled, re-signed, or no token at all.
fn bytes(forger: &Forger, bench: &Bench) -> Vec<(String, String)> {
    let good = forger.good();
    let (unsigned, signature) = good.rsplit_once('.').unwrap();
    let header = json!(forger.header).to_string();
    let text = json!(forger.claims).to_string();
    let public = &bench.signer.public_key().jwk().x;
    let hs256 = format!(
        "{}.{}",
        encode(&changed(&forger.header, "alg", json!("HS256")).to_string()),
        encode(&text)
    );
    let secret = hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes());
    let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&secret, hs256.as_bytes()));
    let twice = |name: &str| {
        let again = json!({ name: forger.claims[name].clone() }).to_string();
        format!("{},{}", text.trim_end_matches('}'), again.trim_start_matches('{'))
    };
    let stranger = Signer::from_pkcs8(&generate_signing_key()).unwrap();
    let other = bench.token(&["team_lead"], "");
    let foreign = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
    let none =
        format!("{}.{}.", encode(r#"{"typ":"at+jwt","alg":"none","kid":"x"}"#), encode(&text));
    [
        ("nothing", String::new()),
        ("a word", "token".to_owned()),
        ("dots", "..".to_owned()),
        ("two parts", unsigned.to_owned()),
        ("four parts", format!("{good}.{signature}")),
        ("no signature", format!("{unsigned}.")),
        ("half a signature", format!("{unsigned}.{}", &signature[..40])),
        ("zero signature", format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
        ("signature of another token", foreign),
        ("signed by a stranger", stranger.sign(&bench.claims(&["specialist"], ""))),
        ("none without a signature", none),
        ("public key as a shared secret", format!("{hs256}.{tag}")),
        ("aud twice", forger.sign(&header, &twice("aud"))),
        ("tid twice", forger.sign(&header, &twice("tid"))),
        ("roles twice", forger.sign(&header, &twice("roles"))),
        ("kid twice", forger.sign(&header.replacen('{', r#"{"kid":"x","#, 1), &text)),
        ("claims are a list", forger.sign(&header, "[]")),
        ("claims are no JSON", forger.sign(&header, "{")),
        ("header is no JSON", forger.sign("{", &text)),
        ("padded", format!("{good}==")),
        ("a megabyte", format!("{good}{}", "A".repeat(1 << 20))),
        ("blank inside", good.replacen('.', ". ", 1)),
    ]
    .into_iter()
    .map(|(name, token)| (name.to_owned(), token))
    .collect()
}

#[tokio::test]
async fn every_forged_token_gets_the_same_refusal() {
    let bench = Bench::new().await;
    let forger = Forger::new(&bench);
    let now = bench.clock.now().timestamp();
    let mut forged = headers(&forger);
    forged.extend(claims(&forger, now));
    forged.extend(bytes(&forger, &bench));
    assert!(forged.len() >= 60, "only {} tokens", forged.len());
    let verifier = bench.verifier();
    // The control: the same forger's honest work gets in.
    assert_eq!(verifier.verify(&forger.good()).await.unwrap().sub, "user-1");
    let expected = verifier.verify("").await.unwrap_err();
    assert_eq!(expected.code(), Code::Unauthenticated);
    for (name, token) in forged {
        let refused = verifier.verify(&token).await.expect_err(&name);
        assert_eq!(refused.code(), expected.code(), "{name}");
        assert_eq!(refused.message(), expected.message(), "{name}");
        assert_eq!(refused.details(), expected.details(), "{name}");
    }
}

#[tokio::test]
async fn a_token_is_good_from_nbf_to_exp_and_five_seconds_around() {
    let bench = Bench::new().await;
    let verifier = bench.verifier();
    let token = bench.token(&["specialist"], "");
    for (move_by, good) in [(-6, false), (2, true), (4, true), (299, true), (4, true), (3, false)] {
        bench.clock.advance(chrono::TimeDelta::seconds(move_by));
        let verdict = verifier.verify(&token).await.is_ok();
        let at = bench.clock.now() - noon();
        assert_eq!(verdict, good, "{at}: a remembered token must be checked anew");
    }
}

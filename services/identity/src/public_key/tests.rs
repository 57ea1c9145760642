use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn pem(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

fn same_from_both(algorithm: Algorithm, jwk: &str, der: &[u8]) -> PublicKey {
    let key = PublicKey::from_jwk(algorithm, jwk).unwrap();
    assert_eq!(PublicKey::from_pem(algorithm, &pem(der)).unwrap(), key);
    assert_eq!(PublicKey::from_jwk(algorithm, &key.to_jwk("k")).unwrap(), key);
    key
}

#[test]
fn an_ed25519_key_reads_alike_from_jwk_and_pem_and_checks_signatures() {
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = pair.public_key().as_ref();
    let jwk = serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(x) }).to_string();
    let der = [&[0x30, 42, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 33, 0], x].concat();
    let key = same_from_both(Algorithm::EdDsa, &jwk, &der);
    let signature = pair.sign(b"content");
    assert!(key.verifies(b"content", signature.as_ref()));
    assert!(!key.verifies(b"Content", signature.as_ref()));
}

#[test]
fn a_p384_key_reads_alike_from_jwk_and_pem_and_checks_signatures() {
    let pair = EcdsaKeyPair::generate(&signature::ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let point = pair.public_key().as_ref();
    let jwk = serde_json::json!({
        "kty": "EC", "crv": "P-384", "x": encode(&point[1..49]), "y": encode(&point[49..]),
    })
    .to_string();
    let head = [
        0x30, 118, 0x30, 16, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0,
        0x22, 3, 98, 0,
    ];
    let key = same_from_both(Algorithm::Es384, &jwk, &[&head, point].concat());
    let signature = pair.sign(&SystemRandom::new(), b"content").unwrap();
    assert!(key.verifies(b"content", signature.as_ref()));
    assert!(!key.verifies(b"content", &signature.as_ref()[1..]));
    assert_eq!(PublicKey::from_jwk(Algorithm::Es256, &jwk), Err(Unacceptable::Weak));
}

#[test]
fn an_rsa_key_reads_alike_from_jwk_and_pem_and_checks_signatures() {
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::rsa::KeySize;
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = pair.public_key();
    let n = encode(public.modulus().big_endian_without_leading_zero());
    let e = encode(public.exponent().big_endian_without_leading_zero());
    let jwk = serde_json::json!({ "kty": "RSA", "n": n, "e": e, "alg": "RS384" }).to_string();
    let der: PublicKeyX509Der<'_> = public.as_der().unwrap();
    let key = same_from_both(Algorithm::Rs384, &jwk, der.as_ref());
    let mut signature = vec![0; public.modulus_len()];
    let random = SystemRandom::new();
    pair.sign(&signature::RSA_PKCS1_SHA384, &random, b"content", &mut signature).unwrap();
    assert!(key.verifies(b"content", &signature));
    pair.sign(&signature::RSA_PKCS1_SHA256, &random, b"content", &mut signature).unwrap();
    assert!(!key.verifies(b"content", &signature), "the key's algorithm decides, not the signer");
    assert_eq!(PublicKey::from_jwk(Algorithm::Rs256, &jwk), Err(Unacceptable::Weak));
}

#[test]
fn a_private_part_is_refused_and_not_stripped() {
    let x = encode(Ed25519KeyPair::generate().unwrap().public_key().as_ref());
    let jwk = serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "d": x }).to_string();
    assert_eq!(PublicKey::from_jwk(Algorithm::EdDsa, &jwk), Err(Unacceptable::Private));
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    assert_eq!(PublicKey::from_pem(Algorithm::EdDsa, pem), Err(Unacceptable::Private));
}

#[test]
fn short_symmetric_and_malformed_keys_are_weak() {
    let short = encode(&[0xff; 128]);
    let off_curve = encode(&[7; 48]);
    let even = encode(&[0xfe; 256]);
    let cases = [
        (Algorithm::Rs384, serde_json::json!({ "kty": "RSA", "n": short, "e": "AQAB" })),
        (Algorithm::Rs384, serde_json::json!({ "kty": "RSA", "n": even, "e": "AQAB" })),
        (
            Algorithm::Rs384,
            serde_json::json!({ "kty": "RSA", "n": encode(&[0xff; 256]), "e": "Aw" }),
        ),
        (
            Algorithm::Es384,
            serde_json::json!({ "kty": "EC", "crv": "P-384", "x": off_curve, "y": off_curve }),
        ),
        (Algorithm::EdDsa, serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA" })),
        (Algorithm::EdDsa, serde_json::json!([])),
    ];
    for (algorithm, jwk) in cases {
        let read = PublicKey::from_jwk(algorithm, &jwk.to_string());
        assert_eq!(read, Err(Unacceptable::Weak), "{jwk}");
    }
    let secret = serde_json::json!({ "kty": "oct", "k": "c2VjcmV0" }).to_string();
    assert_eq!(PublicKey::from_jwk(Algorithm::EdDsa, &secret), Err(Unacceptable::Private));
    assert!(Algorithm::named("HS256").is_none() && Algorithm::named("none").is_none());
}

#[test]
fn no_cut_of_a_der_key_is_read_or_breaks_the_reader() {
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = pair.public_key().as_ref();
    let der = [&[0x30, 42, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 33, 0], x].concat();
    for end in 0..der.len() {
        for algorithm in Algorithm::ALL {
            assert!(PublicKey::from_pem(algorithm, &pem(&der[..end])).is_err());
        }
    }
    let longer = [der.as_slice(), &[0]].concat();
    assert!(PublicKey::from_pem(Algorithm::EdDsa, &pem(&longer)).is_err());
}

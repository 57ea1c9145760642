use super::*;

#[test]
fn a_secret_opens_only_for_its_purpose_and_unchanged() {
    let keys = Keys::from_master(&[7; 32]);
    let sealed = keys.seal("signing key", b"secret");
    assert_eq!(keys.open("signing key", &sealed).unwrap(), b"secret");
    assert!(keys.open("webhook", &sealed).is_err());
    assert!(Keys::from_master(&[8; 32]).open("signing key", &sealed).is_err());
    for at in 0..sealed.len() {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        assert!(keys.open("signing key", &bent).is_err(), "byte {at}");
    }
}

#[test]
fn a_created_key_file_is_read_back_and_a_short_one_refused() {
    let dir = std::env::temp_dir().join(format!("overturn-keys-{}", crate::ids::new()));
    std::fs::create_dir(&dir).unwrap();
    let path = dir.join("master.key");
    let first = Keys::load_or_create(&path).unwrap();
    let again = Keys::load_or_create(&path).unwrap();
    assert_eq!(again.open("p", &first.seal("p", b"x")).unwrap(), b"x");
    std::fs::write(&path, b"short").unwrap();
    assert!(matches!(Keys::load_or_create(&path), Err(KeyError::Length)));
    std::fs::remove_dir_all(dir).unwrap();
}

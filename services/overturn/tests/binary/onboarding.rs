use serde_json::json;

use crate::running::{Folder, Server, assert_private, overturn};

#[test]
fn an_empty_database_takes_its_first_tenant_aboard() {
    let folder = Folder::new();
    let server = Server::serve(folder.path());
    let token = |user: &str| {
        let ran = overturn(folder.path(), &["token", "--user", user]).ok();
        ran.out.trim().to_owned()
    };
    let tenant = json!({
        "slug": "north",
        "displayName": "North Hospitals",
        "timeZone": "America/Chicago",
        "adminEmail": "ada@north.example",
        "adminDisplayName": "Ada",
    });
    let (code, answer) = server.call("identity", "CreateTenant", &token("operator"), &tenant);
    assert_eq!(code, 200, "{answer}");
    let admin = token("ada@north.example");
    let (code, answer) = server.call("identity", "ListTeams", &admin, &json!({}));
    assert_eq!(code, 200, "{answer}");
    // The administrator is no operator.
    assert_eq!(server.call("identity", "CreateTenant", &admin, &tenant).0, 403);
    let nobody = overturn(folder.path(), &["token", "--user", "eve@north.example"]);
    assert!(!nobody.status.success() && nobody.err.contains("no active user"), "{nobody:?}");
    assert!(assert_private(folder.path()) >= 2, "database and key");
}

#[test]
fn a_token_is_not_signed_beside_the_database() {
    let folder = Folder::new();
    let ran = overturn(folder.path(), &["token", "--user", "operator"]);
    assert!(!ran.status.success() && ran.err.contains("no database at overturn.db"), "{ran:?}");
    let ran = overturn(folder.path(), &["token", "--user", "operator", "--data", "else"]);
    assert!(!ran.status.success() && ran.err.contains("/else/overturn.db"), "{ran:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    std::fs::create_dir(folder.path().join("data")).unwrap();
    folder.file("data/overturn.db", "");
    folder.file("overturn.db", "");
    let ran = overturn(folder.path(), &["token", "--user", "operator"]);
    assert!(!ran.status.success() && ran.err.contains("`--data data`"), "{ran:?}");
}

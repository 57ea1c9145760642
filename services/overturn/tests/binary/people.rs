//! What only a running demo shows: uploads, and the way of a partner application.

use std::path::Path;
use std::process::Command;

use crate::demo::copy_of_the_demo;
use crate::running::{BINARY, Folder, Ran, Server, overturn, run};

const ADMIN: &str = "ada@lakeside.example";

fn token(folder: &Path, data: &str, user: &str) -> String {
    let ran = overturn(folder, &["token", "--user", user, "--data", data]).ok();
    ran.out.trim().to_owned()
}

#[test]
fn uploads_go_on_after_a_refusal_and_say_what_became_of_each() {
    let folder = Folder::new();
    copy_of_the_demo(&folder.path().join("data"));
    let server = Server::demo(folder.path(), "data");
    let token = token(folder.path(), "data", ADMIN);
    let upload = |arguments: &[&str]| -> Ran {
        let start = ["remit", "upload", "--server", &server.url(), "--token", &token];
        overturn(folder.path(), &[&start[..], arguments].concat())
    };
    let generate = |seed: &str, name: &str| {
        let claims = ["era", "generate", "--claims", "12", "--seed", seed, "--out", name];
        overturn(folder.path(), &claims).ok();
    };
    generate("5", "live.835");
    generate("6", "past.835");
    folder.file("empty.835", "");
    folder.file("bad\tname.835", "ISA");
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    let ran = upload(&["inbox", "none.835", "bad\tname.835", "empty.835", "live.835"]);
    assert!(!ran.status.success(), "{ran:?}");
    assert!(ran.out.starts_with("live.835: posted; 12 claims, "), "{ran:?}");
    assert_eq!(ran.out.matches("(s)").count(), 0, "{ran:?}");
    for words in [
        "inbox is a folder",
        "cannot read none.835",
        "\n  header.file_name: holds a control character",
        "empty.835 was refused",
        "error: 4 files not taken in",
    ] {
        assert!(ran.err.contains(words), "{words}: {ran:?}");
    }
    let past = upload(&["--history", "past.835"]).ok();
    assert!(past.out.contains("past.835: posted; 12 claims"), "{past:?}");
    let again = upload(&["past.835"]).ok();
    let words = "past.835: was posted before as HISTORY, which opens no work items; sending it as \
                 LIVE changed nothing; ";
    assert!(again.out.starts_with(words), "{again:?}");
}

/// README's example, as pasted, but for the address, the folder and the path of the binary.
#[test]
fn the_example_of_a_partner_application_works_as_pasted() {
    for tool in [&["curl", "--version"][..], &["openssl", "version"]] {
        if Command::new(tool[0]).args(&tool[1..]).output().is_err() {
            // A machine without them cannot follow the example either.
            println!("not tried: {} is not installed", tool[0]);
            return;
        }
    }
    let readme = include_str!("../../../../README.md");
    let example = readme.split_once("\n### A partner application").unwrap().1;
    let example = example.split_once("```sh\n").unwrap().1.split_once("```").unwrap().0;
    let folder = Folder::new();
    copy_of_the_demo(&folder.path().join("data"));
    let server = Server::demo(folder.path(), "data");
    let mine = example
        .replace("http://127.0.0.1:8080", &server.url())
        .replace("target/release/overturn", BINARY);
    assert_ne!(mine, example);
    let sh = |script: &str| {
        let mut shell = Command::new("sh");
        run(shell.args(["-euc", script]).current_dir(folder.path()))
    };
    let ran = sh(&mine).ok();
    assert!(ran.out.contains("\"workItems\""), "{ran:?}");
    // Another audience: the client hears nothing of it, the log does.
    let ran = sh(&mine.replace("/oauth2/token\",\"exp\"", "\",\"exp\""));
    assert!(!ran.out.contains("\"workItems\""), "{ran:?}");
    assert!(server.said().contains("aud is not this token endpoint"), "{}", server.said());
}

/// The lines that the demo prints, with a blank in the path.
#[test]
fn the_printed_calls_work_from_any_folder() {
    let folder = Folder::new();
    copy_of_the_demo(&folder.path().join("my data"));
    let server = Server::demo(folder.path(), "my data");
    let said = server.said();
    let call = said.split_once("Bearer $(").unwrap().1.split_once(")\"").unwrap().0;
    let mut shell = Command::new("sh");
    let ran = run(shell.args(["-euc", call]).current_dir(folder.path())).ok();
    let list = serde_json::json!({ "pageSize": 1 });
    let (code, answer) = server.call("routing", "ListWorkItems", ran.out.trim(), &list);
    assert_eq!(code, 200, "{answer}");
}

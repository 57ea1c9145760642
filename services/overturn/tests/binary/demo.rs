use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::running::{assert_private, overturn};

/// The demo, once: its folder, which stays for others to copy, and what it printed.
struct Shown {
    folder: PathBuf,
    text: String,
    err: String,
}

static SHOWN: LazyLock<Shown> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    // A file that is there already is no reason to leave the token readable.
    std::fs::write(folder.join("token"), "").unwrap();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.join("token"), open).unwrap();
    let ran = overturn(&folder, &["demo", "--once", "--token-file", "token"]).ok();
    Shown { folder, text: ran.out, err: ran.err }
});

/// Puts the data of a demo at `to`.
pub(crate) fn copy_of_the_demo(to: &Path) {
    copy(&SHOWN.folder.join("data"), to);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn what_the_demo_makes_is_its_users_alone() {
    assert!(assert_private(&SHOWN.folder.join("data")) > 10, "database, key, originals");
    for name in ["data", "token"] {
        let mode = SHOWN.folder.join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
    }
}

#[test]
fn the_worklist_reads_well() {
    let text = &SHOWN.text;
    assert_eq!(SHOWN.err, "", "nothing went wrong, and no bar without a terminal");
    for words in [
        "Points: expected dollars an hour times urgency",
        ", EXCEPTION: unknown code\n     codes     CO-Q88\n     owner     Exceptions\n     \
         next      exception review: ",
        ", EXCEPTION: unexplained zero payment\n     codes     none\n",
        "     deadline  look at it by ",
        "     next      corrected claim: ",
        " points: $",
        ", counted from the ",
        " days left, America/New_York) for ",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("codes      "), "no code without a name: {text}");
    let words: Vec<&str> = text.split_whitespace().collect();
    let digits =
        |text: &str, at: &[usize]| at.iter().all(|at| text.as_bytes()[*at].is_ascii_digit());
    let iso = |word: &&&str| word.len() >= 10 && digits(word, &[0, 1, 2, 3, 5, 6, 8, 9]);
    let iso: Vec<_> = words.iter().filter(|word| word.is_ascii()).filter(iso).collect();
    assert!(iso.is_empty(), "dates are MM/DD/YYYY: {iso:?}");
}

use crate::none;
use crate::tree::{files, rust};

/// Names that say nothing about what is inside.
const EMPTY: [&str; 8] = ["utils", "util", "common", "core", "shared", "helpers", "types", "misc"];

#[test]
fn no_name_is_a_grab_bag() {
    let findings: Vec<String> = files()
        .iter()
        .filter(|file| {
            file.path.split('/').any(|part| {
                let stem = part.split('.').next().unwrap_or(part);
                EMPTY.contains(&stem)
            })
        })
        .map(|file| file.path.clone())
        .collect();
    none(&findings, "name these after what they hold:");
}

#[test]
fn crates_are_named_after_their_folder() {
    let findings: Vec<String> = files()
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml") && !file.path.starts_with("tests/fuzz"))
        .filter_map(|file| {
            let folder = file.path.rsplit('/').nth(1)?;
            let named = file.text.lines().any(|line| line == format!("name = \"{folder}\""));
            (!named).then(|| file.path.clone())
        })
        .collect();
    none(&findings, "a crate has its folder's name:");
}

#[test]
fn nothing_waits_for_later_in_silence() {
    let words = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "XX".to_owned() + "X"];
    let findings: Vec<String> = rust()
        .iter()
        .filter(|file| words.iter().any(|word| file.text.contains(word.as_str())))
        .map(|file| file.path.clone())
        .collect();
    none(&findings, "finish it, or file an issue and say what holds today:");
}

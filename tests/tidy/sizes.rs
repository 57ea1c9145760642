use crate::none;
use crate::tree::{is_test, rust};

#[test]
fn a_file_fits_a_head() {
    let long = |limit: usize, wanted: &dyn Fn(&str) -> bool| -> Vec<String> {
        rust()
            .iter()
            .filter(|file| wanted(&file.path))
            .map(|file| (file.text.lines().count(), &file.path))
            .filter(|(lines, _)| *lines > limit)
            .map(|(lines, path)| format!("{path}: {lines} lines, at most {limit}"))
            .collect()
    };
    let mut findings = long(500, &|_| true);
    findings.extend(long(150, &|path| path.starts_with("services/") && path.ends_with("/lib.rs")));
    findings.extend(long(80, &|path| path.ends_with("/src/main.rs")));
    none(&findings, "split these files by what they are about:");
}

#[test]
fn a_line_fits_a_screen() {
    let findings: Vec<String> = rust()
        .iter()
        // A test's fixture may be one long literal.
        .filter(|file| !is_test(&file.path))
        .flat_map(|file| {
            file.text.lines().enumerate().filter(|(_, line)| line.chars().count() > 100).map(
                |(at, line)| format!("{}:{}: {} columns", file.path, at + 1, line.chars().count()),
            )
        })
        .collect();
    none(&findings, "break these lines at 100 columns:");
}

/// Lines of code, without blank lines and comments.
#[test]
fn a_crate_fits_a_week() {
    let mut lines = std::collections::BTreeMap::<String, usize>::new();
    for file in rust() {
        let mut parts = file.path.split('/');
        if let (Some("services"), Some(name), Some("src")) =
            (parts.next(), parts.next(), parts.next())
            && !file.path.contains("/tests")
        {
            let code = |line: &&str| !line.is_empty() && !line.starts_with("//");
            *lines.entry(name.to_owned()).or_default() +=
                file.text.lines().map(str::trim_start).filter(code).count();
        }
    }
    // Everything depends on the platform: it has to stay the smaller.
    let limit = |name: &str| match name {
        "platform" => 5_000,
        // Beyond it since take-backs and the feed of appeals: what a file's survey finds (routing) and
        // how a committee is kept (dictionary) are the next to become crates of their own.
        "routing" | "dictionary" => 6_400,
        _ => 6_000,
    };
    let findings: Vec<String> = lines
        .into_iter()
        .filter(|(name, lines)| *lines >= limit(name))
        .map(|(name, lines)| format!("{name}: {lines} lines of code, below {}", limit(&name)))
        .collect();
    none(&findings, "split these crates by concern, or take something out of the platform:");
}

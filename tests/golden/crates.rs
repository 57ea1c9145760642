use std::process::Command;

use serde_json::Value;

/// A new arrow between our crates is a decision; this makes it a visible diff.
#[test]
fn the_crate_graph_is_what_the_architecture_says() {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo describes the workspace");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: Vec<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let mut lines: Vec<String> = packages
        .iter()
        .map(|package| {
            let mut needs: Vec<&str> = package["dependencies"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|need| need["kind"].is_null())
                .filter_map(|need| need["name"].as_str())
                .filter(|name| ours.contains(name))
                .collect();
            needs.sort_unstable();
            format!("{} -> {}", package["name"].as_str().unwrap(), needs.join(" "))
        })
        .collect();
    lines.sort();
    crate::golden!("crate_graph", lines.join("\n"));
}

use std::collections::BTreeSet;

use crate::none;
use crate::tree::{File, files, is_test, rust};

/// Product code outside `platform`, which is where these doors are made.
fn services() -> Vec<File> {
    rust()
        .into_iter()
        .filter(|file| file.path.starts_with("services/") && !is_test(&file.path))
        .filter(|file| !file.path.starts_with("services/platform/"))
        .collect()
}

fn mentioning(needles: &[&str]) -> BTreeSet<String> {
    services()
        .into_iter()
        .filter(|file| {
            file.text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .any(|line| needles.iter().any(|needle| line.contains(needle)))
        })
        .map(|file| file.path)
        .collect()
}

#[test]
fn work_across_tenants_is_counted() {
    // A new name here is a new place where one tenant's rows could meet another's: think, then add.
    let allowed: BTreeSet<String> = include_str!("across_tenants.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let found = mentioning(&[".operate(", ".operate_read(", "on_duty", "OperatorTx", ".errand("]);
    assert_eq!(found, allowed, "tests/tidy/across_tenants.txt lists every file that does so");
}

#[test]
fn no_service_writes_sql() {
    let findings: Vec<String> = mentioning(&[
        "execute_unprepared",
        "from_sql_and_values",
        "from_string(",
        "Expr::cust",
        "sqlx::query",
        "DatabaseConnection",
        "DatabaseTransaction",
    ])
    .into_iter()
    .collect();
    none(&findings, "queries are built from entities inside `store`, on a TenantTx:");
}

#[test]
fn services_are_siblings() {
    let names = ["identity", "dictionary", "routing", "appeals", "reporting", "gateway"];
    let findings: Vec<String> = files()
        .iter()
        .filter(|file| names.iter().any(|name| file.path == format!("services/{name}/Cargo.toml")))
        .flat_map(|file| {
            names
                .iter()
                .filter(|name| file.text.contains(&format!("\n{name}.workspace")))
                .map(|name| format!("{} depends on {name}", file.path))
                .collect::<Vec<_>>()
        })
        .collect();
    none(&findings, "services reach each other through contracts and platform::wire:");
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let roots = ["/wo".to_owned() + "rk/", "/ro".to_owned() + "ot/", "/ho".to_owned() + "me/"];
    let findings: Vec<String> = files()
        .iter()
        .filter(|file| !file.path.ends_with(".lock"))
        .filter(|file| roots.iter().any(|root| file.text.contains(root.as_str())))
        .map(|file| file.path.clone())
        .collect();
    none(&findings, "paths are relative to the project, or asked of the environment:");
}

use std::collections::BTreeMap;
use std::fmt::Write as _;

use contracts::access::v1::Role;
use platform::access::{Method, Policy};

fn ours(policy: &Policy) -> BTreeMap<&str, &Method> {
    policy.methods().into_iter().filter(|(path, _)| path.starts_with("/overturn.")).collect()
}

/// Who may call what: a reviewer sees every change of it as a diff.
#[test]
fn the_role_by_rpc_matrix() {
    let policy = Policy::load().unwrap();
    let mut text = String::new();
    for (path, method) in ours(&policy) {
        let rule = method.rule.as_ref().unwrap_or_else(|| panic!("{path} has no rule"));
        let mut roles: Vec<&str> =
            rule.roles.iter().map(|role| role.as_str_name().trim_start_matches("ROLE_")).collect();
        roles.sort_unstable();
        let who = if rule.anonymous { "anyone".to_owned() } else { roles.join(" ") };
        let when = if rule.planned.is_empty() { "" } else { " (planned)" };
        writeln!(text, "{path}{when}: {}", who.to_lowercase()).unwrap();
    }
    crate::golden!("access_matrix", text);
}

#[test]
fn every_role_can_call_something_and_no_method_is_open_by_accident() {
    let policy = Policy::load().unwrap();
    let methods = ours(&policy);
    for role in (1..).map_while(|number| Role::try_from(number).ok()) {
        let some = methods.values().filter_map(|method| method.rule.as_ref());
        assert!(some.into_iter().any(|rule| rule.roles.contains(&role)), "{}", role.as_str_name());
    }
    let open: Vec<&str> = methods
        .iter()
        .filter(|(_, method)| {
            method.rule.as_ref().is_some_and(|rule| rule.anonymous && rule.planned.is_empty())
        })
        .map(|(path, _)| *path)
        .collect();
    assert_eq!(
        open,
        [
            "/overturn.identity.v1.IdentityService/GetKeySet",
            "/overturn.identity.v1.IdentityService/IssueToken"
        ]
    );
}

/// What answers UNIMPLEMENTED is no secret: ARCHITECTURE.md lists it.
#[test]
fn the_architecture_lists_what_is_planned() {
    let policy = Policy::load().unwrap();
    let architecture = include_str!("../../ARCHITECTURE.md");
    let (_, listed) = architecture.split_once("## Not built yet").expect("the section is there");
    let missing: Vec<String> = ours(&policy)
        .iter()
        .filter_map(|(path, method)| {
            let planned = !method.rule.as_ref()?.planned.is_empty();
            let (service, name) = (path.split('.').nth(1)?, path.rsplit('/').next()?);
            let (_, section) = listed.split_once(&format!("**{service}**"))?;
            let section = section.split("\n**").next()?;
            (planned != section.contains(&format!("`{name}`"))).then(|| (*path).to_owned())
        })
        .collect();
    assert!(
        missing.is_empty(),
        "the section lists exactly the planned RPCs:\n{}",
        missing.join("\n")
    );
}

use yaml_rust2::{Yaml, YamlLoader};

fn compose() -> Yaml {
    let text = include_str!("../../deploy/compose.yaml");
    YamlLoader::load_from_str(text).expect("compose.yaml is YAML").remove(0)
}

#[test]
fn every_service_of_the_product_is_deployed() {
    let compose = compose();
    for service in ["identity", "dictionary", "routing", "appeals", "reporting", "gateway"] {
        let command = &compose["services"][service]["command"];
        let words: Vec<&str> = command.as_vec().unwrap().iter().filter_map(Yaml::as_str).collect();
        assert_eq!(words, ["serve", service]);
    }
    for server in ["postgres", "redis", "migrate"] {
        assert!(compose["services"][server].as_hash().is_some(), "{server}");
    }
}

#[test]
fn no_secret_stands_in_the_deployment() {
    for line in include_str!("../../deploy/compose.yaml").lines() {
        if line.contains("PASSWORD:") || line.contains("://overturn") {
            assert!(line.contains("${"), "{line}");
        }
    }
}

#[test]
fn the_image_runs_the_one_binary_without_root() {
    let file = include_str!("../../deploy/Containerfile");
    let last = |word: &str| file.lines().rfind(|line| line.starts_with(word)).map(str::to_owned);
    assert_eq!(last("ENTRYPOINT").as_deref(), Some(r#"ENTRYPOINT ["overturn"]"#));
    assert_eq!(last("USER").as_deref(), Some("USER 10001"));
    assert!(file.contains("cargo build --locked --profile dist --package overturn"));
}

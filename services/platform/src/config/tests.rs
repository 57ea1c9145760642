use super::*;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(default)]
struct Routing {
    originals: String,
    workers: u32,
}

impl Default for Routing {
    fn default() -> Self {
        Self { originals: "originals".to_owned(), workers: 4 }
    }
}

fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    Settings::parse(text, environment)
}

fn unknown(result: Result<Settings, ConfigError>) -> (String, String) {
    match result.unwrap_err() {
        ConfigError::Unknown(given, meant) => (given, meant),
        other => panic!("{other}"),
    }
}

#[test]
fn the_environment_lies_over_the_file_and_the_file_over_defaults() {
    let file = "[server]\nlisten = \"0.0.0.0:1\"\nmax_connections = 7\n";
    let settings = parse(file, &[("OVERTURN_SERVER__LISTEN", "0.0.0.0:2")]).unwrap();
    assert_eq!(settings.server.listen, "0.0.0.0:2");
    assert_eq!(settings.server.max_connections, 7);
    assert_eq!(settings.server.max_header_bytes, ServerSettings::default().max_header_bytes);
}

#[test]
fn an_environment_value_is_a_number_a_boolean_or_text() {
    let environment = [
        ("OVERTURN_SERVER__MAX_CONNECTIONS", "12"),
        ("OVERTURN_TELEMETRY__JSON", "true"),
        ("OVERTURN_DATABASE__URL", "postgres://u:p@h/n?sslmode=require"),
        ("OVERTURN_PEERS__ROUTING", "http://routing:8080"),
        ("OVERTURN_TELEMETRY__LEVEL", "\"info\""),
        ("OVERTURN_ACCESS__AUDIENCE", "2026-06-15"),
    ];
    let settings = parse("", &environment).unwrap();
    assert_eq!(settings.server.max_connections, 12);
    assert!(settings.telemetry.json);
    assert_eq!(settings.database.url, "postgres://u:p@h/n?sslmode=require");
    assert_eq!(settings.peers["routing"], "http://routing:8080");
    assert_eq!(settings.telemetry.level, "info");
    assert_eq!(settings.access.audience, "2026-06-15");
}

#[test]
fn a_misspelt_name_is_refused_with_the_nearest_known_one() {
    let given = |text: &str| unknown(parse(text, &[]));
    assert_eq!(given("[sever]\n"), ("sever".to_owned(), "server".to_owned()));
    let key = given("[server]\nmax_conections = 1\n");
    assert_eq!(key, ("server.max_conections".to_owned(), "server.max_connections".to_owned()));
    let peer = given("[peers]\nruoting = \"http://x\"\n");
    assert_eq!(peer, ("peers.ruoting".to_owned(), "peers.routing".to_owned()));
    let by_environment = parse("", &[("OVERTURN_SERVER__LISTN", "x")]);
    assert_eq!(unknown(by_environment).1, "server.listen");
}

#[test]
fn variables_of_others_are_not_ours_to_judge() {
    let environment = [
        ("OVERTURN_PORT_5432_TCP", "tcp://10.0.0.1"),
        ("OVERTURN_SERVICE_HOST", "x"),
        ("PATH", "/bin"),
        ("OVERTURN_", ""),
    ];
    assert!(parse("", &environment).is_ok());
}

#[test]
fn a_service_section_has_the_services_own_defaults_and_keys() {
    let settings = parse("[routing]\nworkers = 9\n", &[]).unwrap();
    let routing: Routing = settings.service("routing").unwrap();
    assert_eq!(routing, Routing { workers: 9, ..Routing::default() });
    assert_eq!(settings.service::<Routing>("appeals").unwrap(), Routing::default());
    let misspelt = parse("[routing]\nworker = 9\n", &[]).unwrap();
    let error = misspelt.service::<Routing>("routing").unwrap_err().to_string();
    assert_eq!(error, "unknown option `routing.worker`; did you mean `routing.workers`?");
}

#[test]
fn a_wrong_value_names_its_section_and_never_quotes_itself() {
    let error = parse("[database]\nconnections = \"hunter2\"\n", &[]).unwrap_err().to_string();
    assert!(error.starts_with("option section [database]"), "{error}");
    assert!(parse("server = 1", &[]).is_err());
    assert!(parse("= broken", &[]).is_err());
}

#[test]
fn secrets_are_never_printed() {
    let settings = parse(
        "[database]\nurl = \"postgres://u:hunter2@h/n\"\n[cache]\nurl = \"redis://:hunter2@h\"\n\
         [identity]\npepper = \"hunter2\"\n",
        &[],
    )
    .unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn code_can_set_what_a_file_would() {
    let mut settings = Settings::default();
    settings.set("routing", "workers", 2);
    assert_eq!(settings.service::<Routing>("routing").unwrap().workers, 2);
}

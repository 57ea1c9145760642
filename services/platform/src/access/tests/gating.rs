use tonic_types::StatusExt;

use super::*;

fn reason(status: &Status) -> String {
    status.get_error_details().error_info().unwrap().reason.clone()
}

fn every_role() -> Vec<Role> {
    (1..).map_while(|number| Role::try_from(number).ok()).collect()
}

#[tokio::test]
async fn every_method_is_for_its_roles_alone() {
    let bench = Bench::new().await;
    let policy = Policy::load().unwrap();
    let (mut allowed, mut denied) = (0, 0);
    for (path, method) in policy.methods() {
        let rule = method.rule.as_ref().unwrap_or_else(|| panic!("{path} has no rule"));
        let anonymous = bench.call(path, None).await.status;
        if rule.anonymous {
            let expected = if rule.planned.is_empty() { Code::Ok } else { Code::Unimplemented };
            assert_eq!(anonymous.code(), expected, "{path}");
            continue;
        }
        assert_eq!(reason(&anonymous), "UNAUTHENTICATED", "{path}");
        for role in every_role() {
            let token = bench.token(&[&role_name(role)], &rule.permission);
            let status = bench.call(path, Some(&token)).await.status;
            let granted = rule.roles.contains(&role);
            if !granted {
                assert_eq!(reason(&status), "PERMISSION_DENIED", "{path} {role:?}");
                denied += 1;
            } else if rule.planned.is_empty() {
                assert_eq!(status.code(), Code::Ok, "{path} {role:?}");
                allowed += 1;
            } else {
                assert_eq!(reason(&status), "PLANNED", "{path} {role:?}");
                assert_eq!(status.message(), rule.planned, "{path}");
            }
        }
    }
    assert!(allowed > 50 && denied > 50, "{allowed} allowed, {denied} denied");
    let reached = bench.reached.load(Ordering::Relaxed);
    let methods = policy.methods();
    let open = methods.values().filter(|method| {
        method.rule.as_ref().is_some_and(|rule| rule.anonymous && rule.planned.is_empty())
    });
    assert_eq!(reached, allowed + open.count(), "nobody else reached a handler");
}

#[tokio::test]
async fn a_partner_needs_the_permission_among_its_scopes() {
    let bench = Bench::new().await;
    let with = bench.token(&["partner"], "routing.list_denials routing.get_denial");
    assert_eq!(bench.call(GET_DENIAL, Some(&with)).await.status.code(), Code::Ok);
    for scope in ["", "routing", "routing.get_denials", "ROUTING.GET_DENIAL"] {
        let without = bench.token(&["partner"], scope);
        let status = bench.call(GET_DENIAL, Some(&without)).await.status;
        assert_eq!(reason(&status), "PERMISSION_DENIED", "{scope}");
    }
}

#[tokio::test]
async fn odd_paths_name_no_method() {
    let bench = Bench::new().await;
    let token = bench.token(&["specialist"], "");
    assert_eq!(bench.call(GET_DENIAL, Some(&token)).await.status.code(), Code::Ok);
    for path in [
        "/",
        "//overturn.routing.v1.RoutingService/GetDenial",
        "/overturn.routing.v1.RoutingService//GetDenial",
        "/overturn.routing.v1.RoutingService/GetDenial/",
        "/overturn.routing.v1.RoutingService/getDenial",
        "/overturn.routing.v1.RoutingService/Get%44enial",
        "/overturn.routing.v1.RoutingService%2fGetDenial",
        "/Overturn.Routing.V1.RoutingService/GetDenial",
        "/x/../overturn.routing.v1.RoutingService/GetDenial",
        "/overturn.routing.v1.RoutingService/GetDenial;x=1",
        "/overturn.routing.v1.RoutingService/",
        "/GetDenial",
    ] {
        let status = bench.call(path, Some(&token)).await.status;
        assert_eq!(reason(&status), "UNKNOWN_METHOD", "{path}");
        assert_eq!(status.code(), Code::Unimplemented, "{path}");
    }
    assert_eq!(bench.reached.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn credentials_come_once_and_as_a_bearer_token() {
    let bench = Bench::new().await;
    let token = bench.token(&["specialist"], "");
    let with = |values: &[String]| {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = GET_DENIAL.parse().unwrap();
        for value in values {
            request.headers_mut().append("authorization", value.parse().unwrap());
        }
        request
    };
    let bearer = format!("Bearer {token}");
    assert_eq!(bench.send(with(std::slice::from_ref(&bearer))).await.status.code(), Code::Ok);
    for values in [
        vec![format!("Basic {token}")],
        vec![token.clone()],
        vec![format!("Bearer  {token}")],
        vec![format!("Bearer\t{token}")],
        vec![bearer.clone(), bearer.clone()],
        vec![bearer, "Bearer other".to_owned()],
    ] {
        let status = bench.send(with(&values)).await.status;
        assert_eq!(reason(&status), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn a_smuggled_caller_is_removed() {
    let bench = Bench::new().await;
    let forged = Caller::on_duty(TenantId::from_uuid(bench.tenant), "tests.forged");
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = GET_DENIAL.parse().unwrap();
    request.extensions_mut().insert(forged.clone());
    assert_eq!(bench.send(request).await.status.code(), Code::Unauthenticated);
    // Nor does it reach a method that asks for no caller at all.
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = "/overturn.identity.v1.IdentityService/GetKeySet".parse().unwrap();
    request.extensions_mut().insert(forged);
    request.extensions_mut().insert(Smuggled("on-duty"));
    assert_eq!(bench.send(request).await.status.code(), Code::Ok);
    assert_eq!(bench.reached.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_denial_is_recorded_under_the_caller() {
    let bench = Bench::new().await;
    let token = bench.token(&["operator"], "");
    let status = bench.call(GET_DENIAL, Some(&token)).await.status;
    assert_eq!(reason(&status), "PERMISSION_DENIED");
    let trail = bench.trail().await;
    assert_eq!(trail.len(), 1);
    assert_eq!(trail[0].kind, "denial");
    let who = (trail[0].actor.as_str(), trail[0].client.as_str());
    assert_eq!(who, ("user-1", "client-1"));
    assert_eq!((trail[0].rpc.as_str(), trail[0].request.as_str()), (GET_DENIAL, "r-1"));
}

#[tokio::test]
async fn a_call_in_a_callers_name_takes_its_token_and_time_along_and_nothing_else() {
    let bench = Bench::new().await;
    let token = bench.token(&["specialist"], "");
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = GET_DENIAL.parse().unwrap();
    let bearer = format!("Bearer {token}");
    request.headers_mut().insert("authorization", bearer.parse().unwrap());
    request.headers_mut().insert("x-request-id", "r-9".parse().unwrap());
    request.headers_mut().insert("x-else", "private".parse().unwrap());
    let at = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    request.extensions_mut().insert(Deadline(at));
    assert_eq!(bench.send(request).await.status.code(), Code::Ok);
    let caller = bench.last.lock().unwrap().clone().unwrap();

    let heard: Arc<Mutex<Option<http::request::Parts>>> = Arc::default();
    let (hears, methods) = (heard.clone(), Arc::new(OnceLock::new()));
    let peer = service_fn(move |request: Request<Body>| {
        *hears.lock().unwrap() = Some(request.into_parts().0);
        async { Ok::<_, Infallible>(Response::new(Body::empty())) }
    });
    assert!(methods.set(BoxCloneSyncService::new(peer)).is_ok());
    let wire = crate::wire::Wire::in_process(methods);
    let mut call = Request::new(Body::empty());
    call.extensions_mut().insert(caller.clone());
    wire.as_caller(&caller).oneshot(call).await.unwrap();
    let parts = heard.lock().unwrap().take().unwrap();
    assert_eq!(parts.headers["authorization"], bearer);
    assert_eq!(parts.headers["x-request-id"], "r-9");
    assert!(parts.extensions.get::<Caller>().is_none());
    assert!(!parts.headers.contains_key("x-else"));
    let left = parts.headers["grpc-timeout"].to_str().unwrap().trim_end_matches('m');
    assert!((10_000..=20_000).contains(&left.parse::<u64>().unwrap()), "{left}");

    wire.oneshot(Request::new(Body::empty())).await.unwrap();
    let parts = heard.lock().unwrap().take().unwrap();
    assert!(!parts.headers.contains_key("authorization"), "nothing goes along unasked");
}

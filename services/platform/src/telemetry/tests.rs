use super::*;

#[test]
fn the_crates_that_carry_our_bytes_stay_quiet_at_any_level() {
    for level in ["trace", "h2=trace", "sqlx=trace,info", "debug,hyper=trace"] {
        let said = filter(level).unwrap().to_string();
        for name in QUIET {
            assert!(said.contains(&format!("{name}=warn")), "{level}: {said}");
            assert!(!said.contains(&format!("{name}=trace")), "{level}: {said}");
        }
    }
    assert!(filter("no=such=level").is_err());
}

#[test]
fn a_trace_goes_from_head_to_head_only_when_there_is_one() {
    let mut headers = HeaderMap::new();
    inject(&mut headers);
    assert!(!headers.contains_key("traceparent"));
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    headers.insert("traceparent", HeaderValue::from_static(parent));
    let context = TraceContextPropagator::new().extract(&Headers(&headers));
    let mut passed = HeaderMap::new();
    TraceContextPropagator::new().inject_context(&context, &mut HeadersMut(&mut passed));
    assert_eq!(passed["traceparent"], parent);
}

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde_json::Value;
use tests::{Answer, Group, NewGroup, World, call};
use tonic::Code;

const PATH: &str = "/overturn.routing.v1.RoutingService/ListWorkItems";

#[tokio::test]
async fn nobody_calls_anything_without_a_token() {
    let world = World::new().await;
    for (path, rule) in super::methods() {
        let answer = call(&world.wire(), &path, None, &[]).await;
        if !rule.anonymous {
            assert_eq!(answer.code, Code::Unauthenticated, "{path}");
        }
    }
    let open = "/overturn.identity.v1.IdentityService/GetKeySet";
    assert_eq!(call(&world.wire(), open, None, &[]).await.code, Code::Ok, "the control");
}

fn part(token: &str, at: usize) -> Value {
    let part = token.split('.').nth(at).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The token with header and claims edited, and its signature as it was.
fn bent(token: &str, edit: impl Fn(&mut Value, &mut Value)) -> String {
    let (mut header, mut claims) = (part(token, 0), part(token, 1));
    edit(&mut header, &mut claims);
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = token.rsplit('.').next().unwrap();
    format!("{}.{}.{signature}", text(&header), text(&claims))
}

#[tokio::test]
async fn a_spoiled_token_is_refused_and_the_refusals_are_alike() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.everyone(&world).await;
    assert_eq!(call(&world.wire(), PATH, Some(&token), &[]).await.code, Code::Ok);
    assert_eq!(part(&token, 0)["typ"], "at+jwt");
    assert_eq!(part(&token, 0)["alg"], "EdDSA");
    let foreign = World::new().await;
    let abroad = Group::board(&foreign, &NewGroup::new("north", "1234567893")).await;
    let spoiled = [
        String::new(),
        "x".to_owned(),
        "a.b.c".to_owned(),
        "x".repeat(1 << 20),
        token.rsplit_once('.').unwrap().0.to_owned(),
        format!("{}.", token.rsplit_once('.').unwrap().0),
        bent(&token, |header, _| header["alg"] = "none".into()),
        bent(&token, |header, _| header["kid"] = "nobody".into()),
        bent(&token, |_, claims| claims["tid"] = tests::id().into()),
        bent(&token, |_, claims| claims["roles"] = serde_json::json!(["operator"])),
        bent(&token, |_, claims| claims["exp"] = 9_999_999_999_u64.into()),
        // Signed by another installation: same issuer, same audience, another key.
        abroad.everyone(&foreign).await,
    ];
    let answers: Vec<Answer> = {
        let mut answers = Vec::new();
        for token in &spoiled {
            answers.push(call(&world.wire(), PATH, Some(token), &[]).await);
        }
        answers
    };
    for (token, answer) in spoiled.iter().zip(&answers) {
        let shown = &token[..token.len().min(60)];
        assert_eq!(answer.code, Code::Unauthenticated, "{shown}");
        assert_eq!(answer, &answers[0], "{shown}");
    }
}

#[tokio::test]
async fn a_token_ends_after_five_minutes() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.everyone(&world).await;
    let claims = part(&token, 1);
    let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!(life <= 300, "{life} seconds");
    world.clock().advance(TimeDelta::seconds(life - 1));
    assert_eq!(call(&world.wire(), PATH, Some(&token), &[]).await.code, Code::Ok);
    world.clock().advance(TimeDelta::seconds(10));
    let answer = call(&world.wire(), PATH, Some(&token), &[]).await;
    assert_eq!(answer.code, Code::Unauthenticated);
}

//! Answers of a model, whole and broken in every way: each is shown for what it is, after one request.

mod common;

use common::misbehaving::{Request, Scene, Server};
use recipes::client::llm::{Answer, POLICY, ask};
use sse_wire::client::Policy;

const QUESTION: &str = r#"{"stream":true,"messages":[]}"#;

/// Asks once, and returns the text and how it ended.
async fn run(scene: Scene, policy: Policy) -> (String, Answer) {
    let server = Server::start(vec![scene]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let question = client.post(server.url()).header("content-type", "application/json").body(QUESTION);
    let mut text = String::new();
    let answer = ask(question, policy, |piece| text += piece).await;
    // Not on this thread, for here reqwest closes its connections.
    let requests = tokio::task::spawn_blocking(|| server.requests()).await.unwrap();
    let requests: Vec<Request> = requests.into_iter().map(|(request, _)| request).collect();
    assert_eq!(requests, [Request::ours("POST", None, QUESTION)]);
    (text, answer)
}

macro_rules! deltas {
    ($($end:literal)*) => {
        concat!(
            "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n: keep-alive\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"lo\"}}]}\n\n",
            $($end)*
        )
        .as_bytes()
    };
}

#[tokio::test]
async fn a_whole_answer() {
    let (text, answer) = run(Scene::Stream(deltas!("data: [DONE]\n\n")), POLICY).await;
    assert!(matches!(answer, Answer::Done), "{answer:?}");
    assert_eq!(text, "Hello");
}

#[tokio::test]
async fn an_end_without_done() {
    let (text, answer) = run(Scene::Stream(deltas!("")), POLICY).await;
    assert!(matches!(answer, Answer::Ended), "{answer:?}");
    assert_eq!(text, "Hello");
}

#[tokio::test]
async fn an_end_without_the_last_blank_line() {
    let (text, answer) = run(Scene::Stream(deltas!("data: [DONE]\n")), POLICY).await;
    assert!(matches!(&answer, Answer::CutOff(data) if data == "[DONE]"), "{answer:?}");
    assert_eq!(text, "Hello");
}

#[tokio::test]
async fn a_connection_that_breaks() {
    let (text, answer) = run(Scene::CutOff(deltas!("data: {\"cho")), POLICY).await;
    assert!(matches!(answer, Answer::Network(_)), "{answer:?}");
    assert_eq!(text, "Hello");
    let (text, answer) = run(Scene::HangUp, POLICY).await;
    assert!(matches!(answer, Answer::Network(_)), "{answer:?}");
    assert_eq!(text, "");
}

#[tokio::test]
async fn an_error_in_the_stream() {
    let stream = deltas!("event: error\ndata: {\"type\":\"overloaded_error\"}\n\n");
    let (text, answer) = run(Scene::Stream(stream), POLICY).await;
    assert!(matches!(&answer, Answer::Failed(data) if data == r#"{"type":"overloaded_error"}"#), "{answer:?}");
    assert_eq!(text, "Hello");
    let (_, answer) = run(Scene::Stream(b"data: {\"error\":{\"message\":\"no\"}}\n\n"), POLICY).await;
    assert!(matches!(&answer, Answer::Failed(data) if data.contains("no")), "{answer:?}");
}

#[tokio::test]
async fn an_error_instead_of_a_stream() {
    let reply = Scene::Reply("429 Too Many Requests\r\nContent-Type: application/json", b"{\"error\":\"quota\"}");
    let (text, answer) = run(reply, POLICY).await;
    assert!(matches!(&answer, Answer::Refused(429, body) if body == "{\"error\":\"quota\"}"), "{answer:?}");
    assert_eq!(text, "");
    let (_, answer) = run(Scene::Reply("200 OK\r\nContent-Type: application/json", b"{}"), POLICY).await;
    assert!(matches!(&answer, Answer::Refused(200, body) if body == "{}"), "{answer:?}");
}

#[tokio::test]
async fn a_silence() {
    assert_eq!(POLICY, Policy::ONCE.silence(60_000));
    for scene in [Scene::NoAnswer, Scene::Silent(deltas!("data: {"))] {
        let (text, answer) = run(scene, Policy::ONCE.silence(300)).await;
        assert!(matches!(answer, Answer::Silent), "{answer:?}");
        assert_eq!(text, if matches!(scene, Scene::NoAnswer) { "" } else { "Hello" });
    }
}

#[tokio::test]
async fn an_event_that_is_too_large() {
    let huge = Box::leak(format!("data: {}\n\n", "x".repeat((1 << 20) + 1)).into_bytes().into_boxed_slice());
    let (_, answer) = run(Scene::Stream(huge), POLICY).await;
    assert!(matches!(answer, Answer::TooLarge), "{answer:?}");
}

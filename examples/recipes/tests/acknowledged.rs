//! A queue that dies with events in it: with acknowledged IDs nothing is lost, and without them something is.

mod common;

use common::misbehaving::{Scene, Server};
use sse_wire::client::{Closed, EventSource, Policy};
use sse_wire::{BoxedEvent, Growing};
use std::sync::Mutex;
use tokio::sync::mpsc::{Receiver, channel};

const POLICY: Policy = Policy::RESILIENT.retry(10).retry_min(10).spread_max(0);

/// Seven events, on two connections. The second one begins where the client asks it to.
const ALL: &[u8] =
    b"id: 1\ndata: 1\n\nid: 2\ndata: 2\n\nid: 3\ndata: 3\n\nid: 4\ndata: 4\n\nid: 5\ndata: 5\n\nid: 6\ndata: 6\n\n";
const FROM_3: &[u8] = b"id: 3\ndata: 3\n\nid: 4\ndata: 4\n\nid: 5\ndata: 5\n\nid: 6\ndata: 6\n\nid: 7\ndata: 7\n\n";
const FROM_5: &[u8] = b"id: 5\ndata: 5\n\nid: 6\ndata: 6\n\nid: 7\ndata: 7\n\n";

/// Deals with events: writes them down, and then says which ID is done. With `dies_after`, it dies with the queue after that
/// number of events.
async fn work(
    mut queue: Receiver<BoxedEvent>,
    dies_after: Option<usize>,
    book: &Mutex<Vec<String>>,
    done: &Mutex<String>,
) {
    let mut count = 0;
    while dies_after.is_none_or(|limit| count < limit)
        && let Some(event) = queue.recv().await
    {
        book.lock().unwrap().push(event.data().to_str().unwrap().to_owned());
        *done.lock().unwrap() = event.last_event_id().to_str().unwrap().to_owned();
        count += 1;
    }
}

/// Follows with a queue that dies after two events, and then with another one. Returns what was dealt with, and the IDs
/// that were asked for.
async fn run(scenes: Vec<Scene>, acknowledges: bool) -> (Vec<String>, Vec<Option<String>>) {
    let server = Server::start(scenes);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut source = EventSource::new(POLICY, Growing::new(1 << 16));
    let (book, done) = (Mutex::new(Vec::new()), Mutex::new(String::new()));

    // Two are dealt with, two more have been delivered when the queue dies.
    let (queue, receiver) = channel(3);
    let url = server.url();
    let follow = recipes::client::acknowledged::follow(&client, &url, &mut source, &done, &queue);
    let (closed, ()) = tokio::join!(follow, work(receiver, Some(2), &book, &done));
    assert_eq!(closed, None);

    if !acknowledges {
        // What a follower does that goes on from what was delivered.
        *done.lock().unwrap() = source.last_event_id().to_string();
    }
    let (queue, receiver) = channel(3);
    let follow = async {
        let queue = queue;
        recipes::client::acknowledged::follow(&client, &url, &mut source, &done, &queue).await
    };
    let (closed, ()) = tokio::join!(follow, work(receiver, None, &book, &done));
    assert_eq!(closed, Some(Closed::Stopped));
    let requests = server.requests().into_iter().map(|(request, _)| request.last_event_id).collect();
    (book.into_inner().unwrap(), requests)
}

#[tokio::test]
async fn what_was_not_dealt_with_comes_again() {
    let scenes = vec![Scene::Stream(ALL), Scene::Stream(FROM_3), Scene::Status("204 No Content")];
    let (book, requests) = run(scenes, true).await;
    assert_eq!(book, ["1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!(requests, [None, Some("2".to_owned()), Some("7".to_owned())]);
}

#[tokio::test]
async fn without_acknowledgement_the_queue_takes_its_events_along() {
    let scenes = vec![Scene::Stream(ALL), Scene::Stream(FROM_5), Scene::Status("204 No Content")];
    let (book, requests) = run(scenes, false).await;
    assert_eq!(requests, [None, Some("4".to_owned()), Some("7".to_owned())]);
    assert_eq!(book, ["1", "2", "5", "6", "7"]);
}

//! SIGTERM: each stream gets the farewell after its last event, none is cut within an event, and the process ends well.

mod common;
use common::Guide;

#[test]
fn every_client_gets_the_farewell() {
    let mut guide = Guide::start(&[]);
    let mut streams: Vec<_> = (0..8).map(|_| guide.open("/resume/events", None)).collect();
    let first: Vec<_> = streams.iter_mut().map(|stream| stream.next().unwrap().number("n")).collect();
    guide.terminate();
    let mut last = Vec::new();
    for (stream, first) in streams.into_iter().zip(first) {
        let text = stream.text();
        assert!(text.ends_with("\n\nretry: 1000\n"), "{text}");
        assert_eq!(text.matches("event: farewell\n").count(), 1, "{text}");
        let numbers = text.matches("\"n\":").count() as u64;
        last.push(first + numbers);
    }
    assert!(last.windows(2).all(|pair| pair[0] == pair[1]), "all have the same last event: {last:?}");
    assert_eq!(guide.wait(), Some(0));
}

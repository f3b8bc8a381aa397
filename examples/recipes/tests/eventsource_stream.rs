//! Moving from eventsource-stream is one changed `use` line, and both read the same wherever that reads rightly.

/// All that differs between the two programs is this line.
mod before {
    use eventsource_stream::Eventsource;
    include!("common/consumer.rs");
}
mod after {
    use sse_wire::stream::Eventsource;
    include!("common/consumer.rs");
}

#[allow(dead_code, reason = "this test uses a part")]
#[path = "../../../tests/harness/vectors.rs"]
mod vectors;

use futures_lite::future::block_on;
use futures_lite::stream;
use std::collections::BTreeMap;
use std::time::Duration;
use vectors::Vector;

type Seen = Vec<(String, String, String, Option<Duration>)>;

/// What both see of a stream in chunks of a size.
fn see(stream: &[u8], size: usize) -> [Result<Seen, String>; 2] {
    let response = || stream::iter(stream.chunks(size).map(|chunk| Ok(chunk.to_vec())).collect::<Vec<_>>());
    let before = match stream.starts_with(BYTE_ORDER_MARK) {
        true => Err("it panics".into()),
        false => block_on(before::consume(response())),
    };
    [before, block_on(after::consume(response()))]
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

#[test]
#[should_panic(expected = "not a char boundary")]
fn theirs_panics_at_a_byte_order_mark() {
    _ = block_on(before::consume(stream::iter([Ok(BYTE_ORDER_MARK.to_vec())])));
}

/// What a vector says, without the reconnection times.
fn expected(vector: &Vector) -> Vec<[String; 3]> {
    let parts = |event: &vectors::Expected| [&event.event_type, &event.data, &event.last_event_id].map(String::clone);
    vector.events.iter().map(parts).collect()
}

fn without_retry(seen: &Result<Seen, String>) -> Option<Vec<[String; 3]>> {
    let seen = seen.as_ref().ok()?;
    Some(seen.iter().map(|(event, data, id, _)| [event, data, id].map(String::clone)).collect())
}

#[test]
fn a_program_sees_the_same_after_the_move() {
    let stream = b"event: greeting\ndata: Hello,\ndata: world\nid: 1\n\nretry: 250\ndata: \xE2\x82\xAC\n\n: end\n";
    let event = |event: &str, data: &str, retry| (event.into(), data.into(), "1".into(), retry);
    let all =
        vec![event("greeting", "Hello,\nworld", None), event("message", "\u{20AC}", Some(Duration::from_millis(250)))];
    for size in 1..=stream.len() {
        assert_eq!(see(stream, size), [Ok(all.clone()), Ok(all.clone())], "chunks of {size}");
    }
}

/// Ours is right everywhere. Theirs deviates for three reasons, whole and byte by byte: it panics at a byte order mark, it
/// holds a CR back until the next byte, which a stream that ends with it never has, and it reads `retry` otherwise: one in a
/// block without data is lost, a sign is taken, and what is above `u64::MAX` is ignored. `--show-output` names the vectors.
#[test]
fn both_read_the_same_where_theirs_is_right() {
    let (mut same, mut deviating) = (0, BTreeMap::<&str, usize>::new());
    let vectors = vectors::all();
    for vector in vectors.iter().filter(|vector| vector.valid_utf8) {
        // Byte by byte, theirs takes the square of a long line's length.
        for size in [vector.stream.len().max(1), 1 + vector.stream.len() / 4096] {
            let [theirs, ours] = see(&vector.stream, size);
            assert_eq!(without_retry(&ours), Some(expected(vector)), "{}", vector.name);
            if theirs == ours {
                same += 1;
                continue;
            }
            let reason = match &vector.stream[..] {
                stream if stream.starts_with(BYTE_ORDER_MARK) => "byte order mark",
                [.., b'\r'] => "CR at the end",
                _ if without_retry(&theirs) == without_retry(&ours) => "retry",
                _ => panic!("{}: {theirs:?}", vector.name),
            };
            println!("{}, chunks of {size}: {reason}", vector.name);
            *deviating.entry(reason).or_default() += 1;
        }
    }
    let reasons = [("byte order mark", 66), ("CR at the end", 78), ("retry", 28)];
    assert_eq!((same, deviating), (1530, BTreeMap::from(reasons)));
}

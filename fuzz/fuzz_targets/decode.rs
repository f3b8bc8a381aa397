//! Promise: every byte string is read exactly as the references read it, through every door.

#![no_main]

#[path = "../../tests/harness/drive.rs"]
mod harness;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use harness::{DOORS, decoded, drive, through_tokens};
use libfuzzer_sys::fuzz_target;
use sse_wire::Parser;

fuzz_target!(|stream: &[u8]| {
    let expected = reference::read(stream, usize::MAX, b"");
    let mut memory = vec![0; stream.len()];
    for door in DOORS {
        assert_eq!(drive(&mut Parser::new(&mut memory[..]), &[stream], door), expected, "{door:?}");
    }

    let (events, comments) = through_tokens(&[stream]);
    assert!(events.iter().map(|(_, event)| event).eq(expected.verdicts.iter().flat_map(|verdict| &verdict.what)));
    assert_eq!(comments, reference::comments(stream));

    let (events, last_event_id, retry) = reference::read_text(stream);
    let decode =
        |event: &reference::Record| (decoded(&event.event_type), decoded(&event.data), decoded(&event.last_event_id));
    assert!(events.into_iter().eq(expected.verdicts.iter().flat_map(|verdict| &verdict.what).map(decode)));
    assert_eq!((last_event_id, retry), (decoded(&expected.last_event_id), expected.retry));
});

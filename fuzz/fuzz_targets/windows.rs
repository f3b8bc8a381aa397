//! Promise: a message is the same bytes through every door, at every size, and its length is known beforehand.

#![no_main]

#[path = "../../tests/harness/message.rs"]
mod message;
#[path = "../../tests/reference/mod.rs"]
mod reference;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sse_wire::Message;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    sizes: [u8; 4],
    size: u16,
    message: Message<'a>,
}

fuzz_target!(|input: Input<'_>| {
    let message = input.message;
    let expected = message::by_segments(&message);
    let len = expected.len();
    assert_eq!((message.encoded_len(), message.const_len()), (len, len));

    for size in [usize::from(input.size) % (len + 2), len.saturating_sub(1), len, len + 1, 8 * len + 100] {
        match message::by_encode(&message, size) {
            Ok(written) => assert!(written == expected && size >= len),
            Err(error) => assert!(error.needed == len && size < len),
        }
    }
    let sizes: Vec<usize> = input.sizes.iter().map(|&size| usize::from(size)).chain([1]).collect();
    assert_eq!(message::by_windows(&message, &sizes), expected);
    assert_eq!(message::by_windows(&message, &[1]), expected);
    assert_eq!(message::by_vec(&message), expected);
    assert_eq!(message.to_string(), String::from_utf8_lossy(&expected));

    // What the segments make is what the compiler would make.
    if let Ok(array) = message.encode_array::<64>() {
        assert_eq!(array.as_slice(), expected);
    } else {
        assert_ne!(len, 64);
    }
});

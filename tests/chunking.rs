//! However a stream is cut, it reads the same: the same events at the same bytes, the same end.

mod harness;
mod reference;

use harness::{DOORS, Door, bytes_and_empties, cut, drive, through_tokens, vectors};
use reference::{Reading, read};
use sse_wire::Parser;

fn check(name: &str, stream: &[u8], cuts: &[usize], whole: &Reading, doors: &[Door]) {
    let chunks = cut(stream, cuts);
    for &door in doors {
        let reading = drive(&mut Parser::new([0; 256]), &chunks, door);
        assert_eq!(&reading, whole, "{name}, cut at {cuts:?}, by {door:?}");
    }
    let (events, comments) = through_tokens(&chunks);
    let expected = whole.verdicts.iter().map(|verdict| (verdict.at, verdict.what.clone().unwrap()));
    assert!(events.into_iter().eq(expected), "{name}, cut at {cuts:?}, by tokens");
    assert_eq!(comments, reference::comments(stream), "{name}, cut at {cuts:?}, comments");
}

#[test]
fn every_cut_and_every_pair_of_cuts_of_every_short_vector() {
    let mut readings = 0;
    for vector in vectors::short() {
        let stream = &vector.stream;
        let whole = read(stream, 256, b"");
        for first in 0..=stream.len() {
            check(&vector.name, stream, &[first], &whole, &DOORS);
            for second in first..=stream.len() {
                check(&vector.name, stream, &[first, second], &whole, &DOORS);
                readings += 4;
            }
        }
    }
    assert_eq!(readings, 2_053_936, "where have the vectors gone?");
}

#[test]
fn byte_by_byte_with_empty_chunks_between() {
    for vector in vectors::all() {
        let whole = read(&vector.stream, 4096, b"");
        let chunks = bytes_and_empties(&vector.stream);
        for door in DOORS {
            assert_eq!(drive(&mut Parser::new([0; 4096]), &chunks, door), whole, "{}, {door:?}", vector.name);
        }
    }
}

/// A value longer than any word, window or vector register, around every line end, at every cut.
#[test]
fn long_lines_at_every_cut() {
    for len in [7, 8, 9, 63, 64, 65, 127, 128, 129, 200] {
        for end in ["\n", "\r", "\r\n"] {
            let long = "x".repeat(len);
            let stream =
                format!(": {long}{end}data: {long}{end}{long}{end}id:{long}{end}data{end}{end}data:{long}{end}{end}");
            let whole = read(stream.as_bytes(), 1024, b"");
            assert_eq!(whole.verdicts.len(), 2);
            for at in 0..=stream.len() {
                for door in DOORS {
                    let reading = drive(&mut Parser::new([0; 1024]), &cut(stream.as_bytes(), &[at]), door);
                    assert_eq!(reading, whole, "{len}, {end:?}, cut at {at}, {door:?}");
                }
            }
        }
    }
}

/// A stream cut off anywhere ends as the reference says, and the parser is then ready for a new one.
#[test]
fn every_prefix_ends_as_it_should_and_the_next_stream_is_read_afresh() {
    for vector in vectors::short() {
        for end in 0..=vector.stream.len() {
            let prefix = &vector.stream[..end];
            for door in DOORS {
                let mut parser = Parser::new([0; 256]);
                let first = drive(&mut parser, &[prefix], door);
                assert_eq!(first, read(prefix, 256, b""), "{} up to {end}, {door:?}", vector.name);
                let mut second = drive(&mut parser, &[&vector.stream], door);
                let mut expected = read(&vector.stream, 256, &first.last_event_id);
                // The reconnection time outlives the connection, which a reading of one stream does not know.
                for retry in expected.verdicts.iter_mut().map(|v| &mut v.retry).chain([&mut expected.retry]) {
                    *retry = retry.or(first.retry);
                }
                second.ending = expected.ending.clone();
                assert_eq!(second, expected, "{} after {end} bytes of itself, {door:?}", vector.name);
            }
        }
    }
}

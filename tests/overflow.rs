//! An event that does not fit is reported once and exactly, wherever the stream is cut, and the stream goes on.
//!
//! Section 12 of `sse_wire::rules` says what fits.

mod harness;
mod reference;

use harness::{DOORS, bytes_and_empties, cut, drive, vectors};
use reference::{Loss, read};
use sse_wire::{End, EventId, Overflow, Parser, Status, Token, Tokenizer, event_id};

/// Streams with everything that a wrong sum could come from: values replaced by longer and shorter ones, late types and IDs,
/// lines without effect, IDs that do not fit although the rest does, and the reverse.
const STREAMS: &[&str] = &[
    "data: abc\n\n",
    "data\n\n",
    "data: a\ndata: bc\ndata\n\ndata: x\n\n",
    "event: type\ndata: abc\n\ndata: x\n\n",
    "data: abc\nevent: type\n\ndata: x\n\n",
    "id: 12\ndata: abc\n\nid: 345\ndata: d\n\ndata: e\n\n",
    "data: abc\nid: 12\nevent: t\n\nid\ndata: x\n\n",
    "event: long-type\nevent: t\ndata: x\n\n",
    "event: t\nevent: long-type\ndata: x\n\n",
    "id: long-id\nid: i\ndata: x\n\n",
    "id: i\nid: long-id\ndata: x\n\ndata\n\n",
    "id: 1\nid: long-id\nid: 22\n\nid: a\n\ndata: x\n\n",
    "id: 1\n\nid: long-id\n\ndata: x\n\n",
    "id: 1\n\nid: long-id\ndata\n\nid: 2\ndata: y\n\n",
    "data: abc\nid: lo\0ng\ndata: d\n\n",
    "id: keep\nid: \0\ndata: d\n\n",
    "id: keep\ndata: d\nid: longer\0\n\ndata\n\n",
    "id: 1\nid: long\0\ndata: x\n\ndata: y\n\n",
    "id: long\0\nid: 1\n\nid: 22\nid: \0\n\ndata: x\n\n",
    "event: long-type\n\ndata: x\n\n",
    "event: long-type\nid: 77\n\ndata: x\n\n",
    "event: a\nid: 1\nevent: bb\nid: 22\nevent: ccc\nid: 333\ndata: x\n\ndata: y\n\n",
    "id: 333\nevent: ccc\nid: 22\nevent: bb\nid: 1\nevent: a\ndata: x\n\ndata: y\n\n",
    "data: a\nid: 1\nevent: t\ndata: b\nid: 22\nevent: uu\ndata: c\n\ndata: y\n\n",
    "retry: 5\ndata: long data\nretry: 6\n\ndata: x\n\n",
    "id: 1\ndata: long data\nid: 2\ndata: more\nid: 3\n\ndata: x\n\n",
    ": a comment that is long\nunknown: as long as that\nretry: 0000000000000000001\ndata: x\n\n",
    "id: 1\ndata: abc\nevent: t\n",
    "id: 1\ndata: abc\nid: lon",
    "data: abc\ndata: defgh",
    "event: abc\ndata: d\nevent: defgh",
    "id: 12\ndata: x\n\nid: 345\ndata: long data that is lost\n",
    "id: 12\ndata: x\n\ndata: long data that is lost\nid: 345\n",
    "id: 12\n\nevent: t\nid: 345\nid: 6\ndata: long data that is lost\nid: 78",
    "id: 1\nid: long\0er",
    "id: long\0\n",
    "id: long\0\n: comment",
    "event: long-type\n",
    "event: long-type\nevent\n",
    "data: abc\ndata: d\nda",
    "data: abc\ndata",
    "data: abc\ndata\n",
    // The second line would start behind the end of a full buffer.
    "data: abc\ndata:",
    "data: abc\ndata: ",
];

/// How often an event of [`streams`] is lost, over all capacities from 0 to [`enough`].
const LOSSES: usize = 3264;

fn streams() -> impl Iterator<Item = Vec<u8>> {
    let own = STREAMS.iter().map(|stream| stream.as_bytes().to_vec());
    own.chain(vectors::all().into_iter().map(|vector| vector.stream).filter(|stream| stream.len() <= 64))
}

/// The size of a buffer that is larger than any block of the stream can need.
fn enough(stream: &[u8]) -> usize {
    stream.len() + 1
}

#[test]
fn every_capacity_at_every_cut() {
    let mut losses = 0;
    let mut memory = [0; 128];
    for stream in streams() {
        // A capacity that is not the `needed` of any verdict behaves like the next smaller one that is.
        for capacity in 0..=enough(&stream) {
            let expected = read(&stream, capacity, b"");
            losses += expected.verdicts.iter().filter(|verdict| verdict.what.is_err()).count();
            for at in 0..=stream.len() {
                for door in DOORS {
                    let mut parser = Parser::new(&mut memory[..capacity]);
                    let reading = drive(&mut parser, &cut(&stream, &[at]), door);
                    let stream = stream.escape_ascii();
                    assert_eq!(reading, expected, "{stream} in {capacity} bytes, cut at {at}, {door:?}");
                }
            }
            for door in DOORS {
                let mut parser = Parser::new(&mut memory[..capacity]);
                let reading = drive(&mut parser, &bytes_and_empties(&stream), door);
                assert_eq!(reading, expected, "{} in {capacity} bytes, byte by byte", stream.escape_ascii());
            }
        }
    }
    assert_eq!(losses, LOSSES);
}

/// A buffer that grows moves what it holds, and must do so right at every step.
#[cfg(feature = "alloc")]
#[test]
fn growing_gives_the_same_as_fixed() {
    let (mut delivered, mut lost) = (0, 0);
    for stream in STREAMS {
        let long: Vec<String> = stream.split_inclusive('\n').map(stretched).collect();
        let long = long.concat().into_bytes();
        for capacity in (0..enough(&long)).step_by(31) {
            let expected = read(&long, capacity, b"");
            let losses = expected.verdicts.iter().filter(|verdict| verdict.what.is_err()).count();
            delivered += expected.verdicts.len() - losses;
            lost += losses;
            for at in (0..=long.len()).step_by(7) {
                for door in DOORS {
                    let mut parser = Parser::new(sse_wire::Growing::new(capacity));
                    let reading = drive(&mut parser, &cut(&long, &[at]), door);
                    assert_eq!(reading, expected, "{stream:?}, stretched, in {capacity} bytes, cut at {at}, {door:?}");
                }
            }
        }
    }
    assert_eq!((delivered, lost), (435, 341));
}

/// The line with its value 40 times over, so that a buffer has to grow several times.
#[cfg(feature = "alloc")]
fn stretched(line: &str) -> String {
    let (content, end) = line.split_at(line.trim_end_matches('\n').len());
    match content.split_once(": ") {
        Some((name, value)) => format!("{name}: {}{end}", value.repeat(40)),
        None => line.to_string(),
    }
}

/// A lost event is read again in buffers of `needed` bytes and one less. No reference is asked.
#[test]
fn needed_is_the_smallest_buffer() {
    let mut losses = 0;
    for stream in streams() {
        let blocks = blocks(&stream);
        for capacity in 0..enough(&stream) {
            let mut memory = vec![0; capacity];
            let mut parser = Parser::new(&mut memory[..]);
            assert_eq!(parser.advance(b"\n"), (1, Status::NeedInput));
            for block in &blocks {
                let before = parser.last_event_id().as_bytes().to_vec();
                if let Status::Overflow(Overflow { needed, .. }) = parser.advance(block).1 {
                    assert_eq!(read_again(block, &before, needed), None, "{}, {needed} bytes", block.escape_ascii());
                    let less = read_again(block, &before, needed - 1);
                    assert_eq!(less, Some(needed), "{}, one byte less", block.escape_ascii());
                    losses += 1;
                }
            }
        }
    }
    assert_eq!(losses, LOSSES);
}

/// Cuts a stream after each blank line. The byte order mark and what follows the last blank line are left out.
fn blocks(stream: &[u8]) -> Vec<&[u8]> {
    let (mut tokenizer, mut rest) = (Tokenizer::new(), stream);
    let mut block = stream.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(stream);
    let mut blocks = Vec::new();
    while let Some(token) = tokenizer.next(&mut rest) {
        if token == Token::Blank {
            blocks.push(&block[..block.len() - rest.len()]);
            block = rest;
        }
    }
    blocks
}

/// Returns what a block needed, if a parser with a buffer of `capacity` bytes loses it.
fn read_again(block: &[u8], last_event_id: &[u8], capacity: usize) -> Option<usize> {
    let mut memory = vec![0; capacity];
    let mut parser = Parser::new(&mut memory[..]);
    // An ID in a stream may be bytes that are not UTF-8, so it comes by a stream again.
    let before = [b"id: ", last_event_id, b"\n\n"].concat();
    assert_eq!(parser.advance(&before), (before.len(), Status::NeedInput));
    match parser.advance(block).1 {
        Status::Overflow(overflow) => Some(overflow.needed),
        Status::Event | Status::NeedInput => None,
    }
}

/// Reads blocks that begin with "old" as the last event ID, in every size of buffer that can hold that. Each block has the
/// sum that its event needs, and the sum that its IDs need if it sets one.
#[test]
fn every_value_counts_whatever_becomes_of_it() {
    const OLD: usize = "old".len();
    for (block, needed, ids) in [
        ("data\n\n", OLD, None),
        ("data: abc\n\n", OLD + 3, None),
        ("data: abc\ndata: de\n\n", OLD + 3 + 1 + 2, None),
        ("data\ndata\ndata\n\n", OLD + 1 + 1, None),
        ("event: type\ndata: x\n\n", OLD + 4 + 1, None),
        // A replaced type.
        ("event: long-type\nevent: t\ndata: x\n\n", OLD + 9 + 1 + 1, None),
        ("event: t\ndata: x\nevent: long-type\n\n", OLD + 1 + 1 + 9, None),
        ("event: type\nevent\ndata: x\n\n", OLD + 4 + 1, None),
        // An ID, and a replaced one.
        ("id: 12\ndata: x\n\n", OLD + 2 + 1, Some(OLD + 2)),
        ("id: long-id\nid: i\ndata: x\n\n", OLD + 7 + 1 + 1, Some(OLD + 7 + 1)),
        ("id: i\ndata: x\nid: long-id\n\n", OLD + 1 + 1 + 7, Some(OLD + 1 + 7)),
        ("id: long-id\nid\ndata: x\n\n", OLD + 7 + 1, Some(OLD + 7)),
        ("id\ndata\n\n", OLD, Some(OLD)),
        // An ID with a NUL counts whole, and counts against the others.
        ("id: lo\0ng\ndata: x\n\n", OLD + 5 + 1, None),
        ("id: \0\ndata: x\n\n", OLD + 1 + 1, None),
        ("id: 12\nid: lo\0ng\ndata: x\n\n", OLD + 2 + 5 + 1, Some(OLD + 2 + 5)),
        ("id: lo\0ng\ndata: x\nid: 12\n\n", OLD + 5 + 1 + 2, Some(OLD + 5 + 2)),
        // Everything else costs nothing.
        ("retry: 100000\n: comment\nunknown: field\ndata: x\n\n", OLD + 1, None),
        (":event: type\nevents: type\nid : 12\ndata: x\n\n", OLD + 1, None),
    ] {
        for capacity in OLD..=needed + 1 {
            let mut memory = vec![0; capacity];
            let mut parser = Parser::new(&mut memory[..]);
            parser.set_last_event_id(event_id!("old")).unwrap();
            let mut rest = block.as_bytes();
            let id_lost = ids.is_some_and(|ids| ids > capacity);
            match parser.next(&mut rest).unwrap() {
                Ok(_) => assert!(capacity >= needed, "{block:?} in {capacity} bytes"),
                Err(lost) => assert!(capacity < needed && lost == overflow(needed, id_lost), "{block:?}, {lost:?}"),
            }
            let keeps_old = ids.is_none() || id_lost;
            assert_eq!(parser.last_event_id() == "old", keeps_old, "{block:?} in {capacity} bytes");
        }
    }
}

/// Reads blocks without data that begin with "old" as the last event ID. Each has the sum that its IDs need if it sets one.
#[test]
fn a_block_without_data_loses_nothing_but_its_id() {
    for (block, ids) in [
        ("event: long-type\n\n", None),
        ("event: long-type\nevent: long-type\nevent\n\n", None),
        ("id: lo\0ng\n\n", None),
        ("id: longer\n\n", Some(3 + 6)),
        ("event: long-type\nid: longer\n\n", Some(3 + 6)),
        ("id: longer\nevent: long-type\n\n", Some(3 + 6)),
        ("id: longer\nid: 1\n\n", Some(3 + 6 + 1)),
        ("id: 1\nid: longer\n\n", Some(3 + 1 + 6)),
        ("id: 1\nevent: long-type\nid: lo\0ng\n\n", Some(3 + 1 + 5)),
        ("id: lo\0ng\nid\n\n", Some(3 + 5)),
    ] {
        for capacity in 3..24 {
            let mut memory = vec![0; capacity];
            let mut parser = Parser::new(&mut memory[..]);
            parser.set_last_event_id(event_id!("old")).unwrap();
            let lost = ids.filter(|&ids| ids > capacity).map(|ids| Err(overflow(ids, true)));
            assert_eq!(parser.next(&mut block.as_bytes()), lost, "{block:?} in {capacity} bytes");
            let keeps_old = ids.is_none() || lost.is_some();
            assert_eq!(parser.last_event_id() == "old", keeps_old, "{block:?} in {capacity} bytes");
        }
    }
}

/// Ends streams inside a block. Each has the sum of what arrived, whether one byte less loses an ID that a complete line
/// set, and the line that was cut off.
#[test]
fn an_unfinished_line_counts_with_what_arrived() {
    for (stream, needed, id_lost, line) in [
        ("data: abc", 3, false, Some(("data", "abc"))),
        ("data: abc\n", 3, false, None),
        ("data: abc\nda", 3, false, None),
        ("data: abc\ndata", 3, false, None),
        ("data: abc\ndata:", 3, false, Some(("data", ""))),
        ("data: abc\ndata: ", 3, false, Some(("data", ""))),
        ("data: abc\ndata: d", 3 + 1 + 1, false, Some(("data", "d"))),
        ("data: abc\ndata\n", 3 + 1, false, None),
        ("data: abc\nevent: ty", 3 + 2, false, Some(("event", "ty"))),
        ("event: type\n", 4, false, None),
        ("event: type\nevent: t", 4 + 1, false, Some(("event", "t"))),
        ("data: abc\nid: 1\0", 3 + 2, false, None),
        ("id: 12\ndata: abc\n", 2 + 3, false, None),
        ("id: 12", 2, false, Some(("id", "12"))),
        ("id: 12\n", 2, true, None),
        ("id: 12\nid: 345", 2 + 3, true, Some(("id", "345"))),
        ("id: 12\nid: 3\0", 2 + 2, true, None),
        ("data: abc\nretry: 5", 3, false, None),
        ("data: abc\n: comment", 3, false, None),
        ("data: abc\nunknown: field", 3, false, None),
        ("id: lo\0ng\n: comment", 5, false, None),
    ] {
        let mut memory = vec![0; needed];
        for capacity in [needed, needed - 1] {
            for door in DOORS {
                for size in [1, 2, 100] {
                    let chunks: Vec<&[u8]> = stream.as_bytes().chunks(size).collect();
                    let ending = drive(&mut Parser::new(&mut memory[..capacity]), &chunks, door).ending;
                    let fits = capacity == needed;
                    let about = format!("{stream:?} in {capacity} bytes, by {size}, {door:?}");
                    assert_eq!(ending.overflow, (!fits).then_some(Loss { needed, id_lost }), "{about}");
                    assert_eq!(ending.event.is_some(), fits && stream.contains("data: abc\n"), "{about}");
                    let line = line.filter(|_| fits).map(|(name, value)| (name, value.as_bytes().to_vec()));
                    assert_eq!(ending.line, line, "{about}");
                }
            }
        }
    }
}

/// An ID is kept although its event is lost, so it shows where the stream cut it off.
#[test]
fn an_unfinished_id_shows_even_in_a_lost_event() {
    let stream = b"data: long data\nid: 12";
    for (capacity, shows) in [(1, false), (2, true), (10, true), (11, true)] {
        for at in 0..=stream.len() {
            let mut memory = vec![0; capacity];
            let ending = drive(&mut Parser::new(&mut memory[..]), &cut(stream, &[at]), DOORS[2]).ending;
            assert_eq!(ending.line, shows.then(|| ("id", b"12".to_vec())), "{capacity} bytes, cut at {at}");
            let needed = "long data".len() + "12".len();
            assert_eq!(ending.overflow, (capacity < needed).then_some(Loss { needed, id_lost: false }));
        }
    }
}

/// What waits at the end is an event only if complete lines say something.
#[test]
fn the_end_reports_no_loss_where_nothing_waits() {
    for stream in ["id: lo\0ng\n", "event: long-type\nevent\n", "event: long-type\n\n", "retry: 100000\n"] {
        let mut parser = Parser::new([0; 2]);
        assert_eq!(parser.next(&mut stream.as_bytes()), None);
        assert_eq!(parser.end(), End::Clean, "{stream:?}");
    }
}

/// Sets another last event ID at every byte of a block. The longer one counts, and it is refused if it does not fit.
#[test]
fn a_last_event_id_set_within_a_block_counts_if_it_is_the_longer() {
    let block = b"id: 12\nevent: type\nid: 3\0\ndata: abc\ndata: d\n\n";
    // From the first value on, the block has begun.
    let begin = b"id: 1".len();
    let needed = |id: usize| id + 2 + 4 + 2 + 3 + 1 + 1;
    let ids = |id: usize| id + 2 + 2;
    let mut counts = [0; 3];
    for at in begin..block.len() {
        // Without a single byte, everything is lost and the report is the sum so far.
        let so_far = read(&block[..at], 0, b"old").ending.overflow.unwrap().needed - 3;
        let ids_so_far = b"12".iter().chain(b"3\0").take(so_far.min(2) + so_far.saturating_sub(6).min(2)).count();
        for new in ["", "z", "new", "newer", "the newest"] {
            let longer = new.len().max(3);
            for capacity in 3..=needed(longer) {
                let mut memory = vec![0; capacity];
                let mut parser = Parser::new(&mut memory[..]);
                parser.set_last_event_id(event_id!("old")).unwrap();
                let (is_lost, id_lost) = (3 + so_far > capacity, 3 + ids_so_far > capacity);
                assert_eq!(parser.advance(&block[..at]), (at, Status::NeedInput));
                if id_lost {
                    // No ID is kept in such a block any more.
                    continue;
                }
                let about = format!("{new:?} at {at} in {capacity} bytes");

                let sum = longer + if is_lost { ids_so_far } else { so_far };
                let result = parser.set_last_event_id(EventId::new(new).unwrap()).map_err(|error| error.needed);
                let old = if sum > capacity {
                    assert_eq!(result, Err(sum), "{about}");
                    counts[0] += 1;
                    "old"
                } else {
                    assert_eq!(result, Ok(()), "{about}");
                    counts[1 + usize::from(is_lost)] += 1;
                    new
                };
                assert_eq!(parser.last_event_id(), old, "{about}");

                let counted = if result.is_ok() { longer } else { 3 };
                let id_lost = ids(counted) > capacity;
                let mut rest = &block[at..];
                match parser.next(&mut rest).unwrap() {
                    Ok(event) => {
                        assert!(needed(counted) <= capacity, "{about}");
                        let seen = (event.event_type(), event.data(), event.last_event_id());
                        assert_eq!(seen, ("type".into(), "abc\nd".into(), "12".into()), "{about}");
                    }
                    Err(lost) => {
                        assert!(needed(counted) > capacity, "{about}");
                        assert_eq!(lost, overflow(needed(counted), id_lost), "{about}");
                    }
                }
                assert_eq!(parser.last_event_id(), if id_lost { old } else { "12" }, "{about}");
            }
        }
    }
    assert_eq!(counts, [566, 1445, 549], "refused, set, and set in a lost event");
}

/// Between blocks nothing else counts, and the ID before leaves no trace.
#[test]
fn a_last_event_id_set_between_blocks_replaces_the_one_before() {
    let mut parser = Parser::new([0; 8]);
    parser.set_last_event_id(event_id!("12345678")).unwrap();
    parser.set_last_event_id(event_id!("")).unwrap();
    assert_eq!(parser.advance(b"data: 12345678\n\n"), (16, Status::Event));
    parser.set_last_event_id(event_id!("1234")).unwrap();
    assert_eq!(parser.advance(b"data: 12345\n\n").1, Status::Overflow(overflow(4 + 5, false)));
    parser.set_last_event_id(event_id!("12345678")).unwrap();
    assert_eq!(parser.set_last_event_id(event_id!("123456789")).map_err(|error| error.needed), Err(9));
    assert_eq!(parser.last_event_id(), "12345678");
}

/// The line itself is too long, and the ID beside it is set before it ends.
#[test]
fn a_last_event_id_can_be_set_within_a_line_that_is_lost() {
    for (line, breaks) in [("data: far too much", 1), ("event: far too much", 0), ("data\ndata: far too much", 2)] {
        for at in [0, 1, 5] {
            let mut parser = Parser::new([0; 8]);
            parser.set_last_event_id(event_id!("old")).unwrap();
            let stream = [line, " and more\ndata\nid: 4\n\ndata: next\n\n"].concat();
            let (before, mut rest) = stream.as_bytes().split_at(line.len() + at);
            assert_eq!(parser.advance(before), (before.len(), Status::NeedInput));
            parser.set_last_event_id(event_id!("12345678")).unwrap();
            assert_eq!(parser.set_last_event_id(event_id!("123456789")).map_err(|error| error.needed), Err(9));
            assert_eq!(parser.last_event_id(), "12345678");
            // The ID of the block has no room beside the one that was set.
            let needed = 8 + "far too much and more".len() + breaks + 1;
            assert_eq!(parser.next(&mut rest).unwrap().unwrap_err(), overflow(needed, true), "{line:?}");
            assert_eq!(parser.last_event_id(), "12345678");
            parser.set_last_event_id(event_id!("old")).unwrap();
            let event = parser.next(&mut rest).unwrap().unwrap();
            assert_eq!((event.data(), event.last_event_id()), ("next".into(), "old".into()));
        }
    }
}

/// What a line adds to the sums of its block.
#[derive(Clone, Copy)]
struct Line {
    text: &'static str,
    /// The length of its value, if it is an `event`, `id` or `data` line.
    len: usize,
    is_data: bool,
    is_id: bool,
    sets_id: bool,
}

/// Lines with values of different lengths, so that a sum tells which of them it counts.
const LINES: [Line; 9] = {
    const NOTHING: Line = Line { text: "", len: 0, is_data: false, is_id: false, sets_id: false };
    const DATA: Line = Line { is_data: true, ..NOTHING };
    const ID: Line = Line { is_id: true, sets_id: true, ..NOTHING };
    [
        Line { text: "data\n", ..DATA },
        Line { text: "data: a\n", len: 1, ..DATA },
        Line { text: "event: type5\n", len: 5, ..NOTHING },
        Line { text: "event: t\n", len: 1, ..NOTHING },
        Line { text: "id: 1234567\n", len: 7, ..ID },
        Line { text: "id: 12\n", len: 2, ..ID },
        Line { text: "id: 1\x003\n", len: 3, sets_id: false, ..ID },
        Line { text: "retry: 12345678901\n", ..NOTHING },
        Line { text: ":data: x\n", ..NOTHING },
    ]
};

/// A block of some [`LINES`], with what it needs by the rule.
struct Block {
    stream: String,
    needed: usize,
    /// What its IDs need alone.
    needed_by_ids: usize,
    has_data: bool,
    sets_id: bool,
}

/// The last event ID before each block.
const SEED: &str = "seed";

/// Calls `check` with every block of up to five lines.
fn for_every_block(mut check: impl FnMut(&Block)) {
    for count in 0..=5 {
        for mut number in 0..LINES.len().pow(count) {
            let mut lines = Vec::new();
            for _ in 0..count {
                lines.push(LINES[number % LINES.len()]);
                number /= LINES.len();
            }
            let len = |is_counted: fn(&Line) -> bool| -> usize {
                lines.iter().filter(|&line| is_counted(line)).map(|line| line.len).sum()
            };
            let breaks = lines.iter().filter(|line| line.is_data).count().saturating_sub(1);
            check(&Block {
                stream: lines.iter().map(|line| line.text).chain(["\n"]).collect(),
                needed: SEED.len() + len(|_| true) + breaks,
                needed_by_ids: SEED.len() + len(|line| line.is_id),
                has_data: lines.iter().any(|line| line.is_data),
                sets_id: lines.iter().any(|line| line.sets_id),
            });
        }
    }
}

impl Block {
    /// The sizes of buffers at which the block's fate changes, with one byte less for each.
    fn capacities(&self) -> impl Iterator<Item = usize> {
        let needed = if self.has_data { self.needed } else { self.needed_by_ids };
        let mut capacities = [needed, needed - 1, self.needed_by_ids, self.needed_by_ids - 1];
        capacities.sort_unstable();
        let mut before = 0;
        // A smaller buffer could not hold the last event ID before the block.
        capacities.into_iter().filter(move |&size| size >= SEED.len() && std::mem::replace(&mut before, size) != size)
    }
}

/// The reference finds by reading what the rule says of the lines.
#[test]
fn the_reference_counts_by_the_rule() {
    let mut blocks = 0;
    for_every_block(|block| {
        let stream = block.stream.as_bytes();
        for capacity in block.capacities() {
            let id_lost = block.sets_id && block.needed_by_ids > capacity;
            let loss = match block.has_data {
                true if block.needed > capacity => Some(Loss { needed: block.needed, id_lost }),
                false if id_lost => Some(Loss { needed: block.needed_by_ids, id_lost }),
                _ => None,
            };
            let reading = read(stream, capacity, SEED.as_bytes());
            let about = format!("{:?} in {capacity} bytes", block.stream);
            match (reading.verdicts.first().map(|verdict| &verdict.what), loss) {
                (Some(Ok(_)), None) => assert!(block.has_data, "{about}"),
                (Some(Err(found)), Some(loss)) => assert_eq!(*found, loss, "{about}"),
                (None, None) => assert!(!block.has_data, "{about}"),
                (verdict, loss) => panic!("{about}: {verdict:?} instead of {loss:?}"),
            }
            let keeps_seed = !block.sets_id || id_lost;
            assert_eq!(reading.last_event_id == SEED.as_bytes(), keeps_seed, "{about}");
        }
        blocks += 1;
    });
    assert_eq!(blocks, 66_430);
}

/// A buffer of `needed` bytes delivers the event and one byte less loses it, whatever lines the block has. So it is for the
/// IDs alone.
#[test]
fn needed_is_exact() {
    let mut memory = [0; 64];
    let (mut delivered, mut lost) = (0, 0);
    for_every_block(|block| {
        let stream = block.stream.as_bytes();
        for capacity in block.capacities() {
            let expected = read(stream, capacity, SEED.as_bytes());
            match expected.verdicts.first() {
                Some(verdict) if verdict.what.is_ok() => delivered += 1,
                Some(_) => lost += 1,
                None => {}
            }
            for door in DOORS {
                for size in [stream.len(), 1] {
                    let mut parser = Parser::new(&mut memory[..capacity]);
                    parser.set_last_event_id(EventId::new(SEED).unwrap()).unwrap();
                    let chunks: Vec<&[u8]> = stream.chunks(size).collect();
                    let reading = drive(&mut parser, &chunks, door);
                    assert_eq!(reading, expected, "{:?} in {capacity} bytes, by {size}, {door:?}", block.stream);
                }
            }
        }
    });
    assert_eq!((delivered, lost), (46_822, 132_821));
}

/// A buffer that gives memory back keeps the last event ID, whether it was short or long, and whichever event set it.
#[cfg(feature = "alloc")]
#[test]
fn the_last_event_id_outlives_the_memory_of_a_large_event() {
    use sse_wire::Growing;
    for id_len in [0, 1, 100, Growing::IDLE - 1, Growing::IDLE, Growing::IDLE + 1, 3 * Growing::IDLE] {
        let id = "i".repeat(id_len);
        let large = "x".repeat(20_000);
        let stream = format!(
            "id: {id}\ndata: a\n\ndata: {large}\ndata\n\ndata: b\n\nid: {id}!\ndata: {large}\ndata\n\ndata: c\n\n"
        );
        let expected = read(stream.as_bytes(), 1 << 20, b"");
        for door in DOORS {
            for chunk in [100, stream.len()] {
                let chunks: Vec<&[u8]> = stream.as_bytes().chunks(chunk).collect();
                let mut parser = Parser::new(Growing::default());
                assert_eq!(drive(&mut parser, &chunks, door), expected, "an ID of {id_len} bytes, {door:?}");
                assert_eq!(parser.last_event_id().len(), id_len + 1);
            }
        }
    }
}

/// Each ID that is longer than the one it replaces adds the difference, also behind a shorter one.
#[test]
fn each_longer_last_event_id_within_a_block_adds_the_difference() {
    let mut parser = Parser::new([0; 10]);
    parser.set_last_event_id(event_id!("12345678")).unwrap();
    assert_eq!(parser.advance(b"data: x\n"), (8, Status::NeedInput));
    parser.set_last_event_id(event_id!("")).unwrap();
    assert_eq!(parser.set_last_event_id(event_id!("12")).map_err(|error| error.needed), Err(8 + 1 + 2));
    parser.set_last_event_id(event_id!("1")).unwrap();
    let Status::Overflow(lost) = parser.advance(b"data\n\n").1 else { panic!("the second line break does not fit") };
    assert_eq!(lost, overflow(8 + 1 + 1 + 1, false));
    assert_eq!(parser.last_event_id(), "1");
}

#[test]
fn a_lost_event_leaves_its_id_and_retry() {
    let mut parser = Parser::new([0; 8]);
    let mut chunk = &b"id: 41\ndata: far too much\nid: 42\nretry: 7\ndata: and more\n\ndata: next\n\n"[..];
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap_err(), overflow(2 + 12 + 2 + 1 + 8, false));
    assert_eq!(parser.last_event_id(), "42");
    assert_eq!(parser.retry(), Some(7));
    let event = parser.next(&mut chunk).unwrap().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("next".into(), "42".into()));
    assert_eq!(parser.next(&mut chunk), None);
}

#[test]
fn an_id_that_cannot_be_kept_is_reported_without_data_too() {
    let mut parser = Parser::new([0; 8]);
    parser.set_last_event_id(event_id!("old")).unwrap();
    let mut chunk = &b"id: longer\n\nid: new\n\ndata: x\n\n"[..];
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap_err(), overflow(3 + 6, true));
    assert_eq!(parser.last_event_id(), "old");
    let event = parser.next(&mut chunk).unwrap().unwrap();
    assert_eq!((event.data(), event.last_event_id()), ("x".into(), "new".into()));
}

#[test]
fn nothing_to_keep_needs_no_memory() {
    let mut parser = Parser::new([]);
    let mut chunk = &b": comment\nretry: 9\nunknown\ndata\n\ndata: x\n\n"[..];
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap().data(), "");
    assert_eq!(parser.next(&mut chunk).unwrap().unwrap_err(), overflow(1, false));
    assert_eq!(parser.retry(), Some(9));
}

/// A megabyte through sixteen bytes: nothing grows, nothing is partial, and the count is exact.
#[test]
fn an_event_far_larger_than_the_buffer() {
    let line = format!("data: {}\n", "x".repeat(999));
    let stream = format!("id: a\ndata: ok\n\n{}id: b\n\ndata: ok\n\n", line.repeat(1000));
    for chunk in [1, 7, 1460, stream.len()] {
        let chunks: Vec<&[u8]> = stream.as_bytes().chunks(chunk).collect();
        for door in DOORS {
            let reading = drive(&mut Parser::new([0; 16]), &chunks, door);
            let lost: Vec<_> = reading.verdicts.iter().filter_map(|verdict| verdict.what.as_ref().err()).collect();
            assert_eq!(lost, [&Loss { needed: 1 + 1_000_000 - 1 + 1, id_lost: false }]);
            assert_eq!(reading.verdicts.len(), 3);
            assert_eq!(reading.last_event_id, b"b");
        }
    }
}

fn overflow(needed: usize, id_lost: bool) -> Overflow {
    // The struct cannot be built from outside, on purpose.
    let mut parser = Parser::new([]);
    let mut value = parser.next(&mut &b"data: x\n\n"[..]).unwrap().unwrap_err();
    value.needed = needed;
    value.id_lost = id_lost;
    value
}

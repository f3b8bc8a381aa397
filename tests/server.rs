//! The log of the server end, beside a naive model of it.

#[path = "server/model.rs"]
mod model;

use model::World;
use model::source::{Random, Source};
use sse_wire::server::{Board, Cursor, EventLog, Fill, Lagged, PushError, Resume};
use sse_wire::{EventId, KEEP_ALIVE, Message, Storage, event_id};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A number from the environment, for longer campaigns.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// One random life of a log. Returns how many events have arrived, and how many have gone.
fn live<B: Storage>(buffer: B, len: usize, slots: usize, source: &mut Random) -> (usize, usize) {
    let epoch = [0, 7, 1_764_137_935, u64::MAX][source.below(4)];
    let mut world = World::<_, 1024>::new(buffer, len, slots, epoch);
    for _ in 0..source.below(80) {
        world.step(source);
    }
    // In the end each client gets what is left.
    for who in 0..world.clients.len() {
        world.fill(who, 4096, None);
        world.fill(who, 4096, None);
    }
    (world.delivered, world.gone)
}

/// Storage whose size is a constant.
fn live_in_array(slots: usize, source: &mut Random) -> (usize, usize) {
    #[cfg(feature = "heapless-v0.9")]
    if source.one_in(2) {
        return live(heapless_v0_9::Vec::<u8, 200>::new(), 200, slots, source);
    }
    live([b'#'; 200], 200, slots, source)
}

/// `SSE_WIRE_SERVER_RUNS=1000000` makes it a million.
#[test]
fn a_log_is_a_list_of_which_the_oldest_go() {
    let runs = setting("SSE_WIRE_SERVER_RUNS", 10_000);
    let (mut delivered, mut gone) = (0, 0);
    for run in 0..runs {
        let mut source = Random(run.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let slots = source.below(10);
        let len = 4 * slots + if source.one_in(2) { source.below(120) } else { source.below(700) };
        let mut memory = vec![b'#'; len];
        let counts = match source.below(3) {
            #[cfg(feature = "alloc")]
            0 => live(sse_wire::Growing::new(len), len, slots, &mut source),
            #[cfg(feature = "alloc")]
            1 => live(memory.into_boxed_slice(), len, slots, &mut source),
            _ if source.one_in(4) => live_in_array(slots, &mut source),
            _ => live(&mut memory[..], len, slots, &mut source),
        };
        delivered += counts.0;
        gone += counts.1;
    }
    println!("{runs} runs: {delivered} events were delivered, {gone} have gone");
    assert!(delivered as u64 > 3 * runs && gone as u64 > 3 * runs, "{delivered} {gone}");
}

/// Does one of five things, chosen by a digit.
fn step_by_digit<B: Storage>(world: &mut World<B, 64>, digit: usize) {
    match digit {
        0 => world.push(None, None, false, ""),
        1 => world.push(None, Some("a"), false, "x\ny"),
        2 => world.fill(0, 7, None),
        3 => world.fill(0, 50, Some("a")),
        _ => world.cut(0, true),
    }
    world.check();
}

/// All sequences of `len` steps. Every shorter one is the beginning of one of them.
fn all_sequences(size: usize, slots: usize, len: u32) -> usize {
    let sequences = 5_usize.pow(len);
    for sequence in 0..sequences {
        let mut memory = [b'#'; 40];
        let mut world = World::<_, 64>::new(&mut memory[..size], size, slots, 1);
        world.connect(true);
        let mut rest = sequence;
        for _ in 0..len {
            step_by_digit(&mut world, rest % 5);
            rest /= 5;
        }
        if len == 7 {
            world.close();
            world.fill(0, 50, None);
        }
    }
    sequences
}

#[test]
fn every_sequence_of_seven_steps_in_forty_bytes() {
    let sizes = [(40, 1), (40, 2), (39, 2), (37, 1), (33, 3), (20, 1)];
    let sequences: usize = sizes.iter().map(|&(size, slots)| all_sequences(size, slots, 7)).sum();
    assert_eq!(sequences, 6 * 78_125);
}

#[test]
fn every_sequence_of_five_steps_in_every_memory_of_up_to_forty_bytes() {
    let sizes = (0..=40).flat_map(|size| (0..4).map(move |slots| (size, slots)));
    let sequences: usize = sizes.map(|(size, slots)| all_sequences(size, slots, 5)).sum();
    assert_eq!(sequences, 41 * 4 * 3_125);
}

/// Windows of all sizes, filters, parts and IDs, wherever in an event the memory goes round.
#[test]
fn nothing_depends_on_where_the_memory_goes_round() {
    for size in [53, 64, 71] {
        let mut seams = BTreeSet::new();
        let mut memory = vec![b'#'; size + 4 * 3];
        let (len, mut source) = (memory.len(), Random(size as u64));
        let mut world = World::<_, 256>::new(&mut memory[..], len, 3, 12);
        for round in 0..4000 {
            let given = [None, Some(format!("g{round}"))][usize::from(round % 3 == 1)].clone();
            let kind = [None, Some("a"), Some("type b")][source.below(3)];
            world.push(given.as_deref(), kind, false, &"xyzxyzxyz"[..source.below(9)]);
            world.check();
            // Where the seam is, seen from each event.
            let (mut front, seen) = (world.log.read(&world.log.oldest()).unwrap().front.len(), seams.len());
            for event in &world.events[world.gone..] {
                if front > 0 && front < event.bytes.len() {
                    seams.insert((event.kind.clone(), front));
                }
                front = front.saturating_sub(event.bytes.len());
            }

            if seams.len() == seen {
                continue;
            }
            for window in 0..=size + 2 {
                for only in [None, Some("a"), Some("message"), Some("type b")] {
                    world.connect(true);
                    world.fill(0, window, only);
                    world.fill(0, size, only);
                    world.mark(0, 20);
                    world.clients.clear();
                }
                world.connect(true);
                world.read(0, window);
                world.read(0, size);
                world.clients.clear();
            }
            for index in world.gone.saturating_sub(2)..world.events.len() {
                world.resume(&world.events[index].id.clone());
            }
        }
        // Before each byte of the event type, of the ID, and of their names.
        for (kind, end) in [("message", 14), ("a", 23), ("type b", 28)] {
            let unseen: Vec<_> = (1..end).filter(|&cut| !seams.contains(&(kind.into(), cut))).collect();
            assert_eq!(unseen, [], "{kind}, size {size}");
        }
    }
}

/// A full index makes events go before the memory is full, so that they go round in memory that still grows.
#[cfg(feature = "alloc")]
#[test]
fn a_log_that_grows_keeps_its_events_wherever_they_lie() {
    let mut went_round = 0;
    for run in 0..300 {
        let mut source = Random(run + 1);
        let slots = source.below(6);
        let mut world = World::<_, 4096>::new(sse_wire::Growing::new(4000), 4000, slots, 1);
        world.connect(true);
        for round in 0..60 {
            let data = "z".repeat(source.below(10 + round * round / 3));
            world.push(None, None, false, &data);
            world.check();
            went_round += usize::from(!world.log.read(&world.log.oldest()).unwrap().back.is_empty());
            world.fill(0, source.below(2000), None);
        }
    }
    assert!(went_round > 300, "{went_round}");
}

#[test]
fn ids_in_order_are_found_in_few_steps_and_only_if_equal() {
    let mut memory = vec![0; 64 * 40];
    let mut log = EventLog::new(&mut memory[..], 64, 1);
    for number in 1..=200_u64 {
        // Even numbers only, of 3 digits.
        let (id, data) = (format!("{:03}", number * 2), "x".repeat(number as usize % 9));
        log.push_as(EventId::new(&id).unwrap(), &Message::new().data(&data)).unwrap();
        let first = log.oldest().number();
        for wanted in 0..=2 * number + 3 {
            let wanted_id = format!("{wanted:03}");
            let mut steps = 0;
            let found = log.resume_by(|id| {
                steps += 1;
                id.bytes().cmp(wanted_id.bytes())
            });
            let is_there = wanted % 2 == 0 && (first..=number).contains(&(wanted / 2));
            match found {
                Resume::Found(cursor) => {
                    assert!(is_there);
                    assert_eq!((cursor.number(), cursor.is_mid_event()), (wanted / 2 + 1, false));
                    assert_eq!(log.resume(EventId::new(&wanted_id).unwrap()), found);
                }
                other => {
                    assert!(!is_there);
                    assert_eq!(other, Resume::Unknown);
                }
            }
            assert!(steps <= 7, "64 events take {steps} steps");
        }
    }
    assert_eq!(EventLog::new([0; 64], 1, 1).resume_by(|_| unreachable!()), Resume::Unknown);
}

/// A given ID that is not there any more costs a look at each event, but only in a log that has such.
#[test]
fn of_equal_given_ids_the_newest_is_found() {
    let mut log = EventLog::new([0; 256], 8, 1);
    for id in [event_id!("a"), event_id!("b"), event_id!("a")] {
        log.push_as(id, &Message::new().data("")).unwrap();
    }
    let Resume::Found(cursor) = log.resume(event_id!("a")) else { panic!() };
    assert_eq!(cursor, log.live());
    // The log's own form is a number, whatever ID the event has.
    let Resume::Found(cursor) = log.resume(event_id!("1-1")) else { panic!() };
    assert_eq!(cursor.number(), 2);
    assert_eq!(log.resume(event_id!("")), Resume::Unknown);
}

#[test]
fn a_cursor_of_another_log_is_told_and_harmless() {
    let message = Message::new().data("");
    let (mut log, mut other) = (EventLog::new([0; 64], 3, 1), EventLog::new([0; 256], 9, 2));
    let (mut same_epoch, mut folded) = (EventLog::new([0; 256], 9, 1), EventLog::new([0; 256], 9, 1 << 32));
    for _ in 0..8 {
        for log in [&mut other as &mut EventLog<[u8]>, &mut same_epoch, &mut folded] {
            log.push(&message).unwrap();
        }
    }
    log.push(&message).unwrap();
    let mut out = [0; 64];
    for foreign in [&other as &EventLog<[u8]>, &same_epoch, &folded] {
        // In front of each event, within it, and behind the last.
        let mut cursor = foreign.oldest();
        loop {
            let start = cursor;
            let expected = Lagged { missed: None, go_on: (!cursor.is_mid_event()).then(|| log.oldest()) };
            let is_like_ours = cursor.number() <= 2 && foreign.oldest() != other.oldest();
            if !is_like_ours {
                assert_eq!(log.read(&cursor), Err(expected));
                assert_eq!(log.fill(&mut cursor, &mut out), (0, Fill::Lagged(expected)));
                assert_eq!(log.fill_if(&mut cursor, &mut out, |_| true), (0, Fill::Lagged(expected)));
                assert_eq!(log.mark(&cursor, &mut out), 0);
                assert_eq!(log.advance(&mut cursor, 0), Err(expected));
                assert_eq!(log.advance(&mut cursor, 1), Err(Lagged { go_on: None, ..expected }));
            }
            assert_eq!(cursor, start);
            if foreign.read(&cursor).unwrap().is_empty() {
                break;
            }
            foreign.advance(&mut cursor, 5).unwrap();
        }
    }
    // Epochs that differ in their upper halves only.
    let upper = EventLog::new([0; 64], 3, (1 << 32) + 1).oldest();
    assert_eq!(EventLog::new([0; 64], 3, 1).read(&upper).unwrap_err().missed, None);
    // Within an event that is longer than ours of that number.
    let mut long = EventLog::new([0; 64], 1, 1);
    long.push(&Message::new().data("longer than that")).unwrap();
    let mut cursor = long.oldest();
    let mut short = EventLog::new([0; 64], 3, 1);
    short.push(&message).unwrap();
    let len = short.read(&short.oldest()).unwrap().len();
    long.advance(&mut cursor, len).unwrap();
    assert_eq!(short.read(&cursor), Err(Lagged { missed: None, go_on: None }));
    // And within the event to come.
    let mut cursor = long.oldest();
    long.advance(&mut cursor, 1).unwrap();
    assert_eq!(EventLog::new([0; 64], 3, 1).read(&cursor), Err(Lagged { missed: None, go_on: None }));
}

#[test]
fn what_is_given_up_costs_no_more_history_than_it_wrote() {
    let mut log = EventLog::new([0; 16 * 4 + 4 * 8], 8, 1);
    for _ in 0..4 {
        log.push(&Message::new().data("")).unwrap();
    }
    let mut give_up = |max, text: &str, then| {
        let result = log.push_with(&Message::new(), max, |data| data.write_str(text).and(then));
        (result, log.oldest().number())
    };
    let failed = Err(std::fmt::Error);
    // "id: 1-5" and "\ndata: " have 14 bytes, and the end 2.
    assert_eq!(give_up(13, "", Ok(())), (Err(PushError::TooLarge { needed: 14 + 32 }), 2));
    assert_eq!(give_up(15, "", Ok(())), (Err(PushError::TooLarge { needed: 16 + 32 }), 2));
    assert_eq!(give_up(16, "", failed), (Err(PushError::Aborted), 2));
    assert_eq!(give_up(64, "xyz", failed), (Err(PushError::Aborted), 3));
    assert_eq!(give_up(64, &"x".repeat(50), Ok(())), (Err(PushError::TooLarge { needed: 66 + 32 }), 5));
    assert_eq!(give_up(usize::MAX, &"x".repeat(51), Ok(())), (Err(PushError::TooLarge { needed: 65 + 32 }), 5));
    // Whoever goes on writing is refused, and a smaller piece does not slip in.
    let result = log.push_with(&Message::new(), 20, |data| {
        assert!(data.write_str("much too much").is_err());
        assert!(data.write_str("x").is_err());
        Ok(())
    });
    assert_eq!(result, Err(PushError::TooLarge { needed: 14 + 13 + 32 }));
    assert_eq!((log.next_number(), log.read(&log.oldest()).unwrap().len()), (5, 0));
    assert_eq!(log.push(&Message::new().data("")), Ok(5));
}

#[test]
fn a_panic_while_an_event_is_written_takes_it_back() {
    let mut memory = [0; 64];
    let mut world = World::<_, 256>::new(&mut memory[..], 64, 3, 1);
    world.connect(true);
    (0..3).for_each(|_| world.push(None, None, false, "1"));
    let write = std::panic::AssertUnwindSafe(|| {
        let _ = world.log.push_with(&Message::new(), 64, |data| {
            data.write_str("twenty bytes and more").unwrap();
            panic!("half-way");
        });
    });
    assert!(std::panic::catch_unwind(write).is_err());
    world.gone = 2;
    world.check();
    world.fill(0, 64, None);
    world.push(None, None, false, "2");
    world.check();
    world.fill(0, 64, None);
    assert_eq!(world.delivered, 2);
}

#[test]
fn a_log_is_a_constant_and_of_the_size_that_is_said() {
    static LOG: EventLog<[u8; 64]> = EventLog::new([0; 64], 4, 1);
    let log: &EventLog<[u8]> = &LOG;
    assert!(log.read(&log.oldest()).unwrap().is_empty());
    assert_eq!(log.resume(event_id!("1-0")), Resume::Found(log.live()));
    // Two numbers of 64 bits, six of the processor's, two flags, and what a number of 64 bits is aligned to.
    let size = (2 * 8 + 6 * size_of::<usize>() + 2).next_multiple_of(align_of::<u64>());
    assert_eq!(size_of::<EventLog<[u8; 0]>>(), size);
    assert_eq!(size, if cfg!(target_pointer_width = "64") { 72 } else { 40 + align_of::<u64>() });
    assert_eq!(size_of::<Cursor>(), 16);
    assert_eq!(size_of::<Board<3>>(), 32);
    assert_eq!(format!("{log:?}"), "EventLog { epoch: 1, first: 1, next: 1, bytes: 0, is_closed: false, .. }");
    let mut other = EventLog::new([0; 64], 4, 1);
    let shown = other.push_with(&Message::new(), 64, |data| {
        assert_eq!(format!("{data:?}"), "LogWriter { .. }");
        Ok(())
    });
    assert_eq!(shown, Ok(1));
}

/// A size of memory that no machine has, and a number of events that it could not hold.
#[test]
fn a_log_of_too_many_events_holds_none() {
    for events in [16, 17, usize::MAX / 4, usize::MAX / 4 + 1, usize::MAX] {
        let mut log = EventLog::new([0; 64], events, 1);
        let needed = events.saturating_mul(4).saturating_add(16);
        let message = Message::new().data("");
        assert_eq!(log.push(&message), Err(PushError::TooLarge { needed }));
        assert!(matches!(log.push_with(&message, 99, |_| Ok(())), Err(PushError::TooLarge { .. })));
        assert_eq!(log.fill(&mut log.live(), &mut [0; 9]), (0, Fill::CaughtUp));
    }
}

#[test]
fn a_comment_may_be_written_wherever_no_event_is_open() {
    let mut memory = [0; 256];
    let mut world = World::<_, 256>::new(&mut memory[..], 256, 9, 1);
    world.connect(true);
    for data in ["1", "2", "3"] {
        world.push(None, None, false, data);
    }
    loop {
        world.fill(0, 9, None);
        let client = &mut world.clients[0];
        if !client.cursor.is_mid_event() {
            assert_eq!(client.parser.next(&mut &KEEP_ALIVE[..]), None);
        }
        if world.log.read(&client.cursor).unwrap().is_empty() {
            break;
        }
    }
    assert_eq!(world.delivered, 3);
}

//! The link alone: every state with every input, every edge of a time, any clock.

use super::link::{Action, Closed, Link, Lost, Response, State};
use super::policy::Policy;

extern crate std;
use std::vec::Vec;

/// Polls as `EventSource` does.
fn poll(link: &mut Link, now: u64) -> Action {
    link.tick(now);
    if link.is_silent() {
        link.lose(Lost::Silent, false);
    }
    link.act(|| 0)
}

const OPEN: Response<'_> = Response { status: 200, content_type: b"text/event-stream", retry_after: b"" };

fn status(status: u16) -> Response<'static> {
    Response { status, content_type: b"text/event-stream", retry_after: b"7" }
}

/// Silent after 100 ms, waits 10 ms and no more, gives up at the third loss in a row.
const POLICY: Policy =
    Policy::RESILIENT.silence(100).retry(10).retry_min(0).retry_max(20).spread_max(0).attempts(Some(2)).stable(50);

/// A link in each state, at the time 1000.
fn states() -> [(&'static str, Link); 10] {
    let due = Link::new(POLICY);
    let with = |link: &Link, change: fn(&mut Link)| {
        let mut link = link.clone();
        change(&mut link);
        link
    };
    let connecting = with(&due, |link| assert_eq!(poll(link, 1000), Action::Connect(Some(100))));
    let opened = with(&connecting, |link| assert!(link.respond(&OPEN)));
    let open = with(&opened, |link| assert_eq!(poll(link, 1000), Action::Receive(Some(100))));
    let lost = with(&open, |link| link.lose(Lost::Ended, false));
    let waiting = with(&lost, |link| assert_eq!(poll(link, 1000), Action::Wait(10)));
    let due_again = with(&waiting, Link::connect_now);
    let by_caller = with(&open, Link::close);
    let stopped = with(&connecting, |link| assert!(!link.respond(&status(204))));
    let given_up = with(&lost, |link| {
        for _ in 0..2 {
            assert_eq!(poll(link, 1000), Action::Wait(10));
            link.connect_now();
            assert_eq!(poll(link, 1000), Action::Connect(Some(100)));
            link.lose(Lost::Failed, false);
        }
        assert_eq!(poll(link, 1000), Action::Closed(Closed::Lost(Lost::Failed)));
    });
    [
        ("due", due),
        ("connecting", connecting),
        ("opened", opened),
        ("open", open),
        ("lost", lost),
        ("waiting", waiting),
        ("due again", due_again),
        ("by caller", by_caller),
        ("stopped", stopped),
        ("given up", given_up),
    ]
}

#[test]
fn every_state_takes_every_input_as_the_table_says() {
    const INPUTS: [&str; 10] =
        ["poll", "stream", "204", "503", "404", "html", "bytes", "ended", "connect now", "close"];
    let apply = |link: &mut Link, input: &str| {
        let _ = match input {
            "poll" => matches!(poll(link, 1001), Action::Connect(_)),
            "stream" => link.respond(&OPEN),
            "204" => link.respond(&status(204)),
            "503" => link.respond(&status(503)),
            "404" => link.respond(&status(404)),
            "html" => link.respond(&Response { content_type: b"text/html", ..OPEN }),
            "bytes" => link.hear(b"x"),
            "ended" => {
                link.lose(Lost::Ended, false);
                false
            }
            "connect now" => {
                link.connect_now();
                false
            }
            _ => {
                link.close();
                false
            }
        };
    };
    for (name, before) in states() {
        for input in INPUTS {
            let mut link = before.clone();
            apply(&mut link, input);
            let expected = match (name, input) {
                ("by caller", _) => State::Closed(Closed::ByCaller),
                ("stopped", _) => State::Closed(Closed::Stopped),
                ("given up", _) => State::Closed(Closed::Lost(Lost::Failed)),
                (_, "close") => State::Closed(Closed::ByCaller),
                ("due" | "due again", "poll") => State::Connecting,
                ("connecting", "stream") => State::Open,
                ("connecting", "204") => State::Closed(Closed::Stopped),
                ("connecting", "503") => State::Lost(Lost::Status(503)),
                ("connecting", "404") => State::Closed(Closed::Status(404)),
                ("connecting", "html") => State::Closed(Closed::ContentType),
                ("connecting" | "opened" | "open", "ended") => State::Lost(Lost::Ended),
                ("lost", "poll") => State::Waiting,
                ("waiting", "connect now") => State::Due,
                // Everything else changes nothing.
                _ => before.state(),
            };
            assert_eq!(link.state(), expected, "{name}: {input}");
            assert_eq!(link.hear(b"x"), expected == State::Open, "{name}: {input}");
        }
    }
}

/// Every millisecond around the end of each time.
#[test]
fn times_end_exactly() {
    for (name, before) in states() {
        for now in 1000..=1110 {
            let mut link = before.clone();
            let passed = now - 1000;
            let left = |all: u64| u32::try_from(all - passed).unwrap();
            let expected = match name {
                "due" | "due again" => Action::Connect(Some(100)),
                "connecting" | "open" if passed < 100 => Action::Receive(Some(left(100))),
                "connecting" | "open" => Action::Wait(10),
                "opened" => Action::Receive(Some(100)),
                "lost" => Action::Wait(10),
                "waiting" if passed < 10 => Action::Wait(left(10)),
                "waiting" => Action::Connect(Some(100)),
                "by caller" => Action::Closed(Closed::ByCaller),
                "stopped" => Action::Closed(Closed::Stopped),
                _ => Action::Closed(Closed::Lost(Lost::Failed)),
            };
            assert_eq!(poll(&mut link, now), expected, "{name} at {now}");
        }
    }
}

#[test]
fn silence_is_counted_from_the_poll_behind_the_last_byte() {
    let [_, _, _, (_, mut link), ..] = states();
    assert_eq!(poll(&mut link, 1099), Action::Receive(Some(1)));
    // No bytes are no sign of life, however often they come.
    assert!(link.hear(b""));
    assert_eq!(poll(&mut link, 1099), Action::Receive(Some(1)));
    // The caller was busy for a day after this byte.
    assert!(link.hear(b"x"));
    assert_eq!(poll(&mut link, 86_400_000), Action::Receive(Some(100)));
    assert_eq!(poll(&mut link, 86_400_099), Action::Receive(Some(1)));
    assert_eq!(poll(&mut link, 86_400_100), Action::Wait(10));
    assert_eq!(link.latest_loss(), Some(Lost::Silent));
    // What came before a loss is no sign of life of the next connection.
    link.connect_now();
    assert_eq!(poll(&mut link, 86_400_100), Action::Connect(Some(100)));
    assert!(link.respond(&OPEN) && link.hear(b"x"));
    link.lose(Lost::Ended, false);
    assert_eq!(poll(&mut link, 86_400_100), Action::Wait(10));
    link.connect_now();
    assert_eq!(poll(&mut link, 86_400_100), Action::Connect(Some(100)));
    // The second loss in a row was this one's, and the third is final.
    assert_eq!(poll(&mut link, 86_400_200), Action::Closed(Closed::Lost(Lost::Silent)));
}

/// The wait tells what the loss counted as: the base is 1, so the n-th in a row waits 2ⁿ when the random bits are all ones.
#[test]
fn only_time_that_was_seen_counts_as_open() {
    const STABLE: Policy = Policy::STANDARD.retry(1).retry_min(0).spread_max(u32::MAX);
    let lose = |link: &mut Link, now: u64| {
        link.lose(Lost::Failed, false);
        link.tick(now);
        let Action::Wait(wait) = link.act(|| u32::MAX) else { panic!("no wait") };
        link.connect_now();
        assert_eq!(poll(link, now), Action::Connect(None));
        wait - 1
    };
    let connect = |link: &mut Link, now: u64| assert_eq!(poll(link, now), Action::Connect(None));

    // With 0, opening is enough, seen or not.
    for is_polled in [false, true] {
        let mut link = Link::new(STABLE.stable(0));
        connect(&mut link, 0);
        assert_eq!([lose(&mut link, 5), lose(&mut link, 5), lose(&mut link, 5)], [1, 2, 4]);
        assert!(link.respond(&OPEN));
        if is_polled {
            assert_eq!(poll(&mut link, 5), Action::Receive(None));
        }
        assert_eq!([lose(&mut link, 5), lose(&mut link, 5)], [1, 2]);
    }
    // Else the time runs from the poll behind the response to the one behind the loss.
    for (polled, lost, count) in [(9, 19, 1), (10, 19, 8), (9, 18, 8), (0, 10, 1), (0, 9, 8)] {
        let mut link = Link::new(STABLE.stable(10));
        connect(&mut link, 0);
        assert_eq!([lose(&mut link, 0), lose(&mut link, 0), lose(&mut link, 0)], [1, 2, 4]);
        assert!(link.respond(&OPEN));
        assert_eq!(poll(&mut link, polled), Action::Receive(None));
        assert_eq!(lose(&mut link, lost), count, "{polled} to {lost}");
    }
    // Neither connecting, nor a connection that no poll has seen open.
    let mut link = Link::new(STABLE.stable(10));
    connect(&mut link, 0);
    assert_eq!([lose(&mut link, 1000), lose(&mut link, 2000)], [1, 2]);
    assert!(link.respond(&OPEN));
    assert_eq!(lose(&mut link, 3000), 4);
    // An earlier connection's time is gone.
    assert!(link.respond(&OPEN));
    assert_eq!(poll(&mut link, 4000), Action::Receive(None));
    assert_eq!([lose(&mut link, 4010), lose(&mut link, 9000)], [1, 2]);
    // Progress needs no time.
    link.lose(Lost::Ended, true);
    assert_eq!(link.failures(), 0);
    link.tick(9000);
    assert_eq!(link.act(|| u32::MAX), Action::Wait(2));
    assert_eq!(link.failures(), 1);
}

#[test]
fn a_loss_without_a_connection_is_none() {
    for (name, before) in states() {
        let mut link = before.clone();
        link.lose(Lost::Silent, true);
        let is_loss = matches!(name, "connecting" | "opened" | "open");
        assert_eq!(link.latest_loss() == Some(Lost::Silent), is_loss, "{name}");
        // Only the loss of a connection ends a row.
        let mut link = before.clone();
        link.lose(Lost::Silent, false);
        let failures = link.failures();
        assert_eq!(failures, before.failures(), "{name}: it counts with the next poll");
        let mut link = before.clone();
        link.lose(Lost::Silent, true);
        assert_eq!(link.failures(), if is_loss { 0 } else { failures }, "{name}");
    }
}

#[test]
fn the_clock_may_go_back_wrap_and_jump() {
    let [_, (_, connecting), _, _, _, (_, waiting), ..] = states();
    // Back by any distance: no time has passed, and it goes on from there.
    for back in [999, 500, 0] {
        let mut link = connecting.clone();
        assert_eq!(poll(&mut link, 1040), Action::Receive(Some(60)));
        assert_eq!(poll(&mut link, back), Action::Receive(Some(60)));
        assert_eq!(poll(&mut link, back + 59), Action::Receive(Some(1)));
        assert_eq!(poll(&mut link, back + 60), Action::Wait(10));
    }
    // A clock of 32 bits that wraps loses the interval in which it does.
    let mut link = Link::new(POLICY);
    let wrapping = u64::from(u32::MAX);
    assert_eq!(poll(&mut link, wrapping - 50), Action::Connect(Some(100)));
    assert_eq!(poll(&mut link, wrapping), Action::Receive(Some(50)));
    assert_eq!(poll(&mut link, 9), Action::Receive(Some(50)));
    assert_eq!(poll(&mut link, 58), Action::Receive(Some(1)));
    assert_eq!(poll(&mut link, 59), Action::Wait(10));
    // Forward as far as it goes: what is due happens, and only that.
    for far in [2000, u64::from(u32::MAX) + 1000, u64::from(u32::MAX) + 1001, u64::MAX] {
        assert_eq!(poll(&mut connecting.clone(), far), Action::Wait(10));
        assert_eq!(poll(&mut waiting.clone(), far), Action::Connect(Some(100)));
        // Time that has passed does not overflow, and is not forgotten.
        let mut link = Link::new(POLICY.silence(0));
        assert_eq!(poll(&mut link, 0), Action::Connect(None));
        assert!(link.respond(&OPEN));
        for now in [0, far, 0, far] {
            assert_eq!(poll(&mut link, now), Action::Receive(None));
        }
        link.lose(Lost::Ended, false);
        assert_eq!(poll(&mut link, 0), Action::Wait(10));
    }
    let mut link = Link::new(POLICY.silence(u32::MAX));
    assert_eq!(poll(&mut link, 0), Action::Connect(Some(u32::MAX)));
    assert_eq!(poll(&mut link, 10), Action::Receive(Some(u32::MAX - 10)));
    assert_eq!(poll(&mut link, 10 + u64::from(u32::MAX)), Action::Wait(10));
}

#[test]
fn retry_after_counts_for_one_wait_and_only_with_an_outage() {
    let [_, (_, connecting), ..] = states();
    let policy = Policy::RESILIENT.retry(10).retry_min(0).retry_max(2000).spread_max(0);
    let waits = |response: Response<'static>| {
        let mut link = Link::new(policy);
        let mut waits = Vec::new();
        for response in [response, status(503), OPEN] {
            assert_eq!(poll(&mut link, 0), Action::Connect(Some(90_000)));
            let is_open = link.respond(&response);
            assert_eq!(is_open, response == OPEN);
            link.lose(Lost::Ended, false);
            assert_eq!(link.latest_loss(), Some(if is_open { Lost::Ended } else { Lost::Status(response.status) }));
            let Action::Wait(wait) = poll(&mut link, 0) else { panic!("no wait") };
            waits.push(wait);
            link.connect_now();
        }
        waits
    };
    let with = |retry_after| Response { status: 429, content_type: b"", retry_after };
    assert_eq!(waits(with(b"1")), [1000, 2000, 10]);
    assert_eq!(waits(with(b"2")), [2000, 2000, 10], "7 s are more than the policy allows");
    assert_eq!(waits(with(b"0")), [10, 2000, 10]);
    assert_eq!(waits(with(b"Thu, 26 Nov 2026 08:00:00 GMT")), [10, 2000, 10]);
    assert_eq!(waits(with(b"")), [10, 2000, 10]);

    // An outage that asks for nothing adds nothing.
    let mut link = Link::new(policy.retry(0));
    assert_eq!(poll(&mut link, 0), Action::Connect(Some(90_000)));
    assert!(!link.respond(&with(b"")));
    assert_eq!(poll(&mut link, 0), Action::Wait(0));

    let mut link = connecting;
    assert!(!link.respond(&Response { retry_after: b"1", ..status(404) }));
    assert_eq!(poll(&mut link, 1000), Action::Closed(Closed::Status(404)));
}

#[test]
fn random_bits_are_drawn_once_a_wait() {
    let mut link = Link::new(POLICY);
    let mut drawn = 0;
    let mut polled = |link: &mut Link, now| {
        link.tick(now);
        let before = drawn;
        let action = link.act(|| {
            drawn += 1;
            0
        });
        (action, drawn - before)
    };
    for _ in 0..2 {
        assert_eq!(polled(&mut link, 0), (Action::Connect(Some(100)), 0));
        assert_eq!(polled(&mut link, 0), (Action::Receive(Some(100)), 0));
        assert!(link.respond(&OPEN));
        assert_eq!(polled(&mut link, 0), (Action::Receive(Some(100)), 0));
        link.lose(Lost::Ended, false);
        assert_eq!(polled(&mut link, 0), (Action::Wait(10), 1));
        assert_eq!(polled(&mut link, 0), (Action::Wait(10), 0));
        link.connect_now();
    }
    assert_eq!(polled(&mut link, 0), (Action::Connect(Some(100)), 0));
    link.lose(Lost::Ended, false);
    // There is no wait after the last loss.
    for _ in 0..2 {
        assert_eq!(polled(&mut link, 0), (Action::Closed(Closed::Lost(Lost::Ended)), 0));
    }
}

#[test]
fn losses_in_a_row_end_where_the_policy_says() {
    for attempts in [0, 1, 2, 7] {
        let mut link = Link::new(POLICY.attempts(Some(attempts)));
        for _ in 0..attempts {
            assert!(matches!(poll(&mut link, 0), Action::Connect(_)));
            link.lose(Lost::Ended, false);
            assert_eq!(poll(&mut link, 0), Action::Wait(10));
            link.connect_now();
        }
        assert!(matches!(poll(&mut link, 0), Action::Connect(_)));
        link.lose(Lost::Ended, false);
        assert_eq!(poll(&mut link, 0), Action::Closed(Closed::Lost(Lost::Ended)), "{attempts}");
        assert_eq!(link.failures(), attempts + 1);
    }
}

#[test]
fn the_link_is_small() {
    assert_eq!((size_of::<Link>(), size_of::<Policy>()), (72, 32));
}

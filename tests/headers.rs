//! What `headers` says and reads.

use sse_wire::headers::{self, LastEventId, is_event_stream, last_event_id, request, retry_after};
use sse_wire::{EventId, Text};

#[test]
fn names_and_values() {
    assert_eq!(
        headers::RESPONSE,
        [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store, no-transform"),
            ("x-accel-buffering", "no")
        ]
    );
    assert_eq!(headers::LAST_EVENT_ID, "last-event-id");
    assert_eq!(headers::MEDIA_TYPE, "text/event-stream");
}

/// `http::HeaderName::from_static` panics on a capital letter, and HTTP/2 refuses it.
#[test]
fn every_name_is_in_lower_case() {
    for (name, value) in headers::RESPONSE.iter().copied().chain(request(Text::from("7"))) {
        assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'-')), "{name}");
        assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{value}");
        http_name_and_value(name, value);
    }
}

fn http_name_and_value(name: &'static str, value: &'static str) {
    let _ = ureq::http::HeaderName::from_static(name);
    let _ = ureq::http::HeaderValue::from_static(value);
}

#[test]
fn a_request_has_the_id_exactly_if_it_arrives_unchanged() {
    const ALWAYS: [(&str, &str); 2] = [("accept", "text/event-stream"), ("cache-control", "no-store")];
    for id in ["7", "a b", "Grüße", "a,b;c=\"d\"", "~", "!"] {
        let pairs = request(Text::from(id));
        assert!(pairs.clone().eq([ALWAYS[0], ALWAYS[1], ("last-event-id", id)]), "{id:?}");
        assert_eq!(pairs.last(), Some((headers::LAST_EVENT_ID, id)));
    }
    for id in [&b""[..], b" ", b" 7", b"7 ", b"a\tb", b"a\x01", b"\x7F", b"a\nb", b"a\0", b"\xFF"] {
        assert!(request(Text::new(id)).eq(ALWAYS), "{}", id.escape_ascii());
    }
}

#[test]
fn the_id_that_a_client_sent() {
    const IDS: [(Option<&[u8]>, &str); 7] = [
        (None, "absent"),
        (Some(b""), "absent"),
        (Some(b"7"), "valid"),
        (Some(b"\xFF"), "valid"),
        (Some(b"7\0"), "invalid"),
        (Some(b"\r"), "invalid"),
        (Some(b"7\n8"), "invalid"),
    ];
    for (header, header_is) in IDS {
        for (query, query_is) in IDS {
            let (sent, is) = if header_is == "absent" { (query, query_is) } else { (header, header_is) };
            let expected = match is {
                "absent" => LastEventId::Absent,
                "valid" => LastEventId::Valid(EventId::from_bytes(sent.unwrap()).unwrap()),
                _ => LastEventId::Invalid,
            };
            assert_eq!(last_event_id(header, query), expected, "{header:?} {query:?}");
        }
    }
}

/// Whoever splits headers by hand passes the spaces that HTTP allows there. In a query they belong to the ID.
#[test]
fn spaces_around_a_header_do_not_count() {
    let valid = |id: &'static str| LastEventId::Valid(EventId::new(id).unwrap());
    for header in [" 7", "7 ", "\t 7 \t", "7"] {
        assert_eq!(last_event_id(Some(header.as_bytes()), None), valid("7"), "{header:?}");
    }
    assert_eq!(last_event_id(Some(b" a b "), None), valid("a b"));
    for header in ["", " ", "\t\t "] {
        assert_eq!(last_event_id(Some(header.as_bytes()), None), LastEventId::Absent, "{header:?}");
        assert_eq!(last_event_id(Some(header.as_bytes()), Some(b" 6 ")), valid(" 6 "), "{header:?}");
    }
    assert_eq!(last_event_id(Some(b"7\n"), None), LastEventId::Invalid);
}

#[test]
fn seconds_to_wait() {
    for (value, milliseconds) in [
        ("0", 0),
        ("1", 1000),
        ("120", 120_000),
        ("0000000000000000000007", 7000),
        (" 5\t", 5000),
        ("4294967", 4_294_967_000),
        ("4294968", u32::MAX),
        ("4294967296", u32::MAX),
        ("99999999999999999999999", u32::MAX),
    ] {
        assert_eq!(retry_after(value.as_bytes()), Some(milliseconds), "{value:?}");
    }
    for value in ["", " ", "-1", "+1", "1.5", "1 2", "1s", "0x1", "١", "Thu, 26 Nov 2026 08:00:00 GMT", "1,2", "\u{0}"]
    {
        assert_eq!(retry_after(value.as_bytes()), None, "{value:?}");
    }
}

#[test]
fn content_types() {
    for (value, expected) in [
        ("text/event-stream", true),
        ("TEXT/EVENT-STREAM", true),
        (" \ttext/event-stream \t", true),
        ("text/event-stream;", true),
        ("text/event-stream;charset=windows-1251", true),
        ("text/event-stream ; charset=utf-8", true),
        ("text/event-stream;/", true),
        ("text/event-stream;;=", true),
        ("text/event-stream foobar", false),
        ("text/event-stream/", false),
        ("text /event-stream", false),
        ("text/ event-stream", false),
        ("text/event-stream2", false),
        ("xtext/event-stream", false),
        ("event-stream", false),
        ("text/", false),
        ("/event-stream", false),
        ("*/*", false),
        ("", false),
        // A list: the last one that can be read.
        ("text/html, text/event-stream", true),
        ("text/event-stream, text/html", false),
        ("text/event-stream,text/event-stream", true),
        ("text/event-stream, */*", true),
        ("text/event-stream, */*;x=y", true),
        ("text/event-stream, *", true),
        ("text/event-stream, text/*", false),
        ("text/event-stream,", true),
        (",text/event-stream", true),
        (",,", false),
        ("text/event-stream,\u{0}", true),
        ("text/plain;x=\"a,text/event-stream\"", false),
        ("text/event-stream;x=\"a,text/plain\"", true),
        ("text/event-stream;x=\"a\\\",text/plain\"", true),
        ("text/event-stream;x=\"a\\\\\",text/plain", false),
        ("text/event-stream;x=\\\"\\\",text/plain", true),
        ("text/event-stream;x=\\\"\",text/plain", false),
        ("text/event-stream;x=\"never closed, text/plain", true),
        ("\",text/event-stream", false),
    ] {
        assert_eq!(is_event_stream(value.as_bytes()), expected, "{value:?}");
    }
}

/// Every row of up to six pieces, held against Fetch's algorithm written down as it stands, which builds lists of strings.
#[test]
fn content_types_as_fetch_extracts_them() {
    const PIECES: [&str; 10] = ["text/event-stream", "a/b", "*/*", ",", "\"", "\\", ";", " ", "/", "x"];
    let (mut rows, mut positive) = (0, 0);
    for len in 0..=6 {
        for number in 0..PIECES.len().pow(len) {
            let row: String = (0..len).map(|place| PIECES[number / PIECES.len().pow(place) % PIECES.len()]).collect();
            let expected = fetch::extract(&row).is_some_and(|essence| essence == "text/event-stream");
            assert_eq!(is_event_stream(row.as_bytes()), expected, "{row:?}");
            rows += 1;
            positive += u32::from(expected);
        }
    }
    assert_eq!((rows, positive), (1_111_111, 43_592));
}

/// <https://fetch.spec.whatwg.org/#concept-header-extract-mime-type>, for one header with a value.
mod fetch {
    /// "Get, decode, and split".
    fn split(value: &str) -> Vec<String> {
        let input: Vec<char> = value.chars().collect();
        let (mut position, mut values, mut temporary) = (0, Vec::new(), String::new());
        loop {
            while position < input.len() && !matches!(input[position], '"' | ',') {
                temporary.push(input[position]);
                position += 1;
            }
            if position < input.len() {
                if input[position] == '"' {
                    // "Collect an HTTP quoted string": what it stood for, quotes included.
                    temporary.push('"');
                    position += 1;
                    while position < input.len() {
                        let char = input[position];
                        temporary.push(char);
                        position += 1;
                        if char == '\\' {
                            if let Some(&escaped) = input.get(position) {
                                temporary.push(escaped);
                                position += 1;
                            }
                        } else if char == '"' {
                            break;
                        }
                    }
                    if position < input.len() {
                        continue;
                    }
                } else {
                    position += 1;
                }
            }
            values.push(std::mem::take(&mut temporary).trim_matches([' ', '\t']).to_owned());
            if position >= input.len() {
                return values;
            }
        }
    }

    /// "Parse a MIME type", down to the essence.
    fn essence(value: &str) -> Option<String> {
        let value = value.trim_matches([' ', '\t', '\n', '\r']);
        let is_token = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
        };
        let (kind, rest) = value.split_once('/')?;
        let subtype = rest.split(';').next().unwrap().trim_end_matches([' ', '\t', '\n', '\r']);
        (is_token(kind) && is_token(subtype)).then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
    }

    pub fn extract(value: &str) -> Option<String> {
        split(value).iter().filter_map(|value| essence(value)).rfind(|essence| essence != "*/*")
    }
}

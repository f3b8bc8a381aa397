//! Two readers of an event stream that were written to be obviously right, not to be good: whole input, every buffer a
//! `Vec` or a `String`, nothing shared with the crate. The numbers are the sections of `sse_wire::rules`.
//!
//! * [`read`] works on bytes, knows at which byte an event is complete, and knows what does not fit into a buffer.
//! * [`read_text`] follows the letter of the standard: it decodes the whole stream first and then works on characters. That
//!   both agree proves that splitting bytes and decoding values afterwards is the same (2).

#![allow(dead_code, reason = "each test uses a part")]

pub mod encode;
pub mod open;

/// An event, in undecoded bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub event_type: Vec<u8>,
    pub data: Vec<u8>,
    pub last_event_id: Vec<u8>,
    pub id: Option<Vec<u8>>,
}

/// The report of a lost event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    pub needed: usize,
    pub id_lost: bool,
}

/// What one blank line completed, and the state right after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many bytes of the stream had to arrive for it.
    pub at: usize,
    pub what: Result<Record, Loss>,
    pub last_event_id: Vec<u8>,
    pub retry: Option<u64>,
}

/// What the end of the stream found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    pub mid_line: bool,
    pub mid_event: bool,
    pub event: Option<Record>,
    /// The value so far of a `data`, `event` or `id` line that was cut off behind its colon.
    pub line: Option<(&'static str, Vec<u8>)>,
    pub overflow: Option<Loss>,
}

/// All that there is to know of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub verdicts: Vec<Verdict>,
    pub last_event_id: Vec<u8>,
    pub retry: Option<u64>,
    pub ending: Ending,
}

/// A line of the stream: its bytes without the line end, and how many bytes of the stream had to arrive to end it.
pub struct Line<'a> {
    pub bytes: &'a [u8],
    pub at: Option<usize>,
}

/// 1, 3: CR LF, lone CR and lone LF end a line, a CR at once. The last line may have no end.
pub fn lines(stream: &[u8]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    // 2: one byte order mark is dropped.
    let mut start = if stream.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut at = start;
    while at < stream.len() {
        let byte = stream[at];
        at += 1;
        if byte == b'\r' || byte == b'\n' {
            lines.push(Line { bytes: &stream[start..at - 1], at: Some(at) });
            if byte == b'\r' && stream.get(at) == Some(&b'\n') {
                at += 1;
            }
            start = at;
        }
    }
    if start < stream.len() {
        lines.push(Line { bytes: &stream[start..], at: None });
    }
    lines
}

/// 5: splits a line that is no comment and not blank into name and value, and says whether there was a colon.
pub fn split(line: &[u8]) -> (&[u8], &[u8], bool) {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else { return (line, b"", false) };
    let value = &line[colon + 1..];
    (&line[..colon], value.strip_prefix(b" ").unwrap_or(value), true)
}

/// The comments of the stream, one leading space taken off, as from a value.
pub fn comments(stream: &[u8]) -> Vec<Vec<u8>> {
    let complete = lines(stream).into_iter().filter(|line| line.at.is_some() && line.bytes.first() == Some(&b':'));
    complete.map(|line| split(line.bytes).1.to_vec()).collect()
}

/// Reads a stream as a parser with a buffer of `capacity` bytes and the last event ID `seed` must.
///
/// Two sums say what fits (12). They begin at the length of the last event ID, every line of a block adds the whole length
/// of its value, and nothing is ever taken off again. So they do not depend on what a line does, nor on where the stream is
/// cut.
pub fn read(stream: &[u8], capacity: usize, seed: &[u8]) -> Reading {
    let mut verdicts = Vec::new();
    let mut retry = None;
    let mut committed = seed.to_vec();

    // 4: the block so far. The data buffer holds an LF after each line, as in the standard.
    let mut data = Vec::new();
    let mut event_type = Vec::new();
    let mut id: Option<Vec<u8>> = None;
    // What the block so far needs, and what its IDs need alone.
    let mut needed = committed.len();
    let mut needed_by_ids = committed.len();
    let mut ending = Ending::default();

    for Line { bytes: line, at } in lines(stream) {
        if line.is_empty() {
            // 7
            let id_lost = id.is_some() && needed_by_ids > capacity;
            if let (Some(id), false) = (&id, id_lost) {
                committed = id.clone();
            }
            let what = if data.is_empty() {
                id_lost.then_some(Err(Loss { needed: needed_by_ids, id_lost }))
            } else if needed > capacity {
                Some(Err(Loss { needed, id_lost }))
            } else {
                Some(Ok(record(&event_type, &data, &committed, id.is_some())))
            };
            if let (Some(what), Some(at)) = (what, at) {
                verdicts.push(Verdict { at, what, last_event_id: committed.clone(), retry });
            }
            (data, event_type, id) = (Vec::new(), Vec::new(), None);
            (needed, needed_by_ids) = (committed.len(), committed.len());
            continue;
        }

        // 12: of a line without an end, the bytes that are there. A line break before data counts with the first of them.
        let (name, value, has_colon) = split(line);
        let is_complete = at.is_some();
        match name {
            b"data" if !data.is_empty() && (is_complete || !value.is_empty()) => needed += 1 + value.len(),
            b"data" | b"event" => needed += value.len(),
            b"id" => {
                needed += value.len();
                needed_by_ids += value.len();
            }
            _ => {}
        }

        if !is_complete {
            // 3, 8: not a line, so without effect.
            ending.mid_line = true;
            ending.line = match name {
                b"data" if has_colon && needed <= capacity => Some(("data", value.to_vec())),
                b"event" if has_colon && needed <= capacity => Some(("event", value.to_vec())),
                b"id" if has_colon && needed_by_ids <= capacity && !value.contains(&0) => Some(("id", value.to_vec())),
                _ => None,
            };
            break;
        }

        // 6
        match name {
            b"event" => event_type = value.to_vec(),
            b"data" => {
                data.extend_from_slice(value);
                data.push(b'\n');
            }
            b"id" if !value.contains(&0) => id = Some(value.to_vec()),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                let digits = std::str::from_utf8(value).unwrap();
                retry = Some(digits.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }

    // 8
    ending.mid_event = !data.is_empty() || id.is_some() || !event_type.is_empty();
    if !ending.mid_line && !ending.mid_event {
        // Nothing waits, so nothing was lost.
    } else if needed > capacity {
        ending.overflow = Some(Loss { needed, id_lost: id.is_some() && needed_by_ids > capacity });
    } else if !data.is_empty() {
        let last_event_id = id.as_ref().unwrap_or(&committed);
        ending.event = Some(record(&event_type, &data, last_event_id, id.is_some()));
    }
    Reading { verdicts, last_event_id: committed, retry, ending }
}

fn record(event_type: &[u8], data: &[u8], last_event_id: &[u8], has_id: bool) -> Record {
    Record {
        event_type: if event_type.is_empty() { b"message".to_vec() } else { event_type.to_vec() },
        data: data[..data.len() - 1].to_vec(),
        last_event_id: last_event_id.to_vec(),
        id: has_id.then(|| last_event_id.to_vec()),
    }
}

/// An event as the standard's own text would have it: type, data, last event ID.
pub type TextRecord = (String, String, String);

/// Reads a stream by the letter of the standard: decode, split into lines, process each.
pub fn read_text(stream: &[u8]) -> (Vec<TextRecord>, String, Option<u64>) {
    let decoded = String::from_utf8_lossy(stream);
    let mut rest = decoded.strip_prefix('\u{FEFF}').unwrap_or(&decoded);

    let (mut data, mut event_type, mut id_buffer) = (String::new(), String::new(), String::new());
    let (mut events, mut last_event_id, mut retry) = (Vec::new(), String::new(), None);

    while let Some(end) = rest.find(['\r', '\n']) {
        let line = &rest[..end];
        rest = &rest[end..];
        rest = rest.strip_prefix("\r\n").unwrap_or_else(|| &rest[1..]);

        if line.is_empty() {
            last_event_id = id_buffer.clone();
            if !data.is_empty() {
                data.pop();
                let event_type = if event_type.is_empty() { "message" } else { &event_type };
                events.push((event_type.to_string(), data.clone(), last_event_id.clone()));
            }
            data.clear();
            event_type.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => event_type = value.to_string(),
            "data" => data = data + value + "\n",
            "id" if !value.contains('\0') => id_buffer = value.to_string(),
            "retry" if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) => {
                retry = Some(value.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }
    (events, last_event_id, retry)
}

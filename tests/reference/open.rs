//! Where a stream stands that ends anywhere, worked out from all of it.

use super::{Line, lines, read, split};

/// Whether a comment may be put in here: at the start of a line, where no LF can follow that belongs to a CR, and behind
/// where a byte order mark can stand.
pub fn can_insert(stream: &[u8]) -> bool {
    stream.ends_with(b"\n") || stream == b"\xEF\xBB\xBF"
}

/// How many lines have begun that are certain to have an unknown name.
pub fn unknown_lines(stream: &[u8]) -> usize {
    const KNOWN: [&[u8]; 4] = [b"data", b"event", b"id", b"retry"];
    let is_mark = b"\xEF\xBB\xBF".starts_with(stream);
    let is_unknown = |Line { bytes, at }: &Line<'_>| {
        let (name, _, has_colon) = split(bytes);
        let may_go_on = at.is_none() && !has_colon && KNOWN.iter().any(|known| known.starts_with(name));
        !name.is_empty() && !KNOWN.contains(&name) && !may_go_on && !is_mark
    };
    lines(stream).iter().filter(|line| is_unknown(line)).count()
}

/// The bytes that end the stream under the type `aborted`, or `None` if the connection must be closed.
pub fn sever(stream: &[u8], capacity: usize, seed: &[u8]) -> Option<Vec<u8>> {
    let open = open(stream, capacity, seed);
    if open.has_id_line && open.is_id_lost {
        return None;
    }
    let mut bytes = match lines(stream).last() {
        Some(Line { bytes, at: None }) => match split(bytes) {
            (b"retry", _, true) => b"x\n".to_vec(),
            (b"", _, true) => b"\n".to_vec(),
            // Not certain yet whether it is unknown.
            (_, _, false) if unknown_lines(stream) == unknown_lines(&stream[..stream.len() - bytes.len()]) => {
                b"-\n".to_vec()
            }
            _ => b"\n".to_vec(),
        },
        _ => Vec::new(),
    };
    if open.is_set {
        bytes.extend(b"event: aborted\n");
    }
    if open.has_id_line {
        bytes.extend([b"id: ", &read(stream, capacity, seed).last_event_id[..], b"\n"].concat());
    }
    if open.is_set {
        bytes.extend(b"\n");
    }
    Some(bytes)
}

/// What a cut leaves open, and what a client should make of its end.
#[derive(Debug, Default)]
pub struct Open {
    /// The data of the event that is aborted, if a `data` line had begun.
    pub data: Option<Vec<u8>>,
    /// A line had begun that sets something.
    pub is_set: bool,
    pub has_id_line: bool,
    /// The stream's own last event ID does not fit a buffer of the capacity.
    pub is_id_lost: bool,
}

/// Finds what is open by reading the lines one after the other.
pub fn open(stream: &[u8], capacity: usize, seed: &[u8]) -> Open {
    let mut open = Open::default();
    let mut committed = seed.to_vec();
    let (mut id, mut ids) = (None, committed.len());
    for Line { bytes, at } in lines(stream) {
        if bytes.is_empty() {
            if let Some(id) = id.take() {
                open.is_id_lost = ids > capacity;
                committed = if open.is_id_lost { committed } else { id };
            }
            ids = committed.len();
            open = Open { is_id_lost: open.is_id_lost, ..Open::default() };
            continue;
        }
        let (name, value, has_colon) = split(bytes);
        if at.is_none() && !has_colon {
            continue;
        }
        open.is_set |= matches!(name, b"data" | b"event" | b"id");
        match name {
            b"data" => match &mut open.data {
                Some(data) => data.extend([b"\n", value].concat()),
                None => open.data = Some(value.to_vec()),
            },
            b"id" => {
                open.has_id_line = true;
                ids += value.len();
                if !value.contains(&0) && at.is_some() {
                    id = Some(value.to_vec());
                }
            }
            _ => {}
        }
    }
    open
}

//! What browsers are known to do otherwise than the standard says.

use crate::reference;

/// A kind of stream that a browser reads wrongly.
pub struct Deviation {
    pub what: &'static str,
    /// How many of the vectors fail for it, at most.
    pub most: usize,
    /// Whether a stream is of this kind. Not every one of them shows it.
    pub applies: fn(&[u8]) -> bool,
}

/// Returns what is known of a browser, if it is one of those that are tried.
pub fn of(browser: &str) -> Option<&'static [Deviation]> {
    match browser {
        "chromium" => Some(&[Deviation {
            what: "after a byte order mark and LF or a lone CR, the next line is lost",
            most: 6,
            applies: has_marked_blank_line,
        }]),
        "firefox" => Some(&[
            Deviation { what: "a NUL is dropped, and in an ID it costs the next line", most: 35, applies: has_nul },
            Deviation { what: "the ID of a block without data is forgotten", most: 7, applies: has_id_without_data },
        ]),
        _ => None,
    }
}

fn has_marked_blank_line(stream: &[u8]) -> bool {
    match stream.strip_prefix(b"\xEF\xBB\xBF") {
        Some([b'\r', b'\n', ..]) => false,
        Some([b'\r' | b'\n', ..]) => true,
        _ => false,
    }
}

/// Whether there is a NUL where it counts: at the start of a line, or in a value that is kept.
fn has_nul(stream: &[u8]) -> bool {
    reference::lines(stream).iter().any(|line| match reference::split(line.bytes) {
        (b"data" | b"event" | b"id", value, _) => value.contains(&0),
        _ => line.bytes.starts_with(b"\0"),
    })
}

/// Whether there is a block that ends, and sets an ID, and has no data.
fn has_id_without_data(stream: &[u8]) -> bool {
    let (mut has_id, mut has_data) = (false, false);
    for line in reference::lines(stream) {
        match reference::split(line.bytes).0 {
            _ if line.bytes.is_empty() => {
                if has_id && !has_data {
                    return true;
                }
                (has_id, has_data) = (false, false);
            }
            b"id" => has_id = true,
            b"data" => has_data = true,
            _ => {}
        }
    }
    false
}
